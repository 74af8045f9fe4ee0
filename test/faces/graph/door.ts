// The Graph door as its tests meet it: a sandbox whose clock stands still until it is moved, requests in every shape that
// clients send, and replies that are each held to Meta's schema and to what every Graph reply promises.

import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import type { Running } from '../../../src/serve.ts'
import { stopTime } from '../../still-time.ts'
import { holdToOpenapi } from '../openapi.ts'
import { operatorToken, type Settings, startSandbox } from '../sandbox.ts'
import { holdToMeta } from './meta-schema.ts'

/** One request. At most one of `json`, `form`, `multipart` and `raw` is its body. */
export type Sent = {
  readonly token?: string | undefined
  readonly query?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly multipart?: Readonly<Record<string, string>>
  readonly raw?: { readonly body: string | Uint8Array; readonly type?: string }
  /** Sends the body in pieces, without a length. */
  readonly chunked?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

export type Reply = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export type Business = { readonly waba: string; readonly token: string; readonly email: string }

/** A number that a business lists, under its phone-number id. */
export type Phone = {
  readonly id: string
  /** As E.164. */
  readonly number: string
  /** Sends a POST to the node, or to one of its edges. */
  readonly post: (edge: string, sent?: Sent) => Promise<Reply>
  /** Reads the node. */
  readonly read: (...fields: readonly string[]) => Promise<Reply>
  readonly register: (pin: string) => Promise<Reply>
}

export type Door = Awaited<ReturnType<typeof openDoor>>

/**
 * Opens a sandbox, whose time only /sandbox/clock moves: the machine's stands still from now on. `ca` is what its
 * certificate is checked with, where the settings make it speak TLS.
 */
export async function openDoor(settings: Settings = {}, ca?: string) {
  stopTime()
  const running = await startSandbox(settings)
  const agent = ca === undefined ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ca })
  let numbers = 0
  let businesses = 0

  /** Any request to any door. What is promised of the reply is what our own description says of it. */
  async function send(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const reply = await exchange({ url: running.url, agent }, method, path, sent)
    holdToOpenapi({ ...reply, type: reply.headers['content-type'] ?? '' })
    return reply
  }

  /** A Graph request, as whom the token says. Its reply keeps every Graph promise, or this throws. */
  async function graph(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const reply = await send(method, path, sent)
    holdToPromises(reply, sent)
    holdToMeta(reply)
    return reply
  }

  async function operate(path: string, json: unknown): Promise<Readonly<Record<string, unknown>>> {
    const reply = await send('POST', `/api/v1/operator/${path}`, { token: operatorToken, json })
    assert.equal(reply.status, 201, reply.text)
    return reply.body
  }

  /** A business of its own, with one access token. */
  async function business(permissions: readonly string[] = everything, expiresIn?: number): Promise<Business> {
    businesses += 1
    const email = `owner-${businesses}@bakery.example`
    const waba = String((await operate('businesses', { name: `Bakery ${businesses}`, email })).id)
    return { waba, email, token: await token(waba, permissions, expiresIn) }
  }

  async function token(waba: string, permissions: readonly string[], expiresIn?: number): Promise<string> {
    const lasting = expiresIn === undefined ? {} : { expires_in: expiresIn }
    const issued = await operate(`businesses/${waba}/access-tokens`, { permissions, ...lasting })
    return String(issued.access_token)
  }

  /** A number that nobody here had before, as people in its country write it: out of a range that is nobody's. */
  function newNational(): string {
    numbers += 1
    return `7700${String(900_000 + numbers)}`
  }

  /** A number in a business's list, which is not proved yet. */
  async function added(of: Business, national = newNational()): Promise<Phone> {
    const json = { cc: '44', phone_number: national, verified_name: 'Test Bakery' }
    const reply = await graph('POST', `/v25.0/${of.waba}/phone_numbers`, { token: of.token, json })
    assert.equal(reply.status, 200, reply.text)
    return phoneOf(String(reply.body.id), `+44${national}`, of.token)
  }

  function phoneOf(id: string, number: string, token: string): Phone {
    const post = (edge: string, sent: Sent = {}) =>
      graph('POST', `/v25.0/${id}${edge === '' ? '' : `/${edge}`}`, { token, ...sent })
    return {
      id,
      number,
      post,
      read: (...fields) =>
        graph('GET', `/v25.0/${id}`, {
          token,
          ...(fields.length === 0 ? {} : { query: { fields: fields.join(',') } }),
        }),
      register: pin => post('register', { json: { messaging_product: 'whatsapp', pin } }),
    }
  }

  /** Proves a number with the code that is sent to it. */
  async function prove(phone: Phone): Promise<Phone> {
    expectSuccess(await phone.post('request_code', { json: { code_method: 'SMS', language: 'en_US' } }))
    const reply = await phone.post('verify_code', { json: { code: await newestCode(phone.number) } })
    assert.deepEqual([reply.status, reply.text], [200, `{"success":true,"id":"${phone.id}"}`])
    return phone
  }

  /** A number that its business has proved. */
  const proved = async (of: Business, national?: string): Promise<Phone> => prove(await added(of, national))

  /** A number that its business holds, with this PIN. */
  async function registered(of: Business, pin: string, national?: string): Promise<Phone> {
    const phone = await proved(of, national)
    expectSuccess(await phone.register(pin))
    return phone
  }

  /** What was sent to a number or address, newest first. */
  async function outbox(to: string): Promise<readonly Message[]> {
    const reply = await send('GET', '/sandbox/outbox', { query: { to } })
    return reply.body.messages as readonly Message[]
  }
  const newestCode = async (number: string): Promise<string> => (await outbox(number))[0]?.code ?? ''

  /** Moves the clock; answers the moment it is then. */
  async function advance(duration: string): Promise<string> {
    const reply = await send('POST', '/sandbox/clock', { json: { advance: duration } })
    assert.equal(reply.status, 200, reply.text)
    return String(reply.body.now)
  }

  const sandbox: Running = running
  const calls = { send, graph, business, token, newNational, added, phoneOf, prove, proved, registered }
  const watching = { outbox, newestCode, advance }
  return {
    url: running.url,
    sandbox,
    ...calls,
    ...watching,
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await running[Symbol.asyncDispose]()
    },
  }
}

