// What is known of a number's PIN. A new PIN is written down before it is sent, and the same one is sent until an answer
// comes: so whichever side a crash falls on, the PIN in force is one of those written down, and then the one that was sent.
//
//                      begin: written down                answered
//     unknown ──────┐                                  ┌──────────▶ kept(pin) ◀── imported
//     kept ─────────┼──────────▶ changing(to, before) ─┤               │
//     contradicted ─┘               ▲     │            └─▶ before      │ 133005 at a registration: somebody else changed it
//                                   └─────┘ no answer      refused,    ▼
//                                                          never      contradicted(pin)
//                                                          sent before
//
// Why sending it again settles everything: Graph sets a PIN without asking for the old one, at no cost of the ten
// registrations. Doing it twice is doing it once. A registration would say as much, for one of the ten, and for a guess when
// it was the other candidate; and it cannot be asked which PIN is in force.
//
// One door is left: a sending that nobody saw the end of may still be done late, and would set its PIN over a newer one. So
// after such a sending the next PIN waits (`lateSpan`); then nothing that was sent is still on its way.

import { after, day, type Instant, type Milliseconds, minute } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'

/** Nothing is known: there may be a PIN or none. */
export type UnknownPin = { readonly kind: 'unknown' }

/** The PIN in force, as far as can be known: the server answered that it set it, or a person said so. */
export type KeptPin = {
  readonly kind: 'kept'
  readonly pin: Secret
  readonly from: 'imported' | 'set'
  /** Since when it is in force; `undefined` where a person brought it along. */
  readonly since?: Instant | undefined
  /** When a registration with it was last accepted. */
  readonly proved?: Instant | undefined
  /** Until when a sending of it may still be done that nobody saw the end of. */
  readonly lateUntil?: Instant | undefined
}

/** It was kept, and a registration with it was refused: somebody else changed it. */
export type ContradictedPin = { readonly kind: 'contradicted'; readonly pin: Secret; readonly at: Instant }

export type SettledPin = UnknownPin | KeptPin | ContradictedPin

/** `to` is written down, and perhaps sent. Until that is settled, the PIN in force is `to` or what was before. */
export type ChangingPin = {
  readonly kind: 'changing'
  readonly to: Secret
  readonly at: Instant
  readonly before: SettledPin
}

export type PinState = SettledPin | ChangingPin

/** How long a sending without an answer is feared to be done after all: servers give a request up long before. */
export const lateSpan: Milliseconds = 10 * minute

/** Writes a new PIN down. */
export const begin = (before: SettledPin, to: Secret, now: Instant): ChangingPin => ({
  kind: 'changing',
  to,
  at: now,
  before,
})

/** The server answered that `to` is set. `doubtful`: an earlier sending of it has no answer. */
export const answered = ({ to }: ChangingPin, now: Instant, doubtful: boolean): KeptPin => ({
  kind: 'kept',
  pin: to,
  from: 'set',
  since: now,
  lateUntil: doubtful ? after(now, lateSpan) : undefined,
})

/** A sending of `to` was refused for certain. Only when it was the first ever is the PIN before in force. */
export const refused = (changing: ChangingPin, doubtful: boolean): PinState => (doubtful ? changing : changing.before)

/** A registration with this PIN was accepted: it is in force, whatever was thought before. */
export function proved(pin: KeptPin | ChangingPin, now: Instant): KeptPin {
  if (pin.kind === 'kept') return { ...pin, proved: now }
  return { ...answered(pin, now, false), proved: now }
}

/** A registration with the kept PIN was refused with 133005. */
export const contradicted = ({ pin }: KeptPin, now: Instant): ContradictedPin => ({
  kind: 'contradicted',
  pin,
  at: now,
})

/** The PINs one of which is in force, unless somebody else changed it; the likelier first. */
export function candidates(pin: PinState): readonly Secret[] {
  switch (pin.kind) {
    case 'unknown':
      return []
    case 'changing':
      return [pin.to, ...candidates(pin.before)]
    case 'kept':
    case 'contradicted':
      return [pin.pin]
  }
}

/** Whether a PIN was set before this moment; one whose age nobody knows is older than any. */
export function isOlderThan(pin: PinState, moment: Instant): boolean {
  return pin.kind !== 'kept' || pin.since === undefined || pin.since < moment
}

/** Whole days a PIN is in force, where that is known. */
export const ageInDays = (pin: PinState, now: Instant): number | undefined =>
  pin.kind === 'kept' && pin.since !== undefined ? Math.max(0, Math.floor((now - pin.since) / day)) : undefined

/** A PIN that was in force, or may have been, until then. */
export type EarlierPin = { readonly pin: Secret; readonly until: Instant }

const mostEarlier = 8

/** The PINs before, newest first, with what is left behind on the way to `next`. */
export function leaveBehind(
  earlier: readonly EarlierPin[],
  from: PinState,
  next: PinState,
  now: Instant,
): readonly EarlierPin[] {
  assert(from.kind !== 'changing' || next.kind !== 'changing', 'one PIN is settled before the next is written down')
  const still = candidates(next)
  const left = candidates(from).filter(pin => !still.some(each => isSame(each, pin)))
  return [...left.map(pin => ({ pin, until: now })), ...earlier].slice(0, mostEarlier)
}

/** Whether two PINs are the same. */
export const isSame = (one: Secret, other: Secret): boolean => equalText(one.reveal(), other.reveal())
