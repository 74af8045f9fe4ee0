// A breaker per provider: one that fails again and again is left alone for a while, so that nobody's code waits for it.
//
//                 failure, the fifth in a row
//     closed(n) ──────────────────────────────▶ open(until) ◀────────────┐
//        ▲                                          │ now >= until        │ failure: twice as long, to five minutes
//        │ success                                  ▼                     │
//        └────────────────────────────────────── trying (one message) ────┘
//
// A provider that says that it has too much to do has not failed: it is held back for as long as it says.

import { after, type Instant, later, type Milliseconds, minute, second } from '#core/kernel/instant.ts'

export type Breaker =
  | { readonly kind: 'closed'; readonly failures: number; readonly heldUntil: Instant }
  | { readonly kind: 'open'; readonly until: Instant; readonly round: number }
  | { readonly kind: 'trying'; readonly since: Instant; readonly round: number }

const failuresToOpen = 5
const firstRest: Milliseconds = 5 * second
const longestRest: Milliseconds = 5 * minute
/** A trial that is never heard of again does not keep the breaker shut for good. */
const trialLasts: Milliseconds = 30 * second

export const closedBreaker: Breaker = { kind: 'closed', failures: 0, heldUntil: 0 as Instant }

/** Whether a message may go to the provider now. */
export function lets(breaker: Breaker, now: Instant): boolean {
  switch (breaker.kind) {
    case 'closed':
      return now >= breaker.heldUntil
    case 'open':
      return now >= breaker.until
    case 'trying':
      return now >= after(breaker.since, trialLasts)
  }
}

/** A message goes to the provider: through an open breaker, it is the one that tries. */
export function goes(breaker: Breaker, now: Instant): Breaker {
  return breaker.kind === 'closed' ? breaker : { kind: 'trying', since: now, round: breaker.round }
}

/** The provider answered as it should, be it with a no. */
export const succeeded = (): Breaker => closedBreaker

/** The provider failed, or did not answer. */
export function failed(breaker: Breaker, now: Instant): Breaker {
  if (breaker.kind === 'closed' && breaker.failures + 1 < failuresToOpen) {
    return { ...breaker, failures: breaker.failures + 1 }
  }
  // Those that were under way when it opened say nothing new.
  if (breaker.kind === 'open') return breaker
  const round = breaker.kind === 'closed' ? 0 : breaker.round + 1
  const rest = Math.min(longestRest, firstRest * 2 ** Math.min(round, 20))
  return { kind: 'open', until: after(now, rest), round }
}

/** The provider has too much to do. */
export function held(breaker: Breaker, now: Instant, wait: Milliseconds): Breaker {
  const until = after(now, Math.min(Math.max(wait, 0), longestRest))
  if (breaker.kind === 'closed') return { ...breaker, heldUntil: later(breaker.heldUntil, until) }
  return { kind: 'open', until, round: breaker.round }
}
