import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, day, type Instant, instantAt, minute, second } from '#core/kernel/instant.ts'
import type { Message, Outgoing } from '#core/message/message.ts'
import { createRecords } from '#records/records.ts'
import { seededDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { memoryKeyRing } from '#secrets/key-ring.ts'
import { createSecrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import { type Store, StoreAway } from '#storage/store.ts'
import type { Courier, CourierEnding } from './courier.ts'
import { type Outbox, type OutboxBounds, outboxBounds, startOutbox } from './outbox.ts'

const begin = instantAt(1_800_000_000_000)
const sms: Message = { channel: 'sms', to: '+447700900123', text: 'a text' }

type Answers = readonly (CourierEnding | Error)[]
type More = {
  readonly bounds?: Partial<OutboxBounds>
  /** What the courier does instead of answering as told. */
  readonly send?: Courier['send']
  /** What stands between the worker and the store. */
  readonly through?: (store: Store) => Store
}

/** An outbox over a memory store, with a courier that answers as told and a clock that is moved by hand. */
function outboxWith(answers: Answers, keepsSent = 0, more: More = {}) {
  let now = begin
  const dice = seededDice('outbox')
  const ring = memoryKeyRing({ dice, now })
  const hashing = createHashingQueue({ parallel: 1, waiting: 1, now: () => now })
  const pinParameters = { memoryKiB: 8, passes: 1, lanes: 1 }
  const secrets = createSecrets({ ring, dice, pinParameters, hashing })
  const store = openMemoryStore()
  const records = createRecords(store, secrets)
  const sent: { message: Message; id: string; at: Instant }[] = []
  const dead: string[] = []
  const broke: unknown[] = []
  const courier: Courier = {
    async send(message, id, signal) {
      sent.push({ message, id, at: now })
      if (more.send !== undefined) return await more.send(message, id, signal)
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? { kind: 'taken' }
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  /** One more worker over the same store, as another node has. */
  const node = (sms: Courier): Outbox =>
    startOutbox({
      store: more.through?.(store) ?? store,
      secrets,
      dice,
      clock: { now: () => now },
      couriers: { sms },
      keepsSent,
      bounds: more.bounds ?? {},
      watch: { sent() {}, dead: channel => dead.push(channel), broke: error => broke.push(error), waiting() {} },
    })
  const outbox = node(courier)
  return {
    outbox,
    node,
    store,
    sent,
    dead,
    broke,
    async put(...messages: Outgoing[]) {
      const subject = records.unborn('application', secrets.newHexId(), {
        name: 'x',
        createdAt: now,
        seen: now,
        keyVerifier: '',
      })
      await records.commit(
        subject,
        { document: subject.document, events: [], messages },
        { at: now, door: 'rest', requestId: undefined },
      )
    },
    moveTo(moment: Instant) {
      now = moment
    },
    async at(moment: Instant) {
      now = moment
      await outbox.drain()
    },
  }
}

const due = (message = sms, expires = after(begin, 10 * minute)): Outgoing => ({ message, due: begin, expires })

test('a message is sent once, and what was sent is gone', async () => {
  const box = outboxWith([{ kind: 'taken' }])
  await box.put(due())
  await box.at(begin)
  await box.at(after(begin, 5 * minute))
  await box.outbox.stop()
  assert.deepEqual(
    box.sent.map(each => each.message),
    [sms],
  )
  assert.deepEqual(await box.store.keptMessages(10), [])
})

test('a courier that fails is tried again, later each time, under the same id', async () => {
  const failed: CourierEnding = { kind: 'failed', reason: 'unreachable' }
  const box = outboxWith([failed, failed, failed, { kind: 'taken' }])
  await box.put(due())
  for (let seconds = 0; seconds <= 60; seconds += 1) await box.at(after(begin, seconds * second))
  await box.outbox.stop()
  assert.equal(box.sent.length, 4)
  assert.equal(new Set(box.sent.map(each => each.id)).size, 1)
  const gaps = box.sent.slice(1).map((each, index) => each.at - (box.sent[index]?.at ?? 0))
  assert.ok(
    gaps.every((gap, index) => gap >= 2 ** index * second),
    `gaps ${gaps}`,
  )
})

test('a message that cannot be settled takes no other with it: those that left are gone, and the fault is told', async () => {
  const through = (store: Store): Store => ({
    ...store,
    settleMessages: async all =>
      await (all.some(each => each.settlement.kind === 'dead') ? Promise.reject('refused') : store.settleMessages(all)),
  })
  const box = outboxWith([{ kind: 'refused', reason: 'rejected' }, { kind: 'taken' }], 0, { through })
  await box.put(due(), due(), due())
  await box.at(begin)
  await box.outbox.stop()
  assert.deepEqual([(await box.store.keptMessages(10)).length, box.broke], [1, ['refused']])
})

test('a courier that throws loses nothing: the message is tried again and the fault is told', async () => {
  const box = outboxWith([new Error('a bug'), { kind: 'taken' }])
  await box.put(due())
  await box.at(begin)
  await box.at(after(begin, minute))
  await box.outbox.stop()
  assert.equal(box.sent.length, 2)
  assert.equal(box.broke.length, 1)
})

test('a late code is not sent: at its expiry, to the millisecond, a message is dead', async () => {
  const expires = after(begin, 10 * minute)
  for (const [moment, count] of [
    [after(expires, -1), 1],
    [expires, 0],
  ] as const) {
    const box = outboxWith([{ kind: 'taken' }])
    await box.outbox.stop()
    const late = outboxWith([{ kind: 'taken' }])
    await late.put({ ...due(), due: moment })
    await late.at(moment)
    await late.outbox.stop()
    assert.equal(late.sent.length, count)
    assert.equal(late.dead.length, 1 - count)
  }
})

test('what a provider refuses, and a channel nobody carries, is dead at once and kept to be looked at', async () => {
  const box = outboxWith([{ kind: 'refused', reason: 'rejected' }])
  await box.put(due(), due({ channel: 'voice', to: '+447700900123', text: 'said' }))
  await box.at(begin)
  await box.at(after(begin, 5 * minute))
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
  const kept = await box.store.keptMessages(10)
  assert.deepEqual(kept.map(each => [each.state, each.reason]).sort(), [
    ['dead', 'no_courier'],
    ['dead', 'rejected'],
  ])
})

test('what died is kept for thirty days and then dropped, text and all', async () => {
  const box = outboxWith([{ kind: 'refused', reason: 'rejected' }])
  await box.put(due())
  await box.at(begin)
  await box.at(after(begin, 30 * day - 1))
  assert.equal((await box.store.keptMessages(10)).length, 1)
  await box.at(after(begin, 30 * day + minute))
  await box.outbox.stop()
  assert.deepEqual(await box.store.keptMessages(10), [])
})

test('the sandbox keeps what was sent for as long as it says', async () => {
  const box = outboxWith([{ kind: 'taken' }], day)
  await box.put(due())
  await box.at(begin)
  assert.equal((await box.store.keptMessages(10))[0]?.state, 'sent')
  await box.at(after(begin, day - 1))
  assert.equal((await box.store.keptMessages(10)).length, 1)
  await box.at(after(begin, day + minute))
  await box.outbox.stop()
  assert.deepEqual(await box.store.keptMessages(10), [])
})

test('after a stop nothing more is taken', async () => {
  const box = outboxWith([{ kind: 'taken' }])
  await box.outbox.stop()
  await box.put(due())
  await box.at(begin)
  assert.equal(box.sent.length, 0)
  assert.equal(box.outbox.running(), false)
})

const { lease } = outboxBounds
const textTo = (last: number): Message => ({ ...sms, to: `+44770090010${last}` })
const taken: CourierEnding = { kind: 'taken' }
const never = new Promise<CourierEnding>(() => {})
const statesOf = async (store: Store) => (await store.keptMessages(100)).map(each => each.state).sort()

test('a courier that never answers holds up no other message, and its own is tried again', async () => {
  let others: Promise<readonly string[]> | undefined
  const box = outboxWith([], day, {
    bounds: { answer: 30 },
    send: async (message, _id, signal) => {
      if (message.to !== textTo(0).to) return taken
      signal.addEventListener('abort', () => {
        others = statesOf(box.store)
      })
      return await never
    },
  })
  await box.put(due(textTo(0)), due(textTo(1)), due(textTo(2)))
  await box.at(begin)
  assert.deepEqual(await others, ['sent', 'sent', 'waiting'])
  await box.at(after(begin, 2 * second))
  await box.outbox.stop()
  const sentTo = box.sent.map(each => each.message.to)
  assert.deepEqual(
    [...sentTo.slice(0, 3).sort(), sentTo[3]],
    [0, 1, 2, 0].map(last => textTo(last).to),
  )
})

test('no more is taken than there are hands, and a slow handing keeps one hand busy, not all', async () => {
  const slow = Promise.withResolvers<CourierEnding>()
  let [first, atOnce, most] = ['', 0, 0]
  const box = outboxWith([], day, {
    bounds: { atOnce: 2 },
    send: async message => {
      first ||= message.to
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise(resolve => setImmediate(resolve))
      if (message.to === first) await slow.promise
      atOnce -= 1
      if (box.sent.length === 6) slow.resolve(taken)
      return taken
    },
  })
  await box.put(...[0, 1, 2, 3, 4, 5].map(last => due(textTo(last))))
  await box.at(begin)
  await box.outbox.stop()
  assert.equal(most, 2)
  assert.equal(box.sent.length, 6)
  assert.deepEqual(await statesOf(box.store), Array(6).fill('sent'))
})

test('a message that does not open is told of, holds up no other, and is dead when its time is over', async () => {
  let spoilt: string | undefined
  const box = outboxWith([taken], day, {
    through: store => ({
      ...store,
      async takeMessages(...asked) {
        const given = await store.takeMessages(...asked)
        spoilt ??= given[0]?.id
        return given.map(each => (each.id === spoilt ? { ...each, body: new Uint8Array(80) } : each))
      },
    }),
  })
  await box.put(due(textTo(0)), due(textTo(1)), due(textTo(2)))
  await box.at(begin)
  assert.equal(box.broke.length, 1)
  await box.at(after(begin, lease))
  assert.equal(box.sent.length, 2)
  assert.deepEqual(await statesOf(box.store), ['sent', 'sent', 'waiting'])
  await box.at(after(begin, 10 * minute))
  await box.outbox.stop()
  assert.equal(box.sent.length, 2)
  assert.deepEqual(box.dead, ['unread'])
})

test('what left while the database was away is settled when it is back, and leaves no second time', async () => {
  let away = true
  const box = outboxWith([taken], day, {
    through: store => ({
      ...store,
      async settleMessages(settlements) {
        if (away) throw new StoreAway('away')
        await store.settleMessages(settlements)
      },
    }),
  })
  await box.put(due())
  await box.at(begin)
  assert.deepEqual(await statesOf(box.store), ['waiting'])
  away = false
  await box.at(after(begin, lease))
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
  assert.deepEqual(await statesOf(box.store), ['sent'])
})

test('a handing that outlived its lease frees nothing that another node has by now', async () => {
  const [one, other] = [Promise.withResolvers<CourierEnding>(), Promise.withResolvers<CourierEnding>()]
  const begun = Promise.withResolvers<void>()
  const box = outboxWith([], day, { send: () => one.promise })
  await box.put(due())
  const first = box.outbox.drain()
  await until(() => box.sent.length === 1)
  box.moveTo(after(begin, lease))
  const late = box.node({
    send() {
      begun.resolve()
      return other.promise
    },
  })
  await begun.promise
  one.resolve({ kind: 'failed', reason: 'unreachable' })
  await first
  box.moveTo(after(begin, 2 * lease - 1))
  await box.outbox.drain()
  assert.equal(box.sent.length, 1)
  other.resolve(taken)
  await late.stop()
  await box.outbox.stop()
  assert.deepEqual(await statesOf(box.store), ['sent'])
})

test('a message whose lease ended before the database answered is left to whoever has it now', async () => {
  const box = outboxWith([taken], day, {
    through: store => ({
      ...store,
      async takeMessages(...asked) {
        const given = await store.takeMessages(...asked)
        if (given.some(each => each.attempt === 1)) box.moveTo(after(begin, lease))
        return given
      },
    }),
  })
  await box.put(due())
  await box.at(begin)
  assert.deepEqual(await statesOf(box.store), ['waiting'])
  assert.equal(box.sent.length, 0)
  await box.outbox.drain()
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
})

test('a stop hands over what was committed before it, and waits for the answer', async () => {
  const answered = Promise.withResolvers<CourierEnding>()
  let signalled: AbortSignal | undefined
  const box = outboxWith([], day, {
    send: (_message, _id, signal) => {
      signalled = signal
      return answered.promise
    },
  })
  await box.put(due())
  box.outbox.nudge()
  const stopped = box.outbox.stop()
  await until(() => signalled !== undefined)
  // Whatever a stop would do without waiting is done by then.
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  const isOver = await Promise.race([stopped.then(() => true), false])
  answered.resolve(taken)
  await stopped
  assert.equal(isOver, false)
  assert.equal(signalled?.aborted, false)
  assert.deepEqual(await statesOf(box.store), ['sent'])
})

test('a stop ends although a courier never answers, and the message is free for another node', async () => {
  const box = outboxWith([], day, { bounds: { farewell: 30 }, send: () => never })
  await box.put(due())
  box.outbox.nudge()
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
  assert.equal((await box.store.takeMessages(after(begin, 2 * second), after(begin, lease), 9)).length, 1)
})

test('a handing is called off when its message expires', async () => {
  const box = outboxWith([], day, { send: () => never })
  await box.put(due(sms, after(begin, 30)))
  await box.at(begin)
  assert.deepEqual(await statesOf(box.store), ['waiting'])
  await box.at(after(begin, 2 * second))
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
  assert.deepEqual(await statesOf(box.store), ['dead'])
})

test('a clock that is set back sends nothing twice, and what is committed then leaves', async () => {
  const box = outboxWith([taken, { kind: 'failed', reason: 'unreachable' }, taken])
  await box.put(due(textTo(0)))
  await box.at(begin)
  await box.put(due(textTo(1)))
  await box.at(begin)
  const back = after(begin, -60 * minute)
  await box.at(back)
  await box.put({ message: textTo(2), due: back, expires: after(back, minute) })
  await box.at(back)
  await box.at(after(begin, 2 * second))
  await box.outbox.stop()
  assert.deepEqual(
    box.sent.map(each => each.message.to),
    [0, 1, 2, 1].map(last => textTo(last).to),
  )
})

test('a node that nobody nudges finds what another node committed and left', async () => {
  const box = outboxWith([], 0, { bounds: { look: 5 } })
  await box.outbox.drain()
  await box.put(due())
  await until(() => box.sent.length > 0)
  await box.outbox.stop()
  assert.equal(box.sent.length, 1)
})

/** Lets everything else go on until it is so. */
async function until(holds: () => boolean): Promise<void> {
  const late = AbortSignal.timeout(5_000)
  while (!holds()) {
    assert.ok(!late.aborted, 'it should be so by now')
    await new Promise(resolve => setImmediate(resolve))
  }
}
