// Time as the core knows it: handed in, never read.

declare const instant: unique symbol

/** A moment, in whole milliseconds since 1970-01-01T00:00Z. Only a clock makes one; the core is handed it. */
export type Instant = number & { readonly [instant]: true }

/** A span of time in milliseconds. */
export type Milliseconds = number

export const second: Milliseconds = 1_000
export const minute: Milliseconds = 60 * second
export const hour: Milliseconds = 60 * minute
export const day: Milliseconds = 24 * hour

/** Reads a count of milliseconds since 1970 as a moment. */
export const instantAt = (milliseconds: number): Instant => milliseconds as Instant

/** The moment `span` milliseconds after `at`; a part of a millisecond counts as one, as databases keep whole ones. */
export const after = (at: Instant, span: Milliseconds): Instant => Math.ceil(at + span) as Instant

/** The later of two moments. */
export const later = (one: Instant, other: Instant): Instant => (one > other ? one : other)

/** Whole seconds from `now` until `at`, rounded up so that nobody is sent back too early, and never below zero. */
export const secondsUntil = (at: Instant, now: Instant): number => Math.max(0, Math.ceil((at - now) / second))
