// The tables of this door stop compiling when an ending is missing. This file is checked by `tsc`: the `@ts-expect-error`
// is an error itself as soon as the compiler lets the gap pass.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnswerReminderEnding } from '#actions/answer-reminder.ts'
import { answerReminder, type Outcomes, problemOf } from '#faces/rest/outcomes.ts'

const { not_due, ...rest } = answerReminder
// @ts-expect-error an ending without a reply does not compile
const gap: Outcomes<AnswerReminderEnding> = rest

test('a table answers for each ending of its action, and a gap does not compile', () => {
  assert.equal(problemOf<AnswerReminderEnding>(answerReminder, { kind: 'not_registered' })?.kind, 'not_registered')
  assert.deepEqual([typeof gap, typeof not_due], ['object', 'function'])
})
