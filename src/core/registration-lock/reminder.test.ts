// The reminders: often while the PIN is new, weekly for good, and nothing else hangs on them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, classic } from '#test/simulation/a-number.ts'
import { day, hour } from '../kernel/instant.ts'
import { answeredReminder, firstReminder, reminderIsDue } from './reminder.ts'

test('a reminder is due after 6 h, 12 h, 1 d, 1 d, 3 d, 7 d, then weekly, as long as each answer is right', () => {
  let reminder = firstReminder(at(0), classic)
  let moment = 0
  for (const span of [6 * hour, 12 * hour, day, day, 3 * day, 7 * day, 7 * day, 7 * day]) {
    assert.equal(reminder.due, at(moment + span))
    moment += span
    reminder = answeredReminder(reminder, true, at(moment), classic)
  }
})

test('a wrong answer goes one step down and is due again at once', () => {
  const third = { step: 2, due: at(day) }
  const wrong = answeredReminder(third, false, at(day), classic)
  assert.deepEqual(wrong, { step: 1, due: at(day) })
  assert.deepEqual(answeredReminder(wrong, true, at(day), classic), { step: 2, due: at(2 * day) })
})

test('there is no step below the first', () => {
  assert.deepEqual(answeredReminder({ step: 0, due: at(0) }, false, at(5), classic), { step: 0, due: at(5) })
})

test('a reminder is due at its very millisecond, not before', () => {
  const reminder = firstReminder(at(0), classic)
  assert.equal(reminderIsDue(reminder, at(6 * hour - 1)), false)
  assert.equal(reminderIsDue(reminder, at(6 * hour)), true)
  assert.equal(reminderIsDue(reminder, at(6 * hour + 1)), true)
})
