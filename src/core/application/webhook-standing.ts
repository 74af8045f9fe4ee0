// How an application's webhook fares: what its owner and the operator are shown of it, and when it is switched off.
//
//            2xx                        anything else
//   new ───────────▶ working ◀───────────────────────────▶ failing ── for three days ──▶ broken
//    │                  │            2xx                      │                             │
//    └──────────────────┴────────────── 410 ──────────────────┴─────────────────────────────┴──▶ off
//
//   off ── placed again, at the same URL or another ──▶ new
//
// Only what is news is written: a receiver of thousands of events a minute must not cost a commit for each.

import { after, day, type Instant, type Milliseconds, minute } from '../kernel/instant.ts'
import type { Application, ApplicationEvent } from './application.ts'
import type { Webhook } from './webhook.ts'

/** Why a call of a webhook came to nothing. `rejected`: it answered, and not with 2xx. */
export type WebhookFault = 'timed_out' | 'unreachable' | 'rejected' | 'forbidden' | 'gone'

/** Moments are exact where something turned, and up to a minute old where it went on as before. */
export type WebhookStanding = {
  readonly lastSuccess?: Instant | undefined
  /** Since the last success, or the first call. */
  readonly failing?: {
    readonly since: Instant
    readonly last: Instant
    readonly fault: WebhookFault
    /** The HTTP status, where there was an answer. */
    readonly status?: number | undefined
  }
  /** Since when nothing is sent any more: the receiver answered 410. */
  readonly off?: Instant
}

/** What a call of the webhook at `url` came to. */
export type WebhookTold = {
  readonly url: string
  readonly fault: WebhookFault | undefined
  readonly status?: number | undefined
}

/** Failing for so long is no accident: it is marked, and logged. */
export const brokenAfter: Milliseconds = 3 * day

const newsEvery: Milliseconds = minute

export type WebhookState = 'new' | 'working' | 'failing' | 'broken' | 'off'

/** In one word, at `now`. */
export function webhookState({ standing }: Webhook, now: Instant): WebhookState {
  if (standing === undefined) return 'new'
  if (standing.off !== undefined) return 'off'
  if (standing.failing === undefined) return 'working'
  return now - standing.failing.since >= brokenAfter ? 'broken' : 'failing'
}

/** Notes what a call came to. `undefined`: nothing new, or the webhook is another one by now. */
export function webhookTold(
  application: Application,
  told: WebhookTold,
  now: Instant,
): { readonly next: Application; readonly events: readonly ApplicationEvent[] } | undefined {
  const { webhook } = application
  if (webhook === undefined || webhook.url !== told.url || webhook.standing?.off !== undefined) return undefined
  const standing = next(webhook.standing ?? {}, told, now)
  if (standing === undefined) return undefined
  const events = standing.off === undefined ? [] : [{ kind: 'webhook.switched_off' } as const]
  return { next: { ...application, webhook: { ...webhook, standing } }, events }
}

function next(before: WebhookStanding, { fault, status }: WebhookTold, now: Instant): WebhookStanding | undefined {
  const { lastSuccess, failing } = before
  if (fault === undefined) {
    const isNews = failing !== undefined || lastSuccess === undefined || now >= after(lastSuccess, newsEvery)
    return isNews ? { lastSuccess: now } : undefined
  }
  const noted = { lastSuccess, failing: { since: failing?.since ?? now, last: now, fault, status } }
  if (fault === 'gone') return { ...noted, off: now }
  const asBefore = failing?.fault === fault && failing.status === status && now < after(failing.last, newsEvery)
  return asBefore ? undefined : noted
}
