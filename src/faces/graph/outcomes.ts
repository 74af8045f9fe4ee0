// How each ending of an action reads on the Graph wire. One table an action; each stops compiling when an ending of its
// action is missing.

import type { DeleteNumberEnding } from '#actions/delete-number.ts'
import type { DeregisterNumberEnding } from '#actions/deregister-number.ts'
import type { RegisterNumberEnding } from '#actions/register-number.ts'
import type { RequestCodeEnding } from '#actions/request-code.ts'
import type { SendTextEnding } from '#actions/send-text.ts'
import type { SetPinEnding } from '#actions/set-pin.ts'
import type { VerifyCodeEnding } from '#actions/verify-code.ts'
import { hour, type Instant, type Milliseconds, secondsUntil } from '#core/kernel/instant.ts'
import type { GraphError } from './errors.ts'
import * as errors from './errors.ts'

/** For every ending: the error it is, or `undefined` where the call succeeded. */
export type Outcomes<E extends { readonly kind: string }> = {
  readonly [K in E['kind']]: (ending: Extract<E, { readonly kind: K }>) => GraphError | undefined
}

/** Looks an ending up in its table. */
export function errorOf<E extends { readonly kind: string }>(outcomes: Outcomes<E>, ending: E): GraphError | undefined {
  const read = outcomes[ending.kind as E['kind']] as (ending: E) => GraphError | undefined
  return read(ending)
}

type Waiting = { readonly retryAt: Instant; readonly now: Instant }
const wait = ({ retryAt, now }: Waiting): number => secondsUntil(retryAt, now)
const success = () => undefined

export const requestCode: Outcomes<RequestCodeEnding> = {
  sent: success,
  too_many_codes: ending => errors.codeNotSent(wait(ending)),
  country_not_served: () => errors.countryNotServed,
  line_not_served: () => errors.lineNotServed,
  codes_paused: ({ retryAt, now, ways }) => errors.codesPaused(retryAt && wait({ retryAt, now }), ways),
}

export const verifyCode: Outcomes<VerifyCodeEnding> = {
  proved: success,
  wrong_code: () => errors.codeNotVerified,
  check_too_soon: ending => errors.codeCheckedTooFast(wait(ending)),
  checks_spent: ending => errors.codeCheckedTooFast(wait(ending)),
}

export const setPin: Outcomes<SetPinEnding> = {
  set: success,
  changed: success,
  not_proved: () => errors.verificationNeeded,
  not_keeper: () => errors.notRegistered,
  weak_pin: ending => errors.weakPin(ending.weakness.explanation),
  overloaded: ending => errors.serverUnavailable(ending.retryAfter),
}

export const register: Outcomes<RegisterNumberEnding> = {
  registered: success,
  not_proved: () => errors.verificationNeeded,
  attempts_spent: ending => errors.registeredTooOften(wait(ending)),
  deleted_recently: ending => errors.deletedRecently(wait(ending)),
  pin_needed: () => errors.pinMismatch,
  wrong_pin: () => errors.pinMismatch,
  pin_closed: () => errors.accountLocked,
  guess_too_soon: ending => tooSoon(ending),
  weak_pin: ending => errors.weakPin(ending.weakness.explanation),
  overloaded: ending => errors.serverUnavailable(ending.retryAfter),
}

export const deregister: Outcomes<DeregisterNumberEnding> = {
  deregistered: success,
  not_registered: () => errors.nothingToDeregister,
  attempts_spent: ending => errors.registeredTooOften(wait(ending)),
}

export const deleteNumber: Outcomes<DeleteNumberEnding> = {
  deleted: success,
  pin_needed: () => errors.missingParameter('pin'),
  wrong_pin: () => errors.pinMismatch,
  pin_closed: () => errors.accountLocked,
  guess_too_soon: ending => tooSoon(ending),
  overloaded: ending => errors.serverUnavailable(ending.retryAfter),
}

export const sendText: Outcomes<SendTextEnding> = {
  accepted: success,
  not_registered: () => errors.notRegistered,
  to_itself: () => errors.recipientIsSender,
}

// 133009 asks for patience, 133008 says that the guesses are gone: a wait of more than an hour tells the two apart.
const tooSoon = (waiting: Waiting & { readonly wait: Milliseconds }): GraphError =>
  waiting.wait <= hour ? errors.guessedTooFast(wait(waiting)) : errors.tooManyGuesses(wait(waiting))
