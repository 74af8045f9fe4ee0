// Registering and leaving over Graph: what stands in the way, and every wait to the millisecond.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errorOf, expectError, expectSuccess, expectWait, openDoor, type Phone, registration } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()
const [right, wrong] = ['493816', '604188']

/** What a reply says to people. */
const words = (reply: Parameters<typeof errorOf>[0]) => {
  const { message, error_data } = errorOf(reply)
  return [message, error_data?.details]
}

/** The last millisecond of a wait is refused, the next one is not. */
async function until(span: string, refused: () => Promise<void>): Promise<void> {
  await door.advance(span)
  await refused()
  await door.advance('PT0.001S')
}

test('a number is registered once it is proved, and the PIN that comes along becomes its PIN', async () => {
  const phone = await door.added(bakery)
  const early = await phone.register(right)
  expectError(early, 400, 133006)
  assert.deepEqual(words(early), [
    '(#133006) Phone number re-verification needed',
    'Phone number needs to be verified before registering. Use request_code and verify_code first.',
  ])
  expectError(await phone.post('', { json: { pin: right } }), 400, 133006)
  assert.deepEqual((await phone.read('is_pin_enabled', 'status')).body, {
    is_pin_enabled: false,
    status: 'PENDING',
    id: phone.id,
  })

  await door.prove(phone)
  expectSuccess(await phone.register(right))
  assert.deepEqual((await phone.read('is_pin_enabled', 'status')).body, {
    is_pin_enabled: true,
    status: 'CONNECTED',
    id: phone.id,
  })
  const mismatch = await phone.register(wrong)
  expectError(mismatch, 400, 133005)
  assert.deepEqual(words(mismatch), [
    '(#133005) Two step verification PIN Mismatch',
    'Two-step verification PIN incorrect.',
  ])
  expectSuccess(await phone.register(right))
})

test('setting a PIN needs no old one, makes the old one void, and tells the owner', async () => {
  const of = await door.business()
  const phone = await door.proved(of)
  expectSuccess(await phone.post('', { json: { pin: right } }))
  assert.equal((await phone.read('is_pin_enabled')).body.is_pin_enabled, true)
  await door.advance('PT1M')
  expectSuccess(await phone.post('', { json: { pin: wrong } }))
  expectError(await phone.register(right), 400, 133005)
  expectSuccess(await phone.register(wrong))

  const mails = (await door.outbox(of.email)).map(mail => mail.subject)
  assert.deepEqual(mails, ['Twostep: The PIN was changed', 'Twostep: Two-step verification was turned on'])
  const texts = JSON.stringify(await door.outbox(of.email))
  for (const secret of [right, wrong, phone.number.slice(1), phone.number.slice(3)]) assert(!texts.includes(secret))
})

test('there is no way to turn two-step off, nor to read the PIN', async () => {
  const phone = await door.registered(bakery, right)
  for (const pin of ['', null, false, 0, [], {}]) {
    expectError(await phone.post('', { json: { pin } }), 400, 100)
    expectError(await phone.post('', { json: { whatsapp_business_api_data: { pin } } }), 400, 100)
  }
  for (const form of [{ pin: '' }, { two_step: 'off' }]) expectError(await phone.post('', { form }), 400, 100)
  assert.deepEqual((await phone.read('pin', 'is_pin_enabled')).body, { is_pin_enabled: true, id: phone.id })
})

test('deregistering keeps the PIN and the proof, and is told apart from not being registered', async () => {
  const phone = await door.registered(bakery, right)
  expectSuccess(await phone.post('deregister'))
  const { body } = await phone.read('status', 'is_pin_enabled', 'code_verification_status', 'platform_type')
  assert.deepEqual(body, {
    status: 'DISCONNECTED',
    is_pin_enabled: true,
    code_verification_status: 'VERIFIED',
    platform_type: 'NOT_APPLICABLE',
    id: phone.id,
  })
  const again = await phone.post('deregister')
  expectError(again, 400, 100, 2207051)
  assert.deepEqual(words(again), ['(#100) Phone number not registered on the WhatsApp Business Platform.', undefined])
  const unsent = await phone.post('messages', { json: text })
  expectError(unsent, 400, 133010)
  assert.match(errorOf(unsent).message, /^\(#133010\) Phone number Not Registered$/)
  expectError(await phone.register(wrong), 400, 133005)
  expectSuccess(await phone.register(right))
  assert.equal((await phone.post('messages', { json: text })).status, 200)
})

const text = { messaging_product: 'whatsapp', to: '+447700901999', text: { body: 'Bread.' } }

// ——— waits after wrong guesses

// Deleting asks for the PIN as well, from the same budget of guesses, and is not counted as a registration.
const guessing = (phone: Phone) => (pin: string) =>
  door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin } })

