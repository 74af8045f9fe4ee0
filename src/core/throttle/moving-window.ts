// A moving window: at most so many happenings in any span of a given length, and not too close together.
//
//        take                                 the oldest leaves the window
//   ─────────▶ taken ≤ limit ──── full ────▶ refused(until) ───────────▶
//
// What is refused is not written down, so that refusals never prolong the wait.

import { after, type Instant, later, type Milliseconds } from '../kernel/instant.ts'

/** Moments of what happened, oldest first. Never longer than the policy's `limit`. */
export type Window = readonly Instant[]

export type WindowPolicy = {
  /** How many fit into one span. */
  readonly limit: number
  readonly span: Milliseconds
  /** The least time between two, at most `span`; 0 when they may follow at once. */
  readonly apart: Milliseconds
}

export type WindowEnding =
  | { readonly kind: 'taken'; readonly next: Window }
  | { readonly kind: 'full'; readonly until: Instant }

/** When the next happening fits: `now` or earlier means at once. */
export function opensAt(window: Window, now: Instant, policy: WindowPolicy): Instant {
  const live = inside(window, now, policy)
  const last = live.at(-1)
  if (last === undefined) return now
  const spaced = after(last, policy.apart)
  const oldest = live.length < policy.limit ? undefined : live[live.length - policy.limit]
  return oldest === undefined ? spaced : later(spaced, after(oldest, policy.span))
}

/** Takes one place at `now`, or says when one comes free. */
export function take(window: Window, now: Instant, policy: WindowPolicy): WindowEnding {
  const until = opensAt(window, now, policy)
  if (until > now) return { kind: 'full', until }
  return { kind: 'taken', next: [...inside(window, now, policy), now] }
}

/** How many places are free at `now`, spacing aside. */
export const placesLeft = (window: Window, now: Instant, policy: WindowPolicy): number =>
  Math.max(0, policy.limit - inside(window, now, policy).length)

const inside = (window: Window, now: Instant, policy: WindowPolicy): Window =>
  window.filter(at => after(at, policy.span) > now)
