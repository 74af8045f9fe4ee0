// What holds for every call of the door: how often, once for its key, and that nothing secret is written anywhere.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, startSandbox } from '../sandbox.ts'
import { expecting, goodPassword, network, openAccounts, opened } from './door.ts'

test('whoever calls too often waits, and stands in nobody else’s way', async () => {
  await using door = await openAccounts({ TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '8' })
  const ada = await door.owner()
  const look = (from: number) => door.api('GET', '/account', { token: ada.session, headers: network(from) })
  for (let at = 0; at < 8; at += 1) await expecting(200, look(at))
  // An account is counted by itself, wherever it is used from.
  const refused = await expecting(429, look(99))
  assert.deepEqual([refused.body.kind, refused.headers['retry-after']], ['too_many_calls', '60'])

  const stranger = () => door.post('/sign-ins', { identifier: 'x@y.example', password: 'x' }, undefined, network(1))
  const replies = []
  for (let at = 0; at < 12; at += 1) replies.push((await stranger()).body.kind)
  assert.equal(replies.filter(kind => kind === 'too_many_calls').length, 4)
  // Garbage in place of a token is counted as its network's.
  const garbage = { token: 'twas_garbage', headers: network(1) }
  assert.equal((await door.api('GET', '/account', garbage)).body.kind, 'too_many_calls')
  const bob = { identifier: ada.email, password: ada.password }
  await expecting(200, door.post('/sign-ins', bob, undefined, network(2)))
})

test('an answer that holds a secret is kept under no key: a repetition is told that it was done', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const show = () => door.post('/account/recovery-key', {}, ada.session, { 'idempotency-key': 'show-me-once' })
  await door.advance('PT1M')
  await door.freshen(ada)
  const shown = await expecting(201, show())
  const key = String(shown.body.recovery_key)
  const again = await expecting(409, show())
  assert.equal(again.body.kind, 'shown_once')
  assert(!again.text.includes(key))
  // Strangers' calls take no keys, and are done each time they come.
  const sign = () =>
    door.post('/sign-ins', { identifier: ada.email, password: ada.password }, undefined, { 'idempotency-key': 'x' })
  const [one, other] = [await expecting(201, sign()), await expecting(201, sign())]
  assert.notEqual(one.body.id, other.body.id)
  assert.equal(other.headers['idempotency-replayed'], undefined)
})

test('no password, token, code or address is in the log or the metrics', async () => {
  const lines: string[] = []
  await using sandbox = await startSandbox({}, { onLog: line => lines.push(line) })
  const { url } = sandbox
  const email = 'canary@home.example'
  await call(url, 'POST', '/api/v1/sign-ups', { body: { email } })
  const outbox = await call(url, 'GET', `/sandbox/outbox?to=${encodeURIComponent(email)}`)
  const [mail] = outbox.body.messages as readonly { readonly link: string }[]
  const sign_up = new URL(mail?.link ?? '').pathname.split('/').at(-1) ?? ''
  await fetch(`${url}/links/${sign_up}`)
  const made = await call(url, 'POST', '/api/v1/accounts', { body: { sign_up, password: goodPassword } })
  const token = (made.body.session as { token: string }).token
  await call(url, 'GET', '/api/v1/account', { token })
  await call(url, 'POST', '/api/v1/sign-ins', {
    body: { identifier: email, password: goodPassword, browser: 'twab_x' },
  })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  assert(lines.length >= 5)
  for (const secret of [email, goodPassword, token, sign_up, String(made.body.browser)]) {
    assert(!lines.some(line => line.includes(secret)) && !metrics.includes(secret), secret)
  }
})

test('a method that a path does not know is answered with those that it knows', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const reply = await expecting(405, door.api('PUT', '/account/sessions/1', { token: ada.session, json: {} }))
  assert.equal(reply.headers.allow, 'PATCH, DELETE')
  const head = await door.api('HEAD', '/account', { token: ada.session })
  assert.deepEqual([head.status, head.text], [200, ''])
  await expecting(404, door.api('GET', '/account/nothing', { token: ada.session }))
  const again = await expecting(200, door.firstStep(ada))
  await expecting(400, door.post('/account/sign-out', { session: 1 }, opened(again).session))
})
