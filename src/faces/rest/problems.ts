// What this door refuses with, each with what the person needs next. `kind` is the stable word that programs branch on.

import type { CodesPaused } from '#actions/sending/leave.ts'
import { type Instant, secondsUntil } from '#core/kernel/instant.ts'
import type { LockNotice } from '#core/registration-lock/lock.ts'
import type { Weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import type { Problem } from '#http/problem.ts'
import { invalidRequest } from './decode.ts'

export type Waiting = { readonly retryAt: Instant; readonly now: Instant }
export const wait = ({ retryAt, now }: Waiting): number => secondsUntil(retryAt, now)

/** What whoever meets the lock is told. Waits are whole seconds and never below zero. */
export const lockMembers = (notice: LockNotice, now: Instant) => ({
  guesses_left: notice.guessesLeft,
  guess_wait_s: notice.guessOpensAt === undefined ? null : secondsUntil(notice.guessOpensAt, now),
  reset_methods: notice.resetMethods,
  wipe_wait_s: secondsUntil(notice.wipeAt, now),
  delete_wait_s: secondsUntil(notice.deleteAt, now),
  wipe_effect: notice.wipeEffect,
})

// ——— who asks, and how often

export const apiKeyNeeded: Problem = {
  status: 401,
  kind: 'api_key_needed',
  title: 'This needs the API key of an application.',
  detail: 'Send it as Authorization: Bearer twk_…. The operator makes it with POST /api/v1/operator/applications.',
}

export const tooManyCalls = (retryAfter: number): Problem => ({
  status: 429,
  kind: 'too_many_calls',
  title: 'This application calls too often.',
  detail: 'Wait, then go on more slowly.',
  retryAfter,
})

/** Another application's is not told from one that never was. */
export const noSuchRegistration: Problem = {
  status: 404,
  kind: 'no_such_registration',
  title: 'There is no such registration.',
  detail: 'Use the id that POST /api/v1/registrations answered, or begin again: one that was never proved may be gone.',
}

export const methodNotAllowed: Problem = {
  status: 405,
  kind: 'method_not_allowed',
  title: 'This cannot be done here.',
  detail: 'The Allow header says what can.',
}

// ——— the number and its code

const reasons = {
  empty: 'write a phone number',
  characters: 'write only digits and the signs between them; no letters, no extension',
  no_country: 'begin with + and the country code, or say in country where it is dialled',
  length: 'this is too short or too long for a number of its country',
  country_code: 'no country has this code',
} as const

export const notANumber = (reason: keyof typeof reasons): Problem =>
  invalidRequest([{ field: 'number', problem: reasons[reason] }])

export const tooManyCodes = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'too_many_codes',
  title: 'No code can be sent to this number right now.',
  detail: 'Nothing was sent. Use the code that came last, or wait.',
  retryAfter: wait(waiting),
})

export const countryNotServed: Problem = {
  status: 403,
  kind: 'country_not_served',
  title: 'No codes are sent to this country.',
  detail: 'The operator chooses the countries (TWOSTEP_HOME_COUNTRIES).',
}

export const lineNotServed: Problem = {
  status: 403,
  kind: 'line_not_served',
  title: 'No codes are sent to numbers of this kind.',
  detail: 'It is a premium, shared-cost or forwarding number, or one that nobody was given. Use another number.',
}

/** The service sends no codes there for now, whoever asks: see the operator's guide on pumping. */
export const codesPaused = ({ retryAt, now, ways }: Paused): Problem => ({
  status: 429,
  kind: 'codes_paused',
  title: 'No codes are sent to this number for now.',
  detail: `Nothing was sent or counted. ${ways.map(way => `${wayWords[way]} `).join('')}Or use another number.`,
  ...(retryAt === undefined ? {} : { retryAfter: wait({ retryAt, now }) }),
  members: { other_ways: [...ways, 'other_number'] },
})

type Paused = Pick<CodesPaused, 'retryAt' | 'now' | 'ways'>
const wayWords = { sms: 'Have it sent as a text (method sms).', voice: 'Have it read out in a call (method voice).' }

/** Wrong, late, used, replaced, of another request, or never sent: it does not say which. */
export const wrongCode: Problem = {
  status: 422,
  kind: 'wrong_code',
  title: 'This code is not right.',
  detail: 'Check it against the newest message, or have another one sent.',
}

export const checkTooSoon = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'check_too_soon',
  title: 'Codes are entered too fast.',
  detail: 'This one was not looked at. Send it again after the wait.',
  retryAfter: wait(waiting),
})

export const checksSpent = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'checks_spent',
  title: 'Too many wrong codes were entered.',
  detail: 'This one was not looked at. Have another code sent after the wait.',
  retryAfter: wait(waiting),
})

export const notProved: Problem = {
  status: 409,
  kind: 'not_proved',
  title: 'The number is not proved by this registration.',
  detail: 'Have a code sent, and enter it.',
}

