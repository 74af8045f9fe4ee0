// Every call of the accounts' door, with what somebody sends it who wants in, and what it may hand out: to whom, and of what
// kind. A call that is not in this table fails the test that walks it.

import type { TurnedOn } from './door.ts'

/** What somebody has of an account whose two-step verification is on. Never both of what opens it. */
export type Position =
  | 'nothing'
  | 'password'
  | 'recovery key'
  | 'device'
  | 'trusted browser'
  | 'mailbox'
  | 'app-specific password'
  | 'an ended session'
  | 'operator token'
  | 'application'
  | 'another application'
  /** Two proofs, and no device: in, to verify a new one. */
  | 'password and recovery key'

/** What somebody knows; what they do not know is wrong. */
export type Hands = {
  readonly password: string
  readonly recoveryKey: string
  readonly browser: string | undefined
  /** A token from a mail. */
  readonly mailed: string
  readonly appPassword: string
}

/** `session`, `sign-in`, …: what a token is of. */
export type Given = 'session' | 'sign-in' | 'browser' | 'reset' | 'device'

export type Entry = {
  readonly body?: (hands: Hands, of: TurnedOn) => object
  readonly query?: Readonly<Record<string, string>>
  /** What it hands out to somebody in a position. To all others, nothing. */
  readonly gives?: Readonly<Partial<Record<Position, readonly Given[]>>>
  /** Whether it opens a session for who has both proofs. */
  readonly opens?: true
  /** Comes last: it would end what the walk walks with, or push it out. */
  readonly last?: true
  /** It goes on until the client leaves: its head is looked at. */
  readonly streams?: true
}

// No code of ours has eight digits, so it is wrong whatever was sent.
const code = '00000000'
const named = () => ({ name: 'Theirs' })
const number = { kind: 'number', number: '+16315559999' } as const
const questions = ['First pet?', 'First street?', 'First song?'].map(question => ({ question, answer: 'Rex' }))
const device = (_: Hands, of: TurnedOn) => ({ device: of.device })
const key = ({ recoveryKey }: Hands) => ({ recovery_key: recoveryKey })
const newPassword = () => ({ new_password: 'Copper-Lagoon-58-Violets' })
const browser = (hands: Hands) => (hands.browser === undefined ? {} : { browser: hands.browser })

const limited = 'password and recovery key'

