// Webhooks from end to end: what happens to a number, told to the application or business it concerns and to nobody else.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { requestTurnOff } from '#actions/mailed-links.ts'
import { openMessage } from '#records/records.ts'
import { type Business, type Door, expectError, openDoor } from '../faces/graph/door.ts'
import { openRest, otherPin, pin, type RestDoor } from '../faces/rest/door.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { type Got, openReceiver, type Receiver } from './receiver.ts'

let rest: RestDoor
let graph: Door
before(async () => {
  rest = await openRest()
  graph = await openDoor()
})
after(() => Promise.all([rest[Symbol.asyncDispose](), graph[Symbol.asyncDispose]()]))

/** An application whose webhooks come to a receiver. */
async function application(receiver: Receiver) {
  const app = await rest.application()
  const placed = await rest.rest(app, 'PUT', '/webhook', { json: { url: receiver.url } })
  return { app, secret: String(placed.body.signing_secret) }
}

/** As the guide says that a receiver checks. */
function isSigned({ headers, text }: Got, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(wanted)
}

const typesOf = (got: readonly Got[]) => got.map(each => each.body.type)
const dataOf = (got: Got | undefined) => Object(got?.body.data) as Record<string, unknown>
const address = 'holder@mail.example'

test('an application is told all that happens to its registration, in order, signed, without PIN, code or address', async () => {
  using receiver = await openReceiver()
  const { app, secret } = await application(receiver)
  const rival = await rest.application()
  const holder = await rest.registered(app)
  const step = async (count: number, act: Promise<unknown>): Promise<void> => {
    await act
    await receiver.first(count)
  }
  await step(1, holder.put('two-step', { pin }))
  await step(2, holder.put('two-step/email', { pin, email: address, email_repeat: address }))
  await step(3, holder.post('two-step/pin', { current_pin: pin, pin: otherPin }))
  const waiting = await rest.proved(rival, holder.number)
  await step(4, waiting.post('complete'))
  await step(5, holder.post('contest', { pin: otherPin }))
  await waiting.post('complete')
  await waiting.post('recovery-mail')
  const link = (await rest.outbox(address)).find(each => each.link !== undefined)?.link ?? ''
  await receiver.first(6)
  await step(7, rest.send('POST', new URL(link).pathname))
  await step(8, waiting.post('complete'))

  assert.deepEqual(typesOf(receiver.got), [
    ...['pin.set', 'recovery_address.changed', 'pin.changed', 'registration.contested', 'contest.ended'],
    ...['registration.contested', 'pin.removed', 'registration.taken_over'],
  ])
  assert(receiver.got.every(each => isSigned(each, secret)))
  assert(!receiver.got.some(each => isSigned(each, 'whsec_AAAA')))
  assert.equal(new Set(receiver.got.map(each => each.headers['webhook-id'])).size, 8)
  const code = await rest.newestCode(holder.number)
  for (const { text, body } of receiver.got) {
    assert.deepEqual(Object.keys(body), ['type', 'timestamp', 'data'])
    const { registration, number } = body.data as Record<string, unknown>
    assert.deepEqual([registration, number], [holder.id, holder.number])
    for (const secret of [pin, otherPin, code, address, '@']) assert(!text.includes(secret), `${secret} in ${text}`)
  }
  assert.equal(dataOf(receiver.got[6]).door, 'mail')
})

test('after seven days without use both sides are told what is to be deleted, and nothing of each other', async () => {
  using mine = await openReceiver()
  using theirs = await openReceiver()
  const one = await application(mine)
  const two = await application(theirs)
  const holder = await rest.locked(one.app)
  await rest.advance('P7D')
  const waiting = await rest.proved(two.app, holder.number)
  const done = await waiting.post('complete', { accept_reset: 'pending_messages' })
  assert.equal(done.body.state, 'registered', done.text)
  await theirs.first(1)
  await mine.first(2)
  assert.deepEqual(typesOf(theirs.got), ['registration.reset'])
  assert.deepEqual([dataOf(theirs.got[0]).effect, dataOf(theirs.got[0]).registration], ['pending_messages', waiting.id])
  assert.deepEqual(typesOf(mine.got), ['pin.set', 'registration.taken_over'])
  assert.deepEqual([dataOf(mine.got[1]).effect, dataOf(mine.got[1]).registration], ['pending_messages', holder.id])
  assert(!mine.got[1]?.text.includes(waiting.id) && !theirs.got[0]?.text.includes(holder.id))
})

