// The operator's calls about upkeep: what they take and answer.

import { z } from 'zod'
import { channels } from '#core/message/message.ts'

export const appSecretAnswer = z.object({ app_secret: z.string().describe('Told once.') })

export const onPremisesAnswer = z.object({
  path: z.string().describe('Where the client answers.'),
  username: z.string(),
  password: z.string().describe('Told once. The first login has to change it.'),
  health_key: z.string().describe('What a monitor shows. Told once.'),
})

export const deadLettersRequest = z.object({ after: z.string().optional().describe('What next was.') })

export const deadLettersAnswer = z.object({
  dead_letters: z.array(
    z.object({
      id: z.string(),
      channel: z.enum([...channels, 'unread']).describe('unread: it was sealed under a key that is gone.'),
      to: z.string().describe('Masked.'),
      reason: z.string(),
      died_at: z.iso.datetime(),
      expires_at: z.iso.datetime(),
      sent_again_at: z.iso.datetime().nullable(),
      can_be_sent_again: z.boolean(),
    }),
  ),
  next: z.string().nullable().describe('Give it as after for the next page; null at the end.'),
})

export const sentAgainAnswer = z.object({ sent_again: z.literal(true) })

export const keyRotationAnswer = z.object({
  state: z.enum(['idle', 'rotating', 'broken']),
  active: z.string().optional().describe('The key in use.'),
  stage: z.string().optional().describe('While it rotates.'),
  done: z.int().min(0).optional(),
  total: z.int().min(0).optional(),
  unreadable: z.string().optional().describe('The document that does not open, and keeps the rotation from ending.'),
})

export const sendingAnswer = z.object({
  paused: z
    .array(
      z.object({
        prefix: z.string().optional(),
        country: z.string().optional(),
        all: z.literal(true).optional(),
        why: z.string(),
        method: z.string(),
        since: z.iso.datetime(),
        until: z.iso.datetime().nullable(),
      }),
    )
    .describe('At most 500.'),
  more: z.unknown().describe('Whether there are more than are shown.'),
  spent: z
    .array(
      z.object({
        country: z.string().optional(),
        day_until: z.iso.datetime().optional(),
        hour_until: z.iso.datetime().optional(),
        handed_out: z.number(),
        limit: z.number(),
      }),
    )
    .describe('What of the budgets was handed out.'),
})

export const pausedAnswer = z.object({ paused: z.literal(true) })
