// Phone numbers as people see them: whole for those who know the number, masked for those who may not.

import type { PhoneNumber } from 'libphonenumber-js/max'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { plans } from './plans.ts'

/** For people who know the number: `+1 631-555-5555`, as Meta's `display_phone_number`. */
export function formatNumber(e164: E164): string {
  const number = split(e164)
  if (number === undefined) return e164
  const { countryCallingCode: country, nationalNumber: digits } = number
  const layout = layoutsOf(country).find(({ begins, whole }) => begins.test(digits) && whole.test(digits))
  if (layout === undefined) return `+${country} ${digits}`
  const abroad = digits.replace(layout.whole, layout.abroad)
  if (country === '1') return `+1 ${abroad.replaceAll(' ', '-')}`
  const home = layout.home.includes('-') ? digits.replace(layout.whole, layout.home) : ''
  return `+${country} ${home === '' ? abroad : withDashes(abroad, home)}`
}

// Of an E.164 number nothing but its country code needs to be found out, which is less than parsing.
function split(e164: E164): PhoneNumber | undefined {
  try {
    return plans().split(e164)
  } catch {
    return undefined
  }
}

/** How one country writes the numbers that begin like this and are this long, as patterns for `replace`. */
type Layout = { readonly begins: RegExp; readonly whole: RegExp; readonly abroad: string; readonly home: string }

// The library's own table with its patterns compiled once. The library itself compiles them for every number and tries
// each, which made showing a number dearer than reading it from the database. There are some 250 country codes.
const layouts = new Map<string, readonly Layout[]>()

function layoutsOf(country: string): readonly Layout[] {
  const before = layouts.get(country)
  if (before !== undefined) return before
  const plan = plans().metadata() as unknown as Plan
  plan.selectNumberingPlan(country)
  const made = plan.formats().map(each => {
    const rule = each.nationalPrefixFormattingRule()
    return {
      // The last of them is the most exact.
      begins: new RegExp(`^(?:${each.leadingDigitsPatterns().at(-1) ?? ''})`),
      whole: new RegExp(`^(?:${each.pattern()})$`),
      abroad: each.internationalFormat().replace(punctuation, ' ').trim(),
      home: rule ? each.format().replace(/(\$\d)/, rule) : each.format(),
    }
  })
  layouts.set(country, made)
  return made
}

// The library's rule: abroad, groups stand apart by spaces only.
const punctuation = /[-. ]+/g

/** What the library has of a country and does not type; the tests hold it to what it formats itself. */
type Plan = {
  selectNumberingPlan(country: string): void
  formats(): readonly {
    pattern(): string
    leadingDigitsPatterns(): readonly string[]
    format(): string
    internationalFormat(): string
    nationalPrefixFormattingRule(): string | undefined
  }[]
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
