// The On-Premises door as its tests meet it: a client of a sandbox whose clock stands still until it is moved, and replies
// that are each held to what every reply of this door promises.

import assert from 'node:assert/strict'
import { codes } from '#faces/on-premises/errors.ts'
import { type Business, type Door, openDoor, type Reply, type Sent } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'

export type { Business, Door, Reply, Sent }
export { openDoor }

export const meta = { version: 'v2.45.1', api_status: 'stable' }
export const adminPassword = 'Sourdough-7'

/** A certificate as Meta makes them: a protocol buffer with the verified name inside its details. */
export function certificate(name: string): string {
  const field = (number: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Uint8Array.of(number * 8 + 2, bytes.length), bytes])
  const serial = Uint8Array.of(0x08, 0x96, 0x01)
  const details = Buffer.concat([serial, field(2, Buffer.from('smb:wa')), field(4, Buffer.from(name))])
  return Buffer.concat([field(1, details), field(2, Buffer.alloc(64, 7))]).toString('base64')
}

export const basic = (username: string, password: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

/** What a sandbox must be able to do to have clients. */
export type AnyDoor = Pick<Door, 'send' | 'business' | 'newestCode'>

export type Client = ReturnType<typeof clientOf>

/** The calls of one installation. `base`: where it answers. */
export function clientOf(door: AnyDoor, base = '/v1') {
  /** Any call. Its reply keeps every promise of this door, or this throws. */
  async function send(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const reply = await door.send(method, base + path, sent)
    holdToPromises(reply, sent)
    return reply
  }

  /** Logs in; answers the reply. */
  const login = (username: string, password: string, json?: unknown, headers: Sent['headers'] = {}): Promise<Reply> =>
    send('POST', '/users/login', {
      headers: { ...headers, ...basic(username, password) },
      ...(json === undefined ? {} : { json }),
    })

  /** Logs in; answers the token. */
  async function token(username: string, password: string, json?: unknown): Promise<string> {
    const reply = await login(username, password, json)
    assert.equal(reply.status, 200, reply.text)
    const [user] = reply.body.users as readonly { token: string }[]
    return user?.token ?? ''
  }

  /** A regular user of this installation, with a token. */
  async function user(admin: string, username: string, password = 'rye-and-spelt'): Promise<string> {
    const made = await send('POST', '/users', { token: admin, json: { username, password } })
    assert.equal(made.status, 201, made.text)
    return token(username, password)
  }

  return { base, send, login, token, user }
}

/** The client of the sandbox's ready business, after its first login. */
export async function readyClient(door: AnyDoor): Promise<{ readonly client: Client; readonly admin: string }> {
  const client = clientOf(door)
  return { client, admin: await client.token('admin', 'secret', { new_password: adminPassword }) }
}

/** A business of its own, with its own client, after its first login. */
export async function newClient(
  door: AnyDoor,
): Promise<{ readonly business: Business; readonly client: Client; readonly admin: string }> {
  const business = await door.business()
  const path = `/api/v1/operator/businesses/${business.waba}/on-premises`
  const made = await door.send('POST', path, { token: operatorToken })
  assert.equal(made.status, 201, made.text)
  const client = clientOf(door, String(made.body.path))
  return {
    business,
    client,
    admin: await client.token('admin', String(made.body.password), { new_password: adminPassword }),
  }
}

/** The body of a registration. */
export const registration = (national: string, more: Readonly<Record<string, unknown>> = {}) => ({
  cc: '44',
  phone_number: national,
  method: 'sms',
  cert: certificate('Test Bakery'),
  ...more,
})

/** Registers a number with the code that is sent to it; answers the two replies. */
export async function registerNumber(
  door: AnyDoor,
  of: { readonly client: Client; readonly admin: string },
  national: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<readonly [asked: Reply, verified: Reply]> {
  const { client, admin } = of
  const asked = await client.send('POST', '/account', { token: admin, json: registration(national, more) })
  const code = await door.newestCode(`+44${national}`)
  return [asked, await client.send('POST', '/account/verify', { token: admin, json: { code } })]
}

export type ErrorBody = { readonly code: number; readonly title: string; readonly details: string }

/** A refusal by its status and code, which is what clients branch on; answers it. */
export function expectError(reply: Reply, status: number, code: number, details?: string | RegExp): ErrorBody {
  const [error] = (reply.body.errors ?? []) as readonly ErrorBody[]
  assert(error !== undefined, `an error, not ${reply.status} ${reply.text}`)
  assert.deepEqual([reply.status, error.code], [status, code], reply.text)
  if (typeof details === 'string') assert.equal(error.details, details)
  if (details instanceof RegExp) assert.match(error.details, details)
  return error
}

/** A refusal that says how long to wait, in `Retry-After` and at the end of the details. */
export function expectWait(reply: Reply, seconds: number): void {
  expectError(reply, 429, 1015, new RegExp(` Try again in ${seconds} seconds\\.$`))
  assert.equal(reply.headers['retry-after'], String(seconds))
}

/** Exactly this reply. */
export const expectReply = (reply: Reply, status: number, body: unknown): void =>
  assert.deepEqual([reply.status, reply.body], [status, body])

function holdToPromises(reply: Reply, sent: Sent): void {
  const { status, headers, text, body } = reply
  assert(status < 500 || status === 503, `${reply.method} ${reply.path} → ${status} ${text}`)
  assert.equal(headers['content-type'], 'application/json; charset=UTF-8')
  assert.equal(headers['cache-control'], 'no-store')
  const said = JSON.stringify([headers, text])
  const password =
    Buffer.from((sent.headers?.authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':')[1] ?? ''
  for (const secret of [sent.token, password]) {
    if (secret !== undefined && secret.length > 6)
      assert(!said.includes(secret), 'no reply holds what it was asked with')
  }
  assert.equal(headers['www-authenticate'] !== undefined, status === 401)
  if (status < 400) return
  assert.deepEqual(Object.keys(body), ['errors', 'meta'])
  assert.deepEqual(body.meta, meta)
  const list = body.errors as readonly ErrorBody[]
  assert.equal(list.length, 1)
  for (const error of list) {
    assert.deepEqual(Object.keys(error), ['code', 'title', 'details'])
    assert.equal(error.title, codes[error.code as keyof typeof codes][0])
    assert(error.details.length > 0)
  }
}
