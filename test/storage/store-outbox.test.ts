// What any store does with messages. Run over every store there is.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import type { Store } from '#storage/store.ts'
import { commitOf, message } from './samples.ts'
import { openFor, stores } from './stores.ts'

for (const [name, under] of Object.entries(stores)) {
  describe(`${name} store: outbox`, () => {
    const at = instantAt
    const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id)

    async function openWith(t: Parameters<typeof openFor>[0], messages: ReturnType<typeof message>[]): Promise<Store> {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { messages }))
      return store
    }

    test('messages are given when they are due, in order of due, not before', async t => {
      const store = await openWith(t, [message('late', 30), message('b', 20), message('a', 20), message('first', 10)])
      assert.equal(await store.nextMessageDue(), 10)
      assert.deepEqual(await store.takeMessages(at(9), at(99), 10), [])
      assert.deepEqual(await store.takeMessages(at(20), at(99), 10), [
        { ...message('first', 10), attempt: 1 },
        { ...message('a', 20), attempt: 1 },
        { ...message('b', 20), attempt: 1 },
      ])
      assert.equal(await store.nextMessageDue(), 30)
    })

    test('a taken message is given to nobody else before its lease ends, and again afterwards', async t => {
      const store = await openWith(t, [message('m', 10)])
      assert.deepEqual(ids(await store.takeMessages(at(10), at(50), 10)), ['m'])
      assert.deepEqual(await store.takeMessages(at(49), at(90), 10), [])
      assert.equal(await store.nextMessageDue(), 50)
      assert.deepEqual(await store.takeMessages(at(50), at(90), 10), [{ ...message('m', 10), attempt: 2 }])
    })

    test('many takers at once are given each message once, the longest due first', async t => {
      const messages = Array.from({ length: 100 }, (_, i) => message(`m${String(i).padStart(3, '0')}`, i))
      const store = await openWith(t, messages)
      const taken = await Promise.all(Array.from({ length: 9 }, () => store.takeMessages(at(500), at(900), 11)))
      assert.deepEqual(ids(taken.flat()).sort(), ids(messages).slice(0, 99))
      assert.deepEqual(ids(await store.takeMessages(at(500), at(900), 11)), ['m099'])
    })

    test('a sent message is dropped at once, or kept until its time is over', async t => {
      const store = await openWith(t, [message('drop', 10), message('keep', 10)])
      await store.takeMessages(at(10), at(50), 10)
      await store.settleMessages([
        { id: 'drop', settlement: { kind: 'sent', at: at(11), keepUntil: undefined } },
        { id: 'keep', settlement: { kind: 'sent', at: at(12), keepUntil: at(70) } },
      ])
      const kept = { ...message('keep', 10), state: 'sent', settledAt: at(12), reason: undefined }
      assert.deepEqual(await store.keptMessages(9), [kept])
      assert.equal(await store.nextMessageDue(), undefined)
      assert.deepEqual(await store.takeMessages(at(999), at(1_000), 9), [])
      await store.dropKeptMessages(at(69))
      assert.deepEqual(await store.keptMessages(9), [kept])
      await store.dropKeptMessages(at(70))
      assert.deepEqual(await store.keptMessages(9), [])
    })

    test('a message to be sent again is given again when it is due, and counts its attempts', async t => {
      const store = await openWith(t, [message('m', 10)])
      await store.takeMessages(at(10), at(50), 10)
      await store.settleMessages([{ id: 'm', settlement: { kind: 'again', due: at(30) } }])
      assert.equal(await store.nextMessageDue(), 30)
      assert.deepEqual(await store.takeMessages(at(29), at(90), 10), [])
      assert.deepEqual(await store.takeMessages(at(30), at(90), 10), [{ ...message('m', 30, 1_010), attempt: 2 }])
    })

    test('a moment between two milliseconds is refused, with what it came with, before anything is written', async t => {
      const store = await openWith(t, [message('m', 10), message('n', 10)])
      await store.takeMessages(at(10), at(50), 10)
      const sent = { id: 'n', settlement: { kind: 'sent', at: at(11), keepUntil: at(90) } } as const
      const odd = [
        { kind: 'again', due: at(30.5) },
        { kind: 'sent', at: at(30.5), keepUntil: undefined },
        { kind: 'dead', at: at(30), reason: 'expired', keepUntil: at(30.5) },
      ] as const
      for (const settlement of odd) {
        await assert.rejects(store.settleMessages([sent, { id: 'm', settlement }]), /whole milliseconds/)
      }
      assert.deepEqual(
        (await store.keptMessages(9)).map(each => each.state),
        ['waiting', 'waiting'],
      )
    })

    test('a dead message is never given again, and is kept with the reason', async t => {
      const store = await openWith(t, [message('m', 10)])
      await store.takeMessages(at(10), at(50), 10)
      await store.settleMessages([{ id: 'm', settlement: { kind: 'dead', at: at(20), reason: 'expired' } }])
      assert.deepEqual(await store.takeMessages(at(999), at(1_000), 9), [])
      await store.dropKeptMessages(at(9_999))
      const dead = { ...message('m', 10), state: 'dead', settledAt: at(20), reason: 'expired' }
      assert.deepEqual(await store.keptMessages(9), [dead])
    })

    test('settling twice, or what is not there, changes nothing', async t => {
      const store = await openWith(t, [message('m', 10)])
      await store.takeMessages(at(10), at(50), 10)
      await store.settleMessages([{ id: 'm', settlement: { kind: 'dead', at: at(20), reason: 'refused' } }])
      const before = await store.keptMessages(9)
      await store.settleMessages([
        { id: 'm', settlement: { kind: 'again', due: at(30) } },
        { id: 'm', settlement: { kind: 'sent', at: at(31), keepUntil: at(99) } },
        { id: 'nobody', settlement: { kind: 'sent', at: at(31), keepUntil: at(99) } },
      ])
      assert.deepEqual(await store.keptMessages(9), before)
    })

    test('a dead message that is kept until a moment is dropped at that moment, and not before', async t => {
      const store = await openWith(t, [message('m', 10)])
      await store.takeMessages(at(10), at(50), 9)
      const settlement = { kind: 'dead', at: at(20), reason: 'expired', keepUntil: at(30) } as const
      await store.settleMessages([{ id: 'm', settlement }])
      await store.dropKeptMessages(at(29))
      assert.equal((await store.keptMessages(9)).length, 1)
      await store.dropKeptMessages(at(30))
      assert.deepEqual(await store.keptMessages(9), [])
    })

    test('waiting, sent and dead messages are shown newest due first, at most so many', async t => {
      const store = await openWith(t, [message('a', 10), message('b', 20), message('c', 30), message('d', 40)])
      await store.takeMessages(at(30), at(99), 9)
      await store.settleMessages([
        { id: 'a', settlement: { kind: 'sent', at: at(31), keepUntil: at(99) } },
        { id: 'b', settlement: { kind: 'dead', at: at(31), reason: 'refused' } },
      ])
      const kept = (await store.keptMessages(9)).map(({ id, state }) => `${id} ${state}`)
      assert.deepEqual(kept, ['d waiting', 'c waiting', 'b dead', 'a sent'])
      assert.deepEqual(ids(await store.keptMessages(2)), ['d', 'c'])
      assert.deepEqual(await store.deadMessages(9, message('c', 20)), [await store.deadMessage('b')])
    })
  })
}
