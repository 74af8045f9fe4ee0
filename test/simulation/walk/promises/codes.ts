import { type Moments, proofOf, sideOf } from '../state.ts'

import { fits, only, type PromiseOfTheCore, promise, promiseOfState } from './promise.ts'

export const codes: readonly PromiseOfTheCore[] = [
  promiseOfState('what is stored as sent and as attempted is what happened', ({ after, limits }) => {
    const { number, memory, now } = after
    const live = (moments: Moments, span: number) => moments.filter(each => now - each < span).join()
    const { span } = limits.ownershipCode.perNumber
    for (const side of ['keeper', 'others'] as const) {
      if (live(number.sends[side], span) !== live(memory.sends[side], span)) return `the codes of the ${side}`
    }
    for (const { id, attempts } of number.claims) {
      const tried = memory.attempts[id === 'A' || id === 'B' ? id : 'X']
      const within = limits.registerAndDeregister.span
      if (live(attempts, within) !== live(tried, within)) return `the attempts of ${id}`
    }
    return undefined
  }),

  promise('a code opens once, for its own claim, while it is the newest and alive', ({ before, step, limits }) => {
    if (step.deed !== 'code_right' || step.by === undefined) return undefined
    const { newest } = before.memory.codes[step.by]
    if (newest?.secret !== step.detail.secret) return 'it is not the newest of this claim'
    if (newest?.used) return 'it was used'
    return only(newest !== undefined && step.now < newest.at + limits.ownershipCode.life, 'it ran out')
  }),

  promise('a code that is right and in time proves the number', ({ before, step, limits }) => {
    const { flight } = before
    if (step.deed !== 'code_wrong' || flight?.kind !== 'code' || flight.given !== flight.verifier) return undefined
    const { newest } = before.memory.codes[flight.by]
    const alive = newest !== undefined && !newest.used && step.now < newest.at + limits.ownershipCode.life
    const there = proofOf(before.number, flight.by) !== 'gone'
    return only(!alive || newest.secret !== flight.verifier || !there, 'it was not taken')
  }),

  promise('no more codes are sent, nor checks made, than the policy allows', ({ before, step, limits }) => {
    if (step.by === undefined) return undefined
    const { sendsAt, perNumber, checkWaits, life } = limits.ownershipCode
    const code = before.memory.codes[step.by]
    const { newest } = code
    const runs = newest !== undefined && !newest.used && step.now < newest.at + life
    if (step.deed === 'code_sent') {
      const side = sideOf(before.number, step.by)
      if (!fits(perNumber, before.memory.sends[side], step.now)) return 'too many to this number'
      const opens = sendsAt[code.sent.length]
      const began = code.sent[0]
      if (runs && code.looks.length > checkWaits.length) return 'a code for a request whose checks are spent'
      return only(
        !runs || began === undefined || (opens !== undefined && step.now - began >= opens),
        'too many in one request',
      )
    }
    if (step.deed !== 'code_looked') return undefined
    if (!runs || code.looks.length > checkWaits.length) return 'too many checks in one request'
    const last = code.looks.at(-1)
    return only(last === undefined || step.now - last >= (checkWaits[code.looks.length - 1] ?? 0), 'a check too soon')
  }),

  promise('attempts are counted in a moving span, and refused ones do not prolong it', ({ before, step, limits }) => {
    if (step.by === undefined) return undefined
    const fit = fits(limits.registerAndDeregister, before.memory.attempts[step.by], step.now)
    if (step.detail.counted) return only(fit, 'one too many')
    return only(!step.ending.startsWith('attempts_spent') || !fit, 'one is withheld that was free')
  }),
]
