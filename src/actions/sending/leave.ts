// Leave to send a code to a phone. Codes cost money, and thieves earn on them: every code to a number asks here first,
// whichever door it is asked for at.
//
//     would one be sent? ──▶ country and kind of line ──▶ the hour's money ──▶ the country's day ──▶ its prefix ──commit──▶ send
//            │ no                    │ no                       │ no                 │ no               │ no
//            └───────────────────────┴──────────────────────────┴────────────────────┴──────────────────┴──▶ nothing written
//
// Counted before it is sent, and taken back where it was not sent after all: a crash in between counts one too many.

import type { Instant } from '#core/kernel/instant.ts'
import { later } from '#core/kernel/instant.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { CodeMethod } from '#core/registration-lock/ownership-code.ts'
import { servesLine } from '#core/sending/line.ts'
import { cameBack, charge, isHeld, type PrefixCharge, prefixOf, refund } from '#core/sending/prefix.ts'
import { priceOf, type SendingPolicy, sendingRules } from '#core/sending/rules.ts'
import { parseNumber } from '#numbering/number.ts'
import { StoreAway } from '#storage/store.ts'
import { type Call, Overdue, type SendingRefusal, settling, type World } from '../world.ts'
import { allCodes, take } from './leases.ts'
import { changePrefix, lookAtPrefix } from './prefixes.ts'

/** A code to a phone. */
type PhoneCode = { readonly number: string; readonly method: CodeMethod }

/** Why no code goes to a phone now. Nothing was sent, and nothing was counted. */
export type CodesPaused = {
  readonly kind: 'codes_paused'
  /** When it will work again; `undefined` when a person decides. */
  readonly retryAt: Instant | undefined
  readonly now: Instant
  /** How else a code may go to this number right now. */
  readonly ways: readonly CodeMethod[]
}

export type NoLeave =
  | CodesPaused
  /** The operator does not send to the number's country. */
  | { readonly kind: 'country_not_served' }
  /** A kind of number that costs whoever sends to it, or that nobody was given. */
  | { readonly kind: 'line_not_served' }

type Leave = { readonly kind: 'granted'; readonly back: () => Promise<void> } | NoLeave

/** What a decision may send. */
type Sends<E> = { readonly ending: E; readonly change?: unknown; readonly messages?: readonly Outgoing[] | undefined }

/**
 * Acts on a decision, with leave where it sends a code to a phone. `would` is what it comes to on what was read; `act` hands
 * `watched` each step that it is about to commit.
 */
export async function withLeave<E, S extends Sends<E>>(
  world: World,
  call: Call,
  would: S,
  act: (watched: <Step extends Sends<unknown>>(step: Step) => Step) => Promise<E>,
): Promise<E | NoLeave> {
  const to = codeIn(would)
  if (to === undefined && would.change === undefined) return would.ending
  const leave = to === undefined ? freely : await askLeave(world, call, to)
  if (leave.kind !== 'granted') return leave
  let sent: PhoneCode | undefined
  const ending = await act(step => {
    sent = codeIn(step)
    const isAllowed = sent === undefined || (sent.number === to?.number && sent.method === to.method)
    if (!isAllowed) throw new Overdue('what was read changed while this call waited')
    return step
  })
  if (sent === undefined) await leave.back()
  return ending
}

function codeIn({ messages = [] }: Sends<unknown>): PhoneCode | undefined {
  for (const { message } of messages) {
    const { channel, to, code } = message
    if (code !== undefined && (channel === 'sms' || channel === 'voice')) return { number: to, method: channel }
  }
  return undefined
}

const freely: Leave = { kind: 'granted', back: async () => {} }

async function askLeave(world: World, call: Call, { number, method }: PhoneCode): Promise<Leave> {
  const { sending, homeCountries } = world.policy
  const { region, type } = lineOf(number)
  if (homeCountries !== 'all' && !homeCountries.includes(region)) return refused(world, 'country_not_served')
  if (!servesLine({ region, type }, sending)) return refused(world, 'line_not_served')

  const { hour, day, shares } = sendingRules
  const money = { span: hour, limit: sending.budget, shares }
  const price = priceOf(sending.prices, region, method)
  const paid = await take(world, call, allCodes, price, money)
  if (paid.kind !== 'taken') return pausedFor(world, paid.kind === 'held' ? 'held' : 'budget_spent', paid.until)
  const placed = await take(world, call, region, 1, { span: day, limit: sending.perCountry, shares })
  if (placed.kind !== 'taken') {
    paid.back()
    return pausedFor(world, placed.kind === 'held' ? 'held' : 'country_spent', placed.until)
  }
  const charged = await chargePrefix(world, call, { number, region, method })
  if (charged.kind === 'charged') {
    world.watch.phoneCode('sent')
    const back = async () => {
      paid.back()
      placed.back()
      if (charged.slot !== undefined) await takeBack(world, call, { number, region, method }, charged.slot)
    }
    return { kind: 'granted', back }
  }
  paid.back()
  placed.back()
  if (charged.begins !== undefined) world.watch.codesPaused('prefix', region)
  return pausedFor(world, charged.kind, charged.until, await otherWays(world, number, method))
}

