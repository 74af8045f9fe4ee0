// A business's webhooks: the secret that signs them, and the subscription, which begins with a handshake.
//
//     no secret ── the operator makes one ──▶ secret ── subscribe: the address confirms ──▶ subscribed(callback)
//                  (told once; a new one takes the old one's place)      ▲ again: another address │ unsubscribe
//                                                                        └────────────────────────┘

import type { Subscription } from '#core/business/business.ts'
import type { CallbackEnding } from '#delivery/webhook/handshake.ts'
import { readWebhookUrl } from '#delivery/webhook/url.ts'
import { Secret } from '#secrets/secret.ts'
import { change, watched } from './runner.ts'
import { type Call, Overdue, type World } from './world.ts'

export type MakeAppSecretEnding =
  | { readonly kind: 'made'; readonly secret: Secret }
  | { readonly kind: 'no_such_business' }

/** Makes the app secret anew, as 32 hex digits like Meta's. It is told once. What waits to be sent is signed with it too. */
export const makeAppSecret = (
  world: World,
  call: Call,
  command: { readonly business: string },
): Promise<MakeAppSecretEnding> =>
  watched(world, 'make_app_secret', async () => {
    const secret = world.secrets.newHexId()
    const ending = await change<'business', MakeAppSecretEnding>(
      world,
      call,
      'business',
      command.business,
      business => ({
        ending: { kind: 'made', secret: Secret.of(secret) },
        change: { next: { ...business, appSecret: secret }, events: [{ kind: 'app_secret.made' }] },
      }),
    )
    return ending ?? { kind: 'no_such_business' }
  })

export type SubscribeWebhooksEnding =
  | { readonly kind: 'subscribed' }
  | { readonly kind: 'not_a_url'; readonly problem: string }
  /** The operator has to make one first: what cannot be signed is not sent. */
  | { readonly kind: 'no_app_secret' }
  | Exclude<CallbackEnding, { readonly kind: 'confirmed' }>

/** Asks the address, then subscribes it, in one commit. A new subscription takes the old one's place. */
export const subscribeWebhooks = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly callbackUri: string; readonly verifyToken: Secret },
): Promise<SubscribeWebhooksEnding> =>
  watched(world, 'subscribe_webhooks', async () => {
    const read = readWebhookUrl(command.callbackUri, world.policy.webhooks)
    if (read.kind === 'not_a_url') return read
    const known = await world.records.load('business', command.business)
    if (known?.document.appSecret === undefined) return { kind: 'no_app_secret' }
    // One at a time for a business: nobody makes us knock at a stranger's door with many hands.
    const asked = await world.lanes(`handshake/${command.business}`, call.party, async () => {
      if (call.signal?.aborted) throw new Overdue('the time for this call is up')
      return world.confirmCallback({ url: read.url, verifyToken: command.verifyToken }, call.signal)
    })
    if (asked.kind !== 'confirmed') return asked
    const ending = await change<'business', SubscribeWebhooksEnding>(
      world,
      call,
      'business',
      command.business,
      (business, now) => ({
        ending: { kind: 'subscribed' },
        change: {
          next: { ...business, subscription: { callbackUri: read.url, since: now } },
          events: [{ kind: 'webhook.subscribed' }],
        },
      }),
    )
    return ending ?? { kind: 'no_app_secret' }
  })

/** Ends the subscription, and what waited to be sent with it. One commit; none when there was no subscription. */
export const unsubscribeWebhooks = (
  world: World,
  call: Call,
  command: { readonly business: string },
): Promise<{ readonly kind: 'unsubscribed' }> =>
  watched(world, 'unsubscribe_webhooks', async () => {
    await change<'business', { readonly kind: 'unsubscribed' }>(world, call, 'business', command.business, business => {
      const ending = { kind: 'unsubscribed' } as const
      if (business.subscription === undefined) return { ending }
      const next = { ...business, subscription: undefined }
      return { ending, change: { next, events: [{ kind: 'webhook.unsubscribed' }] } }
    })
    return { kind: 'unsubscribed' }
  })

/** The subscription of a business, with the business's name. */
export async function subscriptionOf(
  world: World,
  business: string,
): Promise<{ readonly name: string; readonly subscription: Subscription | undefined } | undefined> {
  const document = (await world.records.load('business', business))?.document
  return document === undefined ? undefined : { name: document.name, subscription: document.subscription }
}
