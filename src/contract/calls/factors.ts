// The calls about what an account is opened with: two-step verification, devices, Recovery Key.

import * as devices from '../account-device.ts'
import * as twoStep from '../account-two-step.ts'
import { emptyRequest, recoveryKeyRequest, renameRequest } from '../accounts.ts'
import type { Call, Group, Refusal } from './call.ts'

const by = 'session'
const key = 'answered_again'
const care: readonly Refusal[] = ['limited_session', 'step_up_needed']
const step: readonly Refusal[] = [...care, 'wrong_step']
const code: readonly Refusal[] = ['wrong_code', 'check_too_soon', 'checks_spent', 'device_off']
const draft: readonly Refusal[] = [
  ...([
    'number_not_supported',
    'already_trusted',
    'too_many_devices',
    'too_many_codes',
    'codes_paused',
    'device_off',
  ] as const),
]
const state = { 200: twoStep.twoStepAnswer }

const turningOn: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/account/two-step', id: 'getTwoStep', by },
    says: 'Where two-step verification stands, and what to call next',
    answers: state,
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/two-step/begin', id: 'beginTwoStep', by, key },
    says: 'Begins to turn it on; after a significant change 202, and three days of waiting',
    takes: emptyRequest,
    answers: { ...state, 202: twoStep.twoStepAnswer },
    refuses: [...step, 'waiting_period', 'no_confirmed_address'],
  },
  {
    ...{ method: 'POST', path: '/account/two-step/devices', id: 'addFirstDevice', by, key: 'shown_once' },
    says: 'Sends a code to the first number, then to further devices',
    takes: devices.newDevice,
    answers: { 202: twoStep.newDeviceAnswer },
    refuses: [...step, 'number_first', ...draft],
  },
  {
    ...{ method: 'POST', path: '/account/two-step/devices/check', id: 'checkFirstDevice', by, key },
    says: 'Checks the code: the device is verified',
    takes: twoStep.codeRequest,
    answers: state,
    refuses: [...step, ...code],
  },
  {
    ...{ method: 'POST', path: '/account/two-step/skip-devices', id: 'skipDevices', by, key },
    says: 'No more devices for now',
    takes: emptyRequest,
    answers: state,
    refuses: step,
  },
  {
    ...{ method: 'POST', path: '/account/two-step/recovery-key', id: 'showFirstRecoveryKey', by, key: 'shown_once' },
    says: 'Shows a Recovery Key, once',
    takes: emptyRequest,
    answers: { 201: twoStep.recoveryKeyAnswer },
    refuses: step,
  },
  {
    ...{ method: 'POST', path: '/account/two-step/recovery-key/retype', id: 'retypeFirstRecoveryKey', by, key },
    says: 'The person has retyped it',
    takes: recoveryKeyRequest,
    answers: state,
    refuses: [...step, 'wrong_recovery_key', 'no_key_to_retype'],
  },
  {
    ...{ method: 'POST', path: '/account/two-step/confirm', id: 'enableTwoStep', by, key },
    says: '"I understand": it is on; other sessions end',
    takes: twoStep.confirmRequest,
    answers: state,
    refuses: step,
  },
  {
    ...{ method: 'POST', path: '/account/two-step/abandon', id: 'abandonTwoStep', by, key },
    says: 'Leaves the set-up; nothing was turned on',
    takes: emptyRequest,
    answers: state,
    refuses: step,
  },
  {
    ...{ method: 'DELETE', path: '/account/two-step', id: 'turnTwoStepOff', by },
    says: 'Turns it off, with fresh proofs; devices, Recovery Key and app-specific passwords end',
    takes: twoStep.turnOffRequest,
    answers: state,
    refuses: [
      ...care,
      ...(['two_step_off', 'identity_needed', 'wrong_birth_date', 'birth_date_too_soon', 'not_in_profile'] as const),
      'overloaded',
    ],
  },
  {
    ...{ method: 'GET', path: '/account/security-questions', id: 'getSecurityQuestions', by },
    says: 'Profile `classic` only: which questions are asked while two-step verification is off',
    answers: { 200: twoStep.securityQuestionsAnswer },
    refuses: care,
  },
  {
    ...{ method: 'PUT', path: '/account/security-questions', id: 'setSecurityQuestions', by },
    says: 'Profile `classic` only: sets them',
    takes: twoStep.securityQuestionsRequest,
    answers: { 200: twoStep.securityQuestionsAnswer },
    refuses: [...care, 'not_in_profile', 'two_step_on', 'birth_date_known', 'overloaded'],
  },
]

