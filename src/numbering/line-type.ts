// Whether codes may be sent to a number, as people write it: a mobile number of a supported region. The plans of all
// countries come from libphonenumber's full metadata; what follows from them, the core says.

import { type NumberType as Kind, type NumberRefusal, whyNoCodes } from '#core/account/mobile-number.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import type { Line } from '#core/sending/line.ts'
import { type NotANumber, parseNumber } from './number.ts'

export type CodeNumber =
  | { readonly kind: 'mobile'; readonly e164: E164 }
  | { readonly kind: 'no_codes'; readonly why: NumberRefusal }
  | NotANumber

/**
 * Reads a number that is to receive codes. `country`: ISO 3166-1 alpha-2, where it has no country code. `regions`: lists of
 * which each must have the number's region. A number that is possible and not assigned (`unknown`) is refused: nobody's
 * phone would ring.
 */
export function readCodeNumber(
  text: string,
  country: string | undefined,
  regions: readonly (readonly string[] | 'all')[],
): CodeNumber {
  const parsed = parseNumber(text, country)
  if (parsed.kind === 'not_a_number') return parsed
  const { e164, type } = parsed
  const region = parsed.region === '001' ? undefined : parsed.region
  const refusals = regions.map(list => whyNoCodes({ type: kinds[type], region }, list))
  const why = refusals.find(each => each !== undefined)
  return why === undefined ? { kind: 'mobile', e164 } : { kind: 'no_codes', why }
}

const kinds = {
  mobile: 'mobile',
  landline: 'fixed_line',
  landline_or_mobile: 'fixed_line_or_mobile',
  voip: 'voip',
  premium: 'premium_rate',
  toll_free: 'toll_free',
  shared_cost: 'shared_cost',
  personal: 'personal',
  company: 'uan',
  pager: 'pager',
  voicemail: 'voicemail',
  unknown: 'unknown',
} as const satisfies Readonly<Record<Line, Kind>>
