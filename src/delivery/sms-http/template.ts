// Any other provider with an HTTP interface, as a template says: a file with URL, headers, body, and where the id is in the
// answer. {to} {number} {text} {from} {id} {seconds} {language} {coding} {receipts} stand for what is sent, each escaped
// for where it stands.
//
//     {
//       "url": "https://sms.example/send", "method": "POST",
//       "headers": { "content-type": "application/json", "authorization": "Bearer …" },
//       "body": "{\"to\":\"{to}\",\"text\":\"{text}\",\"callback\":\"{receipts}\"}",
//       "taken": { "status": [200, 202], "id": "/messages/0/id", "field": "/messages/0/status", "is": ["queued"] },
//       "receipts": { "field": "status", "delivered": ["DELIVRD"], "undelivered": ["FAILED"] }
//     }

import { second } from '#core/kernel/instant.ts'
import { equalText } from '#secrets/equal.ts'
import { gsmSeptets } from '../messages/sms-segments.ts'
import type { Provider, ProviderEnding, ProviderRequest, ProviderSays, Sending } from '../providers/provider.ts'
import type { ReadProvider } from '../providers/provider-url.ts'
import type { CallEnding } from '../webhook/caller.ts'
import type { HttpProviderOptions } from './twilio.ts'
import { asObject, formOf, xml } from './wire.ts'

export type Template = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly from: string
  readonly taken: {
    readonly status: readonly number[]
    /** A JSON pointer (RFC 6901) to the id in the answer, or a regular expression of which the first group is it. */
    readonly id: string | undefined
    /** A JSON pointer to a field that must say one of `is`: an error inside a success. */
    readonly field: string | undefined
    readonly is: readonly string[]
  }
  readonly receipts:
    | { readonly field: string; readonly delivered: readonly string[]; readonly undelivered: readonly string[] }
    | undefined
}

/** `proofsOf`: what shows that somebody was given the address of a receipt; the first one is written, any is taken. */
export type TemplateOptions = HttpProviderOptions & { readonly proofsOf: (id: string) => readonly string[] }

const reads = 16_384

export function templateProvider(template: Template, options: TemplateOptions): Provider {
  const { terms, call, callback, proofsOf } = options
  return {
    ...terms,
    receiptWait: template.receipts === undefined ? undefined : terms.receiptWait,
    async send(sending, signal) {
      const [proof = ''] = proofsOf(sending.id)
      const values = valuesOf(sending, template, `${callback()}/receipts/${sending.id}/${proof}`)
      const headers = Object.entries(template.headers).map(([name, value]) => [
        name.toLowerCase(),
        fill(value, values, each => each.replace(/[^\x20-\x7e]/g, '')),
      ])
      const type = String(headers.find(([name]) => name === 'content-type')?.[1] ?? '')
      const body = template.body === undefined ? undefined : fill(template.body, values, escapeFor(type))
      const url = new URL(fill(template.url, values, encodeURIComponent))
      const called = { method: template.method, url, headers: Object.fromEntries(headers), body, reads }
      return endingOf(await call(called, signal), template)
    },
    hear: request => hear(request, template, proofsOf),
  }
}

const names = ['to', 'number', 'text', 'from', 'id', 'seconds', 'language', 'coding', 'receipts'] as const
type Values = Readonly<Record<(typeof names)[number], string>>

function valuesOf({ message, id, expires, now }: Sending, { from }: Template, receipts: string): Values {
  return {
    to: message.to,
    number: message.to.replace(/^\+/, ''),
    text: message.text,
    from,
    id,
    seconds: String(Math.max(1, Math.floor((expires - now) / second))),
    language: message.call?.language ?? '',
    // As Kannel counts: 0 for the default alphabet, 2 for UCS-2.
    coding: gsmSeptets(message.text) === undefined ? '2' : '0',
    receipts,
  }
}

// What is put in cannot begin a placeholder: the text is gone through once.
const fill = (text: string, values: Values, escapeWith: (value: string) => string): string =>
  text.replace(/\{(to|number|text|from|id|seconds|language|coding|receipts)\}/g, (_, name: keyof Values) =>
    escapeWith(values[name]),
  )

function escapeFor(contentType: string): (value: string) => string {
  if (/json/i.test(contentType)) return value => JSON.stringify(value).slice(1, -1)
  if (/xml/i.test(contentType)) return xml
  if (/urlencoded/i.test(contentType)) return encodeURIComponent
  return value => value
}

function endingOf(answer: CallEnding, { taken }: Template): ProviderEnding {
  if (answer.kind === 'timed_out') return { kind: 'silent', fault: 'no_answer' }
  if (answer.kind !== 'answered') return { kind: 'failed', fault: answer.kind }
  const { status, body } = answer
  if (taken.status.includes(status)) {
    if (taken.field !== undefined) {
      const said = at(body, taken.field)
      if (said === undefined) return { kind: 'silent', fault: 'garbage' }
      if (!taken.is.includes(said)) return { kind: 'failed', fault: 'says_no' }
    }
    const ref = taken.id === undefined ? undefined : at(body, taken.id)
    // A success without the id that is always there is none to rely on.
    if (taken.id !== undefined && ref === undefined) return { kind: 'silent', fault: 'garbage' }
    return ref !== undefined && /^[!-~]{1,100}$/.test(ref) ? { kind: 'taken', ref } : { kind: 'taken' }
  }
  if (status === 429) return { kind: 'later', fault: 'throttled', wait: 2 * second }
  return { kind: 'failed', fault: `http_${status}` }
}

