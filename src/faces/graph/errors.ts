// Every error that the Graph door answers with, in Meta's own envelope. Clients branch on `code`, so code and HTTP status
// are the wire and never change; titles and details are for people. Where Meta's OpenAPI file and the live Graph differ,
// this follows the live Graph. Sources: Meta's error code page for the Cloud API, and the Graph API error page.

import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** One refusal on the Graph wire. */
export type GraphError = {
  readonly status: ContentfulStatusCode
  readonly code: number
  readonly subcode?: number
  readonly type?: 'OAuthException' | 'GraphMethodException'
  readonly title: string
  /** For people: what is wrong and what to do. Becomes `error_data.details`. */
  readonly details?: string
  readonly transient?: boolean
  /** Whole seconds; sent as `Retry-After` and, where Meta says the wait stands in `details`, there too. */
  readonly retryAfter?: number
  /** The scheme's challenge for 401s. */
  readonly challenge?: string
}

/** The envelope. `message` is `(#code) title`, but for the few errors that Graph writes without the number. */
export function envelope(error: GraphError, trace: string): Record<string, unknown> {
  const bare = error.code === 190 || error.code === 104 || error.subcode === 33
  return {
    error: {
      message: bare ? error.title : `(#${error.code}) ${error.title}`,
      type: error.type ?? 'OAuthException',
      code: error.code,
      ...(error.details === undefined
        ? {}
        : { error_data: { messaging_product: 'whatsapp', details: waiting(error) } }),
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.transient === undefined ? {} : { is_transient: error.transient }),
      fbtrace_id: trace,
    },
  }
}

const waiting = (error: GraphError): string =>
  error.retryAfter === undefined ? (error.details ?? '') : `${error.details} Try again in ${error.retryAfter} seconds.`

// ——— who asks

const challenge = (reason: string) => `OAuth "Facebook Platform" "invalid_token" "${reason}"`

export const noToken: GraphError = {
  status: 401,
  code: 104,
  title: 'An access token is required to request this resource.',
  challenge: 'OAuth "Facebook Platform" "invalid_request" "An access token is required to request this resource."',
}

export const badToken: GraphError = {
  status: 401,
  code: 190,
  title: 'Invalid OAuth access token - Cannot parse access token',
  challenge: challenge('Invalid OAuth access token'),
}

export const expiredToken = (at: Date, now: Date): GraphError => ({
  status: 401,
  code: 190,
  subcode: 463,
  title: `Error validating access token: Session has expired on ${at.toUTCString()}. The current time is ${now.toUTCString()}.`,
  challenge: challenge('Session has expired'),
})

export const missingPermission = (needed: string): GraphError => ({
  status: 403,
  code: 10,
  title: 'Application does not have permission for this action',
  details: `Permission is either not granted or has been removed. The access token needs ${needed}.`,
})

/** An id that is not there and one that the token may not see look the same, so that ids cannot be listed. */
export const noSuchObject = (method: 'get' | 'post' | 'delete', id: string): GraphError => ({
  status: 400,
  code: 100,
  subcode: 33,
  type: 'GraphMethodException',
  title:
    `Unsupported ${method} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, ` +
    'or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
})

// ——— what was asked

export const unknownPath = (path: string): GraphError => ({
  status: 400,
  code: 2500,
  title: `Unknown path components: ${path}`,
})

export const invalidParameter = (title: string): GraphError => ({ status: 400, code: 100, title })
export const missingParameter = (name: string): GraphError => invalidParameter(`The parameter ${name} is required.`)
export const unreadableRequest = (what: string): GraphError => invalidParameter(`Invalid parameter: ${what}`)
export const wrongPinShape: GraphError = invalidParameter('Param pin must be 6 characters long.')
export const wrongCodeShape: GraphError = invalidParameter('Invalid verification code format')

export const weakPin = (explanation: string): GraphError => ({
  status: 400,
  code: 100,
  title: 'Param pin is too easily guessed.',
  details: explanation,
})

export const listedAlready: GraphError = {
  status: 409,
  code: 100,
  subcode: 2388012,
  type: 'GraphMethodException',
  title: 'Phone number is already registered with this WhatsApp Business Account',
  details: 'The phone number is in your list already. Use another number, or the one that is there.',
}

// ——— messages

export const messageParameterMissing = (name: string): GraphError => ({
  status: 400,
  code: 131008,
  title: 'Required parameter is missing',
  details: `The request is missing a required parameter: ${name}.`,
})

export const messageParameterInvalid = (details: string): GraphError => ({
  status: 400,
  code: 131009,
  title: 'Parameter value is not valid',
  details,
})

export const recipientIsSender: GraphError = {
  status: 400,
  code: 131021,
  title: 'Recipient cannot be sender',
  details: 'Sender and recipient phone number is the same.',
}

