import { contestOf, keeperOf, proofOf } from '../state.ts'

import { has, only, type PromiseOfTheCore, promise, tells } from './promise.ts'

export const registration: readonly PromiseOfTheCore[] = [
  promise(
    'last use moves by use, registration and a new PIN; in a contest it stands still',
    ({ after, step, before }) => {
      const stands = contestOf(before.number) !== undefined && contestOf(after.number) !== undefined
      if (stands && before.number.lastUse !== after.number.lastUse) return 'it moved in a contest'
      return only(after.number.lastUse === after.memory.lastUse, `it should have been left by "${step.deed}" otherwise`)
    },
  ),

  promise('without the PIN a number changes hands exactly when the days are over, and never by another door', taken => {
    const { before, step, after, limits } = taken
    const { door, pin, how } = step.detail
    if (step.by === undefined || door === undefined || before.number.lock.kind === 'none') return undefined
    const unused = step.now - before.memory.lastUse
    const over = door === 'rest' && unused >= limits.withoutPin.pendingMessages
    const rests = before.memory.deletedAt !== undefined && step.now < before.memory.deletedAt + limits.afterDeletion
    const met = pin === 'missing' && proofOf(before.number, step.by) === 'proved' && !rests
    if (step.deed !== 'registered') return only(!met || !over, 'the days are over and it was refused')
    if (how === 'pin') return undefined
    if (!met || how !== 'lapsed' || !over) return 'it was taken without the PIN'
    const effect = unused >= limits.withoutPin.account ? 'account' : 'pending_messages'
    const reset = step.change.events.find(each => each.kind === 'registration.reset')
    if (reset?.effect !== effect) return `the effect is ${reset?.effect} and should be ${effect}`
    const fresh = after.number.account !== before.number.account
    return only(before.number.account === undefined || fresh === (effect === 'account'), 'the account')
  }),

  promise('a deleted number rests, and not longer', ({ before, step, limits }) => {
    if (step.by === undefined || step.detail.pin === undefined || proofOf(before.number, step.by) !== 'proved')
      return undefined
    const { deletedAt } = before.memory
    const rests = deletedAt !== undefined && step.now < deletedAt + limits.afterDeletion
    const told = step.ending.startsWith('deleted_recently')
    if (step.ending.startsWith('attempts_spent')) return undefined
    return only(told === rests, rests ? 'it does not' : 'it does')
  }),

  promise('whoever is contested or overtaken is told, and the journal says so', ({ before, step, after }) => {
    const keeper = keeperOf(before.number)
    if (step.deed === 'contested') {
      return only(
        has(step, 'registration.contested') && tells(step, 'registration_contested', keeper),
        'a silent contest',
      )
    }
    const holder = before.number.holder?.claim
    if (holder === undefined || after.number.holder?.claim === holder) return undefined
    if (!has(step, 'registration.ended')) return 'the journal does not say that the registration ended'
    return only(step.by === holder || tells(step, 'registration_taken_over', holder), 'the earlier holder is not told')
  }),

  promise('a claim moves along the arrows of its drawing only', ({ before, step, after }) => {
    for (const id of ['A', 'B', 'X'] as const) {
      const [from, to] = [proofOf(before.number, id), proofOf(after.number, id)]
      if (from === to) continue
      const own = step.by === id
      if (to === 'proved' && !(own && step.deed === 'code_right'))
        return `${id} has proved the number by "${step.deed}"`
      // Overtaken by who registers; or the keeper deleted the number, and who waited for that proves it again.
      const overtaken = step.deed === 'registered' || (step.deed === 'deleted' && keeperOf(before.number) === step.by)
      if (to === 'ended' && !(overtaken && !own && from === 'proved')) return `${id} ended by "${step.deed}"`
      if (to === 'gone' && !(own && step.deed === 'deleted')) return `${id} is gone by "${step.deed}"`
      if (to === 'none' && !(own && step.deed === 'added')) return `${id} begins by "${step.deed}"`
    }
    return undefined
  }),

  promise(
    'whoever registers is alone with their proof, and only registering makes a holder',
    ({ before, step, after }) => {
      const [was, is] = [before.number.holder?.claim, after.number.holder?.claim]
      if (step.deed === 'registered') {
        if (is !== step.by) return 'somebody else is the holder'
        const others = after.number.claims.some(each => each.id !== step.by && each.proof.kind === 'proved')
        return only(!others, 'another claim has a proof left')
      }
      if (was === is) return undefined
      if (is !== undefined) return `there is a holder by "${step.deed}"`
      return only(step.by === was && (step.deed === 'deregistered' || step.deed === 'deleted'), 'the holder is gone')
    },
  ),

  promise(
    'the account behind a number stays, but for the first registration and the thirty days',
    ({ before, step, after }) => {
      const [was, is] = [before.number.account, after.number.account]
      if (was === is) return undefined
      if (was === undefined) return only(step.deed === 'registered', 'it came by itself')
      return only(has(step, 'registration.reset') && step.detail.how === 'lapsed', 'it changed')
    },
  ),
]
