// Promises about guesses: what is looked at was paid for, by who looks, and no more than the policy sells.

import { contestOf, keeperOf, proofOf, type Side, type State, sideOf } from '../state.ts'

import { lockOf, only, type PromiseOfTheCore, promise, promiseOfState, same, sells, settled } from './promise.ts'

export const guesses: readonly PromiseOfTheCore[] = [
  promise('no secret is looked at before its guess is stored as spent', ({ before, step, after }) => {
    if (step.by === undefined) return undefined
    if (step.deed === 'code_looked') {
      const request = (state: State) => state.number.claims.find(each => each.id === step.by)?.request
      const [was, is] = [request(before), request(after)]
      return only(is?.checks === (was?.checks ?? 0) + 1 && is.lastCheckAt === step.now, 'the check is not stored')
    }
    if (step.deed !== 'pin_looked') return undefined
    const side = sideOf(before.number, step.by)
    const spent = lockOf(after.number)?.budgets[side]
    const had = lockOf(before.number)?.budgets[side]
    return only(spent?.inARow === (had?.inARow ?? 0) + 1 && spent.lastAt === step.now, 'the guess is not stored')
  }),

  promise(
    'between two right PINs of one side there are never more looks than the policy sells',
    ({ before, step, limits }) => {
      if (step.by === undefined) return undefined
      const looks = before.memory.looks[sideOf(before.number, step.by)]
      if (step.deed === 'pin_looked')
        return only(sells(limits.pinGuesses, looks, step.now), `after ${looks.length} looks`)
      const waits = step.ending.startsWith('guess_too_soon') || step.ending.startsWith('shut')
      const closed = step.ending.startsWith('pin_closed') || step.ending === 'closed'
      if (closed) return only(looks.length >= limits.pinGuesses.closesAfter, 'the PIN way is closed too early')
      return only(!waits || !sells(limits.pinGuesses, looks, step.now), 'a guess is withheld that was paid for')
    },
  ),

  promiseOfState('what is stored as spent is what was looked at', ({ after }) => {
    const lock = lockOf(after.number)
    if (lock === undefined) return undefined
    const differs = (['keeper', 'others'] as const).find(
      side => lock.budgets[side].inARow !== after.memory.looks[side].length,
    )
    return only(differs === undefined, `the budget of the ${differs}`)
  }),

  promise("nobody but the keeper touches the keeper's guesses", ({ before, step, after }) => {
    const [was, is] = [lockOf(before.number), lockOf(after.number)]
    if (was === undefined || is === undefined || was.verifier !== is.verifier || step.deed === 'registered')
      return undefined
    const touched = (side: Side) => !same(was.budgets[side], is.budgets[side])
    if (step.by !== keeperOf(before.number) && touched('keeper')) return 'the keeper pays for another'
    return only(step.by !== keeperOf(before.number) || !touched('others'), 'another pays for the keeper')
  }),

  promise('a PIN counts only while it is the PIN, and for whom the number still lets bring it', ({ before, step }) => {
    const flight = settled(before, step)
    if (flight?.kind !== 'pin') return undefined
    const { by, use, given, verifier } = flight
    const right = given === verifier && before.memory.pin === verifier
    const own = keeperOf(before.number) === by && proofOf(before.number, by) === 'proved'
    const may = use === 'registration' ? proofOf(before.number, by) === 'proved' : own
    // A contest that is over needs no answer, and reminders and contests are for who is registered.
    const holds = before.number.holder?.claim === by
    const asked = use === 'contest' ? holds && contestOf(before.number) !== undefined : use !== 'reminder' || holds
    const wrong = step.deed === 'pin_wrong' || step.deed === 'contested'
    if (!wrong) return only(right && may, right ? 'it was taken from somebody who may not' : 'a wrong one was taken')
    return only(!right || !may || !asked, 'a right one was not taken')
  }),
]
