// Phone numbers: what people and programs write in, one E.164 number out. A lock stands on a number, so a number that
// had two forms would have two locks, and a thief would take the form that has none. Therefore:
//
//   written                                   read as
//   +1 (631) 555-5555, 1-631-555-5555 …       the same digits; spaces, dashes, dots, slashes, brackets do not count
//   ＋４４…, ٠٥…, ०१…                          digits of other scripts, and full-width ones, count as their ASCII twins
//   ²①𝟏, letters, extensions                  refused, never guessed at
//   00…, or the country's own prefix          the international prefix
//   +44 (0)20 …                               without the domestic 0
//   +52 1 …                                   Mexico: without the 1 that mobile numbers had until 2019
//   +54 11 …, +54 9 11 …, 011 15-…            Argentina: with the 9, as Meta writes it
//   +55 11 8765 4321                          Brazil: with the ninth digit that mobile numbers have had since 2016
//
// Numbers need to be possible, not assigned: Meta's own examples are numbers out of fictional ranges.

import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import type { Line } from '#core/sending/line.ts'
import { plans } from './plans.ts'

/**
 * Why a text is no number. `characters`: something that belongs in no number (letters, an extension, rare digits).
 * `no_country`: it has no country code and no country was given. `length`: too short or too long for its country.
 * `country_code`: no country has this code, or not the one that was given with it.
 */
export type NotANumberReason = 'empty' | 'characters' | 'no_country' | 'length' | 'country_code'

export type ParsedNumber = {
  readonly kind: 'number'
  readonly e164: E164
  /** 1 to 3 digits, no plus. */
  readonly countryCallingCode: string
  /** ISO 3166-1 alpha-2, or `001` where the range belongs to no country or to none that can be told. */
  readonly region: string
  readonly type: Line
}

export type NotANumber = { readonly kind: 'not_a_number'; readonly reason: NotANumberReason }

/**
 * Reads a phone number. `defaultCountry` (ISO 3166-1 alpha-2) is where a number without a country code is dialled; an
 * unknown country counts as none.
 */
export function parseNumber(text: string, defaultCountry?: string): ParsedNumber | NotANumber {
  const digits = dialled(text)
  if (typeof digits !== 'string') return digits
  if (digits.startsWith('+')) return read([digits])
  const home = defaultCountry?.toUpperCase()
  const country = home !== undefined && plans().isSupportedCountry(home) ? home : undefined
  // Where 00 is not the country's own prefix, people still know it as "abroad".
  const abroad = digits.startsWith('00') ? [`+${digits.slice(2)}`] : []
  if (country === undefined && abroad.length === 0) return refused('no_country')
  return read(country === undefined ? abroad : [digits, ...abroad], country)
}

/**
 * Reads Graph's pair of `cc` and `phone_number`. The number may or may not repeat the country code; where both readings
 * make sense (Italy's 39 also starts mobile numbers), the one that is a real number wins, then the one without repeat.
 */
export function fromCountryCode(cc: string, national: string): ParsedNumber | NotANumber {
  const code = /^\+?([1-9][0-9]{0,2})$/.exec(cc.trim())?.[1]
  if (code === undefined) return refused('country_code')
  const digits = dialled(national)
  if (typeof digits !== 'string') return digits
  const repeats = digits.startsWith(code) ? [`+${digits}`] : []
  const readings = digits.startsWith('+') ? [digits] : [`+${code}${digits}`, ...repeats]
  const number = read(readings)
  return number.kind === 'number' && number.countryCallingCode !== code ? refused('country_code') : number
}

// Longer than any number with any signs between its digits.
const longestText = 64

// What people put between digits, and the marks that contact books wrap around a copied number.
const between = /[\s\-‐-―−－().（）/·\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu

// The zeros of the decimal digits that telephone keyboards offer; one to nine follow each.
const zeros = [...'٠۰०০੦૦୦௦౦೦൦๐໐၀០０'].map(zero => zero.codePointAt(0) ?? 0)

/** The digits as dialled: ASCII, with a plus or without. */
function dialled(text: string): string | NotANumber {
  if (text.length > longestText) return refused('length')
  const plain = text
    .replace(between, '')
    .replace(/^[＋﹢]/u, '+')
    .replace(/\p{Nd}/gu, asciiDigit)
  if (plain === '' || plain === '+') return refused('empty')
  return /^\+?[0-9]+$/.test(plain) ? plain : refused('characters')
}

function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  const zero = zeros.find(each => code >= each && code <= each + 9)
  return zero === undefined ? digit : String(code - zero)
}

/** Of several readings the first that is a real number, else the first that is possible. */
function read(readings: readonly string[], country?: CountryCode): ParsedNumber | NotANumber {
  const numbers = readings
    .map(each => plans().parsePhoneNumberFromString(each, country))
    .filter(each => each !== undefined)
  const folded = numbers.map(fold)
  const number = folded.find(each => each.isValid()) ?? folded.find(each => each.isPossible())
  if (number === undefined) return refused(numbers.length > 0 ? 'length' : 'country_code')
  if (number.number.length < 8 || number.number.length > 16) return refused('length')
  return {
    kind: 'number',
    e164: number.number as string as E164,
    countryCallingCode: number.countryCallingCode,
    region: number.country ?? '001',
    type: types[number.getType() ?? 'UNKNOWN'],
  }
}

/**
 * The one form of a number that its country writes in two. Argentina gives no way to tell a landline from a mobile
 * number once the 9 is gone, so all get it: a mobile number with two locks would be worse than a landline that a call
 * cannot reach.
 */
function fold(number: PhoneNumber): PhoneNumber {
  const rule = folds[number.countryCallingCode]
  if (rule === undefined) return number
  const national = number.nationalNumber.replace(rule.from, rule.to)
  return plans().parsePhoneNumberFromString(`+${number.countryCallingCode}${national}`) ?? number
}

const folds: Readonly<Record<string, { readonly from: RegExp; readonly to: string }>> = {
  // Mexico: 1 before a mobile number from abroad, 01, 044 and 045 at home, all gone since August 2019.
  52: { from: /^(?:1|01|044|045)([0-9]{10})$/, to: '$1' },
  // Argentina: area codes are 11, 2… and 3….
  54: { from: /^(?=11|[23])([0-9]{10})$/, to: '9$1' },
  // Brazil: eight digits after the area code that start with 6 to 9 are a mobile number of old.
  55: { from: /^([1-9]{2})([6-9][0-9]{7})$/, to: '$19$2' },
}

const types = {
  MOBILE: 'mobile',
  FIXED_LINE: 'landline',
  FIXED_LINE_OR_MOBILE: 'landline_or_mobile',
  VOIP: 'voip',
  PREMIUM_RATE: 'premium',
  TOLL_FREE: 'toll_free',
  SHARED_COST: 'shared_cost',
  PERSONAL_NUMBER: 'personal',
  UAN: 'company',
  PAGER: 'pager',
  VOICEMAIL: 'voicemail',
  UNKNOWN: 'unknown',
} as const satisfies Record<string, Line>

const refused = (reason: NotANumberReason): NotANumber => ({ kind: 'not_a_number', reason })

/** Every region a number can be of, as ISO 3166-1 alpha-2 codes. */
export const regions = (): readonly string[] => plans().getCountries()
