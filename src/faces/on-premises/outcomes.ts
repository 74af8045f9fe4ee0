// How each ending of an action reads on the On-Premises wire. One table an action; each stops compiling when an ending of
// its action is missing.

import type { RegisterAccountEnding, ShardAccountEnding, VerifyAccountEnding } from '#actions/on-premises/account.ts'
import type { InstallEnding } from '#actions/on-premises/install.ts'
import type { LogInEnding } from '#actions/on-premises/login.ts'
import type { ChangeSettingsEnding } from '#actions/on-premises/settings.ts'
import type { TurnOffTwoStepEnding } from '#actions/on-premises/two-step.ts'
import type { CreateUserEnding, DeleteUserEnding, ReplacePasswordEnding } from '#actions/on-premises/users.ts'
import type { RegisterNumberEnding } from '#actions/register-number.ts'
import type { SetPinEnding } from '#actions/set-pin.ts'
import { type Instant, secondsUntil } from '#core/kernel/instant.ts'
import type { Problem } from '#http/problem.ts'
import type { OnPremisesError } from './errors.ts'
import * as errors from './errors.ts'

/** For every ending: the error it is, or `undefined` where the call succeeded. */
export type Outcomes<E extends { readonly kind: string }> = {
  readonly [K in E['kind']]: (ending: Extract<E, { readonly kind: K }>) => OnPremisesError | undefined
}

/** Looks an ending up in its table. */
export function errorOf<E extends { readonly kind: string }>(
  outcomes: Outcomes<E>,
  ending: E,
): OnPremisesError | undefined {
  const read = outcomes[ending.kind as E['kind']] as (ending: E) => OnPremisesError | undefined
  return read(ending)
}

type Waiting = { readonly retryAt: Instant; readonly now: Instant }
const wait = ({ retryAt, now }: Waiting): number => secondsUntil(retryAt, now)
const success = () => undefined
const overloaded = (ending: { readonly retryAfter: number }) => errors.overloaded(ending.retryAfter)

export const logIn: Outcomes<LogInEnding> = {
  logged_in: success,
  wrong_login: () => errors.loginNeeded,
  no_installation: () => errors.nothingHere,
  password_change_required: () => errors.passwordChangeRequired,
  weak_password: () => errors.weakAdminPassword,
  login_too_soon: ending => errors.tooManyBadLogins(wait(ending)),
  overloaded,
}

export const createUser: Outcomes<CreateUserEnding> = {
  created: success,
  exists_already: () => errors.userExists,
  too_many_users: () => errors.tooManyUsers,
  overloaded,
}

export const replacePassword: Outcomes<ReplacePasswordEnding> = {
  replaced: success,
  no_such_user: () => errors.noSuchUser,
  overloaded,
}

export const deleteUser: Outcomes<DeleteUserEnding> = {
  deleted: success,
  no_such_user: () => errors.noSuchUser,
  is_admin: () => errors.adminStays,
}

const register: Outcomes<RegisterNumberEnding> = {
  registered: success,
  not_proved: () => errors.proofEnded,
  attempts_spent: ending => errors.registeredTooOften(wait(ending)),
  deleted_recently: ending => errors.deletedRecently(wait(ending)),
  pin_needed: () => errors.pinNeeded,
  wrong_pin: () => errors.wrongPin,
  pin_closed: () => errors.pinsClosed,
  guess_too_soon: ending => errors.guessedTooFast(wait(ending)),
  weak_pin: ending => errors.weakPin(ending.weakness.explanation),
  overloaded,
}

export const registerAccount: Outcomes<RegisterAccountEnding> = {
  ...register,
  registered_already: success,
  sent: success,
  too_many_codes: ending => errors.tooManyCodes(wait(ending)),
  country_not_served: () => errors.countryNotServed,
  line_not_served: () => errors.lineNotServed,
  codes_paused: ({ retryAt, now, ways }) => errors.codesPaused(retryAt && wait({ retryAt, now }), ways),
}

export const verifyAccount: Outcomes<VerifyAccountEnding> = {
  ...register,
  wrong_code: () => errors.wrongCode,
  check_too_soon: ending => errors.codeCheckedTooFast(wait(ending)),
  checks_spent: ending => errors.codeCheckedTooFast(wait(ending)),
}

export const shardAccount: Outcomes<ShardAccountEnding> = {
  ...register,
  no_number: () => errors.notRegistered,
  other_number: () => errors.invalid('The phone_number is not the one that this client registered.'),
}

export const setPin: Outcomes<SetPinEnding> = {
  set: success,
  changed: success,
  not_proved: () => errors.notRegistered,
  not_keeper: () => errors.heldElsewhere,
  weak_pin: ending => errors.weakPin(ending.weakness.explanation),
  overloaded,
}

export const turnOffTwoStep: Outcomes<TurnOffTwoStepEnding> = {
  off: success,
  not_proved: () => errors.notRegistered,
  not_keeper: () => errors.heldElsewhere,
}

export const changeSettings: Outcomes<ChangeSettingsEnding> = {
  changed: success,
  unknown: ending => errors.notRequired(ending.name),
  wrong: ending => errors.invalid(`The value of ${ending.name} is not one that it may have.`),
}

/** The operator's own call speaks the operator's language. */
export const install: {
  readonly [K in Exclude<InstallEnding['kind'], 'installed'>]: (
    ending: Extract<InstallEnding, { readonly kind: K }>,
  ) => Problem
} = {
  no_such_business: () => ({
    status: 404,
    kind: 'no_such_business',
    title: 'There is no such business.',
    detail: 'Create it with POST /api/v1/operator/businesses and use the id of its answer.',
  }),
  installed_already: () => ({
    status: 409,
    kind: 'installed_already',
    title: 'This business has its On-Premises client already.',
    detail: 'Its admin password was told when it was made, and nobody can reset it but its admin.',
  }),
  overloaded: ({ retryAfter }) => ({
    status: 503,
    kind: 'overloaded',
    title: 'The server is busy.',
    retryAfter,
  }),
}
