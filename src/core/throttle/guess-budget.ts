// How many guesses a secret absorbs, and how long the door stays shut once they are gone.
//
//               spend                 spend, none left at once
//   open(left) ───────▶ open(left-1) ─────────────────────────▶ shut(until) ──┐
//       ▲ ▲                                                         │         │ now >= until
//       │ └─────────────────────────────────────────────────────────┼─────────┘
//       │ a right guess: fresh                                      │ too many in a row
//       └──── from anywhere but closed                              ▼
//                                                                closed (only a new secret reopens it)
//
// A guess is spent, and the spending stored, before the secret is looked at. Of many sent at once each pays for itself,
// and a crash between the two loses a guess and never grants one. Follows NIST SP 800-63B-4 §3.2.2 (rate limiting).

import { after, type Instant, later, type Milliseconds } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'

/** What is left of a secret's guesses. Kept with the secret that it guards, never with the caller. */
export type GuessBudget = {
  /** Guesses spent since the last right one. */
  readonly inARow: number
  /** When the newest of them was spent. */
  readonly lastAt: Instant | undefined
  /** Guesses owed: a refilling budget pays one back each `every`. */
  readonly owed: number
  /** Since when the oldest payback has been running. */
  readonly owedSince: Instant | undefined
}

/** `steps`: some at once, then one after each wait (the last wait repeats). `refill`: some in all, one more each `every`. */
export type GuessPolicy = { readonly closesAfter: number } & (
  | { readonly kind: 'steps'; readonly atOnce: number; readonly waits: readonly Milliseconds[] }
  | { readonly kind: 'refill'; readonly inAll: number; readonly every: Milliseconds }
)

export type GuessDoor =
  | { readonly kind: 'open'; readonly left: number }
  /** `wait`: how long this wait is in all, whatever of it is left. */
  | { readonly kind: 'shut'; readonly until: Instant; readonly wait: Milliseconds }
  | { readonly kind: 'closed' }

/** A budget nobody has spent from. */
export const fresh: GuessBudget = { inARow: 0, lastAt: undefined, owed: 0, owedSince: undefined }

/** Whether a guess may be made at `now`, how many at once, or from when. Boundaries open at the exact millisecond. */
export function guessDoor(budget: GuessBudget, now: Instant, policy: GuessPolicy): GuessDoor {
  if (budget.inARow >= policy.closesAfter) return { kind: 'closed' }
  const beforeClosing = policy.closesAfter - budget.inARow

  if (policy.kind === 'refill') {
    const { owed, since } = owedAt(budget, now, policy.every)
    if (owed < policy.inAll) return { kind: 'open', left: Math.min(policy.inAll - owed, beforeClosing) }
    assert(since !== undefined, 'what is owed has a beginning')
    return { kind: 'shut', until: after(since, policy.every * (owed - policy.inAll + 1)), wait: policy.every }
  }

  if (budget.inARow < policy.atOnce)
    return { kind: 'open', left: Math.min(policy.atOnce - budget.inARow, beforeClosing) }
  const wait = policy.waits[Math.min(budget.inARow - policy.atOnce, policy.waits.length - 1)]
  assert(wait !== undefined && budget.lastAt !== undefined, 'a spent budget has a wait and a last guess')
  const until = after(budget.lastAt, wait)
  return until > now ? { kind: 'shut', until, wait } : { kind: 'open', left: 1 }
}

/** Takes one guess. Store the result before looking at the guess. Only while the door is open. */
export function spendGuess(budget: GuessBudget, now: Instant, policy: GuessPolicy): GuessBudget {
  assert(guessDoor(budget, now, policy).kind === 'open', 'a guess is spent through an open door only')
  const every = policy.kind === 'refill' ? policy.every : Number.POSITIVE_INFINITY
  const { owed, since } = owedAt(budget, now, every)
  return {
    inARow: budget.inARow + 1,
    lastAt: later(budget.lastAt ?? now, now),
    owed: owed + 1,
    owedSince: since ?? now,
  }
}

function owedAt(budget: GuessBudget, now: Instant, every: Milliseconds): { owed: number; since: Instant | undefined } {
  if (budget.owedSince === undefined) return { owed: 0, since: undefined }
  const paid = Math.max(0, Math.floor((now - budget.owedSince) / every))
  if (paid >= budget.owed) return { owed: 0, since: undefined }
  return { owed: budget.owed - paid, since: paid === 0 ? budget.owedSince : after(budget.owedSince, paid * every) }
}
