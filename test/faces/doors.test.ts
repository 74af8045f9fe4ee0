// Several doors, one number: what is done at one is seen at the others.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { visitor } from '../pages/visitor.ts'
import { expectError as expectGraphError, expectSuccess } from './graph/door.ts'
import { expectError, expectReply, meta, newClient, registerNumber, registration } from './on-premises/client.ts'
import { openRest } from './rest/door.ts'
import { operatorToken } from './sandbox.ts'

const door = await openRest()
after(() => door[Symbol.asyncDispose]())

const [first, second, third] = ['493816', '628405', '907318']
const twoStep = '/settings/account/two-step'

/** An admin of a business at the manager pages; answers what a page of theirs says. */
async function managerOf(waba: string): Promise<(path: string) => Promise<string>> {
  const email = 'anna@bakery.example'
  const password = 'seven quiet rivers'
  const path = `/api/v1/operator/businesses/${waba}/admins`
  const invited = await door.send('POST', path, { token: operatorToken, json: { email, role: 'admin' } })
  const link = new URL(String(invited.body.link)).pathname
  const anna = visitor(door.url)
  await anna.get(link)
  await anna.post(link, { new: password, again: password })
  assert.equal((await anna.signIn(email, password)).status, 303)
  return async path => (await anna.get(path)).text
}

test('REST, On-Premises and Graph against one number, each seeing what the others did', async () => {
  // One business with both business doors, and another one that reaches for its number.
  const shop = await newClient(door)
  const { client, admin: token, business } = shop
  const rival = await door.business()
  const national = door.newNational()
  const number = `+44${national}`
  const onPremises = (method: string, path: string, json?: unknown) =>
    client.send(method, path, { token, ...(json === undefined ? {} : { json }) })
  const health = async () => (await onPremises('GET', '/health')).body.health

  // Registered On-Premises, it stands in the business's list at Graph, under one id for both.
  await registerNumber(door, shop, national)
  const list = await door.graph('GET', `/v25.0/${business.waba}/phone_numbers`, { token: business.token })
  const [node] = list.body.data as readonly { id: string; verified_name: string; status: string }[]
  assert.deepEqual([node?.verified_name, node?.status], ['Test Bakery', 'CONNECTED'])
  const phone = door.phoneOf(node?.id ?? '', number, business.token)
  const enabled = async () => (await phone.read('is_pin_enabled')).body.is_pin_enabled
  const platform = async () => {
    const { platform_type, host_platform } = (await phone.read('platform_type', 'host_platform')).body
    assert.equal(platform_type, host_platform)
    return platform_type
  }
  const manager = await managerOf(business.waba)
  const managed = (tab: string) => manager(`/manager/numbers/${phone.id}${tab}`)

  // Two-step set On-Premises is on at Graph, and asked there; changed at Graph it is another On-Premises.
  assert.equal(await enabled(), false)
  assert.match(await managed('/two-step'), /Two-step verification is off/)
  expectReply(await onPremises('POST', twoStep, { pin: first }), 200, {})
  assert.equal(await enabled(), true)
  assert.match(await managed('/two-step'), /Two-step verification is on/)
  assert.equal(await platform(), 'ON_PREMISE')
  expectGraphError(await phone.register(second), 400, 133005)
  expectSuccess(await phone.register(first))
  assert.equal(await platform(), 'CLOUD_API')
  expectSuccess(await phone.post('', { json: { pin: second } }))
  const shards = { cc: '44', phone_number: national, shards: 2 }
  expectError(await onPremises('POST', '/account/shards', { ...shards, pin: first }), 403, 1005)
  expectReply(await onPremises('POST', '/account/shards', { ...shards, pin: second }), 201, { meta })
  assert.equal(await platform(), 'ON_PREMISE')

  // Off On-Premises is off at Graph, whose next registration sets it again.
  expectReply(await onPremises('DELETE', twoStep), 200, {})
  assert.equal(await enabled(), false)
  expectSuccess(await phone.register(third))
  assert.equal(await enabled(), true)

  // Deregistered at Graph, the client is out, and comes back with the PIN that Graph set.
  expectSuccess(await phone.post('deregister'))
  assert.deepEqual(await health(), { gateway_status: 'unregistered' })
  assert.equal(await platform(), 'NOT_APPLICABLE')
  expectError(await onPremises('POST', '/account', registration(national)), 400, 1008)
  expectReply(await onPremises('POST', '/account', registration(national, { pin: third })), 201, { meta })
  assert.deepEqual(await health(), { gateway_status: 'connected' })

  // A rival with the codes meets the same lock at Graph; with the PIN as well it has the number, and both doors of the
  // shop see it gone.
  await door.advance('PT1M')
  const theirs = await door.prove(await door.added(rival, national))
  expectGraphError(await theirs.register(first), 400, 133005)
  assert.deepEqual(await health(), { gateway_status: 'connected' })
  expectSuccess(await theirs.register(third))
  assert.deepEqual(await health(), { gateway_status: 'unregistered' })
  assert.deepEqual((await phone.read('status', 'is_pin_enabled')).body, {
    status: 'DISCONNECTED',
    is_pin_enabled: false,
    id: phone.id,
  })
  expectError(await onPremises('POST', twoStep, { pin: first }), 404, 1006)
  expectError(await onPremises('DELETE', twoStep), 404, 1006)
  assert.equal((await theirs.read('is_pin_enabled')).body.is_pin_enabled, true)

  // A person's app proves the number and meets the PIN that the shop once set at Graph; with it the number is theirs, and
  // the rival sees it gone.
  const app = await door.application()
  const person = await door.proved(app, number)
  const met = await person.post('complete')
  assert.deepEqual([met.status, met.body.kind, met.body.guesses_left], [423, 'pin_needed', 5])
  assert.equal((await theirs.read('status')).body.status, 'CONNECTED')
  assert.equal((await person.post('complete', { pin: third })).body.state, 'registered')
  assert.equal((await theirs.read('status')).body.status, 'DISCONNECTED')

  // The PIN they choose in the app is the one that a business meets, On-Premises and at Graph. The app sees the contest, and
  // the manager pages and the shop's client that a business with the PIN has the number again.
  assert.equal((await person.post('two-step/pin', { current_pin: third, pin: first })).status, 200)
  await door.advance('PT1M')
  const [asked, answered] = await registerNumber(door, shop, national, { pin: third })
  assert.equal(asked.status, 202, asked.text)
  expectError(answered, 403, 1005)
  assert.equal((await person.get('contest')).body.contested, true)
  assert.match(await managed(''), /Disconnected/)
  assert.doesNotMatch(await managed('/two-step'), /Two-step verification is on/)
  expectGraphError(await phone.register(second), 400, 133005)
  expectReply(await onPremises('POST', '/account', registration(national, { pin: first })), 201, { meta })
  assert.equal((await person.get()).body.state, 'ended')
  assert.equal(await platform(), 'ON_PREMISE')
  assert.match(await managed(''), /Connected/)
  assert.match(await managed('/history'), /the On-Premises API/)
})