/** What a JSON pointer, or a regular expression's first group, finds in an answer. */
function at(body: string, where: string): string | undefined {
  if (!where.startsWith('/')) return new RegExp(where).exec(body)?.[1]
  let value: unknown = asObject(body)
  for (const step of where.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function hear(request: ProviderRequest, { receipts }: Template, proofsOf: TemplateOptions['proofsOf']): ProviderSays {
  // Nobody but who was given the address of this one message's receipt can know it.
  const isProved = proofsOf(request.id).some(each => equalText(each, request.rest))
  if (!isProved || request.kind !== 'receipts' || receipts === undefined) return { kind: 'forged' }
  const said = request.body.trimStart().startsWith('{')
    ? (at(request.body, `/${receipts.field}`) ?? at(request.body, receipts.field))
    : (formOf(request.body).get(receipts.field) ?? new URL(request.url).searchParams.get(receipts.field) ?? undefined)
  const state = said === undefined ? undefined : stateOf(said, receipts)
  return state === undefined ? { kind: 'nothing' } : { kind: 'receipt', receipt: { id: request.id, state } }
}

function stateOf(said: string, receipts: NonNullable<Template['receipts']>): 'delivered' | 'undelivered' | undefined {
  if (receipts.delivered.includes(said)) return 'delivered'
  return receipts.undelivered.includes(said) ? 'undelivered' : undefined
}

/** Reads a template; says what is to be mended without quoting it. */
export function readTemplate(text: string): ReadProvider<Template> {
  const file = asObject(text)
  if (file === undefined) return { wrong: 'write the template as one JSON object' }
  const { url, method = 'POST', headers = {}, body, from = '', taken = {}, receipts, plain } = file
  const strange = Object.keys(file).filter(key => !known.includes(key))
  if (strange.length > 0) return { wrong: `a template knows only ${known.join(', ')}` }
  if (typeof url !== 'string' || !/^https?:\/\/[^\s/?#{}]+/.test(url) || URL.parse(url) === null) {
    return { wrong: 'write "url" as https://…; no placeholder may stand in its host' }
  }
  if (plain !== true && !/^https:|^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/i.test(url)) {
    return { wrong: 'write "url" with https:, or add "plain": true: without TLS everybody on the way reads the codes' }
  }
  if (method !== 'GET' && method !== 'POST') return { wrong: 'write "method" as "GET" or "POST"' }
  if (!isTexts(headers)) return { wrong: 'write "headers" as an object of texts' }
  if (body !== undefined && typeof body !== 'string') return { wrong: 'write "body" as a text with placeholders' }
  if (typeof from !== 'string') return { wrong: 'write "from" as a text' }
  if (!`${url}${body ?? ''}`.includes('{text}')) return { wrong: 'put {text} into "body" or "url"' }
  const read = readTaken(taken)
  if ('wrong' in read) return read
  const told = readReceipts(receipts)
  if ('wrong' in told) return told
  return { value: { url, method, headers, body, from, taken: read.value, receipts: told.value } }
}

const known = ['url', 'method', 'headers', 'body', 'from', 'taken', 'receipts', 'plain']

function readTaken(taken: unknown): ReadProvider<Template['taken']> {
  const { status = [200, 201, 202], id, field, is = [] } = (taken ?? {}) as Record<string, unknown>
  const wrong = {
    wrong: 'write "taken" as {"status": [200], "id": "/id"}, and "field" with "is" where a 200 may say no',
  }
  if (!Array.isArray(status) || !status.every(each => Number.isInteger(each) && each >= 200 && each < 300)) return wrong
  if (!isWhere(id) || !isWhere(field) || !isList(is) || (field !== undefined && is.length === 0)) return wrong
  return { value: { status, id, field, is } }
}

function readReceipts(receipts: unknown): ReadProvider<Template['receipts']> {
  if (receipts === undefined) return { value: undefined }
  const { field, delivered, undelivered = [] } = (receipts ?? {}) as Record<string, unknown>
  if (typeof field !== 'string' || !isList(delivered) || !isList(undelivered)) {
    return { wrong: 'write "receipts" as {"field": "status", "delivered": ["…"], "undelivered": ["…"]}' }
  }
  return { value: { field, delivered, undelivered } }
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every(each => typeof each === 'string')

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

function isWhere(value: unknown): value is string | undefined {
  if (value === undefined) return true
  if (typeof value !== 'string' || value.length > 200) return false
  try {
    return value.startsWith('/') || new RegExp(value).source !== ''
  } catch {
    return false
  }
}
