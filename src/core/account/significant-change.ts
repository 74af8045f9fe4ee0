// Significant changes: after one of them, two-step verification waits, so that a thief of the password cannot make it
// theirs before the owner has had time to notice.

import { after, type Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { stateAt } from './two-step.ts'

export const significantChanges = ['password_changed', 'password_reset', 'questions_set', 'addresses_changed'] as const
export type SignificantChange = (typeof significantChanges)[number]

/**
 * Notes a change that was just made. A wait or an enrolment that is under way begins anew, and what it held is erased.
 * With two-step verification on nothing waits: two proofs were asked for already. `notMe`: what the secret of the link in
 * the mail about a wait is checked against.
 */
export function changed(
  account: Account,
  what: SignificantChange,
  notMe: string,
  now: Instant,
  limits: Limits,
): Change {
  const noted = quietly({ ...account, changedAt: now }, { kind: 'significant_change', what })
  const state = stateAt(account.twoStep, now)
  if (state.kind === 'off' || state.kind === 'on') return noted
  return and(noted, waiting(noted.next, after(now, limits.account.waiting.period), notMe, now, limits))
}

/** The account waits until a date. All its addresses are told the date. */
export function waiting(account: Account, until: Instant, notMe: string, now: Instant, limits: Limits): Change {
  const deadline = after(until, limits.account.waiting.toFinish)
  // The link lives as long as the wait that it can end: it takes away and opens nothing.
  const link = { verifier: notMe, expires: until }
  return {
    next: {
      ...withoutEnrolmentCodes(account),
      twoStep: { kind: 'waiting', until, deadline, notMe: link },
    },
    events: [{ kind: 'two_step.waiting', until }],
    notices: [tell(account, 'waiting', now, { date: until })],
  }
}

/** The account without codes that were to prove a device for an enrolment, and without the device. */
export const withoutEnrolmentCodes = (account: Account): Account => ({
  ...account,
  challenges: account.challenges.filter(each => each.purpose !== 'enrol'),
})
