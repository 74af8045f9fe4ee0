// Which numbers can receive codes: mobile ones, in a supported region. What kind of number it is, numbering says.

/** Kinds of numbers, as libphonenumber's full metadata tells them apart. */
export type NumberType =
  | 'mobile'
  | 'fixed_line_or_mobile'
  | 'fixed_line'
  | 'voip'
  | 'premium_rate'
  | 'toll_free'
  | 'shared_cost'
  | 'personal'
  | 'pager'
  | 'voicemail'
  | 'uan'
  | 'unknown'

export type NumberRefusal = Exclude<NumberType, 'mobile' | 'fixed_line_or_mobile'> | 'region_not_supported'

/** Why a code cannot be sent to such a number; `undefined` when it can. `region`: ISO 3166-1 alpha-2. */
export function whyNoCodes(
  number: { readonly type: NumberType; readonly region: string | undefined },
  regions: readonly string[] | 'all',
): NumberRefusal | undefined {
  // In some countries (the United States) the plan does not tell a mobile number from a landline.
  if (number.type !== 'mobile' && number.type !== 'fixed_line_or_mobile') return number.type
  if (regions === 'all') return undefined
  return number.region !== undefined && regions.includes(number.region) ? undefined : 'region_not_supported'
}

/** The countries and regions of the document, as the default. */
export const supportedRegions: readonly string[] = (
  'AL DZ AO AI AG AR AM AU AT BS BH BD BB BE BO BW BR VG BG CM CA KY CF TD CL CN CO CD CG CR CI HR CY CZ DK DM DO EC EG ' +
  'SV EE FJ FI FR GM DE GH GR GD GU GP GT GN GW GY HN HK HU IS IN ID IE IL IT JM JP JO KZ KE KW LA LV LB LI LT LU MO MK ' +
  'MG MY ML MT MQ MU MX MD MS MA NA NL NZ NI NE NG NO OM PK PA PY PE PH PL PT PR QA RE RO RU KN LC VC ST SA SN SC SL SG ' +
  'SK SI ZA KR ES LK SR SZ SE CH TW TZ TH TT TN TR TC UG UA AE GB US UY VE VN YE ZW'
).split(' ')
