// What a refusal says beyond the standard's own members, so that a person knows what to do next.

import { z } from 'zod'
import { lockMembers } from '../registrations.ts'

const { shape } = lockMembers

/** Each member, and of which kinds it is. */
export const problemMembers: readonly (readonly [name: string, schema: z.ZodType])[] = [
  [
    'errors',
    z.array(z.object({ field: z.string(), problem: z.string() })).describe('invalid_request: field by field.'),
  ],
  ['reason', z.string().describe('weak_pin, weak_password, number_not_supported: a stable word.')],
  ['least_length', z.int().min(1).describe('weak_password')],
  ...Object.entries(shape).map(([name, schema]) => {
    const { description } = schema
    return [name, schema.describe(`pin_needed, wrong_pin, pin_closed, guess_too_soon${says(description)}`)] as const
  }),
  ['other_ways', z.array(z.string()).describe('codes_paused')],
  ['due', z.boolean().describe('reminder_not_due')],
  ['due_in_s', z.int().min(0).describe('reminder_not_due')],
  ['due_at', z.iso.datetime().describe('reminder_not_due')],
  ['at', z.unknown().describe('wrong_step: where the account is.')],
  ['waits_until', z.iso.datetime().describe('waiting_period')],
  ['missing', z.array(z.enum(['password', 'device_code', 'new_device'])).describe('step_up_needed, limited_session')],
  ['acr_values', z.string().describe('step_up_needed, limited_session (RFC 9470)')],
  ['max_age', z.int().min(0).nullable().describe('step_up_needed, limited_session: seconds.')],
]

function says(description: string | undefined): string {
  return description === undefined ? '' : `: ${description}`
}
