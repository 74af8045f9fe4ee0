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
import type { CourierEnding } from './courier.ts'
import { startOutbox } from './outbox.ts'

const begin = instantAt(1_800_000_000_000)
const sms: Message = { channel: 'sms', to: '+447700900123', text: 'a text' }

/** An outbox over a memory store, with a courier that answers as told and a clock that is moved by hand. */
function outboxWith(answers: readonly (CourierEnding | Error)[], keepsSent = 0) {
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
  const outbox = startOutbox({
    store,
    secrets,
    dice,
    clock: { now: () => now },
    couriers: {
      sms: {
        async send(message, id) {
          sent.push({ message, id, at: now })
          const answer = answers[Math.min(sent.length, answers.length) - 1] ?? { kind: 'taken' }
          if (answer instanceof Error) throw answer
          return answer
        },
      },
    },
    keepsSent,
    watch: {
      sent: () => {},
      dead: channel => dead.push(channel),
      broke: error => broke.push(error),
      waiting: () => {},
    },
  })
  return {
    outbox,
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
