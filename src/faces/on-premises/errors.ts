// Every error that the On-Premises door answers with, in its own envelope: a list of errors, and `meta`. Clients branch on
// the HTTP status and on `code`; titles go with the code, details are for people. Sources: Meta's page of errors of the
// On-Premises API; where it gives no status, the one that clients of it read.

import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Each code with its title and the status it comes with unless a refusal says otherwise. The whole published list. */
export const codes = {
  1000: ['Generic error', 500],
  1001: ['Message too long', 400],
  1002: ['Invalid recipient type', 400],
  1003: ['Not a group participant', 403],
  1004: ['Resource already exists', 409],
  1005: ['Access denied', 403],
  1006: ['Resource not found', 404],
  1007: ['Recipient blocked to receive message', 403],
  1008: ['Required parameter is missing', 400],
  1009: ['Parameter value is not valid', 400],
  1010: ['Parameter is not required', 400],
  1011: ['Service not ready', 503],
  1012: ['Group is unknown', 404],
  1013: ['User is not valid', 404],
  1014: ['Internal error', 500],
  1015: ['Too many requests', 429],
  1016: ['System overloaded', 503],
  1017: ['Not Primary Master', 400],
  1018: ['Not Primary Coreapp', 400],
  1021: ['Bad User', 400],
  1022: ['Webhooks URL is not configured', 400],
  1023: ['Database error occurred', 500],
  1024: ['Password Change Required', 401],
  1025: ['Invalid Request', 400],
  1028: ['Identity change must be acknowledged', 400],
  1031: ['Sender account has been locked', 403],
} as const satisfies Readonly<Record<number, readonly [title: string, status: ContentfulStatusCode]>>

export type Code = keyof typeof codes

/** One refusal on the On-Premises wire. */
export type OnPremisesError = {
  readonly code: Code
  /** For people: what is wrong and what to do. */
  readonly details: string
  /** Where it is not the code's own. */
  readonly status?: ContentfulStatusCode
  /** Whole seconds; sent as `Retry-After`, and told at the end of the details. */
  readonly retryAfter?: number
  /** The scheme's challenge, for 401s (RFC 9110 §11.6.1). */
  readonly challenge?: string
}

export const statusOf = ({ code, status }: OnPremisesError): ContentfulStatusCode => status ?? codes[code][1]

/** What every answer with a payload ends with. The version is that of the client whose documents this follows. */
export const meta = { version: 'v2.45.1', api_status: 'stable' } as const

/** The envelope of a refusal. */
export function envelope({ code, details, retryAfter }: OnPremisesError): Record<string, unknown> {
  const told = retryAfter === undefined ? details : `${details} Try again in ${retryAfter} seconds.`
  return { errors: [{ code, title: codes[code][0], details: told }], meta }
}

// ——— who asks

export const tokenNeeded: OnPremisesError = {
  code: 1005,
  status: 401,
  details:
    'The token is missing, wrong or has run out. Log in with POST /v1/users/login and send Authorization: Bearer.',
  challenge: 'Bearer realm="on-premises"',
}

export const loginNeeded: OnPremisesError = {
  code: 1005,
  status: 401,
  details: 'Username or password is missing or wrong. Send them as Authorization: Basic.',
  challenge: 'Basic realm="on-premises", charset="UTF-8"',
}

export const passwordChangeRequired: OnPremisesError = {
  code: 1024,
  details: 'This is the first login. Send it again with a new_password in the body.',
  challenge: 'Basic realm="on-premises", charset="UTF-8"',
}

export const adminsOnly: OnPremisesError = { code: 1005, details: 'This takes the token of the admin.' }
export const notOwnRecord: OnPremisesError = { code: 1005, details: "Regular user cannot read another user's record" }
export const notOwnPassword: OnPremisesError = { code: 1005, details: 'Regular user cannot modify other user' }

// ——— what was asked

