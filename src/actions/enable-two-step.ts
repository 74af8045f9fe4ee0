// Turns two-step verification on: the holder's first PIN, and a recovery address if they leave one, in one commit.

import { after, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { setPin as setPinDecision } from '#core/registration-lock/lock.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { countAddress, giveRecoveryAddress } from '#core/registration-lock/recovery-mail.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { linkMail, newLink } from './mailed-links.ts'
import { asOfNow, both, changeNumber } from './number.ts'
import { watched } from './runner.ts'
import { newPin, type RefusedPin } from './set-pin.ts'
import { type Call, Overdue, type Overloaded, type World } from './world.ts'

export type EnableTwoStep = {
  readonly number: string
  readonly claim: ClaimId
  readonly pin: Secret
  readonly address: string | undefined
}

export type EnableTwoStepEnding =
  /** `confirmation`: whether a mail asks the address to confirm itself; `undefined` when none was left. */
  | { readonly kind: 'enabled'; readonly confirmation: 'mailed' | 'not_needed' | undefined }
  | { readonly kind: 'not_registered' | 'on_already' | 'not_an_address' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant; readonly now: Instant }
  | RefusedPin
  | Overloaded

/** One commit. Who may not set a PIN, or has one, is refused before anything is hashed. */
export const enableTwoStep = (world: World, call: Call, command: EnableTwoStep): Promise<EnableTwoStepEnding> =>
  watched(world, 'enable_two_step', async () => {
    const { claim, address } = command
    if (address !== undefined && !isMailAddress(address)) return { kind: 'not_an_address' }
    const subject = await world.records.load('number', command.number)
    assert(subject !== undefined, 'a number that was looked up is there')
    const refused = refusal(asOfNow(world, subject.document), claim)
    if (refused !== undefined) return { kind: refused }

    // One hash a number at a time, as where a PIN is changed: a flood waits for itself.
    const pin = await world.lanes(`pin/${command.number}`, call.party, async () => {
      if (call.signal?.aborted) throw new Overdue('the time for this call is up')
      using place = hashingPlace(world)
      return place.missing() ?? (await newPin(world, call, { ...command, e164: subject.document.number }, place))
    })
    if (pin.kind !== 'made') return pin
    const { limits } = world
    const link = newLink(world, 'address', claim)
    return changeNumber<EnableTwoStepEnding>(world, call, command.number, (number, now) => {
      const refused = refusal(number, claim)
      if (refused !== undefined) return { ending: { kind: refused } }
      const asks = address !== undefined && limits.recoveryAddressMustBeConfirmed
      const counted =
        address !== undefined ? countAddress(number, now, limits) : { kind: 'counted' as const, next: number }
      if (counted.kind === 'too_many_mails') return { ending: { ...counted, now } }
      const set = setPinDecision(counted.next, { claim, door: call.door, ...pin.made }, now, limits)
      assert(set.kind === 'set', 'the holder of a number without a PIN sets its first')
      if (address === undefined) return { ending: { kind: 'enabled', confirmation: undefined }, change: set }
      const confirmation = asks ? link.verifier : undefined
      const given = giveRecoveryAddress(set.next, { claim, address, confirmation, door: call.door }, now, limits)
      assert(given !== undefined, 'there is a lock to leave an address for')
      const change = both(set, given)
      if (!asks) return { ending: { kind: 'enabled', confirmation: 'not_needed' }, change }
      const expires = after(now, limits.recoveryLink.life)
      const mail = linkMail(world, call, change.next, link, { to: address, claim, now, expires })
      return { ending: { kind: 'enabled', confirmation: 'mailed' }, change, messages: [mail] }
    })
  })

function refusal(number: PhoneNumber, claim: ClaimId): 'not_registered' | 'on_already' | undefined {
  if (number.holder?.claim !== claim) return 'not_registered'
  return number.lock.kind === 'set' ? 'on_already' : undefined
}
