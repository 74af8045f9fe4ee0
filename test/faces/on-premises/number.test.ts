// The number of an On-Premises client: registration with code and PIN, shards, the two-step switch, settings and health.
// One client for most of it, as a shop would have; its clock is moved between the codes.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { otherThan } from '../../other-code.ts'
import { expectSuccess } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'
import {
  certificate,
  clientOf,
  expectError,
  expectReply,
  expectWait,
  meta,
  newClient,
  openDoor,
  readyClient,
  registerNumber,
  registration,
} from './client.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())
// Two shops, each with its client: the one whose number it is, and the one that comes after it.
const shop = await newClient(door)
const rival = await newClient(door)
const pin = '493816'
const other = '628405'
const wait = (duration: string) => door.advance(duration)
const twoStep = '/settings/account/two-step'

test('a number is registered with the code that was sent to it, exactly as documented', async () => {
  const { client, admin: token } = shop
  const national = door.newNational()
  expectError(await client.send('POST', twoStep, { token, json: { pin } }), 404, 1006)
  expectError(await client.send('DELETE', twoStep, { token }), 404, 1006)
  expectReply(await client.send('GET', '/health', { token }), 200, { health: { gateway_status: 'unregistered' } })
  const json = registration(national, { cert: certificate('Bäckerei 🥖') })
  const asked = await client.send('POST', '/account', { token, json })
  expectReply(asked, 202, { account: [{ vname: 'Bäckerei 🥖' }], meta })
  const code = await door.newestCode(`+44${national}`)
  const verify = (given: unknown) => client.send('POST', '/account/verify', { token, json: { code: given } })
  const wrong = otherThan(code)
  expectError(await verify(wrong), 403, 1005)
  expectReply(await verify(`${code.slice(0, 3)}-${code.slice(3)}`), 201, { meta })
  expectError(await verify(code), 403, 1005)
  expectReply(await client.send('POST', '/account', { token, json }), 201, { meta })
  expectReply(await client.send('GET', '/health', { token }), 200, { health: { gateway_status: 'connected' } })
})

test('parameters come as JSON, a form, multipart or in the query, with a slash at the end or none', async () => {
  const { client, admin: token } = shop
  const national = door.newNational()
  const form = registration(national, { method: 'VOICE' }) as Record<string, string>
  assert.equal((await client.send('POST', '/account/', { token, form })).status, 202)
  await wait('PT1M')
  assert.equal((await client.send('POST', '/account', { token, multipart: form })).status, 202)
  await wait('PT1M')
  assert.equal((await client.send('POST', '/account', { token, query: form })).status, 202)
  const code = await door.newestCode(`+44${national}`)
  const raw = { body: JSON.stringify({ code }), type: 'application/json' }
  assert.equal((await client.send('POST', '/account/verify/', { token, raw, chunked: true })).status, 201)
})

test('two-step verification is switched on, changed and off with an empty object, and the business is told', async () => {
  const { client, admin: token, business } = shop
  await registerNumber(door, shop, door.newNational())
  const before = (await door.outbox(business.email)).length
  for (const each of [pin, other]) {
    const on = await client.send('POST', twoStep, { token, json: { pin: each } })
    assert.deepEqual([on.status, on.text], [200, '{}'])
  }
  const weak = await client.send('POST', twoStep, { token, json: { pin: 123456 } })
  assert.deepEqual([weak.status, weak.text, weak.headers['x-twostep-weak-pin']], [200, '{}', 'run'])
  for (const _ of ['off', 'off already']) {
    const off = await client.send('DELETE', twoStep, { token })
    assert.deepEqual([off.status, off.text], [200, '{}'])
  }
  assert.equal((await door.outbox(business.email)).length, before + 4)
})

test('the PIN waits for the code: right, the number is registered; wrong or missing, it is not, and can be sent again', async () => {
  const owner = shop
  const national = door.newNational()
  await registerNumber(door, owner, national)
  const set = await owner.client.send('POST', twoStep, { token: owner.admin, json: { pin } })
  assert.equal(set.status, 200)

  const next = rival
  await wait('PT1M')
  const [asked, missing] = await registerNumber(door, next, national)
  expectReply(asked, 202, { account: [{ vname: 'Test Bakery' }], meta })
  expectError(missing, 400, 1008)
  const again = (more: object) =>
    next.client.send('POST', '/account', { token: next.admin, json: registration(national, { ...more }) })
  // It has proved the number now, so from here on it is answered at once.
  expectError(await again({}), 400, 1008)
  expectError(await again({ pin: other }), 403, 1005, 'Two-step verification PIN incorrect.')
  assert.equal(
    (await owner.client.send('GET', '/health', { token: owner.admin })).text,
    '{"health":{"gateway_status":"connected"}}',
  )
  expectReply(await again({ pin }), 201, { meta })
  assert.equal(
    (await owner.client.send('GET', '/health', { token: owner.admin })).text,
    '{"health":{"gateway_status":"unregistered"}}',
  )
  expectError(await owner.client.send('DELETE', twoStep, { token: owner.admin }), 404, 1006)

  // The earlier shop takes it back with both at once; the code and a wrong PIN take it from nobody.
  await wait('PT1M')
  const [, verified] = await registerNumber(door, owner, national, { pin })
  expectReply(verified, 201, { meta })
  await wait('PT1M')
  const [, refused] = await registerNumber(door, next, national, { pin: other })
  expectError(refused, 403, 1005, 'Two-step verification PIN incorrect.')
})

