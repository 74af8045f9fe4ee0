// One number in the lists of two businesses: what a stranger can do and learn, how a number changes hands, and who is told.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Business, expectError, expectSuccess, openDoor, type Phone, type Reply, withoutIds } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const [right, wrong] = ['493816', '604188']
const text = { messaging_product: 'whatsapp', to: '+447700901999', text: { body: 'Bread.' } }

/** The same number in another business's list, once a code can be sent to it again. */
async function alsoOf(other: Business, phone: Phone): Promise<Phone> {
  await door.advance('PT1M')
  return door.added(other, phone.number.slice(3))
}

const subjects = async (of: Business) => (await door.outbox(of.email)).map(mail => mail.subject)

async function shown(phone: Phone): Promise<Readonly<Record<string, unknown>>> {
  const { id: _, ...fields } = (await phone.read('status', 'code_verification_status', 'is_pin_enabled')).body
  return fields
}

const contested = 'Twostep: Someone is trying to register your number'
const takenOver = 'Twostep: Your number was registered somewhere else'
const turnedOn = 'Twostep: Two-step verification was turned on'

test('who proves a number without a lock takes it over; the old holder is told and has to prove it again', async () => {
  // The account that the sandbox has ready holds a number whose PIN is not set.
  const { ready } = door.sandbox
  assert(ready !== undefined)
  const old = door.phoneOf(ready.claim, '+447700900977', ready.accessToken)
  assert.deepEqual(await shown(old), {
    status: 'CONNECTED',
    code_verification_status: 'VERIFIED',
    is_pin_enabled: false,
  })
  const taker = await door.business()
  const phone = await door.prove(await alsoOf(taker, old))
  expectSuccess(await phone.register(right))

  assert.deepEqual(await shown(phone), {
    status: 'CONNECTED',
    code_verification_status: 'VERIFIED',
    is_pin_enabled: true,
  })
  assert.deepEqual(await shown(old), {
    status: 'DISCONNECTED',
    code_verification_status: 'EXPIRED',
    is_pin_enabled: false,
  })
  const [mail] = await door.outbox('owner@sandbox.example')
  assert.equal(mail?.subject, takenOver)
  assert.match(mail?.text ?? '', /Number: \+44 •••• ••••77\n.*2027.*UTC\nWhere: Graph API/s)
  assert.deepEqual(await subjects(taker), [turnedOn])

  expectError(await old.post('messages', { json: text }), 400, 133010)
  expectError(await old.post('deregister'), 400, 100, 2207051)
  expectError(await old.register(right), 400, 133006)
  expectError(await old.post('', { json: { pin: right } }), 400, 133006)
})

test('who proves a locked number gets no further without the PIN, and its holder is told', async () => {
  const [owner, thief] = [await door.business(), await door.business()]
  const mine = await door.registered(owner, right)
  const theirs = await door.prove(await alsoOf(thief, mine))
  await door.advance('PT1M')
  assert.deepEqual(await subjects(owner), [turnedOn])

  for (let at = 0; at < 5; at += 1) expectError(await theirs.register(wrong), 400, 133005)
  expectError(await theirs.register(right), 400, 133009)
  expectError(await theirs.post('', { json: { pin: wrong } }), 400, 133010)
  expectError(await theirs.post('deregister'), 400, 100, 2207051)
  expectError(await theirs.post('messages', { json: text }), 400, 133010)
  assert.deepEqual(await shown(theirs), {
    status: 'PENDING',
    code_verification_status: 'VERIFIED',
    is_pin_enabled: false,
  })
  assert.deepEqual(await shown(mine), {
    status: 'CONNECTED',
    code_verification_status: 'VERIFIED',
    is_pin_enabled: true,
  })
  // Told once, however often the thief tries; and the thief's guesses cost the owner none.
  assert.deepEqual(await subjects(owner), [contested, turnedOn])
  assert.deepEqual(await subjects(thief), [])
  assert.equal((await mine.post('messages', { json: text })).status, 200)
  for (let at = 0; at < 5; at += 1) expectError(await mine.register(wrong), 400, 133005)
  await door.advance('PT1M')
  expectSuccess(await mine.register(right))
})

test('no time that passes opens the lock at this door, and an old proof not even asks for the PIN', async () => {
  const [owner, thief] = [await door.business(), await door.business()]
  const mine = await door.registered(owner, right)
  await door.advance('P400D')
  const theirs = await door.prove(await alsoOf(thief, mine))
  expectError(await theirs.register(wrong), 400, 133005)
  await door.advance('P30D')
  expectError(await theirs.register(wrong), 400, 133005)
  await door.advance('P1D')
  expectError(await theirs.register(wrong), 400, 133006)
  assert.equal((await shown(theirs)).code_verification_status, 'EXPIRED')
  assert.equal((await shown(mine)).status, 'CONNECTED')
})

