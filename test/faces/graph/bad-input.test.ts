// What is no good request, on every call: a clear refusal in Graph's envelope, never a fault, and nothing is changed.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  errorOf,
  expectError,
  expectSuccess,
  expectWait,
  openDoor,
  type Phone,
  registration,
  type Sent,
} from './door.ts'
import { isMetaRequest } from './meta-schema.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()
const { token } = bakery
const json = 'application/json'

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const raw = (body: string | Uint8Array, type: string = json): Sent => ({ raw: { body, type } })

/** Bodies that cannot be read, and what is said of each. */
const unreadable: readonly [sent: Sent, message: string][] = [
  ...['{', '{"pin":', '{"pin":"1"}}', '{pin:1}', "{'pin':'1'}", '{"pin":012345}', '\u0000', 'NaN', '{"a":1,}'].map(
    body => [raw(body), 'the request body is not valid JSON'] as [Sent, string],
  ),
  ...['[]', '[{"pin":"493816"}]', '"493816"', '493816', 'null', 'true'].map(
    body => [raw(body), 'the request body must be a JSON object'] as [Sent, string],
  ),
  [raw(Uint8Array.of(0x7b, 0xff, 0x7d)), 'the request body is not valid UTF-8'],
  [raw('{"pin":"\\ud800"}'), 'the request body is not valid UTF-8'],
  [raw('pin=%ff%fe', 'application/x-www-form-urlencoded'), 'the request body is not valid UTF-8'],
  [raw('--seam', 'multipart/form-data; boundary=seam'), 'the request body is not valid multipart/form-data'],
  [raw('x', 'multipart/form-data'), 'the request body is not valid multipart/form-data'],
  [
    raw(
      '--s\r\nContent-Disposition: form-data; name="pin"; filename="pin"\r\n\r\n493816\r\n--s--\r\n',
      'multipart/form-data; boundary=s',
    ),
    'files are not accepted here',
  ],
  ...['text/plain', 'application/xml', 'application/octet-stream', 'nonsense'].map(
    type =>
      [raw('pin=493816', type), 'send application/json, application/x-www-form-urlencoded or multipart/form-data'] as [
        Sent,
        string,
      ],
  ),
  [{ json: { pin: '493816' }, headers: { 'content-encoding': 'gzip' } }, 'send the request body without compression'],
  [raw(nested(33)), 'the request body is nested too deeply'],
  [raw(nested(5_000)), 'the request body is nested too deeply'],
  [raw(`{"a":[${'1,'.repeat(300)}1]}`), 'the request has too many fields'],
  [raw('a=1&'.repeat(300), 'application/x-www-form-urlencoded'), 'the request has too many fields'],
  [raw('x'.repeat(1_000_000)), 'the request body is too large'],
  [raw(`{"pin":"${'1'.repeat(1_000_000)}"}`), 'the request body is too large'],
  [{ ...raw('1'.repeat(70_000)), chunked: false }, 'the request body is too large'],
  [{ ...raw(' '.repeat(66_000)), chunked: true }, 'the request body is too large'],
]

test('what cannot be read is refused alike on every call, in words that say what is wrong', async () => {
  const phone = await door.registered(bakery, '493816')
  const before = (await phone.read('status', 'is_pin_enabled')).body
  const node = `/v25.0/${phone.id}`
  const edges = ['request_code', 'verify_code', 'register', 'deregister', 'messages'].map(edge => `${node}/${edge}`)
  const list = `/v25.0/${bakery.waba}/phone_numbers`
  for (const [at, [sent, what]] of unreadable.entries()) {
    // Reading is the same for all of them, so a few bodies make the round.
    for (const path of at % 9 === 0 ? [node, ...edges, list] : [node]) {
      const reply = await door.graph('POST', path, { ...sent, token })
      expectError(reply, 400, 100)
      assert.equal(errorOf(reply).message, `(#100) Invalid parameter: ${what}`, path)
    }
    // The body of a GET means nothing, whatever it is.
    if (sent.chunked !== true) assert.equal((await door.graph('GET', node, { ...sent, token })).status, 200)
    await door.advance('P1D')
  }
  assert.deepEqual((await phone.read('status', 'is_pin_enabled')).body, before)
  expectSuccess(await phone.register('493816'))
})

test('an unreadable body from somebody without a token is told about the token, and nothing else', async () => {
  const phone = await door.added(bakery)
  for (const [sent] of unreadable) {
    expectError(await door.graph('POST', `/v25.0/${phone.id}/register`, sent), 401, 104)
    const query = { access_token: 'EAAwrong' }
    expectError(await door.graph('POST', `/v25.0/${phone.id}/register`, { ...sent, query }), 401, 190)
  }
})

