// A number of a fleet: all that its vault knows of it. And its budget of registrations, which is never overdrawn.

import { after, type Instant, type Milliseconds, minute } from '#core/kernel/instant.ts'
import { limits } from '#core/throttle/limits.ts'
import { placesLeft, take, type Window, type WindowPolicy } from '#core/throttle/moving-window.ts'
import type { Secret } from '#secrets/secret.ts'
import type { Need } from './needs.ts'
import { type EarlierPin, leaveBehind, type PinState } from './pin-state.ts'

export type FleetNumber = {
  /** Graph's phone-number id. */
  readonly id: string
  readonly token: Secret
  /** What its people call it. */
  readonly name?: string | undefined
  /** Where its messages are stored, a country of two letters. Sent when it is registered. */
  readonly region?: string | undefined
  /** The number itself, as the server shows it. */
  readonly number?: string | undefined
  readonly pin: PinState
  readonly earlier: readonly EarlierPin[]
  /** When registrations were sent, oldest first: written down before each. */
  readonly registrations: Window
  /** Why and until when the server takes no registration. */
  readonly blocked?: Need | undefined
  /** The last round in which its PIN was rotated; see round.ts. */
  readonly round?: number | undefined
  readonly need?: Need | undefined
}

/** How a number is first written down. */
export const newNumber = (id: string, token: Secret): FleetNumber => ({
  id,
  token,
  pin: { kind: 'unknown' },
  earlier: [],
  registrations: [],
})

/** The number with its PIN in another state; PINs that are left behind are remembered. */
export const withPin = (number: FleetNumber, pin: PinState, now: Instant): FleetNumber =>
  pin === number.pin ? number : { ...number, pin, earlier: leaveBehind(number.earlier, number.pin, pin, now) }

/** What is done about a registration that the server counts later than we sent it: ours last a little longer. */
const margin: Milliseconds = 5 * minute

const { limit, span } = limits.classic.registerAndDeregister
const budget: WindowPolicy = { limit, span: span + margin, apart: 0 }

/** How many a person may need while a number is in trouble: what only looks leaves these free. */
export const reserve = 3

export type RegistrationEnding =
  | { readonly kind: 'counted'; readonly next: FleetNumber }
  | { readonly kind: 'not_before'; readonly need: Need }

/**
 * Takes one registration out of the ten in 72 hours, to be written down before it is sent, or says from when there is one.
 * `leaves`: how many must be free besides.
 */
export function countRegistration(number: FleetNumber, now: Instant, leaves: number): RegistrationEnding {
  if (isBlocked(number, now)) return { kind: 'not_before', need: number.blocked }
  const policy = { ...budget, limit: budget.limit - leaves }
  const taken = take(number.registrations, now, policy)
  if (taken.kind === 'full') return { kind: 'not_before', need: { kind: 'budget', at: now, until: taken.until } }
  // In order, also after a clock was set back.
  const registrations = [...taken.next].sort((one, other) => one - other)
  return { kind: 'counted', next: { ...number, registrations, blocked: undefined } }
}

const isBlocked = (number: FleetNumber, now: Instant): number is FleetNumber & { readonly blocked: Need } =>
  number.blocked?.until !== undefined && number.blocked.until > now

/** How many registrations are left at this moment, none while the server blocks them. */
export const registrationsLeft = (number: FleetNumber, now: Instant): number =>
  isBlocked(number, now) ? 0 : placesLeft(number.registrations, now, budget)

/** Whether one of its registrations or PINs is from later than `now`: the clock was set back, or had run ahead. */
export const isAhead = ({ registrations, pin }: FleetNumber, now: Instant): boolean =>
  [registrations.at(-1), pin.kind === 'kept' ? pin.since : undefined].some(
    at => at !== undefined && at > after(now, margin),
  )
