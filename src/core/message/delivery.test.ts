// A delivery by several providers: who is asked next, what is waited for, and when it is enough.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, instantAt, minute, second } from '../kernel/instant.ts'
import { lifeLeft } from './dead-letter.ts'
import {
  type Attempt,
  answered,
  asking,
  begunDelivery,
  type DeliveryRules,
  mostHandings,
  nextStep,
  receipted,
  withoutRow,
} from './delivery.ts'

const now = instantAt(1_800_000_000_000)
const expires = after(now, 10 * minute)
const message = { channel: 'sms', to: '+447700900123', text: 'a text' } as const
const begun = begunDelivery('row', message, expires, now)
const wait = 45 * second
const rules = (more: Partial<DeliveryRules> = {}): DeliveryRules => ({
  providers: ['a', 'b'],
  receiptWait: () => wait,
  usuallyTells: () => true,
  ...more,
})
const had = (...attempts: readonly [string, Attempt['state']][]) => ({
  ...begun,
  attempts: attempts.map(([provider, state]) => ({ provider, at: now, state })),
})
const over = (how: string) => ({ kind: 'over', how })
const ask = (...among: string[]) => ({ kind: 'ask', among })

test('a delivery that nobody was asked for may go to any provider', () => {
  assert.deepEqual(nextStep(begun, now, rules()), ask('a', 'b'))
})

test('what a provider took is waited for to the millisecond, and then another one is asked', () => {
  const taken = had(['a', 'taken'])
  assert.deepEqual(nextStep(taken, after(now, wait - 1), rules()), { kind: 'wait', until: after(now, wait) })
  assert.deepEqual(nextStep(taken, after(now, wait), rules()), ask('b'))
})

test('a silence is a reason for a second copy only where receipts usually come, and where it still helps', () => {
  const taken = had(['a', 'taken'])
  const at = after(now, wait)
  assert.deepEqual(nextStep(taken, at, rules({ usuallyTells: () => false })), over('taken'))
  assert.deepEqual(nextStep(taken, at, rules({ providers: ['a'] })), over('taken'))
  assert.deepEqual(nextStep(taken, now, rules({ receiptWait: () => undefined })), over('taken'))
  const short = { ...taken, expires: after(at, minute - 1) }
  assert.deepEqual(nextStep(short, at, rules()), over('taken'))
  assert.deepEqual(nextStep({ ...short, expires: after(at, minute) }, at, rules()), ask('b'))
})

test('no receipt is waited for beyond the life of the message', () => {
  const taken = { ...had(['a', 'taken']), expires: after(now, 20 * second) }
  assert.deepEqual(nextStep(taken, now, rules()), { kind: 'wait', until: after(now, 20 * second - 1) })
})

test('after every answer but a yes the next provider is asked', () => {
  for (const state of ['asked', 'silent', 'undelivered', 'declined'] as const) {
    assert.deepEqual(nextStep(had(['a', state]), now, rules()), ask('b'), state)
  }
  assert.deepEqual(nextStep(had(['a', 'failed']), now, rules()), ask('a', 'b'))
})

test('when nobody is left it is said why, and one that may have it is asked again before it is given up', () => {
  assert.deepEqual(nextStep(had(['a', 'declined'], ['b', 'declined']), now, rules()), over('declined'))
  assert.deepEqual(nextStep(had(['a', 'undelivered'], ['b', 'declined']), now, rules()), over('undelivered'))
  assert.deepEqual(nextStep(had(['a', 'silent'], ['b', 'undelivered']), now, rules()), ask('a'))
  assert.deepEqual(nextStep(had(['a', 'silent'], ['a', 'silent'], ['a', 'silent']), now, rules()), over('silent'))
})

test(`a message is handed over ${mostHandings} times at most, whoever is left`, () => {
  const all = rules({ providers: ['a', 'b', 'c', 'd'] })
  const three = had(['a', 'undelivered'], ['b', 'silent'], ['c', 'undelivered'])
  assert.deepEqual(nextStep(three, now, all), over('silent'))
  assert.deepEqual(nextStep(had(['a', 'declined'], ['b', 'failed'], ['c', 'silent']), now, all), ask('b', 'd'))
})

test('nothing is asked of anybody at the end of its life', () => {
  assert.notEqual(nextStep(had(['a', 'undelivered']), expires, rules()).kind, 'ask')
})

test('a provider is written down before it is asked, and whoever was never heard of again may have it', () => {
  const crashed = asking(begun, 'a', now)
  const next = asking(crashed, 'b', after(now, second))
  assert.deepEqual(
    next.attempts.map(({ provider, state }) => `${provider} ${state}`),
    ['a silent', 'b asked'],
  )
})

test('a provider that fails for hours leaves one line, not a line a try', () => {
  let delivery = begun
  for (let hour = 0; hour < 9; hour += 1) delivery = answered(asking(delivery, 'a', now), 'a', 'failed')
  assert.equal(delivery.attempts.length, 1)
})

test('a receipt that is quicker than the answer counts for more, and nothing takes back that it arrived', () => {
  const asked = asking(begun, 'a', now)
  const told = receipted(asked, { provider: 'a', ref: 'x', state: 'delivered' })
  assert(told !== undefined)
  const both = answered(told, 'a', 'taken', 'x')
  assert.deepEqual(nextStep(both, now, rules()), over('delivered'))
  assert.equal(receipted(both, { provider: 'a', ref: 'x', state: 'undelivered' }), undefined)
  assert.equal(receipted(both, { provider: 'a', ref: 'x', state: 'delivered' }), undefined)
})

test('a receipt counts for the provider and the message that it names, and for no other', () => {
  const taken = answered(asking(begun, 'a', now), 'a', 'taken', 'x')
  assert.equal(receipted(taken, { provider: 'b', ref: 'x', state: 'delivered' }), undefined)
  assert.equal(receipted(taken, { provider: 'a', ref: 'y', state: 'delivered' }), undefined)
  assert(receipted(taken, { provider: 'a', ref: 'x', state: 'undelivered' }) !== undefined)
})

test('a dead code or link may be sent again while it is good; a notice has its seven days anew', () => {
  assert.equal(lifeLeft({ ...message, code: '123456' }, expires, after(expires, -1)), expires)
  assert.equal(lifeLeft({ ...message, code: '123456' }, expires, expires), undefined)
  assert.equal(lifeLeft({ ...message, link: 'https://a.example' }, expires, expires), undefined)
  assert.equal(lifeLeft(message, expires, expires), after(expires, 7 * 24 * 60 * minute))
})

test('a delivery is over with the last of its rows, in whatever order they are settled', () => {
  const carried = { ...begun, row: 'second', earlier: ['row'] }
  for (const [first, last] of [
    ['row', 'second'],
    ['second', 'row'],
  ] as const) {
    const left = withoutRow(carried, first)
    assert(typeof left === 'object')
    assert.equal(withoutRow(left, first), undefined)
    assert.equal(withoutRow(left, last), 'last')
  }
  assert.equal(withoutRow(carried, 'another'), undefined)
  assert.equal(withoutRow(begun, 'row'), 'last')
})
