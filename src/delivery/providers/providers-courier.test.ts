// Fail-over, receipts and crashes: what a person gets, and how often, whatever providers do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, day, minute, second } from '#core/kernel/instant.ts'
import { begin, code, houseWith } from '#test/delivery/house.ts'
import type { Provider, ProviderEnding } from './provider.ts'

/** A provider that answers as told, the last way for good. */
function provider(name: string, answers: readonly ProviderEnding[], more: Partial<Provider> = {}) {
  const sent: string[] = []
  const made: Provider = {
    ...{ name, channel: 'sms', rank: Number(name.replace(/\D/g, '')) || 1, countries: 'all', receiptWait: 45 * second },
    async send({ message }) {
      sent.push(message.text)
      return answers[Math.min(sent.length, answers.length) - 1] ?? { kind: 'taken' }
    },
    ...more,
  }
  return Object.assign(made, { sent })
}

const taken = (ref?: string): ProviderEnding => (ref === undefined ? { kind: 'taken' } : { kind: 'taken', ref })
const failed: ProviderEnding = { kind: 'failed', fault: 'unreachable' }
const silent: ProviderEnding = { kind: 'silent', fault: 'no_answer' }
const declined: ProviderEnding = { kind: 'declined', fault: 'destination' }

/** Makes receipts something that usually comes from it. */
const tells = (house: ReturnType<typeof houseWith>, name: string) => {
  for (let time = 0; time < 9; time += 1) house.standings.heard(name, 'GB', 'delivered')
}

test('the first provider carries it, a receipt closes the loop, and nothing is left', async () => {
  const [one, two] = [provider('p1', [taken('x')]), provider('p2', [taken()])]
  const house = houseWith([one, two])
  await house.put()
  await house.at(begin)
  assert.deepEqual(await house.states(), ['waiting'])
  assert.equal(await house.courier.receive('p1', { ref: 'x', state: 'delivered' }), 'stored')
  await house.at(after(begin, minute))
  assert.deepEqual([one.sent.length, two.sent.length], [1, 0])
  assert.deepEqual([await house.states(), await house.deliveries()], [[], 0])
  assert.equal(await house.courier.receive('p1', { ref: 'x', state: 'delivered' }), 'unknown')
})

test('errors and silence of one provider are made up for by the next, at once, with the same text', async () => {
  for (const answer of [failed, silent, declined, { kind: 'later', fault: 'throttled', wait: second } as const]) {
    const [one, two] = [provider('p1', [answer]), provider('p2', [taken()], { receiptWait: undefined })]
    const house = houseWith([one, two])
    await house.put()
    await house.at(begin)
    assert.deepEqual([one.sent, two.sent], [[code.text], [code.text]], answer.kind)
    assert.deepEqual([await house.states(), await house.deliveries()], [[], 0])
  }
})

test('a receipt that says it did not arrive has the next provider asked at once; it arrives once', async () => {
  const [one, two] = [provider('p1', [taken('x')]), provider('p2', [taken('y')])]
  const house = houseWith([one, two])
  await house.put()
  await house.at(begin)
  await house.courier.receive('p1', { ref: 'x', state: 'undelivered' })
  await house.courier.receive('p1', { ref: 'x', state: 'undelivered' })
  await house.outbox.drain()
  assert.deepEqual([one.sent.length, two.sent.length], [1, 1])
  await house.courier.receive('p2', { ref: 'y', state: 'delivered' })
  await house.at(after(begin, minute))
  assert.deepEqual([one.sent.length, two.sent.length], [1, 1])
  assert.deepEqual([await house.states(), await house.deliveries()], [[], 0])
})

test('no receipt in time, from one that usually sends them, has the next provider asked', async () => {
  const [one, two] = [provider('p1', [taken('x')]), provider('p2', [taken('y')])]
  const house = houseWith([one, two])
  tells(house, 'p1')
  await house.put()
  await house.at(begin)
  await house.at(after(begin, 45 * second - 1))
  assert.equal(two.sent.length, 0)
  await house.at(after(begin, 45 * second))
  assert.equal(two.sent.length, 1)
  // The first one is heard of after all.
  await house.courier.receive('p1', { ref: 'x', state: 'delivered' })
  await house.at(after(begin, 5 * minute))
  assert.deepEqual([one.sent.length, two.sent.length, await house.deliveries()], [1, 1, 0])
})

test('one that never sends receipts is believed, and nothing is sent twice', async () => {
  const [one, two] = [provider('p1', [taken('x')]), provider('p2', [taken('y')])]
  const house = houseWith([one, two])
  await house.put()
  for (const seconds of [0, 45, 120, 600]) await house.at(after(begin, seconds * second))
  assert.deepEqual([one.sent.length, two.sent.length], [1, 0])
  assert.deepEqual(await house.states(), [])
})