test('what is no PIN is refused on both calls, and costs an attempt only where a guess was meant', async () => {
  const pins: readonly unknown[] = [
    ...['', '1', '12345', '1234567', 'abcdef', '49381a', ' 493816', '493816 ', '493816\n', '\n493816', '4938\u000016'],
    ...[
      '４９３８１６',
      '٤٩٣٨١٦',
      '४९३८१६',
      '²³¹⁴⁵⁶',
      '49381６',
      '49-3816',
      '493 816',
      '+49381',
      '-49381',
      '0x1234',
      '1e5',
    ],
    ...['493816\u200b', '493816\u0301', '𝟒𝟗𝟑𝟖𝟏𝟔', '<b>493816</b>', "493816' OR '1'='1", '{"$gt":""}'],
    ...[
      true,
      false,
      1.5,
      49381,
      4938160,
      -493816,
      Number.MAX_SAFE_INTEGER,
      1e300,
      ['493816'],
      [],
      {},
      { pin: '493816' },
    ],
  ]
  const setting = await door.registered(bakery, '493816')
  const guessing = await door.registered(bakery, '493816')
  for (const pin of pins) {
    const reply = await setting.post('', { json: { pin } })
    expectError(reply, 400, 100)
    assert.equal(errorOf(reply).message, '(#100) Param pin must be 6 characters long.', JSON.stringify(pin))
    assert(!isMetaRequest(`POST /{Version}/{Phone-Number-ID}/register`, registration(pin)))
  }
  for (const text of ['{', '{"pin":', '[]', '"493816"', '493816', 'null', '{"pin":["493816"]}']) {
    expectError(await setting.post('', { form: { whatsapp_business_api_data: text } }), 400, 100)
    expectError(
      await setting.post('messages', { form: { messaging_product: 'whatsapp', to: '+447700901999', text } }),
      400,
      131008,
    )
  }
  for (let at = 0; at < 9; at += 1) expectSuccess(await setting.register('493816'))

  for (const pin of pins.slice(0, 9))
    expectError(await guessing.post('register', { json: registration(pin) }), 400, 100)
  expectWait(await guessing.register('493816'), 400, 133016, 72 * 3600)
})

test('a registration without its product, or with another one, is refused and counted', async () => {
  const phone = await door.proved(bakery)
  const bodies: readonly [body: Record<string, unknown>, message: string][] = [
    [{ pin: '493816' }, '(#100) The parameter messaging_product is required.'],
    [{ messaging_product: null, pin: '493816' }, '(#100) The parameter messaging_product is required.'],
    [{ messaging_product: 'whatsapp' }, '(#100) The parameter pin is required.'],
    ...['instagram', '', 'whatsapp\u0000', 'ｗｈａｔｓａｐｐ', ['whatsapp'], 1].map(
      messaging_product =>
        [{ messaging_product, pin: '493816' }, '(#100) Param messaging_product must be one of {WHATSAPP}.'] as [
          Record<string, unknown>,
          string,
        ],
    ),
    [
      { ...registration('493816'), data_localization_region: 'XX' },
      '(#100) Param data_localization_region must be one of {AE, AU, BH, BR, CA, CH, DE, GB, ID, IN, JP, KR, SG, ZA}.',
    ],
  ]
  for (const [body, message] of bodies) {
    const reply = await phone.post('register', { json: body })
    expectError(reply, 400, 100)
    assert.equal(errorOf(reply).message, message)
  }
  expectWait(await phone.register('493816'), 400, 133016, 72 * 3600)
})

test('what may come along with a registration may come along, and names that are not known are ignored', async () => {
  const more: readonly Record<string, unknown>[] = [
    ...['AE', 'AU', 'BH', 'BR', 'CA', 'CH', 'DE', 'GB', 'ID', 'IN', 'JP', 'KR', 'SG', 'ZA'].map(
      data_localization_region => ({ data_localization_region }),
    ),
    { backup: { password: 'secret', data: 'AAAA' } },
    { backup: '{"password":"secret"}' },
    { tier: 'PROD' },
    { meta_store_retention_minutes: 60 },
    { appsecret_proof: 'f'.repeat(64) },
    { no_such_thing: { at: ['all'] }, constructor: 1, __proto__: 2, toString: 'x', '': '', 'a b': null, '🥖': '🥖' },
  ]
  const phone = await door.proved(bakery)
  for (const each of more) {
    await door.advance('P1D')
    expectSuccess(await phone.post('register', { json: { ...registration('493816'), ...each } }))
  }
  expectSuccess(await phone.post('', { raw: { body: '{"pin":"493816","__proto__":{"pin":"1"},"constructor":{}}' } }))
})

