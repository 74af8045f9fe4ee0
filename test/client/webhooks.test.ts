// The client's webhook readers on the receiving side of a running server, and against whoever forges, repeats or bends.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import {
  answerHandshake,
  type ReadWebhook,
  readTwostepWebhook,
  readWhatsAppWebhook,
  securityEvents,
  type WhatsAppWebhook,
} from '#client/index.ts'
import { instantAt } from '#core/kernel/instant.ts'
import { type Signing, signatureOf } from '#delivery/webhook/sign.ts'
import { openReceiver } from '../delivery/receiver.ts'
import { type Business, expectSuccess, type Phone } from '../faces/graph/door.ts'
import { openRest, pin } from '../faces/rest/door.ts'
import { operatorToken } from '../faces/sandbox.ts'

const door = await openRest()
after(() => door[Symbol.asyncDispose]())

/** A number that a business holds. */
async function numberOf(business: Business): Promise<Phone> {
  const phone = await door.prove(await door.added(business))
  expectSuccess(await phone.register(pin))
  return phone
}

test('an address that answers with answerHandshake is subscribed, and reads what then comes', async () => {
  const business = await door.business()
  const phone = await numberOf(business)
  const path = `/api/v1/operator/businesses/${business.waba}/app-secret`
  const made = await door.send('POST', path, { token: operatorToken })
  const appSecret = String(made.body.app_secret)

  const [came, tell] = promised<ReadWebhook<WhatsAppWebhook>>()
  const receiver = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const { status, headers, body } = await answerHandshake(request.url ?? '', 'open sesame')
      response.writeHead(status, headers).end(body)
      return
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    tell(await readWhatsAppWebhook({ headers: request.headers, body: Buffer.concat(chunks), appSecret }))
    response.writeHead(200).end()
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  try {
    const override_callback_uri = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
    const subscribe = (verify_token: string) =>
      door.graph('POST', `/v25.0/${business.waba}/subscribed_apps`, {
        token: business.token,
        json: { override_callback_uri, verify_token },
      })
    assert.equal((await subscribe('open says me')).status, 400)
    expectSuccess(await subscribe('open sesame'))
    expectSuccess(await phone.post('', { json: { pin: '058227' } }))
    const read = await came
    assert(read.ok)
    assert.deepEqual(securityEvents(read.event), [
      { businessAccountId: business.waba, display_phone_number: phone.number.slice(1), event: 'PIN_CHANGED' },
    ])
  } finally {
    receiver.closeAllConnections()
    receiver.close()
  }
})

test('what an application is sent is read, with an id to know it again by', async () => {
  using receiver = await openReceiver()
  const app = await door.application()
  const placed = await door.rest(app, 'PUT', '/webhook', { json: { url: receiver.url } })
  const holder = await door.registered(app)
  await holder.put('two-step', { pin })
  const [got] = await receiver.first(1)
  assert(got !== undefined)
  const read = await readTwostepWebhook({
    headers: got.headers,
    body: got.text,
    secret: String(placed.body.signing_secret),
  })
  assert(read.ok)
  assert.deepEqual([read.event.type, read.event.data.registration], ['pin.set', holder.id])
  assert.match(read.event.id, /^msg_/)
})

const secret = `whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`
const oldSecret = `whsec_${Buffer.from('an older one, as long too').toString('base64')}`
const at = instantAt(1_800_000_000_000)
const body = '{"type":"pin.set","timestamp":"2027-01-15T08:00:00.000Z","data":{"door":"rest"}}'
const standard = (secrets: readonly string[]): Signing => ({ scheme: 'standard', secrets })
const signed = (text = body, secrets = [secret]) => signatureOf(standard(secrets), { id: '7', at, body: text })
const headersOf = (headers: Readonly<Record<string, string>>): readonly (IncomingHttpHeaders | Headers)[] => [
  headers,
  new Headers(headers),
]

