import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { clockFollowing } from './clock.ts'

/** A database whose clock says 1,000,000 when ours says 0, and which answers after `takes` milliseconds. */
function far() {
  let passed = 0
  let ahead = 0
  let takes = 0
  return {
    passed: () => passed,
    pass: (by: number) => {
      passed += by
    },
    drift: (by: number) => {
      ahead += by
    },
    answersAfter: (milliseconds: number) => {
      takes = milliseconds
    },
    // It reads its clock when it is about to answer: the worst case.
    ask: async () => {
      passed += takes
      return instantAt(1_000_000 + passed + ahead)
    },
  }
}

test('time is the other clock’s, off by at most half of what its answer took', async () => {
  const there = far()
  there.answersAfter(40)
  const clock = await clockFollowing(there.ask, there.passed)
  assert.equal(clock.now(), 1_000_000 + 40 + 20)
})

test('an answer that took long does not move the clock; a quick one does', async () => {
  const there = far()
  const clock = await clockFollowing(there.ask, there.passed)
  there.answersAfter(6_000)
  await clock.follow()
  assert.equal(clock.now(), 1_006_000)
  there.drift(300)
  there.answersAfter(0)
  await clock.follow()
  assert.equal(clock.now(), 1_006_300)
})

test('the first answer counts however slow it was: without it there is no time at all', async () => {
  const there = far()
  there.answersAfter(3_000)
  const clock = await clockFollowing(there.ask, there.passed)
  assert.equal(clock.now(), 1_003_000 + 1_500)
})

test('time never runs back when the other clock is set back', async () => {
  const there = far()
  const clock = await clockFollowing(there.ask, there.passed)
  there.pass(10)
  assert.equal(clock.now(), 1_000_010)
  there.drift(-5_000)
  await clock.follow()
  assert.equal(clock.now(), 1_000_010)
})
