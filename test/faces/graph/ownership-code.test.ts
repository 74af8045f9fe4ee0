// The ownership code over Graph: how it is sent, how often, what proves a number, and what never does.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Business, errorOf, expectError, expectSuccess, expectWait, openDoor, type Phone } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()

const ask = (phone: Phone) => phone.post('request_code', { json: { code_method: 'SMS', language: 'en_US' } })
const check = (phone: Phone, code: string) => phone.post('verify_code', { json: { code } })
const statusOf = async (phone: Phone) => (await phone.read('code_verification_status')).body.code_verification_status

/** A code that is not this one. */
const other = (code: string): string => code.replace(/.$/, last => (last === '0' ? '1' : '0'))

/** What every code that proves nothing is told, whatever is wrong with it. */
function expectNotVerified(reply: Awaited<ReturnType<typeof check>>): void {
  expectError(reply, 400, 136025)
  const { message, error_data } = errorOf(reply)
  assert.equal(message, '(#136025) Verify code error')
  assert.equal(error_data?.details, 'The verification code is invalid or has expired. Request a new code.')
  assert.equal(reply.headers['retry-after'], undefined)
}

test('the code that was sent proves the number, once', async () => {
  const phone = await door.added(bakery)
  assert.equal(await statusOf(phone), 'NOT_VERIFIED')
  expectNotVerified(await check(phone, '123830'))
  expectSuccess(await ask(phone))
  const [message] = await door.outbox(phone.number)
  assert.equal(message?.channel, 'sms')
  assert.match(message?.code ?? '', /^[0-9]{6}$/)
  assert(message?.text.includes(message.code ?? 'none') || /[0-9]{3}-[0-9]{3}/.test(message?.text ?? ''))

  expectNotVerified(await check(phone, other(message?.code ?? '')))
  assert.equal(await statusOf(phone), 'NOT_VERIFIED')
  const proved = await check(phone, message?.code ?? '')
  assert.deepEqual([proved.status, proved.body], [200, { success: true, id: phone.id }])
  assert.equal(await statusOf(phone), 'VERIFIED')
  expectNotVerified(await check(phone, message?.code ?? ''))
  assert.equal(await statusOf(phone), 'VERIFIED')
})

test('by voice the code is spoken', async () => {
  const phone = await door.added(bakery)
  expectSuccess(await phone.post('request_code', { form: { code_method: 'VOICE', language: 'en' } }))
  const [message] = await door.outbox(phone.number)
  assert.equal(message?.channel, 'voice')
  assert.equal((await check(phone, message?.code ?? '')).status, 200)
})

test('a method or language that is missing or unknown is told, and nothing is sent', async () => {
  const phone = await door.added(bakery)
  const says: readonly [sent: Record<string, unknown>, message: string][] = [
    [{ language: 'en_US' }, '(#100) The parameter code_method is required.'],
    [{ code_method: 'SMS' }, '(#100) The parameter language is required.'],
    [{ code_method: 'PIGEON', language: 'en_US' }, '(#100) Invalid parameter: code_method must be SMS or VOICE'],
    [
      { code_method: 'SMS', language: 'English, please' },
      '(#100) Invalid parameter: language must be a locale such as en_US',
    ],
  ]
  for (const [json, message] of says) {
    const reply = await phone.post('request_code', { json })
    expectError(reply, 400, 100)
    assert.equal(errorOf(reply).message, message)
  }
  for (const code_method of [1, true, ['SMS'], { SMS: 1 }, '', 'SMS\u0000', 'ＳＭＳ']) {
    expectError(await phone.post('request_code', { json: { code_method, language: 'en_US' } }), 400, 100)
  }
  assert.deepEqual(await door.outbox(phone.number), [])
})

test('a new code replaces the old one and brings no new checks', async () => {
  const phone = await door.added(bakery)
  await ask(phone)
  const first = await door.newestCode(phone.number)
  for (let at = 0; at < 3; at += 1) expectNotVerified(await check(phone, other(first)))
  await door.advance('PT1M')
  expectSuccess(await ask(phone))
  const second = await door.newestCode(phone.number)
  if (first !== second) expectNotVerified(await check(phone, first))
  else expectNotVerified(await check(phone, other(first)))
  // That was the fourth check; the fifth and last waits two minutes.
  expectWait(await check(phone, second), 400, 136025, 120)
  await door.advance('PT2M')
  assert.equal((await check(phone, second)).status, 200)
})