test('a Twostep webhook is believed when it is signed, whole and fresh, and never otherwise', async () => {
  const reasonOf = async (changed: Readonly<Record<string, string>>, more: object = {}): Promise<string> => {
    const reasons = headersOf({ ...signed(), ...changed }).map(async headers => {
      const read = await readTwostepWebhook({ headers, body, secret, now: at, ...more })
      return read.ok ? 'read' : read.reason
    })
    const [plain, fetched] = await Promise.all(reasons)
    assert.equal(plain, fetched)
    return plain ?? ''
  }
  assert.equal(await reasonOf({}), 'read')
  assert.equal(await reasonOf({}, { body: new TextEncoder().encode(body) }), 'read')
  assert.equal(await reasonOf({}, { secret: [oldSecret, secret] }), 'read')
  assert.equal(await reasonOf(signed(body, [oldSecret, secret])), 'read')
  assert.equal(await reasonOf({}, { now: at + 300_000 }), 'read')
  assert.equal(await reasonOf({}, { now: at + 300_001 }), 'too_old')
  assert.equal(await reasonOf({}, { now: at - 300_001 }), 'too_old')
  assert.equal(await reasonOf({}, { secret: oldSecret }), 'wrong_signature')
  assert.equal(await reasonOf({}, { body: `${body} ` }), 'wrong_signature')
  assert.equal(await reasonOf({ 'webhook-id': 'msg_8' }), 'wrong_signature')
  assert.equal(await reasonOf({ 'webhook-timestamp': '1800000001' }), 'wrong_signature')
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    assert.equal(await reasonOf({ [name]: '' }), 'not_signed')
  }
  assert.equal(await reasonOf({ 'webhook-signature': 'v1,AAAA' }), 'not_signed')
  assert.equal(
    await reasonOf({ 'webhook-signature': signed()['webhook-signature']?.replace('v1,', 'v2,') ?? '' }),
    'not_signed',
  )
  assert.equal(await reasonOf(signed('[]'), { body: '[]' }), 'unreadable')
  await assert.rejects(readTwostepWebhook({ headers: signed(), body, secret: 'not a secret' }), (error: Error) => {
    return error.name === 'TypeError' && !error.message.includes('not a secret')
  })
})

test("a webhook of Meta's is believed when the app secret signed the bytes that came, and never otherwise", async () => {
  const text = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[${[
    '{"field":"messages","value":{}}',
    '{"field":"security","value":{"display_phone_number":"15550783881","event":"PIN_REQUEST_SUCCESS"}}',
    '{"field":"security","value":{"display_phone_number":"15550783881","event":"PIN_RESET_REQUEST","requester":"6155"}}',
  ].join()}]}]}`
  const meta: Signing = { scheme: 'meta', secret: 'app secret' }
  const headers = signatureOf(meta, { id: '7', at, body: text })
  const read = await readWhatsAppWebhook({ headers, body: text, appSecret: 'app secret' })
  assert(read.ok)
  const about = { businessAccountId: '1', display_phone_number: '15550783881' }
  assert.deepEqual(securityEvents(read.event), [
    { ...about, event: 'PIN_RESET_SUCCESS' },
    { ...about, event: 'PIN_RESET_REQUEST', requester: '6155' },
  ])
  const reasonOf = async (more: object): Promise<string> => {
    const read = await readWhatsAppWebhook({ headers, body: text, appSecret: 'app secret', ...more })
    return read.ok ? 'read' : read.reason
  }
  const given = headers['x-hub-signature-256'] ?? ''
  assert.equal(
    await reasonOf({ headers: { 'X-Hub-Signature-256': given.toUpperCase().replace('SHA256', 'sha256') } }),
    'read',
  )
  assert.equal(await reasonOf({ body: text.replace('PIN_REQUEST', 'PIN_RESET') }), 'wrong_signature')
  assert.equal(await reasonOf({ appSecret: 'another' }), 'wrong_signature')
  assert.equal(await reasonOf({ appSecret: '' }), 'not_signed')
  for (const bent of [
    '',
    given.slice(0, -2),
    `${given}00`,
    given.replace('sha256', 'sha1'),
    given.replace(/.$/, 'g'),
  ]) {
    assert.equal(await reasonOf({ headers: { 'x-hub-signature-256': bent } }), 'not_signed', bent)
  }
  assert.equal(await reasonOf({ headers: { 'x-hub-signature-256': [given, given] } }), 'not_signed')
})

test('a handshake is answered to who knows the verify token, with nothing that could be a page', async () => {
  const asked = (query: Readonly<Record<string, string>>) =>
    answerHandshake(
      `/hooks?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', ...query })}`,
      'open sesame',
    )
  const good = await asked({ 'hub.verify_token': 'open sesame' })
  assert.deepEqual([good.status, good.body], [200, '1158201444'])
  assert.equal(good.headers['content-type'], 'text/plain; charset=utf-8')
  for (const bad of [
    {},
    { 'hub.verify_token': 'open sesam' },
    { 'hub.verify_token': 'open sesame', 'hub.mode': 'unsubscribe' },
    { 'hub.verify_token': 'open sesame', 'hub.challenge': '<script>' },
    { 'hub.verify_token': 'open sesame', 'hub.challenge': '' },
  ]) {
    const { status, body } = await asked(bad)
    assert.deepEqual([status, body], [403, ''])
  }
  assert.equal((await answerHandshake('/hooks?hub.mode=subscribe&hub.challenge=1&hub.verify_token=', '')).status, 403)
})

function promised<Value>(): readonly [came: Promise<Value>, tell: (value: Value) => void] {
  const { promise, resolve } = Promise.withResolvers<Value>()
  return [promise, resolve]
}
