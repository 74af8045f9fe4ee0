// The tables that map endings to replies stop compiling when one is missing. This file is checked by `tsc`: each
// `@ts-expect-error` is an error itself as soon as the compiler lets the gap pass.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RegisterNumberEnding } from '#actions/register-number.ts'
import type { VerifyCodeEnding } from '#actions/verify-code.ts'
import * as errors from '#faces/graph/errors.ts'
import { errorOf, type Outcomes, register, verifyCode } from '#faces/graph/outcomes.ts'

const { wrong_code, ...withoutWrongCode } = verifyCode
// @ts-expect-error an ending without a reply does not compile
const gap: Outcomes<VerifyCodeEnding> = withoutWrongCode
// @ts-expect-error neither does a reply to an ending that does not exist
const surplus: Outcomes<VerifyCodeEnding> = { ...verifyCode, invented: () => undefined }
// @ts-expect-error nor one table standing in for another
const foreign: Outcomes<RegisterNumberEnding> = verifyCode

test('a table answers for each ending of its action, and a gap does not compile', () => {
  assert.equal(errorOf<VerifyCodeEnding>(verifyCode, { kind: 'wrong_code' }), errors.codeNotVerified)
  assert.equal(errorOf<RegisterNumberEnding>(register, { kind: 'not_proved' }), errors.verificationNeeded)
  assert.equal(wrong_code({ kind: 'wrong_code' }), errors.codeNotVerified)
  for (const table of [gap, surplus, foreign]) assert.equal(typeof table, 'object')
})
