// The calls of whoever is signed in: their account, sessions, browsers, addresses, history, and proof anew.

import * as addresses from '../account-addresses.ts'
import * as history from '../account-history.ts'
import * as stepUp from '../account-step-up.ts'
import { codeRequest } from '../account-two-step.ts'
import * as accounts from '../accounts.ts'
import type { Call, Group, Refusal } from './call.ts'

const by = 'session'
const key = 'answered_again'
const { emptyRequest } = accounts
/** What guards the account inside a session. */
const care: readonly Refusal[] = ['limited_session', 'step_up_needed']

const account: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/account', id: 'getAccount', by },
    says: 'The account, and what its owner should look after',
    answers: { 200: accounts.accountAnswer },
    refuses: care,
  },
  {
    ...{ method: 'DELETE', path: '/account', id: 'closeAccount', by },
    says: 'Closes the account, in one commit and for good',
    takes: emptyRequest,
    answers: { 200: history.closedAnswer },
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/password', id: 'changePassword', by, key },
    says: 'A new password; other sessions and all app-specific passwords end',
    takes: accounts.newPasswordRequest,
    answers: { 200: accounts.changedAnswer },
    refuses: [...care, 'no_password', 'weak_password', 'overloaded'],
  },
  {
    ...{ method: 'GET', path: '/account/activity', id: 'getActivity', by },
    says: 'What happened to the account, newest first, in pages',
    query: history.activityRequest,
    answers: { 200: history.activityAnswer },
    refuses: care,
  },
  {
    ...{ method: 'GET', path: '/account/export', id: 'exportAccount', by },
    says: 'Everything that is known about the owner',
    answers: { 200: history.exportAnswer },
    refuses: care,
  },
]

const sessions: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/account/sign-out', id: 'signOut', by, key },
    says: 'Ends the session that asks',
    takes: emptyRequest,
    answers: { 200: accounts.endedAnswer },
    refuses: [...care, 'no_such_session'],
  },
  {
    ...{ method: 'GET', path: '/account/sessions', id: 'listSessions', by },
    says: 'Who is signed in, and where',
    answers: { 200: accounts.sessionsAnswer },
    refuses: care,
  },
  {
    ...{ method: 'DELETE', path: '/account/sessions', id: 'endSessions', by },
    says: 'Ends the others, or all',
    query: accounts.endSessionsRequest,
    answers: { 200: accounts.endedAnswer },
    refuses: [...care, 'no_such_session'],
  },
  {
    ...{ method: 'PATCH', path: '/account/sessions/{id}', id: 'renameSession', by },
    says: 'Names a session',
    takes: accounts.renameRequest,
    answers: { 200: accounts.sessionAnswer },
    refuses: [...care, 'no_such_session'],
  },
  {
    ...{ method: 'DELETE', path: '/account/sessions/{id}', id: 'endSession', by },
    says: 'Ends a session',
    takes: emptyRequest,
    answers: { 200: accounts.endedAnswer },
    refuses: [...care, 'no_such_session'],
  },
  {
    ...{ method: 'GET', path: '/account/browsers', id: 'listBrowsers', by },
    says: 'Browsers that are known, and those that are trusted',
    answers: { 200: accounts.browsersAnswer },
    refuses: care,
  },
  {
    ...{ method: 'DELETE', path: '/account/browsers', id: 'forgetBrowsers', by },
    says: 'Forgets all browsers',
    query: accounts.forgetBrowsersRequest,
    answers: { 200: accounts.removedAnswer },
    refuses: [...care, 'no_such_browser'],
  },
  {
    ...{ method: 'PATCH', path: '/account/browsers/{id}', id: 'renameBrowser', by },
    says: 'Names a browser',
    takes: accounts.renameRequest,
    answers: { 200: accounts.browserAnswer },
    refuses: [...care, 'no_such_browser'],
  },
  {
    ...{ method: 'DELETE', path: '/account/browsers/{id}', id: 'forgetBrowser', by },
    says: 'Forgets a browser',
    takes: emptyRequest,
    answers: { 200: accounts.removedAnswer },
    refuses: [...care, 'no_such_browser'],
  },
]