const trusted: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/account/devices', id: 'listDevices', by },
    says: 'Trusted devices, and what to warn of',
    answers: { 200: twoStep.devicesAnswer },
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/devices', id: 'addDevice', by, key: 'shown_once' },
    says: 'Sends a code to a device that is to be trusted',
    takes: devices.newDevice,
    answers: { 202: twoStep.newDeviceAnswer },
    refuses: [...care, 'two_step_off', ...draft],
  },
  {
    ...{ method: 'POST', path: '/account/devices/check', id: 'checkDevice', by, key },
    says: 'Checks the code: the device is trusted',
    takes: twoStep.codeRequest,
    answers: { 200: twoStep.deviceVerifiedAnswer },
    refuses: [...care, ...code],
  },
  {
    ...{ method: 'POST', path: '/account/devices/turn-on', id: 'turnDevicesOn', by, key },
    says: 'All devices get codes again',
    takes: emptyRequest,
    answers: { 200: twoStep.devicesAnswer },
    refuses: care,
  },
  {
    ...{ method: 'PATCH', path: '/account/devices/{id}', id: 'renameDevice', by },
    says: 'Names a device',
    takes: renameRequest,
    answers: { 200: twoStep.deviceAnswer },
    refuses: [...care, 'no_such_device'],
  },
  {
    ...{ method: 'DELETE', path: '/account/devices/{id}', id: 'removeDevice', by },
    says: 'Takes a device away, at once; the last number stays',
    takes: emptyRequest,
    answers: { 200: twoStep.devicesAnswer },
    refuses: [...care, 'no_such_device', 'last_number'],
  },
  {
    ...{ method: 'POST', path: '/account/recovery-key', id: 'showRecoveryKey', by, key: 'shown_once' },
    says: 'Shows a Recovery Key that replaces the old one once it was retyped',
    takes: emptyRequest,
    answers: { 201: twoStep.recoveryKeyAnswer },
    refuses: [...care, 'two_step_off'],
  },
  {
    ...{ method: 'POST', path: '/account/recovery-key/retype', id: 'retypeRecoveryKey', by, key },
    says: 'It was retyped: in that commit the old one dies',
    takes: recoveryKeyRequest,
    answers: state,
    refuses: [...care, 'wrong_recovery_key', 'no_key_to_retype'],
  },
  {
    ...{ method: 'POST', path: '/account/recovery-key/at-hand', id: 'showRecoveryKeyAtHand', by, key },
    says: 'Answers the yearly question whether it is still at hand',
    takes: recoveryKeyRequest,
    answers: state,
    refuses: [...care, 'wrong_recovery_key', 'recovery_key_too_soon'],
  },
]

const device = 'device'
const shown = { 200: devices.deviceAnswer }

const notified: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/push-key', id: 'getPushKey', by: 'open' },
    says: 'The key that a browser subscribes to notifications with (RFC 8292)',
    answers: { 200: devices.pushKeyAnswer },
  },
  {
    ...{ method: 'GET', path: '/device', id: 'getDevice', by: device },
    says: 'Whether the device is trusted',
    answers: shown,
  },
  {
    ...{ method: 'GET', path: '/device/notifications', id: 'getNotifications', by: device },
    says: 'What it is to show; waits up to 25 seconds for something to come',
    query: devices.notificationsRequest,
    answers: { 200: devices.notificationsAnswer },
    refuses: ['too_many_waiting'],
  },
  {
    ...{ method: 'GET', path: '/device/events', id: 'streamNotifications', by: device },
    says: 'The same as a stream of events',
    answers: { 200: 'events' },
    refuses: ['too_many_waiting'],
  },
  {
    ...{ method: 'POST', path: '/device/not-me', id: 'sayNotMe', by: 'device-or-open' },
    says: '"Not me": ends the sign-in or reset that was shown, or the session that asked',
    takes: devices.notMeRequest,
    answers: { 200: devices.notMeAnswer },
    refuses: ['nothing_open'],
  },
  {
    ...{ method: 'PUT', path: '/device/push', id: 'moveDevice', by: device },
    says: 'Where its notifications go from now on',
    takes: devices.moveDevice,
    answers: shown,
  },
]

export const factorGroups: readonly Group[] = [
  { name: 'Two-step verification', says: 'Turned on step by step, and off.', calls: turningOn },
  {
    name: 'Devices and Recovery Key',
    says: 'What gets codes, and what opens the account without them.',
    calls: trusted,
  },
  { name: 'A trusted device', says: 'What a device that receives notifications calls.', calls: notified },
]