test('a receiver that is down for days gets it when it is back, under the same id; after seven days it is too late', async () => {
  for (const [days, comes] of [
    [6, true],
    [7, false],
  ] as const) {
    using receiver = await openReceiver()
    const { app } = await application(receiver)
    receiver.state.status = 503
    await rest.locked(app)
    await receiver.until(() => receiver.state.posts > 0)
    await rest.advance(`P${days}D`)
    receiver.state.status = 204
    // 410 or not: a message that is over is never posted again, which the next one shows.
    if (!comes) await rest.rest(app, 'POST', '/webhook/test')
    for (let looks = 0; looks < 200 && receiver.got.length === 0; looks += 1) await rest.advance('PT1S')
    await receiver.first(1)
    assert.equal(receiver.got[0]?.body.type, comes ? 'pin.set' : 'webhook.test')
  }
})

test('a secret that was changed signs what waits; a webhook that was removed gets nothing more', async () => {
  using receiver = await openReceiver()
  const { app, secret } = await application(receiver)
  receiver.state.status = 500
  await rest.rest(app, 'POST', '/webhook/test')
  await receiver.until(() => receiver.state.posts > 0)
  const rotated = await rest.rest(app, 'POST', '/webhook/secret')
  receiver.state.status = 200
  for (let looks = 0; looks < 200 && receiver.got.length === 0; looks += 1) await rest.advance('PT5S')
  const [got] = await receiver.first(1)
  assert(got !== undefined && isSigned(got, secret) && isSigned(got, String(rotated.body.signing_secret)))

  using other = await openReceiver()
  const second = await application(other)
  other.state.status = 500
  await rest.rest(second.app, 'POST', '/webhook/test')
  await other.until(() => other.state.posts > 0)
  await rest.rest(second.app, 'DELETE', '/webhook')
  const { posts } = other.state
  await rest.advance('PT1H')
  await rest.rest(app, 'POST', '/webhook/test')
  await receiver.first(2)
  assert.equal(other.state.posts, posts)
})

test('receivers that never answer hold up nobody else: codes leave at once', async () => {
  using quick = await openReceiver()
  const { app } = await application(quick)
  const sockets: Socket[] = []
  const silent = createServer(socket => sockets.push(socket.on('error', () => {})))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  try {
    for (let apps = 0; apps < 6; apps += 1) {
      const slow = await rest.application()
      await rest.rest(slow, 'PUT', '/webhook', { json: { url: `http://127.0.0.1:${port}/` } })
      for (let tests = 0; tests < 10; tests += 1) await rest.rest(slow, 'POST', '/webhook/test')
    }
    const holder = await rest.locked(app)
    await quick.first(1)
    const { world } = rest.sandbox
    const statesOfCode = async () =>
      (await world.records.store.keptMessages(10_000))
        .filter(row => openMessage(world.secrets, row).to === holder.number)
        .map(each => each.state)
    let states = await statesOfCode()
    const patience = performance.now() + 10_000
    while (states[0] !== 'sent' && performance.now() < patience) {
      // The server is in this process: it needs its turns, or the looking itself holds the code up.
      await new Promise(setImmediate)
      states = await statesOfCode()
    }
    assert.deepEqual(states, ['sent'])
    assert.deepEqual(typesOf(quick.got), ['pin.set'])
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
  }
})

test('an application sees how its webhook fares: the last success, and since when and why it fails', async () => {
  using receiver = await openReceiver()
  const { app } = await application(receiver)
  const shown = async () => (await rest.rest(app, 'GET', '/webhook')).body
  assert.deepEqual([(await shown()).state, (await shown()).last_success_at], ['new', null])
  await rest.rest(app, 'POST', '/webhook/test')
  await untilIt(async () => (await shown()).state === 'working')
  const worked = (await shown()).last_success_at
  receiver.state.status = 302
  await rest.locked(app)
  await untilIt(async () => (await shown()).state === 'failing')
  const { failing_since, last_failure, last_failure_status, last_success_at } = await shown()
  assert.deepEqual([last_failure, last_failure_status, last_success_at], ['rejected', 302, worked])
  await rest.advance('P3D')
  await untilIt(async () => (await shown()).state === 'broken')
  assert.equal((await shown()).failing_since, failing_since)
  receiver.state.status = 200
  for (let looks = 0; looks < 200 && (await shown()).state !== 'working'; looks += 1) await rest.advance('PT5S')
  assert.deepEqual([(await shown()).state, (await shown()).failing_since], ['working', null])
})

