// Promises about everybody: strangers, refusals, secrets and sizes.

import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { proofOf } from '../state.ts'

import { lockOf, only, type PromiseOfTheCore, promise, promiseOfState, same } from './promise.ts'

export const bounds: readonly PromiseOfTheCore[] = [
  promise('a claim that has not proved the number changes nothing of the number', ({ before, step, after }) => {
    if (step.by === undefined || step.deed === 'link_confirmed' || proofOf(before.number, step.by) === 'proved')
      return undefined
    const [was, is] = [before.number, after.number]
    if (!same(was.lock, is.lock)) return 'the lock changed'
    if (was.holder !== is.holder || was.account !== is.account) return 'the holder changed'
    if (was.lastUse !== is.lastUse || was.deletedAt !== is.deletedAt) return 'a moment of the number changed'
    if (was.sends.keeper !== is.sends.keeper) return "the keeper's codes changed"
    if (step.change.notices.length > 0) return 'somebody is told'
    const others = (number: PhoneNumber) => number.claims.filter(each => each.id !== step.by)
    const kept = others(is)
    return only(
      others(was).every((each, index) => each === kept[index]),
      "another's claim changed",
    )
  }),

  promise('what was refused changed nothing', ({ before, step, after }) => {
    if (step.deed !== 'refused') return undefined
    if (step.change.events.length + step.change.notices.length > 0) return 'something is written or told'
    return only(same(before.number, after.number), 'the number changed')
  }),

  promise('what is written and told carries no secret', ({ step }) => {
    if (step.change.events.length + step.change.notices.length === 0) return undefined
    return only(!JSON.stringify([step.change.events, step.change.notices]).includes('§'), 'it does')
  }),

  promiseOfState('a document stays within its bounds', ({ after, limits }) => {
    const { number } = after
    const { perNumber, sendsAt, checkWaits } = limits.ownershipCode
    if (number.claims.length > limits.claimsPerNumber) return 'too many claims'
    if (Math.max(number.sends.keeper.length, number.sends.others.length) > perNumber.limit) return 'too many sends'
    const mailed = lockOf(number)?.recoveryLinks.mailed.length ?? 0
    if (mailed > limits.recoveryLink.perLock.limit) return 'too many mails'
    const long = number.claims.some(
      ({ attempts, request }) =>
        attempts.length > limits.registerAndDeregister.limit ||
        (request !== undefined && (request.sends > sendsAt.length || request.checks > checkWaits.length + 1)),
    )
    return only(!long, 'a claim is too long')
  }),
]
