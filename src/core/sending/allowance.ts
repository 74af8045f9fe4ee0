// An allowance: so much in a span of the clock, for all nodes together: a country's codes of a day, the money of an hour.
//
//     node ── lease a share ──commit──▶ sends on its own, until the share or the span is over ── lease …
//
// What is leased counts as spent, so nodes together never send more, whatever becomes of one. A share is a part of what is
// left, so one node takes little while much is left and less when it runs out, and none of many sends meets this document.

import { after, type Instant, type Milliseconds } from '../kernel/instant.ts'
import { type Hold, isHeld } from './prefix.ts'

export type Allowance = {
  /** The latest moment this document was shown. */
  readonly seen: Instant
  /** A country (ISO 3166-1 alpha-2, or `001`), or `all`. */
  readonly of: string
  /** When the span began that `leased` is counted for. */
  readonly began: Instant
  readonly leased: number
  /** When it was first used up in this span. */
  readonly spentAt: Instant | undefined
  readonly hold: Hold | undefined
}

export type AllowanceRules = { readonly span: Milliseconds; readonly limit: number; readonly shares: number }

export type LeaseEnding =
  | { readonly kind: 'leased'; readonly amount: number; readonly began: Instant; readonly next: Allowance }
  /** All of it is leased; `next` where nobody had noticed yet. */
  | { readonly kind: 'spent'; readonly until: Instant; readonly next?: Allowance }
  | { readonly kind: 'held'; readonly until: Instant | undefined }

export const freshAllowance = (of: string, now: Instant): Allowance => ({
  ...{ seen: now, of, began: 0 as Instant, leased: 0, spentAt: undefined, hold: undefined },
})

/** When the span began that a moment is in. */
export const spanOf = (now: Instant, span: Milliseconds): Instant => (now - (now % span)) as Instant

/** Leases at least `least`, or a share of what is left. */
export function lease(allowance: Allowance, least: number, now: Instant, rules: AllowanceRules): LeaseEnding {
  if (isHeld(allowance.hold, now)) return { kind: 'held', until: allowance.hold?.until }
  const began = spanOf(now, rules.span)
  const same = allowance.began === began
  const leased = same ? allowance.leased : 0
  const left = rules.limit - leased
  if (left < least) {
    const until = after(began, rules.span)
    if (same && allowance.spentAt !== undefined) return { kind: 'spent', until }
    return { kind: 'spent', until, next: { ...allowance, began, leased, spentAt: now } }
  }
  const amount = Math.max(least, Math.floor(left / rules.shares))
  const next = { ...allowance, began, leased: leased + amount, spentAt: undefined }
  return { kind: 'leased', amount, began, next }
}

/** Held by hand, or open again. */
export const withHold = (allowance: Allowance, hold: Hold | undefined): Allowance => ({ ...allowance, hold })
