// What the Graph API refuses with, as typed errors. Branch on `code`, or on the class: one class for each thing to be done
// about it. Titles drift between Meta's pages, so nothing here reads them.

import { type RetryAtFrom, retryAt } from './retry-at.ts'

/** What is known of a refusal. */
export interface WhatsAppRefusal {
  /** Graph's error code, such as 133005. */
  readonly code: number
  readonly message: string
  readonly subcode?: number | undefined
  /** `OAuthException`, `GraphMethodException`, … */
  readonly type?: string | undefined
  /** For people: what is wrong. Graph's `error_data.details`. */
  readonly details?: string | undefined
  readonly userTitle?: string | undefined
  readonly userMessage?: string | undefined
  /** What Meta's support asks for: `fbtrace_id`. */
  readonly traceId?: string | undefined
  readonly isTransient?: boolean | undefined
  /** HTTP status; `undefined`: the client refused it, and nothing was sent. */
  readonly status?: number | undefined
  readonly retryAt?: Date | undefined
  readonly retryAtFrom?: RetryAtFrom | undefined
}

const brand = Symbol.for('twostep.WhatsAppError')

/** A refusal by the Graph API, or by the client before anything was sent. */
export class WhatsAppError extends Error implements WhatsAppRefusal {
  override readonly name: string = 'WhatsAppError'
  readonly code: number
  readonly subcode: number | undefined
  readonly type: string | undefined
  readonly details: string | undefined
  readonly userTitle: string | undefined
  readonly userMessage: string | undefined
  readonly traceId: string | undefined
  /**
   * What the server says, word for word. Do not send a registration again because of it: Meta says `true` of refusals that
   * cost one of ten registrations each.
   */
  readonly isTransient: boolean | undefined
  readonly status: number | undefined
  /** From when it makes sense to ask again, by this machine's clock; `undefined` where waiting does not help. */
  readonly retryAt: Date | undefined
  /** How `retryAt` is known. */
  readonly retryAtFrom: RetryAtFrom | undefined