test('a request for a code carries five checks, with waits 0, 0, 1 and 2 minutes, each to its millisecond', async () => {
  const phone = await door.added(bakery)
  await ask(phone)
  const code = await door.newestCode(phone.number)
  for (let at = 0; at < 3; at += 1) expectNotVerified(await check(phone, other(code)))
  const tooFast = await check(phone, code)
  expectWait(tooFast, 400, 136025, 60)
  assert.equal(errorOf(tooFast).error_data?.details, 'Too many verification attempts. Try again in 60 seconds.')
  await door.advance('PT59.999S')
  expectWait(await check(phone, code), 400, 136025, 1)
  await door.advance('PT0.001S')
  expectNotVerified(await check(phone, other(code)))
  await door.advance('PT1M59.999S')
  expectWait(await check(phone, code), 400, 136025, 1)
  await door.advance('PT0.001S')
  expectNotVerified(await check(phone, other(code)))
  // Ten minutes after the code was sent a new request can begin, and not before: three have gone.
  expectWait(await check(phone, code), 400, 136025, 420)
  expectWait(await ask(phone), 400, 136024, 420)
  await door.advance('PT6M59.999S')
  expectWait(await ask(phone), 400, 136024, 1)
  await door.advance('PT0.001S')
  expectNotVerified(await check(phone, code))
  expectSuccess(await ask(phone))
  assert.equal((await check(phone, await door.newestCode(phone.number))).status, 200)
})

test('what cannot be a code is counted like a wrong one', async () => {
  const bad: readonly Parameters<Phone['post']>[1][] = [
    { json: {} },
    { json: { code: '12345' } },
    { json: { code: 12345 } },
    { json: { code: 1234567 } },
    { json: { code: ['123456'] } },
    { json: { code: { $ne: '1' } } },
    { json: { code: null } },
    { json: { code: '１２３４５６' } },
    { json: { code: '12-34-56' } },
    { json: { code: '123456\n' } },
    { raw: { body: '{"code":', type: 'application/json' } },
    { raw: { body: '["123456"]', type: 'application/json' } },
    { raw: { body: 'code=123456', type: 'text/csv' } },
    {},
  ]
  for (const sent of bad) {
    const phone = await door.added(bakery)
    await ask(phone)
    for (let at = 0; at < 3; at += 1) expectError(await phone.post('verify_code', sent), 400, 100)
    expectWait(await check(phone, await door.newestCode(phone.number)), 400, 136025, 60)
  }
  const phone = await door.added(bakery)
  assert.equal(errorOf(await check(phone, '12345')).message, '(#100) Invalid verification code format')
})

test('a code lives ten minutes, to the millisecond', async () => {
  const [late, intime] = [await door.added(bakery), await door.added(bakery)]
  await ask(late)
  await door.advance('PT0.001S')
  await ask(intime)
  await door.advance('PT9M59.999S')
  expectNotVerified(await check(late, await door.newestCode(late.number)))
  assert.equal((await check(intime, await door.newestCode(intime.number))).status, 200)
})

test('codes are sent at 0, 1, 2, 5 and 10 minutes, then no more that day', async () => {
  const phone = await door.added(bakery)
  expectSuccess(await ask(phone))
  for (const [wait, seconds] of [
    ['PT59.999S', 60],
    ['PT59.999S', 60],
    ['PT2M59.999S', 180],
    ['PT4M59.999S', 300],
  ] as const) {
    const refused = await ask(phone)
    expectWait(refused, 400, 136024, seconds)
    assert.equal(errorOf(refused).message, '(#136024) Request code error')
    await door.advance(wait)
    expectWait(await ask(phone), 400, 136024, 1)
    await door.advance('PT0.001S')
    expectSuccess(await ask(phone))
  }
  assert.equal((await door.outbox(phone.number)).length, 5)
  const dayAfterTheFirst = 24 * 3600 - 600
  expectWait(await ask(phone), 400, 136024, dayAfterTheFirst)
  await door.advance('PT23H49M59.999S')
  expectWait(await ask(phone), 400, 136024, 1)
  await door.advance('PT0.001S')
  expectSuccess(await ask(phone))
})

test("a code proves the number for the business that asked for it, and nobody else's code does", async () => {
  const stranger: Business = await door.business()
  const mine = await door.added(bakery)
  const theirs = await door.added(stranger, mine.number.slice(3))
  await ask(mine)
  const code = await door.newestCode(mine.number)
  await door.advance('PT1M')
  await ask(theirs)
  expectNotVerified(await check(theirs, code))
  assert.equal(await statusOf(theirs), 'NOT_VERIFIED')
  assert.equal((await check(mine, code)).status, 200)
  assert.equal(await statusOf(theirs), 'NOT_VERIFIED')
})

test("strangers never use up the codes or checks of the number's own business", async () => {
  const mine = await door.registered(bakery, '493816')
  const stranger = await door.business()
  const theirs = await door.added(stranger, mine.number.slice(3))
  await door.advance('P1D')
  for (let at = 0; at < 5; at += 1) {
    expectSuccess(await ask(theirs))
    await door.advance('PT5M')
    await check(theirs, '000000')
  }
  expectError(await ask(theirs), 400, 136024)
  expectSuccess(await ask(mine))
  assert.equal((await check(mine, await door.newestCode(mine.number))).status, 200)
})
