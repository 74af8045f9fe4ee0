import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { fresh } from '#core/throttle/guess-budget.ts'

import { asIfProved, ending, type Mutation, sooner, verifierOf, withProofsOf } from './spoil.ts'

export const guesses: readonly Mutation[] = [
  {
    name: 'the guess of a registration is looked at and not stored',
    scene: 'lock',
    breaks: 'no secret is looked at before its guess is stored as spent',
    spoil: core => ({
      approach: (number, ...rest) => {
        const met = core.approach(number, ...rest)
        return met.kind === 'look' ? { ...met, next: number } : met
      },
    }),
  },
  {
    name: 'the guess of a removal is looked at and not stored',
    scene: 'lock',
    breaks: 'no secret is looked at before its guess is stored as spent',
    spoil: core => ({
      spendPinGuess: (number, ...rest) => {
        const guess = core.spendPinGuess(number, ...rest)
        return guess.kind === 'look' ? { ...guess, next: number } : guess
      },
    }),
  },
  {
    name: 'a wait for the next guess ends a millisecond early',
    scene: 'lock',
    breaks: 'between two right PINs of one side there are never more looks than the policy sells',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, command, now, sooner(limits)),
    }),
  },
  {
    name: 'guesses that are paid back are paid back a millisecond early',
    scene: 'refill',
    breaks: 'between two right PINs of one side there are never more looks than the policy sells',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, command, now, sooner(limits)),
    }),
  },
  {
    name: 'a wrong guess gives the guesses back',
    scene: 'lock',
    breaks: 'what is stored as spent is what was looked at',
    spoil: core => ({
      guessedWrong: (number, wrong, now, limits) => {
        const told = core.guessedWrong(number, wrong, now, limits)
        const restored = (given: PhoneNumber): PhoneNumber =>
          given.lock.kind === 'none'
            ? given
            : { ...given, lock: { ...given.lock, budgets: { keeper: fresh, others: fresh } } }
        return { ...told, change: ending(told.change, restored) }
      },
    }),
  },
  {
    name: "the keeper's right PIN gives everybody their guesses back",
    scene: 'lock',
    breaks: 'what is stored as spent is what was looked at',
    spoil: core => ({
      guessWasRight: (number, guess) =>
        ending(core.guessWasRight(number, guess), given =>
          given.lock.kind === 'none'
            ? given
            : { ...given, lock: { ...given.lock, budgets: { keeper: fresh, others: fresh } } },
        ),
    }),
  },
  {
    name: "the keeper's registration gives everybody their guesses back",
    scene: 'lock',
    breaks: 'what is stored as spent is what was looked at',
    spoil: core => ({
      guessedRight: (number, right, now) => {
        const change = core.guessedRight(number, right, now)
        if (change === undefined || change.next.lock.kind === 'none') return change
        const lock = { ...change.next.lock, budgets: { keeper: fresh, others: fresh } }
        return { ...change, next: { ...change.next, lock } }
      },
    }),
  },
  {
    name: 'others guess from the budget of the keeper',
    scene: 'lock',
    breaks: 'no secret is looked at before its guess is stored as spent',
    spoil: core => ({
      approach: (number, command, now, limits) => {
        const met = core.approach(number, command, now, limits)
        if (met.kind !== 'look' || number.lock.kind === 'none' || met.next.lock.kind === 'none') return met
        const [was, is] = [number.lock.budgets, met.next.lock.budgets]
        const swapped = is.others === was.others ? is : { keeper: is.others, others: was.others }
        return { ...met, next: { ...met.next, lock: { ...met.next.lock, budgets: swapped } } }
      },
    }),
  },
  {
    name: 'a changed PIN gives nobody new guesses',
    scene: 'lock',
    breaks: 'what is stored as spent is what was looked at',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        if (!('next' in done) || done.next.lock.kind === 'none' || number.lock.kind === 'none') return done
        return { ...done, next: { ...done.next, lock: { ...done.next.lock, budgets: number.lock.budgets } } }
      },
    }),
  },
  {
    name: 'the PIN that was changed meanwhile still registers',
    scene: 'flights',
    breaks: 'a PIN counts only while it is the PIN, and for whom the number still lets bring it',
    spoil: core => ({
      guessedRight: (number, right, now) => core.guessedRight(number, { ...right, verifier: verifierOf(number) }, now),
    }),
  },
  {
    name: 'a right PIN registers though the proof ended while it was looked at',
    scene: 'flights',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      guessedRight: (number, right, now) => core.guessedRight(asIfProved(number, right.claim, now), right, now),
    }),
  },
  {
    name: 'a wrong PIN contests though the proof ended while it was looked at',
    scene: 'flights',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      guessedWrong: (number, wrong, now, limits) => {
        const told = core.guessedWrong(asIfProved(number, wrong.claim, now), wrong, now, limits)
        return { ...told, change: ending(told.change, given => withProofsOf(number, given)) }
      },
    }),
  },
  {
    name: 'a PIN brought for a removal still counts when the PIN was changed meanwhile',
    scene: 'flights',
    breaks: 'a PIN counts only while it is the PIN, and for whom the number still lets bring it',
    spoil: core => ({
      stillGuards: (number, _verifier): number is ReturnType<typeof core.guessWasRight>['next'] & { lock: never } =>
        number.lock.kind === 'set',
    }),
  },
  {
    name: "a guess of another starts the keeper's waits anew",
    scene: 'lock',
    breaks: "nobody but the keeper touches the keeper's guesses",
    spoil: core => ({
      approach: (number, command, now, limits) => {
        const met = core.approach(number, command, now, limits)
        if (met.kind !== 'look' || met.next.lock.kind === 'none') return met
        const { budgets } = met.next.lock
        const later = { ...budgets, keeper: { ...budgets.keeper, lastAt: now } }
        return { ...met, next: { ...met.next, lock: { ...met.next.lock, budgets: later } } }
      },
    }),
  },
]
