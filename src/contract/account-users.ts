// The users of an application that brings its own first step: what the calls take and what they answer.

import { z } from 'zod'
import {
  browser,
  code,
  email,
  emptyRequest,
  id,
  locale,
  moment,
  recoveryKeyRequest,
  secondStepAnswer,
  sendCodeRequest,
  signedInAnswer,
  signInAnswer,
} from './accounts.ts'

const from = z
  .strictObject({
    ip: z
      .union([z.ipv4(), z.ipv6()], 'write an IP address')
      .optional()
      .describe('Where the person comes from: shown to them, and what limits on strangers count by.'),
    user_agent: z.string('write the User-Agent header as text').max(1_024, 'this is too long').optional(),
  })
  .default({})

export const assertRequest = z.strictObject({
  from,
  browser: browser.optional(),
  trust_browser: z.boolean('write true or false').default(false),
  email: email
    .optional()
    .describe('Where mails about a new user go. The application has had it confirmed. Not used for a known user.'),
  locale: locale.optional(),
})

export const chooseDeviceRequest = sendCodeRequest

export const checkUserCodeRequest = z.strictObject({
  code,
  from,
  browser: browser.optional(),
  trust_browser: z.boolean('write true or false').default(false),
})

export const userRecoveryKeyRequest = recoveryKeyRequest.extend({ from })

export const assertAnewRequest = emptyRequest

export const listUsersRequest = z.strictObject({
  limit: z
    .string('write a number from 1 to 100')
    .regex(/^(?:[1-9][0-9]?|100)$/, 'write a number from 1 to 100')
    .transform(Number)
    .default(50),
  after: z
    .string()
    .regex(/^[0-9]{1,15}\/[0-9a-f]{1,64}$/, 'write what next_after was')
    .optional(),
})

export const userAnswer = z.strictObject({
  user: z.string(),
  id: id.describe('The account.'),
  created_at: moment,
  two_step: z.enum(['off', 'waiting', 'ready', 'enrolling', 'on']),
})

export const usersAnswer = z.strictObject({
  users: z.array(userAnswer),
  next_after: z.string().nullable().describe('Give it as after for the next page; null at the end.'),
})

const userName = z.string()

/** A session, with what it amounts to beside it for who looks no further. */
export const signedInUserAnswer = signedInAnswer.extend({
  kind: z
    .enum(['signed_in', 'limited'])
    .describe('limited: by Recovery Key. The session verifies a new device and does nothing else until then.'),
  user: userName,
  acr: z.string().describe('urn:twostep:acr:two-step or urn:twostep:acr:first-step (RFC 9470).'),
  amr: z.array(z.string()).describe('By which methods (RFC 8176); asserted: by the application itself.'),
})

export const secondStepOfUserAnswer = secondStepAnswer.extend({ user: userName })

export const userSignInAnswer = signInAnswer.extend({ user: userName })

export const assertedAnewAnswer = z.strictObject({ proved: z.literal(true) })
