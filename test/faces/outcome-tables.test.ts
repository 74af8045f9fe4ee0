// The tables that map endings to replies stop compiling when one is missing. This file is checked by `tsc`: each
// `@ts-expect-error` is an error itself as soon as the compiler lets the gap pass.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignInEnding } from '#actions/account/sign-in.ts'
import type { RegisterNumberEnding } from '#actions/register-number.ts'
import type { VerifyCodeEnding } from '#actions/verify-code.ts'
import * as errors from '#faces/graph/errors.ts'
import { errorOf, type Outcomes, register, verifyCode } from '#faces/graph/outcomes.ts'
import { type Outcomes as AccountOutcomes, problemOf } from '#faces/rest/account/outcomes.ts'
import { signInRefused } from '#faces/rest/account/problems.ts'
import { signIn } from '#faces/rest/account/sign-in-outcomes.ts'

const { wrong_code, ...withoutWrongCode } = verifyCode
// @ts-expect-error an ending without a reply does not compile
const gap: Outcomes<VerifyCodeEnding> = withoutWrongCode
// @ts-expect-error neither does a reply to an ending that does not exist
const surplus: Outcomes<VerifyCodeEnding> = { ...verifyCode, invented: () => undefined }
// @ts-expect-error nor one table standing in for another
const foreign: Outcomes<RegisterNumberEnding> = verifyCode

const { refused, ...withoutRefused } = signIn
// @ts-expect-error an ending of an account's action without a reply does not compile either
const accountGap: AccountOutcomes<SignInEnding> = withoutRefused

test('a table answers for each ending of its action, and a gap does not compile', () => {
  assert.equal(errorOf<VerifyCodeEnding>(verifyCode, { kind: 'wrong_code' }), errors.codeNotVerified)
  assert.equal(errorOf<RegisterNumberEnding>(register, { kind: 'not_proved' }), errors.verificationNeeded)
  assert.equal(wrong_code({ kind: 'wrong_code' }), errors.codeNotVerified)
  assert.equal(problemOf<SignInEnding>(signIn, { kind: 'refused' }), signInRefused)
  assert.equal(refused({ kind: 'refused' }), signInRefused)
  for (const table of [gap, surplus, foreign, accountGap]) assert.equal(typeof table, 'object')
})
