// One message on its way through providers, each of which may take it, lose it, or say what became of it.
//
//            ask              took it                receipt: it arrived, or a key was pressed
//   (begun) ─────▶ asked ───────────────▶ taken ────────────────────────────────────────────▶ delivered
//     ▲              │ │ no answer          │ │ receipt: it did not arrive
//     │              │ └────────▶ silent    │ └────────────────────────────▶ undelivered
//     │              │              │       │ no receipt in time, from one that usually sends them     │
//     │ failed: it   │              ▼       ▼                                                         ▼
//     │ has nothing  │            the next provider is asked, with the very same text: one code, however often it comes
//     └──────────────┤
//                    └ declined: not to this number, not this text ──▶ the next provider is asked
//
// A provider is written down before it is asked: after a crash it is known that it may have the message, and another one
// is asked. A message may have been handed over a few times at most, for each costs money.

import { after, type Instant, type Milliseconds } from '../kernel/instant.ts'
import type { Message } from './message.ts'

export type AttemptState = 'asked' | 'taken' | 'silent' | 'failed' | 'declined' | 'undelivered' | 'delivered'

export type Attempt = {
  /** The provider's name. */
  readonly provider: string
  readonly at: Instant
  readonly state: AttemptState
  /** What the provider calls the message in its receipts. */
  readonly ref?: string
}

export type Delivery = {
  /** The latest moment this document was shown. */
  readonly seen: Instant
  /** The outbox row that carries the delivery on; one that was there before it has nothing more to do. */
  readonly row: string
  /** Outbox rows that were there before it and are not settled yet: one that found no delivery would begin it anew. */
  readonly earlier?: readonly string[]
  readonly message: Message
  /** From then on it is late. */
  readonly expires: Instant
  /** In order; of one provider that failed, the last time only. */
  readonly attempts: readonly Attempt[]
}

export type DeliveryRules = {
  /** Who may be asked for this message. */
  readonly providers: readonly string[]
  /** How long a receipt is waited for; `undefined` from one that sends none. */
  readonly receiptWait: (provider: string) => Milliseconds | undefined
  /** Whether receipts usually come: only then is their absence a reason to spend money on another provider. */
  readonly usuallyTells: (provider: string) => boolean
}

/** Handings that may have reached the person. More would cost money and help nobody. */
export const mostHandings = 3
/** With less time than this, a second copy would come too late to be of use. */
const leastLife: Milliseconds = 60_000

/** `silent`: nobody answered, as often as may be asked: some of them may have it. */
export type DeliveryEnd = 'taken' | 'delivered' | 'undelivered' | 'declined' | 'silent'

export type DeliveryStep =
  | { readonly kind: 'over'; readonly how: DeliveryEnd }
  /** A receipt may still come. */
  | { readonly kind: 'wait'; readonly until: Instant }
  /** Ask one of these. */
  | { readonly kind: 'ask'; readonly among: readonly string[] }

/** A delivery that nobody was asked to make yet. */
export const begunDelivery = (row: string, message: Message, expires: Instant, now: Instant): Delivery => ({
  seen: now,
  row,
  message,
  expires,
  attempts: [],
})

/** In place of a row: the one that carried the delivery on is settled. */
export const noRow = ''

/** The delivery without a row that is settled; `undefined` when it was none of its rows, or the last. */
export function withoutRow(delivery: Delivery, row: string): Delivery | 'last' | undefined {
  const { earlier = [] } = delivery
  const left = earlier.filter(each => each !== row)
  if (delivery.row !== row && left.length === earlier.length) return undefined
  const carries = delivery.row === row ? noRow : delivery.row
  return carries === noRow && left.length === 0 ? 'last' : { ...delivery, row: carries, earlier: left }
}

/** What is to be done next. */
export function nextStep({ attempts, expires }: Delivery, now: Instant, rules: DeliveryRules): DeliveryStep {
  const last = attempts.at(-1)
  const are = (...states: readonly AttemptState[]) => attempts.filter(each => states.includes(each.state))
  if (are('delivered').length > 0) return { kind: 'over', how: 'delivered' }
  if (last === undefined) return { kind: 'ask', among: rules.providers }

  const handed = are('asked', 'taken', 'silent', 'undelivered')
  const had = [...handed, ...are('declined')].map(({ provider }) => provider)
  const others = rules.providers.filter(name => !had.includes(name))
  const mayAsk = handed.length < mostHandings && now < expires
  if (last.state === 'taken') {
    const wait = rules.receiptWait(last.provider)
    const until = wait === undefined ? now : after(last.at, Math.min(wait, expires - last.at - 1))
    if (now < until) return { kind: 'wait', until }
    const worthIt = wait !== undefined && rules.usuallyTells(last.provider) && expires - now >= leastLife
    if (!worthIt || !mayAsk || others.length === 0) return { kind: 'over', how: 'taken' }
    return { kind: 'ask', among: others }
  }
  if (mayAsk && others.length > 0) return { kind: 'ask', among: others }
  if (are('taken').length > 0) return { kind: 'over', how: 'taken' }
  const unsure = are('asked', 'silent')
    .map(({ provider }) => provider)
    .filter(name => rules.providers.includes(name))
  if (unsure.length > 0) return mayAsk ? { kind: 'ask', among: unsure } : { kind: 'over', how: 'silent' }
  return { kind: 'over', how: handed.length > 0 ? 'undelivered' : 'declined' }
}

/** A provider is about to be asked. Store it before it is. */
export function asking(delivery: Delivery, provider: string, now: Instant): Delivery {
  const before = delivery.attempts
    .filter(each => !(each.provider === provider && each.state === 'failed'))
    // Whoever was asked and never heard of again may have it.
    .map(each => (each.state === 'asked' ? { ...each, state: 'silent' as const } : each))
  return { ...delivery, attempts: [...before, { provider, at: now, state: 'asked' }] }
}

/** What the provider that was asked last made of it. A receipt that was quicker than the answer counts for more. */
export function answered(
  delivery: Delivery,
  provider: string,
  state: 'taken' | 'silent' | 'failed' | 'declined',
  ref?: string,
): Delivery {
  return changeLast(delivery, provider, each => ({
    ...each,
    state: each.state === 'delivered' || each.state === 'undelivered' ? each.state : state,
    ...(ref === undefined ? {} : { ref }),
  }))
}

/**
 * What a provider says has become of it; `undefined` when that is nothing new. Nothing takes back that it arrived: a
 * person read it, whatever comes in later or out of order.
 */
export function receipted(
  delivery: Delivery,
  told: { readonly provider: string; readonly ref: string | undefined; readonly state: 'delivered' | 'undelivered' },
): Delivery | undefined {
  const at = delivery.attempts.findLastIndex(
    ({ provider, ref, state }) =>
      provider === told.provider &&
      (told.ref === undefined || ref === undefined || ref === told.ref) &&
      state !== 'failed' &&
      state !== 'declined',
  )
  const attempt = delivery.attempts[at]
  if (attempt === undefined || attempt.state === told.state || attempt.state === 'delivered') return undefined
  return { ...delivery, attempts: delivery.attempts.with(at, { ...attempt, state: told.state }) }
}

function changeLast(delivery: Delivery, provider: string, change: (attempt: Attempt) => Attempt): Delivery {
  const at = delivery.attempts.findLastIndex(each => each.provider === provider)
  const attempt = delivery.attempts[at]
  return attempt === undefined ? delivery : { ...delivery, attempts: delivery.attempts.with(at, change(attempt)) }
}
