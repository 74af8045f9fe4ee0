// What the operator decides about the Graph door: calls an hour, weak PINs, the strict profile; and a server that is busy.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Settings } from '../sandbox.ts'
import { errorOf, expectError, expectSuccess, expectWait, openDoor, type Reply } from './door.ts'

async function doorWith(t: TestContext, settings: Settings) {
  const door = await openDoor(settings)
  t.after(() => door[Symbol.asyncDispose]())
  return door
}

const weak = (reply: Reply) => reply.headers['x-twostep-weak-pin']

/** The usage that a reply tells of: percent of the calls, and minutes until there are new ones. */
function usageIn(reply: Reply): readonly [percent: number, minutes: number] {
  const [[business, uses] = ['', []]] = Object.entries(JSON.parse(String(reply.headers['x-business-use-case-usage'])))
  const app = JSON.parse(String(reply.headers['x-app-usage']))
  assert.match(business, /^[0-9]{15}$/)
  const [use, ...more] = uses as Record<string, number>[]
  assert.deepEqual(more, [])
  const { type, call_count = -1, total_cputime, total_time, estimated_time_to_regain_access = -1 } = use ?? {}
  assert.equal(type, 'whatsapp_business_management')
  assert.deepEqual(app, { call_count, total_cputime, total_time })
  return [call_count, estimated_time_to_regain_access]
}

test('every reply tells how many of the hourly calls are used, and the next one is refused until the hour is over', async t => {
  const door = await doorWith(t, { TWOSTEP_GRAPH_CALLS_PER_HOUR: '5' })
  const [busy, quiet] = [await door.business(), await door.business()]
  const read = () => door.graph('GET', `/v25.0/${busy.waba}`, { token: busy.token })
  const seen = []
  for (let at = 0; at < 5; at += 1) {
    const reply = await read()
    assert.equal(reply.status, 200)
    seen.push(usageIn(reply))
    await door.advance('PT1M')
  }
  assert.deepEqual(
    seen,
    [20, 40, 60, 80, 100].map(percent => [percent, 0]),
  )

  const over = await read()
  expectError(over, 429, 80007, 2446079)
  assert.equal(over.headers['retry-after'], '3300')
  assert.deepEqual(usageIn(over), [100, 55])
  const { message, is_transient } = errorOf(over)
  assert.equal(message, '(#80007) Business request limit reached for WhatsApp Business Account')
  assert.equal(is_transient, true)

  // One business's calls are not another's, and what nobody is known for counts for nobody.
  assert.deepEqual(usageIn(await door.graph('GET', `/${quiet.waba}`, { token: quiet.token })), [20, 0])
  expectError(await door.graph('GET', `/${busy.waba}`), 401, 104)

  // Knocking does not prolong the wait.
  await door.advance('PT54M59.999S')
  expectError(await read(), 429, 80007, 2446079)
  await door.advance('PT0.001S')
  assert.deepEqual(usageIn(await read()), [20, 0])
})

test('over the limit nothing is done: no PIN is set, no guess and no attempt is spent', async t => {
  const door = await doorWith(t, { TWOSTEP_GRAPH_CALLS_PER_HOUR: '10' })
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  for (let at = 4; at < 10; at += 1) await phone.read()
  for (let at = 0; at < 12; at += 1) {
    expectError(await phone.post('', { json: { pin: '604188' } }), 429, 80007, 2446079)
    expectError(await phone.register('604188'), 429, 80007, 2446079)
    expectError(await phone.post('deregister', { raw: { body: '{' } }), 429, 80007, 2446079)
  }
  await door.advance('PT1H')
  expectSuccess(await phone.register('493816'))
})

test('without a limit the headers are there all the same', async t => {
  const door = await doorWith(t, { TWOSTEP_GRAPH_CALLS_PER_HOUR: '0' })
  const { waba, token } = await door.business()
  for (let at = 0; at < 20; at += 1) {
    assert.deepEqual(usageIn(await door.graph('GET', `/v25.0/${waba}`, { token })), [0, 0])
  }
})

