// A new password, whatever let its owner set one: refused while it is easily guessed, hashed in a place of the queue, and
// stored by the decision that it was made for.

import type { Account, AccountId } from '#core/account/account.ts'
import type { NewPassword } from '#core/account/password.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { type AccountStep, changeAccount } from './account.ts'
import { makePassword } from './passwords.ts'
import { newToken } from './tokens.ts'
import { type RefusedPassword, refusedPassword } from './weak-password.ts'

/** One commit. Ask for it only for who may set a password: hashing costs us more than it costs them. */
export async function withNewPassword<E>(
  world: World,
  call: Call,
  given: { readonly account: AccountId; readonly password: Secret },
  decide: (account: Account, made: NewPassword, now: Instant) => AccountStep<E>,
): Promise<E | RefusedPassword | Overloaded> {
  const { account: id, password } = given
  const subject = await world.records.load('account', id)
  assert(subject !== undefined, 'an account that was looked up is there')
  const addresses = subject.document.addresses.map(each => each.address)
  const weak = await refusedPassword(world, addresses, password)
  if (weak !== undefined) return weak
  using place = hashingPlace(world)
  const busy = place.missing()
  if (busy !== undefined) return busy
  const verifier = await makePassword(world, place, id, password)
  const notMe = newToken(world, 'notMe', id)
  return changeAccount<E>(world, settling(call), id, (account, now) => {
    return { ...decide(account, { verifier, notMe: notMe.verifier }, now), notMe: notMe.token }
  })
}
