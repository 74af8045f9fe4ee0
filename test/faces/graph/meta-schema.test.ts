// The check against Meta's schema is itself checked: it bites, it says nothing of its own, every exception to it is met by
// a real reply, and what it calls a good request is one.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDoor, type Phone, type Reply, registration } from './door.ts'
import { differences, exceptions, holdToMeta, isMetaRequest, meta, operationOf } from './meta-schema.ts'

const door = await openDoor({ TWOSTEP_GRAPH_CALLS_PER_HOUR: '100' })
after(() => door[Symbol.asyncDispose]())

test('the digest names its source and holds facts only, no sentence', () => {
  const { source, version, spec, ...facts } = meta
  assert.equal(source, "Meta's business messaging OpenAPI description")
  assert.match(version, /^v[0-9]+\.[0-9]+$/)
  assert.match(spec, /^[0-9-]{10}$/)
  const names = ['description', 'summary', 'title', 'example', 'examples', 'default']
  JSON.stringify(facts, (name, value) => {
    assert(!names.includes(name), `${name} is no fact`)
    if (typeof value === 'string') assert.doesNotMatch(value, /\s/)
    return value
  })
  for (const name of Object.keys(meta.operations))
    assert.match(name, /^(GET|POST) \/\{Version\}\/\{[A-Za-z-]+\}(\/[a-z_]+)?$/)
})

test('a path is found under its name in the file, whatever its version and ids', () => {
  const node = '/{Version}/{Phone-Number-ID}'
  assert.equal(operationOf({ method: 'GET', path: '/v25.0/123' }), `GET ${node}`)
  assert.equal(operationOf({ method: 'GET', path: '/123/?fields=id' }), `GET ${node}`)
  assert.equal(operationOf({ method: 'POST', path: '/v3.2/123/request_code/' }), `POST ${node}/request_code`)
  assert.equal(
    operationOf({ method: 'GET', path: '/9/phone_numbers?limit=1' }),
    'GET /{Version}/{WABA-ID}/phone_numbers',
  )
  for (const path of ['/v25.0/me', '/x/123', '/v25.0/123/a/b'])
    assert.equal(operationOf({ method: 'GET', path }), 'GET ?')
})

test('a reply that Meta would not send is found out', () => {
  const good = { method: 'POST', path: '/v25.0/1/register', status: 200, body: { success: true } }
  const error = { message: '(#100) x', type: 'OAuthException', code: 100, fbtrace_id: 'A1' }
  holdToMeta(good)
  holdToMeta({ ...good, status: 400, body: { error } })
  const bad = [
    { ...good, body: {} },
    { ...good, body: { success: 'true' } },
    { ...good, status: 400 },
    { ...good, status: 404, body: { error } },
    { ...good, status: 400, body: { error: { ...error, code: '100' } } },
    { ...good, status: 400, body: { error: { ...error, type: undefined } } },
    { ...good, status: 400, body: { error: { ...error, fbtrace_id: 7 } } },
    { ...good, status: 400, body: { error: { ...error, error_subcode: 33 } } },
    { ...good, status: 400, body: { error: { ...error, code: 133007 } } },
    { method: 'GET', path: '/1', status: 200, body: { id: 1 } },
    { method: 'GET', path: '/1', status: 200, body: { quality_rating: 'PURPLE' } },
    { method: 'GET', path: '/1/phone_numbers', status: 200, body: {} },
    { method: 'GET', path: '/1/phone_numbers', status: 200, body: { data: [{ id: '1', status: 'PENDING' }, {}] } },
    { method: 'POST', path: '/1/phone_numbers', status: 200, body: { success: true } },
    { method: 'POST', path: '/1/messages', status: 200, body: { messages: [{ id: 5 }] } },
  ]
  for (const reply of bad) assert.throws(() => holdToMeta(reply), assert.AssertionError, JSON.stringify(reply))
})

// ——— every exception is met

const right = '493816'
const replies: Reply[] = []

/** A reply whose differences count. */
async function met(reply: Promise<Reply>): Promise<Reply> {
  replies.push(await reply)
  return reply
}

async function meetNumbers(): Promise<void> {
  const [bakery, stranger] = [await door.business(), await door.business()]
  const fields = ['quality_rating', 'code_verification_status', 'status', 'messaging_limit_tier']
  const phone = await door.added(bakery)
  await met(phone.read(...fields))
  await met(phone.register(right))
  await met(
    phone.post('messages', { json: { messaging_product: 'whatsapp', to: '+447700901999', text: { body: 'x' } } }),
  )
  await door.prove(phone)
  await phone.register(right)
  await met(list(bakery, {}))
  await met(list(bakery, { fields: 'id' }))
  await door.advance('PT1M')
  const theirs = await door.proved(stranger, phone.number.slice(3))
  await met(theirs.post('', { json: { pin: right } }))
  await met(theirs.register('604188'))
  await theirs.register(right)
  await met(phone.read(...fields))
  await met(list(bakery, { fields: fields.join(',') }))
  await met(door.graph('DELETE', `/v25.0/${theirs.id}`, { token: stranger.token, json: { pin: right } }))
  await door.advance('PT1M')
  await met((await door.proved(stranger, phone.number.slice(3))).register(right))
  await met(door.graph('POST', `/v25.0/${bakery.waba}/phone_numbers`, { token: bakery.token, json: again(phone) }))
}

