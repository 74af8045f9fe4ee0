import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, instantAt, minute } from '#core/kernel/instant.ts'
import { createRate } from './rate.ts'

const start = instantAt(1_800_000_000_000)

test('sixty requests at once, then twenty a second, each party for itself', () => {
  const rate = createRate()
  const knocks = (party: string, now = start) => rate.request(party, now) === undefined
  assert.equal(Array.from({ length: 60 }, () => knocks('a')).every(Boolean), true)
  assert.equal(rate.request('a', start), 1)
  assert.equal(knocks('b'), true)
  assert.equal(knocks('a', instantAt(start + 49)), false)
  assert.equal(knocks('a', instantAt(start + 50)), true)
  assert.equal(knocks('a', instantAt(start + 50)), false)
  const later = after(start, minute)
  const burst = Array.from({ length: 100 }, () => knocks('a', later))
  assert.equal(burst.filter(Boolean).length, 60)
  // A clock that goes back neither fills nor empties it.
  assert.equal(knocks('a', start), false)
})

test('twenty bad logins in a quarter of an hour, and a good one gives back its own place alone', () => {
  const rate = createRate()
  for (let at = 0; at < 20; at += 1) assert.equal(rate.login('thief', start), undefined)
  assert.equal(rate.login('thief', start), 900)
  assert.equal(rate.login('other', start), undefined)
  rate.goodLogin('thief')
  assert.equal(rate.login('thief', start), undefined)
  assert.equal(rate.login('thief', instantAt(start + 15 * minute - 1)), 1)
  assert.equal(rate.login('thief', after(start, 15 * minute)), undefined)
})

test('it forgets whom it has not seen for longest, so that a flood of addresses fills no memory', () => {
  const rate = createRate()
  for (let at = 0; at < 60; at += 1) rate.request('a', start)
  for (let at = 0; at < 10_000; at += 1) rate.request(`flood ${at}`, start)
  assert.equal(rate.request('a', start), undefined)
})
