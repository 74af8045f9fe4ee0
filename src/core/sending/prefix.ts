// A prefix: all numbers that differ in their last four digits only, and how many of the codes sent to them came back right.
//
//                volume is reached, too few came back,
//                and all had their time                     12 h
//   counting ──────────────────────────────▶ blocked ─────────────────▶ on trial ── enough come back ──▶ counting
//      │  ▲                                     ▲                          │
//      │  │ they had their time, or came back   └── too few of a few ──────┘   (so it renews itself)
//      ▼  │
//   awaited: volume is out, and nobody knows yet
//
// Texts and calls are judged apart, so that a person who gets no text can be called; they are counted together against the
// prefix's day. Refusals are not written down: whoever goes on asking moves nothing. The operator's hold stands above it.

import { after, type Instant, later } from '../kernel/instant.ts'
import type { CodeMethod } from '../registration-lock/ownership-code.ts'
import type { SendingPolicy, SendingRules } from './rules.ts'

/** Codes sent in one slot of time, and codes that came back right in it. */
type Slot = { readonly at: Instant; readonly sent: number; readonly right: number }

export type Span = { readonly since: Instant; readonly until: Instant }

type Tally = {
  /** Oldest first; as many as the window has at most. */
  readonly slots: readonly Slot[]
  /** What was sent before is judged already; it counts for the day all the same. */
  readonly judgedFrom: Instant
  readonly onTrial: boolean
  readonly blocked: Span | undefined
}

/** A stop by hand. Without `until`, until it is released by hand. */
export type Hold = { readonly since: Instant; readonly until: Instant | undefined }

export type Prefix = {
  /** Random: what it is listed by, for the prefix is nobody's to read. */
  readonly id: string
  /** The latest moment this document was shown. */
  readonly seen: Instant
  /** `+` and digits, without the last four. */
  readonly prefix: string
  /** ISO 3166-1 alpha-2, or `001`. */
  readonly region: string
  readonly tallies: Readonly<Record<CodeMethod, Tally>>
  readonly hold: Hold | undefined
}

/** `held`: by hand. `few_came_back`: blocked. `awaited`: too many are out. `day_full`: as many as a day may have. */
export type PrefixPause = {
  readonly kind: 'held' | 'few_came_back' | 'awaited' | 'day_full'
  /** When it may be asked again; `undefined`: when somebody releases it. */
  readonly until: Instant | undefined
  /** The block that begins with this: store it. */
  readonly begins?: Prefix
}

/** A code was counted. `slot` names the count, for who has to take it back. */
export type PrefixCharge = { readonly kind: 'charged'; readonly next: Prefix; readonly slot: Instant } | PrefixPause

/** The prefix of a number in E.164. */
export const prefixOf = (number: string): string => number.slice(0, -4)

const freshTally: Tally = { slots: [], judgedFrom: 0 as Instant, onTrial: false, blocked: undefined }

export const freshPrefix = (at: Pick<Prefix, 'id' | 'prefix' | 'region'>, now: Instant): Prefix => ({
  ...{ id: at.id, prefix: at.prefix, region: at.region, seen: now, hold: undefined },
  tallies: { sms: freshTally, voice: freshTally },
})

/** Counts a code that is about to be sent, or says why none may be. */
export function charge(
  prefix: Prefix,
  method: CodeMethod,
  now: Instant,
  policy: SendingPolicy,
  rules: SendingRules,
): PrefixCharge {
  if (isHeld(prefix.hold, now)) return { kind: 'held', until: prefix.hold?.until }
  const tally = current(prefix.tallies[method], now, rules)
  if (tally.blocked !== undefined) return { kind: 'few_came_back', until: tally.blocked.until }
  const verdict = judged(tally, now, policy, rules)
  if (verdict.kind === 'guilty') {
    // It ends where a slot begins, so that all that is on trial is in slots of its own.
    const until = (Math.ceil((now + rules.block) / rules.life) * rules.life) as Instant
    const blocked: Tally = { ...tally, judgedFrom: until, onTrial: true, blocked: { since: now, until } }
    return { kind: 'few_came_back', until, begins: withTally(prefix, method, blocked) }
  }
  if (verdict.kind === 'awaited') return { kind: 'awaited', until: verdict.until }
  const full = dayFull(prefix, now, policy, rules)
  if (full !== undefined) return { kind: 'day_full', until: full }
  const slot = slotOf(now, rules)
  // Who proved worthy is judged like everybody again.
  const onTrial = tally.onTrial && verdict.kind !== 'proved'
  return { kind: 'charged', slot, next: withTally(prefix, method, counted({ ...tally, onTrial }, slot, { sent: 1 })) }
}

/** Takes back what was counted for a code that was not sent after all. */
export function refund(prefix: Prefix, method: CodeMethod, slot: Instant): Prefix {
  const tally = prefix.tallies[method]
  const slots = tally.slots.map(each => (each.at === slot ? { ...each, sent: Math.max(0, each.sent - 1) } : each))
  return withTally(prefix, method, { ...tally, slots })
}

