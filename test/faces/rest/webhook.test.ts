// An application's webhook: placed, moved, its secret changed, tried, taken away; and what it is told.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Application, openRest, otherPin, pin, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
before(async () => {
  door = await openRest()
  app = await door.application()
})
after(() => door[Symbol.asyncDispose]())

const url = 'https://app.example/hooks'
const webhook = (method: string, edge = '', json?: object) =>
  door.rest(app, method, `/webhook${edge}`, json === undefined ? {} : { json })

/** What the application was told, oldest first. */
async function told(at = url): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  const { body } = await door.send('GET', '/sandbox/outbox', { query: { channel: 'webhook', to: at } })
  return (body.messages as { text: string }[]).map(({ text }) => JSON.parse(text)).toReversed()
}

test('a webhook is placed, moved and taken away; its secret is told once, and changed on wish', async () => {
  for (const [method, edge] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/secret'],
    ['POST', '/test'],
  ] as const) {
    const reply = await webhook(method, edge)
    assert.deepEqual([reply.status, reply.body.kind], [404, 'no_webhook'])
  }
  const placed = await webhook('PUT', '', { url })
  assert.equal(placed.status, 201)
  const secret = String(placed.body.signing_secret)
  assert.equal(Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length, 32)
  const { signing_secret: _, ...shown } = placed.body
  assert.deepEqual((await webhook('GET')).body, shown)
  const moved = await webhook('PUT', '', { url: `${url}/2` })
  assert.deepEqual([moved.status, moved.body], [200, { ...shown, url: `${url}/2` }])
  const rotated = await webhook('POST', '/secret')
  assert.equal(rotated.status, 201)
  assert.notEqual(rotated.body.signing_secret, secret)
  assert.equal((await webhook('DELETE')).status, 200)
  assert.equal((await webhook('GET')).status, 404)
})

test('a URL that is none, carries a password or is not a server is refused by its field', async () => {
  const wrong = [
    '',
    'x',
    'ftp://a.example',
    'https://',
    'https://u:p@a.example',
    'https://a.example/#x',
    '\r\n',
    7,
    null,
  ]
  for (const each of [
    ...wrong,
    `https://a.example/${'x'.repeat(2000)}`,
    'https://a.example/\r\nX: y',
    'javascript:1',
  ]) {
    const reply = await webhook('PUT', '', { url: each })
    assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], JSON.stringify(each))
  }
})

test('an application is told what happens to its registrations, without a PIN, a code or an address', async () => {
  const mail = 'told@example.com'
  await webhook('PUT', '', { url })
  const holder = await door.locked(app, { email: mail, email_repeat: mail })
  const newcomer = await door.proved(await door.application(), holder.number)
  await newcomer.post('complete')
  await holder.post('contest', { pin })
  await holder.post('two-step/pin', { current_pin: pin, pin: otherPin })
  await newcomer.post('complete', { pin: otherPin })
  await webhook('POST', '/test')
  const news = await told()
  const types = news.map(({ type }) => type)
  for (const type of ['pin.set', 'registration.contested', 'contest.ended', 'pin.changed', 'webhook.test']) {
    assert.ok(types.includes(type), `${type} in ${types}`)
  }
  assert.equal(types.includes('registration.taken_over'), true)
  for (const { type, data } of news.filter(each => each.type !== 'webhook.test')) {
    assert.equal(data.registration, holder.id, type)
  }
  assert.ok(![pin, otherPin, mail].some(secret => JSON.stringify(news).includes(secret)))
})

test('test events are ten in ten minutes, however often the webhook is placed anew, and are not tried for days', async () => {
  const own = await door.application()
  const call = (method: string, edge = '', json = {}) => door.rest(own, method, `/webhook${edge}`, { json })
  await call('PUT', '', { url })
  const replies = await Promise.all(Array.from({ length: 30 }, () => call('POST', '/test')))
  assert.equal(replies.filter(({ status }) => status === 202).length, 10)
  await call('DELETE')
  await call('PUT', '', { url })
  const full = await call('POST', '/test')
  assert.deepEqual([full.status, full.body.kind, full.body.retry_after], [429, 'too_many_tests', 600])
  await door.advance('PT10M')
  assert.equal((await call('POST', '/test')).status, 202)
})
