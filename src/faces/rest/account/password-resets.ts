// A forgotten password. With two-step on: Recovery Key, code, new password. With two-step off: a mailed link.
//
//     POST /password-resets ──▶ …/{id}/code ──▶ …/{id}/code/check ──▶ …/{id}/password      Authorization: Bearer twpr_…
//     POST /password-resets/mail ──▶ mail ──▶ POST /password-resets/mailed

import { mailReset, type ResetByLinkEnding, resetByLink } from '#actions/account/mailed-links.ts'
import {
  type BeginResetEnding,
  beginReset,
  type CheckResetCodeEnding,
  checkResetCode,
  type ResetPasswordEnding,
  type ResetSeen,
  resetOfToken,
  resetPassword,
  type SendResetCodeEnding,
  sendResetCode,
} from '#actions/account/password-reset.ts'
import { assert } from '#core/kernel/outcome.ts'
import { readAuthorization } from '#http/bearer.ts'
import type { Problem } from '#http/problem.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import { linkGone } from './addresses.ts'
import { moment } from './moment.ts'
import { type Outcomes, one, problemOf, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, answered, named, type Route, takes } from './route.ts'
import { codeSentView } from './sign-ins.ts'

const contract = () => import('#contract/account-password-resets.ts')

/** Does something with the reset whose token came along. */
async function onReset(asking: Asking, act: (reset: ResetSeen) => Promise<Answer> | Answer): Promise<Answer> {
  const given = readAuthorization(asking.c.req.header('authorization'))
  const reset = given.kind === 'bearer' ? await resetOfToken(asking.world, named(asking), given.token) : undefined
  return reset === undefined ? refused(noReset) : act(reset)
}

const view = ({ reset, devices, codeRight, expires }: Omit<ResetSeen, 'account' | 'code' | 'now'>) => ({
  id: reset,
  next: codeRight ? 'password' : 'code',
  devices,
  expires_at: moment(expires),
})

export const passwordResetRoutes: readonly Route[] = [
  takes(
    'open',
    'POST',
    '/password-resets',
    async () => (await contract()).beginResetRequest,
    async ({ world, call, presenting }, { identifier, recovery_key }) => {
      const key = Secret.of(recovery_key)
      const ending = await beginReset(world, call, { identifier, key, presenting })
      const problem = problemOf(begin, ending)
      if (problem !== undefined) return refused(problem)
      assert(ending.kind === 'begun', 'what is not refused was begun')
      return done({ ...view({ ...ending, codeRight: false }), token: ending.token.reveal() }, 201)
    },
  ),

  takes(
    'open',
    'POST',
    '/password-resets/mail',
    async () => (await contract()).mailResetRequest,
    async ({ world, call }, { identifier }) => {
      await mailReset(world, call, { identifier })
      return done({ accepted: true }, 202)
    },
  ),

  takes(
    'open',
    'POST',
    '/password-resets/mailed',
    async () => (await contract()).mailedResetRequest,
    async ({ world, call }, { token, new_password }) => {
      const ending = await resetByLink(world, call, { token, password: Secret.of(new_password) })
      const problem = problemOf(byLink, ending)
      return problem === undefined ? done({ reset: true, next: 'sign_in' }) : refused(problem)
    },
  ),

  {
    guard: 'bare',
    method: 'GET',
    path: '/password-resets/:id',
    serve: async asking => answered(asking, await onReset(asking, reset => done(view(reset)))),
  },

  takes(
    'bare',
    'POST',
    '/password-resets/:id/code',
    async () => (await contract()).chooseDeviceRequest,
    (asking, { device }) =>
      onReset(asking, async reset => {
        const ending = await sendResetCode(asking.world, asking.call, { ...reset, device })
        const problem = problemOf(send, ending)
        if (problem !== undefined) return refused(problem)
        assert(ending.kind === 'sent', 'what is not refused was sent')
        return done(codeSentView(ending), 202)
      }),
  ),

  takes(
    'bare',
    'POST',
    '/password-resets/:id/code/check',
    async () => (await contract()).checkCodeRequest,
    (asking, { code }) =>
      onReset(asking, async reset => {
        const ending = await checkResetCode(asking.world, asking.call, { ...reset, code: Secret.of(code) })
        const problem = problemOf(check, ending)
        return problem === undefined ? done(view({ ...reset, codeRight: true })) : refused(problem)
      }),
  ),

  takes(
    'bare',
    'POST',
    '/password-resets/:id/password',
    async () => (await contract()).newPasswordRequest,
    (asking, { new_password }) =>
      onReset(asking, async reset => {
        const password = Secret.of(new_password)
        const problem = problemOf(set, await resetPassword(asking.world, asking.call, { ...reset, password }))
        return problem === undefined ? done({ reset: true, next: 'sign_in' }) : refused(problem)
      }),
  ),
]

// ——— how each ending reads

/** Over, denied by a device, of a key that was replaced, or never begun. */
const noReset: Problem = {
  status: 401,
  kind: 'reset_over',
  title: 'This password reset is over.',
  detail: 'Begin again with POST /api/v1/password-resets, and send its token as Authorization: Bearer twpr_….',
  challenge: 'Bearer realm="password-reset", error="invalid_token"',
}

/** Unknown account, no Recovery Key, wrong Recovery Key: one answer, to the byte. */
const keyRefused: Problem = {
  status: 422,
  kind: 'reset_refused',
  title: 'The account or the Recovery Key is not right.',
  detail: 'Compare it with what was printed: fourteen letters and digits. Case, spaces and dashes do not matter.',
}

const codeNeeded: Problem = {
  status: 409,
  kind: 'code_needed',
  title: 'A code comes first.',
  detail: 'Have one sent with POST …/code, and enter it with POST …/code/check.',
}

const begin: Outcomes<BeginResetEnding> = {
  begun: success,
  wrong_key: one(keyRefused),
  key_too_soon: problems.keyTooSoon,
}

const byLink: Outcomes<ResetByLinkEnding> = {
  reset: success,
  gone: one(linkGone),
  weak_password: problems.weakPassword,
  overloaded: problems.overloaded,
}

const send: Outcomes<SendResetCodeEnding> = {
  sent: success,
  no_reset: one(noReset),
  no_device: one(problems.noDevice),
  device_off: one(problems.deviceOff),
  too_many_codes: problems.tooManyCodes,
  codes_paused: problems.codesPaused,
}

const check: Outcomes<CheckResetCodeEnding> = {
  proved: success,
  no_reset: one(noReset),
  wrong_code: one(problems.wrongCode),
  check_too_soon: problems.checkTooSoon,
  checks_spent: problems.checksSpent,
  device_off: one(problems.deviceOff),
}

const set: Outcomes<ResetPasswordEnding> = {
  reset: success,
  no_reset: one(noReset),
  code_needed: one(codeNeeded),
  weak_password: problems.weakPassword,
  overloaded: problems.overloaded,
}
