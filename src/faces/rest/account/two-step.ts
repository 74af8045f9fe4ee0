// Two-step verification of an account on the wire: turned on step by step, and off.
//
//   begin ─▶ devices ─▶ devices/check (as often as wanted) ─▶ skip-devices ─▶ recovery-key ─▶ …/retype ─▶ confirm
//
// Each answers where the account is then and what to call next, so that it can be gone on with on another browser.

import {
  abandonTwoStep,
  beginTwoStep,
  type CheckEnrolmentEnding,
  checkEnrolmentCode,
  type EnrolDeviceEnding,
  enableTwoStep,
  endDevices,
  retypeEnrolmentKey,
  sendEnrolmentCode,
  showEnrolmentKey,
} from '#actions/account/enrolment.ts'
import { setSecurityQuestions, turnOffTwoStep } from '#actions/account/security-questions.ts'
import { assert } from '#core/kernel/outcome.ts'
import { Secret } from '#secrets/secret.ts'
import { done, refused } from '../answer.ts'
import { draft } from './device-outcomes.ts'
import * as factor from './factor-problems.ts'
import { type EndingOf, type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, changes, empty, looks, type Route } from './route.ts'
import { shown } from './shown.ts'
import { codeSentView, type Seen, twoStepView } from './two-step-views.ts'

const contract = () => import('#contract/account-two-step.ts')

const view =
  ({ world }: Asking) =>
  (seen: Seen) =>
    done(twoStepView(seen, world.limits))

// ——— how each ending reads

const codes = {
  too_many_codes: problems.tooManyCodes,
  codes_paused: problems.codesPaused,
  device_off: one(problems.deviceOff),
}

/** What a device that is to be trusted is refused with, at either door. */
export const newDevice = {
  ...draft,
  ...codes,
  sent: success,
  already_trusted: one(factor.alreadyTrusted),
  too_many_devices: one(factor.tooManyDevices),
}

/** What a code is refused with. */
export const codeRefusals = {
  wrong_code: one(problems.wrongCode),
  check_too_soon: problems.checkTooSoon,
  checks_spent: problems.checksSpent,
  device_off: one(problems.deviceOff),
}

const steps = { ...refusals, wrong_step: factor.wrongStep }

const begin: Outcomes<EndingOf<typeof beginTwoStep>> = {
  ...steps,
  begun: success,
  waiting: success,
  still_waiting: factor.stillWaiting,
  no_confirmed_address: one(factor.noConfirmedAddress),
}

const enrol: Outcomes<EnrolDeviceEnding> = {
  not_a_number: newDevice.not_a_number,
  no_codes: newDevice.no_codes,
  not_a_subscription: newDevice.not_a_subscription,
  sent: success,
  already_trusted: newDevice.already_trusted,
  too_many_devices: newDevice.too_many_devices,
  ...codes,
  ...steps,
  number_first: one(factor.numberFirst),
}

const check: Outcomes<CheckEnrolmentEnding> = { ...steps, ...codeRefusals, verified: success }
const skip: Outcomes<EndingOf<typeof endDevices>> = { ...steps, skipped: success }
const show: Outcomes<EndingOf<typeof showEnrolmentKey>> = { ...steps, shown: success }
const retype: Outcomes<EndingOf<typeof retypeEnrolmentKey>> = {
  ...steps,
  retyped: success,
  wrong_key: one(problems.wrongRecoveryKey),
  not_shown: one(factor.notRetyped),
}
const confirm: Outcomes<EndingOf<typeof enableTwoStep>> = { ...steps, enabled: success }
const abandon: Outcomes<EndingOf<typeof abandonTwoStep>> = { ...steps, abandoned: success }

const off: Outcomes<EndingOf<typeof turnOffTwoStep>> = {
  ...refusals,
  turned_off: success,
  not_on: one(factor.twoStepOff),
  identity_needed: one(factor.identityNeeded),
  wrong_birth_date: one(factor.wrongBirthDate),
  too_soon: factor.birthDateTooSoon,
  not_in_profile: one(factor.notInProfile),
  overloaded: problems.overloaded,
}