test('five wrong guesses cost no wait, then each waits longer, and every wait ends at its millisecond', async () => {
  const phone = await door.registered(bakery, right)
  const guess = guessing(phone)
  for (let at = 0; at < 5; at += 1) expectError(await guess(wrong), 400, 133005)
  for (const [seconds, almost] of [
    [60, 'PT59.999S'],
    [5 * 60, 'PT4M59.999S'],
    [15 * 60, 'PT14M59.999S'],
    [3600, 'PT59M59.999S'],
  ] as const) {
    const refused = await phone.register(wrong)
    expectWait(refused, 400, 133009, seconds)
    assert.deepEqual(words(refused), [
      '(#133009) Two step verification PIN Guessed Too Fast',
      `Two-step verification PIN was entered too quickly. Try again in ${seconds} seconds.`,
    ])
    // The right PIN is refused too, unseen: during a wait nobody learns anything, and nothing is spent.
    await until(almost, async () => expectWait(await guess(right), 400, 133009, 1))
    expectError(await guess(wrong), 400, 133005)
  }
  for (const [hours, almost] of [
    [6, 'PT5H59M59.999S'],
    [24, 'PT23H59M59.999S'],
    [24, 'PT23H59M59.999S'],
  ] as const) {
    const refused = await guess(right)
    expectWait(refused, 400, 133008, hours * 3600)
    assert.deepEqual(words(refused), [
      '(#133008) Too Many two step verification PIN Guesses',
      `Too many two-step verification PIN guesses for this phone number. Try again in ${hours * 3600} seconds.`,
    ])
    await until(almost, async () => assert.equal((await guess(right)).headers['retry-after'], '1'))
    expectError(await guess(wrong), 400, 133005)
  }
})

test('the right PIN starts the waits over', async () => {
  const phone = await door.registered(bakery, right)
  const guess = guessing(phone)
  for (let at = 0; at < 5; at += 1) expectError(await guess(wrong), 400, 133005)
  await door.advance('PT1M')
  expectSuccess(await phone.register(right))
  for (let at = 0; at < 5; at += 1) expectError(await guess(wrong), 400, 133005)
  expectWait(await phone.register(right), 400, 133009, 60)
})

test('of guesses sent at once each pays for itself', async () => {
  const phone = await door.registered(bakery, right)
  const guess = guessing(phone)
  const replies = await Promise.all(Array.from({ length: 12 }, () => guess(wrong)))
  const codes = replies.map(reply => errorOf(reply).code).toSorted()
  assert.deepEqual(codes, [...Array(5).fill(133005), ...Array(7).fill(133009)])
})

test('a hundred wrong guesses in a row close the PIN way, for the right PIN too', async () => {
  const phone = await door.registered(bakery, right)
  for (let at = 0; at < 100; at += 1) {
    await door.advance('P3D')
    expectError(await phone.register(wrong), 400, 133005)
  }
  await door.advance('P300D')
  const locked = await phone.register(right)
  expectError(locked, 403, 131031)
  assert.equal(errorOf(locked).message, '(#131031) Account has been locked')
  assert.equal(locked.headers['retry-after'], undefined)
  const removal = await door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, json: { pin: right } })
  expectError(removal, 403, 131031)
  // The holder is not locked out: a new PIN can be set, as before.
  expectSuccess(await phone.post('', { json: { pin: '058227' } }))
  expectSuccess(await phone.register('058227'))
})

// ——— ten in 72 hours

