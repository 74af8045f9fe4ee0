// How long somebody waits after each try that went wrong: longer and longer, up to a most, and never for good.
//
//                try                  the wait is over
//   open(n) ───────────▶ waits(n+1) ─────────────────▶ open(n+1)
//      ▲                     │
//      └── a right one ──────┴── a long rest: the tries are forgotten ──▶ open(0)
//
// For secrets that a stranger may try at: with a wait that ends, nobody can shut the owner out for good. A try is spent,
// and the spending stored, before the secret is looked at (NIST SP 800-63B-4 §3.2.2).

import { after, type Instant, later, type Milliseconds } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'

/** Tries since the last right one, and when the newest was made. */
export type GrowingDelay = { readonly tries: number; readonly lastAt: Instant | undefined }

export type DelayPolicy = {
  /** So many tries need no wait behind them. */
  readonly free: number
  /** The first wait; each one after it is twice as long, up to `most`. */
  readonly first: Milliseconds
  readonly most: Milliseconds
  /** A rest after which all is forgotten; at least `most`, so that resting never buys more tries than going on would. */
  readonly forgetsAfter: Milliseconds
}

export const noDelay: GrowingDelay = { tries: 0, lastAt: undefined }

/** From when the next try may be made: `now` or earlier means at once. Opens at the exact millisecond. */
export function delayOpens(delay: GrowingDelay, now: Instant, policy: DelayPolicy): Instant {
  const { tries, lastAt } = remembered(delay, now, policy)
  return lastAt === undefined ? now : after(lastAt, waitBehind(tries, policy))
}

/** Takes one try. Store the result before looking. Only while the delay is open. */
export function spendTry(delay: GrowingDelay, now: Instant, policy: DelayPolicy): GrowingDelay {
  assert(delayOpens(delay, now, policy) <= now, 'a try is spent through an open door only')
  const { tries, lastAt } = remembered(delay, now, policy)
  return { tries: tries + 1, lastAt: later(lastAt ?? now, now) }
}

function remembered(delay: GrowingDelay, now: Instant, policy: DelayPolicy): GrowingDelay {
  return delay.lastAt !== undefined && now >= after(delay.lastAt, policy.forgetsAfter) ? noDelay : delay
}

function waitBehind(tries: number, policy: DelayPolicy): Milliseconds {
  if (tries < policy.free) return 0
  // Two to the 40th would be exact still; the cap keeps a counter that only grows from ever overflowing.
  return Math.min(policy.most, policy.first * 2 ** Math.min(tries - policy.free, 40))
}
