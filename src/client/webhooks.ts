// For who receives webhooks: the handshake by which an address is subscribed, and signatures, checked before anything of the
// body is believed. Each works on the bytes that came: parsed and written again, they are other bytes.
//
//     Meta's scheme        X-Hub-Signature-256: sha256=<hex>, HMAC-SHA256 of the body. No time is signed: the same post can
//                          come twice, also years later
//     Standard Webhooks    webhook-id, webhook-timestamp, webhook-signature: HMAC-SHA256 of `id.timestamp.body`. What is
//                          older than five minutes is refused
//
// WebCrypto compares signatures in constant time.

import { now } from './machine.ts'
import { type SecretText, textOf } from './secret.ts'

/** The headers of a request: as fetch has them, or as Node has them. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** The body as it came: its bytes, or its text. Never what a parser made of it. */
export type WebhookBody = string | Uint8Array | ArrayBuffer

/** A webhook that was read, or why it is not believed. Answer 401 to what is not, and nothing more. */
export type ReadWebhook<Event> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly reason: 'not_signed' | 'wrong_signature' | 'too_old' | 'unreadable' }

// ——— the handshake

/** What to answer a handshake with. */
export interface HandshakeAnswer {
  readonly status: 200 | 403
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Answers `GET ?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`: 200 with the challenge to who knows the verify token,
 * 403 to everybody else. `url`: the request's, whole or from the path on.
 */
export async function answerHandshake(url: string | URL, verifyToken: string): Promise<HandshakeAnswer> {
  const asked = new URL(url, 'http://receiver').searchParams
  const challenge = asked.get('hub.challenge') ?? ''
  const known = await sameText(asked.get('hub.verify_token') ?? '', verifyToken)
  // The challenge is sent back, so it must not be able to be a page.
  const good =
    known && verifyToken !== '' && asked.get('hub.mode') === 'subscribe' && /^[\w.~-]{1,256}$/.test(challenge)
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return good ? { status: 200, headers, body: challenge } : { status: 403, headers, body: '' }
}

// ——— Meta's

/** A webhook of a WhatsApp Business Account, as Graph sends it. */
export interface WhatsAppWebhook {
  readonly object: string
  readonly entry: readonly {
    /** The WhatsApp Business Account. */
    readonly id: string
    /** Seconds since 1970. */
    readonly time?: number
    readonly changes: readonly { readonly field: string; readonly value: unknown }[]
  }[]
}

/** Reads a webhook of Meta's scheme: believes it only when the app secret signed it. */
export async function readWhatsAppWebhook(request: {
  readonly headers: WebhookHeaders
  readonly body: WebhookBody
  readonly appSecret: SecretText
}): Promise<ReadWebhook<WhatsAppWebhook>> {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(headerOf(request.headers, 'x-hub-signature-256'))?.[1]
  const appSecret = textOf(request.appSecret)
  if (given === undefined || appSecret === '') return { ok: false, reason: 'not_signed' }
  const signature = Uint8Array.from(given.match(/../g) ?? [], byte => Number.parseInt(byte, 16))
  const body = bytesOf(request.body)
  if (!(await isSigned(bytesOf(appSecret), signature, body))) return { ok: false, reason: 'wrong_signature' }
  return readEvent(body, event => Array.isArray((event as Partial<WhatsAppWebhook>).entry))
}

/** Something that happened to the PIN of a business number. */
export interface SecurityEvent {
  readonly businessAccountId: string
  readonly display_phone_number: string
  /** Meta also writes `PIN_REQUEST_SUCCESS` for the last: it is read as `PIN_RESET_SUCCESS`. */
  readonly event: 'PIN_CHANGED' | 'PIN_RESET_REQUEST' | 'PIN_RESET_SUCCESS'
  /** Who asked, with `PIN_RESET_REQUEST`. */
  readonly requester?: string
}

/** What a webhook says about PINs: the changes of its `security` field, none in most webhooks. */
export function securityEvents(webhook: WhatsAppWebhook): readonly SecurityEvent[] {
  return webhook.entry.flatMap(({ id, changes }) =>
    changes
      .filter(({ field }) => field === 'security')
      .map(({ value }) => {
        const said = value as Omit<SecurityEvent, 'event'> & { readonly event: string }
        const event = said.event === 'PIN_REQUEST_SUCCESS' ? 'PIN_RESET_SUCCESS' : said.event
        return { ...said, event: event as SecurityEvent['event'], businessAccountId: id }
      }),
  )
}

// ——— Twostep's

/** A webhook of an application: what happened to one of its registrations. It holds no PIN, code or e-mail address. */
export interface TwostepWebhook {
  /** What was new when this client was made; a newer server may know more. */
  readonly type:
    | 'registration.contested'
    | 'registration.reset'
    | 'registration.taken_over'
    | 'pin.set'
    | 'pin.changed'
    | 'pin.removed'
    | 'recovery_address.changed'
    | 'contest.ended'
    | 'webhook.test'
    | (string & {})
  /** When it happened, as ISO 8601. */
  readonly timestamp: string
  readonly data: {
    readonly registration?: string
    /** E.164. */
    readonly number?: string
    readonly door: string
    /** What of the earlier holder is to be deleted. */
    readonly effect?: 'pending_messages' | 'account'
  }
}

/** Reads a webhook of a Twostep server (Standard Webhooks 1.0). `event.id` is the same on every try: keep what you had. */
export async function readTwostepWebhook(request: {
  readonly headers: WebhookHeaders
  readonly body: WebhookBody
  /** `whsec_…`; while it is being changed, the old one too. */
  readonly secret: SecretText | readonly SecretText[]
  /** Milliseconds since 1970. By default the machine's time. */
  readonly now?: number | undefined
}): Promise<ReadWebhook<TwostepWebhook & { readonly id: string }>> {
  const header = (name: string) => headerOf(request.headers, `webhook-${name}`)
  const [id, timestamp] = [header('id'), header('timestamp')]
  const signatures = [...header('signature').matchAll(/(?:^| )v1,([A-Za-z0-9+/]{43}=)(?= |$)/g)]
  if (id === '' || !/^[0-9]{1,12}$/.test(timestamp) || signatures.length === 0)
    return { ok: false, reason: 'not_signed' }

  const body = bytesOf(request.body)
  const start = bytesOf(`${id}.${timestamp}.`)
  const signed = new Uint8Array(start.length + body.length)
  signed.set(start)
  signed.set(body, start.length)
  const secrets = [request.secret].flat().map(textOf)
  // A thief may send many; each costs an HMAC.
  const pairs = secrets.flatMap(secret => signatures.slice(0, 8).map(([, given = '']) => ({ secret, given })))
  const looked = await Promise.all(pairs.map(({ secret, given }) => isSigned(keyOf(secret), base64(given), signed)))
  if (!looked.includes(true)) return { ok: false, reason: 'wrong_signature' }
  if (Math.abs((request.now ?? now()) / 1_000 - Number(timestamp)) > 300) return { ok: false, reason: 'too_old' }
  const read = readEvent<TwostepWebhook>(body, event => typeof (event as Partial<TwostepWebhook>).type === 'string')
  return read.ok ? { ok: true, event: { ...read.event, id } } : read
}

function keyOf(secret: string): Bytes {
  const [, key] = /^whsec_([A-Za-z0-9+/]{22,}={0,2})$/.exec(secret) ?? []
  if (key === undefined) throw new TypeError('secret: write the signing secret as it was told, whsec_….')
  return base64(key)
}

// ——— bytes

type Bytes = Uint8Array<ArrayBuffer>

const base64 = (text: string): Bytes => Uint8Array.from(atob(text), sign => sign.charCodeAt(0))

const bytesOf = (body: WebhookBody): Bytes =>
  typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)

