// The outbox worker: takes messages that were committed with what caused them, and hands them to couriers.
//
//              take (lease)          taken
//   waiting ───────────────▶ leased ────────▶ sent (kept for a while in the sandbox, else gone)
//      ▲                        │ failed, or no answer in time: again, later each time, with jitter
//      └────────────────────────┤ later: again, when the courier wants to be asked what became of it
//                               └ refused, or its time is over ──▶ dead (a late code is worse than none)
//
//   a round   settle what ended ─▶ look around, now and then ─▶ take what hands are free for ─▶ hand over, each for itself
//      ▲                                                                                                    │ ended
//      └────────────────────────────────────────────────────────────────────────────────────────────────────┘
//
// Once, as long as nothing breaks: a handing ends before its lease does, and is settled as soon as it ended, whatever
// becomes of the others. At least once when something does: a node that dies leaves the lease to run out, and another
// node hands the message over under the same id. Nothing is ever sent from inside a request.

import { setImmediate } from 'node:timers/promises'
import type { Clock } from '#core/kernel/clock.ts'
import { after, day, type Instant, type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { openMessage } from '#records/records.ts'
import type { Dice } from '#secrets/dice.ts'
import type { Secrets } from '#secrets/secrets.ts'
import { type Settlement, type Store, StoreAway, type TakenMessage } from '#storage/store.ts'
import type { Courier, CourierEnding, Couriers } from './courier.ts'

export type OutboxOptions = {
  readonly store: Store
  readonly secrets: Secrets
  readonly clock: Clock
  /** For the jitter of retries and of looking around. */
  readonly dice: Dice
  readonly couriers: Couriers
  /** How long a sent message is kept; 0 drops it at once. */
  readonly keepsSent: Milliseconds
  readonly bounds?: Partial<OutboxBounds>
  readonly watch: {
    readonly sent: (channel: string) => void
    /** `channel` is `unread` for a message that expired before anybody could open it. */
    readonly dead: (channel: string) => void
    readonly broke: (error: unknown) => void
    /** Since when the oldest message waits, if any does. */
    readonly waiting: (oldestDue: Instant | undefined) => void
  }
}

/** Times in milliseconds. */
export type OutboxBounds = {
  /** Handings at once. No more is taken than can be handed over right away: a lease is not for standing in a queue. */
  readonly atOnce: number
  /** How long a taken message is nobody else's: so long the messages of a node that died are kept back. */
  readonly lease: Milliseconds
  /** How long a courier has for its answer. The rest of the lease is for a database that is slow to hear of it. */
  readonly answer: Milliseconds
  /** How often other nodes' messages and ended leases are looked for; our own commits nudge. */
  readonly look: Milliseconds
  /** How long handings go on after a stop before they are called off. */
  readonly farewell: Milliseconds
}

/** Our bounds. */
export const outboxBounds: OutboxBounds = {
  atOnce: 64,
  lease: 30 * second,
  answer: 20 * second,
  look: second,
  farewell: 5 * second,
}

export type Outbox = {
  /** There is, or may be, something to send. Never waits. */
  nudge(): void
  /** Sends what is due right now, once. For tests and for whoever moved the clock. */
  drain(): Promise<void>
  /** Whether the worker goes round. */
  running(): boolean
  /** Hands over what is due by now, and takes no more. Over when all is settled, at the latest a farewell later. */
  stop(): Promise<void>
}

const firstWait: Milliseconds = 2 * second
const longestWait: Milliseconds = 5 * minute
// Long enough for a person to look into why; then the sealed text goes too.
const keepsDead: Milliseconds = 30 * day
const sweepEvery: Milliseconds = minute

/** `tell`: tells the courier that it is settled. */
type Ended = {
  readonly id: string
  readonly settlement: Settlement
  readonly leaseEnds: Instant
  readonly tell: () => Promise<void> | undefined
}

/** Starts the worker, which looks around at once. */
export function startOutbox(options: OutboxOptions): Outbox {
  const { store, clock, watch } = options
  const bounds = { ...outboxBounds, ...options.bounds }
  const handings = new Map<AbortController, Promise<void>>()
  let ended: readonly Ended[] = []
  let isDue = false
  let looks = false
  let calledOff = false
  let stopped = false
  let swept = clock.now()

  const settleEnded = async () => {
    // To free a message whose lease is over would take it out of the hands of the node that has it now.
    const settling = ended.filter(each => each.settlement.kind !== 'again' || clock.now() < each.leaseEnds)
    ended = []
    if (settling.length > 0) await settle(settling)
  }

  const settle = async (settling: readonly Ended[]) => {
    try {
      await store.settleMessages(settling.map(({ id, settlement }) => ({ id, settlement })))
      const over = settling.filter(each => each.settlement.kind !== 'again')
      await Promise.all(over.map(({ tell }) => tell()?.catch(watch.broke)))
    } catch (error) {
      // What left has left: that is said until the database hears it, or the message would leave twice.
      if (error instanceof StoreAway) ended = [...settling, ...ended]
      if (error instanceof StoreAway || settling.length === 1) throw error
      // One that cannot be settled takes no other with it: they too would leave twice.
      for (const each of settling) await settle([each]).catch(watch.broke)
    }
  }

  const lookAround = async () => {
    if (!looks) return
    looks = false
    const next = await store.nextMessageDue()
    watch.waiting(next)
    if (next !== undefined && next <= clock.now()) isDue = true
  }

  const take = async () => {
    const free = bounds.atOnce - handings.size
    if (!isDue || free <= 0 || stopped) return
    isDue = false
    const now = clock.now()
    const leaseEnds = after(now, bounds.lease)
    const taken = await store.takeMessages(now, leaseEnds, free)
    if (taken.length === free) isDue = true
    for (const message of taken) begin(message, leaseEnds)
  }

  const begin = (message: TakenMessage, leaseEnds: Instant) => {
    const callOff = new AbortController()
    if (calledOff) callOff.abort()
    const handing = async () => {
      const over = await handOver(options, message, { leaseEnds, answer: bounds.answer, callOff })
      if (over !== undefined) ended = [...ended, { id: message.id, leaseEnds, ...over }]
      handings.delete(callOff)
      void go()
    }
    handings.set(callOff, handing())
  }

  const sweep = async () => {
    const now = clock.now()
    if (now < after(swept, sweepEvery) || stopped) return
    swept = now
    await store.dropKeptMessages(now)
  }

  /** Answers whether something is still under way. */
  const turn = async (): Promise<boolean> => {
    try {
      await settleEnded()
      await lookAround()
      await take()
      await sweep()
      return handings.size > 0 || ended.length > 0
    } catch (error) {
      watch.broke(error)
      return false
    }
  }

  // One round at a time. One that has not begun serves all who ask for it, so what ends together is settled together.
  let round: Promise<boolean> = Promise.resolve(false)
  let next: Promise<boolean> | undefined
  const go = (): Promise<boolean> => {
    next ??= round
      .then(() => setImmediate())
      .then(() => {
        next = undefined
        return turn()
      })
    round = next
    return round
  }

  const look = (): Promise<boolean> => {
    looks = true
    return go()
  }
  // Each node at a pace of its own: those that were started together do not go on looking together.
  const pace = bounds.look * (0.75 + chance(options.dice) / 2)
  const timer = setInterval(look, pace).unref()
  void look()

  return {
    nudge() {
      isDue = true
      void go()
    },
    async drain() {
      for (let busy = await look(); busy; busy = await go()) await Promise.all(handings.values())
    },
    running: () => !stopped,
    async stop() {
      clearInterval(timer)
      const callingOff = setTimeout(() => {
        calledOff = true
        for (const callOff of handings.keys()) callOff.abort()
      }, bounds.farewell)
      // The last requests' messages leave too.
      await go()
      stopped = true
      await Promise.all(handings.values())
      clearTimeout(callingOff)
      await go()
    },
  }
}

type Terms = { readonly leaseEnds: Instant; readonly answer: Milliseconds; readonly callOff: AbortController }

type Over = Pick<Ended, 'settlement' | 'tell'>

/** Never throws. `undefined`: it is not ours to settle. */
async function handOver(options: OutboxOptions, taken: TakenMessage, terms: Terms): Promise<Over | undefined> {
  // The database was so slow to answer that another node may have it by now.
  if (options.clock.now() >= terms.leaseEnds) return undefined
  const message = read(options, taken)
  const tell = () => message && options.couriers[message.channel]?.settled?.(message, taken.id)
  return { settlement: await settlementOf(options, taken, message, terms), tell }
}

async function settlementOf(
  options: OutboxOptions,
  taken: TakenMessage,
  message: Message | undefined,
  terms: Terms,
): Promise<Settlement> {
  const { clock, couriers, keepsSent, watch } = options
  const now = clock.now()
  const dead = (reason: string): Settlement => {
    watch.dead(message?.channel ?? 'unread')
    return { kind: 'dead', at: clock.now(), reason, keepUntil: after(clock.now(), keepsDead) }
  }
  const again = (): Settlement => ({ kind: 'again', due: after(clock.now(), wait(options, taken.attempt)) })
  const sent = (channel: string): Settlement => {
    watch.sent(channel)
    return { kind: 'sent', at: clock.now(), keepUntil: keepsSent === 0 ? undefined : after(clock.now(), keepsSent) }
  }
  const courier = message && couriers[message.channel]
  if (message === undefined) return now >= taken.expires ? dead('expired') : again()
  try {
    if (now >= taken.expires) {
      return (await courier?.expired?.(message, taken.id)) === 'sent' ? sent(message.channel) : dead('expired')
    }
    if (courier === undefined) return dead('no_courier')
    const time = Math.min(terms.answer, taken.expires - now)
    const ending = await answerOf(courier, message, taken, time, terms.callOff)
    if (ending.kind === 'refused') return dead(ending.reason)
    if (ending.kind === 'later') return { kind: 'again', due: ending.at }
    return ending.kind === 'failed' ? again() : sent(message.channel)
  } catch (error) {
    watch.broke(error)
    return again()
  }
}

// One that does not open here may open elsewhere, or later: it is no reason to hold up the others, or to throw it away.
function read({ secrets, watch }: OutboxOptions, taken: TakenMessage): Message | undefined {
  try {
    return openMessage(secrets, taken)
  } catch (error) {
    watch.broke(error)
    return undefined
  }
}

/** What the courier answers in `time`, unless it is called off. One that does not heed its signal is not waited for. */
async function answerOf(
  courier: Courier,
  message: Message,
  { id, expires }: TakenMessage,
  time: Milliseconds,
  callOff: AbortController,
): Promise<CourierEnding> {
  const { signal } = callOff
  const silence: CourierEnding = { kind: 'failed', reason: 'timed_out' }
  if (signal.aborted) return silence
  const silent = new Promise<CourierEnding>(resolve => {
    signal.addEventListener('abort', () => resolve(silence), { once: true })
  })
  const timer = setTimeout(() => callOff.abort(), time)
  try {
    return await Promise.race([courier.send(message, id, signal, expires), silent])
  } finally {
    clearTimeout(timer)
  }
}

// Doubling, with half of it left to chance, so that a provider that comes back is not met by everybody at once.
function wait({ dice }: OutboxOptions, attempt: number): Milliseconds {
  const full = Math.min(longestWait, firstWait * 2 ** Math.min(attempt - 1, 20))
  return full / 2 + (full / 2) * chance(dice)
}

/** From 0 to 1. */
function chance(dice: Dice): number {
  const [byte = 0] = dice.bytes(1)
  return byte / 255
}