test('registering and deregistering share ten attempts in a moving 72 hours, good ones and bad ones', async () => {
  const phone = await door.registered(bakery, right)
  await door.advance('PT1H')
  const rest = [
    () => phone.post('deregister'),
    () => phone.post('deregister'),
    () => phone.register(wrong),
    () => phone.register(right),
    () => phone.post('register', { json: registration('12345') }),
    () => phone.post('register', { raw: { body: '{', type: 'application/json' } }),
    () => phone.post('deregister', { raw: { body: '[', type: 'application/json' } }),
    () => phone.post('register'),
  ]
  const ends: unknown[] = []
  for (const attempt of rest) {
    const reply = await attempt()
    ends.push(reply.status === 200 ? 200 : errorOf(reply).code)
  }
  assert.deepEqual(ends, [200, 100, 133005, 200, 100, 100, 100, 100])
  expectSuccess(await phone.post('deregister'))

  const spent = await phone.register(right)
  expectWait(spent, 400, 133016, 71 * 3600)
  const { is_transient, message, error_data } = errorOf(spent)
  assert.deepEqual([is_transient, message], [false, '(#133016) Account register deregister rate limit exceeded'])
  assert.match(error_data?.details ?? '', /^Registration or Deregistration failed because there were too many attempts/)
  expectWait(await phone.post('deregister'), 400, 133016, 71 * 3600)

  // However often it is tried in between, the first attempt leaves after 72 hours, and the nine others an hour later.
  for (let at = 0; at < 20; at += 1) expectWait(await phone.post('deregister'), 400, 133016, 71 * 3600)
  await until('PT70H59M59.999S', async () => expectWait(await phone.register(right), 400, 133016, 1))
  expectSuccess(await phone.register(right))
  expectWait(await phone.register(right), 400, 133016, 3600)
  await until('PT59M59.999S', async () => expectWait(await phone.register(right), 400, 133016, 1))
  for (let at = 0; at < 9; at += 1) expectError(await phone.register('12345'), 400, 100)
  expectWait(await phone.register(right), 400, 133016, 71 * 3600)
})

test('what is not a registration takes none of the attempts', async () => {
  const phone = await door.registered(bakery, right)
  for (let at = 0; at < 12; at += 1) {
    expectSuccess(await phone.post('', { json: { pin: right } }))
    expectError(await phone.post('', { json: { pin: '12345' } }), 400, 100)
    expectError(await phone.post('request_code'), 400, 100)
    assert.equal((await phone.read()).status, 200)
  }
  for (let at = 0; at < 9; at += 1) expectSuccess(await phone.register(right))
  expectError(await phone.register(right), 400, 133016)
})

// ——— deleting

test('a number that is held is deleted with its PIN only', async () => {
  const of = await door.business()
  const phone = await door.registered(of, right)
  const remove = (sent = {}) => door.graph('DELETE', `/v25.0/${phone.id}`, { token: of.token, ...sent })
  expectError(await remove(), 400, 100)
  for (const pin of ['12345', '', 12345, [right]]) expectError(await remove({ json: { pin } }), 400, 100)
  // Each of these was meant as a guess and was paid like one; one is left before the waits begin.
  expectError(await remove({ query: { pin: wrong } }), 400, 133005)
  expectWait(await remove({ json: { pin: right } }), 400, 133009, 60)
  await door.advance('PT1M')
  expectSuccess(await remove({ json: { pin: right } }))
  expectError(await phone.read(), 400, 100, 33)
  expectError(await remove({ json: { pin: right } }), 400, 100, 33)
  const [mail] = await door.outbox(of.email)
  assert.equal(mail?.subject, 'Twostep: Two-step verification was turned off')
})

test('a number that was deleted can be registered again five minutes later, to the millisecond', async () => {
  const phone = await door.registered(bakery, right)
  const gone = await door.graph('DELETE', `/v25.0/${phone.id}`, { token: bakery.token, query: { pin: right } })
  expectSuccess(gone)
  await door.advance('PT1M')
  const anew = await door.proved(bakery, phone.number.slice(3))
  assert.notEqual(anew.id, phone.id)
  const refused = await anew.register(wrong)
  expectWait(refused, 400, 133015, 240)
  const title = '(#133015) Please wait a few minutes before attempting to register this phone number'
  assert.equal(errorOf(refused).message, title)
  await until('PT3M59.999S', async () => expectWait(await anew.register(wrong), 400, 133015, 1))
  expectSuccess(await anew.register(wrong))
})

test('a number that was never proved is deleted without more ado, and may be registered elsewhere at once', async () => {
  const phone = await door.added(bakery)
  expectSuccess(await door.graph('DELETE', `/v25.0/${phone.id}/`, { token: bakery.token }))
  await door.registered(await door.business(), right, phone.number.slice(3))
})
