// Breakers and choice: who is asked, how often, and who is left alone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, type Instant, instantAt, minute, second } from '#core/kernel/instant.ts'
import { seededDice } from '#secrets/dice.ts'
import * as breaker from './breaker.ts'
import type { Provider } from './provider.ts'
import { createStandings } from './standings.ts'

const now = instantAt(1_800_000_000_000)
const failed = { kind: 'failed', fault: 'unreachable' } as const
const seed = 'standings'

const provider = (name: string, rank = 1): Provider => ({
  ...{ name, rank, channel: 'sms', countries: 'all', receiptWait: 45 * second },
  send: async () => ({ kind: 'taken' }),
})

function failing(times: number, at: Instant = now): breaker.Breaker {
  let state: breaker.Breaker = breaker.closedBreaker
  for (let time = 0; time < times; time += 1) state = breaker.failed(breaker.goes(state, at), at)
  return state
}

test('a breaker opens at the fifth failure in a row, and lets one through when its rest is over', () => {
  assert(breaker.lets(failing(4), now))
  const open = failing(5)
  assert(!breaker.lets(open, after(now, 5 * second - 1)))
  const at = after(now, 5 * second)
  assert(breaker.lets(open, at))
  const trying = breaker.goes(open, at)
  assert(!breaker.lets(trying, at))
  assert.deepEqual(breaker.succeeded(), breaker.closedBreaker)
})

test('each trial that fails doubles the rest, up to five minutes', () => {
  let state = failing(5)
  let at = now
  const rests: number[] = []
  for (let trial = 0; trial < 9; trial += 1) {
    assert(state.kind === 'open')
    rests.push((state.until - at) / second)
    at = state.until
    state = breaker.failed(breaker.goes(state, at), at)
  }
  assert.deepEqual(rests, [5, 10, 20, 40, 80, 160, 300, 300, 300])
})

test('failures of messages that were under way when it opened make its rest no longer', () => {
  const open = failing(5)
  assert.equal(breaker.failed(open, after(now, second)), open)
})

test('a trial that is never heard of again does not keep a provider out for good', () => {
  const trying = breaker.goes(failing(5), after(now, 5 * second))
  assert(breaker.lets(trying, after(now, 35 * second)))
})

test('who has too much to do is held back for as long as it says, and never beyond five minutes', () => {
  const held = breaker.held(breaker.closedBreaker, now, 2 * second)
  assert(!breaker.lets(held, after(now, 2 * second - 1)))
  assert(breaker.lets(held, after(now, 2 * second)))
  assert(breaker.lets(breaker.held(breaker.closedBreaker, now, 9_999 * minute), after(now, 5 * minute)))
})

test('the first rank is asked as long as it can be, and the next one when it cannot', () => {
  const standings = createStandings(seededDice(seed), { opened: () => {} })
  const [first, second_] = [provider('first', 1), provider('second', 2)]
  const draw = (at = now) => standings.draw([second_, first], 'GB', at)?.name
  for (let time = 0; time < 50; time += 1) assert.equal(draw(), 'first')
  for (let time = 0; time < 5; time += 1) standings.answered(first, 'GB', failed, now)
  for (let time = 0; time < 50; time += 1) assert.equal(draw(), 'second')
  assert.equal(draw(after(now, 5 * second)), 'first')
  assert.equal(draw(after(now, 5 * second)), 'second')
})

test('of one rank, the one whose messages arrive gets most, and the other enough to show that it has mended', () => {
  const standings = createStandings(seededDice(seed), { opened: () => {} })
  const all = [provider('good'), provider('bad')]
  for (let time = 0; time < 40; time += 1) {
    standings.heard('good', 'GB', 'delivered')
    standings.heard('bad', 'GB', time % 4 === 0 ? 'delivered' : 'undelivered')
  }
  const share = (country: string) => {
    const drawn = Array.from({ length: 400 }, () => standings.draw(all, country, now)?.name)
    return drawn.filter(name => name === 'bad').length / 400
  }
  const here = share('GB')
  assert(here > 0 && here < 0.15, `seed ${seed}: ${here}`)
  // What happens in one country says nothing about another.
  const elsewhere = share('FR')
  assert(elsewhere > 0.4 && elsewhere < 0.6, `seed ${seed}: ${elsewhere}`)
})

test('one that never sends receipts is not taken for silent; one that did is, and loses by it', () => {
  const standings = createStandings(seededDice(seed), { opened: () => {} })
  for (let time = 0; time < 20; time += 1) standings.heard('mute', 'GB', 'none')
  assert.equal(standings.usuallyTells('mute', 'GB'), false)
  assert.equal(standings.rate('mute', 'GB'), 1)
  for (let time = 0; time < 8; time += 1) standings.heard('telling', 'GB', 'delivered')
  assert.equal(standings.usuallyTells('telling', 'GB'), true)
  standings.heard('telling', 'GB', 'none')
  assert(standings.rate('telling', 'GB') < 1)
})

test('an opened breaker is told of once', () => {
  const opened: string[] = []
  const standings = createStandings(seededDice(seed), { opened: name => opened.push(name) })
  for (let time = 0; time < 9; time += 1) standings.answered(provider('a'), 'GB', failed, now)
  assert.deepEqual(opened, ['a'])
})
