// How webhooks are signed.
//
//     standard   webhook-id: msg_<outbox id>            the same on every try: by it a receiver knows what it had before
//                webhook-timestamp: <seconds>            of this try: by it a receiver refuses what was recorded long ago
//                webhook-signature: v1,<base64>[ v1,…]   HMAC-SHA256 of `id.timestamp.body`, one for each secret
//     meta       X-Hub-Signature-256: sha256=<hex>       HMAC-SHA256 of the body
//
// Standard Webhooks 1.0 (standardwebhooks.com); Meta's webhooks page. Meta signs no time, so its receivers cannot tell a
// recorded post from a new one, but by what is in it.

import { createHmac } from 'node:crypto'
import { type Instant, second } from '#core/kernel/instant.ts'

/** What a webhook is signed with. `secrets`: `whsec_` and base64. */
export type Signing =
  | { readonly scheme: 'standard'; readonly secrets: readonly string[] }
  | { readonly scheme: 'meta'; readonly secret: string }

/** What application secrets begin with. */
export const secretPrefix = 'whsec_'

/** The headers that carry the signature of one try. */
export function signatureOf(
  signing: Signing,
  { id, at, body }: { readonly id: string; readonly at: Instant; readonly body: string },
): Readonly<Record<string, string>> {
  if (signing.scheme === 'meta') {
    return { 'x-hub-signature-256': `sha256=${createHmac('sha256', signing.secret).update(body).digest('hex')}` }
  }
  const messageId = `msg_${id}`
  const timestamp = String(Math.floor(at / second))
  const signed = `${messageId}.${timestamp}.${body}`
  const signatures = signing.secrets.map(
    secret => `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`,
  )
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

const keyOf = (secret: string): Uint8Array => Buffer.from(secret.slice(secretPrefix.length), 'base64')
