// Which kinds of numbers codes of registrations go to, by what their range says. A business may well be reached at a landline
// or over the internet; what is refused is what pays whoever is called, and what nobody answers at.

import type { SendingPolicy } from './rules.ts'

/** What kind of line a number is, by its range. `landline_or_mobile` where a country does not tell them apart. */
export type Line =
  | 'mobile'
  | 'landline'
  | 'landline_or_mobile'
  | 'voip'
  | 'premium'
  | 'toll_free'
  | 'shared_cost'
  | 'personal'
  | 'company'
  | 'pager'
  | 'voicemail'
  | 'unknown'

// Premium and shared-cost numbers pay their owner, personal ones (+44 70) forward at the caller's cost.
const refused: readonly Line[] = ['premium', 'shared_cost', 'personal', 'pager', 'voicemail']

/** Whether a code may go to such a number. */
export function servesLine(
  { type, region }: { readonly type: Line; readonly region: string },
  { unassigned }: SendingPolicy,
): boolean {
  // A range that nobody was given is where hijacked routes end.
  if (type === 'unknown') return unassigned === 'send'
  // Satellites and networks of no country, the dearest there are.
  return region !== '001' && !refused.includes(type)
}
