// The calls that open an account: signing up and in, a forgotten password, and the users of an application that brings its
// own first step.

import * as resets from '../account-password-resets.ts'
import * as users from '../account-users.ts'
import * as accounts from '../accounts.ts'
import type { Call, Group, Refusal } from './call.ts'

const code: readonly Refusal[] = ['wrong_code', 'check_too_soon', 'checks_spent', 'device_off']
const sending: readonly Refusal[] = ['no_such_device', 'device_off', 'too_many_codes', 'codes_paused']
const choosing: readonly Refusal[] = ['weak_password', 'overloaded']
const key: readonly Refusal[] = ['wrong_recovery_key', 'recovery_key_too_soon']

const signUps: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/sign-ups', id: 'askToSignUp', by: 'open' },
    says: 'Mails a link to an address, or word that it has an account',
    more: 'Whoever asks is answered alike. Nothing is stored about an address before its link was used.',
    takes: accounts.signUpRequest,
    answers: { 202: accounts.acceptedAnswer },
    refuses: ['too_many_sign_ups'],
  },
  {
    ...{ method: 'POST', path: '/accounts', id: 'signUp', by: 'open' },
    says: 'Makes the account, and its first session',
    takes: accounts.accountRequest,
    answers: { 201: accounts.signedInAnswer },
    refuses: ['sign_up_gone', 'account_exists', ...choosing],
  },
]

const own = 'its-own'
const over: readonly Refusal[] = ['sign_in_over']

const signIns: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/sign-ins', id: 'signIn', by: 'open' },
    says: 'The first step: the password',
    more: 'With two-step verification on the answer is 201 and a sign-in, whose token opens its second step and nothing else.',
    takes: accounts.signInRequest,
    answers: { 200: accounts.signedInAnswer, 201: accounts.secondStepAnswer },
    refuses: ['sign_in_refused', 'guess_too_soon', 'overloaded'],
  },
  {
    ...{ method: 'GET', path: '/sign-ins/{id}', id: 'getSignIn', by: own },
    says: 'Its devices, and the code that is out',
    answers: { 200: accounts.signInAnswer },
    refuses: over,
  },
  {
    ...{ method: 'POST', path: '/sign-ins/{id}/code', id: 'sendSignInCode', by: own },
    says: 'Sends a code to the device that the person chose',
    takes: accounts.sendCodeRequest,
    answers: { 202: accounts.codeSentAnswer },
    refuses: [...over, ...sending],
  },
  {
    ...{ method: 'POST', path: '/sign-ins/{id}/code/check', id: 'checkSignInCode', by: own },
    says: 'The second step: the code',
    takes: accounts.checkSignInCodeRequest,
    answers: { 200: accounts.signedInAnswer },
    refuses: [...over, ...code],
  },
  {
    ...{ method: 'POST', path: '/sign-ins/{id}/recovery-key', id: 'signInByRecoveryKey', by: own },
    says: 'In without a device: a limited session, which verifies a new one',
    takes: accounts.recoveryKeyRequest,
    answers: { 200: accounts.limitedAnswer },
    refuses: [...over, ...key],
  },
]

const reset: readonly Refusal[] = ['reset_over']

