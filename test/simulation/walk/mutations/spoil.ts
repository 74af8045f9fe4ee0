// How to spoil the core, and the tools for it.

import type { Instant } from '#core/kernel/instant.ts'
import type { Change } from '#core/registration-lock/change.ts'
import type { Contest } from '#core/registration-lock/lock.ts'
import { type ClaimId, claimOf, type PhoneNumber, withClaim } from '#core/registration-lock/phone-number.ts'
import type { GuessPolicy } from '#core/throttle/guess-budget.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Core } from '../core.ts'
import type { scenes } from '../scenes.ts'

export type Mutation = {
  readonly name: string
  readonly scene: keyof typeof scenes
  /** The promise that the walk must find broken. */
  readonly breaks: string
  readonly spoil: (core: Core) => Partial<Core>
}

/** The same change with another number in the end. */
export const ending = <C extends Change>(change: C, turn: (number: PhoneNumber) => PhoneNumber): C => ({
  ...change,
  next: turn(change.next),
})

export const withContest = (number: PhoneNumber, contest: Contest | undefined): PhoneNumber =>
  number.lock.kind === 'none' ? number : { ...number, lock: { ...number.lock, contest } }

/** The number as if this claim had proved it. */
export const asIfProved = (number: PhoneNumber, id: ClaimId, now: Instant): PhoneNumber => {
  const claim = claimOf(number, id)
  return claim === undefined ? number : withClaim(number, { ...claim, proof: { kind: 'proved', at: now } })
}

/** The number with the proofs that it had before. */
export const withProofsOf = (before: PhoneNumber, number: PhoneNumber): PhoneNumber => ({
  ...number,
  claims: number.claims.map(each => ({ ...each, proof: claimOf(before, each.id)?.proof ?? each.proof })),
})

export const verifierOf = ({ lock }: PhoneNumber): string => (lock.kind === 'set' ? lock.verifier : '')

export function sooner(limits: Limits): Limits {
  const policy = limits.pinGuesses
  const hasty: GuessPolicy =
    policy.kind === 'steps'
      ? { ...policy, waits: policy.waits.map(each => each - 1) }
      : { ...policy, every: policy.every - 1 }
  return { ...limits, pinGuesses: hasty }
}

export const withDays = (limits: Limits, more: number): Limits => ({
  ...limits,
  withoutPin: { pendingMessages: limits.withoutPin.pendingMessages + more, account: limits.withoutPin.account + more },
})

export const withLinkLife = (limits: Limits, more: number): Limits => ({
  ...limits,
  recoveryLink: { ...limits.recoveryLink, life: limits.recoveryLink.life + more },
})
