// The operator's calls: what they take and what they answer.

import { z } from 'zod'
import { roles } from '#core/business/admin.ts'
import { permissions } from '#core/business/business.ts'

const name = z.string().trim().min(1).max(100).describe('Shown to people.')

export const createBusinessRequest = z.object({
  name,
  email: z.email().max(254).describe('Where notices go: a PIN was set, a registration was contested.'),
})
export const createBusinessAnswer = z.object({
  id: z.string().describe('The business account (WABA) id of the Graph door.'),
})

export const issueAccessTokenRequest = z.object({
  permissions: z.array(z.enum(permissions)).min(1).max(permissions.length),
  expires_in: z
    .int()
    .min(1)
    .max(10 * 365 * 24 * 3600)
    .optional()
    .describe('Seconds. Left out: until the token is revoked.'),
})
export const issueAccessTokenAnswer = z.object({ access_token: z.string().describe('Told once.') })

export const revokeAccessTokensRequest = z.object({
  access_token: z.string().max(200).optional().describe('The one to revoke. Left out: all of them.'),
})
export const revokeAccessTokensAnswer = z.object({ revoked: z.int().describe('How many tokens ended.') })

export const createApplicationRequest = z.object({ name })
export const createApplicationAnswer = z.object({ id: z.string(), api_key: z.string().describe('Told once.') })

const adminAddress = z.email().max(254).describe('Whom it is about; what they sign in with.')

export const inviteAdminRequest = z.object({
  email: adminAddress,
  role: z.enum(roles).default('admin').describe('Admins change what members only see.'),
  language: z.string().max(20).default('en').describe('What the mail is written in: a locale such as `en` or `ar_EG`.'),
})
export const inviteAdminAnswer = z.object({
  id: z.string(),
  link: z.string().nullable().describe('Chooses the password: once, within 24 hours. Null where there is one already.'),
})

export const removeAdminRequest = z.object({ email: adminAddress })

const codesTo = {
  country: z.string().length(2).optional().describe('ISO 3166-1 alpha-2. With neither this nor a prefix: all phones.'),
  prefix: z
    .string()
    .regex(/^\+[1-9][0-9]{2,10}$/, 'write + and the digits of a number without its last four')
    .optional(),
}
export const pauseCodesRequest = z.strictObject({
  ...codesTo,
  for: z
    .int()
    .min(1)
    .max(365 * 24 * 3600)
    .optional()
    .describe('Seconds. Left out: until it is released.'),
})
export const releaseCodesRequest = z.strictObject(codesTo)