test('a receiver that answers 410 is not called again, by any message, until the webhook is placed anew', async () => {
  using receiver = await openReceiver()
  const { app, secret } = await application(receiver)
  const shown = async () => (await rest.rest(app, 'GET', '/webhook')).body
  const gone = async () => {
    const { body } = await rest.send('GET', '/api/v1/operator/dead-letters', { token: operatorToken })
    return (body.dead_letters as { reason: string }[]).filter(({ reason }) => reason === 'gone').length
  }
  const before = await gone()
  receiver.state.status = 500
  await rest.rest(app, 'POST', '/webhook/test')
  await untilIt(async () => (await shown()).state === 'failing')
  receiver.state.status = 410
  await Promise.all([1, 2].map(() => rest.rest(app, 'POST', '/webhook/test')))
  await untilIt(async () => (await shown()).state === 'off' && (await gone()) === before + 2)
  const called = receiver.state.posts
  assert(called <= 3)
  await rest.advance('PT1M')
  await untilIt(async () => (await gone()) === before + 3)
  assert.equal(receiver.state.posts, called, 'what waited is not sent either')
  assert.equal((await shown()).last_failure, 'gone')
  const test = await rest.rest(app, 'POST', '/webhook/test')
  assert.deepEqual([test.status, test.body.kind], [409, 'webhook_off'])
  await rest.locked(app)
  await rest.advance('P1D')
  assert.equal(receiver.state.posts, called)
  receiver.state.status = 200
  const again = await rest.rest(app, 'PUT', '/webhook', { json: { url: receiver.url } })
  assert.deepEqual([again.status, again.body.state, again.body.signing_secret], [200, 'new', undefined])
  await rest.rest(app, 'POST', '/webhook/test')
  const [first] = await receiver.first(1)
  assert(first !== undefined && isSigned(first, secret))
  assert.deepEqual(typesOf(receiver.got), ['webhook.test'], 'what happened while it was off is not told')
})

// What is noted after an answer was given is seen by looking again: each look is a whole request.
async function untilIt(holds: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 1_000; looks += 1) if (await holds()) return
  assert.fail('it never was')
}

// ——— businesses

async function subscribed(receiver: Receiver): Promise<Business & { readonly appSecret: string }> {
  const business = await graph.business()
  const made = await graph.send('POST', `/api/v1/operator/businesses/${business.waba}/app-secret`, {
    token: operatorToken,
  })
  assert.equal(made.status, 201)
  const reply = await subscribe(business, { override_callback_uri: receiver.url, verify_token: 'verify me' })
  assert.deepEqual([reply.status, reply.text], [200, '{"success":true}'])
  return { ...business, appSecret: String(made.body.app_secret) }
}

const subscribe = ({ waba, token }: Business, json: object) =>
  graph.send('POST', `/v25.0/${waba}/subscribed_apps`, { token, json })

const isSignedLikeMeta = ({ headers, text }: Got, secret: string): boolean =>
  headers['x-hub-signature-256'] === `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`

