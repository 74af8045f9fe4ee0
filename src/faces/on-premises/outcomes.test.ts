// The tables stop compiling when an ending is missing. Checked by `tsc`: each `@ts-expect-error` is an error itself as soon
// as the compiler lets the gap pass.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RegisterAccountEnding } from '#actions/on-premises/account.ts'
import type { LogInEnding } from '#actions/on-premises/login.ts'
import { codes, envelope, loginNeeded, statusOf, wrongPin } from './errors.ts'
import { errorOf, logIn, type Outcomes, registerAccount } from './outcomes.ts'

const { wrong_login, ...withoutWrongLogin } = logIn
// @ts-expect-error an ending without a reply does not compile
const gap: Outcomes<LogInEnding> = withoutWrongLogin
// @ts-expect-error neither does one table standing in for another
const foreign: Outcomes<RegisterAccountEnding> = logIn

test('a table answers for each ending of its action, and a gap does not compile', () => {
  assert.equal(errorOf<LogInEnding>(logIn, { kind: 'wrong_login' }), loginNeeded)
  assert.equal(typeof wrong_login, 'function')
  assert.equal(errorOf<RegisterAccountEnding>(registerAccount, { kind: 'sent' }), undefined)
  for (const table of [gap, foreign]) assert.equal(typeof table, 'object')
})

test('a wrong PIN reads on the wire as documented, and every published code has a title and a status', () => {
  assert.equal(statusOf(wrongPin), 403)
  assert.deepEqual(envelope(wrongPin), {
    errors: [{ code: 1005, title: 'Access denied', details: 'Two-step verification PIN incorrect.' }],
    meta: { version: 'v2.45.1', api_status: 'stable' },
  })
  for (const [code, [title, status]] of Object.entries(codes)) assert(title.length > 5 && status >= 400, code)
})
