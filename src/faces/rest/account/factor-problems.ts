// What is refused about the factors of an account: two-step verification, devices, Recovery Key, gates, app-specific
// passwords, security questions. Each says what the person needs next.

import type { WrongStep } from '#core/account/enrolment.ts'
import { gatesPerApplication } from '#core/application/gates.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Problem } from '#http/problem.ts'
import { invalidRequest } from '../decode.ts'
import { moment } from './moment.ts'
import { wait } from './problems.ts'

// ——— turning on

/** `state`: where the account is, as GET …/two-step says in state and next. */
export const wrongStep = ({ at }: Pick<WrongStep, 'at'>): Problem => ({
  status: 409,
  kind: 'wrong_step',
  title: 'This is not the step to take now.',
  detail: 'GET /api/v1/account/two-step says in next what to call.',
  members: { at },
})

export const stillWaiting = ({ until, now }: { readonly until: Instant; readonly now: Instant }): Problem => ({
  status: 409,
  kind: 'waiting_period',
  title: 'Two-step verification cannot be turned on yet.',
  detail: 'Something important was changed lately. The account works as usual until then.',
  retryAfter: wait({ retryAt: until, now }),
  members: { waits_until: moment(until) },
})

export const noConfirmedAddress: Problem = {
  status: 409,
  kind: 'no_confirmed_address',
  title: 'Mails about two-step verification could not reach the owner.',
  detail: 'Confirm an e-mail address first.',
}

export const numberFirst: Problem = {
  status: 409,
  kind: 'number_first',
  title: 'The first trusted device is a mobile number.',
  detail: 'Send its number. Other devices come after it.',
}

export const notRetyped: Problem = {
  status: 409,
  kind: 'no_key_to_retype',
  title: 'There is no Recovery Key to retype.',
  detail: 'Have one shown first. One that was shown too long ago, or in another session, is worth nothing.',
}

// ——— devices

export const twoStepOff: Problem = {
  status: 409,
  kind: 'two_step_off',
  title: 'Two-step verification is off.',
  detail: 'Turn it on first.',
}

export const alreadyTrusted: Problem = {
  status: 409,
  kind: 'already_trusted',
  title: 'This is a trusted device of the account already.',
}

export const tooManyDevices: Problem = {
  status: 409,
  kind: 'too_many_devices',
  title: 'This account has as many trusted devices as it may have.',
  detail: 'Take one away first.',
}

export const lastNumber: Problem = {
  status: 409,
  kind: 'last_number',
  title: 'The last number stays.',
  detail: 'Codes must be able to reach the owner by text message. Add another number first.',
}

// ——— step-up, gates

export const wrongPassword: Problem = {
  status: 422,
  kind: 'wrong_password',
  title: 'The password is not right.',
}

export const noSuchGate: Problem = {
  status: 404,
  kind: 'no_such_gate',
  title: 'There is no such gate.',
  detail: 'GET /api/v1/account/gates lists them. An application defines its own with PUT /api/v1/gates/….',
}

const notGates = {
  name: 'write one to four words of a-z, 0-9 and dashes with dots between them, 64 characters in all',
  taken: 'this gate is built in; choose another name',
  reads_only: 'a gate that needs the first step only opens what may be read',
  max_age: 'write at most a year',
} as const

export const notAGate = ({ why }: { readonly why: keyof typeof notGates }): Problem => {
  const fields = { name: 'gate', taken: 'gate', reads_only: 'opens', max_age: 'max_age_s' } as const
  return invalidRequest([{ field: fields[why], problem: notGates[why] }])
}

export const tooManyGates: Problem = {
  status: 409,
  kind: 'too_many_gates',
  title: `An application has at most ${gatesPerApplication} gates.`,
  detail: 'Take one away first.',
}

// ——— app-specific passwords

export const tooManyAppPasswords: Problem = {
  status: 409,
  kind: 'too_many_app_passwords',
  title: 'This account has as many app-specific passwords as it may have.',
  detail: 'Revoke one that is not used any more.',
}

export const labelNeeded: Problem = invalidRequest([{ field: 'label', problem: 'write what the password is for' }])

export const noSuchAppPassword: Problem = {
  status: 404,
  kind: 'no_such_app_password',
  title: 'There is no such app-specific password.',
  detail: 'GET /api/v1/account/app-passwords lists those that are active.',
}

/** No such account, two-step off, another service's, revoked, or wrong: one answer, to the byte. */
export const appPasswordRefused: Problem = {
  status: 422,
  kind: 'app_password_refused',
  title: 'The account or the app-specific password is not right.',
  detail: 'It opens the one service that it was made for.',
}

export const serviceNeeded: Problem = invalidRequest([
  { field: 'service', problem: 'write the service in the query, such as ?service=mail' },
])

/** A mistake of whoever set the proxy up, and of no person: so it is no 401, which would ask a person for a password. */
export const unknownApiKey: Problem = {
  status: 400,
  kind: 'unknown_api_key',
  title: 'The API key in Twostep-Api-Key is none.',
  detail:
    'The operator makes it with POST /api/v1/operator/applications. Without one, accounts of our own are looked up.',
}

// ——— security questions, date of birth

export const notInProfile: Problem = {
  status: 409,
  kind: 'not_in_profile',
  title: 'There are no security questions here.',
  detail: 'Profile strict asks for none, ever. Leave security_questions and birth_date out.',
}

export const twoStepIsOn: Problem = {
  status: 409,
  kind: 'two_step_on',
  title: 'With two-step verification on there are no security questions.',
}

export const birthDateKnown: Problem = {
  status: 409,
  kind: 'birth_date_known',
  title: 'A date of birth was given before, and stays.',
  detail: 'Leave birth_date out.',
}

export const identityNeeded: Problem = {
  status: 422,
  kind: 'identity_needed',
  title: 'Turning off asks for three new security questions and the date of birth.',
  detail: 'Send security_questions and birth_date.',
}

export const threeQuestions: Problem = invalidRequest([
  { field: 'security_questions', problem: 'write three different questions with their answers' },
])

export const wrongBirthDate: Problem = {
  status: 422,
  kind: 'wrong_birth_date',
  title: 'The date of birth is not right.',
}

export const birthDateTooSoon = (waiting: { readonly retryAt: Instant; readonly now: Instant }): Problem => ({
  status: 429,
  kind: 'birth_date_too_soon',
  title: 'Too many wrong dates of birth were given.',
  detail: 'This one was not looked at. Send it again after the wait.',
  retryAfter: wait(waiting),
})
