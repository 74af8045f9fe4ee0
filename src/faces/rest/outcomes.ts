// How each ending of an action reads on the REST wire. One table an action; each stops compiling when an ending of its
// action is missing. `undefined`: the call succeeded.

import type { AnswerReminderEnding } from '#actions/answer-reminder.ts'
import type {
  DeleteWebhookEnding,
  PlaceWebhookEnding,
  RotateSecretEnding,
  TestWebhookEnding,
} from '#actions/application-webhook.ts'
import type { BeginRegistrationEnding } from '#actions/begin-registration.ts'
import type { ChangePinEnding } from '#actions/change-pin.ts'
import type { DeregisterNumberEnding } from '#actions/deregister-number.ts'
import type { EnableTwoStepEnding } from '#actions/enable-two-step.ts'
import type { EndContestEnding } from '#actions/end-contest.ts'
import type { RecoverySeen, TwoStepSeen } from '#actions/look-at-two-step.ts'
import type { RequestRecoveryLinkEnding } from '#actions/mailed-links.ts'
import type { GiveRecoveryAddressEnding } from '#actions/recovery-address.ts'
import type { RegisterNumberEnding } from '#actions/register-number.ts'
import type { ReportUseEnding } from '#actions/report-use.ts'
import type { RequestCodeEnding } from '#actions/request-code.ts'
import type { TurnOffTwoStepEnding } from '#actions/turn-off-two-step.ts'
import type { VerifyCodeEnding } from '#actions/verify-code.ts'
import type { Problem } from '#http/problem.ts'
import { type Answer, refused } from './answer.ts'
import * as problems from './problems.ts'

/** For every ending: the problem it is, or `undefined` where the call succeeded. */
export type Outcomes<E extends { readonly kind: string }> = {
  readonly [K in E['kind']]: (ending: Extract<E, { readonly kind: K }>) => Problem | undefined
}

/** Looks an ending up in its table. */
export function problemOf<E extends { readonly kind: string }>(outcomes: Outcomes<E>, ending: E): Problem | undefined {
  const read = outcomes[ending.kind as E['kind']] as (ending: E) => Problem | undefined
  return read(ending)
}

/** What an ending is answered with: its problem, or what `show` makes where the call succeeded. */
export async function answerTo<E extends { readonly kind: string }>(
  outcomes: Outcomes<E>,
  ending: E,
  show: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const problem = problemOf(outcomes, ending)
  return problem === undefined ? show() : refused(problem)
}

const success = () => undefined
const one = (problem: Problem) => () => problem

export const begin: Outcomes<BeginRegistrationEnding> = {
  begun: success,
  too_many_codes: problems.tooManyCodes,
  country_not_served: one(problems.countryNotServed),
  line_not_served: one(problems.lineNotServed),
  codes_paused: problems.codesPaused,
}

export const sendCode: Outcomes<RequestCodeEnding> = {
  sent: success,
  too_many_codes: problems.tooManyCodes,
  country_not_served: one(problems.countryNotServed),
  line_not_served: one(problems.lineNotServed),
  codes_paused: problems.codesPaused,
}

export const checkCode: Outcomes<VerifyCodeEnding> = {
  proved: success,
  wrong_code: one(problems.wrongCode),
  check_too_soon: problems.checkTooSoon,
  checks_spent: problems.checksSpent,
}

export const complete: Outcomes<RegisterNumberEnding> = {
  registered: success,
  not_proved: one(problems.notProved),
  attempts_spent: problems.attemptsSpent,
  deleted_recently: problems.deletedRecently,
  pin_needed: problems.pinNeeded,
  wrong_pin: problems.wrongPin,
  pin_closed: problems.pinClosed,
  guess_too_soon: problems.guessTooSoon,
  weak_pin: problems.weakPin,
  overloaded: problems.overloaded,
}

export const requestRecoveryMail: Outcomes<RequestRecoveryLinkEnding> = {
  mailed: success,
  too_many_mails: problems.tooManyMails,
  no_address: one(problems.noAddress),
  not_proved: one(problems.notProved),
  no_lock: one(problems.twoStepOff),
}

export const lookAtRecovery: Outcomes<RecoverySeen> = {
  mailed: success,
  none: success,
  lock_removed: success,
  not_proved: one(problems.notProved),
}

export const lookAtTwoStep: Outcomes<TwoStepSeen> = {
  on: success,
  off: success,
  not_registered: one(problems.notRegistered),
}

export const enable: Outcomes<EnableTwoStepEnding> = {
  enabled: success,
  not_registered: one(problems.notRegistered),
  on_already: one(problems.twoStepOn),
  not_an_address: one(problems.notAnAddress),
  too_many_mails: problems.tooManyMails,
  weak_pin: problems.weakPin,
  overloaded: problems.overloaded,
}

export const changePin: Outcomes<ChangePinEnding> = {
  changed: success,
  no_lock: one(problems.twoStepOff),
  not_proved: one(problems.notRegistered),
  not_keeper: one(problems.notRegistered),
  same_pin: one(problems.samePin),
  wrong_pin: problems.wrongPin,
  guess_too_soon: problems.guessTooSoon,
  pin_closed: problems.pinClosed,
  weak_pin: problems.weakPin,
  overloaded: problems.overloaded,
}

const pinRefusals = {
  not_registered: one(problems.notRegistered),
  no_lock: one(problems.twoStepOff),
  wrong_pin: problems.wrongPin,
  pin_closed: problems.pinClosed,
  guess_too_soon: problems.guessTooSoon,
  overloaded: problems.overloaded,
}

export const giveRecoveryAddress: Outcomes<GiveRecoveryAddressEnding> = {
  ...pinRefusals,
  given: success,
  removed: success,
  unchanged: success,
  not_an_address: one(problems.notAnAddress),
  too_many_mails: problems.tooManyMails,
}

export const turnOff: Outcomes<TurnOffTwoStepEnding> = { ...pinRefusals, turned_off: success }

export const answerReminder: Outcomes<AnswerReminderEnding> = {
  ...pinRefusals,
  answered: success,
  not_due: problems.reminderNotDue,
}

export const endContest: Outcomes<EndContestEnding> = {
  ...pinRefusals,
  contest_ended: success,
  no_contest: one(problems.noContest),
}

export const reportUse: Outcomes<ReportUseEnding> = {
  reported: success,
  not_registered: one(problems.notRegistered),
}

export const deregister: Outcomes<DeregisterNumberEnding> = {
  deregistered: success,
  not_registered: one(problems.notRegistered),
  attempts_spent: problems.attemptsSpent,
}

export const putWebhook: Outcomes<PlaceWebhookEnding> = {
  placed: success,
  not_a_url: ({ problem }) => problems.notAUrl(problem),
}

export const rotateSecret: Outcomes<RotateSecretEnding> = { rotated: success, no_webhook: one(problems.noWebhook) }

export const deleteWebhook: Outcomes<DeleteWebhookEnding> = { removed: success, no_webhook: one(problems.noWebhook) }

export const testWebhook: Outcomes<TestWebhookEnding> = {
  sent: success,
  no_webhook: one(problems.noWebhook),
  webhook_off: one(problems.webhookOff),
  too_many_tests: problems.tooManyTests,
}
