// Phone numbers as people see them: whole for those who know the number, masked for those who may not.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { E164 } from '#core/registration-lock/phone-number.ts'

/** For people who know the number: `+1 631-555-5555`, as Meta's `display_phone_number`. */
export function formatNumber(e164: E164): string {
  const number = parsePhoneNumberFromString(e164)
  if (number === undefined) return e164
  const international = number.formatInternational()
  const [country, ...groups] = international.split(' ')
  if (country === '+1') return `${country} ${groups.join('-')}`
  return withDashes(international, number.formatNational())
}

// The library writes spaces only; where people at home write a dash between the same digits, Meta shows one.
function withDashes(international: string, national: string): string {
  const before = (text: string, at: number) =>
    text
      .slice(0, at)
      .replace(/[^0-9]/g, '')
      .at(-1)
  const after = (text: string, at: number) => text.slice(at).replace(/[^0-9]/g, '').length
  const dashes = [...national.matchAll(/-/g)].map(({ index }) => `${before(national, index)} ${after(national, index)}`)
  return international.replace(/ /g, (space, at: number) =>
    dashes.includes(`${before(international, at)} ${after(international, at)}`) ? '-' : space,
  )
}

/** For people who may not: the country code and the last two digits, `+1 ••• ••• ••55`. */
export function maskNumber(e164: E164): string {
  const [country = '', ...groups] = formatNumber(e164).replaceAll('-', ' ').split(' ')
  // No number that numbering made is without groups, but a mask must not be what lets one through whole.
  if (groups.length === 0) return '•••'
  const national = groups.join(' ')
  return `${country} ${national.slice(0, -2).replace(/[0-9]/g, '•')}${national.slice(-2)}`
}
