// What a client sent, as one plain record, whatever shape it chose: query string, JSON, form or multipart.
//
// Everything is bounded before it is parsed, and every way to be wrong is an ending. The faces see texts (from a
// query or a form) and JSON values as they came: a number stays one, so a face can refuse a PIN that lost its zeros.

import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import type { Exchange } from '#http/exchange.ts'

/** Names and values as sent. It inherits nothing: a name that was not sent is `undefined`, also `constructor`. */
export type Parameters = Readonly<Record<string, unknown>>

/** Why a request could not be read. Stable words; the text of a request is in none of them. */
export type Malformed =
  | 'bad_json'
  | 'not_an_object'
  | 'bad_utf8'
  | 'bad_multipart'
  | 'file_refused'
  | 'unknown_media_type'
  | 'content_encoding'
  | 'too_deep'
  | 'too_many_fields'
  | 'cut_short'

/** How reading ended. `parameters` is query and body in one; where both name a thing, the body counts. */
export type ReadParameters =
  | { readonly kind: 'read'; readonly parameters: Parameters; readonly query: Parameters; readonly body: Parameters }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'malformed'; readonly reason: Malformed }

/** Bounds on one request. */
export type ParameterBounds = {
  /** Bytes of the body. */
  readonly limit: number
  /** Names and list entries, at all depths, query and body together. 256 unless told. */
  readonly fields?: number
  /** Objects and lists inside one another, the body's own object included. 32 unless told. */
  readonly depth?: number
}

type Ending<Value> = { readonly kind: 'value'; readonly value: Value } | Exclude<ReadParameters, { kind: 'read' }>

const malformed = (reason: Malformed): Exclude<ReadParameters, { kind: 'read' }> => ({ kind: 'malformed', reason })
const tooLarge = { kind: 'too_large' } as const

/**
 * Reads a request's parameters. The body of GET and HEAD is not looked at (RFC 9110 §9.3.1 gives it no meaning).
 *
 * A body is read once: asking again, with whatever bounds, gives the same answer.
 */
export function readParameters(c: Context<Exchange>, bounds: ParameterBounds): Promise<ReadParameters> {
  const before = c.get('parameters')
  if (before !== undefined) return before
  const reading = read(c, bounds)
  c.set('parameters', reading)
  return reading
}

/** The body as it came, for whoever checks a signature over it; at most `limit` bytes of UTF-8. */
export async function readBodyText(
  c: Context<Exchange>,
  limit: number,
): Promise<{ readonly kind: 'text'; readonly text: string } | Exclude<ReadParameters, { kind: 'read' }>> {
  const bytes = await readBytes(c, limit)
  if (bytes.kind !== 'value') return bytes
  const text = readText(bytes.value)
  return text === undefined ? malformed('bad_utf8') : { kind: 'text', text }
}

async function read(c: Context<Exchange>, bounds: ParameterBounds): Promise<ReadParameters> {
  const counter: Counter = { left: bounds.fields ?? 256, depth: bounds.depth ?? 32 }

  const question = c.req.url.indexOf('?')
  const query = readForm(question < 0 ? '' : (c.req.url.slice(question + 1).split('#', 1)[0] ?? ''), counter)
  if (query.kind !== 'value') return query

  const bytes = await readBytes(c, bounds.limit)
  if (bytes.kind !== 'value') return bytes
  const body = await readBody(c, bytes.value, counter)
  if (body.kind !== 'value') return body

  const parameters = emptyRecord()
  for (const record of [query.value, body.value])
    for (const name of Object.keys(record)) parameters[name] = record[name]
  return { kind: 'read', parameters, query: query.value, body: body.value }
}

async function readBody(c: Context<Exchange>, bytes: Uint8Array, counter: Counter): Promise<Ending<Parameters>> {
  if (bytes.length === 0) return { kind: 'value', value: emptyRecord() }
  const text = readText(bytes)
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
  // Nothing is unpacked: a few packed kilobytes can hold gigabytes.
  if (encoding !== 'identity') return malformed('content_encoding')
  if (text === undefined) return malformed('bad_utf8')

  const trimmed = text.trimStart()
  if (trimmed === '') return { kind: 'value', value: emptyRecord() }
  const contentType = c.req.header('content-type') ?? ''
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  // No form begins with a brace, and many clients send JSON under the type their library sets for forms.
  if (trimmed.startsWith('{') || mediaType === 'application/json' || mediaType.endsWith('+json')) {
    return readJson(text, counter)
  }
  if (mediaType === 'multipart/form-data') return readMultipart(bytes, contentType, counter)
  if (mediaType === 'application/x-www-form-urlencoded' || mediaType === '') return readForm(text.trim(), counter)
  return malformed('unknown_media_type')
}

