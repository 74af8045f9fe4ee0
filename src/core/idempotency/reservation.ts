// A reservation: what is remembered under an idempotency key, so that a request that is sent twice is done once.
//
//              reserve                     remember
//    free ───────────────▶ under way ───────────────────▶ answered ── 24 h ──▶ free
//     ▲  ▲                  │   │  ▲ reserve again, where doing it twice does it once
//     │  └── release ───────┘   │  └──────────────┐
//     │   (refused for now,     ▼                 │
//     │    nothing was done)   left: its time is over, or it broke ── 24 h ──▶ free
//     └───────────────────────────────────────────────────────────────────────┘
//
// Follows draft-ietf-httpapi-idempotency-key-header.

import { after, day, type Instant, type Milliseconds, minute } from '../kernel/instant.ts'

/** How long an answer is kept, counted from the request. */
export const reservationLife: Milliseconds = day

/** How long one request may be under way. Far longer than any request's own deadline: what is over then has crashed. */
export const reservationLease: Milliseconds = minute

/** An answer as it went out. */
export type KeptAnswer = {
  readonly status: number
  readonly mediaType: string
  readonly body: string
  readonly retryAfter: number | undefined
}

export type Reservation = {
  readonly seen: Instant
  /** By what it is found: a hash of application and key. The key itself is kept nowhere; it salts `fingerprint`. */
  readonly name: string
  readonly application: string
  /** Tells one request from another that comes under the same key. */
  readonly fingerprint: string
  readonly expires: Instant
  readonly state: ReservationState
  /** What the request makes is made under these, so that doing it twice does it once. */
  readonly ids: ReservedIds
}

export type ReservationState =
  | { readonly kind: 'under_way'; readonly until: Instant }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }

/** `claim`: the id of a claim that the request adds. `mark`: names its wish, and this reservation. */
export type ReservedIds = { readonly claim: string; readonly mark: string }

/** What comes under a key. */
export type Wanted = {
  readonly name: string
  readonly application: string
  readonly fingerprint: string
  readonly ids: ReservedIds
}

/** A new reservation. */
export const reservationOf = (wanted: Wanted, now: Instant): Reservation => ({
  ...wanted,
  seen: now,
  expires: after(now, reservationLife),
  state: { kind: 'under_way', until: after(now, reservationLease) },
})

export type Met =
  | { readonly kind: 'free' }
  | { readonly kind: 'other_request' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'under_way'; readonly until: Instant }
  /** It was begun once and never answered: what became of it is not known here. */
  | { readonly kind: 'left' }

/** What a request meets under its key. */
export function meetReservation(reservation: Reservation, wanted: Wanted, now: Instant): Met {
  if (now >= reservation.expires) return { kind: 'free' }
  const { application, fingerprint, state } = reservation
  if (application !== wanted.application || fingerprint !== wanted.fingerprint) return { kind: 'other_request' }
  if (state.kind === 'answered') return state
  return now < state.until ? { kind: 'under_way', until: state.until } : { kind: 'left' }
}

/** The reservation of a request that is tried again after it was left, with the ids it had. */
export const takenUp = (reservation: Reservation, now: Instant): Reservation => ({
  ...reservation,
  state: { kind: 'under_way', until: after(now, reservationLease) },
})

/** How a request that was under way ended: with an answer, with nothing done, or nobody knows how. */
export type Settled =
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'released' }
  | { readonly kind: 'left' }

/** Settles it, unless somebody else has taken it over since: `undefined`. */
export function settled(reservation: Reservation, mark: string, how: Settled, now: Instant): Reservation | undefined {
  if (reservation.ids.mark !== mark || reservation.state.kind === 'answered') return undefined
  switch (how.kind) {
    case 'answered':
      return { ...reservation, state: how }
    case 'released':
      return { ...reservation, expires: now, state: { kind: 'under_way', until: now } }
    case 'left':
      return { ...reservation, state: { kind: 'under_way', until: now } }
  }
}