/** A code came back right. */
export function cameBack(prefix: Prefix, method: CodeMethod, now: Instant, rules: SendingRules): Prefix {
  const tally = current(prefix.tallies[method], now, rules)
  return withTally(prefix, method, counted(tally, slotOf(now, rules), { right: 1 }))
}

/** Held by hand, whatever comes back. */
export const held = (prefix: Prefix, hold: Hold): Prefix => ({ ...prefix, hold })

/** Open again, by hand: what was counted is forgotten, or it would be blocked again at once. */
export const released = (prefix: Prefix): Prefix => freshPrefix(prefix, prefix.seen)

/** What is paused of a prefix, and since when; empty when nothing is. */
export function pausesOf(prefix: Prefix, now: Instant): readonly PausedPrefix[] {
  const { hold, tallies } = prefix
  const byHand = hold !== undefined && isHeld(hold, now) ? [{ ...hold, why: 'held', method: undefined } as const] : []
  const blocked = (['sms', 'voice'] as const).flatMap(method => {
    const span = tallies[method].blocked
    return span !== undefined && now < span.until ? [{ ...span, why: 'few_came_back', method } as const] : []
  })
  return [...byHand, ...blocked]
}

export type PausedPrefix = {
  readonly why: 'held' | 'few_came_back'
  readonly since: Instant
  readonly until: Instant | undefined
  /** `undefined`: texts and calls. */
  readonly method: CodeMethod | undefined
}

/** The last moment that a pause of this prefix lasts to; infinity where only a hand ends it. */
export function pausedUntil({ hold, tallies }: Prefix): number {
  const ends = [tallies.sms.blocked?.until ?? 0, tallies.voice.blocked?.until ?? 0]
  const byHand = hold === undefined ? 0 : (hold.until ?? Number.POSITIVE_INFINITY)
  return Math.max(byHand, ...ends)
}

export const isHeld = (hold: Hold | undefined, now: Instant): boolean =>
  hold !== undefined && (hold.until === undefined || now < hold.until)

// ——— how it is judged

type Verdict =
  | { readonly kind: 'too_few' | 'proved' | 'guilty' }
  | { readonly kind: 'awaited'; readonly until: Instant }

function judged(tally: Tally, now: Instant, { leastRight }: SendingPolicy, rules: SendingRules): Verdict {
  const enough = tally.onTrial ? rules.trial : rules.volume
  const slots = tally.slots.filter(({ at }) => at >= tally.judgedFrom)
  const sent = sum(slots, 'sent')
  if (leastRight === 0 || sent < enough) return { kind: 'too_few' }
  const right = sum(slots, 'right')
  if (right * 100 >= sent * leastRight) return { kind: 'proved' }
  // Those that are still out might come back: a burst is no crime yet, but no more goes out on its credit.
  const young = slots.find(each => each.sent > 0 && now < agedAt(each, rules))
  return young === undefined ? { kind: 'guilty' } : { kind: 'awaited', until: agedAt(young, rules) }
}

function dayFull(prefix: Prefix, now: Instant, { perPrefix }: SendingPolicy, rules: SendingRules): Instant | undefined {
  const slots = [prefix.tallies.sms, prefix.tallies.voice].flatMap(each => current(each, now, rules).slots)
  if (perPrefix === 0 || sum(slots, 'sent') < perPrefix) return undefined
  const oldest = Math.min(...slots.filter(each => each.sent > 0).map(each => each.at)) as Instant
  return leavesAt(oldest, rules)
}

// ——— slots

// As long as a code lives: whoever was sent one in the slot before the last has had their time.
const slotOf = (now: Instant, { life }: SendingRules): Instant => (now - (now % life)) as Instant
const agedAt = ({ at }: Slot, { life }: SendingRules): Instant => after(at, 2 * life)
const leavesAt = (at: Instant, { window, life }: SendingRules): Instant => after(at, window + life)
const sum = (slots: readonly Slot[], what: 'sent' | 'right'): number =>
  slots.reduce((total, each) => total + each[what], 0)

/** Without what is too old to count, and without a block that is over. */
function current(tally: Tally, now: Instant, rules: SendingRules): Tally {
  const blocked = tally.blocked !== undefined && now < tally.blocked.until ? tally.blocked : undefined
  return { ...tally, blocked, slots: tally.slots.filter(({ at }) => now < leavesAt(at, rules)) }
}

function counted(tally: Tally, slot: Instant, add: { readonly sent?: number; readonly right?: number }): Tally {
  const at = later(slot, tally.slots.at(-1)?.at ?? slot)
  const { sent = 0, right = 0 } = add
  const last = tally.slots.at(-1)
  const merged = {
    at,
    sent: (last?.at === at ? last.sent : 0) + sent,
    right: (last?.at === at ? last.right : 0) + right,
  }
  return { ...tally, slots: [...tally.slots.filter(each => each.at !== at), merged] }
}

const withTally = (prefix: Prefix, method: CodeMethod, tally: Tally): Prefix => ({
  ...prefix,
  tallies: { ...prefix.tallies, [method]: tally },
})
