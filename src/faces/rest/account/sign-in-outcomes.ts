// How each ending of signing up, signing in, and looking after sessions, browsers and the password reads on the wire.

import type { ChangePasswordEnding } from '#actions/account/change-password.ts'
import type {
  EndSessionsEnding,
  RemoveBrowsersEnding,
  RenameBrowserEnding,
  RenameSessionEnding,
} from '#actions/account/sessions.ts'
import type {
  CheckSignInCodeEnding,
  SendSignInCodeEnding,
  SignInByKeyEnding,
  SignInEnding,
} from '#actions/account/sign-in.ts'
import type { AskToSignUpEnding, SignUpEnding } from '#actions/account/sign-up.ts'
import { notAnAddress } from '../problems.ts'
import { type Outcomes, one, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'

export const askToSignUp: Outcomes<AskToSignUpEnding> = {
  accepted: success,
  not_an_address: one(notAnAddress),
  too_many_sign_ups: problems.tooManySignUps,
}

export const signUp: Outcomes<SignUpEnding> = {
  signed_up: success,
  gone: one(problems.signUpGone),
  account_exists: one(problems.addressTaken),
  weak_password: problems.weakPassword,
  overloaded: problems.overloaded,
}

export const signIn: Outcomes<SignInEnding> = {
  signed_in: success,
  second_step_needed: success,
  refused: one(problems.signInRefused),
  guess_too_soon: problems.passwordTooSoon,
  overloaded: problems.overloaded,
}

export const sendSignInCode: Outcomes<SendSignInCodeEnding> = {
  sent: success,
  too_many_codes: problems.tooManyCodes,
  codes_paused: problems.codesPaused,
  device_off: one(problems.deviceOff),
  no_device: one(problems.noDevice),
  no_sign_in: one(problems.noSignIn),
}

export const checkSignInCode: Outcomes<CheckSignInCodeEnding> = {
  signed_in: success,
  wrong_code: one(problems.wrongCode),
  check_too_soon: problems.checkTooSoon,
  checks_spent: problems.checksSpent,
  device_off: one(problems.deviceOff),
  no_sign_in: one(problems.noSignIn),
}

export const signInByKey: Outcomes<SignInByKeyEnding> = {
  limited: success,
  wrong_key: one(problems.wrongRecoveryKey),
  key_too_soon: problems.keyTooSoon,
  no_sign_in: one(problems.noSignIn),
}

export const endSessions: Outcomes<EndSessionsEnding> = {
  ...refusals,
  ended: success,
  no_such_session: one(problems.noSuchSession),
}

export const renameSession: Outcomes<RenameSessionEnding> = {
  ...refusals,
  renamed: success,
  no_such_session: one(problems.noSuchSession),
}

export const removeBrowsers: Outcomes<RemoveBrowsersEnding> = {
  ...refusals,
  removed: success,
  no_browser: one(problems.noSuchBrowser),
}

export const renameBrowser: Outcomes<RenameBrowserEnding> = {
  ...refusals,
  renamed: success,
  no_browser: one(problems.noSuchBrowser),
}

export const changePassword: Outcomes<ChangePasswordEnding> = {
  ...refusals,
  changed: success,
  no_password: one(problems.noPassword),
  weak_password: problems.weakPassword,
  overloaded: problems.overloaded,
}
