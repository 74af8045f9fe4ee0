// Takes a claim off its number. A claim that holds the number or keeps its PIN is deleted with the PIN only, as in
// WhatsApp Manager: deleting takes the PIN along, and its owner is told.

import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import { guessWasRight, guessWasWrong, spendPinGuess, stillGuards } from '#core/registration-lock/lock.ts'
import { type ClaimId, claimOf, isKeeper } from '#core/registration-lock/phone-number.ts'
import { deleteClaim } from '#core/registration-lock/registration.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { both, changeNumber } from './number.ts'
import { watched } from './runner.ts'
import { type Call, type Overloaded, settling, type World } from './world.ts'

export type DeleteNumber = {
  readonly number: string
  readonly claim: ClaimId
  /** `unreadable`: a guess was meant, and what came cannot be a PIN. It pays like a wrong one. */
  readonly pin: Secret | 'unreadable' | undefined
}

export type DeleteNumberEnding =
  | { readonly kind: 'deleted' | 'pin_needed' | 'wrong_pin' | 'pin_closed' }
  | { readonly kind: 'guess_too_soon'; readonly retryAt: Instant; readonly wait: Milliseconds; readonly now: Instant }
  | Overloaded

type Reached = DeleteNumberEnding | { readonly kind: 'look'; readonly verifier: string }

/** One commit without a lock; two with one: the guess, then what came of it. */
export const deleteNumber = (world: World, call: Call, command: DeleteNumber): Promise<DeleteNumberEnding> =>
  watched(world, 'delete_number', async () => {
    const { limits, secrets } = world
    const { claim, pin } = command
    using place = hashingPlace(world)

    const reached = await changeNumber<Reached>(world, call, command.number, (number, now) => {
      if (claimOf(number, claim) === undefined) return { ending: { kind: 'deleted' } }
      const { lock } = number
      if (lock.kind === 'none' || !isKeeper(number, claim)) {
        return { ending: { kind: 'deleted' }, change: deleteClaim(number, claim, now, call.door) }
      }
      if (pin === undefined) return { ending: { kind: 'pin_needed' } }
      const guess = spendPinGuess(number, lock, { claim, for: 'deletion' }, now, limits)
      if (guess.kind === 'look') {
        const busy = place.missing()
        return busy === undefined
          ? { ending: { kind: 'look', verifier: guess.verifier }, change: guess }
          : { ending: busy }
      }
      if (guess.kind === 'closed') return { ending: { kind: 'pin_closed' } }
      return { ending: { kind: 'guess_too_soon', retryAt: guess.until, wait: guess.wait, now } }
    })
    if (reached.kind !== 'look') return reached
    world.watch.guess('pin', call.door, 'spent')

    const looks = pin !== undefined && pin !== 'unreadable'
    const right = looks && (await place.run(() => secrets.checkPin(reached.verifier, command.number, pin)))
    const ending = await changeNumber<DeleteNumberEnding>(world, settling(call), command.number, (number, now) => {
      if (right && stillGuards(number, reached.verifier)) {
        const opened = guessWasRight(number, { claim, for: 'deletion', remade: undefined })
        return { ending: { kind: 'deleted' }, change: both(opened, deleteClaim(opened.next, claim, now, call.door)) }
      }
      return { ending: { kind: 'wrong_pin' }, change: guessWasWrong(number, claim, 'deletion') }
    })
    world.watch.guess('pin', call.door, ending.kind === 'deleted' ? 'right' : 'wrong')
    return ending
  })
