// Notes in an application what calls of its webhook come to, so that its owner and the operator can see why it is silent.

import { type WebhookTold, webhookState, webhookTold } from '#core/application/webhook-standing.ts'
import { change } from './runner.ts'
import type { Call, World } from './world.ts'

/** What there is to say to the operator, once each. */
export type WebhookNews = 'switched_off' | 'broken' | undefined

const call: Call = { door: 'rest', requestId: undefined, party: undefined, signal: undefined }

/** One commit, and none where nothing is new. */
export async function noteWebhook(world: World, application: string, told: WebhookTold): Promise<WebhookNews> {
  const ending = await change<'application', { readonly news: WebhookNews }>(
    world,
    call,
    'application',
    application,
    (document, now) => {
      const noted = webhookTold(document, told, now)
      const webhook = noted?.next.webhook
      if (noted === undefined || webhook === undefined) return { ending: { news: undefined } }
      const last = document.webhook?.standing?.failing?.last
      const was = document.webhook === undefined || last === undefined ? 'new' : webhookState(document.webhook, last)
      const state = webhookState(webhook, now)
      const news = state === 'off' ? 'switched_off' : state === 'broken' && was !== 'broken' ? 'broken' : undefined
      return { ending: { news }, change: noted }
    },
  )
  return ending?.news
}
