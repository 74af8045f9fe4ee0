// Sets the first PIN of a number, or replaces the one there is, where a door does so without the old one.

import { assert } from '#core/kernel/outcome.ts'
import { doorRules } from '#core/registration-lock/doors.ts'
import { maySetPin, setPin as setPinDecision } from '#core/registration-lock/lock.ts'
import type { ClaimId, E164 } from '#core/registration-lock/phone-number.ts'
import { type Weakness, weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import type { Secret } from '#secrets/secret.ts'
import { type HashingPlace, hashingPlace } from './hashing-place.ts'
import { asOfNow, changeNumber } from './number.ts'
import { watched } from './runner.ts'
import { type Call, Overdue, type Overloaded, type World } from './world.ts'

export type SetPin = { readonly number: string; readonly claim: ClaimId; readonly pin: Secret }

/** The PIN is too easily guessed, and this door or the operator's policy refuses such PINs. Nothing was changed. */
export type RefusedPin = { readonly kind: 'weak_pin'; readonly weakness: Weakness }

export type SetPinEnding =
  | { readonly kind: 'set' | 'changed'; readonly weakness: Weakness | undefined }
  | { readonly kind: 'not_proved' | 'not_keeper' }
  | RefusedPin
  | Overloaded

/** One commit. Who may not set it is refused before anything is hashed. */
export const setPin = (world: World, call: Call, command: SetPin): Promise<SetPinEnding> =>
  watched(world, 'set_pin', async () => {
    const subject = await world.records.load('number', command.number)
    assert(subject !== undefined, 'a number that was looked up is there')
    const may = maySetPin(asOfNow(world, subject.document), command.claim)
    if (may !== 'yes') return { kind: may }

    // One hash a number at a time: a caller who sends hundreds waits for themselves, and the queue stays free for others.
    const pin = await world.lanes(`pin/${command.number}`, call.party, async () => {
      if (call.signal?.aborted) throw new Overdue('the time for this call is up')
      using place = hashingPlace(world)
      return place.missing() ?? (await newPin(world, call, { ...command, e164: subject.document.number }, place))
    })
    if (pin.kind !== 'made') return pin
    return changeNumber<SetPinEnding>(world, call, command.number, (number, now) => {
      const set = setPinDecision(number, { claim: command.claim, door: call.door, ...pin.made }, now, world.limits)
      if (set.kind === 'not_proved' || set.kind === 'not_keeper') return { ending: set }
      return { ending: { kind: set.kind, weakness: pin.weakness }, change: set }
    })
  })

type NewPin = {
  readonly kind: 'made'
  readonly weakness: Weakness | undefined
  readonly made: { readonly verifier: string; readonly weakness: string | undefined }
}

/** Makes the verifier of a PIN that is about to be set, unless it is weak where weak ones are refused. */
export async function newPin(
  world: World,
  call: Call,
  of: { readonly number: string; readonly e164: E164; readonly pin: Secret },
  place: HashingPlace,
): Promise<NewPin | RefusedPin> {
  const weak = weaknessHere(world, call, of)
  if (weak?.refused === true) return { kind: 'weak_pin', weakness: weak.weakness }
  const verifier = await place.run(() => world.secrets.makePinVerifier(of.pin, of.number))
  return { kind: 'made', weakness: weak?.weakness, made: { verifier, weakness: weak?.weakness.kind } }
}

/** What speaks against a PIN, and whether it is refused for that at this door. */
export function weaknessHere(
  world: World,
  call: Call,
  of: { readonly e164: E164; readonly pin: Secret },
): { readonly weakness: Weakness; readonly refused: boolean } | undefined {
  const weak = weakness(of.pin.reveal(), { ownNumber: of.e164 })
  const refused = doorRules[call.door].refusesWeakPins || world.policy.pinBlocklist === 'enforce'
  return weak === undefined ? undefined : { weakness: weak, refused }
}
