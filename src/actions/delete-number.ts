// Takes a claim off its number. A claim that holds the number or keeps its PIN is deleted with the PIN only, as in
// WhatsApp Manager: deleting takes the PIN along, and its owner is told.

import { guessWasRight, guessWasWrong, stillGuards } from '#core/registration-lock/lock.ts'
import { type ClaimId, claimOf, isKeeper } from '#core/registration-lock/phone-number.ts'
import { deleteClaim } from '#core/registration-lock/registration.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { both, changeNumber } from './number.ts'
import { type Charged, chargeGuess, type GuessRefusal, lookAtPin } from './pin-guess.ts'
import { watched } from './runner.ts'
import { type Call, settling, type World } from './world.ts'

export type DeleteNumber = {
  readonly number: string
  readonly claim: ClaimId
  /** `unreadable`: a guess was meant, and what came cannot be a PIN. It pays like a wrong one. */
  readonly pin: Secret | 'unreadable' | undefined
}

export type DeleteNumberEnding = { readonly kind: 'deleted' | 'pin_needed' | 'wrong_pin' } | GuessRefusal

type Reached = DeleteNumberEnding | Charged

/** One commit without a lock; two with one: the guess, then what came of it. */
export const deleteNumber = (world: World, call: Call, command: DeleteNumber): Promise<DeleteNumberEnding> =>
  watched(world, 'delete_number', async () => {
    const { limits } = world
    const { claim, pin } = command
    using place = hashingPlace(world)

    const reached = await changeNumber<Reached>(world, call, command.number, (number, now) => {
      if (claimOf(number, claim) === undefined) return { ending: { kind: 'deleted' } }
      const { lock } = number
      if (lock.kind === 'none' || !isKeeper(number, claim)) {
        return { ending: { kind: 'deleted' }, change: deleteClaim(number, claim, now, call.door) }
      }
      if (pin === undefined) return { ending: { kind: 'pin_needed' } }
      return chargeGuess(number, lock, { claim, for: 'deletion' }, place, now, limits)
    })
    if (reached.kind !== 'look') return reached
    world.watch.guess('pin', call.door, 'spent')

    const { verifier } = reached
    const looks = pin !== undefined && pin !== 'unreadable'
    const right = looks && (await lookAtPin(world, place, { owner: command.number, verifier, pin })).right
    const ending = await changeNumber<DeleteNumberEnding>(world, settling(call), command.number, (number, now) => {
      if (right && stillGuards(number, verifier)) {
        const opened = guessWasRight(number, { claim, for: 'deletion', remade: undefined })
        return { ending: { kind: 'deleted' }, change: both(opened, deleteClaim(opened.next, claim, now, call.door)) }
      }
      return { ending: { kind: 'wrong_pin' }, change: guessWasWrong(number, claim, 'deletion') }
    })
    world.watch.guess('pin', call.door, ending.kind === 'deleted' ? 'right' : 'wrong')
    return ending
  })