test('after a crash between asking and hearing the answer, another provider is asked, not the same one blindly', async () => {
  const stuck = provider('p1', [], { send: () => new Promise(() => {}) })
  const two = provider('p2', [taken('y')])
  const house = houseWith([stuck, two])
  const id = await house.put()
  void house.courier.send(code, id, new AbortController().signal, after(begin, 10 * minute))
  while ((await house.deliveries()) === 0) await new Promise(resolve => setImmediate(resolve))
  // Another node, which knows no more than the database.
  await house.at(begin)
  assert.deepEqual(two.sent, [code.text])
})

test('a provider that is down for a day loses nothing: what still counts leaves when it is back, and no late code', async () => {
  let up = false
  const one = provider('p1', [], {
    receiptWait: undefined,
    send: async ({ message }) => {
      one.sent.push(message.text)
      return up ? taken() : failed
    },
  })
  const house = houseWith([one])
  await house.put()
  await house.put({ channel: 'sms', to: code.to, text: 'a notice' }, after(begin, 7 * day))
  for (let minutes = 0; minutes < 24 * 60; minutes += 10) await house.at(after(begin, minutes * minute))
  const tries = one.sent.length
  up = true
  one.sent.length = 0
  await house.at(after(begin, day))
  await house.at(after(begin, day + 10 * minute))
  assert.deepEqual(one.sent, ['a notice'])
  assert.deepEqual(await house.states(), ['expired'])
  assert(tries < 400, `${tries} tries`)
})

test('a code that was replaced or used is not sent any more, also when its provider is back', async () => {
  let wanted = true
  const one = provider('p1', [failed, taken()])
  const house = houseWith([one], { isWanted: async () => wanted })
  await house.put()
  await house.at(begin)
  wanted = false
  await house.at(after(begin, minute))
  assert.equal(one.sent.length, 1)
  assert.deepEqual(await house.states(), ['replaced'])
})

test('a message that one took is not called dead because its time ended before anybody looked again', async () => {
  const one = provider('p1', [taken('x')])
  const house = houseWith([one])
  await house.put()
  await house.at(begin)
  await house.at(after(begin, day))
  assert.deepEqual([await house.states(), house.dead, await house.deliveries()], [[], [], 0])
})

test('what everybody declines, and what arrives nowhere, is a dead letter that says so', async () => {
  const refusing = houseWith([provider('p1', [declined]), provider('p2', [declined])])
  await refusing.put()
  await refusing.at(begin)
  assert.deepEqual(await refusing.states(), ['rejected'])

  const losing = houseWith([provider('p1', [taken('x')]), provider('p2', [taken('y')])])
  await losing.put()
  await losing.at(begin)
  await losing.courier.receive('p1', { ref: 'x', state: 'undelivered' })
  await losing.outbox.drain()
  await losing.courier.receive('p2', { ref: 'y', state: 'undelivered' })
  await losing.at(after(begin, 2 * minute))
  assert.deepEqual([await losing.states(), await losing.deliveries()], [['undelivered'], 0])
})

test('a provider is asked only for the countries and the channel that it serves', async () => {
  const [french, calls] = [
    provider('p1', [taken()], { countries: ['FR'] }),
    provider('p2', [taken()], { channel: 'voice' }),
  ]
  const british = provider('p3', [taken()], { countries: ['GB', 'IE'] })
  const house = houseWith([french, calls, british])
  await house.put()
  await house.at(begin)
  assert.deepEqual([french.sent, calls.sent, british.sent], [[], [], [code.text]])
})

test('a provider that names two messages alike gets no say over the first', async () => {
  const one = provider('p1', [taken('same')])
  const house = houseWith([one])
  await house.put()
  await house.put()
  await house.at(begin)
  assert.equal(one.sent.length, 2)
  assert.equal(house.broke.length, 0)
  await house.at(after(begin, minute))
  assert.deepEqual([one.sent.length, await house.states(), await house.deliveries()], [2, [], 0])
})

test('a provider that never answers is given up in time, and its signal says so', async () => {
  const heard: boolean[] = []
  const stuck = provider('p1', [], {
    send: (_sending, signal) =>
      new Promise(resolve => {
        signal.addEventListener('abort', () => {
          heard.push(true)
          resolve(silent)
        })
      }),
  })
  const two = provider('p2', [taken()])
  const house = houseWith([stuck, two], { patience: 30 })
  await house.put()
  await house.at(begin)
  assert.deepEqual([heard, two.sent.length], [[true], 1])
})