test('a stranger who has not proved the number spends no guess, learns nothing and makes no mail go out', async () => {
  const owner = shop
  const [locked, open] = [door.newNational(), door.newNational()]
  for (const national of [locked, open]) await registerNumber(door, owner, national)
  await owner.client.send('POST', '/account', { token: owner.admin, json: registration(locked) })
  await owner.client.send('POST', twoStep, { token: owner.admin, json: { pin } })
  const mails = (await door.outbox(owner.business.email)).length
  const lockOf = async () =>
    (await door.sandbox.world.records.find('number', { purpose: 'number', value: `+44${locked}` }))?.document.lock
  const before = await lockOf()
  assert.equal(before?.kind, 'set')

  const thief = rival
  const told: string[] = []
  for (const national of [locked, open]) {
    for (const more of [{ pin: other }, { pin }, {}]) {
      await wait('PT10M')
      const asked = await thief.client.send('POST', '/account', {
        token: thief.admin,
        json: registration(national, more),
      })
      const verified = await thief.client.send('POST', '/account/verify', {
        token: thief.admin,
        json: { code: '000000' },
      })
      told.push(JSON.stringify([asked.status, asked.text, verified.status, verified.text]))
    }
  }
  assert.deepEqual(told, Array(6).fill(told[0]))
  assert.deepEqual(await lockOf(), before)
  assert.equal((await door.outbox(owner.business.email)).length, mails)
})

test('guesses at the PIN run out as everywhere, and the wait ends at the millisecond it says', async () => {
  const owner = shop
  const national = door.newNational()
  await registerNumber(door, owner, national)
  await owner.client.send('POST', twoStep, { token: owner.admin, json: { pin } })
  await wait('PT1M')
  const next = rival
  await registerNumber(door, next, national, { pin: other })
  const again = (guess: string) =>
    next.client.send('POST', '/account', { token: next.admin, json: registration(national, { pin: guess }) })
  for (let guess = 2; guess <= 5; guess += 1) expectError(await again(other), 403, 1005)
  expectWait(await again(pin), 60)
  await wait('PT59.999S')
  expectWait(await again(pin), 1)
  await wait('PT0.001S')
  expectReply(await again(pin), 201, { meta })
})

test('codes are sent a minute apart, checked five times, and gone after ten minutes', async () => {
  const { client, admin: token } = shop
  const national = door.newNational()
  const ask = () => client.send('POST', '/account', { token, json: registration(national) })
  const verify = (code: unknown) => client.send('POST', '/account/verify', { token, json: { code } })
  expectError(await verify('123456'), 403, 1005)
  assert.equal((await ask()).status, 202)
  expectWait(await ask(), 60)
  const code = await door.newestCode(`+44${national}`)
  const wrong = otherThan(code)
  // What cannot be a code pays like a wrong one, read or not.
  for (const given of [wrong, '12345']) assert.equal((await verify(given)).status, given === wrong ? 403 : 400)
  const raw = { body: '{', type: 'application/json' }
  expectError(await client.send('POST', '/account/verify', { token, raw }), 400, 1025)
  expectWait(await verify(code), 60)
  await wait('PT10M')
  expectError(await verify(code), 403, 1005)
  assert.equal((await ask()).status, 202)
  const fresh = await door.newestCode(`+44${national}`)
  await wait('PT9M59.999S')
  expectReply(await verify(fresh), 201, { meta })
})

test('shards register the number anew, with the PIN when there is one', async () => {
  const { client, admin: token } = rival
  const national = door.newNational()
  const shard = (more: object) =>
    client.send('POST', '/account/shards', { token, json: { cc: '44', phone_number: national, shards: 4, ...more } })
  await registerNumber(door, rival, national)
  expectReply(await shard({}), 201, { meta })
  await client.send('POST', twoStep, { token, json: { pin } })
  expectError(await shard({}), 400, 1008)
  expectError(await shard({ pin: other }), 403, 1005, 'Two-step verification PIN incorrect.')
  expectReply(await shard({ pin, shards: '32' }), 201, { meta })
  expectError(await shard({ pin, phone_number: door.newNational() }), 400, 1009)
  for (const shards of [0, 3, 64, '', 'four', 1.5, true, [4]]) expectError(await shard({ pin, shards }), 400, 1009)
})

