// The sandbox's calls: reading what was sent, and moving time.

import { z } from 'zod'
import { channels } from '#core/message/message.ts'

export const outboxRequest = z.object({
  to: z.string().max(254).optional().describe('A number in any spelling, or an e-mail address.'),
  channel: z
    .enum(channels)
    .or(z.literal('').transform(() => undefined))
    .optional(),
})
export const outboxAnswer = z.object({
  messages: z
    .array(
      z.object({
        id: z.string(),
        at: z.iso.datetime(),
        channel: z.enum(channels),
        to: z.string(),
        from: z.string().optional(),
        subject: z.string().optional(),
        text: z.string(),
        code: z.string().optional(),
        link: z.string().optional(),
      }),
    )
    .describe('Newest first.'),
})

export const moveClockRequest = z.object({
  advance: z
    .string()
    .max(64)
    .describe('How far to move time forward: an ISO 8601 duration such as P7D, PT30M or PT0.001S.'),
})
export const moveClockAnswer = z.object({ now: z.iso.datetime() })
