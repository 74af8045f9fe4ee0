// Vonage, as its public API describes it: the SMS API for texts, the Voice API with an NCCO for calls.
//
//     text   POST /sms/json ─▶ 200 always, with a status inside ─▶ delivery receipts, signed
//     call   POST /v1/calls with an NCCO that asks for a key ─▶ the key comes to us, signed ─▶ we answer with the text
//
// Status 0 inside the 200 is the only yes. The text of a call stays here until a key was pressed.

import { createHash, createHmac, type KeyObject, sign } from 'node:crypto'
import type { Clock } from '#core/kernel/clock.ts'
import { type Instant, minute, second } from '#core/kernel/instant.ts'
import type { Dice } from '#secrets/dice.ts'
import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'
import { gsmSeptets } from '../messages/sms-segments.ts'
import type { Provider, ProviderEnding, ProviderRequest, ProviderSays, Sending } from '../providers/provider.ts'
import type { CallEnding } from '../webhook/caller.ts'
import type { HttpProviderOptions } from './twilio.ts'
import { asObject, formOf } from './wire.ts'

export type VonageAccount = {
  readonly key: string
  readonly secret: Secret
  readonly from: string
  /** The account's signature secret: signs receipts (HMAC-SHA256) and the Voice API's webhooks (JWT, HS256). */
  readonly signature: Secret
  /** The application that calls are made by; needed for them. */
  readonly application: { readonly id: string; readonly privateKey: KeyObject } | undefined
  /** Without a slash at the end. */
  readonly base: string
}

const reads = 16_384
/** How far what is signed may be from our own time. */
const tolerance = 5 * minute

export function vonageProvider(
  account: VonageAccount,
  /** `clock`: the world's time, also in the sandbox: Vonage compares it with its own. */
  options: HttpProviderOptions & { readonly dice: Dice; readonly clock: Clock },
): Provider {
  const { terms, call, callback, clock } = options
  const isText = terms.channel === 'sms'
  const url = new URL(`${account.base}${isText ? '/sms/json' : '/v1/calls'}`)
  return {
    ...terms,
    async send(sending, signal) {
      if (isText) {
        const body = new URLSearchParams(textFields(sending, account, callback())).toString()
        const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Twostep' }
        return endingOfText(await call({ method: 'POST', url, headers, body, reads }, signal))
      }
      const headers = {
        authorization: `Bearer ${jwtOf(account, clock.now(), options.dice)}`,
        'content-type': 'application/json',
        'user-agent': 'Twostep',
      }
      const body = JSON.stringify(callOf(sending, account, callback()))
      return endingOfCall(await call({ method: 'POST', url, headers, body, reads }, signal))
    },
    hear: request =>
      isText ? hearText(request, account.signature, clock.now()) : hearCall(request, account.signature, clock.now()),
    speak: text => ({ mediaType: 'application/json', body: JSON.stringify(text === undefined ? [] : readOut(text)) }),
  }
}

// ——— texts

function textFields({ message, id, expires, now }: Sending, account: VonageAccount, callback: string) {
  return {
    api_key: account.key,
    api_secret: account.secret.reveal(),
    from: account.from.replace(/^\+/, ''),
    to: message.to.replace(/^\+/, ''),
    text: message.text,
    type: gsmSeptets(message.text) === undefined ? 'unicode' : 'text',
    // Milliseconds; 20 seconds is the least that it takes.
    ttl: String(Math.max(20_000, Math.min(expires - now, 604_800_000))),
    'status-report-req': '1',
    callback: `${callback}/receipts/${id}`,
    'client-ref': id,
  }
}

/** Of the SMS API's error codes, those about the number or the text. */
const declines = new Set(['6', '7', '12', '29', '33'])

function endingOfText(answer: CallEnding): ProviderEnding {
  if (answer.kind === 'timed_out') return { kind: 'silent', fault: 'no_answer' }
  if (answer.kind !== 'answered') return { kind: 'failed', fault: answer.kind }
  if (answer.status === 429) return { kind: 'later', fault: 'throttled', wait: second }
  if (answer.status !== 200) return { kind: 'failed', fault: `http_${answer.status}` }
  const messages = asObject(answer.body)?.messages
  const [first, ...parts]: unknown[] = Array.isArray(messages) ? messages : []
  const status = fieldOf(first, 'status')
  const ref = fieldOf(first, 'message-id')
  // A 200 that says nothing we know may have sent it.
  if (status === undefined) return { kind: 'silent', fault: 'garbage' }
  if (status === '0') {
    const whole = parts.every(part => fieldOf(part, 'status') === '0')
    if (!whole) return { kind: 'silent', fault: 'in_part' }
    return ref !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(ref) ? { kind: 'taken', ref } : { kind: 'taken' }
  }
  if (status === '1') return { kind: 'later', fault: 'throttled', wait: second }
  const fault = /^\d{1,3}$/.test(status) ? `vonage_${status}` : 'garbage'
  return { kind: declines.has(status) ? 'declined' : 'failed', fault }
}

function fieldOf(value: unknown, name: string): string | undefined {
  const field = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  return typeof field === 'string' ? field : undefined
}

const textStates: Readonly<Record<string, 'delivered' | 'undelivered'>> = {
  delivered: 'delivered',
  expired: 'undelivered',
  failed: 'undelivered',
  rejected: 'undelivered',
}

