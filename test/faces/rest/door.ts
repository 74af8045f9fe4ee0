// The door of applications as its tests meet it: a sandbox whose clock stands still until it is moved, and replies that are
// each held to what every reply of this door promises.

import assert from 'node:assert/strict'
import type { z } from 'zod'
import * as contract from '#contract/registrations.ts'
import { openDoor, type Reply, type Sent } from '../graph/door.ts'
import { operatorToken, type Settings } from '../sandbox.ts'

export type Application = { readonly id: string; readonly key: string }

/** A registration, in the hands of its application. */
export type Registration = {
  readonly id: string
  /** As E.164. */
  readonly number: string
  readonly get: (edge?: string) => Promise<Reply>
  readonly post: (edge: string, json?: object, headers?: Headers) => Promise<Reply>
  readonly put: (edge: string, json?: object, headers?: Headers) => Promise<Reply>
}

type Headers = Readonly<Record<string, string>>

export const pin = '837465'
export const otherPin = '504829'

/** Opens a sandbox. `folder`: the data of one that was open before. */
export async function openRest(settings: Settings = {}) {
  const door = await openDoor(settings)
  const { send } = door

  /** A call of an application. Its reply keeps every promise of this door, or this throws. */
  async function rest(of: Application | undefined, method: string, path: string, sent: Sent = {}): Promise<Reply> {
    const reply = await send(method, `/api/v1${path}`, { ...(of === undefined ? {} : { token: of.key }), ...sent })
    holdToPromises(reply)
    return reply
  }

  async function application(): Promise<Application> {
    const made = await send('POST', '/api/v1/operator/applications', { token: operatorToken, json: { name: 'App' } })
    return { id: String(made.body.id), key: String(made.body.api_key) }
  }

  function registrationOf(of: Application, id: string, number: string): Registration {
    const at = (edge: string) => `/registrations/${id}${edge === '' ? '' : `/${edge}`}`
    return {
      id,
      number,
      get: (edge = '') => rest(of, 'GET', at(edge)),
      post: (edge, json = {}, headers = {}) => rest(of, 'POST', at(edge), { json, headers }),
      put: (edge, json = {}, headers = {}) => rest(of, 'PUT', at(edge), { json, headers }),
    }
  }

  /** A registration that was begun: its code is on the way. Of a number that had one before, a minute later. */
  async function begun(of: Application, known?: string): Promise<Registration> {
    // Strangers' codes to one number are a minute apart.
    if (known !== undefined) await door.advance('PT1M')
    const number = known ?? `+44${door.newNational()}`
    const reply = await rest(of, 'POST', '/registrations', { json: { number } })
    assert.equal(reply.status, 201, reply.text)
    return registrationOf(of, String(reply.body.id), number)
  }

  /** One that has proved its number. */
  async function proved(of: Application, number?: string): Promise<Registration> {
    const registration = await begun(of, number)
    const code = await door.newestCode(registration.number)
    const reply = await registration.post('code/check', { code })
    assert.deepEqual([reply.status, reply.body.state, reply.body.next], [200, 'proved', 'complete'], reply.text)
    return registration
  }

  /** One that holds its number, without a PIN. */
  async function registered(of: Application, number?: string): Promise<Registration> {
    const registration = await proved(of, number)
    const reply = await registration.post('complete')
    assert.deepEqual([reply.status, reply.body.state], [200, 'registered'], reply.text)
    return registration
  }

  /** One that holds its number, with {@link pin}. */
  async function locked(of: Application, more: object = {}, number?: string): Promise<Registration> {
    const registration = await registered(of, number)
    const reply = await registration.put('two-step', { pin, ...more })
    assert.deepEqual([reply.status, reply.body.enabled], [200, true], reply.text)
    return registration
  }

  /** The path of the newest link that was mailed to an address. */
  async function newestLink(to: string): Promise<string> {
    const messages = (await door.outbox(to)) as readonly { readonly link?: string }[]
    return new URL(messages.find(({ link }) => link !== undefined)?.link ?? '').pathname
  }

  /** Confirms a mailed link, as the button of its page does. */
  async function confirm(link: string): Promise<void> {
    const reply = await send('POST', link, { headers: { origin: door.url } })
    assert.equal(reply.status, 303, reply.text)
  }

  return {
    ...door,
    newestLink,
    confirm,
    rest,
    application,
    registrationOf,
    ...{ begun, proved, registered, locked },
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  }
}

export type RestDoor = Awaited<ReturnType<typeof openRest>>

const answers: readonly (readonly [RegExp, z.ZodType])[] = [
  [/\/registrations$/, contract.registrationAnswer],
  [/\/registrations\/\d+(?:\/(?:code|code\/check|deregister))?$/, contract.registrationAnswer],
  [/\/complete$/, contract.completedAnswer],
  [/\/two-step(?:\/\w+)?$/, contract.twoStepAnswer],
  [/\/recovery-mail$/, contract.recoveryMailAnswer],
  [/\/use$/, contract.useAnswer],
  [/\/reminder$/, contract.reminderAnswer],
  [/\/contest$/, contract.contestAnswer],
]

function holdToPromises(reply: Reply): void {
  const where = `${reply.method} ${reply.path} ${reply.status} ${reply.text}`
  assert.equal(reply.headers['cache-control'], 'no-store', where)
  assert.match(reply.headers['x-request-id']?.toString() ?? '', /^[0-9a-f-]{36}$/)
  if (reply.status < 400) {
    const schema = answers.find(([path]) => path.test(reply.path))?.[1]
    const parsed = schema?.safeParse(reply.body)
    assert.equal(parsed?.error?.message, undefined, where)
    return
  }
  assert.equal(reply.headers['content-type'], 'application/problem+json', where)
  assert.equal(reply.body.status, reply.status, where)
  assert.equal(reply.body.type, `urn:twostep:problem:${reply.body.kind}`, where)
  assert.ok(typeof reply.body.title === 'string' && reply.body.title.endsWith('.'), where)
  assert.equal(reply.body.retry_after?.toString(), reply.headers['retry-after'], where)
  if ('guesses_left' in reply.body) assert.equal(contract.lockMembers.safeParse(reply.body).success, true, where)
  if (reply.status === 423 && reply.body.kind === 'pin_needed') assert.ok('guesses_left' in reply.body, where)
}
