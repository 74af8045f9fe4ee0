// Why an account must not have a password: by its rules, and by the list of those that thieves try first.

import { listedForms, type PasswordWeakness, whyNoPassword } from '#core/account/password-rule.ts'
import { isLeakedPassword } from '#secrets/leaked-passwords/leaked-passwords.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'

/** What an action that takes a new password may be refused with. `least`: how many characters it needs. */
export type RefusedPassword = {
  readonly kind: 'weak_password'
  readonly weakness: PasswordWeakness
  readonly least: number
}

/** `undefined`: it may be taken. `addresses`: of the account, for they are the first that thieves try. Before hashing. */
export async function refusedPassword(
  world: World,
  addresses: readonly string[],
  password: Secret,
): Promise<RefusedPassword | undefined> {
  const { limits, policy } = world
  const text = password.reveal()
  const known = whyNoPassword(text, [...addresses, policy.product], limits)
  const weakness = known ?? ((await isLeakedPassword(listedForms(text))) ? 'common' : undefined)
  return weakness && { kind: 'weak_password', weakness, least: limits.account.password.leastLength }
}