// Receipts come as a query, a form or JSON, as the account is set; they are signed over their fields in any of them.
function hearText(request: ProviderRequest, secret: Secret, now: Instant): ProviderSays {
  const fields = fieldsOf(request)
  const { sig = '', timestamp = '', status = '', messageId = '' } = fields
  if (!equalText(sig.toLowerCase(), vonageSignature(fields, secret))) return { kind: 'forged' }
  // Written so that what is no number is not fresh either.
  if (!(Math.abs(now - Number(timestamp) * second) <= tolerance)) return { kind: 'forged' }
  const state = textStates[status]
  if (state === undefined || !/^[A-Za-z0-9-]{1,64}$/.test(messageId)) return { kind: 'nothing' }
  return { kind: 'receipt', receipt: { id: request.id, ref: messageId, state } }
}

function fieldsOf({ url, body }: ProviderRequest): Readonly<Record<string, string>> {
  const said = body.trimStart().startsWith('{') ? asObject(body) : Object.fromEntries(formOf(body))
  const all = { ...Object.fromEntries(new URL(url).searchParams), ...said }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}

/** HMAC-SHA256 over `&name=value` of all fields but `sig`, sorted by name, with `&` and `=` in values as `_`; in hex. */
export function vonageSignature(fields: Readonly<Record<string, string>>, secret: Secret): string {
  const signed = Object.entries(fields)
    .filter(([name]) => name !== 'sig')
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`)
    .join('')
  return createHmac('sha256', secret.reveal()).update(signed, 'utf8').digest('hex')
}

// ——— calls

function callOf({ message, id }: Sending, { from }: VonageAccount, callback: string) {
  const { language = 'en-US', prompt = '' } = message.call ?? {}
  return {
    to: [{ type: 'phone', number: message.to.replace(/^\+/, '') }],
    from: { type: 'phone', number: from.replace(/^\+/, '') },
    ncco: [
      { action: 'talk', text: escaped(prompt), language, bargeIn: true, loop: 2 },
      { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1, timeOut: 8 }, eventUrl: [`${callback}/calls/${id}`] },
    ],
    event_url: [`${callback}/receipts/${id}`],
    event_method: 'POST',
    ringing_timer: 40,
    // Nobody's voicemail is to keep the line.
    machine_detection: 'hangup',
    length_timer: 120,
  }
}

const readOut = ({ text, language }: { readonly text: string; readonly language: string }) => [
  { action: 'talk', text: escaped(text), language },
]

// A talk action reads SSML where a text looks like it.
const escaped = (text: string): string => text.replace(/[<>&]/g, ' ')

function endingOfCall(answer: CallEnding): ProviderEnding {
  if (answer.kind === 'timed_out') return { kind: 'silent', fault: 'no_answer' }
  if (answer.kind !== 'answered') return { kind: 'failed', fault: answer.kind }
  const { uuid, status } = asObject(answer.body) ?? {}
  if (answer.status === 201 && typeof uuid === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(uuid)) {
    if (status === 'failed' || status === 'rejected') return { kind: 'failed', fault: 'failed_at_once' }
    return { kind: 'taken', ref: uuid }
  }
  if (answer.status >= 200 && answer.status < 300) return { kind: 'silent', fault: 'garbage' }
  if (answer.status === 429) return { kind: 'later', fault: 'throttled', wait: second }
  return { kind: 'failed', fault: `http_${answer.status}` }
}

const callStates: Readonly<Record<string, 'undelivered'>> = {
  busy: 'undelivered',
  cancelled: 'undelivered',
  failed: 'undelivered',
  rejected: 'undelivered',
  timeout: 'undelivered',
  unanswered: 'undelivered',
  machine: 'undelivered',
}

function hearCall(request: ProviderRequest, secret: Secret, now: Instant): ProviderSays {
  if (!isSigned(request, secret, now)) return { kind: 'forged' }
  const said = asObject(request.body) ?? {}
  if (request.kind === 'calls') {
    const digits = (said.dtmf as { readonly digits?: unknown } | undefined)?.digits
    return { kind: 'key', pressed: typeof digits === 'string' && /^[0-9*#]+$/.test(digits) }
  }
  const state = typeof said.status === 'string' ? callStates[said.status] : undefined
  const { uuid } = said
  if (state === undefined || typeof uuid !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(uuid)) return { kind: 'nothing' }
  return { kind: 'receipt', receipt: { id: request.id, ref: uuid, state } }
}

/** A webhook of the Voice API: a JWT under the signature secret that carries the hash of the body. */
function isSigned({ headers, body }: ProviderRequest, secret: Secret, now: Instant): boolean {
  const [, head = '', claims = '', mac = ''] =
    /^Bearer ([\w-]{1,512})\.([\w-]{1,4096})\.([\w-]{1,128})$/.exec(headers('authorization') ?? '') ?? []
  const wanted = createHmac('sha256', secret.reveal()).update(`${head}.${claims}`).digest('base64url')
  if (!equalText(mac, wanted)) return false
  // The one algorithm that we checked by, whatever else the head may claim.
  if (asObject(textOf(head))?.alg !== 'HS256') return false
  const { iat, payload_hash: hash } = asObject(textOf(claims)) ?? {}
  if (typeof iat !== 'number' || Math.abs(now - iat * second) > tolerance) return false
  // Without the hash, the signature of one webhook would do for another body.
  return typeof hash === 'string' && equalText(hash.toLowerCase(), createHash('sha256').update(body).digest('hex'))
}

const textOf = (base64url: string): string => Buffer.from(base64url, 'base64url').toString()

/** What opens the Voice API: a JWT signed with the application's key, good for a minute. */
function jwtOf({ application }: VonageAccount, now: Instant, dice: Dice): string {
  if (application === undefined) return ''
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(now / second)
  const claims = {
    application_id: application.id,
    iat,
    exp: iat + 60,
    jti: Buffer.from(dice.bytes(16)).toString('hex'),
  }
  const signed = `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), application.privateKey).toString('base64url')}`
}
