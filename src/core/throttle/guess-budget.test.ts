// What a guess budget promises: each guess pays for itself, waits end to the millisecond, and no order of events, dead
// process or turned clock ever buys one guess more than the policy sells.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { as, at, classic, strict } from '#test/simulation/a-number.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { fresh, type GuessBudget, type GuessPolicy, guessDoor, spendGuess } from './guess-budget.ts'

const steps = classic.pinGuesses
const refill = strict.pinGuesses

/** Spends as many guesses as the door lets through at one moment. */
function spendAll(budget: GuessBudget, moment: number, policy: GuessPolicy): { spent: number; budget: GuessBudget } {
  let spent = 0
  let left = budget
  while (guessDoor(left, at(moment), policy).kind === 'open') {
    left = spendGuess(left, at(moment), policy)
    spent += 1
  }
  return { spent, budget: left }
}

test('steps: five guesses at once, counted down, then the door is shut', () => {
  let budget = fresh
  for (const left of [5, 4, 3, 2, 1]) {
    assert.deepEqual(guessDoor(budget, at(0), steps), { kind: 'open', left })
    budget = spendGuess(budget, at(0), steps)
  }
  assert.deepEqual(guessDoor(budget, at(0), steps), { kind: 'shut', until: at(minute), wait: minute })
})

test('steps: one guess after each wait of 1, 5, 15 min, 1, 6 h, then 24 h each, to the millisecond', () => {
  let { budget } = spendAll(fresh, 0, steps)
  let moment = 0
  for (const wait of [minute, 5 * minute, 15 * minute, hour, 6 * hour, day, day, day]) {
    const until = at(moment + wait)
    assert.deepEqual(guessDoor(budget, at(moment + wait - 1), steps), { kind: 'shut', until, wait })
    assert.deepEqual(guessDoor(budget, until, steps), { kind: 'open', left: 1 })
    assert.deepEqual(guessDoor(budget, at(moment + wait + 1), steps), { kind: 'open', left: 1 })
    moment += wait
    budget = spendGuess(budget, at(moment), steps)
  }
})

test('steps: a long rest opens one guess, not as many as waits have passed', () => {
  const { budget } = spendAll(fresh, 0, steps)
  assert.equal(spendAll(budget, 365 * day, steps).spent, 1)
})

test('steps: a hundred in a row close the way for good', () => {
  let budget = fresh
  let moment = 0
  for (let guess = 1; guess <= 100; guess += 1) {
    assert.notEqual(guessDoor(budget, at(moment), steps).kind, 'closed', `guess ${guess}`)
    budget = spendGuess(budget, at(moment), steps)
    moment += day
  }
  assert.deepEqual(guessDoor(budget, at(1_000 * day), steps), { kind: 'closed' })
})

test('steps: the last guesses before closing are not shown as more than they are', () => {
  const policy: GuessPolicy = { kind: 'steps', atOnce: 5, waits: [minute], closesAfter: 2 }
  assert.deepEqual(guessDoor(fresh, at(0), policy), { kind: 'open', left: 2 })
})

test('refill: ten in all, then one more each day, to the millisecond', () => {
  const { spent, budget } = spendAll(fresh, 0, refill)
  assert.equal(spent, 10)
  assert.deepEqual(guessDoor(budget, at(day - 1), refill), { kind: 'shut', until: at(day), wait: day })
  assert.deepEqual(guessDoor(budget, at(day), refill), { kind: 'open', left: 1 })
  const next = spendGuess(budget, at(day), refill)
  assert.deepEqual(guessDoor(next, at(2 * day - 1), refill), { kind: 'shut', until: at(2 * day), wait: day })
  assert.deepEqual(guessDoor(next, at(2 * day), refill), { kind: 'open', left: 1 })
})

test('refill: what was not used adds up to ten and no further', () => {
  const { budget } = spendAll(fresh, 0, refill)
  assert.equal(spendAll(budget, 3 * day, refill).spent, 3)
  assert.equal(spendAll(budget, 400 * day, refill).spent, 10)
})

test('refill: part of a day is not lost when a guess is spent in between', () => {
  const { budget } = spendAll(fresh, 0, refill)
  const next = spendGuess(budget, at(1.5 * day), refill)
  assert.deepEqual(guessDoor(next, at(1.5 * day), refill), { kind: 'shut', until: at(2 * day), wait: day })
})

test('refill: a hundred in a row close the way for good, however slowly they came', () => {
  let budget = fresh
  for (let guess = 0; guess < 100; guess += 1) budget = spendGuess(budget, at(guess * 30 * day), refill)
  assert.deepEqual(guessDoor(budget, at(10_000 * day), refill), { kind: 'closed' })
})

test('to spend through a shut door is a bug and throws', () => {
  for (const policy of [steps, refill]) {
    const { budget } = spendAll(fresh, 0, policy)
    assert.throws(() => spendGuess(budget, at(0), policy), { name: 'Broken' })
  }
})

