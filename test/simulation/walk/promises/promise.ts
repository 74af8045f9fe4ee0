// What a promise is, and what the rules call things. Nothing here asks the core.

import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { GuessPolicy } from '#core/throttle/guess-budget.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { WindowPolicy } from '#core/throttle/moving-window.ts'
import { type Flight, keeperOf, type Moments, proofOf, type State, type Step } from '../state.ts'

export type Taken = { readonly before: State; readonly step: Step; readonly after: State; readonly limits: Limits }

/** What is wrong, in words; `undefined` when nothing is. */
export type Finding = string | undefined

export type PromiseOfTheCore = {
  readonly name: string
  /** Whether it speaks of where a step arrives only, so that a step that changes nothing cannot break it. */
  readonly ofState: boolean
  readonly broken: (taken: Taken) => Finding
}

type Check = PromiseOfTheCore['broken']

/** A promise about every step. */
export const promise = (name: string, broken: Check): PromiseOfTheCore => ({ name, ofState: false, broken })

/** A promise about every state. */
export const promiseOfState = (name: string, broken: Check): PromiseOfTheCore => ({ name, ofState: true, broken })

export const only = (holds: boolean, otherwise: string): Finding => (holds ? undefined : otherwise)

export const same = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)

export const lockOf = ({ lock }: PhoneNumber) => (lock.kind === 'set' ? lock : undefined)
export const arrowEnd = (number: PhoneNumber): 'NONE' | 'SET' | 'CONTESTED' =>
  number.lock.kind === 'none' ? 'NONE' : number.lock.contest === undefined ? 'SET' : 'CONTESTED'
export const has = ({ change }: Step, kind: string): boolean => change.events.some(each => each.kind === kind)
export const tells = ({ change }: Step, kind: string, claim: string | undefined): boolean =>
  change.notices.some(each => each.kind === kind && each.to.kind === 'claim' && each.to.claim === claim)

/** The look that this step settles, if it does. */
export const settled = (before: State, step: Step): Flight | undefined =>
  step.deed === 'died' || step.flight !== undefined ? undefined : before.flight

/** Whether, in the words of the rules, this party may set a PIN here. */
export function entitled(number: PhoneNumber, by: string): boolean {
  if (number.holder !== undefined || number.lock.kind === 'set') return keeperOf(number) === by
  return proofOf(number, by) === 'proved'
}

/** Whether the policy sells one more look at this moment, after those that were made. */
export function sells(policy: GuessPolicy, looks: Moments, now: number): boolean {
  if (looks.length >= policy.closesAfter) return false
  if (policy.kind === 'steps') {
    if (looks.length < policy.atOnce) return true
    const wait = policy.waits[Math.min(looks.length - policy.atOnce, policy.waits.length - 1)] ?? Number.NaN
    return now - (looks.at(-1) ?? Number.NaN) >= wait
  }
  let level = 0
  let since = 0
  for (const moment of [...looks, now]) {
    for (; level > 0 && moment - since >= policy.every; since += policy.every) level -= 1
    if (level === 0) since = moment
    level += 1
  }
  return level <= policy.inAll
}

export function fits(policy: WindowPolicy, moments: Moments, now: number): boolean {
  const live = moments.filter(each => now - each < policy.span)
  const last = live.at(-1)
  return live.length < policy.limit && (last === undefined || now - last >= policy.apart)
}