const mailboxes: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/account/addresses', id: 'listAddresses', by },
    says: 'The e-mail addresses, and the one that waits for its link',
    answers: { 200: addresses.addressesAnswer },
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/addresses', id: 'addAddress', by, key },
    says: 'Mails a link to a new address',
    takes: addresses.addAddressRequest,
    answers: { 202: addresses.mailedAnswer },
    refuses: [...care, 'address_known', 'too_many_addresses', 'too_many_mails'],
  },
  {
    ...{ method: 'POST', path: '/account/addresses/confirm', id: 'confirmAddress', by: 'open' },
    says: 'Confirms an address by the mailed link',
    takes: addresses.confirmAddressRequest,
    answers: { 200: addresses.confirmedAnswer },
    refuses: ['link_gone', 'account_exists'],
  },
  {
    ...{ method: 'DELETE', path: '/account/addresses/{id}', id: 'removeAddress', by },
    says: 'Takes an address away; the last confirmed one stays',
    takes: emptyRequest,
    answers: { 200: addresses.removedAddressAnswer },
    refuses: [...care, 'no_such_address', 'last_address'],
  },
]

const proof: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/account/step-up/password', id: 'stepUpByPassword', by, key },
    says: 'Proves the password anew',
    takes: stepUp.stepUpPasswordRequest,
    answers: { 200: stepUp.stepUpAnswer },
    refuses: [...care, 'wrong_password', 'guess_too_soon', 'no_password', 'overloaded'],
  },
  {
    ...{ method: 'POST', path: '/account/step-up/code', id: 'sendStepUpCode', by, key },
    says: 'Sends a code to a device',
    takes: accounts.sendCodeRequest,
    answers: { 202: stepUp.stepUpCodeAnswer },
    refuses: [...care, 'no_such_device', 'device_off', 'too_many_codes', 'codes_paused'],
  },
  {
    ...{ method: 'POST', path: '/account/step-up/code/check', id: 'stepUpByCode', by, key },
    says: 'Proves the device anew',
    takes: codeRequest,
    answers: { 200: stepUp.stepUpAnswer },
    refuses: [...care, 'wrong_code', 'check_too_soon', 'checks_spent', 'device_off'],
  },
  {
    ...{ method: 'GET', path: '/account/gates', id: 'listAccountGates', by },
    says: 'Which gates this session passes, and what is missing for the others',
    answers: { 200: stepUp.gatesAnswer },
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/gates/{gate}', id: 'passGate', by },
    says: 'Passes a gate, or says what to prove (RFC 9470)',
    takes: stepUp.passGateRequest,
    answers: { 200: stepUp.gatePassedAnswer },
    refuses: ['malformed_idempotency_key', ...care, 'no_such_gate'],
  },
  {
    ...{ method: 'GET', path: '/gates', id: 'listGates', by: 'application' },
    says: "The application's own gates",
    answers: { 200: stepUp.definedGatesAnswer },
  },
  {
    ...{ method: 'PUT', path: '/gates/{gate}', id: 'defineGate', by: 'application' },
    says: 'Defines a gate: what it needs, what it opens, how old the proofs may be',
    takes: stepUp.defineGateRequest,
    answers: { 200: stepUp.definedGateAnswer },
    refuses: ['too_many_gates'],
  },
  {
    ...{ method: 'DELETE', path: '/gates/{gate}', id: 'deleteGate', by: 'application' },
    says: 'Takes a gate away',
    takes: emptyRequest,
    answers: { 200: stepUp.removedGateAnswer },
    refuses: ['no_such_gate'],
  },
]

export const accountGroups: readonly Group[] = [
  { name: 'Account', says: 'What the owner sees and settles; read with a session.', calls: account },
  { name: 'Sessions and browsers', says: 'Who is signed in, and which browsers are known.', calls: sessions },
  { name: 'Addresses', says: 'Where mails about the account go.', calls: mailboxes },
  { name: 'Step-up and gates', says: 'Where the second step is asked for, and proof given anew.', calls: proof },
]
