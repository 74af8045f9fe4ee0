// What the holder does with their PIN: the guess is spent and stored, then the PIN is looked at, then what was asked for is
// stored. One file for the verbs that differ only in what a right PIN opens.

import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Change, PinUse } from '#core/registration-lock/change.ts'
import {
  guessWasRight,
  guessWasWrong,
  type LockNotice,
  type LockSet,
  lockNotice,
  stillGuards,
} from '#core/registration-lock/lock.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { both, changeNumber, type NumberStep } from './number.ts'
import { type Charged, chargeGuess, type GuessRefusal, lookAtPin } from './pin-guess.ts'
import { type Call, settling, type World } from './world.ts'

/** What a PIN that is given by the holder can come to, whatever it was for. */
export type PinRefusal =
  /** The claim does not hold the number (not yet, or not any more). Nothing was spent. */
  | { readonly kind: 'not_registered' }
  | { readonly kind: 'no_lock' }
  | { readonly kind: 'wrong_pin'; readonly notice: LockNotice | undefined; readonly now: Instant }
  | GuessRefusal

export type Locked = PhoneNumber & { readonly lock: LockSet }

/** A verb of the holder that asks for the PIN. */
export type PinVerb<E> = {
  readonly number: string
  readonly claim: ClaimId
  readonly pin: Secret
  readonly use: PinUse
  /** An ending that comes before a guess is spent. */
  readonly unless?: (number: Locked, now: Instant) => E | undefined
  /** What a right PIN opens. The number has its guesses back already. */
  readonly right: (number: Locked, now: Instant) => NumberStep<E>
  /** What a wrong one changes, beside the guess that it cost. */
  readonly wrong?: (number: Locked, now: Instant) => Change
}

type Reached<E> = PinRefusal | Charged | { readonly kind: 'instead'; readonly ending: E }

/** Two commits: the guess, then what came of it. */
export async function withPin<E extends { readonly kind: string }>(
  world: World,
  call: Call,
  verb: PinVerb<E>,
): Promise<E | PinRefusal> {
  const { limits } = world
  const { claim, pin, use } = verb
  using place = hashingPlace(world)
  const reached = await changeNumber<Reached<E>>(world, call, verb.number, (number, now) => {
    const { lock } = number
    if (number.holder?.claim !== claim) return { ending: { kind: 'not_registered' } }
    if (lock.kind === 'none') return { ending: { kind: 'no_lock' } }
    const instead = verb.unless?.({ ...number, lock }, now)
    if (instead !== undefined) return { ending: { kind: 'instead', ending: instead } }
    return chargeGuess(number, lock, { claim, for: use }, place, now, limits)
  })
  if (reached.kind === 'instead') return reached.ending
  if (reached.kind !== 'look') return reached
  world.watch.guess('pin', call.door, 'spent')

  const { verifier } = reached
  const { right, remade } = await lookAtPin(world, place, { owner: verb.number, verifier, pin })
  let opened = false
  const ending = await changeNumber<E | PinRefusal>(world, settling(call), verb.number, (number, now) => {
    opened = false
    if (right && number.holder?.claim === claim && stillGuards(number, verifier)) {
      opened = true
      const restored = guessWasRight(number, { claim, for: use, remade })
      const { lock } = restored.next
      assert(lock.kind === 'set', 'a right PIN leaves its lock')
      const step = verb.right({ ...restored.next, lock }, now)
      return { ...step, change: step.change === undefined ? restored : both(restored, step.change) }
    }
    const { lock } = number
    const told = guessWasWrong(number, claim, use)
    if (lock.kind === 'none') return { ending: { kind: 'wrong_pin', notice: undefined, now }, change: told }
    const more = verb.wrong?.({ ...number, lock }, now)
    const notice = lockNotice(number, lock, claim, now, limits)
    return { ending: { kind: 'wrong_pin', notice, now }, change: more === undefined ? told : both(told, more) }
  })
  world.watch.guess('pin', call.door, opened ? 'right' : 'wrong')
  return ending
}
