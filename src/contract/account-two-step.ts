// Two-step verification of an account: the calls that turn it on and off, its devices, its Recovery Key. A device that is
// to be trusted is in account-device.ts.

import { z } from 'zod'
import { code, id, moment, name } from './accounts.ts'

// ——— what they take

export const codeRequest = z.strictObject({ code })

export const confirmRequest = z.strictObject({
  understood: z
    .literal(true, 'write true once the person has said that they understand')
    .describe('Whoever loses two of password, devices and Recovery Key loses the account.'),
})

const question = z.strictObject({
  question: name.describe('As the person is asked it.'),
  answer: z
    .string('write the answer as text')
    .trim()
    .min(1, 'write the answer')
    .max(128, 'write an answer of at most 128 characters')
    .refine(text => text.isWellFormed(), 'write the answer as Unicode text'),
})

const securityQuestions = z
  .array(question, 'write three questions with their answers')
  .length(3, 'write three questions with their answers')
  .refine(all => new Set(all.map(each => each.question)).size === all.length, 'write three different questions')

const birthDate = z.iso.date('write the date of birth as 1815-12-10')

export const turnOffRequest = z
  .strictObject({
    security_questions: securityQuestions.optional().describe('Profile `classic` only: three new ones.'),
    birth_date: birthDate
      .optional()
      .describe('Profile `classic` only: verified, or taken where none was given before.'),
  })
  .refine(({ security_questions, birth_date }) => (security_questions === undefined) === (birth_date === undefined), {
    message: 'send security_questions and birth_date together',
    path: ['birth_date'],
  })

export const securityQuestionsRequest = z.strictObject({
  security_questions: securityQuestions,
  birth_date: birthDate.optional().describe('Where none was given before.'),
})

// ——— what they answer

export const trustedDevice = z.strictObject({
  id,
  kind: z.enum(['number', 'device']),
  name: z.string(),
  model: z.string().nullable(),
  number: z.string().nullable().describe('Masked: all but the last two digits.'),
  receives: z.enum(['sms', 'notification']),
  added_at: moment,
  last_used_at: moment,
  off_for: z
    .array(z.enum(['known_browsers', 'new_browsers', 'recovery_key']))
    .describe('Who gets no codes here any more, after too many wrong ones. POST /account/devices/turn-on.'),
  unreachable: z.boolean().describe('Its notifications go nowhere. It stays trusted until it is taken away.'),
})

const warnings = z.array(
  z.enum(['one_device_left', 'device_off', 'device_unreachable', 'no_recovery_key', 'recovery_key_at_hand']),
)

export const twoStepAnswer = z.strictObject({
  state: z.enum(['off', 'waiting', 'ready', 'enrolling', 'on']),
  next: z
    .enum([
      'begin',
      'wait',
      'add_number',
      'add_device_or_skip',
      'show_recovery_key',
      'retype_recovery_key',
      'confirm',
      'none',
    ])
    .describe('What to call now.'),
  waits_until: moment.nullable(),
  deadline: moment.nullable().describe('Until when turning on can be finished. Later, the wait begins anew.'),
  on_since: moment.nullable(),
  devices: z.array(trustedDevice),
  recovery_key: z.strictObject({ since: moment, confirmed_at: moment }).nullable(),
  warnings: warnings.describe('What to tell the owner. `recovery_key_at_hand` is the yearly question.'),
  turning_off_asks_for: z.array(z.enum(['security_questions', 'birth_date'])),
})

/** The device's secrets are told once, to whoever registers it (see account-device.ts). */
export const newDeviceAnswer = z.strictObject({
  device: z.strictObject({ id, kind: z.enum(['number', 'device']) }),
  expires_at: moment,
  expires_in_s: z.int().min(0),
  device_token: z.string().optional(),
  installation: z.string().optional(),
})

export const devicesAnswer = z.strictObject({ devices: z.array(trustedDevice), warnings })

export const deviceVerifiedAnswer = devicesAnswer.extend({
  session: z.strictObject({ acr: z.string(), amr: z.array(z.string()) }).describe('A limited one is a full one now.'),
})

export const deviceAnswer = z.strictObject({ device: trustedDevice })

export const recoveryKeyAnswer = z.strictObject({
  recovery_key: z.string().describe('Shown this once. It has to be retyped before it counts.'),
  retype_within_s: z.int().min(1).nullable(),
})

export const securityQuestionsAnswer = z.strictObject({
  security_questions: z.array(z.strictObject({ question: z.string() })),
  birth_date_known: z.boolean(),
})
