// Twilio, as its public API describes it: Messages for texts, Calls with TwiML for voice.
//
//     text   POST …/Messages.json ─▶ 201 with a sid ─▶ status callbacks, signed
//     call   POST …/Calls.json with TwiML that asks for a key ─▶ the key comes to us, signed ─▶ we answer with the text
//
// The text of a call never goes to Twilio before a key was pressed: a voicemail presses none.

import { createHmac } from 'node:crypto'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'
import type { Provider, ProviderEnding, ProviderRequest, ProviderSays, Sending } from '../providers/provider.ts'
import type { ProviderTerms } from '../providers/provider-url.ts'
import type { CallEnding, Caller } from '../webhook/caller.ts'
import { asObject, formOf, xml } from './wire.ts'

export type TwilioAccount = {
  /** `AC` and 32 hex digits. */
  readonly account: string
  /** What signs in: the account with its token, or an API key with its secret. */
  readonly user: string
  readonly password: Secret
  /** The account's auth token, which signs what Twilio sends, whatever signs in. */
  readonly authToken: Secret
  /** A number in E.164, a name, or a messaging service (`MG…`). */
  readonly from: string
  /** Without a slash at the end. */
  readonly base: string
}

export type HttpProviderOptions = {
  readonly terms: ProviderTerms
  readonly call: Caller
  /** Where providers reach us: `https://…/delivery/{name}`, without a slash at the end. */
  readonly callback: () => string
}

/** How much of an answer is read. */
const reads = 16_384

export function twilioProvider(account: TwilioAccount, options: HttpProviderOptions): Provider {
  const { terms, call, callback } = options
  const isText = terms.channel === 'sms'
  const authorization = `Basic ${Buffer.from(`${account.user}:${account.password.reveal()}`).toString('base64')}`
  const url = new URL(`${account.base}/2010-04-01/Accounts/${account.account}/${isText ? 'Messages' : 'Calls'}.json`)
  const headers = {
    authorization,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': 'Twostep',
  }
  return {
    ...terms,
    async send(sending, signal) {
      const fields = isText ? textFields(sending, account, callback()) : callFields(sending, account, callback())
      const body = new URLSearchParams(fields).toString()
      return endingOf(await call({ method: 'POST', url, headers, body, reads }, signal))
    },
    hear: request => hear(request, account.authToken),
    speak: text => ({ mediaType: 'text/xml', body: text === undefined ? hangUp : readOut(text) }),
  }
}

function textFields({ message, id, expires, now }: Sending, { from }: TwilioAccount, callback: string) {
  return {
    To: message.to,
    ...(from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }),
    Body: message.text,
    StatusCallback: `${callback}/receipts/${id}`,
    // Twilio drops what it still has then; 36 000 seconds is the most it takes.
    ValidityPeriod: String(secondsLeft(expires - now)),
  }
}

const secondsLeft = (span: Milliseconds): number => Math.max(1, Math.min(36_000, Math.floor(span / second)))

function callFields({ message, id }: Sending, { from }: TwilioAccount, callback: string) {
  const { language = 'en-US', prompt = '' } = message.call ?? {}
  const ask = sayOf(language, prompt)
  const gather = `<Gather input="dtmf" numDigits="1" timeout="8" action="${xml(`${callback}/calls/${id}`)}" method="POST">`
  return {
    To: message.to,
    From: from,
    Twiml: `<?xml version="1.0" encoding="UTF-8"?><Response>${gather}${ask}${ask}</Gather><Hangup/></Response>`,
    StatusCallback: `${callback}/receipts/${id}`,
    StatusCallbackMethod: 'POST',
    Timeout: '40',
  }
}

// Its Arabic voices are of a region that is none.
const sayOf = (language: string, text: string): string =>
  `<Say language="${xml(language === 'ar' ? 'ar-XA' : language)}">${xml(text)}</Say>`

const hangUp = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'

function readOut({ text, language }: { readonly text: string; readonly language: string }): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${sayOf(language, text)}<Pause length="1"/><Hangup/></Response>`
}

// What says that this number, not the account, is the trouble (Twilio's error dictionary): not a number, none that texts or
// calls reach, one whose owner said stop.
const aboutTheNumber = new Set([21211, 21217, 21219, 21265, 21401, 21407, 21421, 21610, 21612, 21614, 21617, 13224])
const sidOf = /^(?:SM|MM|CA)[0-9a-f]{32}$/

function endingOf(answer: CallEnding): ProviderEnding {
  if (answer.kind === 'timed_out') return { kind: 'silent', fault: 'no_answer' }
  if (answer.kind !== 'answered') return { kind: 'failed', fault: answer.kind }
  const said = asObject(answer.body)
  const { sid, code, status: word } = said ?? {}
  if (answer.status === 201 && typeof sid === 'string' && sidOf.test(sid)) {
    // Taken and lost in one breath.
    if (word === 'failed' || word === 'undelivered') return { kind: 'failed', fault: 'failed_at_once' }
    return { kind: 'taken', ref: sid }
  }
  // A success that does not say what it took is nothing to rely on, and nothing to send again blindly either.
  if (answer.status >= 200 && answer.status < 300) return { kind: 'silent', fault: 'garbage' }
  if (answer.status === 429 || code === 20429 || code === 14107)
    return { kind: 'later', fault: 'throttled', wait: 2 * second }
  if (typeof code === 'number' && aboutTheNumber.has(code)) return { kind: 'declined', fault: `twilio_${code}` }
  return { kind: 'failed', fault: Number.isSafeInteger(code) ? `twilio_${String(code)}` : `http_${answer.status}` }
}

const states: Readonly<Record<string, 'delivered' | 'undelivered'>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  // Of calls. A completed one says nothing: a voicemail completes too. The key that was pressed does.
  busy: 'undelivered',
  'no-answer': 'undelivered',
  canceled: 'undelivered',
}

function hear(request: ProviderRequest, authToken: Secret): ProviderSays {
  const form = formOf(request.body)
  const signature = request.headers('x-twilio-signature') ?? ''
  if (!equalText(signature, twilioSignature(request.url, form, authToken))) return { kind: 'forged' }
  if (request.kind === 'calls') return { kind: 'key', pressed: /^[0-9*#]+$/.test(form.get('Digits') ?? '') }
  const state = states[form.get('MessageStatus') ?? form.get('CallStatus') ?? '']
  const ref = form.get('MessageSid') ?? form.get('CallSid') ?? ''
  if (state === undefined || !sidOf.test(ref)) return { kind: 'nothing' }
  return { kind: 'receipt', receipt: { id: request.id, ref, state } }
}

/** What Twilio signs: the URL as it called it, then each parameter's name and value, sorted by name. HMAC-SHA1, base64. */
export function twilioSignature(url: string, form: URLSearchParams, authToken: Secret): string {
  const pairs = [...form].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  const signed = url + pairs.map(([name, value]) => name + value).join('')
  return createHmac('sha1', authToken.reveal()).update(signed, 'utf8').digest('base64')
}