const questions: Outcomes<EndingOf<typeof setSecurityQuestions>> = {
  ...refusals,
  set: success,
  not_in_profile: one(factor.notInProfile),
  two_step_is_on: one(factor.twoStepIsOn),
  three_questions: one(factor.threeQuestions),
  birth_date_known: one(factor.birthDateKnown),
  overloaded: problems.overloaded,
}

// ——— the calls

type Given = { readonly question: string; readonly answer: string }

const asked = (given: readonly Given[]) =>
  given.map(({ question, answer }) => ({ question, answer: Secret.of(answer) }))

export const twoStepRoutes: readonly Route[] = [
  looks('/account/two-step', async asking => view(asking)(asking.at)),

  changes('POST', '/account/two-step/begin', empty, async asking => {
    const { world, call, at } = asking
    const ending = await beginTwoStep(world, call, at)
    const status = ending.kind === 'waiting' ? 202 : 200
    return shown(begin, ending, seen => done(twoStepView(seen, world.limits), status))
  }),

  changes(
    'POST',
    '/account/two-step/devices',
    async () => (await import('#contract/account-device.ts')).newDevice,
    async ({ world, call, at, presenting }, device) => {
      const ending = await sendEnrolmentCode(world, call, at, { device, from: presenting.from })
      const problem = problemOf(enrol, ending)
      if (problem !== undefined) return refused(problem)
      assert(ending.kind === 'sent', 'what is not refused was sent')
      return done(codeSentView(ending, device.kind), 202)
    },
    'nothing',
  ),

  changes(
    'POST',
    '/account/two-step/devices/check',
    async () => (await contract()).codeRequest,
    async (asking, { code }) => {
      const { world, call, at } = asking
      return shown(check, await checkEnrolmentCode(world, call, at, Secret.of(code)), view(asking))
    },
  ),

  changes('POST', '/account/two-step/skip-devices', empty, async asking => {
    const { world, call, at } = asking
    return shown(skip, await endDevices(world, call, at), view(asking))
  }),

  changes(
    'POST',
    '/account/two-step/recovery-key',
    empty,
    async ({ world, call, at }) =>
      shown(show, await showEnrolmentKey(world, call, at), ({ key }) =>
        done({ recovery_key: key.reveal(), retype_within_s: null }, 201),
      ),
    'nothing',
  ),

  changes(
    'POST',
    '/account/two-step/recovery-key/retype',
    async () => (await import('#contract/accounts.ts')).recoveryKeyRequest,
    async (asking, { recovery_key }) => {
      const { world, call, at } = asking
      return shown(retype, await retypeEnrolmentKey(world, call, at, Secret.of(recovery_key)), view(asking))
    },
  ),

  changes(
    'POST',
    '/account/two-step/confirm',
    async () => (await contract()).confirmRequest,
    async asking => {
      const { world, call, at } = asking
      return shown(confirm, await enableTwoStep(world, call, at), view(asking))
    },
  ),

  changes('POST', '/account/two-step/abandon', empty, async asking => {
    const { world, call, at } = asking
    return shown(abandon, await abandonTwoStep(world, call, at), view(asking))
  }),

  changes(
    'DELETE',
    '/account/two-step',
    async () => (await contract()).turnOffRequest,
    async (asking, { security_questions, birth_date }) => {
      const { world, call, at } = asking
      const given =
        security_questions === undefined || birth_date === undefined
          ? undefined
          : { questions: asked(security_questions), birthDate: Secret.of(birth_date) }
      return shown(off, await turnOffTwoStep(world, call, at, given), view(asking))
    },
  ),

  // ——— profile `classic`

  looks('/account/security-questions', async ({ at }) => done(questionsView(at.account.identity))),

  changes(
    'PUT',
    '/account/security-questions',
    async () => (await contract()).securityQuestionsRequest,
    async ({ world, call, at }, { security_questions, birth_date }) => {
      const birthDate = birth_date === undefined ? undefined : Secret.of(birth_date)
      const given = { questions: asked(security_questions), birthDate }
      const ending = await setSecurityQuestions(world, call, at, given)
      return shown(questions, ending, ({ account }) => done(questionsView(account.identity)))
    },
  ),
]

const questionsView = (identity: Seen['account']['identity']) => ({
  security_questions: identity.questions.map(({ question }) => ({ question })),
  birth_date_known: identity.birthDate !== undefined,
})