test('settings are read whole, changed in part, and set back; what there is not is refused', async () => {
  const { client, admin: token } = shop
  const settings = async () =>
    ((await client.send('GET', '/settings/application', { token })).body.settings as { application: object })
      .application
  const first = await settings()
  const json = { webhooks: { url: 'https://bakery.example/hook' }, sent_status: true }
  const changed = await client.send('PATCH', '/settings/application', { token, json })
  assert.deepEqual([changed.status, changed.text], [200, '{}'])
  const webhooks = { max_concurrent_requests: 6, url: 'https://bakery.example/hook' }
  assert.deepEqual(await settings(), { ...first, sent_status: true, webhooks })
  const wrong = await client.send('PATCH', '/settings/application', {
    token,
    json: { sent_status: 7, pass_through: true },
  })
  expectError(wrong, 400, 1009, /sent_status/)
  expectError(await client.send('PATCH', '/settings/application', { token, json: { colour: 1 } }), 400, 1010, /colour/)
  assert.deepEqual(await settings(), { ...first, sent_status: true, webhooks })
  assert.equal((await client.send('DELETE', '/settings/application', { token })).text, '{}')
  assert.deepEqual(await settings(), first)
})

test('a monitor’s key opens the health and nothing else', async () => {
  const { waba } = await door.business()
  const made = await door.send('POST', `/api/v1/operator/businesses/${waba}/on-premises`, { token: operatorToken })
  const client = clientOf(door, String(made.body.path))
  const headers = { authorization: `Apikey ${made.body.health_key}` }
  assert(String(made.body.health_key).length >= 12 && String(made.body.health_key).length <= 128)
  expectReply(await client.send('GET', '/health', { headers }), 200, { health: { gateway_status: 'unregistered' } })
  expectError(await client.send('GET', '/settings/application', { headers }), 401, 1005)
  for (const authorization of [
    'Apikey',
    'Apikey x',
    `Apikey ${made.body.health_key}x`,
    `Bearer ${made.body.health_key}`,
  ]) {
    expectError(await client.send('GET', '/health', { headers: { authorization } }), 401, 1005)
  }
  expectError(await clientOf(door).send('GET', '/health', { headers }), 401, 1005)
  const ready = { authorization: `Apikey ${door.sandbox.healthKey}` }
  expectReply(await clientOf(door).send('GET', '/health', { headers: ready }), 200, {
    health: { gateway_status: 'connected' },
  })
})

test('the ready client has the ready number; a number its business let go is registered again at once', async () => {
  const { client, admin: token } = await readyClient(door)
  const { claim = '', accessToken = '' } = door.sandbox.ready ?? {}
  expectReply(await client.send('POST', '/account', { token, json: registration('7700900977') }), 201, { meta })
  assert.equal((await client.send('POST', twoStep, { token, json: { pin } })).text, '{}')
  expectSuccess(await door.graph('POST', `/v25.0/${claim}/deregister`, { token: accessToken }))
  expectError(await client.send('POST', '/account', { token, json: registration('7700900977') }), 400, 1008)
  expectReply(await client.send('POST', '/account', { token, json: registration('7700900977', { pin }) }), 201, {
    meta,
  })
  // Deleted at the other door, it is this client's no more.
  await door.graph('DELETE', `/v25.0/${claim}`, { token: accessToken, json: { pin } })
  expectError(await client.send('POST', twoStep, { token, json: { pin } }), 404, 1006)
})

test('the PIN that waits for its code is sealed, and gone once the code is answered or has run out', async () => {
  const { records } = door.sandbox.world
  const { business, client, admin: token } = rival
  const waiting = async () => JSON.stringify((await records.load('on_premises', business.waba))?.document)
  const national = door.newNational()
  await client.send('POST', '/account', { token, json: registration(national, { pin: '715203' }) })
  assert.match(await waiting(), /"asked":\{"claim":"[0-9]{15}","pin":"[0-9a-z]+\$/)
  assert(!(await waiting()).includes('715203'))
  const code = await door.newestCode(`+44${national}`)
  expectReply(await client.send('POST', '/account/verify', { token, json: { code } }), 201, { meta })
  assert(!(await waiting()).includes('"asked"'))

  // A refused one is not kept for another try either.
  await client.send('POST', twoStep, { token, json: { pin } })
  await wait('PT1M')
  const [, refused] = await registerNumber(door, shop, national, { pin: '715203' })
  expectError(refused, 403, 1005)
  const shops = (await records.load('on_premises', shop.business.waba))?.document
  assert(shops !== undefined && shops.asked === undefined)

  await client.send('POST', '/account', { token, json: registration(door.newNational(), { pin: '715203' }) })
  assert((await waiting()).includes('"asked"'))
  await wait('PT10M')
  await client.send('DELETE', '/settings/application', { token })
  assert(!(await waiting()).includes('"asked"'))
})