test('paths and methods that are not there are told in the same envelope', async () => {
  const phone = await door.added(bakery)
  const edges = ['/nothing', '/register/now', '/REGISTER', '/%00', '/%zz', '//register']
  for (const version of ['', '/v25.0']) {
    for (const edge of edges) {
      const reply = await door.graph('POST', `${version}/${phone.id}${edge}`, { token })
      expectError(reply, 400, 2500)
      assert.match(errorOf(reply).message, /^\(#2500\) Unknown path components: \//)
    }
    for (const [method, edge] of [
      ['GET', '/register'],
      ['PUT', '/register'],
      ['PATCH', ''],
      ['PUT', ''],
      ['OPTIONS', ''],
      ['GET', '/messages'],
      ['DELETE', '/phone_numbers'],
    ] as const) {
      expectError(await door.graph(method, `${version}/${phone.id}${edge}`, { token }), 400, 2500)
    }
  }
  for (const path of ['/v25.0', '/v25.0/', '/v25.0/me', '/v25.0/me/accounts', `/v25.0/+${phone.id}`, '/v25.0/1e5']) {
    expectError(await door.graph('GET', path, { token }), 400, 2500)
  }
})

// ——— texts

const text = (more: Record<string, unknown> = {}) => ({
  messaging_product: 'whatsapp',
  to: '+447700901999',
  type: 'text',
  text: { body: 'Your bread is ready.' },
  ...more,
})

const written = (phone: Phone, more: Record<string, unknown>) => phone.post('messages', { json: text(more) })

test('a text goes out from a registered number as it was written', async () => {
  const phone = await door.registered(bakery, '493816')
  const bodies = ['Brötchen\r\n🥖 \u0000 \u202e end', 'x'.repeat(4096), '🥖'.repeat(4096), '<script>', ' ']
  for (const [at, body] of bodies.entries()) {
    const to = `+4477009018${10 + at}`
    const reply = await written(phone, { to, text: { body, preview_url: true }, recipient_type: 'individual' })
    assert.equal(reply.status, 200, reply.text)
    assert.deepEqual(reply.body.contacts, [{ input: to, wa_id: to.slice(1) }])
    assert.match(JSON.stringify(reply.body.messages), /^\[\{"id":"wamid\.[A-Za-z0-9+/=]+"\}\]$/)
    const [shown] = await door.outbox(to)
    assert.deepEqual([shown?.channel, shown?.from, shown?.text], ['whatsapp', phone.number, body])
  }
  for (const to of ['447700901888', '+44 7700 901888', '44 7700-901888']) {
    const reply = await written(phone, { to, type: undefined })
    assert.deepEqual(reply.body.contacts, [{ input: to, wa_id: '447700901888' }])
  }
})

test('a text that lacks something, or has something else in its place, is refused', async () => {
  const phone = await door.registered(bakery, '493816')
  const missing: readonly Record<string, unknown>[] = [
    ...['messaging_product', 'to', 'text'].map(name => ({ [name]: undefined })),
    ...[{}, { body: null }, { body: '' }, 'x', [], null, 1].map(value => ({ text: value })),
  ]
  for (const more of missing) expectError(await written(phone, more), 400, 131008)
  const invalid: readonly Record<string, unknown>[] = [
    ...['sms', '', 1, ['whatsapp']].map(messaging_product => ({ messaging_product })),
    ...['', 'bread', '12', '٧', '+', ['+447700901999'], {}, true, '+447700901999\u0000', '7'.repeat(99)].map(to => ({
      to,
    })),
    ...['image', 'template', '', 'TEXT', ['text']].map(type => ({ type })),
    ...[1, ['x'], { body: 'x' }, 'x'.repeat(4097), '🥖'.repeat(4097)].map(body => ({ text: { body } })),
  ]
  for (const more of invalid) {
    const reply = await written(phone, more)
    // A number is no text, but it can be written as one.
    if (JSON.stringify(more) === '{"text":{"body":1}}') assert.equal(reply.status, 200)
    else expectError(reply, 400, 131009)
  }
  expectError(await written(phone, { to: phone.number }), 400, 131021)
  expectError(await written(await door.proved(bakery), {}), 400, 133010)
})