function headerOf(headers: WebhookHeaders, name: string): string {
  if (typeof headers.get === 'function') return headers.get(name) ?? ''
  const plain = headers as Readonly<Record<string, string | readonly string[] | undefined>>
  const value = Object.keys(plain).find(each => each.toLowerCase() === name)
  const given = value === undefined ? '' : plain[value]
  // The same header twice says that somebody added one.
  return typeof given === 'string' ? given : ''
}

const hmac = { name: 'HMAC', hash: 'SHA-256' } as const

async function isSigned(key: Bytes, signature: Bytes, signed: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, hmac, false, ['verify'])
  return crypto.subtle.verify('HMAC', imported, signature, signed)
}

// Under a key that is thrown away, equal texts have equal signatures, and comparing those tells nothing about the texts.
async function sameText(one: string, other: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ ...hmac, length: 256 }, false, ['sign', 'verify'])
  const signature = await crypto.subtle.sign('HMAC', key, bytesOf(one))
  return crypto.subtle.verify('HMAC', key, signature, bytesOf(other))
}

function readEvent<Event>(body: Bytes, isOne: (event: object) => boolean): ReadWebhook<Event> {
  try {
    const event: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (typeof event === 'object' && event !== null && isOne(event)) return { ok: true, event: event as Event }
  } catch {}
  return { ok: false, reason: 'unreadable' }
}
