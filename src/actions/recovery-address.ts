// The recovery address: the holder gives it, changes it or takes it away, with the PIN. Where addresses must be confirmed, a
// mail asks the new one, which counts once it has answered; the old one is told that it counts no more.

import { after, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import {
  countAddress,
  giveRecoveryAddress as giveRecoveryAddressDecision,
} from '#core/registration-lock/recovery-mail.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import type { Secret } from '#secrets/secret.ts'
import { linkMail, type NewLink, newLink } from './mailed-links.ts'
import type { NumberStep } from './number.ts'
import { watched } from './runner.ts'
import { type Locked, type PinRefusal, withPin } from './with-pin.ts'
import type { Call, World } from './world.ts'

export type GiveRecoveryAddress = {
  readonly number: string
  readonly claim: ClaimId
  /** `undefined` takes the address away. */
  readonly address: string | undefined
  readonly pin: Secret
}

/** What a right PIN comes to. */
type Given =
  /** `confirmation`: whether a mail asks the address to confirm itself; it counts only then. */
  | { readonly kind: 'given'; readonly confirmation: 'mailed' | 'not_needed' }
  | { readonly kind: 'removed' }
  /** It is the address already, or there was none to take away. */
  | { readonly kind: 'unchanged' }
  /** Nothing was changed: an address is mailed something sooner or later, and enough were given today. */
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant; readonly now: Instant }

export type GiveRecoveryAddressEnding = Given | { readonly kind: 'not_an_address' } | PinRefusal

/** Two commits: the guess at the PIN, then what came of it. */
export const giveRecoveryAddress = (
  world: World,
  call: Call,
  command: GiveRecoveryAddress,
): Promise<GiveRecoveryAddressEnding> =>
  watched(world, 'give_recovery_address', async () => {
    const { address } = command
    if (address !== undefined && !isMailAddress(address)) return { kind: 'not_an_address' }
    const link = newLink(world, 'address', command.claim)
    const right = (number: Locked, now: Instant) => give(world, call, { number, command, link, now })
    return withPin<Given>(world, call, { ...command, use: 'change', right })
  })

function give(
  world: World,
  call: Call,
  given: {
    readonly number: Locked
    readonly command: GiveRecoveryAddress
    readonly link: NewLink
    readonly now: Instant
  },
): NumberStep<Given> {
  const { number, command, link, now } = given
  const { claim, address } = command
  const { limits } = world
  const old = number.lock.recoveryEmail
  const asks = address !== undefined && limits.recoveryAddressMustBeConfirmed
  // The same address again asks for another mail, while it waits for its confirmation.
  if (old?.address === address && !(asks && old?.confirmed === false)) return { ending: { kind: 'unchanged' } }

  const counted = address !== undefined ? countAddress(number, now, limits) : { kind: 'counted' as const, next: number }
  if (counted.kind === 'too_many_mails') return { ending: { ...counted, now } }
  const confirmation = asks ? link.verifier : undefined
  const give = { claim, address, confirmation, door: call.door }
  const change = giveRecoveryAddressDecision(counted.next, give, now, limits)
  assert(change !== undefined, 'there is a lock to leave an address for')
  if (address === undefined) return { ending: { kind: 'removed' }, change }
  if (!asks) return { ending: { kind: 'given', confirmation: 'not_needed' }, change }
  const expires = after(now, limits.recoveryLink.life)
  const mail = linkMail(world, call, number, link, { to: address, claim, now, expires })
  return { ending: { kind: 'given', confirmation: 'mailed' }, change, messages: [mail] }
}
