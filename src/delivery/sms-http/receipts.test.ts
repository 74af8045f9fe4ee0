// What providers over HTTP tell us, and what of it is believed: receipts, keys that were pressed, floods.

import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { after, minute } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { begin, houseWith, httpServer } from '#test/delivery/house.ts'
import { call, callSid, here, id, json, providerAt, sid, signature, yes } from '#test/delivery/http-providers.ts'
import type { ProviderRequest } from '../providers/provider.ts'
import { twilioSignature } from './twilio.ts'
import { vonageSignature } from './vonage.ts'

const asks = (more: Partial<ProviderRequest>): ProviderRequest => ({
  ...{
    kind: 'receipts',
    id,
    rest: '',
    method: 'POST',
    url: `${here}/receipts/${id}`,
    headers: () => undefined,
    body: '',
  },
  ...more,
})
const anywhere = 'http://127.0.0.1:1'

test('the example of Twilio’s documents is signed as they print it', () => {
  const form = new URLSearchParams({
    ...{
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    },
  })
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  assert.equal(twilioSignature(url, form, Secret.of('12345')), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

test('a receipt of Twilio’s counts when it is signed for this very address, and says only what it says', () => {
  const provider = providerAt('twilio', anywhere)
  const signed = (fields: Record<string, string>, url = `${here}/receipts/${id}`) => {
    const form = new URLSearchParams(fields)
    const mac = twilioSignature(url, form, Secret.of('auth-token'))
    const headers = (name: string) => (name === 'x-twilio-signature' ? mac : undefined)
    return asks({ body: form.toString(), headers })
  }
  const hear = (request: ProviderRequest) => provider.hear?.(request)
  const of = (MessageStatus: string) => hear(signed({ MessageSid: sid, MessageStatus, ErrorCode: '30003' }))
  assert.deepEqual(of('delivered'), { kind: 'receipt', receipt: { id, ref: sid, state: 'delivered' } })
  assert.deepEqual(of('undelivered'), { kind: 'receipt', receipt: { id, ref: sid, state: 'undelivered' } })
  for (const way of ['queued', 'sent', 'sending', 'accepted', '', '<script>'])
    assert.deepEqual(of(way), { kind: 'nothing' })
  const good = signed({ MessageSid: sid, MessageStatus: 'delivered' })
  for (const forged of [
    { ...good, headers: () => undefined },
    { ...good, body: good.body.replace('delivered', 'failed') },
    { ...good, url: good.url.replace(id, 'e'.repeat(32)) },
    signed({ MessageSid: sid, MessageStatus: 'delivered' }, 'https://other.example/'),
  ])
    assert.deepEqual(hear(forged), { kind: 'forged' })
})

test('a receipt of Vonage’s counts when it is signed and fresh, as a query, a form or JSON', () => {
  const provider = providerAt('vonage', anywhere)
  const fields = (status: string, at = begin / 1_000) => {
    const each = {
      msisdn: '447700900123',
      messageId: 'V1',
      status,
      'err-code': '0',
      text: 'a=b&c',
      timestamp: String(at),
    }
    return { ...each, sig: vonageSignature(each, Secret.of(signature)) }
  }
  const query = (each: Record<string, string>) =>
    asks({ method: 'GET', url: `${here}/receipts/${id}?${new URLSearchParams(each)}` })
  const form = (each: Record<string, string>) => asks({ body: new URLSearchParams(each).toString() })
  const asJson = (each: Record<string, string>) => asks({ body: JSON.stringify(each) })
  for (const way of [query, form, asJson]) {
    const of = (status: string) => provider.hear?.(way(fields(status)))
    assert.deepEqual(of('delivered'), { kind: 'receipt', receipt: { id, ref: 'V1', state: 'delivered' } })
    assert.deepEqual(of('expired'), { kind: 'receipt', receipt: { id, ref: 'V1', state: 'undelivered' } })
    assert.deepEqual(of('buffered'), { kind: 'nothing' })
    for (const forged of [
      { ...fields('delivered'), status: 'failed' },
      { ...fields('delivered'), sig: '' },
      { ...fields('delivered'), more: 'x' },
      fields('delivered', begin / 1_000 - 301),
      fields('delivered', begin / 1_000 + 301),
      fields('delivered', Number.NaN),
    ])
      assert.deepEqual(provider.hear?.(way(forged)), { kind: 'forged' }, JSON.stringify(forged))
  }
  // What is in a value cannot pose as another field: `&` and `=` are signed as `_`.
  assert.equal(
    vonageSignature({ a: '1&b=2' }, Secret.of('x')),
    createHmac('sha256', 'x').update('&a=1_b_2').digest('hex'),
  )
})

/** A webhook of the Voice API. */
function voiceRequest(
  kind: 'receipts' | 'calls',
  said: object,
  more: { claims?: object; secret?: string; head?: object } = {},
) {
  const body = JSON.stringify(said)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hash = createHash('sha256').update(body).digest('hex')
  const claims = { iat: begin / 1_000, iss: 'Vonage', payload_hash: hash, ...more.claims }
  const signed = `${part(more.head ?? { alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  const mac = createHmac('sha256', more.secret ?? signature)
    .update(signed)
    .digest('base64url')
  return asks({ kind, body, headers: name => (name === 'authorization' ? `Bearer ${signed}.${mac}` : undefined) })
}

test('what Vonage’s calls report counts when its token carries the hash of this very body, fresh', () => {
  const provider = providerAt('vonage', anywhere, { voice: true })
  const hear = (request: ProviderRequest) => provider.hear?.(request)
  const pressed = { dtmf: { digits: '5', timed_out: false }, uuid: 'u-1' }
  assert.deepEqual(hear(voiceRequest('calls', pressed)), { kind: 'key', pressed: true })
  assert.deepEqual(hear(voiceRequest('calls', { dtmf: { digits: '', timed_out: true } })), {
    kind: 'key',
    pressed: false,
  })
  const missed = { status: 'unanswered', uuid: 'u-1' }
  assert.deepEqual(hear(voiceRequest('receipts', missed)), {
    kind: 'receipt',
    receipt: { id, ref: 'u-1', state: 'undelivered' },
  })
  assert.deepEqual(hear(voiceRequest('receipts', { status: 'completed', uuid: 'u-1' })), { kind: 'nothing' })
  for (const forged of [
    voiceRequest('calls', pressed, { secret: 'another-secret-of-theirs' }),
    voiceRequest('calls', pressed, { claims: { iat: begin / 1_000 - 301 } }),
    voiceRequest('calls', pressed, { claims: { payload_hash: createHash('sha256').update('x').digest('hex') } }),
    voiceRequest('calls', pressed, { claims: { payload_hash: undefined } }),
    voiceRequest('calls', pressed, { head: { alg: 'none' } }),
    asks({ kind: 'calls', body: JSON.stringify(pressed) }),
    { ...voiceRequest('calls', pressed), body: JSON.stringify({ ...pressed, x: 1 }) },
  ])
    assert.deepEqual(hear(forged), { kind: 'forged' })
})

test('a receipt by a template counts for who was given its address, also under an older key', () => {
  const provider = providerAt('template', anywhere)
  const hear = (more: Partial<ProviderRequest>) => provider.hear?.(asks({ rest: 'proof', ...more }))
  const delivered = { kind: 'receipt', receipt: { id, state: 'delivered' } }
  assert.deepEqual(hear({ body: '{"state":"ok"}' }), delivered)
  assert.deepEqual(hear({ body: 'state=ok', rest: 'older' }), delivered)
  assert.deepEqual(hear({ method: 'GET', url: `${here}/receipts/${id}/proof?state=ok` }), delivered)
  assert.deepEqual(hear({ body: '{"state":"on its way"}' }), { kind: 'nothing' })
  for (const rest of ['', 'proo', 'prooF']) assert.deepEqual(hear({ rest, body: '{"state":"ok"}' }), { kind: 'forged' })
})

// ——— the desk

const keyPressed = (digits: string, path = 'calls') => {
  const form = new URLSearchParams({ CallSid: callSid, Digits: digits })
  return { form, path }
}

test('a code is read out, twice and digit by digit, once a key was pressed, and not when it is late or replaced', async () => {
  const { url } = await httpServer(json(201, { sid: callSid, status: 'queued' }))
  let wanted = true
  const house = houseWith([providerAt('twilio', url, { voice: true })], { isWanted: async () => wanted })
  const delivery = await house.put(call)
  await house.at(begin)
  const press = (digits: string, more: { token?: string; id?: string } = {}) => {
    const { form } = keyPressed(digits)
    const address = `${here}/calls/${more.id ?? delivery}`
    const mac = twilioSignature(address, form, Secret.of(more.token ?? 'auth-token'))
    const headers = (name: string) => (name === 'x-twilio-signature' ? mac : undefined)
    const request = { kind: 'calls', id: more.id ?? delivery, url: address, body: form.toString(), headers } as const
    return house.desk('p', asks(request))
  }
  const hangUp = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
  assert.equal((await press('1', { token: 'guessed' })).status, 403)
  assert.equal((await press('')).body, hangUp)
  assert.equal((await press('1', { id: 'e'.repeat(32) })).body, hangUp)
  const read = await press('1')
  assert.equal(read.mediaType, 'text/xml')
  assert.match(read.body ?? '', /<Say language="en-GB">Your &lt;code&gt; is: 1, 2, 3 \.\.\. 4, 5, 6\. Once more<\/Say>/)
  wanted = false
  assert.equal((await press('1')).body, hangUp)
  wanted = true
  await house.at(after(begin, 10 * minute - 1))
  assert.deepEqual(await house.states(), [])
  await house.at(after(begin, 10 * minute))
  assert.equal((await press('1')).body, hangUp)
})

test('a flood of receipts, forged and genuine, costs a bounded share of the database, and each genuine one is heard', async () => {
  const { url } = await httpServer(yes.twilio)
  const house = houseWith([providerAt('twilio', url)])
  const delivery = await house.put()
  await house.at(begin)
  const address = `${here}/receipts/${delivery}`
  const form = new URLSearchParams({ MessageSid: sid, MessageStatus: 'delivered' })
  const mac = twilioSignature(address, form, Secret.of('auth-token'))
  const request = (signed: boolean) =>
    asks({ id: delivery, url: address, body: form.toString(), headers: () => (signed ? mac : 'x') })
  const forged = await Promise.all(Array.from({ length: 500 }, () => house.desk('p', request(false))))
  assert(forged.every(({ status }) => status === 403))
  const genuine = await Promise.all(Array.from({ length: 500 }, () => house.desk('p', request(true))))
  const statuses = genuine.map(({ status }) => status)
  assert.equal(statuses.filter(status => status === 204).length, 32)
  assert.equal(statuses.filter(status => status === 503).length, 468)
  assert.equal((await house.desk('p', request(true))).status, 204)
  await house.at(after(begin, minute))
  assert.deepEqual([await house.states(), await house.deliveries()], [[], 0])
  assert.equal((await house.desk('p', request(true))).status, 204)
  assert.equal((await house.desk('nobody', request(true))).status, 404)
})
