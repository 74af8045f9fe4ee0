// What On-Premises clients send, read as commands. Names come from JSON, a form, multipart or the query; what is not known
// is ignored, but for settings. A PIN or code is text: a JSON number is read as its digits and never padded, so one that
// lost its leading zeros is refused instead of becoming another.

import { isAdminPassword, isPassword, isUsername, roleOf } from '#core/on-premises/installation.ts'
import { readWhole } from '#core/on-premises/settings.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import type { Parameters } from '#http/body.ts'
import { fromCountryCode } from '#numbering/number.ts'
import { Secret } from '#secrets/secret.ts'
import { passwordOf } from './authorization.ts'
import { verifiedNameOf } from './certificate.ts'
import { invalid, missing, type OnPremisesError, weakAdminPassword } from './errors.ts'

export type Decoded<T> =
  | { readonly kind: 'decoded'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: OnPremisesError }

const decoded = <T>(value: T): Decoded<T> => ({ kind: 'decoded', value })
const refused = (error: OnPremisesError): Decoded<never> => ({ kind: 'refused', error })

/** A parameter as text; a number as its digits. `undefined`: not there. `null`: there, and no text. */
function text(parameters: Parameters, name: string): string | null | undefined {
  const value = parameters[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

// ——— passwords and users

/** What the first login brings. Whatever is no text is a weak password, not a missing one. */
export function newPassword(parameters: Parameters): Secret | undefined {
  const given = text(parameters, 'new_password')
  return given === undefined ? undefined : passwordOf(given ?? '')
}

export type NewUser = { readonly username: string; readonly password: Secret }

export function newUser(parameters: Parameters): Decoded<NewUser> {
  const username = text(parameters, 'username')
  if (username === undefined) return refused(missing('username'))
  if (username === null || !isUsername(username)) {
    return refused(invalid('The username needs 4 to 32 characters out of A-Z a-z 0-9 - . _ ~'))
  }
  const read = password(parameters, username)
  return read.kind === 'refused' ? read : decoded({ username, password: read.value })
}

/** A password for this user. The admin's must be a strong one, as at the first login. */
export function password(parameters: Parameters, username: string): Decoded<Secret> {
  const given = text(parameters, 'password')
  if (given === undefined) return refused(missing('password'))
  const secret = passwordOf(given ?? '')
  if (roleOf(username) === 'admin') {
    return isAdminPassword(secret.reveal()) ? decoded(secret) : refused(weakAdminPassword)
  }
  return isPassword(secret.reveal())
    ? decoded(secret)
    : refused(invalid('The password needs 8 to 64 characters, and no control characters.'))
}

// ——— the number and its lock

/** Six ASCII digits; `undefined` when none was sent. */
export function optionalPin(parameters: Parameters): Decoded<Secret | undefined> {
  const digits = text(parameters, 'pin')
  if (digits === undefined) return decoded(undefined)
  return digits !== null && /^[0-9]{6}$/.test(digits)
    ? decoded(Secret.of(digits))
    : refused(invalid('The pin must be exactly 6 digits.'))
}

export function pin(parameters: Parameters): Decoded<Secret> {
  const read = optionalPin(parameters)
  if (read.kind === 'refused') return read
  return read.value === undefined ? refused(missing('pin')) : decoded(read.value)
}

/** Six digits; the hyphen that people see in `123-830` may have been left in. */
export function code(parameters: Parameters): Decoded<Secret> {
  const given = text(parameters, 'code')
  if (given === undefined) return refused(missing('code'))
  const digits = given?.replace(/^([0-9]{3})[- ]([0-9]{3})$/, '$1$2')
  return digits !== undefined && /^[0-9]{6}$/.test(digits)
    ? decoded(Secret.of(digits))
    : refused(invalid('The code must be exactly 6 digits.'))
}

function number(parameters: Parameters): Decoded<E164> {
  const cc = text(parameters, 'cc')
  if (cc === undefined) return refused(missing('cc'))
  if (cc === null || !/^\+?[0-9]{1,3}$/.test(cc)) {
    return refused(invalid('The cc must be a country calling code of 1 to 3 digits.'))
  }
  const national = text(parameters, 'phone_number')
  if (national === undefined) return refused(missing('phone_number'))
  const parsed = fromCountryCode(cc.replace('+', ''), national ?? '')
  return parsed.kind === 'number'
    ? decoded(parsed.e164)
    : refused(invalid('The phone_number must be a valid phone number.'))
}

export type NewAccount = {
  readonly number: E164
  readonly method: 'sms' | 'voice'
  readonly verifiedName: string
  readonly pin: Secret | undefined
}

export function newAccount(parameters: Parameters): Decoded<NewAccount> {
  const read = number(parameters)
  if (read.kind === 'refused') return read
  const method = text(parameters, 'method')
  if (method === undefined) return refused(missing('method'))
  const known = method?.toLowerCase()
  if (known !== 'sms' && known !== 'voice') return refused(invalid('The method must be sms or voice.'))
  const certificate = text(parameters, 'cert')
  if (certificate === undefined) return refused(missing('cert'))
  const verifiedName = verifiedNameOf(certificate ?? '')
  if (verifiedName === undefined) {
    return refused(
      invalid('The cert must be the base64 of a verified-name certificate, or of a name of 2 to 75 characters.'),
    )
  }
  const given = optionalPin(parameters)
  if (given.kind === 'refused') return given
  return decoded({ number: read.value, method: known, verifiedName, pin: given.value })
}

export type Sharding = { readonly number: E164; readonly shards: number; readonly pin: Secret | undefined }

export function sharding(parameters: Parameters): Decoded<Sharding> {
  const read = number(parameters)
  if (read.kind === 'refused') return read
  if (parameters.shards === undefined || parameters.shards === null) return refused(missing('shards'))
  const shards = readWhole(parameters.shards)
  if (shards === undefined || ![1, 2, 4, 8, 16, 32].includes(shards)) {
    return refused(invalid('The shards must be 1, 2, 4, 8, 16 or 32.'))
  }
  const given = optionalPin(parameters)
  if (given.kind === 'refused') return given
  return decoded({ number: read.value, shards, pin: given.value })
}