// The policy's own words, written a second way: what may be spent up to each moment.
function allowed(policy: GuessPolicy, spentAt: readonly number[], moment: number): boolean {
  if (spentAt.length >= policy.closesAfter) return false
  if (policy.kind === 'steps') {
    if (spentAt.length < policy.atOnce) return true
    const wait = policy.waits[Math.min(spentAt.length - policy.atOnce, policy.waits.length - 1)] ?? Number.NaN
    return moment - Math.max(...spentAt) >= wait
  }
  // A bucket of `inAll` that loses one each `every` while it is not empty.
  let level = 0
  let since = 0
  for (const spent of spentAt) {
    ;({ level, since } = leak(level, since, spent, policy.every))
    if (level === 0) since = spent
    level += 1
  }
  return leak(level, since, moment, policy.every).level < policy.inAll
}

function leak(level: number, since: number, moment: number, every: number): { level: number; since: number } {
  let left = level
  let from = since
  while (left > 0 && moment - from >= every) {
    left -= 1
    from += every
  }
  return { level: left, since: from }
}

const somePolicy: fc.Arbitrary<GuessPolicy> = fc.oneof(
  fc.record({
    kind: fc.constant('steps' as const),
    closesAfter: fc.integer({ min: 1, max: 12 }),
    atOnce: fc.integer({ min: 1, max: 4 }),
    waits: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('refill' as const),
    closesAfter: fc.integer({ min: 1, max: 12 }),
    inAll: fc.integer({ min: 1, max: 4 }),
    every: fc.integer({ min: 1, max: 6 }),
  }),
)

test('in any interleaving of waits, guesses and right ones, exactly what the policy sells can be bought', () => {
  const event = fc.oneof(fc.record({ wait: fc.nat(8) }), fc.constant('guess' as const), fc.constant('right' as const))
  fc.assert(
    fc.property(somePolicy, fc.array(event, { maxLength: 80 }), (policy, events) => {
      let budget = fresh
      let spentAt: number[] = []
      let moment = 0
      for (const each of events) {
        if (typeof each === 'object') moment += each.wait
        const door = guessDoor(budget, at(moment), policy)
        assert.equal(door.kind === 'open', allowed(policy, spentAt, moment))
        if (door.kind === 'closed') assert(spentAt.length >= policy.closesAfter)
        if (door.kind === 'shut') {
          const until = door.until - at(0)
          assert(until > moment && allowed(policy, spentAt, until) && !allowed(policy, spentAt, until - 1))
        }
        if (typeof each === 'object' || door.kind !== 'open') continue
        assert.equal(spendAll(budget, moment, policy).spent, door.left, 'as many at once as the door says')
        budget = spendGuess(budget, at(moment), policy)
        spentAt.push(moment)
        if (each === 'right') {
          budget = fresh
          spentAt = []
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a clock that stands still or is set back gives nothing', () => {
  fc.assert(
    fc.property(somePolicy, fc.array(fc.nat(50), { maxLength: 20 }), (policy, backs) => {
      let { budget } = spendAll(fresh, 100, policy)
      for (const back of backs) {
        const door = guessDoor(budget, at(100 - back), policy)
        assert.notEqual(door.kind, 'open')
        if (door.kind === 'open') budget = spendGuess(budget, at(100 - back), policy)
      }
    }),
  )
})

test('guesses spent while a clock was set back do not shorten the wait that follows', () => {
  const policy: GuessPolicy = { kind: 'steps', atOnce: 2, waits: [minute], closesAfter: 9 }
  const budget = spendGuess(spendGuess(fresh, at(hour), policy), at(0), policy)
  assert.deepEqual(guessDoor(budget, at(minute), policy), { kind: 'shut', until: at(hour + minute), wait: minute })
})

test('a budget read back from where it was stored is the same budget', () => {
  fc.assert(
    fc.property(somePolicy, fc.array(fc.nat(8), { maxLength: 20 }), (policy, waits) => {
      let budget = fresh
      let moment = 0
      for (const wait of waits) {
        moment += wait
        if (guessDoor(budget, at(moment), policy).kind === 'open') budget = spendGuess(budget, at(moment), policy)
        const stored: GuessBudget = JSON.parse(JSON.stringify(budget))
        assert.deepEqual(guessDoor(stored, at(moment), policy), guessDoor(budget, at(moment), policy))
      }
    }),
  )
})

test('both profiles keep a blind guesser of six digits below one in a thousand, for ever', () => {
  for (const policy of [steps, refill]) {
    let budget = fresh
    let guesses = 0
    for (let moment = 0; guessDoor(budget, at(moment), policy).kind !== 'closed'; moment += hour) {
      const all = spendAll(budget, moment, policy)
      guesses += all.spent
      budget = all.budget
    }
    assert.equal(guesses, 100)
  }
})

test('the first day of a thief is worth ten guesses in either profile, and each day after it one', () => {
  for (const policy of [steps, refill]) {
    let budget = fresh
    const perDay = [0, 0, 0, 0]
    for (let moment = 0; moment < 4 * day; moment += minute) {
      const all = spendAll(budget, moment, policy)
      const today = Math.floor(moment / day)
      perDay[today] = (perDay[today] ?? 0) + all.spent
      budget = all.budget
    }
    as(guessDoor(budget, at(4 * day - minute), policy), 'shut')
    assert.deepEqual(perDay, [10, 1, 1, 1])
  }
})