export const missing = (name: string): OnPremisesError => ({
  code: 1008,
  details: `The parameter ${name} is required.`,
})
export const invalid = (details: string): OnPremisesError => ({ code: 1009, details })
export const notRequired = (name: string): OnPremisesError => ({
  code: 1010,
  details: `There is no parameter ${JSON.stringify(name)} here.`,
})
export const unreadableRequest = (what: string): OnPremisesError => ({ code: 1025, details: what })
export const nothingHere: OnPremisesError = { code: 1006, details: 'There is nothing at this path.' }

export const weakAdminPassword = invalid(
  'The password of the admin needs 8 to 64 characters, with at least one digit, one upper and one lower case letter and ' +
    'one other character, and must be a new one.',
)
export const weakPin = (explanation: string): OnPremisesError =>
  invalid(`The pin is too easily guessed. ${explanation}`)

// ——— users

export const noSuchUser: OnPremisesError = { code: 1006, details: 'User does not exist' }
export const userExists: OnPremisesError = { code: 1004, details: 'User already exists' }
export const tooManyUsers: OnPremisesError = {
  code: 1005,
  details: 'This installation has as many users as it may. Delete one first.',
}
export const adminStays: OnPremisesError = invalid('Admin user cannot be deleted')

export const tooManyBadLogins = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'Too many bad logins.',
  retryAfter,
})

// ——— the number and its lock

export const notRegistered: OnPremisesError = {
  code: 1006,
  details: 'No phone number is registered with this client. Register it with POST /v1/account.',
}

export const wrongCode: OnPremisesError = {
  code: 1005,
  details: 'The code is incorrect or has expired. Ask for a new one with POST /v1/account.',
}

export const wrongPin: OnPremisesError = { code: 1005, details: 'Two-step verification PIN incorrect.' }

export const pinNeeded: OnPremisesError = {
  code: 1008,
  details: 'Two-step verification is on for this number: send POST /v1/account with its pin.',
}

export const pinsClosed: OnPremisesError = {
  code: 1031,
  details:
    'Too many wrong two-step verification PINs in a row: PINs are not looked at any more. Turn two-step verification off ' +
    'by e-mail, then set a new one.',
}

export const guessedTooFast = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'Too many two-step verification PIN guesses for this phone number.',
  retryAfter,
})

export const tooManyCodes = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'Too many codes were requested for this phone number.',
  retryAfter,
})

export const codeCheckedTooFast = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'Too many verification attempts.',
  retryAfter,
})

export const countryNotServed: OnPremisesError = invalid('Codes are not sent to the country of this phone_number.')

export const lineNotServed: OnPremisesError = invalid('Codes are not sent to a phone_number of this kind.')

export const codesPaused = (retryAfter: number | undefined, ways: readonly ('sms' | 'voice')[]): OnPremisesError => ({
  code: 1015,
  details: [
    'Codes to this phone_number are paused.',
    ...ways.map(way => `Ask for it with method ${way}.`),
    'Or use another phone_number.',
  ].join(' '),
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

export const proofEnded: OnPremisesError = {
  code: 1005,
  details: 'The phone number has to be verified first. Ask for a code with POST /v1/account.',
}

export const heldElsewhere: OnPremisesError = {
  code: 1005,
  details: 'The phone number is registered elsewhere now. Register it with POST /v1/account.',
}

export const registeredTooOften = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'Too many registrations of this phone number.',
  retryAfter,
})

export const deletedRecently = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'The phone number was deleted a moment ago, and deletion has not yet completed.',
  retryAfter,
})

// ——— limits and faults

export const tooManyRequests = (retryAfter: number): OnPremisesError => ({
  code: 1015,
  details: 'More than 20 requests a second.',
  retryAfter,
})

export const overloaded = (retryAfter: number): OnPremisesError => ({
  code: 1016,
  details: 'The server is busy. Nothing was counted.',
  retryAfter,
})

/** Late, or the store is away: it may have happened all the same. */
export const serviceAway: OnPremisesError = {
  code: 1016,
  details: 'The server cannot do this right now.',
  retryAfter: 1,
}

export const fault: OnPremisesError = { code: 1014, details: 'Something broke on our side.' }
