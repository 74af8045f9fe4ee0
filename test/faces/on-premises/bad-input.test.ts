// What is no good request, on every call of the On-Premises door: a clear refusal in its own envelope, never a fault, and
// nothing is changed. And what it does when there is too much of it.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readConfig } from '#config'
import { onPremisesDoor } from '#faces/on-premises/on-premises.ts'
import { readTrustedProxies } from '#http/client-address.ts'
import {
  adminPassword,
  basic,
  certificate,
  expectError,
  newClient,
  openDoor,
  type Reply,
  registerNumber,
  registration,
  type Sent,
} from './client.ts'

const door = await openDoor({ TWOSTEP_TRUSTED_PROXIES: '127.0.0.1' })
after(() => door[Symbol.asyncDispose]())
const shop = await newClient(door)
const { client, admin: token } = shop
const national = door.newNational()
await registerNumber(door, shop, national)

/** Lets the allowance of requests fill up. */
const breathe = () => door.advance('PT3S')

const json = 'application/json'
const raw = (body: string | Uint8Array, type = json): Sent => ({ raw: { body, type } })
const unreadable: readonly Sent[] = [
  ...['{', '{"pin":', '{pin:1}', '\u0000', 'NaN', '[]', '"493816"', 'null', 'true', '{"a":"\\ud800"}'].map(each =>
    raw(each),
  ),
  raw(Uint8Array.of(0x7b, 0xff, 0x7d)),
  raw('pin=%ff%fe', 'application/x-www-form-urlencoded'),
  raw('--seam', 'multipart/form-data; boundary=seam'),
  raw('pin=493816', 'text/plain'),
  { json: { pin: '493816' }, headers: { 'content-encoding': 'gzip' } },
  raw(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`),
  raw('a=1&'.repeat(300), 'application/x-www-form-urlencoded'),
  raw(`{"pin":"${'1'.repeat(1_000_000)}"}`),
  { ...raw(' '.repeat(66_000)), chunked: false },
]

const writes: readonly [method: string, path: string][] = [
  ['POST', '/users'],
  ['PUT', '/users/admin'],
  ['POST', '/account'],
  ['POST', '/account/verify'],
  ['POST', '/account/shards'],
  ['POST', '/settings/account/two-step'],
  ['PATCH', '/settings/application'],
]

test('what cannot be read is refused alike on every call, and changes nothing', async () => {
  const before = await stateOf()
  for (const [at, sent] of unreadable.entries()) {
    for (const [method, path] of at % 6 === 0 ? writes : writes.slice(0, 1)) {
      expectError(await client.send(method, path, { ...sent, token }), 400, 1025)
      expectError(await client.send(method, path, sent), 401, 1005)
    }
    const headers = { ...sent.headers, ...basic('admin', adminPassword) }
    expectError(await client.send('POST', '/users/login', { ...sent, headers }), 400, 1025)
    await breathe()
  }
  assert.deepEqual(await stateOf(), before)
})

const odd: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\r\n',
    '12345',
    '1234567',
    ' 493816',
    '493816\n',
    '４９３８１６',
    '٤٩٣٨١٦',
    '49381６',
    '²³¹⁴⁵⁶',
    '493816\u200b',
  ],
  ...['4938\u000016', 'a'.repeat(10_000), "493816' OR '1'='1", '<b>493816</b>', '__proto__', '𝟒𝟗𝟑𝟖𝟏𝟔', '0x1234', '1e5'],
  ...[true, false, 1.5, -493816, 49381, 1e300, [], ['493816'], {}, { $gt: '' }],
]

test('no odd value in any place is taken for a good one, and none is a fault', async () => {
  const good: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    '/account': registration(national, { pin: '493816' }),
    '/account/shards': { cc: '44', phone_number: national, shards: 4, pin: '493816' },
    '/account/verify': { code: '493816' },
    '/settings/account/two-step': { pin: '493816' },
    '/users': { username: 'baker', password: 'rye-and-spelt' },
  }
  const taken: string[] = []
  for (const [path, body] of Object.entries(good)) {
    for (const name of Object.keys(body)) {
      const replies = await Promise.all([
        client.send('POST', path, { token, json: { ...body, [name]: null } }),
        client.send('POST', path, {
          token,
          json: Object.fromEntries(Object.entries(body).filter(([each]) => each !== name)),
        }),
        ...odd.map(value => client.send('POST', path, { token, json: { ...body, [name]: value } })),
      ])
      await breathe()
      taken.push(...replies.flatMap((reply, at) => judge(path, name, reply, at < 2 ? 'missing' : odd[at - 2])))
    }
  }
  // Left out, a PIN is no PIN; and these are good, however odd they look.
  const names = ['12345', '1234567', '__proto__', '0x1234', '-493816', '49381'].map(each => `/users username ${each}`)
  assert.deepEqual(taken, [
    '/account phone_number 1234567',
    ...['/account pin missing', '/account pin missing', '/account/shards pin missing', '/account/shards pin missing'],
    ...[...names, "/users password 493816' OR '1'='1"],
  ])
  assert.deepEqual((await stateOf()).number.lock, { kind: 'none' })
})

/** A reply that is no clear refusal, in words. */
function judge(path: string, name: string, reply: Reply, value: unknown): readonly string[] {
  if (reply.status < 300) return [`${path} ${name} ${value}`]
  const [error] = reply.body.errors as readonly { code: number; details: string }[]
  assert([400, 409].includes(reply.status), `${path} ${name}: ${reply.status} ${reply.text}`)
  assert([1004, 1008, 1009].includes(error?.code ?? 0), reply.text)
  if (value === 'missing') assert.equal(error?.code, 1008)
  return []
}

test('no odd path or method is a fault, and each is answered in the envelope', async () => {
  const paths = [
    '',
    '/',
    '/nothing',
    '/users/',
    '/users//',
    '/users/%00',
    '/users/%0d%0aX:y',
    '/users/a%2fb',
    '/users/%ff',
    '/account/verify/x',
    `/users/${'x'.repeat(5_000)}`,
  ]
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const reply = await door.send(method, client.base + path, { token })
      assert(reply.status >= 400 && reply.status < 500, `${method} ${path}: ${reply.status}`)
    }
    await breathe()
  }
  expectError(await client.send('GET', '/nothing', { token }), 404, 1006)
  expectError(await client.send('GET', '/account', { token }), 404, 1006)
  expectError(await client.send('GET', '/users/%0d%0aX:y', { token }), 404, 1006)
})

test('names with line breaks or hidden characters are refused, and so is what is no certificate', async () => {
  for (const name of ['Bakery\r\nX: y', 'Bakery\u202e', 'B', 'x'.repeat(76), '\u0000\u0000']) {
    const sent = { token, json: registration(door.newNational(), { cert: certificate(name) }) }
    expectError(await client.send('POST', '/account', sent), 400, 1009, /cert/)
  }
  await breathe()
})

test('twenty requests a second with bursts of sixty; strangers’ requests take nothing from who has a token', async () => {
  await breathe()
  const ask = () => client.send('GET', '/users/admin', { token })
  const strange = await Promise.all(Array.from({ length: 70 }, () => client.send('GET', '/users/admin')))
  assert.deepEqual(counts(strange), { 401: 60, 429: 10 })
  const known = await Promise.all(Array.from({ length: 62 }, ask))
  assert.deepEqual(counts(known), { 200: 60, 429: 2 })
  const refused = await ask()
  expectError(refused, 429, 1015)
  assert.equal(refused.headers['retry-after'], '1')
  await door.advance('PT0.049S')
  assert.equal((await ask()).status, 429)
  await door.advance('PT0.001S')
  assert.equal((await ask()).status, 200)
  await breathe()
})

test('when too much hashing waits the answer is 503 and 1016, and nobody’s guess is spent', async () => {
  const { hashing } = door.sandbox.world.secrets
  const before = await stateOf()
  const places = []
  for (let place = hashing.reserve(); place !== undefined; place = hashing.reserve()) places.push(place)
  const busy = [
    await client.login('admin', 'Wrong-bread-1', undefined, { 'x-forwarded-for': '203.0.113.5' }),
    await client.send('POST', '/users', { token, json: { username: 'kneader', password: 'rye-and-spelt' } }),
    await client.send('PUT', '/users/admin', { token, json: { password: 'Wholemeal-8' } }),
    await client.send('POST', '/settings/account/two-step', { token, json: { pin: '493816' } }),
  ]
  for (const place of places) place.release()
  for (const reply of busy) {
    expectError(reply, 503, 1016)
    assert.match(reply.headers['retry-after'] ?? '', /^[1-9][0-9]?$/)
  }
  assert.deepEqual(await stateOf(), before)
})

test('/v1 is the business that the settings name; when they name none, nothing is there', async () => {
  const { proxies } = readTrustedProxies([])
  const options = { proxies, report: assert.ifError, malformed: () => {} }
  const nobody = onPremisesDoor(door.sandbox.world, { ...options, business: undefined })
  for (const path of ['/v1/health', '/v1/users/login', '/v1/x']) {
    const reply = await nobody.request(path, { method: path.endsWith('login') ? 'POST' : 'GET' })
    assert.deepEqual([reply.status, (await reply.text()).includes('"code":1006')], [404, true])
  }
  const ours = onPremisesDoor(door.sandbox.world, { ...options, business: shop.business.waba })
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await ours.request('/v1/health', { headers })).status, 200)

  const id = shop.business.waba
  assert.equal(readConfig({ TWOSTEP_ON_PREMISES_BUSINESS: id }).onPremisesBusiness, id)
  for (const wrong of ['1', 'bakery', `${id}0`]) {
    assert.throws(() => readConfig({ TWOSTEP_ON_PREMISES_BUSINESS: wrong }), /15 digits/)
  }
})

const counts = (replies: readonly Reply[]): Record<number, number> =>
  Object.fromEntries(
    Map.groupBy(replies, each => each.status)
      .entries()
      .map(([status, those]) => [status, those.length]),
  )

/** What must not change: the number, and the client but for when it was last seen. */
async function stateOf() {
  const { records } = door.sandbox.world
  const number = (await records.find('number', { purpose: 'number', value: `+44${national}` }))?.document
  const installation = (await records.load('on_premises', shop.business.waba))?.document
  assert(number !== undefined && installation !== undefined)
  return { number: { ...number, seen: 0 }, installation: { ...installation, seen: 0 } }
}
