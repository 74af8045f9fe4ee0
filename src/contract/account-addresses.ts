// The e-mail addresses of an account: what the calls take and what they answer.

import { z } from 'zod'
import { email, id, moment, token } from './accounts.ts'

export const addAddressRequest = z.strictObject({ email })

export const confirmAddressRequest = z.strictObject({ token: token.describe('What the mailed link ends in.') })

export const addressesAnswer = z.strictObject({
  addresses: z.array(
    z.strictObject({ id, address: z.string(), confirmed_at: moment.nullable().describe('null: its link waits.') }),
  ),
  awaited: z
    .strictObject({ address: z.string(), expires_at: moment })
    .nullable()
    .describe('The address that a link was mailed to and that was not confirmed yet.'),
})

/** Mailed, or whatever else keeps it from being told apart. */
export const mailedAnswer = z.strictObject({ mailed: z.literal(true), expires_at: moment })

export const confirmedAnswer = z.strictObject({ confirmed: z.literal(true) })

export const removedAddressAnswer = z.strictObject({ removed: z.literal(true) })
