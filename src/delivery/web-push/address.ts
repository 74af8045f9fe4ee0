// Where the notifications of a trusted device go, as one text: the core keeps it and compares it, and looks no further.
//
//   push:{"endpoint","p256dh","auth","key"}   a subscription to Web Push, made for the public key of one key of the ring
//   app:<device id>                           the device's program fetches them here

import { ECDH } from 'node:crypto'
import { readWebhookUrl, type WebhookRules } from '../webhook/url.ts'

/** A subscription, as RFC 8030 and RFC 8291 have it. `key`: the id of the ring's key whose pair it was made for. */
export type Subscription = {
  readonly endpoint: string
  /** The browser's public key, an uncompressed point of P-256 in base64url. */
  readonly p256dh: string
  /** Sixteen bytes in base64url. */
  readonly auth: string
  readonly key: string
}

export type DeviceAddress =
  | { readonly kind: 'push'; readonly subscription: Subscription }
  | { readonly kind: 'app'; readonly device: string }

/** The address of a device whose program fetches its notifications. */
export const appAddress = (device: string): string => `app:${device}`

export type ReadSubscription =
  | { readonly kind: 'address'; readonly address: string }
  /** `field` is wrong; `problem` says what to write instead, for people. */
  | { readonly kind: 'not_a_subscription'; readonly field: 'endpoint' | 'p256dh' | 'auth'; readonly problem: string }

// Of the browsers there are, none has half as much; a document is read whole, so it stays small.
const longestEndpoint = 1_000

/** Reads a subscription as a browser gives it. Equal subscriptions have one address, whatever their spelling. */
export function readSubscription(given: Subscription, rules: WebhookRules): ReadSubscription {
  const url = readWebhookUrl(given.endpoint, rules)
  if (url.kind === 'not_a_url') return { kind: 'not_a_subscription', field: 'endpoint', problem: url.problem }
  if (url.url.length > longestEndpoint) {
    const problem = `give the endpoint as the browser says it, at most ${longestEndpoint} characters`
    return { kind: 'not_a_subscription', field: 'endpoint', problem }
  }
  const point = bytesOf(given.p256dh)
  if (!isPoint(point)) {
    const problem = 'give p256dh as the browser says it: a point of P-256, 65 bytes in base64url'
    return { kind: 'not_a_subscription', field: 'p256dh', problem }
  }
  const auth = bytesOf(given.auth)
  if (auth.length !== 16) {
    const problem = 'give auth as the browser says it: 16 bytes in base64url'
    return { kind: 'not_a_subscription', field: 'auth', problem }
  }
  const [p256dh, secret] = [point.toString('base64url'), auth.toString('base64url')]
  const subscription: Subscription = { endpoint: url.url, p256dh, auth: secret, key: given.key }
  return { kind: 'address', address: `push:${JSON.stringify(subscription)}` }
}

/** Reads an address that {@link appAddress} or {@link readSubscription} made. */
export function readAddress(address: string): DeviceAddress {
  if (address.startsWith('app:')) return { kind: 'app', device: address.slice('app:'.length) }
  return { kind: 'push', subscription: JSON.parse(address.slice('push:'.length)) }
}

const bytesOf = (text: string): Buffer => Buffer.from(/^[\w+/-]{1,100}={0,2}$/.test(text) ? text : '', 'base64url')

// A point off the curve would let whoever gave it learn of the key that it is multiplied with (RFC 8291 §7).
function isPoint(bytes: Buffer): boolean {
  if (bytes.length !== 65 || bytes[0] !== 4) return false
  try {
    ECDH.convertKey(bytes, 'prime256v1')
    return true
  } catch {
    return false
  }
}
