// Trusted devices on the wire: how one is given, how its notifications reach it, and what it says back.

import { z } from 'zod'
import { name } from './accounts.ts'

/** What a browser's `PushSubscription` says of itself (RFC 8291), and the key that it was made for. */
export const pushSubscription = z.strictObject({
  endpoint: z.string().max(2_000).describe('`subscription.endpoint`'),
  keys: z.strictObject({
    p256dh: z.string().max(100).describe('`subscription.toJSON().keys.p256dh`'),
    auth: z.string().max(100).describe('`subscription.toJSON().keys.auth`'),
  }),
  expirationTime: z.number().nullish().describe('Taken and not looked at: browsers give it.'),
  application_server_key: z
    .string()
    .max(100)
    .optional()
    .describe('The key that the browser was told when it subscribed: `GET /api/v1/push-key`. Left out, the newest.'),
})

const named = { name: name.describe('What the owner calls it.'), model: name.optional() }
const fetches = z.literal(true, 'write true: the device fetches its notifications')

/** A device that is to be trusted: its own code is sent to it. */
export const newDevice = z.union([
  z.strictObject({
    kind: z.literal('number'),
    number: z.string().max(64).describe('A mobile number, in any spelling.'),
    country: z.string().max(2).optional().describe('ISO 3166-1 alpha-2, where the number has no country code.'),
    name: name.optional(),
  }),
  z.strictObject({ kind: z.literal('device'), ...named, push: pushSubscription }),
  z.strictObject({ kind: z.literal('device'), ...named, app: fetches }),
])

/** What is handed out once, to a device that registers. */
export const deviceCredentials = z.object({
  device_token: z.string().describe('Names the device when it calls. May go into backups.'),
  installation: z
    .string()
    .describe(
      'The secret of this installation, sent as `Device-Installation`. Keep it where no backup takes it: a device that ' +
        'comes back without it is a copy, and not trusted any more.',
    ),
})

export const moveDevice = z.union([z.strictObject({ push: pushSubscription }), z.strictObject({ app: fetches })])

export const notMeRequest = z.union([
  z.strictObject({ challenge: z.string().max(64).describe('`challenge` of the notification.') }),
  z.strictObject({ not_me: z.string().max(1_000).describe('`not_me` of the notification. Needs no device token.') }),
])
export const notMeAnswer = z.object({ ended: z.literal(true) })

/** How a device fetches. */
export const notificationsRequest = z.object({
  wait: z.coerce
    .number('write whole seconds')
    .int('write whole seconds')
    .min(0, 'write 0 or more')
    .max(25, 'write at most 25 seconds')
    .default(0)
    .describe('How long to wait for a notification, in seconds.'),
  after: z.string().max(64).optional().describe('The `id` of the last one that was seen.'),
})

/** A notification as the device is handed it, by whatever way it travels. */
export const notification = z.object({
  id: z.string(),
  kind: z.literal('code'),
  purpose: z.enum(['enrol', 'add-device', 'sign-in', 'step-up', 'reset-password']),
  title: z.string().describe('For a person, as is `text`.'),
  text: z.string(),
  code: z.string(),
  place: z.string().describe('Where it is asked from, or empty where that is not known.'),
  agent: z.string().describe('The browser that asks, or empty.'),
  challenge: z.string(),
  not_me: z.string(),
  expires_at: z.iso.datetime(),
})
export const notificationsAnswer = z.object({ notifications: z.array(notification).describe('Oldest first.') })

export const deviceAnswer = z.object({
  device: z.object({
    id: z.string(),
    name: z.string(),
    trusted: z.boolean().describe('False until its own code was entered.'),
    unreachable: z.boolean(),
  }),
})

export const pushKeyAnswer = z.object({
  application_server_key: z.string().describe('For `pushManager.subscribe` (RFC 8292): a point of P-256 in base64url.'),
})
