// The courier of notifications: to a browser by Web Push (RFC 8030), encrypted for it (RFC 8291) and signed as this server
// (RFC 8292); to an app by waking whoever waits here for it, for it fetches what it is to show from the account.
//
//     2xx ──▶ taken                    404, 410 ──▶ refused: the account lets go of the subscription, and shows it
//     408, 429, 5xx, no answer ──▶ failed: again, as long as the code lives
//     any other answer, an address that is not to be called, a key that is gone ──▶ refused
//     a code that a newer one took the place of, or that was right ──▶ refused: it is not sent any more
//
// A push service never sees the code, and can only be somebody else's server on the public internet: the endpoint comes
// from whoever registers a device.

import { createHash } from 'node:crypto'
import type { Clock } from '#core/kernel/clock.ts'
import { type Instant, second } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Message, NotifiedDevice } from '#core/message/message.ts'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import type { Secrets } from '#secrets/secrets.ts'
import { createAtOnce } from '../at-once.ts'
import type { Courier, CourierEnding } from '../courier.ts'
import type { CallEnding, Caller } from '../webhook/caller.ts'
import { readAddress, type Subscription } from './address.ts'

export type PushCourierOptions = {
  readonly call: Caller
  readonly secrets: Pick<Secrets, 'vapidKeys'>
  /** The world's time, also in the sandbox: a code's life is told by it. */
  readonly clock: Clock
  /** Whom a push service writes to when something is wrong: an `https:` or `mailto:` address (RFC 8292 §2.1). */
  readonly contact: () => string
  /** Nobody is there any more: the account lets go of the address, and its owner sees it. */
  readonly gone: (device: NotifiedDevice) => Promise<void>
  /** Whether a code is still of use. */
  readonly isWanted: (message: Message) => Promise<boolean>
  /** An app's device fetches: whoever waits for this account may look now. */
  readonly wake: (account: string) => void
}

// Browsers share a few push services, so many may be under way to one; some hands stay free for the others.
const bounds = { inAll: 48, each: 32 } as const

export function pushCourier(options: PushCourierOptions): Courier {
  const { call, clock, gone, isWanted, wake } = options
  const atOnce = createAtOnce(bounds)
  return {
    async send(message, _id, signal): Promise<CourierEnding> {
      const { device } = message
      assert(device !== undefined, 'a notification is for a device')
      const address = readAddress(device.address)
      if (address.kind === 'app') {
        wake(device.account)
        return { kind: 'taken' }
      }
      if (!(await isWanted(message))) return { kind: 'refused', reason: 'replaced' }
      const { subscription } = address
      const url = new URL(subscription.endpoint)
      const over = atOnce(url.origin)
      if (over === undefined) return { kind: 'failed', reason: 'busy' }
      try {
        const request = await requestTo(options, subscription, device, clock.now())
        if (request === undefined) return { kind: 'refused', reason: 'rejected' }
        const ending = endingOf(await call({ method: 'POST', url, ...request, reads: 0 }, signal))
        if (ending.kind === 'refused' && ending.reason === 'gone') await gone(device)
        return ending
      } finally {
        over()
      }
    },
  }
}

async function requestTo(
  { secrets, contact }: PushCourierOptions,
  { endpoint, p256dh, auth, key }: Subscription,
  device: NotifiedDevice,
  now: Instant,
): Promise<{ headers: Readonly<Record<string, string>>; body: Uint8Array | undefined } | undefined> {
  const pair = vapidKeysOf(secrets, key)
  if (pair === undefined) return undefined
  // Loaded with the first push: it would be a part of every start.
  const { default: webPush } = await import('web-push')
  const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, device.payload, {
    vapidDetails: { subject: contact(), publicKey: pair.publicKey, privateKey: pair.privateKey.reveal() },
    // A push service keeps it no longer than the code lives; a phone that was off shows no dead codes.
    TTL: Math.max(0, Math.floor((device.expires - now) / second)),
    urgency: 'high',
    // Of a request's codes only the newest is right. The service learns that two are of one request, and not of which.
    topic: createHash('sha256').update(device.topic).digest('base64url').slice(0, 32),
    contentEncoding: 'aes128gcm',
  })
  const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  return { headers: Object.fromEntries(sent.map(([name, value]) => [name, String(value)])), body: body ?? undefined }
}

// A subscription is bound to its key. Taken out of the ring, it took its subscriptions along.
function vapidKeysOf(secrets: Pick<Secrets, 'vapidKeys'>, key: string) {
  try {
    return secrets.vapidKeys(key)
  } catch (error) {
    if (error instanceof KeyRingUnusable) return undefined
    throw error
  }
}

function endingOf(answer: CallEnding): CourierEnding {
  if (answer.kind === 'forbidden') return { kind: 'refused', reason: 'forbidden' }
  if (answer.kind !== 'answered') return { kind: 'failed', reason: answer.kind }
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status === 404 || status === 410) return { kind: 'refused', reason: 'gone' }
  const later = status === 408 || status === 429 || status >= 500
  return { kind: later ? 'failed' : 'refused', reason: 'rejected' }
}
