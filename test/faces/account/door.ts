// The door of accounts as its tests meet it: a sandbox whose clock stands still until it is moved, people who sign up and in,
// and replies that are each held to what every reply of this door promises.

import assert from 'node:assert/strict'
import { openDoor, type Reply, type Sent } from '../graph/door.ts'
import type { Settings } from '../sandbox.ts'

/** Both, for tests that hold in both. */
export const profiles = ['classic', 'strict'] as const
export type Profile = (typeof profiles)[number]

/** A person with an account, as much of them as a test needs. */
export type Owner = {
  readonly id: string
  readonly email: string
  readonly password: string
  /** The token of the session that they signed up or in with. */
  readonly session: string
  /** What their browser keeps. */
  readonly browser: string
}

/** One whose two-step verification is on. */
export type TurnedOn = Owner & {
  /** E.164: the trusted number. */
  readonly number: string
  /** Its id as a trusted device. */
  readonly device: string
  readonly recoveryKey: string
}

/** A password that both profiles take. */
export const goodPassword = 'Quiet-Harbour-41-Lanterns'
export const otherPassword = 'Amber-Sextant-77-Meadows'

/** Where a call comes from: `::` is not ours, so each test may be as many networks as it likes behind our own proxy. */
export const network = (at: number): Readonly<Record<string, string>> => ({
  'x-forwarded-for': `198.51.${Math.floor(at / 250)}.${(at % 250) + 1}`,
})

/** Opens a sandbox. The connection is a trusted proxy's, so that a test may come from many networks. */
export async function openAccounts(settings: Settings & { readonly profile?: Profile } = {}) {
  const { profile = 'classic', ...rest } = settings
  const door = await openDoor({
    TWOSTEP_PROFILE: profile,
    TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '0',
    TWOSTEP_TRUSTED_PROXIES: '127.0.0.1',
    ...rest,
  })
  let people = 0
  let numbers = 0

  /** A call of the door. Its reply keeps every promise, or this throws. */
  async function api(method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const reply = await door.send(method, `/api/v1${path}`, sent)
    holdToPromises(reply)
    return reply
  }
  const get = (path: string, token: string) => api('GET', path, { token })
  const post = (path: string, json: object = {}, token?: string, headers: Readonly<Record<string, string>> = {}) =>
    api('POST', path, { token, json, headers })

  type Mail = { readonly subject?: string; readonly link?: string; readonly text: string }
  const mails = async (to: string) => (await door.outbox(to)) as readonly Mail[]

  // At one moment no message is newer than another: what was read before is old.
  const shown = new Set<string>()
  async function newestCode(to: string): Promise<string> {
    const messages = (await door.outbox(to)) as readonly { readonly id: string; readonly code?: string }[]
    const newest = messages.find(({ id, code }) => code !== undefined && !shown.has(id))
    for (const { id } of messages) shown.add(id)
    return newest?.code ?? ''
  }

  /** The token of the newest link that was mailed to an address. */
  async function mailedToken(to: string): Promise<string> {
    const link = (await mails(to)).find(each => each.link !== undefined)?.link
    assert(link !== undefined, `a link was mailed to ${to}`)
    return new URL(link).pathname.split('/').at(-1) ?? ''
  }

  /** Somebody who has just signed up. */
  async function owner(given: { readonly email?: string; readonly password?: string } = {}): Promise<Owner> {
    people += 1
    const { email = `ada-${people}@home.example`, password = goodPassword } = given
    const asked = await post('/sign-ups', { email })
    assert.equal(asked.status, 202, asked.text)
    const made = await post('/accounts', { sign_up: await mailedToken(email.toLowerCase()), password })
    assert.equal(made.status, 201, made.text)
    return { email, password, ...opened(made), browser: String(made.body.browser), id: String(made.body.account_id) }
  }

  /** Turns two-step verification on for somebody, by SMS to a number of their own. */
  async function turnOn(of: Owner): Promise<TurnedOn> {
    const at = (path: string, json: object = {}) => post(`/account/two-step/${path}`, json, of.session)
    numbers += 1
    // Of a country whose plan does not tell mobile numbers from others: numbers of films are nobody's, and are refused.
    const number = `+1631555${String(numbers).padStart(4, '0')}`
    await expecting(200, at('begin'))
    await expecting(202, at('devices', { kind: 'number', number, name: 'Phone' }))
    const verified = await expecting(200, at('devices/check', { code: await newestCode(number) }))
    await expecting(200, at('skip-devices'))
    const recoveryKey = String((await expecting(201, at('recovery-key'))).body.recovery_key)
    await expecting(200, at('recovery-key/retype', { recovery_key: recoveryKey }))
    await expecting(200, at('confirm', { understood: true }))
    const [device] = verified.body.devices as readonly { readonly id: string }[]
    return { ...of, number, device: device?.id ?? '', recoveryKey }
  }

  const turnedOn = async (given: { readonly email?: string } = {}): Promise<TurnedOn> => turnOn(await owner(given))

  /** A first step. What is left out is right, and comes from a browser that nobody knows. */
  const firstStep = (
    of: Pick<Owner, 'email' | 'password'>,
    more: object = {},
    headers: Readonly<Record<string, string>> = {},
  ) => post('/sign-ins', { identifier: of.email, password: of.password, ...more }, undefined, headers)

  /** A sign-in whose first step is done, and its token. */
  async function begun(of: TurnedOn, more: object = {}, headers: Readonly<Record<string, string>> = {}) {
    const reply = await firstStep(of, more, headers)
    assert.equal(reply.status, 201, reply.text)
    const [id, token] = [String(reply.body.id), String(reply.body.token)]
    const step = (path: string, json: object = {}) => post(`/sign-ins/${id}/${path}`, json, token, headers)
    return {
      ...{ id, token, reply, step },
      /** Has a code sent to the trusted number; answers it. */
      async code(): Promise<string> {
        await expecting(202, step('code', { device: of.device }))
        return newestCode(of.number)
      },
    }
  }

  /** Signs in with both steps; answers the session's token and what the browser keeps. */
  async function signedIn(of: TurnedOn, more: object = {}) {
    const sign = await begun(of)
    const reply = await expecting(200, sign.step('code/check', { code: await sign.code(), ...more }))
    return { ...opened(reply), browser: String(reply.body.browser), reply }
  }

  /** Proves the password anew in a session; and, with two-step on, has a code sent and enters it. */
  async function freshen(of: Owner | TurnedOn): Promise<void> {
    await expecting(200, post('/account/step-up/password', { password: of.password }, of.session))
    if (!('device' in of)) return
    await expecting(202, post('/account/step-up/code', { device: of.device }, of.session))
    await expecting(200, post('/account/step-up/code/check', { code: await newestCode(of.number) }, of.session))
  }

  return {
    ...door,
    ...{ newestCode, api, get, post, mails, mailedToken, owner, turnOn, turnedOn, firstStep, begun, signedIn, freshen },
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  }
}

