// App-specific passwords: made, listed and revoked by their owner, and checked for services.
//
//     check ── find the account ──▶ compare with all that it has for the service ──▶ right, noted once a minute
//               └ nobody ──▶ the same comparisons with nothing
//
// A check is charged to nobody: the letters carry 75 bits, and every mail program would write at every poll. It costs no
// slow hash either; what is kept is salted and keyed (NIST SP 800-63B-4 §3.1.2.2).

import type { Account, AccountId } from '#core/account/account.ts'
import {
  appPasswordsFor,
  appPasswordUsed,
  type MakeAppPasswordEnding,
  makeAppPassword,
  type RevokeAppPasswordsEnding,
  revokeAppPasswords,
} from '#core/account/app-password.ts'
import type { Origin } from '#core/account/caller.ts'
import { userName } from '#records/kinds.ts'
import type { Subject } from '#records/records.ts'
import { readAppPassword } from '#secrets/app-password.ts'
import { binding } from '#secrets/joined.ts'
import { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import { type Call, settling, type World } from '../world.ts'
import { type AtSession, accountOfAddress, asOfNow, changeAccount } from './account.ts'
import { type Told, told } from './ending.ts'

const boundTo = (account: AccountId, id: string): string => binding('app-password', account, id)

// ——— by the owner

type Made = Extract<Told<MakeAppPasswordEnding>, { readonly kind: 'made' }>
export type MakeEnding =
  /** `appPassword`: shown this once. */
  | (Made & { readonly id: string; readonly appPassword: Secret })
  | Exclude<Told<MakeAppPasswordEnding>, { readonly kind: 'made' }>

/** Makes one for a service. One commit. */
export const newAppPassword = (
  world: World,
  call: Call,
  at: AtSession,
  wanted: { readonly label: string; readonly service: string },
): Promise<MakeEnding> =>
  watched(world, 'make_app_password', async () => {
    const { secrets } = world
    const id = secrets.newNumericId()
    const appPassword = secrets.newAppPassword()
    const bare = readAppPassword(appPassword.reveal()) ?? appPassword
    const verifier = secrets.makeCodeVerifier(boundTo(at.id, id), bare)
    const make = { session: at.session.id, id, verifier, ...wanted }
    const ending = await changeAccount(world, call, at.id, (account, now) =>
      told(makeAppPassword(account, make, now, world.limits), now),
    )
    return ending.kind === 'made' ? { ...ending, id, appPassword } : ending
  })

export type RevokeEnding = Told<RevokeAppPasswordsEnding>

/** Revokes one or all, at once on every node. One commit; none where there is nothing to revoke. */
export const revokeAccountAppPasswords = (
  world: World,
  call: Call,
  at: AtSession,
  which: { readonly id: string } | 'all',
): Promise<RevokeEnding> =>
  watched(world, 'revoke_app_passwords', () =>
    changeAccount<RevokeEnding>(world, call, at.id, (account, now) => {
      const ending = revokeAppPasswords(account, { session: at.session.id, which }, now, world.limits)
      const step = told(ending, now)
      return ending.kind === 'revoked' && ending.count === 0 ? { ending: step.ending } : step
    }),
  )

// ——— by services

export type CheckAppPassword = {
  /** An address of the account; or, asked by its application, what the application calls its user. */
  readonly identifier: string
  readonly appPassword: Secret
  readonly service: string
  /** From where the program asks, as far as the service knows. */
  readonly from: Origin
  /** Whose API key came along. Its own users are found by it, and nobody else's. */
  readonly application: string | undefined
}

export type CheckAppPasswordEnding =
  | { readonly kind: 'right'; readonly account: AccountId; readonly appPassword: string }
  /** No such account, two-step off, another service's, revoked, or wrong: it does not say which. */
  | { readonly kind: 'refused' }

/** Whether an app-specific password opens the service. No commit, but for a note of its use once a minute at most. */
export const checkAppPassword = (world: World, call: Call, check: CheckAppPassword): Promise<CheckAppPasswordEnding> =>
  watched(world, 'check_app_password', async () => {
    const subject = await accountOf(world, check)
    const seen = subject && asOfNow(world, subject.document)
    const id = matching(world, seen?.account, check)
    if (seen === undefined || id === undefined) return { kind: 'refused' }
    const used = { id, from: check.from }
    if (appPasswordUsed(seen.account, used, seen.now) !== undefined) {
      await changeAccount(world, settling(call), seen.account.id, (account, now) => {
        return { ending: undefined, change: appPasswordUsed(account, used, now) }
      })
    }
    return { kind: 'right', account: seen.account.id, appPassword: id }
  })

// Longer than any address, and than what an application calls a user.
const longestIdentifier = 256

async function accountOf(
  world: World,
  { identifier, application }: CheckAppPassword,
): Promise<Subject<'account'> | undefined> {
  if (identifier.length > longestIdentifier || !identifier.isWellFormed()) return undefined
  if (application !== undefined) {
    const value = userName({ id: application, user: identifier })
    const user = await world.records.find('account', { purpose: 'account-user', value })
    if (user !== undefined) return user
  }
  return accountOfAddress(world, identifier)
}

// As many comparisons for everybody: their time tells neither who has an account nor how many passwords it has.
function matching(world: World, account: Account | undefined, check: CheckAppPassword): string | undefined {
  const { secrets, limits } = world
  const given = readAppPassword(check.appPassword.reveal())
  const nothing = Secret.of('')
  const kept = account === undefined ? [] : appPasswordsFor(account, check.service)
  const missing = Math.max(0, limits.account.appPasswords - kept.length)
  const decoy = secrets.makeCodeVerifier(boundTo('', ''), nothing)
  let found: string | undefined
  for (const { id, verifier } of kept) {
    const right = secrets.checkCode(verifier, boundTo(account?.id ?? '', id), given ?? nothing)
    if (right && given !== undefined) found = id
  }
  for (let compared = 0; compared < missing; compared += 1) {
    secrets.checkCode(decoy, boundTo('', ''), given ?? Secret.of('?'))
  }
  return found
}
