// The WhatsApp client against a running sandbox: the life of a number, refusals, waits, lists, and what must never leak.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import WhatsApp, {
  AuthenticationError,
  ConnectionError,
  GuessLimitError,
  InvalidParameterError,
  isWhatsAppError,
  NotRegisteredError,
  NotVerifiedError,
  PermissionError,
  PinMismatchError,
  RegistrationLimitError,
  type Warning,
  type WhatsAppConfig,
  WhatsAppError,
} from '#client/index.ts'
import { type Business, openDoor } from '../faces/graph/door.ts'
import { graphError, type Told, toldFetch, watchedFetch } from './wires.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const pin = '493816'
const quiet = () => {}
const clientOf = (of: Business, config: WhatsAppConfig = {}): WhatsApp =>
  new WhatsApp({ baseUrl: door.url, accessToken: of.token, businessAccountId: of.waba, onWarning: quiet, ...config })

/** What a call throws, which must be of this class. */
async function thrown<E>(type: abstract new (...args: never) => E, calling: Promise<unknown>): Promise<E> {
  try {
    await calling
  } catch (error) {
    assert(error instanceof type, inspect(error))
    return error
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' })
}

test('a number is added, proved, registered, locked, read, left and taken back, and writes', async () => {
  const business = await door.business()
  const all = clientOf(business)
  const national = door.newNational()
  const { data: added } = await all.phoneNumbers.add({ cc: '44', phone_number: national, verified_name: 'Bakery' })
  const whatsapp = all.withPhoneNumber(added.id)
  const { registration, phoneNumbers, twoStepVerification, messages } = whatsapp

  const early = await thrown(NotVerifiedError, registration.register({ pin }))
  assert.deepEqual([early.code, early.status, early.retryAt], [133006, 400, undefined])
  const success = { success: true }
  const asked = await phoneNumbers.requestCode({ code_method: 'SMS', language: 'en_US' })
  assert.deepEqual(
    [asked.data, asked.status, asked.headers.get('content-type')],
    [success, 200, 'application/json; charset=UTF-8'],
  )
  const code = await door.newestCode(`+44${national}`)
  assert.equal((await phoneNumbers.verifyCode({ code })).data.success, true)
  const unregistered = await thrown(NotRegisteredError, messages.text({ body: 'Hello' }, '447700900456'))
  assert.equal(unregistered.code, 133010)
  assert.deepEqual((await registration.register({ pin, data_localization_region: 'DE' })).data, success)
  assert.deepEqual((await twoStepVerification.update({ pin: '058227' })).data, success)
  const fields = ['status', 'is_pin_enabled', 'display_phone_number'] as const
  assert.deepEqual((await phoneNumbers.get({ fields })).data, {
    id: added.id,
    status: 'CONNECTED',
    is_pin_enabled: true,
    display_phone_number: `+44 ${national.slice(0, 4)} ${national.slice(4)}`,
  })
  assert.deepEqual((await registration.deregister()).data, success)
  assert.equal((await thrown(PinMismatchError, registration.register({ pin }))).code, 133005)
  assert.deepEqual((await registration.register({ pin: '058227' })).data, success)
  const sent = await messages.text({ body: 'Your cake is ready.' }, 447700900456)
  assert.match(sent.data.messages[0]?.id ?? '', /^wamid\./)
})

test("what goes over the wire is what Meta's documents say, to the letter", async () => {
  const { fetch, sent } = toldFetch({ json: { data: [] } })
  const config = { fetch, accessToken: 'EAAG', phoneNumberId: '106540352242922', businessAccountId: '102290129340398' }
  const { twoStepVerification, registration, phoneNumbers, messages } = new WhatsApp({ ...config, version: 'v24.0' })
  const fields = ['status', 'is_pin_enabled'] as const
  const filtering = [{ field: 'account_mode', operator: 'EQUAL', value: 'LIVE' }] as const
  await twoStepVerification.setup({ pin })
  await registration.register({ pin })
  await registration.register({ pin, data_localization_region: 'CH', backup: { password: 'p', data: 'd' } })
  await registration.deregister()
  await phoneNumbers.requestCode({ code_method: 'VOICE', language: 'en_US' })
  await phoneNumbers.verifyCode({ code: '123-830' })
  await phoneNumbers.add({ cc: '44', phone_number: '07700900123', verified_name: 'Bakery' })
  await messages.text({ body: 'Hello' }, 15551234567)
  await phoneNumbers.get({ fields })
  await phoneNumbers.list({ fields, limit: 100, sort: 'creation_time.desc', filtering }).next()
  const wire = sent.map(({ method, url, body }) => `${method} ${url.pathname}${decodeURIComponent(url.search)} ${body}`)
  const number = '/v24.0/106540352242922'
  const numbers = '/v24.0/102290129340398/phone_numbers'
  const moving = '"data_localization_region":"CH","backup":{"password":"p","data":"d"}'
  const text = '"recipient_type":"individual","to":"15551234567","type":"text","text":{"body":"Hello"}'
  assert.deepEqual(wire, [
    `POST ${number} {"pin":"493816"}`,
    `POST ${number}/register {"messaging_product":"whatsapp","pin":"493816"}`,
    `POST ${number}/register {"messaging_product":"whatsapp","pin":"493816",${moving}}`,
    `POST ${number}/deregister {}`,
    `POST ${number}/request_code {"code_method":"VOICE","language":"en_US"}`,
    `POST ${number}/verify_code {"code":"123830"}`,
    `POST ${numbers} {"cc":"44","phone_number":"07700900123","verified_name":"Bakery"}`,
    `POST ${number}/messages {"messaging_product":"whatsapp",${text}}`,
    `GET ${number}?fields=status,is_pin_enabled `,
    `GET ${numbers}?fields=status,is_pin_enabled&sort=creation_time.desc&limit=100&filtering=${JSON.stringify(filtering)} `,
  ])
  for (const { url, headers, body } of sent) {
    assert.equal(url.origin, 'https://graph.facebook.com')
    assert.equal(headers.get('authorization'), 'Bearer EAAG')
    assert.equal(headers.get('content-type'), body === '' ? null : 'application/json')
  }
})

test('the four refusals that are about time carry retryAt: as the server says where it says so', async () => {
  const business = await door.business()
  const { id } = await door.registered(business, pin)
  const { registration } = clientOf(business, { phoneNumberId: id })
  const in_ = (seconds: number) => new Date(Date.now() + seconds * 1_000)
  for (let guess = 0; guess < 5; guess += 1) {
    const wrong = await thrown(PinMismatchError, registration.register({ pin: '604188' }))
    assert.deepEqual([wrong.retryAt, wrong.retryAtFrom], [in_(0), 'assumed'])
  }
  const tooFast = await thrown(GuessLimitError, registration.register({ pin }))
  assert.deepEqual([tooFast.code, tooFast.retryAt, tooFast.retryAtFrom], [133009, in_(60), 'server'])
  assert.match(tooFast.message, /Guessed Too Fast: .*Try again in 60 seconds\.$/)
  await door.advance('PT59.999S')
  const still = await thrown(GuessLimitError, registration.register({ pin }))
  assert.deepEqual(still.retryAt, in_(1))

  const { id: left } = await door.registered(business, pin)
  const other = clientOf(business, { phoneNumberId: left }).registration
  for (let attempt = 1; attempt < 10; attempt += 1) await other.register({ pin })
  const blocked = await thrown(RegistrationLimitError, other.deregister())
  assert.deepEqual([blocked.code, blocked.retryAt, blocked.retryAtFrom], [133016, in_(72 * 3600), 'server'])
})

test('where Meta names no time, retryAt says that it is documented or assumed, and what is not about time has none', async () => {
  const cases = [
    [133005, {}, {}, 0, 'assumed'],
    [133008, {}, {}, 24 * 3600, 'assumed'],
    [133009, {}, {}, 3600, 'assumed'],
    [133015, {}, {}, 300, 'documented'],
    [133016, {}, {}, 72 * 3600, 'documented'],
    [133009, {}, { 'retry-after': '45' }, 45, 'server'],
    [133008, { error_data: { details: 'Try again in 1 hour 20 minutes.' } }, {}, 4800, 'server'],
    [133009, { error_data: { details: 'Please wait 90 seconds.' } }, { 'retry-after': '61' }, 61, 'server'],
    [133016, { error_data: { details: 'too many attempts in a short period' } }, {}, 72 * 3600, 'documented'],
    [
      80007,
      {},
      {
        'x-business-use-case-usage':
          '{"1":[{"estimated_time_to_regain_access":0},{"estimated_time_to_regain_access": 7}]}',
      },
      420,
      'server',
    ],
    [80007, {}, {}, undefined, undefined],
    [133006, {}, {}, undefined, undefined],
    [133016, {}, { 'retry-after': '99999999' }, 365 * 86_400, 'server'],
  ] as const
  for (const [code, more, headers, seconds, from] of cases) {
    const { fetch } = toldFetch({ status: 400, json: graphError(code, more), headers })
    const whatsapp = new WhatsApp({ fetch, accessToken: 'x', phoneNumberId: '1', onWarning: quiet })
    const error = await thrown(WhatsAppError, whatsapp.registration.register({ pin }))
    const waits = error.retryAt === undefined ? undefined : (error.retryAt.getTime() - Date.now()) / 1_000
    assert.deepEqual([error.code, waits, error.retryAtFrom], [code, seconds, from])
  }
})

const away: readonly Told[] = [
  new TypeError('fetch failed'),
  { status: 500, json: graphError(131000, { is_transient: true }) },
  { status: 503, json: graphError(2, { is_transient: true }), headers: { 'retry-after': '0' } },
  { status: 429, json: graphError(4, { is_transient: true }), headers: { 'retry-after': '0' } },
  { status: 400, json: graphError(133016, { is_transient: true }), headers: { 'retry-after': '0' } },
]

test('what may cost one of ten is sent once, whatever comes back', async () => {
  const calls: readonly ((whatsapp: WhatsApp) => Promise<unknown>)[] = [
    ({ registration }) => registration.register({ pin }),
    ({ registration }) => registration.deregister(),
    ({ twoStepVerification }) => twoStepVerification.setup({ pin }),
    ({ phoneNumbers }) => phoneNumbers.requestCode({ code_method: 'SMS', language: 'en' }),
    ({ phoneNumbers }) => phoneNumbers.verifyCode({ code: '123456' }),
    ({ phoneNumbers }) => phoneNumbers.add({ cc: '44', phone_number: '7700900123', verified_name: 'Bakery' }),
    ({ messages }) => messages.text({ body: 'Hello' }, '447700900456'),
  ]
  for (const call of calls) {
    for (const told of away) {
      const { fetch, sent } = toldFetch(told)
      const config = { fetch, accessToken: 'x', phoneNumberId: '1', businessAccountId: '2', onWarning: quiet }
      const error = await call(new WhatsApp(config)).catch((error: unknown) => error)
      assert(error instanceof ConnectionError || isWhatsAppError(error))
      assert.equal(sent.length, 1)
    }
  }
})

test('a read is sent again when the server is away for a moment, three times at most', async () => {
  const config = { accessToken: 'x', phoneNumberId: '1' }
  const gone = { status: 503, json: graphError(2), headers: { 'retry-after': '0' } }
  const once = toldFetch(gone, { json: { id: '1' } })
  assert.equal((await new WhatsApp({ ...config, fetch: once.fetch }).phoneNumbers.get()).data.id, '1')
  assert.equal(once.sent.length, 2)
  const always = toldFetch(gone)
  await thrown(WhatsAppError, new WhatsApp({ ...config, fetch: always.fetch }).phoneNumbers.get())
  assert.equal(always.sent.length, 3)
  const long = toldFetch({ ...gone, headers: { 'retry-after': '6' } })
  await thrown(WhatsAppError, new WhatsApp({ ...config, fetch: long.fetch }).phoneNumbers.get())
  assert.equal(long.sent.length, 1)
})

test('a PIN or code that is a number, or not six digits, is refused with code 100 and never sent', async () => {
  const { fetch, sent } = toldFetch({})
  const config = { fetch, accessToken: 'x', phoneNumberId: '1' }
  const { registration, twoStepVerification, phoneNumbers } = new WhatsApp(config)
  for (const wrong of [54321, 493816, '49381', '4938167', ' 493816', '４９３８１６', '', undefined, null]) {
    const given = { pin: wrong as string }
    for (const call of [registration.register, twoStepVerification.setup, twoStepVerification.update]) {
      const error = await thrown(InvalidParameterError, call(given))
      assert.deepEqual([error.code, error.status], [100, undefined])
      assert.match(error.message, typeof wrong === 'number' ? /leading zeros/ : /six digits/)
      assert(!inspect(error).includes(String(wrong || 'nothing')))
    }
  }
  for (const code of [12345 as unknown as string, 123830 as unknown as string, '12345', '12-3456', '']) {
    const error = await thrown(InvalidParameterError, phoneNumbers.verifyCode({ code }))
    assert.equal(error.code, 100)
  }
  assert.equal(sent.length, 0)
})

test('a weak PIN is warned about before it is sent, one that only the server knows afterwards, a good one never', async () => {
  const business = await door.business()
  const { id } = await door.registered(business, pin)
  const events: string[] = []
  const onWarning = ({ kind, message }: Warning) => {
    events.push(kind)
    assert.doesNotMatch(message, /[0-9]/, 'a warning holds no PIN')
  }
  const { fetch: wire } = watchedFetch()
  const watching = (async (...args: Parameters<typeof fetch>) => {
    const response = await wire(...args)
    events.push('answered')
    return response
  }) as typeof fetch
  const whatsapp = clientOf(business, { phoneNumberId: id, onWarning, fetch: watching })
  for (const [weak, expected] of [
    ['123456', ['weak_pin', 'answered']],
    ['838386', ['answered']],
    ['420420', ['weak_pin', 'answered']],
    ['651960', ['answered', 'weak_pin']],
  ] as const) {
    events.length = 0
    await whatsapp.twoStepVerification.setup({ pin: weak })
    assert.deepEqual(events, expected, weak)
  }
})

test('each refusal is of the class that says what to do about it', async () => {
  const business = await door.business()
  const refused = async <E extends WhatsAppError>(
    type: new (...args: never) => E,
    token: string,
    id = '123456789012345',
  ) => thrown(type, clientOf({ ...business, token }, { phoneNumberId: id }).phoneNumbers.get())
  const missing = await refused(InvalidParameterError, business.token)
  assert.deepEqual([missing.code, missing.subcode, missing.type], [100, 33, 'GraphMethodException'])
  assert.match(missing.traceId ?? '', /^A[0-9a-f]{22}$/)
  assert.equal((await refused(AuthenticationError, 'garbage')).code, 190)
  const narrow = await door.token(business.waba, ['whatsapp_business_messaging'])
  const listing = clientOf({ ...business, token: narrow })
    .phoneNumbers.list()
    .next()
  const forbidden = await thrown(PermissionError, listing)
  assert.deepEqual([forbidden.code, forbidden.status, forbidden.name], [10, 403, 'PermissionError'])
  const { fetch } = toldFetch({ status: 400, json: graphError(987654, { error_user_title: 'T', error_user_msg: 'M' }) })
  const unknown = await thrown(WhatsAppError, clientOf(business, { fetch, phoneNumberId: 1 }).phoneNumbers.get())
  assert.deepEqual([unknown.code, unknown.userTitle, unknown.userMessage], [987654, 'T', 'M'])
  assert(isWhatsAppError(unknown) && !isWhatsAppError(new Error('x')) && !isWhatsAppError({ code: 100 }))
})

test('a list is walked page by page, stops when its reader stops, and goes nowhere a reply points', async () => {
  const business = await door.business()
  const ids: string[] = []
  for (let count = 0; count < 5; count += 1) ids.push((await door.added(business)).id)
  const { fetch, sent } = watchedFetch()
  const { phoneNumbers } = clientOf(business, { fetch })
  const seen: string[] = []
  for await (const { id, status } of phoneNumbers.list({ limit: 2, fields: ['status'], sort: 'creation_time.asc' })) {
    assert.equal(status, 'PENDING')
    seen.push(id)
  }
  assert.deepEqual([seen.toSorted(), sent.length], [ids.toSorted(), 3])
  for await (const number of phoneNumbers.list({ limit: 2 })) if (number.id !== '') break
  assert.equal(sent.length, 4)

  const elsewhere = 'https://evil.example/v25.0/2/phone_numbers?access_token=stolen&after=b'
  const first = { data: [{ id: '1' }], paging: { next: elsewhere, cursors: { after: 'b' } } }
  const told = toldFetch({ json: first }, { json: first })
  let walked = 0
  for await (const _ of clientOf(business, { fetch: told.fetch }).phoneNumbers.list()) walked += 1
  assert.equal(walked, 2, 'a cursor that leads to itself ends the walk')
  assert(told.sent.every(({ url }) => url.origin === door.url && !url.search.includes('stolen')))
})

test('a call is given up when its caller, its client or its time says so; a redirect takes the PIN nowhere', async t => {
  let came = 0
  const silent = createServer((request, response) => {
    came += 1
    if (request.url?.includes('/2/')) response.writeHead(307, { location: `http://127.0.0.1:${port}/1/register` }).end()
    if (request.url?.includes('/3/')) response.writeHead(200).end('<html>a proxy')
  })
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  t.after(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const config = { baseUrl: `http://127.0.0.1:${port}`, accessToken: 'x', phoneNumberId: '1' }
  const late = await thrown(ConnectionError, new WhatsApp({ ...config, timeoutMs: 20 }).registration.register({ pin }))
  assert.deepEqual([late.trouble, late.message], ['timed_out', `No answer came in time from ${config.baseUrl} (POST).`])
  const stop = new AbortController()
  const calling = new WhatsApp(config).phoneNumbers.get({}, { signal: stop.signal })
  stop.abort(new RangeError('enough'))
  await thrown(RangeError, calling)
  await thrown(RangeError, new WhatsApp({ ...config, signal: stop.signal }).registration.deregister())
  const before = came
  const moved = new WhatsApp({ ...config, phoneNumberId: '2' })
  assert.equal((await thrown(ConnectionError, moved.registration.register({ pin }))).trouble, 'redirected')
  assert.equal(came, before + 1)
  const html = await thrown(ConnectionError, new WhatsApp({ ...config, phoneNumberId: '3' }).registration.deregister())
  assert.deepEqual([html.trouble, html.status], ['unreadable', 200])
})

test('the token and the PIN are in nothing that is printed', async () => {
  const accessToken = 'EAAGsecretsecretsecret'
  const { fetch } = toldFetch({ status: 400, json: graphError(133005) }, new TypeError('fetch failed'))
  const whatsapp = new WhatsApp({ fetch, accessToken, phoneNumberId: '1', onWarning: quiet })
  const refused = await thrown(PinMismatchError, whatsapp.registration.register({ pin }))
  const lost = await thrown(ConnectionError, whatsapp.registration.register({ pin }))
  for (const printed of [whatsapp, refused, lost]) {
    const text = inspect(printed, { depth: 9, showHidden: true }) + JSON.stringify(printed)
    assert(!text.includes(accessToken) && !text.includes(pin), text)
  }
  assert.throws(
    () => new WhatsApp({ accessToken: `${accessToken}\n` }),
    (error: Error) => {
      return error.name === 'TypeError' && !inspect(error).includes(accessToken)
    },
  )
})

test('what the configuration leaves out comes from the environment, and what cannot be is refused by name', async t => {
  const names = [
    'WA_BASE_URL',
    'CLOUD_API_ACCESS_TOKEN',
    'WA_PHONE_NUMBER_ID',
    'WA_BUSINESS_ACCOUNT_ID',
    'CLOUD_API_VERSION',
  ]
  t.after(() => {
    for (const name of names) delete process.env[name]
  })
  const asked = async (config: WhatsAppConfig = {}): Promise<string> => {
    const { fetch, sent } = toldFetch({ json: { id: '1' } })
    await new WhatsApp({ ...config, fetch, onWarning: quiet }).phoneNumbers.get()
    return `${sent[0]?.url} ${sent[0]?.headers.get('authorization')}`
  }
  const config = { accessToken: 'mine', phoneNumberId: 106540352242922 }
  assert.equal(await asked(config), 'https://graph.facebook.com/v25.0/106540352242922 Bearer mine')
  assert.throws(() => new WhatsApp(), /accessToken is missing: give it, or set CLOUD_API_ACCESS_TOKEN/)
  Object.assign(process.env, { WA_BASE_URL: 'http://127.0.0.1:8022', CLOUD_API_ACCESS_TOKEN: 'theirs' })
  Object.assign(process.env, { WA_PHONE_NUMBER_ID: '42', CLOUD_API_VERSION: '24.0' })
  assert.equal(await asked(), 'http://127.0.0.1:8022/v24.0/42 Bearer theirs')
  assert.equal(await asked({ ...config, version: 'v23.0' }), 'http://127.0.0.1:8022/v23.0/106540352242922 Bearer mine')
  process.env.WA_BASE_URL = 'graph.facebook.com'
  assert.equal(await asked(config), 'https://graph.facebook.com/v24.0/106540352242922 Bearer mine')
  await assert.rejects(new WhatsApp().phoneNumbers.list().next(), /businessAccountId is missing/)
  const wrong = [
    [{ phoneNumberId: 2 ** 60 }, /phoneNumberId: write an id of digits, as text/],
    [{ phoneNumberId: '1/../2' }, /phoneNumberId/],
    [{ version: 'latest' }, /version: write/],
    [{ baseUrl: 'https://me:secret@host.example' }, /baseUrl: write/],
    [{ baseUrl: 'ftp://host.example' }, /baseUrl: write/],
    [{ timeoutMs: 0 }, /timeoutMs: write/],
  ] as const
  for (const [config, says] of wrong) assert.throws(() => new WhatsApp(config), says)
})

test('plain HTTP to another machine is warned about, to this one it is not', () => {
  const warned: string[] = []
  const onWarning = ({ kind }: Warning) => warned.push(kind)
  for (const baseUrl of [
    'http://127.0.0.1:8022',
    'http://localhost:1',
    'http://[::1]:1',
    'https://graph.facebook.com',
  ]) {
    new WhatsApp({ baseUrl, accessToken: 'x', onWarning })
  }
  assert.deepEqual(warned, [])
  const whatsapp = new WhatsApp({ baseUrl: 'http://twostep.internal:8022', accessToken: 'x', onWarning })
  assert.deepEqual(warned, ['plain_http'])
  for (const id of ['1', '2']) whatsapp.withPhoneNumber(id)
  assert.deepEqual(warned, ['plain_http'], 'once for all its numbers')
})
