// The runner: every change of a subject takes the same four steps, and lost races are retried here and nowhere else.
//
//     recall, or load ──▶ decide ──▶ commit ──▶ deliver (the outbox is told that messages wait)
//                ▲         (pure)      │
//                └───── lost race ─────┘   until the call's deadline
//
// What the request read before is recalled (see records/of-one-request.ts): a commit that is decided on it fails where it is
// not the newest any more. What changes nothing is decided on what is stored now.

import { type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { DocumentOf, EventOf, Kind } from '#records/kinds.ts'
import type { Changes, Subject } from '#records/records.ts'
import { type Call, Overdue, type World } from './world.ts'

/** What a decision comes to: an ending, and perhaps a change that must be durable before the ending is told. */
export type Step<K extends Kind, E> = {
  readonly ending: E
  readonly change?: StepChange<K> | undefined
  /** What it ends as where a name that the change adds is another subject's: nothing was changed then. */
  readonly taken?: E | undefined
}

export type StepChange<K extends Kind> = {
  readonly next: DocumentOf<K>
  readonly events: readonly EventOf<K>[]
  /** Written in the same commit. May read other subjects, for whom to tell. */
  readonly messages?: (() => Promise<readonly Outgoing[]>) | undefined
}

/** Changes one subject. `decide` is pure and may run more than once; `undefined` when there is no such subject. */
export async function change<K extends Kind, E>(
  world: World,
  call: Call,
  kind: K,
  id: string,
  decide: (document: DocumentOf<K>, now: Instant) => Step<K, E>,
): Promise<E | undefined> {
  return world.lanes(`${kind}/${id}`, call.party, async () => {
    let recalled = world.records.recall(kind, id)
    for (;;) {
      if (call.signal?.aborted) throw new Overdue('the time for this call is up')
      const subject = recalled ?? (await world.records.load(kind, id))
      if (subject === undefined) return undefined
      // Time never runs back for a subject: a clock that was set back grants no wait its end and no guess its refill.
      const now = later(world.clock.now(), subject.document.seen)
      const step = decide(subject.document, now)
      if (step.change === undefined && recalled === undefined) return step.ending
      recalled = undefined
      if (step.change === undefined) continue
      const ended = await commit(world, call, subject, step.change, now)
      if (ended === 'committed') return step.ending
      if (ended === 'handle_taken' && step.taken !== undefined) return step.taken
      assert(ended === 'lost_race', 'names that a change adds are random where no ending is made for taken ones')
    }
  })
}

/** Stores a subject that is new. False when its id or one of its names was taken first. */
export async function create<K extends Kind>(
  world: World,
  call: Call,
  kind: K,
  id: string,
  change: StepChange<K>,
): Promise<boolean> {
  const subject = world.records.unborn(kind, id, change.next)
  return (await commit(world, call, subject, change, world.clock.now())) === 'committed'
}

/** Stores a change of a subject as it was read. For who chooses among subjects; all others take {@link change}. */
export async function commit<K extends Kind>(
  world: World,
  call: Call,
  subject: Subject<K>,
  change: StepChange<K>,
  now: Instant,
): Promise<'committed' | 'lost_race' | 'handle_taken'> {
  const messages = (await change.messages?.()) ?? []
  const changes: Changes<K> = { document: { ...change.next, seen: now }, events: change.events, messages }
  const { kind } = await world.records.commit(subject, changes, { at: now, door: call.door, requestId: call.requestId })
  world.watch.commit(kind)
  if (kind === 'committed' && messages.length > 0) world.messagesWait()
  return kind
}

/** Times an action and counts how it ended. */
export async function watched<E extends { readonly kind: string }>(
  world: World,
  name: string,
  work: () => Promise<E>,
): Promise<E> {
  const end = world.watch.action(name)
  try {
    const ending = await world.running.during(work)
    end(ending.kind)
    return ending
  } catch (error) {
    end('broke')
    throw error
  }
}
