// An application's webhook: where it goes, and the secret that signs it.

import type { Application } from '#core/application/application.ts'
import {
  changeWebhookSecret,
  countTest,
  placeWebhook,
  removeWebhook,
  testLasts,
  type Webhook,
} from '#core/application/webhook.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { readWebhookUrl } from '#delivery/webhook/url.ts'
import { Secret } from '#secrets/secret.ts'
import { applicationWebhook } from './notices.ts'
import { change, type Step, watched } from './runner.ts'
import type { Call, World } from './world.ts'

export type PlaceWebhookEnding =
  /** `secret`: told this once, for a webhook that is new; one that moves keeps its own. */
  | { readonly kind: 'placed'; readonly webhook: Webhook; readonly secret: Secret | undefined }
  | { readonly kind: 'not_a_url'; readonly problem: string }

/** Sends an application's webhooks to a URL. One commit. */
export const putWebhook = (
  world: World,
  call: Call,
  command: { readonly application: string; readonly url: string },
): Promise<PlaceWebhookEnding> =>
  watched(world, 'put_webhook', async () => {
    const read = readWebhookUrl(command.url, world.policy.webhooks)
    if (read.kind === 'not_a_url') return read
    const secret = newSigningSecret(world)
    return changeApplication<PlaceWebhookEnding>(world, call, command.application, (application, now) => {
      const next = placeWebhook(application, { url: read.url, secret: secret.reveal() }, now)
      assert(next.webhook !== undefined, 'a webhook that was placed is there')
      const told = application.webhook === undefined ? secret : undefined
      const ending = { kind: 'placed', webhook: next.webhook, secret: told } as const
      const isThere = application.webhook?.url === read.url && application.webhook.standing?.off === undefined
      if (isThere) return { ending }
      return { ending, change: { next, events: [{ kind: 'webhook.placed' }] } }
    })
  })

export type RotateSecretEnding =
  | { readonly kind: 'rotated'; readonly webhook: Webhook; readonly secret: Secret }
  | { readonly kind: 'no_webhook' }

/** Changes the signing secret. The old one signs beside it for a day. One commit. */
export const rotateWebhookSecret = (
  world: World,
  call: Call,
  command: { readonly application: string },
): Promise<RotateSecretEnding> =>
  watched(world, 'rotate_webhook_secret', () => {
    const secret = newSigningSecret(world)
    return changeApplication<RotateSecretEnding>(world, call, command.application, (application, now) => {
      const next = changeWebhookSecret(application, secret.reveal(), now)
      if (next?.webhook === undefined) return { ending: { kind: 'no_webhook' } }
      const ending = { kind: 'rotated', webhook: next.webhook, secret } as const
      return { ending, change: { next, events: [{ kind: 'webhook.secret_changed' }] } }
    })
  })

export type DeleteWebhookEnding = { readonly kind: 'removed' | 'no_webhook' }

/** Takes the webhook away. One commit. */
export const deleteWebhook = (
  world: World,
  call: Call,
  command: { readonly application: string },
): Promise<DeleteWebhookEnding> =>
  watched(world, 'delete_webhook', () =>
    changeApplication<DeleteWebhookEnding>(world, call, command.application, application => {
      if (application.webhook === undefined) return { ending: { kind: 'no_webhook' } }
      const change = { next: removeWebhook(application), events: [{ kind: 'webhook.removed' }] } as const
      return { ending: { kind: 'removed' }, change }
    }),
  )

export type TestWebhookEnding =
  | { readonly kind: 'sent' | 'no_webhook' | 'webhook_off' }
  /** Nothing was sent. */
  | { readonly kind: 'too_many_tests'; readonly retryAt: Instant; readonly now: Instant }

/** Sends a test event. It leaves as other webhooks do: through the outbox, signed; but it is not tried for days. One commit. */
export const testWebhook = (
  world: World,
  call: Call,
  command: { readonly application: string },
): Promise<TestWebhookEnding> =>
  watched(world, 'test_webhook', () =>
    changeApplication<TestWebhookEnding>(world, call, command.application, (application, now) => {
      if (application.webhook === undefined) return { ending: { kind: 'no_webhook' } }
      if (application.webhook.standing?.off !== undefined) return { ending: { kind: 'webhook_off' } }
      const counted = countTest(application, now)
      if (counted.kind === 'full') return { ending: { kind: 'too_many_tests', retryAt: counted.until, now } }
      const news = { type: 'webhook.test', door: call.door, at: now } as const
      const messages = async () =>
        applicationWebhook(application, command.application, news).map(message => ({
          ...message,
          expires: after(now, testLasts),
        }))
      const next = { ...application, webhookTests: counted.next }
      return { ending: { kind: 'sent' }, change: { next, events: [], messages } }
    }),
  )

/** The webhook of an application. */
export async function webhookOf(world: World, application: string): Promise<Webhook | undefined> {
  return (await world.records.load('application', application))?.document.webhook
}

async function changeApplication<E>(
  world: World,
  call: Call,
  id: string,
  decide: (application: Application, now: Webhook['createdAt']) => Step<'application', E>,
): Promise<E> {
  const ending = await change<'application', { readonly told: E }>(world, call, 'application', id, (document, now) => {
    const { ending, change } = decide(document, now)
    return { ending: { told: ending }, change }
  })
  assert(ending !== undefined, 'an application that called is there')
  return ending.told
}

// Standard Webhooks: `whsec_` and the base64 of 24 to 64 random bytes.
const newSigningSecret = ({ secrets }: World): Secret => {
  const bytes = Buffer.from(secrets.newHexId() + secrets.newHexId(), 'hex')
  return Secret.of(`whsec_${bytes.toString('base64')}`)
}