export const notRegistered: Problem = {
  status: 409,
  kind: 'not_registered',
  title: 'This registration does not hold the number.',
  detail: 'It was not completed, or it has ended. GET it to see what to do.',
}

export const attemptsSpent = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'attempts_spent',
  title: 'This number was registered too often.',
  retryAfter: wait(waiting),
})

export const deletedRecently = (waiting: Waiting): Problem => ({
  status: 409,
  kind: 'deleted_recently',
  title: 'This number was deleted a moment ago.',
  retryAfter: wait(waiting),
})

// ——— the lock

type Met = { readonly notice: LockNotice; readonly now: Instant }

export const pinNeeded = ({ notice, now }: Met): Problem => ({
  status: 423,
  kind: 'pin_needed',
  title: 'Two-step verification is on: this number needs its PIN.',
  detail: 'Ask for the PIN. Whoever forgot it has the ways of reset_methods.',
  members: lockMembers(notice, now),
})

export const wrongPin = ({ notice, now }: { notice: LockNotice | undefined; now: Instant }): Problem => ({
  status: 423,
  kind: 'wrong_pin',
  title: 'This PIN is not right.',
  detail: 'guesses_left says how many more are looked at, guess_wait_s from when.',
  members: notice === undefined ? {} : lockMembers(notice, now),
})

export const guessTooSoon = ({ notice, ...waiting }: Waiting & { readonly notice?: LockNotice }): Problem => ({
  status: 429,
  kind: 'guess_too_soon',
  title: 'Too many wrong PINs were entered.',
  detail: 'This one was not looked at. Send it again after the wait.',
  retryAfter: wait(waiting),
  members: notice === undefined ? {} : lockMembers(notice, waiting.now),
})

export const pinClosed = ({ notice, now }: { readonly notice: LockNotice; readonly now: Instant }): Problem => ({
  status: 423,
  kind: 'pin_closed',
  title: 'Too many wrong PINs were entered. No PIN is looked at any more.',
  detail: 'The ways of reset_methods stay.',
  members: lockMembers(notice, now),
})

export const weakPin = ({ weakness }: { readonly weakness: Weakness }): Problem => ({
  status: 422,
  kind: 'weak_pin',
  title: 'This PIN is easily guessed.',
  detail: `${weakness.explanation} Choose another.`,
  members: { reason: weakness.kind },
})

export const samePin: Problem = {
  status: 422,
  kind: 'same_pin',
  title: 'This is the PIN that there is.',
  detail: 'Choose another.',
}

export const overloaded = ({ retryAfter }: { readonly retryAfter: number }): Problem => ({
  status: 503,
  kind: 'overloaded',
  title: 'The server is busy.',
  detail: 'Nothing was spent. Send it again after the wait.',
  retryAfter,
})

// ——— two-step verification

export const twoStepOff: Problem = {
  status: 409,
  kind: 'two_step_off',
  title: 'Two-step verification is off.',
  detail: 'There is no PIN on this number.',
}

export const twoStepOn: Problem = {
  status: 409,
  kind: 'two_step_on',
  title: 'Two-step verification is on already.',
  detail: 'Change the PIN with POST …/two-step/pin.',
}

export const notAnAddress: Problem = invalidRequest([
  { field: 'email', problem: 'write an e-mail address, such as ada@example.com' },
])

export const noAddress: Problem = {
  status: 409,
  kind: 'no_recovery_address',
  title: 'There is no address that a link can be sent to.',
  detail: 'The PIN and time are the ways that are left.',
}

export const tooManyMails = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'too_many_mails',
  title: 'No more mails can be sent right now.',
  detail: 'Look into the mailbox for the one that came last, or wait.',
  retryAfter: wait(waiting),
})

export const reminderNotDue = ({ due, now }: { readonly due: Instant; readonly now: Instant }): Problem => ({
  status: 409,
  kind: 'reminder_not_due',
  title: 'No reminder is due.',
  detail: 'The PIN was not looked at.',
  members: { due: false, due_in_s: secondsUntil(due, now), due_at: new Date(due).toISOString() },
})

export const noContest: Problem = {
  status: 409,
  kind: 'no_contest',
  title: 'Nobody contests this number.',
  detail: 'The PIN was not looked at.',
}

// ——— webhooks

export const notAUrl = (says: string): Problem => invalidRequest([{ field: 'url', problem: says }])

export const noWebhook: Problem = {
  status: 404,
  kind: 'no_webhook',
  title: 'This application has no webhook.',
  detail: 'Make one with PUT /api/v1/webhook.',
}

export const webhookOff: Problem = {
  status: 409,
  kind: 'webhook_off',
  title: 'The webhook is switched off: its receiver answered 410.',
  detail: 'Nothing was sent. PUT /api/v1/webhook, with the same URL or another, switches it on again.',
}

export const tooManyTests = (waiting: Waiting): Problem => ({
  status: 429,
  kind: 'too_many_tests',
  title: 'No more test events can be sent right now.',
  detail: 'Nothing was sent. Test events are 10 in ten minutes.',
  retryAfter: wait(waiting),
})