// ——— registration and the lock

export const accountLocked: GraphError = {
  status: 403,
  code: 131031,
  title: 'Account has been locked',
  details:
    'Too many wrong two-step verification PINs in a row: PINs are not looked at any more. Turn two-step verification ' +
    'off by e-mail, then set a new PIN.',
}

export const serverUnavailable = (retryAfter: number): GraphError => ({
  status: 503,
  code: 133004,
  title: 'Server Temporarily Unavailable',
  details: 'The server is busy. Nothing was counted.',
  transient: true,
  retryAfter,
})

export const pinMismatch: GraphError = {
  status: 400,
  code: 133005,
  title: 'Two step verification PIN Mismatch',
  details: 'Two-step verification PIN incorrect.',
}

export const verificationNeeded: GraphError = {
  status: 400,
  code: 133006,
  title: 'Phone number re-verification needed',
  details: 'Phone number needs to be verified before registering. Use request_code and verify_code first.',
}

export const tooManyGuesses = (retryAfter: number): GraphError => ({
  status: 400,
  code: 133008,
  title: 'Too Many two step verification PIN Guesses',
  details: 'Too many two-step verification PIN guesses for this phone number.',
  retryAfter,
})

export const guessedTooFast = (retryAfter: number): GraphError => ({
  status: 400,
  code: 133009,
  title: 'Two step verification PIN Guessed Too Fast',
  details: 'Two-step verification PIN was entered too quickly.',
  retryAfter,
})

export const notRegistered: GraphError = {
  status: 400,
  code: 133010,
  title: 'Phone number Not Registered',
  details: 'Phone number not registered on the WhatsApp Business Platform. Register it first.',
}

/** Deregistering what is not registered: Graph answers a plain 100 here, with a subcode of its own. */
export const nothingToDeregister: GraphError = {
  status: 400,
  code: 100,
  subcode: 2207051,
  title: 'Phone number not registered on the WhatsApp Business Platform.',
}

export const deletedRecently = (retryAfter: number): GraphError => ({
  status: 400,
  code: 133015,
  title: 'Please wait a few minutes before attempting to register this phone number',
  details: 'The phone number was recently deleted, and deletion has not yet completed.',
  retryAfter,
})

export const registeredTooOften = (retryAfter: number): GraphError => ({
  status: 400,
  code: 133016,
  title: 'Account register deregister rate limit exceeded',
  details:
    'Registration or Deregistration failed because there were too many attempts for this phone number in a short ' +
    'period of time.',
  // Never transient: a client that obeys `is_transient` would go on knocking for three days.
  transient: false,
  retryAfter,
})

export const codeNotSent = (retryAfter: number): GraphError => ({
  status: 400,
  code: 136024,
  title: 'Request code error',
  details: 'Too many codes were requested for this phone number.',
  retryAfter,
})

export const countryNotServed: GraphError = {
  status: 400,
  code: 136024,
  title: 'Request code error',
  details: 'Codes are not sent to the country of this phone number.',
}

export const lineNotServed: GraphError = {
  status: 400,
  code: 136024,
  title: 'Request code error',
  details: 'Codes are not sent to numbers of this kind. Use another phone number.',
}

/** Never transient: a client that obeys `is_transient` would go on knocking for half a day. */
export const codesPaused = (retryAfter: number | undefined, ways: readonly ('sms' | 'voice')[]): GraphError => ({
  status: 400,
  code: 136024,
  title: 'Request code error',
  details: [
    'Codes to this phone number are paused.',
    ...ways.map(way => `Request it with code_method ${way === 'sms' ? 'SMS' : 'VOICE'}.`),
    'Or use another phone number.',
  ].join(' '),
  transient: false,
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

export const codeNotVerified: GraphError = {
  status: 400,
  code: 136025,
  title: 'Verify code error',
  details: 'The verification code is invalid or has expired. Request a new code.',
}

export const codeCheckedTooFast = (retryAfter: number): GraphError => ({
  status: 400,
  code: 136025,
  title: 'Verify code error',
  details: 'Too many verification attempts.',
  retryAfter,
})

// ——— limits and faults

export const callLimitReached = (retryAfter: number): GraphError => ({
  status: 429,
  code: 80007,
  subcode: 2446079,
  title: 'Business request limit reached for WhatsApp Business Account',
  transient: true,
  retryAfter,
})

export const serviceFault: GraphError = {
  status: 500,
  code: 2,
  title: 'An unexpected error occurred. Please retry your request later.',
  transient: true,
}

export const serviceAway: GraphError = {
  status: 503,
  code: 2,
  title: 'Service temporarily unavailable',
  transient: true,
  retryAfter: 1,
}
