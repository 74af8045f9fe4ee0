// What a prefix does with codes that do not come back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, type Instant, instantAt, minute } from '../kernel/instant.ts'
import type { CodeMethod } from '../registration-lock/ownership-code.ts'
import { cameBack, charge, freshPrefix, held, pausedUntil, pausesOf, prefixOf, refund, released } from './prefix.ts'
import { defaultSending, priceOf, sendingRules as rules } from './rules.ts'

const at = (span: number): Instant => instantAt(1_800_000_000_000 + span)

/** A prefix, and hands to send and to enter codes with. */
function begin(policy = defaultSending) {
  let prefix = freshPrefix({ id: 'p', prefix: '+4474001', region: 'GB' }, at(0))
  const send = (span: number, method: CodeMethod = 'sms'): string => {
    const ending = charge(prefix, method, at(span), policy, rules)
    if (ending.kind === 'charged') prefix = ending.next
    else if (ending.begins !== undefined) prefix = ending.begins
    return ending.kind === 'charged'
      ? 'sent'
      : `${ending.kind} ${ending.until === undefined ? '' : ending.until - at(0)}`
  }
  const burst = (count: number, span: number, method: CodeMethod = 'sms') =>
    Array.from({ length: count }, () => send(span, method)).filter(each => each === 'sent').length
  const enter = (count: number, span: number, method: CodeMethod = 'sms') => {
    for (let each = 0; each < count; each++) prefix = cameBack(prefix, method, at(span), rules)
  }
  const set = (next: typeof prefix): void => {
    prefix = next
  }
  return { send, burst, enter, now: () => prefix, set }
}

test('a number belongs to the prefix that its last four digits are cut off from', () => {
  assert.equal(prefixOf('+447400123456'), '+44740012')
})

test('a burst that nobody answers gets twenty codes, however it is spread over the ten minutes that codes live', () => {
  const { burst, send } = begin()
  assert.equal(burst(1_000, 0), 20)
  assert.equal(send(minute), `awaited ${20 * minute}`)
})

test('when they had their time and too few came back, the prefix is blocked for twelve hours, and asking moves nothing', () => {
  const { burst, enter, send, now } = begin()
  burst(20, 0)
  enter(1, minute)
  assert.equal(send(20 * minute), `few_came_back ${20 * minute + 12 * hour}`)
  const blocked = now()
  assert.equal(send(12 * hour), `few_came_back ${20 * minute + 12 * hour}`)
  assert.equal(now(), blocked)
  assert.deepEqual(pausesOf(blocked, at(hour)), [
    { why: 'few_came_back', method: 'sms', since: at(20 * minute), until: at(20 * minute + 12 * hour) },
  ])
})

test('after a block five codes are on trial; when they do not come back it is blocked anew, and so on for ever', () => {
  const { burst, send } = begin()
  burst(20, 0)
  send(20 * minute)
  let sent = 0
  for (let span = 21 * minute; span < 7 * 24 * hour; span += 5 * minute) sent += burst(3, span)
  assert.equal(sent, 13 * 5)
})

test('a prefix whose trial comes back is judged by twenty again', () => {
  const { burst, enter, send } = begin()
  burst(20, 0)
  send(20 * minute)
  const opened = 12 * hour + 20 * minute
  assert.equal(burst(9, opened), 5)
  enter(4, opened + minute)
  assert.equal(burst(30, opened + 2 * minute), 30)
})

test('honest people are never held up: seven of ten come back, in whatever bursts, up to what a day may have', () => {
  const { burst, enter } = begin()
  for (let ten = 0; ten < 10; ten++) {
    assert.equal(burst(10, ten * 30 * minute), 10)
    enter(7, ten * 30 * minute + minute)
  }
})

test('who enters a tenth of the codes gets a hundred a day, and not one more however long it goes on', () => {
  const { burst, enter } = begin()
  let total = 0
  for (let span = 0; span < 24 * hour; span += 10 * minute) {
    const sent = burst(10, span)
    enter(Math.ceil(sent / 10), span + minute)
    total += sent
  }
  assert.equal(total, 100)
})

test('a call is judged apart from texts, and both count for the day', () => {
  const { burst, send } = begin()
  assert.equal(burst(30, 0), 20)
  assert.equal(burst(30, 0, 'voice'), 20)
  assert.match(send(20 * minute), /^few_came_back/)
  const few = begin({ ...defaultSending, perPrefix: 8 })
  assert.equal(few.burst(5, 0), 5)
  assert.equal(few.burst(5, 0, 'voice'), 3)
  assert.equal(few.send(hour), `day_full ${24 * hour + 10 * minute}`)
  assert.equal(few.send(24 * hour + 10 * minute), 'sent')
})

test('a code that was not sent after all is taken back, where it was counted', () => {
  const { burst, set, now, send } = begin()
  burst(20, 0)
  const slot = at(0) - (at(0) % (10 * minute))
  set(refund(now(), 'sms', slot as Instant))
  assert.equal(send(0), 'sent')
  assert.match(send(0), /^awaited/)
})

test('a stop by hand holds whatever comes back, ends when it was said to, and a release forgets what was counted', () => {
  const { burst, send, set, now } = begin()
  set(held(now(), { since: at(0), until: undefined }))
  assert.equal(send(1_000 * hour), 'held ')
  assert.equal(pausedUntil(now()), Number.POSITIVE_INFINITY)
  set(held(now(), { since: at(0), until: at(hour) }))
  assert.equal(send(hour - 1), `held ${hour}`)
  assert.equal(burst(20, hour), 20)
  assert.match(send(2 * hour), /^few_came_back/)
  set(released(now()))
  assert.equal(send(2 * hour), 'sent')
})

test('what has no price of its own costs as the rest does, and without one as the dearest does', () => {
  const prices = { GB: 400, 'GB/voice': 200, '*': 1_000 }
  assert.deepEqual(
    [priceOf(prices, 'GB', 'sms'), priceOf(prices, 'GB', 'voice'), priceOf(prices, 'LV', 'voice')],
    [400, 200, 1_000],
  )
  assert.equal(priceOf({ GB: 400, FR: 700 }, 'LV', 'sms'), 700)
})