export type Message = {
  readonly id: string
  readonly channel: string
  readonly to: string
  readonly from?: string
  readonly subject?: string
  readonly text: string
  readonly code?: string
  readonly link?: string
}

const everything = ['whatsapp_business_management', 'whatsapp_business_messaging']

/** The body of a registration. */
export const registration = (pin: unknown) => ({ messaging_product: 'whatsapp', pin })

export type GraphErrorBody = {
  readonly message: string
  readonly type: string
  readonly code: number
  readonly error_subcode?: number
  readonly error_data?: { readonly messaging_product: string; readonly details: string }
  readonly is_transient?: boolean
  readonly fbtrace_id: string
}

/** The error of a reply that must be one. */
export function errorOf(reply: Reply): GraphErrorBody {
  assert(typeof reply.body.error === 'object' && reply.body.error !== null, `an error, not ${reply.text}`)
  return reply.body.error as GraphErrorBody
}

/** Exactly what Graph says when a call has succeeded. */
export function expectSuccess(reply: Reply): void {
  assert.deepEqual([reply.status, reply.text], [200, '{"success":true}'])
}

/** A refusal by its status and code, which is what clients branch on. */
export function expectError(reply: Reply, status: number, code: number, subcode?: number): void {
  const { code: got, error_subcode: gotSubcode } = errorOf(reply)
  assert.deepEqual([reply.status, got, gotSubcode], [status, code, subcode], reply.text)
}

/** A refusal that says how long to wait, in `Retry-After` and at the end of `details`. */
export function expectWait(reply: Reply, status: number, code: number, seconds: number): void {
  expectError(reply, status, code)
  assert.equal(reply.headers['retry-after'], String(seconds))
  assert.match(errorOf(reply).error_data?.details ?? '', new RegExp(` Try again in ${seconds} seconds\\.$`))
}

