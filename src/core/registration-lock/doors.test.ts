// In what the doors differ, as the public documents say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Door, type DoorRules, doorRules } from './doors.ts'

const doorsWhere = (rule: keyof DoorRules): readonly string[] =>
  Object.keys(doorRules)
    .filter(door => doorRules[door as Door][rule])
    .toSorted()

test('time without use opens the lock at the consumer door only', () => {
  assert.deepEqual(doorsWhere('timeOpensLock'), ['rest'])
})

test('registrations are counted where Meta counts them', () => {
  assert.deepEqual(doorsWhere('countsRegistrations'), ['graph', 'manager'])
})

test('registering sets the PIN where Meta says so', () => {
  assert.deepEqual(doorsWhere('registeringSetsPin'), ['graph', 'manager'])
})

test('a weak PIN is refused at every door but those that must accept what Meta accepts', () => {
  assert.deepEqual(doorsWhere('refusesWeakPins'), ['mail', 'manager', 'operator', 'rest'])
})
