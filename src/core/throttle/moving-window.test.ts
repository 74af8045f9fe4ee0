// What a moving window promises: never more in one span than the policy allows, and a refusal costs nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { as, at } from '#test/simulation/a-number.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { opensAt, placesLeft, take, type Window } from './moving-window.ts'

const five = { limit: 5, span: day, apart: minute }
const three = { limit: 3, span: hour, apart: 0 }

const takeAll = (moments: readonly number[], policy: typeof five): Window =>
  moments.reduce<Window>((window, moment) => as(take(window, at(moment), policy), 'taken').next, [])

test('places are taken at once until the window is full', () => {
  const window = takeAll([0, 0, 0], three)
  assert.deepEqual(take(window, at(0), three), { kind: 'full', until: at(hour) })
})

test('a place comes free at the very millisecond at which the oldest leaves the span', () => {
  const window = takeAll([0, 10, 20], three)
  assert.deepEqual(take(window, at(hour - 1), three), { kind: 'full', until: at(hour) })
  assert.deepEqual(as(take(window, at(hour), three), 'taken').next, [at(10), at(20), at(hour)])
  assert.deepEqual(as(take(window, at(hour + 1), three), 'taken').next, [at(10), at(20), at(hour + 1)])
})

test('two are kept apart to the millisecond', () => {
  const window = takeAll([0], five)
  assert.deepEqual(take(window, at(minute - 1), five), { kind: 'full', until: at(minute) })
  as(take(window, at(minute), five), 'taken')
})

test('the later of both waits counts: spacing, and the oldest of a full window', () => {
  const window = takeAll([0, minute, 2 * minute, 3 * minute, day - 1], five)
  assert.equal(opensAt(window, at(day), five), at(day - 1 + minute))
  assert.deepEqual(take(window, at(day), five), { kind: 'full', until: at(day - 1 + minute) })
})

test('what is refused is not written down, so refusals never prolong the wait', () => {
  const window = takeAll([0, 0, 0], three)
  for (let moment = 1; moment < hour; moment += minute) {
    assert.deepEqual(take(window, at(moment), three), { kind: 'full', until: at(hour) })
  }
})

test('an empty window is open at once, and so is one whose moments are all past', () => {
  assert.equal(opensAt([], at(7), five), at(7))
  assert.equal(opensAt(takeAll([0], five), at(day), five), at(day))
})

test('the places left are those of the span, never below none', () => {
  const window = takeAll([0, 10, 20], three)
  assert.equal(placesLeft([], at(0), three), 3)
  assert.equal(placesLeft(window, at(20), three), 0)
  assert.equal(placesLeft(window, at(hour), three), 1)
  assert.equal(placesLeft(window, at(20), { ...three, limit: 2 }), 0)
})

test('a window that a stricter policy finds too full opens only when few enough are left', () => {
  const window = takeAll([0, 10, 20], three)
  assert.equal(opensAt(window, at(30), { ...three, limit: 1 }), at(20 + hour))
})

test('whatever is tried and when, no span ever holds more than its limit, and none are closer than they may be', () => {
  const policies = fc.record({
    limit: fc.integer({ min: 1, max: 4 }),
    span: fc.integer({ min: 5, max: 20 }),
    apart: fc.nat(5),
  })
  fc.assert(
    fc.property(policies, fc.array(fc.nat(6), { maxLength: 60 }), (policy, steps) => {
      const taken: number[] = []
      let window: Window = []
      let moment = 0
      for (const step of steps) {
        moment += step
        const ending = take(window, at(moment), policy)
        if (ending.kind === 'full') {
          assert(ending.until > at(moment))
          // The promised moment is true: a millisecond before it the door is still shut.
          as(take(window, at(ending.until - at(0) - 1), policy), 'full')
          as(take(window, ending.until, policy), 'taken')
          continue
        }
        window = ending.next
        taken.push(moment)
        assert(window.length <= policy.limit)
        const inSpan = taken.filter(each => each + policy.span > moment)
        assert(inSpan.length <= policy.limit)
        const before = taken.at(-2)
        if (before !== undefined && before + policy.span > moment) assert(moment - before >= policy.apart)
      }
    }),
  )
})

test('a clock that stands still or runs back frees no place', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: 30 }), backwards => {
      let window = takeAll([0, 50, 100], { ...three, apart: 0 })
      for (const back of backwards) {
        const ending = take(window, at(100 - back), three)
        if (ending.kind === 'taken') window = ending.next
        assert.equal(ending.kind, 'full')
      }
    }),
  )
})
