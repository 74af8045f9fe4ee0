// Changes the PIN of a number by the one there is, where a door asks for it: the guess is spent and stored, then the current
// PIN is looked at, then the new one is stored.

import type { Instant } from '#core/kernel/instant.ts'
import {
  guessWasRight,
  guessWasWrong,
  type LockNotice,
  lockNotice,
  maySetPin,
  setPin,
  stillGuards,
} from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import type { Weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { asOfNow, both, changeNumber } from './number.ts'
import { type Charged, chargeGuess, type GuessRefusal } from './pin-guess.ts'
import { watched } from './runner.ts'
import { type RefusedPin, weaknessHere } from './set-pin.ts'
import { type Call, Overdue, settling, type World } from './world.ts'

export type ChangePin = {
  readonly number: string
  readonly claim: ClaimId
  readonly current: Secret
  readonly next: Secret
}

export type ChangePinEnding =
  | { readonly kind: 'changed'; readonly weakness: Weakness | undefined }
  /** There is no PIN to change: set one. */
  | { readonly kind: 'no_lock' | 'not_proved' | 'not_keeper' }
  /** The new PIN is the one there is, as far as the caller says. Nothing was spent. */
  | { readonly kind: 'same_pin' }
  | { readonly kind: 'wrong_pin'; readonly notice: LockNotice | undefined; readonly now: Instant }
  | GuessRefusal
  | RefusedPin

type Reached = ChangePinEnding | Charged

/** Two commits: the guess, then what came of it. */
export const changePin = (world: World, call: Call, command: ChangePin): Promise<ChangePinEnding> =>
  watched(world, 'change_pin', async () => {
    const { limits, secrets } = world
    const { claim, current, next } = command
    const subject = await world.records.load('number', command.number)
    if (subject === undefined) throw new Overdue('the number went while this call waited')
    const number = asOfNow(world, subject.document)
    const may = maySetPin(number, claim)
    if (may !== 'yes') return { kind: may }
    if (number.lock.kind === 'none') return { kind: 'no_lock' }
    if (current.reveal() === next.reveal()) return { kind: 'same_pin' }

    // Judged before a guess is spent: a new PIN that is refused anyway costs none.
    const weak = weaknessHere(world, call, { e164: number.number, pin: next })
    if (weak?.refused === true) return { kind: 'weak_pin', weakness: weak.weakness }

    using place = hashingPlace(world)
    const reached = await changeNumber<Reached>(world, call, command.number, (number, now) => {
      const { lock } = number
      if (lock.kind === 'none') return { ending: { kind: 'no_lock' } }
      if (maySetPin(number, claim) !== 'yes') return { ending: { kind: 'not_keeper' } }
      return chargeGuess(number, lock, { claim, for: 'change' }, place, now, limits)
    })
    if (reached.kind !== 'look') return reached
    world.watch.guess('pin', call.door, 'spent')

    const { verifier } = reached
    const made = await place.run(async () =>
      (await secrets.checkPin(verifier, command.number, current))
        ? secrets.makePinVerifier(next, command.number)
        : undefined,
    )
    const ending = await changeNumber<ChangePinEnding>(world, settling(call), command.number, (number, now) => {
      if (made !== undefined && stillGuards(number, verifier)) {
        const opened = guessWasRight(number, { claim, for: 'change', remade: undefined })
        const by = { claim, door: call.door, verifier: made, weakness: weak?.weakness.kind }
        const set = setPin(opened.next, by, now, limits)
        if (set.kind === 'not_proved' || set.kind === 'not_keeper') return { ending: { kind: set.kind } }
        return { ending: { kind: 'changed', weakness: weak?.weakness }, change: both(opened, set) }
      }
      const notice = number.lock.kind === 'none' ? undefined : lockNotice(number, number.lock, claim, now, limits)
      return { ending: { kind: 'wrong_pin', notice, now }, change: guessWasWrong(number, claim, 'change') }
    })
    world.watch.guess('pin', call.door, ending.kind === 'changed' ? 'right' : 'wrong')
    return ending
  })
