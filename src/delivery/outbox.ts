// The outbox worker: takes messages that were committed with what caused them, and hands them to couriers.
//
//              take (lease)          taken
//   waiting ───────────────▶ leased ────────▶ sent (kept for a while in the sandbox, else gone)
//      ▲                        │ failed: again, later each time, with jitter
//      └────────────────────────┤
//                               └ refused, or its time is over ──▶ dead (a late code is worse than none)
//
// At least once: a worker that dies leaves the lease to run out, and another node sends the message again under the same
// id. Nothing is ever sent from inside a request.

import type { Clock } from '#core/kernel/clock.ts'
import { after, day, type Instant, type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import { openMessage } from '#records/records.ts'
import type { Dice } from '#secrets/dice.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Settlement, Store, TakenMessage } from '#storage/store.ts'
import type { Couriers } from './courier.ts'

export type OutboxOptions = {
  readonly store: Store
  readonly secrets: Secrets
  readonly clock: Clock
  /** For the jitter of retries. */
  readonly dice: Dice
  readonly couriers: Couriers
  /** How long a sent message is kept; 0 drops it at once. */
  readonly keepsSent: Milliseconds
  readonly watch: {
    readonly sent: (channel: string) => void
    readonly dead: (channel: string) => void
    readonly broke: (error: unknown) => void
    /** Since when the oldest message waits, if any does. */
    readonly waiting: (oldestDue: Instant | undefined) => void
  }
}

export type Outbox = {
  /** There is, or may be, something to send. Never waits. */
  nudge(): void
  /** Sends what is due right now, once. For tests and for whoever moved the clock. */
  drain(): Promise<void>
  /** Whether the worker goes round. */
  running(): boolean
  /** Finishes what was taken, and takes no more. */
  stop(): Promise<void>
}

const batch = 64
const lease: Milliseconds = minute
// Other nodes' messages and ended leases are looked for this often; our own commits nudge.
const look: Milliseconds = second
const firstWait: Milliseconds = 2 * second
const longestWait: Milliseconds = 5 * minute
// Long enough for a person to look into why; then the sealed text goes too.
const keepsDead: Milliseconds = 30 * day
const sweepEvery: Milliseconds = minute

export function startOutbox(options: OutboxOptions): Outbox {
  const { store, clock } = options
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined
  let again = false
  let swept = clock.now()

  const sweep = async () => {
    const now = clock.now()
    if (now < after(swept, sweepEvery)) return
    swept = now
    await store.dropKeptMessages(now)
  }

  // One round at a time; a nudge in the middle of one asks for another.
  const go = (): Promise<void> => {
    if (ending.signal.aborted) return round ?? Promise.resolve()
    if (round !== undefined) {
      again = true
      return round
    }
    clearTimeout(timer)
    round = sendDue(options, ending.signal)
      .then(sweep)
      .catch(options.watch.broke)
      .finally(() => {
        round = undefined
        if (ending.signal.aborted) return
        if (again) {
          again = false
          void go()
          return
        }
        timer = setTimeout(go, look).unref()
      })
    return round
  }
  void go()

  return {
    nudge: () => void go(),
    async drain() {
      while (round !== undefined) await round
      await go()
    },
    running: () => !ending.signal.aborted,
    async stop() {
      ending.abort()
      clearTimeout(timer)
      await round
    },
  }
}

async function sendDue(options: OutboxOptions, signal: AbortSignal): Promise<void> {
  const { store, clock } = options
  for (;;) {
    const now = clock.now()
    const taken = await store.takeMessages(now, after(now, lease), batch)
    if (taken.length === 0) break
    const settlements = await Promise.all(
      taken.map(async message => ({ id: message.id, settlement: await sendOne(options, message, signal) })),
    )
    await store.settleMessages(settlements)
    if (signal.aborted) return
  }
  options.watch.waiting(await store.nextMessageDue())
}

async function sendOne(options: OutboxOptions, taken: TakenMessage, signal: AbortSignal): Promise<Settlement> {
  const { clock, couriers, keepsSent, watch } = options
  const message = openMessage(options.secrets, taken)
  const dead = (reason: string): Settlement => {
    watch.dead(message.channel)
    return { kind: 'dead', at: clock.now(), reason, keepUntil: after(clock.now(), keepsDead) }
  }
  if (clock.now() >= taken.expires) return dead('expired')
  const courier = couriers[message.channel]
  if (courier === undefined) return dead('no_courier')
  try {
    const ending = await courier.send(message, taken.id, signal)
    const at = clock.now()
    if (ending.kind === 'refused') return dead(ending.reason)
    if (ending.kind === 'failed') return { kind: 'again', due: after(at, wait(options, taken.attempt)) }
    watch.sent(message.channel)
    return { kind: 'sent', at, keepUntil: keepsSent === 0 ? undefined : after(at, keepsSent) }
  } catch (error) {
    watch.broke(error)
    return { kind: 'again', due: after(clock.now(), wait(options, taken.attempt)) }
  }
}

// Doubling, with half of it left to chance, so that a provider that comes back is not met by everybody at once.
function wait(options: OutboxOptions, attempt: number): Milliseconds {
  const full = Math.min(longestWait, firstWait * 2 ** Math.min(attempt - 1, 20))
  const [chance = 0] = options.dice.bytes(1)
  return full / 2 + (full / 2) * (chance / 255)
}
