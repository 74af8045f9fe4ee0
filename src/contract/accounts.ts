// The calls about accounts: what they take and what they answer. Other account-*.ts files beside this one have the rest.
// Fields that nobody knows are refused, so that a slip of the pen is not taken for a wish.

import { z } from 'zod'

// ——— parts that many calls share

export const email = z
  .string('write an e-mail address as text')
  .max(254, 'write an e-mail address of at most 254 characters')
  .check(z.email('write an e-mail address, such as ada@example.com'))

/** A password that is to be looked at, or taken. What it must be is the rules' to say, not the wire's. */
export const password = z
  .string('write the password as text')
  .min(1, 'write the password')
  // Signs beyond the plane that most are on count twice here; the rules count characters.
  .max(1_024, 'write a password of at most 256 characters')
  .refine(text => text.isWellFormed(), 'write the password as Unicode text')

/** A token that was mailed or handed out. */
export const token = z
  .string('write the token as text')
  .min(1, 'write the token')
  .max(1_024, 'this is too long for a token')

/** A code as people type it, with a dash or a space in the middle or without. */
export const code = z
  .string('write the code as text')
  .regex(/^[0-9]{2,4}[- ]?[0-9]{2,4}$/, 'write the digits of the code')
  .transform(text => text.replace(/[- ]/, ''))

/** A name that the owner gives to something of theirs. */
export const name = z
  .string('write a name as text')
  .trim()
  .min(1, 'write a name')
  .max(64, 'write a name of at most 64 characters')
  .refine(text => !/\p{Cc}/u.test(text), 'write a name on one line')

export const locale = z
  .string('write a language tag as text')
  .max(35, 'write a language tag, such as en or ar')
  .regex(/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/, 'write a language tag, such as en or ar')
  .describe('What mails are written in. A language that is not there is read in English.')

export const browser = token.describe('What a known browser was handed when it signed in. Pages use a cookie instead.')

export const emptyRequest = z.strictObject({})

export const moment = z.iso.datetime()
export const id = z.string()

/** Where somebody was, as far as is known. Empty where nothing is. */
export const from = z.strictObject({ place: z.string(), agent: z.string() })

// ——— sign-ups

export const signUpRequest = z.strictObject({ email, locale: locale.default('en') })

export const acceptedAnswer = z.strictObject({ accepted: z.literal(true) })

export const accountRequest = z.strictObject({
  sign_up: token.describe('The end of the link that was mailed: twsu_….'),
  password,
  browser: browser.optional(),
})

// ——— sessions

export const sessionAnswer = z.strictObject({
  id,
  name: z.string(),
  current: z.boolean().describe('Whether it is the one that asks.'),
  level: z.enum(['full', 'limited']).describe('limited: it may verify a new trusted device, and nothing else.'),
  from,
  began_at: moment,
  last_used_at: moment,
  expires_at: moment.describe('The latest end. Without use it ends before.'),
  acr: z.string().describe('What it amounts to (RFC 9470).'),
  amr: z.array(z.string()).describe('How it was begun (RFC 8176).'),
  gates: z.array(z.string()).describe('Gates that were passed in it.'),
})

/** A session that was just begun: its token is told here and nowhere else. */
export const openedSessionAnswer = sessionAnswer.extend({ token: z.string() })

export const signedInAnswer = z.strictObject({
  kind: z.literal('signed_in'),
  account_id: id,
  session: openedSessionAnswer,
  browser: z
    .string()
    .nullable()
    .describe('Keep it beside the old one, and send it with the next sign-in. null: what you have goes on counting.'),
})

export const limitedAnswer = signedInAnswer.extend({ kind: z.literal('limited') })

// ——— sign-ins

const trust_browser = z
  .boolean('write true or false')
  .default(false)
  .describe('Ask for no code on this browser for a while.')

export const signInRequest = z.strictObject({
  identifier: z
    .string('write the e-mail address of the account')
    .min(1, 'write the e-mail address of the account')
    .max(254, 'write an e-mail address of at most 254 characters')
    .refine(text => text.isWellFormed(), 'write the e-mail address of the account'),
  password,
  trust_browser,
  browser: browser.optional(),
})

const device = z.strictObject({ id, kind: z.string(), label: z.string().describe('Masked: •••• ••77.') })

export const secondStepAnswer = z.strictObject({
  kind: z.literal('second_step_needed'),
  id,
  token: z.string().describe('Opens the steps of this sign-in, and nothing else.'),
  devices: z.array(device),
  expires_at: moment,
})

export const signInAnswer = z.strictObject({
  kind: z.literal('second_step_needed'),
  id,
  devices: z.array(device),
  expires_at: moment,
  code: z.strictObject({ device: id, sent_at: moment }).nullable().describe('The code that is out.'),
})

export const sendCodeRequest = z.strictObject({
  device: z.string('write the id of a device').min(1, 'write the id of a device').max(64, 'write the id of a device'),
})

export const codeSentAnswer = z.strictObject({
  device: id,
  expires_in_s: z.int().min(0),
  expires_at: moment,
})

export const checkSignInCodeRequest = z.strictObject({ code, trust_browser, browser: browser.optional() })

export const recoveryKeyRequest = z.strictObject({
  recovery_key: z
    .string('write the Recovery Key as text')
    .min(1, 'write the Recovery Key')
    .max(64, 'write the fourteen letters and digits of the Recovery Key')
    .refine(text => text.isWellFormed(), 'write the Recovery Key as text'),
})

// ——— the account

export const accountAnswer = z.strictObject({
  id,
  created_at: moment,
  application: z.strictObject({ id, user: z.string() }).nullable().describe('Whose user this is, where it is one.'),
  language: z.string(),
  addresses: z.array(z.strictObject({ address: z.string(), confirmed_at: moment.nullable() })),
  password: z.strictObject({ set_at: moment }).nullable().describe('null: the application looks after it.'),
  two_step: z.enum(['off', 'waiting', 'ready', 'enrolling', 'on']),
  warnings: z.array(z.string()).describe('What the owner should look after.'),
  session: sessionAnswer,
})

export const sessionsAnswer = z.strictObject({ sessions: z.array(sessionAnswer) })
export const renameRequest = z.strictObject({ name })
export const endedAnswer = z.strictObject({ ended: z.int().min(0) })

export const browserAnswer = z.strictObject({
  id,
  name: z.string(),
  current: z.boolean().describe('Whether the session that asks was begun on it.'),
  from,
  added_at: moment,
  last_used_at: moment,
  trusted_until: moment
    .nullable()
    .describe('Until when no code is asked for there. null: it is known, and not trusted.'),
})
export const browsersAnswer = z.strictObject({ browsers: z.array(browserAnswer) })
export const removedAnswer = z.strictObject({ removed: z.int().min(0) })

export const newPasswordRequest = z.strictObject({ new_password: password })
export const changedAnswer = z.strictObject({ changed: z.literal(true) })

const which = { others: z.enum(['others', 'all']), all: z.literal('all') }
export const endSessionsRequest = z.strictObject({ which: which.others.describe('Never left out by accident.') })
export const forgetBrowsersRequest = z.strictObject({ which: which.all.describe('Never left out by accident.') })
