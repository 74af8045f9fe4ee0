// What Graph clients send, read as commands. Every name may come from JSON, a form, multipart or the query; a name that is
// not known is ignored, as Graph does. A PIN or code is text: a JSON number is read as its digits and never padded, so one
// that lost its leading zeros is refused instead of becoming another.

import type { E164 } from '#core/registration-lock/phone-number.ts'
import type { Parameters } from '#http/body.ts'
import { fromCountryCode, parseNumber } from '#numbering/number.ts'
import { Secret } from '#secrets/secret.ts'
import type { GraphError } from './errors.ts'
import * as errors from './errors.ts'

export type Decoded<T> =
  | { readonly kind: 'decoded'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: GraphError }

const decoded = <T>(value: T): Decoded<T> => ({ kind: 'decoded', value })
const refused = (error: GraphError): Decoded<never> => ({ kind: 'refused', error })

/** A parameter as text; a number as its digits. `undefined`: not there. `null`: there, and no text. */
function text(parameters: Parameters, name: string): string | null | undefined {
  const value = parameters[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

/** An object inside the parameters: as JSON, or as JSON text where a form or query carried it. */
function object(parameters: Parameters, name: string): Parameters | undefined {
  const value = parameters[name]
  if (typeof value === 'string' && value.trimStart().startsWith('{')) {
    try {
      return asObject(JSON.parse(value))
    } catch {
      return undefined
    }
  }
  return asObject(value)
}

const asObject = (value: unknown): Parameters | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Parameters) : undefined

/** Six ASCII digits, at the top level or inside `whatsapp_business_api_data`. */
export function pin(parameters: Parameters): Decoded<Secret> {
  const given = parameters.pin === undefined ? (object(parameters, 'whatsapp_business_api_data') ?? {}) : parameters
  const digits = text(given, 'pin')
  if (digits === undefined) return refused(errors.missingParameter('pin'))
  return digits !== null && /^[0-9]{6}$/.test(digits) ? decoded(Secret.of(digits)) : refused(errors.wrongPinShape)
}

const regions = new Set(['AE', 'AU', 'BH', 'BR', 'CA', 'CH', 'DE', 'GB', 'ID', 'IN', 'JP', 'KR', 'SG', 'ZA'])

/** The PIN of a registration; the other parameters are checked, and mean nothing to a server that stores no messages. */
export function registration(parameters: Parameters): Decoded<Secret> {
  const product = text(parameters, 'messaging_product')
  if (product === undefined) return refused(errors.missingParameter('messaging_product'))
  if (product?.toLowerCase() !== 'whatsapp') {
    return refused(errors.invalidParameter('Param messaging_product must be one of {WHATSAPP}.'))
  }
  const region = text(parameters, 'data_localization_region')
  if (region !== undefined && !regions.has(region?.toUpperCase() ?? '')) {
    return refused(
      errors.invalidParameter(`Param data_localization_region must be one of {${[...regions].join(', ')}}.`),
    )
  }
  return pin(parameters)
}

export type CodeRequested = { readonly method: 'sms' | 'voice'; readonly language: string }

export function codeRequest(parameters: Parameters): Decoded<CodeRequested> {
  const method = text(parameters, 'code_method')
  if (method === undefined) return refused(errors.missingParameter('code_method'))
  const known = method?.toLowerCase()
  if (known !== 'sms' && known !== 'voice') {
    return refused(errors.invalidParameter('Invalid parameter: code_method must be SMS or VOICE'))
  }
  const language = text(parameters, 'language') ?? text(parameters, 'locale')
  if (language === undefined) return refused(errors.missingParameter('language'))
  if (language === null || !/^[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?$/.test(language)) {
    return refused(errors.invalidParameter('Invalid parameter: language must be a locale such as en_US'))
  }
  return decoded({ method: known, language })
}

/** Six digits; the hyphen that people see in `123-830` may have been left in. */
export function code(parameters: Parameters): Decoded<Secret> {
  const given = text(parameters, 'code')
  if (given === undefined) return refused(errors.missingParameter('code'))
  const digits = given?.replace(/^([0-9]{3})[- ]([0-9]{3})$/, '$1$2')
  return digits !== undefined && /^[0-9]{6}$/.test(digits) ? decoded(Secret.of(digits)) : refused(errors.wrongCodeShape)
}

export type NewNumber = { readonly number: E164; readonly verifiedName: string }

export function newNumber(parameters: Parameters): Decoded<NewNumber> {
  const national = text(parameters, 'phone_number')
  if (national === undefined) return refused(errors.missingParameter('phone_number'))
  const name = text(parameters, 'verified_name')
  if (name === undefined) return refused(errors.missingParameter('verified_name'))
  const shown = name?.trim() ?? ''
  // Characters, not code units: a name of 75 emoji is 75 characters to the person who chose it.
  const length = [...shown].length
  if (length < 2 || length > 75 || /\p{Cc}|(?![\u200c\u200d])\p{Cf}/u.test(shown)) {
    return refused(errors.invalidParameter('Param verified_name must be 2 to 75 characters long.'))
  }
  const cc = text(parameters, 'cc')
  if (cc === null || (cc !== undefined && !/^\+?[0-9]{1,3}$/.test(cc))) {
    return refused(errors.invalidParameter('Param cc must be a country calling code of 1 to 3 digits.'))
  }
  const parsed =
    cc === undefined ? parseNumber(international(national ?? '')) : fromCountryCode(cc.replace('+', ''), national ?? '')
  if (parsed.kind === 'not_a_number') {
    return refused(errors.invalidParameter('Param phone_number must be a valid phone number.'))
  }
  return decoded({ number: parsed.e164, verifiedName: shown })
}

export type Text = { readonly to: E164; readonly input: string; readonly text: string }

export function textMessage(parameters: Parameters): Decoded<Text> {
  const product = text(parameters, 'messaging_product')
  if (product === undefined) return refused(errors.messageParameterMissing('messaging_product'))
  if (product?.toLowerCase() !== 'whatsapp') {
    return refused(errors.messageParameterInvalid('messaging_product must be whatsapp.'))
  }
  const to = text(parameters, 'to')
  if (to === undefined) return refused(errors.messageParameterMissing('to'))
  const recipient = parseNumber(international(to ?? ''))
  if (recipient.kind === 'not_a_number') {
    return refused(errors.messageParameterInvalid('to must be a phone number with its country code.'))
  }
  const type = text(parameters, 'type')
  if (type !== undefined && type !== 'text') {
    return refused(errors.messageParameterInvalid('type must be text: this server accepts text messages only.'))
  }
  const body = text(object(parameters, 'text') ?? {}, 'body')
  if (body === undefined || body === '') return refused(errors.messageParameterMissing('text.body'))
  if (body === null || [...body].length > 4096) {
    return refused(errors.messageParameterInvalid('text.body must be text of 1 to 4096 characters.'))
  }
  return decoded({ to: recipient.e164, input: to ?? '', text: body })
}

// Graph writes numbers with or without the plus; they always carry their country code.
const international = (number: string): string => (number.trim().startsWith('+') ? number : `+${number.trim()}`)

/** Where a page begins: a place in the list. */
export type Place = { readonly position: string; readonly member: string }

export type ListRequest = {
  readonly limit: number
  readonly after: Place | undefined
  readonly before: Place | undefined
  readonly sort: 'creation_time' | 'last_onboarded_time'
  readonly order: 'ascending' | 'descending'
  readonly filters: readonly { readonly field: string; readonly value: unknown }[]
}

export function listRequest(query: Parameters): Decoded<ListRequest> {
  const limit = text(query, 'limit') ?? '25'
  if (!/^[0-9]{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    return refused(errors.invalidParameter('Param limit must be a number from 1 to 100.'))
  }
  const sorted = /^(creation_time|last_onboarded_time)(?:[._](asc|desc))?$/.exec(
    text(query, 'sort') ?? 'creation_time.asc',
  )
  if (sorted === null) {
    return refused(
      errors.invalidParameter('Param sort must be creation_time or last_onboarded_time, with .asc or .desc.'),
    )
  }
  const [, sort, order] = sorted
  const filters = filtering(text(query, 'filtering'))
  if (filters === undefined) {
    return refused(errors.invalidParameter('Param filtering must be a JSON list of {field, operator: "EQUAL", value}.'))
  }
  const after = cursor(query, 'after')
  const before = cursor(query, 'before')
  if (after === null || before === null) {
    return refused(errors.invalidParameter('Invalid parameter: the cursor is not one of this list. Begin without one.'))
  }
  return decoded({
    limit: Number(limit),
    after,
    before,
    sort: sort === 'creation_time' ? sort : 'last_onboarded_time',
    order: order === 'desc' ? 'descending' : 'ascending',
    filters,
  })
}

function filtering(json: string | null | undefined): ListRequest['filters'] | undefined {
  if (json === undefined) return []
  try {
    const list: unknown = JSON.parse(json ?? '')
    if (!Array.isArray(list)) return undefined
    const filters = list.map(
      each => ({ ...asObject(each) }) as { field?: unknown; operator?: unknown; value?: unknown },
    )
    const wrong = filters.some(({ field, operator }) => typeof field !== 'string' || operator !== 'EQUAL')
    return wrong ? undefined : filters.map(({ field, value }) => ({ field: String(field), value }))
  } catch {
    return undefined
  }
}

/** A place as a cursor: opaque to clients. */
export const toCursor = (place: Place): string => Buffer.from(`${place.position}-${place.member}`).toString('base64url')

function cursor(query: Parameters, name: 'after' | 'before'): Place | null | undefined {
  const given = text(query, name)
  if (given === undefined || given === '') return undefined
  const read = /^([0-9]{15})-([0-9]{1,20})$/.exec(Buffer.from(given ?? '', 'base64url').toString())
  const [, position, member] = read ?? []
  return position === undefined || member === undefined ? null : { position, member }
}
