// App-specific passwords: for programs that cannot ask for a code.

import { z } from 'zod'
import { from, id, moment, name } from './accounts.ts'

/** The one service that an app-specific password opens, as that service calls itself. */
export const service = z
  .string('write the name of a service')
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/, 'write a service as a-z, 0-9, dots and dashes, such as mail')

export const makeAppPasswordRequest = z.strictObject({ label: name.describe('What the owner calls it.'), service })

export const checkAppPasswordRequest = z.strictObject({
  identifier: z
    .string('write what the person signs in with')
    .min(1, 'write what the person signs in with')
    .max(256, 'this is too long')
    .refine(text => text.isWellFormed(), 'write it as Unicode text')
    .describe('An e-mail address of the account, or what the application calls its user.'),
  app_password: z
    .string('write the app-specific password as text')
    .max(256, 'this is too long')
    .describe('With or without dashes.'),
  service,
  from: z
    .strictObject({
      ip: z.union([z.ipv4(), z.ipv6()], 'write an IP address').optional(),
      user_agent: z.string('write the program as text').max(1_024, 'this is too long').optional(),
    })
    .default({})
    .describe('Where the program asks from: shown to the owner.'),
})

export const appPassword = z.strictObject({
  id,
  label: z.string(),
  service: z.string(),
  created_at: moment,
  last_used: z.strictObject({ at: moment, from }).nullable(),
})

export const appPasswordsAnswer = z.strictObject({ app_passwords: z.array(appPassword) })

export const appPasswordMadeAnswer = appPassword.extend({
  app_password: z.string().describe('Sixteen letters in fours. Shown this once.'),
})

export const appPasswordsRevokedAnswer = z.strictObject({ revoked: z.int().min(0) })

export const appPasswordRightAnswer = z.strictObject({
  valid: z.literal(true),
  account: id,
  app_password: z.strictObject({ id }),
})

/** What a reverse proxy says in its URL. */
export const basicRequest = z.strictObject({ service: service.describe('The service that is to be opened.') })
