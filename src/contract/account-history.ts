// What happened to an account, everything known about its owner, and closing it: what the calls take and answer.

import { z } from 'zod'
import { id, moment } from './accounts.ts'

const whole = (text: string) =>
  z
    .string(text)
    .regex(/^[1-9][0-9]{0,14}$/, text)
    .transform(Number)

export const activityRequest = z.strictObject({
  limit: whole('write a number from 1 to 100')
    .refine(limit => limit <= 100, 'write a number from 1 to 100')
    .default(50),
  before: whole('write the number that next_before was').optional().describe('Only what happened before that event.'),
})

const happening = z.strictObject({
  sequence: z.int().min(1),
  at: moment,
  door: z.string().describe('By which door it came: rest, mail, …'),
  kind: z.string().describe('A stable word that programs branch on.'),
  words: z.string().describe('The same for people, in English.'),
})

export const activityAnswer = z.strictObject({
  events: z.array(happening).describe('Newest first.'),
  next_before: z.int().min(1).nullable().describe('Give it as before for the next page; null at the end.'),
})

export const exportAnswer = z.strictObject({
  exported_at: moment,
  account: z
    .looseObject({ id, created_at: moment, addresses: z.array(z.looseObject({ address: z.string() })) })
    .describe('The whole document, but for what secrets are checked against and where notifications are posted.'),
  events: z.array(happening).describe('Oldest first.'),
})

export const closedAnswer = z.strictObject({ closed: z.literal(true) })