test('who has the number and the PIN takes both over; the old holder is told and is out', async () => {
  const [owner, heir] = [await door.business(), await door.business()]
  const mine = await door.registered(owner, right)
  const theirs = await door.prove(await alsoOf(heir, mine))
  await door.advance('PT1M')
  expectSuccess(await theirs.register(right))
  assert.deepEqual(await subjects(owner), [takenOver, turnedOn])
  assert.deepEqual(await shown(mine), {
    status: 'DISCONNECTED',
    code_verification_status: 'EXPIRED',
    is_pin_enabled: false,
  })
  assert.deepEqual(await shown(theirs), {
    status: 'CONNECTED',
    code_verification_status: 'VERIFIED',
    is_pin_enabled: true,
  })
  expectError(await mine.register(right), 400, 133006)
  expectError(await mine.post('', { json: { pin: wrong } }), 400, 133006)

  // The way back is the way in: the number first, then the PIN.
  await door.advance('PT1M')
  await door.prove(mine)
  expectSuccess(await mine.register(right))
  assert.equal((await shown(theirs)).code_verification_status, 'EXPIRED')
})

test('the lock outlives the registration: a number that its holder left is not to be had without the PIN', async () => {
  const [owner, thief] = [await door.business(), await door.business()]
  const mine = await door.registered(owner, right)
  expectSuccess(await mine.post('deregister'))
  const theirs = await door.prove(await alsoOf(thief, mine))
  expectError(await theirs.post('', { json: { pin: wrong } }), 400, 133010)
  expectError(await theirs.register(wrong), 400, 133005)
  assert.equal((await shown(theirs)).is_pin_enabled, false)
  expectSuccess(await door.graph('DELETE', `/v25.0/${theirs.id}`, { token: thief.token }))
  const again = await door.prove(await alsoOf(thief, mine))
  expectError(await again.register(wrong), 400, 133005)
  assert.equal((await shown(mine)).is_pin_enabled, true)
})

test('a stranger who has not proved the number never learns whether it is held or locked', async () => {
  const owner = await door.business()
  const numbers = {
    unknown: (await door.added(owner)).number,
    proved: (await door.proved(owner)).number,
    held: (await door.registered(owner, right)).number,
    left: await left(owner),
  }
  // That codes were sent to a number of late is no secret: their waits count for everybody.
  await door.advance('P1D')
  const seen: Record<string, readonly string[]> = {}
  for (const [name, number] of Object.entries(numbers)) {
    const stranger = await door.business()
    const phone = await door.added(stranger, number.slice(3))
    const replies: Reply[] = [
      await phone.read('status', 'code_verification_status', 'is_pin_enabled', 'quality_rating', 'platform_type'),
      await phone.read('last_onboarded_time', 'health_status', 'messaging_limit_tier', 'throughput', 'name_status'),
      await phone.register(right),
      await phone.register(wrong),
      await phone.post('register', { json: {} }),
      await phone.post('', { json: { pin: right } }),
      await phone.post('deregister'),
      await phone.post('messages', { json: text }),
      await phone.post('verify_code', { json: { code: '000000' } }),
      await phone.post('request_code', { json: { code_method: 'SMS', language: 'en_US' } }),
      await phone.post('request_code', { json: { code_method: 'SMS', language: 'en_US' } }),
      await phone.post('verify_code', { json: { code: '00000' } }),
      await door.graph('GET', `/v25.0/${stranger.waba}/phone_numbers`, {
        token: stranger.token,
        query: { fields: 'id,status,is_pin_enabled,code_verification_status' },
      }),
      await door.graph('DELETE', `/v25.0/${phone.id}`, { token: stranger.token }),
    ]
    // Cursors are made of the list's own ids.
    seen[name] = replies.map(reply =>
      withoutIds(reply, phone.id, stranger.waba).replace(/"cursors\\":\{.*?\}/, '"cursors\\":{}'),
    )
    assert.deepEqual(await subjects(stranger), [])
  }
  for (const name of ['proved', 'held', 'left']) {
    for (const [at, reply] of (seen[name] ?? []).entries())
      assert.equal(reply, seen.unknown?.[at], `${name}, call ${at}`)
  }
  assert.deepEqual(await subjects(owner), [turnedOn, turnedOn])
})

/** A number that its business has left, with its PIN. */
async function left(of: Business): Promise<string> {
  const phone = await door.registered(of, right)
  expectSuccess(await phone.post('deregister'))
  return phone.number
}
