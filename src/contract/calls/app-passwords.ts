// The calls about app-specific passwords: for their owner, for services, and for reverse proxies.

import * as passwords from '../account-app-passwords.ts'
import { emptyRequest } from '../accounts.ts'
import type { Call, Group, Refusal } from './call.ts'

const by = 'session'
const care: readonly Refusal[] = ['limited_session', 'step_up_needed']

const basic = {
  says: 'HTTP Basic for a reverse proxy: 204 with the account in Twostep-Account, or 401',
  by: 'basic',
  query: passwords.basicRequest,
  answers: { 204: 'nothing' },
  refuses: ['unknown_api_key', 'app_password_refused@401'],
} as const

const appPasswords: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/account/app-passwords', id: 'listAppPasswords', by },
    says: 'Those that are active, with their last use',
    answers: { 200: passwords.appPasswordsAnswer },
    refuses: care,
  },
  {
    ...{ method: 'POST', path: '/account/app-passwords', id: 'makeAppPassword', by, key: 'shown_once' },
    says: 'Makes one for one service, shown once',
    takes: passwords.makeAppPasswordRequest,
    answers: { 201: passwords.appPasswordMadeAnswer },
    refuses: [...care, 'two_step_off', 'too_many_app_passwords'],
  },
  {
    ...{ method: 'DELETE', path: '/account/app-passwords', id: 'revokeAppPasswords', by },
    says: 'Revokes all',
    takes: emptyRequest,
    answers: { 200: passwords.appPasswordsRevokedAnswer },
    refuses: care,
  },
  {
    ...{ method: 'DELETE', path: '/account/app-passwords/{id}', id: 'revokeAppPassword', by },
    says: 'Revokes one',
    takes: emptyRequest,
    answers: { 200: passwords.appPasswordsRevokedAnswer },
    refuses: [...care, 'no_such_app_password'],
  },
  {
    ...{ method: 'POST', path: '/app-passwords/check', id: 'checkAppPassword', by: 'application' },
    says: 'Whether an app-specific password opens a service',
    takes: passwords.checkAppPasswordRequest,
    answers: { 200: passwords.appPasswordRightAnswer },
    refuses: ['app_password_refused'],
  },
  { ...basic, method: 'GET', path: '/app-passwords/basic', id: 'checkAppPasswordByBasic' },
  { ...basic, method: 'POST', path: '/app-passwords/basic', id: 'checkAppPasswordByBasicPost' },
]

export const appPasswordGroups: readonly Group[] = [
  { name: 'App-specific passwords', says: 'For programs that cannot ask for a code.', calls: appPasswords },
]