const passwordResets: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/password-resets', id: 'beginPasswordReset', by: 'open' },
    says: 'Begins with the Recovery Key, so that a stranger makes no phone ring',
    takes: resets.beginResetRequest,
    answers: { 201: resets.begunAnswer },
    refuses: ['reset_refused', 'recovery_key_too_soon'],
  },
  {
    ...{ method: 'GET', path: '/password-resets/{id}', id: 'getPasswordReset', by: own },
    says: 'Where the reset stands, and what comes next',
    answers: { 200: resets.resetAnswer },
    refuses: reset,
  },
  {
    ...{ method: 'POST', path: '/password-resets/{id}/code', id: 'sendPasswordResetCode', by: own },
    says: 'Sends a code to the device that the person chose',
    takes: resets.chooseDeviceRequest,
    answers: { 202: accounts.codeSentAnswer },
    refuses: [...reset, ...sending],
  },
  {
    ...{ method: 'POST', path: '/password-resets/{id}/code/check', id: 'checkPasswordResetCode', by: own },
    says: 'Checks the code',
    takes: resets.checkCodeRequest,
    answers: { 200: resets.resetAnswer },
    refuses: [...reset, ...code],
  },
  {
    ...{ method: 'POST', path: '/password-resets/{id}/password', id: 'resetPassword', by: own },
    says: 'Sets the new password; every session ends, and nobody is signed in',
    takes: resets.newPasswordRequest,
    answers: { 200: resets.resetDoneAnswer },
    refuses: [...reset, 'code_needed', ...choosing],
  },
  {
    ...{ method: 'POST', path: '/password-resets/mail', id: 'mailPasswordReset', by: 'open' },
    says: 'With two-step verification off: mails a link',
    more: 'Whoever asks is answered alike. With two-step verification on the mail says what it takes instead.',
    takes: resets.mailResetRequest,
    answers: { 202: accounts.acceptedAnswer },
  },
  {
    ...{ method: 'POST', path: '/password-resets/mailed', id: 'resetPasswordByMail', by: 'open' },
    says: 'Sets the new password by the mailed link',
    takes: resets.mailedResetRequest,
    answers: { 200: resets.resetDoneAnswer },
    refuses: ['link_gone', ...choosing],
  },
]

const by = 'application'
const noSignIn: readonly Refusal[] = ['sign_in_over@404']

const usersCalls: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/users', id: 'listUsers', by },
    says: 'The users of the application, in pages',
    query: users.listUsersRequest,
    answers: { 200: users.usersAnswer },
  },
  {
    ...{ method: 'GET', path: '/users/{user}', id: 'getUser', by },
    says: 'One user: whether two-step verification is on',
    answers: { 200: users.userAnswer },
    refuses: ['no_such_user'],
  },
  {
    ...{ method: 'POST', path: '/users/{user}/sign-ins', id: 'assertUser', by },
    says: '1. Assert: this user has passed your own first step',
    more: 'The first assertion makes the user. 200: signed in; 201: a second step is needed.',
    takes: users.assertRequest,
    answers: { 200: users.signedInUserAnswer, 201: users.secondStepOfUserAnswer },
    refuses: ['no_such_user'],
  },
  {
    ...{ method: 'GET', path: '/users/{user}/sign-ins/{id}', id: 'getUserSignIn', by },
    says: 'The devices, and the code that is out',
    answers: { 200: users.userSignInAnswer },
    refuses: noSignIn,
  },
  {
    ...{ method: 'POST', path: '/users/{user}/sign-ins/{id}/code', id: 'sendUserCode', by },
    says: '2. Challenge: a code goes to the device that the person chose',
    takes: users.chooseDeviceRequest,
    answers: { 202: accounts.codeSentAnswer },
    refuses: [...noSignIn, ...sending],
  },
  {
    ...{ method: 'POST', path: '/users/{user}/sign-ins/{id}/code/check', id: 'checkUserCode', by },
    says: '3. Verify: what the person typed',
    takes: users.checkUserCodeRequest,
    answers: { 200: users.signedInUserAnswer },
    refuses: [...noSignIn, ...code],
  },
  {
    ...{ method: 'POST', path: '/users/{user}/sign-ins/{id}/recovery-key', id: 'signUserInByRecoveryKey', by },
    says: 'In without a device: a limited session',
    takes: users.userRecoveryKeyRequest,
    answers: { 200: users.signedInUserAnswer },
    refuses: [...noSignIn, ...key],
  },
  {
    ...{ method: 'POST', path: '/users/{user}/sessions/{id}/first-step', id: 'assertUserAnew', by },
    says: 'Asserts the first step anew, where a fresh password is asked for',
    takes: users.assertAnewRequest,
    answers: { 200: users.assertedAnewAnswer },
    refuses: ['no_such_user', 'no_such_session', 'session_needed', 'limited_session', 'step_up_needed'],
  },
]

export const signInGroups: readonly Group[] = [
  {
    name: 'Users',
    says: 'Bring your own first step: the second one for users that an application has.',
    calls: usersCalls,
  },
  { name: 'Sign-up', says: 'An account by a proved mailbox.', calls: signUps },
  { name: 'Sign-in', says: 'Password, then a code on a device that the person chooses.', calls: signIns },
  {
    name: 'Password reset',
    says: 'A forgotten password: two proofs of three, and never fewer.',
    calls: passwordResets,
  },
]
