// The calls of an application about its registrations: what they take and what they answer. Fields that nobody knows are
// refused, so that a slip of the pen is not taken for a wish.

import { z } from 'zod'

// ——— what they take

const pin = z
  .string('write the PIN as text of six digits')
  .regex(/^[0-9]{6}$/, 'write six digits 0 to 9')
  .describe('Six ASCII digits as text: leading zeros count.')

const number = z
  .string('write a phone number as text')
  .min(1, 'write a phone number')
  .max(64, 'write a phone number; this is too long for one')

const country = z
  .string('write a country as two letters')
  .regex(/^[A-Za-z]{2}$/, 'write a country as two letters (ISO 3166-1), such as GB')
  .optional()
  .describe('Where a number without its country code is dialled.')

const method = z.enum(['sms', 'voice'], 'write sms or voice').default('sms')

const locale = z
  .string('write a language tag as text')
  .max(35, 'write a language tag, such as en or pt-BR')
  .regex(/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/, 'write a language tag, such as en or pt-BR')
  .default('en')
  .describe('The language of the message. One that is not there is read in English.')

const email = z
  .string('write an e-mail address as text')
  .max(254, 'write an e-mail address of at most 254 characters')
  .check(z.email('write an e-mail address, such as ada@example.com'))

export const beginRequest = z.strictObject({ number, country, method, locale })

export const sendCodeRequest = z.strictObject({ method, locale })

export const checkCodeRequest = z.strictObject({
  code: z
    .string('write the code as text of six digits')
    .regex(/^[0-9]{3}-?[0-9]{3}$/, 'write six digits 0 to 9')
    .transform(code => code.replace('-', '')),
})

export const completeRequest = z
  .strictObject({
    pin: pin.optional(),
    accept_reset: z
      .enum(['pending_messages', 'account'], 'write pending_messages or account')
      .optional()
      .describe('Register without the PIN, and lose at most this. Show wipe_effect to the person first.'),
  })
  .refine(({ pin, accept_reset }) => pin === undefined || accept_reset === undefined, {
    message: 'send pin or accept_reset, not both',
    path: ['accept_reset'],
  })

export const enableRequest = z
  .strictObject({ pin, email: email.optional(), email_repeat: z.string('write the address again').optional() })
  .refine(({ email, email_repeat }) => email === email_repeat, {
    message: 'write the same address as in email',
    path: ['email_repeat'],
  })

export const changePinRequest = z.strictObject({ current_pin: pin, pin })

export const recoveryAddressRequest = z
  .strictObject({
    pin,
    email: email.nullable().describe('null takes the address away.'),
    email_repeat: z.string('write the address again').nullish(),
  })
  .refine(({ email, email_repeat }) => email === (email_repeat ?? null), {
    message: 'write the same address as in email',
    path: ['email_repeat'],
  })

export const pinRequest = z.strictObject({ pin })

export const emptyRequest = z.strictObject({})

// ——— what they answer

const seconds = z.int().min(0)
const moment = z.iso.datetime()

export const registrationAnswer = z.strictObject({
  id: z.string(),
  number: z.string().describe('E.164.'),
  state: z.enum(['not_proved', 'proved', 'registered', 'ended']),
  next: z.enum(['send_code', 'check_code', 'complete', 'none']).describe('What to call now.'),
  created_at: moment,
  code: z
    .strictObject({
      expires_in_s: seconds.nullable().describe('null: no code is out.'),
      checks_left: z.int().min(0),
      check_wait_s: seconds,
      send_wait_s: seconds.describe('From when another code can be sent.'),
    })
    .nullable()
    .describe('While the number is not proved.'),
  registered_at: moment.nullable(),
  account_id: z.string().nullable().describe('Once it is registered. A new one when the old account was reset.'),
})

/** What completing a registration answers beside the registration. */
export const completedAnswer = registrationAnswer.extend({
  reset: z.enum(['none', 'pending_messages', 'account']).describe('What of the earlier holder is to be deleted.'),
})

/** What a person who meets the lock is told: members of the problem (423, or 429 while a guess has to wait). */
export const lockMembers = z.object({
  guesses_left: z.int().min(0),
  guess_wait_s: seconds.nullable().describe('null: no PIN is looked at any more.'),
  reset_methods: z.array(z.enum(['email', 'time'])),
  wipe_wait_s: seconds,
  delete_wait_s: seconds,
  wipe_effect: z.enum(['none', 'pending_messages', 'account']),
})

export const twoStepAnswer = z.strictObject({
  enabled: z.boolean(),
  set_at: moment.nullable(),
  recovery_email: z
    .strictObject({ address: z.string(), confirmed: z.boolean(), counts: z.boolean() })
    .nullable()
    .describe('address is masked. counts: whether a link would be sent there.'),
  guesses_left: z.int().min(0).nullable(),
  guess_wait_s: seconds.nullable(),
})

export const recoveryMailAnswer = z.strictObject({
  state: z.enum(['none', 'mailed', 'lock_removed']),
  expires_in_s: seconds.nullable(),
  min_poll_s: z.int().min(1),
  next: z.enum(['request', 'poll', 'complete']),
})

export const useAnswer = z.strictObject({
  counted: z.boolean().describe('false while the number is contested.'),
  last_use: moment,
})

export const reminderAnswer = z.strictObject({ due: z.boolean(), due_in_s: seconds, due_at: moment })

export const contestAnswer = z.strictObject({
  contested: z.boolean(),
  since: moment.nullable(),
  wipe_wait_s: seconds.nullable(),
  delete_wait_s: seconds.nullable(),
})

// ——— webhooks

export const webhookRequest = z.strictObject({
  url: z.string('write the URL as text').min(1, 'write a URL').max(2_000, 'write a URL of at most 2000 characters'),
})

export const webhookAnswer = z.strictObject({
  url: z.string(),
  created_at: moment,
  signing_secret: z.string().optional().describe('Told once.'),
  state: z
    .enum(['new', 'working', 'failing', 'broken', 'off'])
    .describe('`broken`: failing for three days. `off`: the receiver answered 410; PUT switches it on again.'),
  last_success_at: moment.nullable(),
  failing_since: moment.nullable(),
  last_failure_at: moment.nullable(),
  last_failure: z.enum(['timed_out', 'unreachable', 'rejected', 'forbidden', 'gone']).nullable(),
  last_failure_status: z.int().nullable().describe('The HTTP status, where there was an answer.'),
})

export const webhookRemovedAnswer = z.strictObject({ removed: z.literal(true) })
export const webhookTestedAnswer = z.strictObject({ sent: z.literal(true) })
