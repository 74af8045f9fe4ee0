// What the accounts' door refuses with, each with what the person needs next. `kind` is the stable word that programs
// branch on.

import type { CodesPaused } from '#actions/sending/leave.ts'
import type { Problem } from '#http/problem.ts'
import { type Waiting, wait } from '../problems.ts'

// A code is a code: what it is refused with is the same for a registration.
export { checksSpent, checkTooSoon, wait, wrongCode } from '../problems.ts'

// ——— who asks

/** Ended, too old, unknown, or not sent at all: it does not say which. */
export const sessionNeeded: Problem = {
  status: 401,
  kind: 'session_needed',
  title: 'This needs a session.',
  detail: 'Send its token as Authorization: Bearer twas_…. Sign in with POST /api/v1/sign-ins if it has ended.',
  challenge: 'Bearer realm="account", error="invalid_token"',
}

export const tooManyCalls = (retryAfter: number): Problem => ({
  status: 429,
  kind: 'too_many_calls',
  title: 'Too many calls come from here.',
  detail: 'Wait, then go on more slowly.',
  retryAfter,
})

// ——— sign-ups and passwords

export const tooManySignUps = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'too_many_sign_ups',
  title: 'Too many accounts were asked for from this network.',
  detail: 'Nothing was mailed. Send it again after the wait.',
  retryAfter: wait(waiting),
})

/** Too old, cut short, or never mailed. */
export const signUpGone: Problem = {
  status: 410,
  kind: 'sign_up_gone',
  title: 'This link does not make an account any more.',
  detail: 'Ask for a new one with POST /api/v1/sign-ups.',
}

export const addressTaken: Problem = {
  status: 409,
  kind: 'account_exists',
  title: 'There is an account with this address.',
  detail: 'Sign in, or reset the password.',
}

const weaknesses = {
  too_short: 'It is too short.',
  too_long: 'It is longer than 256 characters.',
  repeats: 'It repeats itself, or runs along the alphabet or the keyboard.',
  common: 'It is on the lists of passwords that thieves try first.',
  about_you: 'Whoever knows your address or this product would try it.',
  not_mixed: 'It needs a digit, a capital and a small letter.',
  same_signs: 'It has the same sign more than twice in a row.',
  same: 'It is the password that there is.',
} as const
export type Weakness = keyof typeof weaknesses

export const weakPassword = ({
  weakness,
  least,
}: {
  readonly weakness: Weakness
  readonly least: number
}): Problem => ({
  status: 422,
  kind: 'weak_password',
  title: 'This password is easily guessed.',
  detail: `${weakness === 'too_short' ? `It needs at least ${least} characters.` : weaknesses[weakness]} Choose another.`,
  members: { reason: weakness, least_length: least },
})

export const overloaded = ({ retryAfter }: { readonly retryAfter: number }): Problem => ({
  status: 503,
  kind: 'overloaded',
  title: 'The server is busy.',
  detail: 'Nothing was spent. Send it again after the wait.',
  retryAfter,
})

export const noPassword: Problem = {
  status: 409,
  kind: 'no_password',
  title: 'This account has no password here.',
  detail: 'The application that it belongs to looks after passwords.',
}

// ——— signing in

/** Unknown account and wrong password: one answer, to the byte. */
export const signInRefused: Problem = {
  status: 422,
  kind: 'sign_in_refused',
  title: 'The account or the password is not right.',
  detail: 'Check both, or reset the password.',
}

export const passwordTooSoon = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'guess_too_soon',
  title: 'Too many wrong passwords were entered.',
  detail: 'This one was not looked at. Send it again after the wait.',
  retryAfter: wait(waiting),
})

/** Over, denied by a device, or never begun. */
export const noSignIn: Problem = {
  status: 401,
  kind: 'sign_in_over',
  title: 'This sign-in is over.',
  detail: 'Begin again with POST /api/v1/sign-ins, and send its token as Authorization: Bearer twsi_….',
  challenge: 'Bearer realm="sign-in", error="invalid_token"',
}

export const wrongRecoveryKey: Problem = {
  status: 422,
  kind: 'wrong_recovery_key',
  title: 'This Recovery Key is not right.',
  detail: 'Compare it with what was printed: fourteen letters and digits. Case, spaces and dashes do not matter.',
}

export const keyTooSoon = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'recovery_key_too_soon',
  title: 'Too many wrong Recovery Keys were entered from here.',
  detail: 'This one was not looked at. Send it again after the wait, or use a code.',
  retryAfter: wait(waiting),
})

// ——— codes

export const noDevice: Problem = {
  status: 404,
  kind: 'no_such_device',
  title: 'There is no such trusted device.',
  detail: 'Choose one of the devices that were listed.',
}

export const tooManyCodes = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'too_many_codes',
  title: 'No code can be sent right now.',
  detail: 'Nothing was sent. Use the code that came last, or wait.',
  retryAfter: wait(waiting),
})

export const codesPaused = ({ retryAt, now }: Pick<CodesPaused, 'retryAt' | 'now'>): Problem => ({
  status: 429,
  kind: 'codes_paused',
  title: 'No codes are sent to this number for now.',
  detail: 'Nothing was sent or counted. Use a device that gets notifications, another number, or the Recovery Key.',
  ...(retryAt === undefined ? {} : { retryAfter: wait({ retryAt, now }) }),
  members: { other_ways: ['other_device', 'other_number', 'recovery_key'] },
})

export const deviceOff: Problem = {
  status: 409,
  kind: 'device_off',
  title: 'This device gets no codes for now.',
  detail: 'Too many wrong ones were entered. Choose another device, or sign in with the Recovery Key.',
}

// ——— what is listed

export const noSuchSession: Problem = {
  status: 404,
  kind: 'no_such_session',
  title: 'There is no such session.',
  detail: 'It may have ended. GET /api/v1/account/sessions lists those that are open.',
}

export const noSuchBrowser: Problem = {
  status: 404,
  kind: 'no_such_browser',
  title: 'There is no such browser.',
  detail: 'GET /api/v1/account/browsers lists those that are known.',
}
