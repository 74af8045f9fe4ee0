// Where the webhooks of a business or an application go at this moment, and what signs them.

import { signingSecrets } from '#core/application/webhook.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Receiver } from '#core/message/message.ts'
import type { Records } from '#records/records.ts'
import type { Signing } from './sign.ts'

export type Endpoint = { readonly url: string; readonly signing: Signing }

/** The endpoint of a receiver; `undefined` when it wants no webhooks any more. */
export async function endpointOf(
  records: Pick<Records, 'load'>,
  receiver: Receiver,
  now: Instant,
): Promise<Endpoint | undefined> {
  if (receiver.kind === 'application') {
    const webhook = (await records.load('application', receiver.id))?.document.webhook
    if (webhook === undefined || webhook.standing?.off !== undefined) return undefined
    return { url: webhook.url, signing: { scheme: 'standard', secrets: signingSecrets(webhook, now) } }
  }
  const business = (await records.load('business', receiver.id))?.document
  const { subscription, appSecret } = business ?? {}
  if (subscription === undefined || appSecret === undefined) return undefined
  return { url: subscription.callbackUri, signing: { scheme: 'meta', secret: appSecret } }
}