/** A reply as another may read it too: without what is random in every reply, and with the id that was asked for hidden. */
export function withoutIds(reply: Reply, ...hidden: readonly string[]): string {
  const { date: _, ...headers } = reply.headers
  const hide = (text: string): string => hidden.reduce((shown, id) => shown.replaceAll(id, '<hidden>'), text)
  const seen = JSON.stringify({ status: reply.status, headers, text: reply.text })
  const random = [headers['x-request-id'], (reply.body.error as GraphErrorBody | undefined)?.fbtrace_id]
  return random.reduce<string>(
    (text, each) => (each === undefined ? text : text.replaceAll(String(each), '<trace>')),
    hide(seen),
  )
}

function holdToPromises(reply: Reply, sent: Sent): void {
  const { headers, status, body } = reply
  assert(status < 500 || status === 503, `${reply.method} ${reply.path} → ${status} ${reply.text}`)
  assert.equal(headers['content-type'], 'application/json; charset=UTF-8')
  assert.equal(headers['facebook-api-version'], /^\/(v[0-9]+\.[0-9]+)(?:\/|\?|$)/.exec(reply.path)?.[1] ?? 'v25.0')
  for (const name of ['x-fb-request-id', 'x-fb-trace-id']) assert.match(String(headers[name]), /^[0-9a-f-]{36}$/)
  const token = sent.token ?? sent.query?.access_token
  if (token !== undefined && token.length > 20)
    assert(!JSON.stringify([headers, reply.text]).includes(token), 'no reply holds the token')
  if (status === 200) return
  const error = errorOf(reply)
  assert.deepEqual(Object.keys(body), ['error'])
  assert.match(error.fbtrace_id, /^A[0-9a-f]{22}$/)
  assert(Number.isInteger(error.code))
  assert.equal(typeof error.type, 'string')
  const bare = error.code === 104 || error.code === 190 || error.error_subcode === 33
  assert(bare || error.message.startsWith(`(#${error.code}) `), error.message)
  if (error.error_data !== undefined) assert.equal(error.error_data.messaging_product, 'whatsapp')
  assert.equal(headers['www-authenticate'] !== undefined, status === 401)
}

type Line = { readonly url: string; readonly agent: Agent | TlsAgent }

/** One exchange on the wire. */
function exchange({ url, agent }: Line, method: string, path: string, sent: Sent): Promise<Reply> {
  const { body, type } = bodyOf(sent)
  const query = sent.query === undefined ? '' : `?${new URLSearchParams(sent.query)}`
  // As servers read it: without dot segments (RFC 3986 §5.2.4).
  const target = new URL(url + path + query)
  const options = {
    agent,
    method,
    host: target.hostname,
    port: target.port,
    path: path + query,
    headers: {
      ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(sent.chunked === true ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length }),
      ...sent.headers,
    },
  }
  return new Promise((resolve, reject) => {
    const asking = (target.protocol === 'https:' ? requestTls : requestPlain)(options, incoming => {
      const chunks: Buffer[] = []
      incoming.on('data', chunk => chunks.push(chunk))
      incoming.once('error', reject)
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode: status = 0, headers } = incoming
        const isJson = /json/.test(headers['content-type'] ?? '') && text !== ''
        resolve({
          method,
          path: target.pathname + target.search,
          status,
          headers,
          text,
          body: isJson ? JSON.parse(text) : {},
        })
      })
    })
    asking.once('error', reject)
    if (sent.chunked === true) for (const byte of body) asking.write(Uint8Array.of(byte))
    else asking.write(body)
    asking.end()
  })
}

function bodyOf({ json, form, multipart, raw }: Sent): { readonly body: Uint8Array; readonly type?: string } {
  const bytes = (text: string | Uint8Array): Uint8Array => Buffer.from(text)
  if (json !== undefined) return { body: bytes(JSON.stringify(json)), type: 'application/json' }
  if (form !== undefined) {
    return { body: bytes(String(new URLSearchParams(form))), type: 'application/x-www-form-urlencoded' }
  }
  if (multipart !== undefined) {
    const parts = Object.entries(multipart).map(
      ([name, value]) => `--seam\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    return { body: bytes(`${parts.join('')}--seam--\r\n`), type: 'multipart/form-data; boundary=seam' }
  }
  if (raw !== undefined) return { body: bytes(raw.body), ...(raw.type === undefined ? {} : { type: raw.type }) }
  return { body: new Uint8Array() }
}