const list = (of: { readonly waba: string; readonly token: string }, query: Record<string, string>) =>
  door.graph('GET', `/v25.0/${of.waba}/phone_numbers`, { token: of.token, query })
const again = (phone: Phone) => ({ cc: '44', phone_number: phone.number.slice(3), verified_name: 'Again' })

async function meetWaits(): Promise<void> {
  const bakery = await door.business()
  const phone = await door.registered(bakery, right)
  for (let at = 0; at < 2; at += 1) {
    await met(phone.post('request_code', { json: { code_method: 'SMS', language: 'en_US' } }))
  }
  await met(phone.post('verify_code', { json: { code: '000000' } }))
  const guess = () => door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin: '604188' } })
  for (let at = 0; at < 5; at += 1) await guess()
  await met(phone.register(right))
  for (let at = 0; at < 5; at += 1) {
    await door.advance('PT1H')
    await guess()
  }
  await met(phone.register(right))
  for (let at = 0; at < 10; at += 1) await phone.register('12345')
  await met(phone.register(right))
}

async function meetRefusals(): Promise<void> {
  const bakery = await door.business(['whatsapp_business_management'])
  const phone = await door.proved(bakery)
  const { secrets, records, lanes } = door.sandbox.world
  await met(phone.post('', { token: undefined }))
  await met(phone.post('', { token: 'EAAwrong' }))
  await met(door.graph('GET', '/v25.0/1', { token: bakery.token }))
  await met(door.graph('GET', '/v25.0/me', { token: bakery.token }))
  const writer = await door.token(bakery.waba, ['whatsapp_business_messaging'])
  await met(door.graph('GET', `/v25.0/${bakery.waba}/phone_numbers`, { token: writer }))

  const places = []
  for (let place = secrets.hashing.reserve(); place !== undefined; place = secrets.hashing.reserve()) places.push(place)
  await met(phone.register(right))
  for (const place of places) place.release()

  // So many changes of one number wait that no more are taken.
  const subject = await records.find('number', { purpose: 'claim', value: phone.id })
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const waiting = Array.from({ length: 256 }, () => lanes(`number/${subject?.id}`, bakery.waba, () => held))
  const away = await met(phone.post('deregister'))
  letGo()
  await Promise.all(waiting)
  assert.equal(away.headers['retry-after'], '1')

  for (let at = 0; at < 100; at += 1) await phone.read()
  await met(phone.post('deregister'))
}

/** A number whose PIN way is closed. The wrong guesses are ones that cannot be a PIN: those are not hashed. */
async function meetClosedLock(): Promise<void> {
  const bakery = await door.business()
  const phone = await door.registered(bakery, right)
  for (let at = 0; at < 100; at += 1) {
    await door.advance('P3D')
    await door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin: 'closed' } })
  }
  await door.advance('P3D')
  await met(phone.register(right))
}

test('every exception is met by a real reply, and every real reply by no more than these', async () => {
  await meetNumbers()
  await meetWaits()
  await meetRefusals()
  await meetClosedLock()
  const found = new Set(replies.flatMap(differences))
  assert.deepEqual([...found].toSorted(), Object.keys(exceptions).toSorted())
  for (const reason of Object.values(exceptions)) assert(reason.length > 20, 'an exception has its reason')
})

// ——— requests

test("what Meta's schema takes as a request is taken, and what it refuses is refused", async () => {
  const bakery = await door.business()
  const held = await door.registered(bakery, right)
  const edge = (name: string) => `POST /{Version}/{Phone-Number-ID}/${name}`
  const codeRequest = { code_method: 'SMS', language: 'en_US' }
  const newNumber = { cc: '44', phone_number: door.newNational(), verified_name: 'Test Bakery' }
  const add = (json: unknown) =>
    door.graph('POST', `/v25.0/${bakery.waba}/phone_numbers`, { token: bakery.token, json })
  const cases: readonly [operation: string, good: Record<string, unknown>, ask: (json: unknown) => Promise<Reply>][] = [
    [edge('register'), registration(right), json => held.post('register', { json })],
    [edge('request_code'), codeRequest, async json => (await door.added(bakery)).post('request_code', { json })],
    ['POST /{Version}/{WABA-ID}/phone_numbers', newNumber, add],
  ]
  for (const [operation, good, ask] of cases) {
    assert(isMetaRequest(operation, good), operation)
    assert.equal((await ask(good)).status, 200, operation)
    for (const name of Object.keys(good)) {
      for (const value of [undefined, '', 'x', [good[name]], { of: good[name] }]) {
        const bad = { ...good, [name]: value }
        if (isMetaRequest(operation, bad)) continue
        const reply = await ask(bad)
        assert.equal(reply.status, 400, `${operation} ${JSON.stringify(bad)}`)
        await door.advance('P1D')
      }
    }
  }
})