// Where a prefix is under no limit there is nothing to count, and a stop by hand is all that is looked for.
const judges = ({ perPrefix, leastRight }: SendingPolicy): boolean => perPrefix > 0 || leastRight > 0

type OfPrefix = PhoneCode & { readonly region: string }

type Charged =
  | { readonly kind: 'charged'; readonly slot: Instant | undefined }
  | Exclude<PrefixCharge, { readonly kind: 'charged' }>

async function chargePrefix(world: World, call: Call, { number, region, method }: OfPrefix): Promise<Charged> {
  const { sending } = world.policy
  const known = await lookAtPrefix(world, prefixOf(number))
  const now = later(world.clock.now(), known?.seen ?? world.clock.now())
  if (!judges(sending)) {
    const { hold } = known ?? {}
    return isHeld(hold, now) ? { kind: 'held', until: hold?.until } : { kind: 'charged', slot: undefined }
  }
  // Who is refused anyway does not stand in line: a flood of them would hold up those whose code was right.
  const would = known && charge(known, method, now, sending, sendingRules)
  if (would !== undefined && would.kind !== 'charged' && would.begins === undefined) return would
  return changePrefix<Charged>(world, call, { prefix: prefixOf(number), region, id: known?.id }, (prefix, now) => {
    const ending = charge(prefix, method, now, sending, sendingRules)
    if (ending.kind === 'charged') {
      return { ending: { kind: 'charged', slot: ending.slot }, change: { next: ending.next, events: [] } }
    }
    // The block is told once: to the one whose commit begins it.
    return { ending, change: ending.begins && { next: ending.begins, events: [] } }
  })
}

async function takeBack(world: World, call: Call, { number, region, method }: OfPrefix, slot: Instant): Promise<void> {
  await changePrefix(world, settling(call), { prefix: prefixOf(number), region }, prefix => ({
    ending: 'taken_back',
    change: { next: refund(prefix, method, slot), events: [] },
  }))
}

/** A code that was sent to a phone came back right. That counts for its prefix, and holds up nobody: the person is in. */
export async function codeCameBack(world: World, call: Call, { number, method }: PhoneCode): Promise<void> {
  if (!judges(world.policy.sending)) return
  const { region } = lineOf(number)
  try {
    await changePrefix(world, settling(call), { prefix: prefixOf(number), region }, (prefix, now) => ({
      ending: 'counted',
      change: { next: cameBack(prefix, method, now, sendingRules), events: [] },
    }))
    world.watch.phoneCode('came_back')
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error
  }
}

// Only the other way of two; and only where nothing stands against it, so that nobody is sent round in a circle.
async function otherWays(world: World, number: string, method: CodeMethod): Promise<readonly CodeMethod[]> {
  const other = method === 'sms' ? 'voice' : 'sms'
  const prefix = await lookAtPrefix(world, prefixOf(number))
  if (prefix === undefined) return []
  const now = later(world.clock.now(), prefix.seen)
  const { kind } = charge(prefix, other, now, world.policy.sending, sendingRules)
  return kind === 'charged' ? [other] : []
}

function lineOf(number: string) {
  const parsed = parseNumber(number)
  if (parsed.kind === 'number') return parsed
  return { region: '001', type: 'unknown' } as const
}

function refused<K extends 'country_not_served' | 'line_not_served'>(world: World, kind: K): { readonly kind: K } {
  world.watch.phoneCode(kind)
  return { kind }
}

function pausedFor(
  world: World,
  why: SendingRefusal,
  retryAt: Instant | undefined,
  ways: readonly CodeMethod[] = [],
): CodesPaused {
  world.watch.phoneCode(why)
  return { kind: 'codes_paused', retryAt, now: world.clock.now(), ways }
}