export const table: Readonly<Record<string, Entry>> = {
  'POST /sign-ups': { body: (_, of) => ({ email: of.email }) },
  'POST /accounts': { body: hands => ({ sign_up: hands.mailed, password: 'Copper-Lagoon-58-Violets' }), opens: true },
  'POST /sign-ins': {
    body: (hands, of) => ({ identifier: of.email, password: hands.password, trust_browser: true, ...browser(hands) }),
    gives: { password: ['sign-in'], [limited]: ['sign-in'] },
    opens: true,
    last: true,
  },
  'GET /sign-ins/:id': {},
  'POST /sign-ins/:id/code': { body: device },
  'POST /sign-ins/:id/code/check': { body: hands => ({ code, trust_browser: true, ...browser(hands) }), opens: true },
  'POST /sign-ins/:id/recovery-key': { body: key, gives: { [limited]: ['session'] }, opens: true },
  'GET /account': {},
  'GET /account/sessions': {},
  'PATCH /account/sessions/:id': { body: named },
  'DELETE /account/sessions/:id': { last: true },
  'DELETE /account/sessions': { query: { which: 'all' }, last: true },
  'POST /account/sign-out': { last: true },
  'GET /account/browsers': {},
  'PATCH /account/browsers/:id': { body: named },
  'DELETE /account/browsers/:id': {},
  'DELETE /account/browsers': { query: { which: 'all' } },
  'POST /account/password': { body: newPassword },
  'GET /account/addresses': {},
  'POST /account/addresses': { body: () => ({ email: 'thief@elsewhere.example' }) },
  'POST /account/addresses/confirm': { body: hands => ({ token: hands.mailed }) },
  'DELETE /account/addresses/:id': {},
  'GET /account/activity': {},
  'GET /account/export': {},
  'DELETE /account': {},
  'POST /password-resets': {
    body: (hands, of) => ({ identifier: of.email, recovery_key: hands.recoveryKey }),
    gives: { 'recovery key': ['reset'], [limited]: ['reset'] },
    last: true,
  },
  'POST /password-resets/mail': { body: (_, of) => ({ identifier: of.email }) },
  'POST /password-resets/mailed': { body: hands => ({ token: hands.mailed, ...newPassword() }) },
  'GET /password-resets/:id': {},
  'POST /password-resets/:id/code': { body: device },
  'POST /password-resets/:id/code/check': { body: () => ({ code }) },
  'POST /password-resets/:id/password': { body: newPassword },
  'GET /users': {},
  'GET /users/:user': {},
  'POST /users/:user/sign-ins': {
    body: hands => ({ trust_browser: true, ...browser(hands) }),
    // Of another application it is another person, with an account of their own.
    gives: { application: ['sign-in'], 'another application': ['session', 'browser'] },
    opens: true,
  },
  'GET /users/:user/sign-ins/:id': {},
  'POST /users/:user/sign-ins/:id/code': { body: device },
  'POST /users/:user/sign-ins/:id/code/check': { body: () => ({ code, trust_browser: true }), opens: true },
  'POST /users/:user/sign-ins/:id/recovery-key': { body: key, opens: true },
  'POST /users/:user/sessions/:id/first-step': {},
  'GET /push-key': {},
  'GET /device': {},
  'GET /device/notifications': {},
  'GET /device/events': { streams: true },
  'POST /device/not-me': { body: () => ({ challenge: '123' }) },
  'PUT /device/push': { body: () => ({ app: true }) },
  'GET /account/two-step': {},
  'POST /account/two-step/begin': {},
  'POST /account/two-step/devices': { body: () => number },
  'POST /account/two-step/devices/check': { body: () => ({ code }) },
  'POST /account/two-step/skip-devices': {},
  'POST /account/two-step/recovery-key': {},
  'POST /account/two-step/recovery-key/retype': { body: key },
  'POST /account/two-step/confirm': { body: () => ({ understood: true }) },
  'POST /account/two-step/abandon': {},
  'DELETE /account/two-step': { body: () => ({ security_questions: questions, birth_date: '1990-01-01' }) },
  'GET /account/security-questions': {},
  'PUT /account/security-questions': { body: () => ({ security_questions: questions, birth_date: '1990-01-01' }) },
  'GET /account/devices': {},
  // The credentials of a device that is not trusted before its own code came back.
  'POST /account/devices': {
    body: () => ({ kind: 'device', name: 'Theirs', app: true }),
    gives: { [limited]: ['device', 'device'] },
  },
  'POST /account/devices/check': { body: () => ({ code }) },
  'POST /account/devices/turn-on': {},
  'PATCH /account/devices/:id': { body: named },
  'DELETE /account/devices/:id': {},
  'POST /account/recovery-key': {},
  'POST /account/recovery-key/retype': { body: key },
  'POST /account/recovery-key/at-hand': { body: key },
  'POST /account/step-up/password': { body: hands => ({ password: hands.password }) },
  'POST /account/step-up/code': { body: device },
  'POST /account/step-up/code/check': { body: () => ({ code }) },
  'GET /account/gates': {},
  'POST /account/gates/:gate': {},
  'GET /gates': {},
  'PUT /gates/:gate': { body: () => ({ needs: 'first-step', opens: 'read' }) },
  'DELETE /gates/:gate': {},
  'GET /account/app-passwords': {},
  'POST /account/app-passwords': { body: () => ({ label: 'Theirs', service: 'mail' }) },
  'DELETE /account/app-passwords': {},
  'DELETE /account/app-passwords/:id': {},
  'POST /app-passwords/check': {
    body: (hands, of) => ({ identifier: of.email, app_password: hands.appPassword, service: 'mail' }),
  },
  'GET /app-passwords/basic': { query: { service: 'mail' } },
  'POST /app-passwords/basic': { query: { service: 'mail' } },
}