  constructor(refusal: WhatsAppRefusal) {
    super(refusal.message)
    this.code = refusal.code
    this.subcode = refusal.subcode
    this.type = refusal.type
    this.details = refusal.details
    this.userTitle = refusal.userTitle
    this.userMessage = refusal.userMessage
    this.traceId = refusal.traceId
    this.isTransient = refusal.isTransient
    this.status = refusal.status
    this.retryAt = refusal.retryAt
    this.retryAtFrom = refusal.retryAtFrom
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Whether this was thrown by the client for a refusal. Unlike `instanceof`, it holds across copies of the package. */
export const isWhatsAppError = (error: unknown): error is WhatsAppError =>
  typeof error === 'object' && error !== null && brand in error

/** 0, 104, 190: no access token, not one, or an expired one (`subcode` 463). Get a new token. */
export class AuthenticationError extends WhatsAppError {
  override readonly name = 'AuthenticationError'
}

/** 3, 10, 200 to 299, 131005: the access token lacks a permission. */
export class PermissionError extends WhatsAppError {
  override readonly name = 'PermissionError'
}

/**
 * 33, 100, 131008, 131009, 131021: a parameter is missing or wrong; with `subcode` 33 there is no such id, or it is not yours.
 * With no `status` the client refused it before it was sent: a PIN that is not text of six digits, for one.
 */
export class InvalidParameterError extends WhatsAppError {
  override readonly name = 'InvalidParameterError'
}

/** 133005: the PIN is not the one of this number. It cost one of ten registrations. Another PIN, not the same one again. */
export class PinMismatchError extends WhatsAppError {
  override readonly name = 'PinMismatchError'
  declare readonly retryAt: Date
  declare readonly retryAtFrom: RetryAtFrom
}

/** 133008, 133009: PINs were guessed too often, or too fast. No PIN is looked at before `retryAt`, not even the right one. */
export class GuessLimitError extends WhatsAppError {
  override readonly name = 'GuessLimitError'
  declare readonly retryAt: Date
  declare readonly retryAtFrom: RetryAtFrom
}

/** 133016: ten registrations and deregistrations in 72 hours. Nothing but waiting helps. */
export class RegistrationLimitError extends WhatsAppError {
  override readonly name = 'RegistrationLimitError'
  declare readonly retryAt: Date
  declare readonly retryAtFrom: RetryAtFrom
}

/** 133015: the number was deleted a moment ago. Wait five minutes. */
export class DeletedRecentlyError extends WhatsAppError {
  override readonly name = 'DeletedRecentlyError'
  declare readonly retryAt: Date
  declare readonly retryAtFrom: RetryAtFrom
}

/** 133006: the number must be verified first: `phoneNumbers.requestCode`, then `phoneNumbers.verifyCode`. */
export class NotVerifiedError extends WhatsAppError {
  override readonly name = 'NotVerifiedError'
}

/** 133010: the number is not registered: `registration.register`. */
export class NotRegisteredError extends WhatsAppError {
  override readonly name = 'NotRegisteredError'
}

/** 136024, 136025: no code can be sent now, or the code was not right. */
export class OwnershipCodeError extends WhatsAppError {
  override readonly name = 'OwnershipCodeError'
}

/** 131031, 368: the business account is locked, or too many wrong PINs were sent in a row. A person is needed. */
export class AccountLockedError extends WhatsAppError {
  override readonly name = 'AccountLockedError'
}

/** 4, 17, 613, 80007, 80008, 130429: too many calls. */
export class RateLimitError extends WhatsAppError {
  override readonly name = 'RateLimitError'
}

/** 1, 2, 131000, 131016, 131057, 133000, 133004: trouble on the server's side. */
export class ServiceError extends WhatsAppError {
  override readonly name = 'ServiceError'
}

type ErrorClass = new (refusal: WhatsAppRefusal) => WhatsAppError

const classes: readonly (readonly [ErrorClass, ...codes: readonly number[]])[] = [
  [AuthenticationError, 0, 104, 190],
  [PermissionError, 3, 10, 131005],
  [InvalidParameterError, 33, 100, 131008, 131009, 131021],
  [PinMismatchError, 133005],
  [GuessLimitError, 133008, 133009],
  [RegistrationLimitError, 133016],
  [DeletedRecentlyError, 133015],
  [NotVerifiedError, 133006],
  [NotRegisteredError, 133010],
  [OwnershipCodeError, 136024, 136025],
  [AccountLockedError, 131031, 368],
  [RateLimitError, 4, 17, 613, 80007, 80008, 130429],
  [ServiceError, 1, 2, 131000, 131016, 131057, 133000, 133004],
]

function classOf(code: number): ErrorClass {
  if (code >= 200 && code <= 299) return PermissionError
  return classes.find(([, ...codes]) => codes.includes(code))?.[0] ?? WhatsAppError
}

/** Reads Graph's envelope; `undefined` where the body is none. `now` in milliseconds. */
export function readRefusal(
  { status, headers, body }: { readonly status: number; readonly headers: Headers; readonly body: unknown },
  now: number,
): WhatsAppError | undefined {
  const error = asObject(asObject(body)?.error)
  const code = error?.code
  if (error === undefined || typeof code !== 'number') return undefined
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const details = text(asObject(error.error_data)?.details)
  const wait = retryAt(code, { headers, details, now })
  return new (classOf(code))({
    code,
    message: [text(error.message) ?? `(#${code})`, details].filter(Boolean).join(': '),
    subcode: typeof error.error_subcode === 'number' ? error.error_subcode : undefined,
    type: text(error.type),
    details,
    userTitle: text(error.error_user_title),
    userMessage: text(error.error_user_msg),
    traceId: text(error.fbtrace_id),
    isTransient: typeof error.is_transient === 'boolean' ? error.is_transient : undefined,
    status,
    retryAt: wait?.at,
    retryAtFrom: wait?.from,
  })
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