const weakPins: readonly [pin: string, kind: string][] = [
  ['111111', 'repeats'],
  ['123456', 'run'],
  ['123321', 'run'],
  ['147258', 'pattern'],
  ['311299', 'date'],
]

test('a weak PIN is taken, as Meta takes it, and pointed out in a header', async t => {
  const door = await doorWith(t, {})
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  for (const [pin, kind] of weakPins) {
    const reply = await phone.post('', { json: { pin } })
    expectSuccess(reply)
    assert.equal(weak(reply), kind)
  }
  const own = phone.number.slice(-6)
  assert.equal(weak(await phone.post('', { json: { pin: own } })), 'own_number')
  assert.equal(weak(await phone.post('', { json: { pin: '493816' } })), undefined)

  const fresh = await door.proved(bakery)
  const registering = await fresh.register('123456')
  expectSuccess(registering)
  assert.equal(weak(registering), 'run')
  // Asked for, it is only compared: nothing is said of it, right or wrong.
  assert.equal(weak(await fresh.register('123456')), undefined)
  assert.equal(weak(await fresh.register('111111')), undefined)
})

test('where the operator says so a weak PIN is refused with the reason, and the old PIN stays', async t => {
  const door = await doorWith(t, { TWOSTEP_PIN_BLOCKLIST: 'enforce' })
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  const fresh = await door.proved(bakery)
  for (const [pin] of weakPins) {
    for (const reply of [await phone.post('', { json: { pin } }), await fresh.register(pin)]) {
      expectError(reply, 400, 100)
      const { message, error_data } = errorOf(reply)
      assert.equal(message, '(#100) Param pin is too easily guessed.')
      assert.match(error_data?.details ?? '', /^This PIN /)
      assert(!reply.text.includes(pin))
    }
  }
  assert.equal((await fresh.read('is_pin_enabled')).body.is_pin_enabled, false)
  expectSuccess(await phone.register('493816'))
  expectError(await phone.register('123456'), 400, 133005)
  expectSuccess(await fresh.register('058227'))
})

test('strict: ten guesses in all, then one more for each day, to the millisecond', async t => {
  const door = await doorWith(t, { TWOSTEP_PROFILE: 'strict' })
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  const guess = (pin: string) => door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin } })
  for (let at = 0; at < 10; at += 1) expectError(await guess('604188'), 400, 133005)
  const spent = await guess('493816')
  expectWait(spent, 400, 133008, 24 * 3600)
  expectWait(await phone.register('493816'), 400, 133008, 24 * 3600)
  await door.advance('PT23H59M59.999S')
  assert.equal((await guess('493816')).headers['retry-after'], '1')
  await door.advance('PT0.001S')
  expectError(await guess('604188'), 400, 133005)
  expectWait(await guess('493816'), 400, 133008, 24 * 3600)
  await door.advance('P2D')
  expectError(await guess('604188'), 400, 133005)
  expectSuccess(await phone.register('493816'))
})

test('strict: ten registrations in 72 hours, as in the classic profile', async t => {
  const door = await doorWith(t, { TWOSTEP_PROFILE: 'strict' })
  const phone = await door.registered(await door.business(), '493816')
  for (let at = 0; at < 9; at += 1) expectSuccess(await phone.register('493816'))
  expectWait(await phone.register('493816'), 400, 133016, 72 * 3600)
})

test('a busy server says so, and has counted nothing', async t => {
  const door = await doorWith(t, { TWOSTEP_HASHING_PARALLEL: '1', TWOSTEP_HASHING_WAITING: '0' })
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  // The only place where PINs are hashed is taken, as by somebody else's guess.
  const taken = door.sandbox.world.secrets.hashing.reserve()
  assert(taken !== undefined)
  for (let at = 0; at < 12; at += 1) {
    const refused = await phone.register('604188')
    expectWait(refused, 503, 133004, 1)
    assert.equal(errorOf(refused).is_transient, true)
    expectWait(await phone.post('', { json: { pin: '604188' } }), 503, 133004, 1)
    const removal = await door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin: '604188' } })
    expectWait(removal, 503, 133004, 1)
  }
  taken.release()
  expectSuccess(await phone.register('493816'))
})
