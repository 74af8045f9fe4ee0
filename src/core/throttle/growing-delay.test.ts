// What a growing delay promises: waits end to the millisecond and grow to a most, nothing is shut for good, and a rest
// never buys more tries than going on would have.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { at, classic } from '#test/simulation/a-number.ts'
import { day, hour, second } from '../kernel/instant.ts'
import { type DelayPolicy, delayOpens, type GrowingDelay, noDelay, spendTry } from './growing-delay.ts'

const { delay: password } = classic.account.password
const { delay: key } = classic.account.recoveryKey

function after(tries: number, moment: number, policy: DelayPolicy): { delay: GrowingDelay; moment: number } {
  let delay = noDelay
  let now = at(moment)
  for (let each = 0; each < tries; each += 1) {
    now = delayOpens(delay, now, policy)
    delay = spendTry(delay, now, policy)
  }
  return { delay, moment: now - at(0) }
}

test('a password: three at once, then waits of 1, 2, 4 … seconds up to an hour, to the millisecond, and never closed', () => {
  for (const [tries, wait] of [
    [1, 0],
    [2, 0],
    [3, second],
    [4, 2 * second],
    [14, 2_048 * second],
    [15, hour],
    [16, hour],
    [10_000, hour],
  ] as const) {
    const { delay, moment } = after(tries, 0, password)
    const opens = moment + wait
    assert.equal(delayOpens(delay, at(moment), password), at(opens), `behind ${tries}`)
    if (wait === 0) continue
    assert.throws(() => spendTry(delay, at(opens - 1), password), { name: 'Broken' })
    assert.equal(spendTry(delay, at(opens), password).tries, tries + 1)
  }
})

test('a day of rest forgets them all, to the millisecond', () => {
  const { delay, moment } = after(15, 0, password)
  assert.equal(spendTry(delay, at(moment + day - 1), password).tries, 16)
  assert.equal(spendTry(delay, at(moment + day), password).tries, 1)
})

test('a Recovery Key: ten for a caller, then a day without, then ten again', () => {
  const { delay } = after(10, 0, key)
  assert.equal(delayOpens(delay, at(0), key), at(day))
  assert.throws(() => spendTry(delay, at(day - 1), key), { name: 'Broken' })
  const next = spendTry(delay, at(day), key)
  assert.deepEqual(next, { tries: 1, lastAt: at(day) })
})

test('a clock that is set back opens nothing', () => {
  const { delay, moment } = after(4, 10_000, password)
  assert(delayOpens(delay, at(0), password) > at(moment))
})

test('with any rests in between, nobody has more tries than who never rests, plus those that are free', () => {
  const policy: DelayPolicy = { free: 2, first: 1, most: 4, forgetsAfter: 12 }
  const steady = (span: number): number => {
    let { delay, now, tries } = { delay: noDelay, now: at(0), tries: 0 }
    for (; ; tries += 1) {
      now = delayOpens(delay, now, policy)
      if (now > at(span)) return tries
      delay = spendTry(delay, now, policy)
    }
  }
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 60 }), waits => {
      let { delay, moment } = { delay: noDelay, moment: 0 }
      let tries = 0
      for (const wait of waits) {
        moment += wait
        if (delayOpens(delay, at(moment), policy) > at(moment)) continue
        delay = spendTry(delay, at(moment), policy)
        tries += 1
      }
      assert(tries <= steady(moment) + policy.free)
    }),
  )
})
