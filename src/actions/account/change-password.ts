// A new password from inside a session. The proofs in the session stand for the old one: fresh P, and fresh D while two-step
// verification is on.

import { changePassword as decision } from '#core/account/password.ts'
import { permit, type Refusal } from '#core/account/session.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import type { Call, Overloaded, World } from '../world.ts'
import type { AtSession } from './account.ts'
import { withNewPassword } from './new-password.ts'
import type { RefusedPassword } from './weak-password.ts'

export type ChangePasswordEnding = { readonly kind: 'changed' | 'no_password' } | RefusedPassword | Refusal | Overloaded

/** One commit, after hashing. Every other session ends, and all app-specific passwords go. */
export const changePassword = (
  world: World,
  call: Call,
  at: AtSession,
  password: Secret,
): Promise<ChangePasswordEnding> =>
  watched(world, 'change_account_password', async () => {
    // Whoever may not change it makes us hash nothing, and does not learn which passwords we take.
    const may = permit(at.account, at.session.id, 'fresh', at.now, world.limits)
    if (may.kind !== 'permitted') return may
    if (at.account.password === undefined) return { kind: 'no_password' }
    return withNewPassword<ChangePasswordEnding>(world, call, { account: at.id, password }, (account, made, now) => {
      const changed = decision(account, { ...made, session: at.session.id }, now, world.limits)
      return changed.kind === 'changed' ? { ending: { kind: 'changed' }, change: changed } : { ending: changed }
    })
  })