/** The bytes of the body, at most `limit`. */
async function readBytes(c: Context<Exchange>, limit: number): Promise<Ending<Uint8Array>> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return { kind: 'value', value: new Uint8Array() }
  // Refused by what it announces, before a byte of it is taken in.
  if (Number(c.req.header('content-length') ?? 0) > limit) return tooLarge
  const incoming = c.env?.incoming
  return incoming === undefined ? readStream(c.req.raw.body, limit) : readIncoming(incoming, limit)
}

// Straight from the socket's own stream: the web stream around it costs more than all the parsing.
function readIncoming(incoming: IncomingMessage, limit: number): Promise<Ending<Uint8Array>> {
  return new Promise(resolve => {
    const chunks: Uint8Array[] = []
    let length = 0
    const settle = (ending: Ending<Uint8Array>) => {
      incoming.off('data', take).off('end', finish).off('error', cut).off('close', cut)
      // What comes after an error is of no interest, but an error without a listener ends the process.
      incoming.on('error', () => {})
      resolve(ending)
    }
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) {
        chunks.push(chunk)
        return
      }
      incoming.pause()
      settle(tooLarge)
    }
    const finish = () => settle({ kind: 'value', value: join(chunks) })
    const cut = () => settle(malformed('cut_short'))
    if (incoming.readableEnded) return finish()
    if (incoming.destroyed) return cut()
    incoming.on('data', take).once('end', finish).once('error', cut).once('close', cut)
  })
}

async function readStream(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Ending<Uint8Array>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream ?? []) {
    length += chunk.length
    if (length > limit) return tooLarge
    chunks.push(chunk)
  }
  return { kind: 'value', value: join(chunks) }
}

const join = (chunks: readonly Uint8Array[]): Uint8Array => Buffer.concat(chunks)

const utf8 = new TextDecoder('utf-8', { fatal: true })

function readText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

type Counter = { left: number; readonly depth: number }

function readJson(text: string, counter: Counter): Ending<Parameters> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return malformed('bad_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not_an_object')
  const copied = copy(value, counter, counter.depth)
  return copied.kind === 'value' ? { kind: 'value', value: copied.value as Parameters } : copied
}

/** A copy whose objects inherit nothing, as deep and as wide as allowed. */
function copy(value: unknown, counter: Counter, depth: number): Ending<unknown> {
  // Half a surrogate pair is no text: written out it becomes a replacement sign, the same for every such text.
  if (typeof value === 'string' && !value.isWellFormed()) return malformed('bad_utf8')
  if (typeof value !== 'object' || value === null) return { kind: 'value', value }
  if (depth === 0) return malformed('too_deep')

  const list: unknown[] | undefined = Array.isArray(value) ? [] : undefined
  const record = emptyRecord()
  for (const [name, child] of Object.entries(value)) {
    if (counter.left-- === 0) return malformed('too_many_fields')
    if (!name.isWellFormed()) return malformed('bad_utf8')
    const copied = copy(child, counter, depth - 1)
    if (copied.kind !== 'value') return copied
    if (list !== undefined) list.push(copied.value)
    else put(record, name, copied.value)
  }
  return { kind: 'value', value: list ?? record }
}

/** A form or a query string. A name that is sent twice has its last value. */
function readForm(text: string, counter: Counter): Ending<Parameters> {
  const record = emptyRecord()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    if (counter.left-- === 0) return malformed('too_many_fields')
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    const value = decoded(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return malformed('bad_utf8')
    put(record, name, value)
  }
  return { kind: 'value', value: record }
}

/** `undefined` when the bytes behind the escapes are not UTF-8. A percent sign that escapes nothing is itself. */
function decoded(text: string): string | undefined {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
  } catch {
    return undefined
  }
}

async function readMultipart(bytes: Uint8Array, contentType: string, counter: Counter): Promise<Ending<Parameters>> {
  const record = emptyRecord()
  let form: FormData
  try {
    form = await new Response(Buffer.from(bytes), { headers: { 'Content-Type': contentType } }).formData()
  } catch {
    return malformed('bad_multipart')
  }
  for (const [name, value] of form) {
    if (counter.left-- === 0) return malformed('too_many_fields')
    if (typeof value !== 'string') return malformed('file_refused')
    put(record, name, value)
  }
  return { kind: 'value', value: record }
}

/** No prototype: nobody reads an inherited `constructor`, or sets one for everybody. */
const emptyRecord = (): Record<string, unknown> => Object.create(null)

function put(record: Record<string, unknown>, name: string, value: unknown): void {
  // Kept, it would wait for the first `Object.assign` that copies this record into an ordinary one.
  if (name !== '__proto__') record[name] = value
}
