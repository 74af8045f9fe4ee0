// An application's webhook: where its server is told of what happens to its registrations, and the secret that signs it.
//
//                place                         change the secret
//   no webhook ─────────▶ webhook(url, secret) ─────────────────▶ webhook(url, new secret, old one for a day)
//        ▲                   │  place: another url, the same secret         │
//        └── remove ─────────┴───────────────────────────────────────────────┘

import { after, day, type Instant, type Milliseconds, minute } from '../kernel/instant.ts'
import { take, type WindowEnding, type WindowPolicy } from '../throttle/moving-window.ts'
import type { Application } from './application.ts'
import type { WebhookStanding } from './webhook-standing.ts'

export type Webhook = {
  /** As the guard of outgoing calls took it. */
  readonly url: string
  /** `whsec_` and base64 (Standard Webhooks). Kept as it is, for it signs; the document is sealed. */
  readonly secret: string
  readonly createdAt: Instant
  /** The secret from before, which signs as well until then. */
  readonly previous?: { readonly secret: string; readonly until: Instant } | undefined
  /** How it fares; `undefined` before the first call. */
  readonly standing?: WebhookStanding | undefined
}

/** Long enough to bring the new secret to every server of the receiver. */
export const oldSecretSigns: Milliseconds = day

/** A test event tells something now or nothing: it is not tried for days. */
export const testLasts: Milliseconds = 10 * minute

// Whoever places a webhook at somebody else's server must not have us knock there without end, nor fill the outbox.
const testEvents: WindowPolicy = { limit: 10, span: 10 * minute, apart: 0 }

/** Takes one of the application's test events. A webhook that is placed anew has no more of them. */
export const countTest = ({ webhookTests = [] }: Application, now: Instant): WindowEnding =>
  take(webhookTests, now, testEvents)

/**
 * Places the webhook at a URL. One that is there moves and keeps its secret; `secret` is for the first. What was said of
 * another URL counts no more; placed at the same one, it is as if it were new only where it was switched off.
 */
export function placeWebhook(
  application: Application,
  place: { readonly url: string; readonly secret: string },
  now: Instant,
): Application {
  return { ...application, webhook: placedAt(application.webhook, place, now) }
}

function placedAt(before: Webhook | undefined, place: Pick<Webhook, 'url' | 'secret'>, now: Instant): Webhook {
  if (before === undefined) return { ...place, createdAt: now }
  const { standing, ...webhook } = before
  const stays = before.url === place.url && standing !== undefined && standing.off === undefined
  return { ...webhook, url: place.url, ...(stays ? { standing } : {}) }
}

/** Changes the secret; `undefined` when there is no webhook. The old one signs beside it for a day. */
export function changeWebhookSecret(application: Application, secret: string, now: Instant): Application | undefined {
  const { webhook } = application
  if (webhook === undefined) return undefined
  const previous = { secret: webhook.secret, until: after(now, oldSecretSigns) }
  return { ...application, webhook: { ...webhook, secret, previous } }
}

export const removeWebhook = (application: Application): Application => ({ ...application, webhook: undefined })

/** What signs at `now`, the newest first. */
export function signingSecrets(webhook: Webhook, now: Instant): readonly string[] {
  const { previous } = webhook
  return previous !== undefined && now < previous.until ? [webhook.secret, previous.secret] : [webhook.secret]
}