test("a subscribed business gets Meta's security webhooks, byte for byte as Meta writes and signs them", async () => {
  using receiver = await openReceiver()
  const business = await subscribed(receiver)
  const phone = await graph.registered(business, pin)
  await receiver.first(1)
  await phone.post('', { json: { pin: otherPin } })
  await receiver.first(2)
  const { world } = graph.sandbox
  const found = await world.records.find('number', { purpose: 'claim', value: phone.id })
  const call = { door: 'manager', requestId: undefined, party: undefined, signal: undefined } as const
  await requestTurnOff(world, call, { number: found?.id ?? '', claim: phone.id, requester: '61555822107539' })
  await receiver.first(3)
  const link = (await graph.outbox(business.email)).find(each => each.link !== undefined)?.link ?? ''
  await graph.send('POST', new URL(link).pathname)
  await receiver.first(4)

  const time = Math.floor(world.clock.now() / 1_000)
  const shown = { display_phone_number: phone.number.slice(1) }
  const values = [
    { ...shown, event: 'PIN_CHANGED' },
    { ...shown, event: 'PIN_CHANGED' },
    { ...shown, event: 'PIN_RESET_REQUEST', requester: '61555822107539' },
    { ...shown, event: 'PIN_RESET_SUCCESS' },
  ]
  for (const [at, value] of values.entries()) {
    const entry = [{ id: business.waba, time, changes: [{ field: 'security', value }] }]
    assert.equal(receiver.got[at]?.text, JSON.stringify({ object: 'whatsapp_business_account', entry }))
  }
  assert(receiver.got.every(each => isSignedLikeMeta(each, business.appSecret)))
})

test('a subscription is read, replaced and ended over Graph, by its own business only', async () => {
  using receiver = await openReceiver()
  const business = await subscribed(receiver)
  const path = `/v25.0/${business.waba}/subscribed_apps`
  const read = await graph.send('GET', path, { token: business.token })
  const [app] = read.body.data as Record<string, unknown>[]
  assert.equal(app?.override_callback_uri, receiver.url)
  assert.equal(Object(app?.whatsapp_business_api_data).id, business.waba)
  assert(!read.text.includes(business.appSecret) && !read.text.includes('verify me'))

  const stranger = await graph.business()
  for (const method of ['GET', 'POST', 'DELETE']) {
    expectError(await graph.send(method, path, { token: stranger.token }), 400, 100, 33)
  }
  const reader = await graph.business(['whatsapp_business_messaging'])
  expectError(await graph.send('GET', `/${reader.waba}/subscribed_apps`, { token: reader.token }), 403, 10)

  assert.equal((await graph.send('DELETE', path, { token: business.token })).text, '{"success":true}')
  assert.equal((await graph.send('DELETE', path, { token: business.token })).text, '{"success":true}')
  assert.deepEqual((await graph.send('GET', path, { token: business.token })).body, { data: [] })
  await graph.registered(business, pin)
  assert.deepEqual([receiver.got.length, receiver.state.posts], [0, 0])
})

test('an address that does not confirm, cannot be reached, or is written badly is not subscribed', async () => {
  using receiver = await openReceiver('another token')
  const bare = await graph.business()
  expectError(await subscribe(bare, { override_callback_uri: receiver.url, verify_token: 'x' }), 400, 100)
  await graph.send('POST', `/api/v1/operator/businesses/${bare.waba}/app-secret`, { token: operatorToken })
  expectError(await subscribe(bare, { override_callback_uri: receiver.url, verify_token: 'wrong' }), 400, 2200)
  for (const uri of ['http://10.0.0.1/', 'http://169.254.169.254/latest/', 'http://127.0.0.1:1/']) {
    expectError(await subscribe(bare, { override_callback_uri: uri, verify_token: 'x' }), 400, 2200)
  }
  for (const wrong of [{}, { verify_token: 'x' }, { override_callback_uri: receiver.url }]) {
    expectError(await subscribe(bare, wrong), 400, 100)
  }
  for (const uri of [
    '',
    'x',
    'ftp://a.example/',
    7,
    ['http://a.example/'],
    'http://u:p@a.example/',
    'http://a.example/\r\nx',
  ]) {
    expectError(await subscribe(bare, { override_callback_uri: uri, verify_token: 'x' }), 400, 100)
  }
  for (const token of ['', 'ü', 'a\r\nb', 7, 'x'.repeat(257)]) {
    expectError(await subscribe(bare, { override_callback_uri: receiver.url, verify_token: token }), 400, 100)
  }
  const listed = await graph.send('GET', `/v25.0/${bare.waba}/subscribed_apps`, { token: bare.token })
  assert.deepEqual(listed.body, { data: [] })
  const nobody = await graph.send('POST', '/api/v1/operator/businesses/1/app-secret', { token: operatorToken })
  assert.deepEqual([nobody.status, nobody.body.kind], [404, 'no_such_business'])
  assert.equal((await graph.send('POST', `/api/v1/operator/businesses/${bare.waba}/app-secret`)).status, 401)
})