export type AccountsDoor = Awaited<ReturnType<typeof openAccounts>>

/** The reply, if it has this status. */
export async function expecting(status: number, reply: Promise<Reply>): Promise<Reply> {
  const got = await reply
  assert.equal(got.status, status, `${got.method} ${got.path} → ${got.status} ${got.text}`)
  return got
}

/** The token and id of a session that a reply opened. */
export function opened(reply: Reply): { readonly session: string; readonly sessionId: string } {
  const session = reply.body.session as { readonly token: string; readonly id: string }
  assert.match(session.token, /^twas_/)
  return { session: session.token, sessionId: session.id }
}

/** A reply as another may read it too: without what is random in every reply. */
export function alike(reply: Reply, ...hidden: readonly string[]): string {
  const { date: _, 'x-request-id': id, ...headers } = reply.headers
  const seen = JSON.stringify({ status: reply.status, headers, text: reply.text })
  return [String(id), ...hidden].reduce((text, each) => text.replaceAll(each, '<random>'), seen)
}

/** What every reply of this door promises. */
export function holdToPromises(reply: Reply): void {
  const where = `${reply.method} ${reply.path} ${reply.status} ${reply.text}`
  assert(reply.status < 500 || reply.status === 503, where)
  assert.equal(reply.headers['cache-control'], 'no-store', where)
  assert.match(reply.headers['x-request-id']?.toString() ?? '', /^[0-9a-f-]{36}$/, where)
  if (reply.status < 400) return
  assert.equal(reply.headers['content-type'], 'application/problem+json', where)
  assert.equal(reply.body.status, reply.status, where)
  assert.equal(reply.body.type, `urn:twostep:problem:${reply.body.kind}`, where)
  assert(typeof reply.body.title === 'string' && reply.body.title.endsWith('.'), where)
  assert.equal(reply.body.retry_after?.toString(), reply.headers['retry-after'], where)
  // RFC 9110 §15.5.2: whoever is refused for want of credentials is told which.
  assert.equal(reply.headers['www-authenticate'] !== undefined, reply.status === 401, where)
}
