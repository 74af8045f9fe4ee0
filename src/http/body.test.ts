// Parameters without a socket: every shape a client may choose, and every way to be wrong.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { type ReadParameters, readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'

const bounds = { limit: 1_000, fields: 20, depth: 4 }

/** What is read of one request, without a socket. */
async function readingOf(path: string, init: RequestInit = {}): Promise<ReadParameters> {
  const app = new Hono<Exchange>()
  const readings: ReadParameters[] = []
  app.all('*', async c => {
    readings.push(await readParameters(c, bounds))
    return c.body(null)
  })
  await app.request(path, init)
  const [reading] = readings
  assert(reading !== undefined)
  return reading
}

const posted = (
  body: string | FormData | Uint8Array<ArrayBuffer> | null,
  type?: string,
  path = '/x',
): Promise<ReadParameters> =>
  // A byte body, so that no type is added to it.
  readingOf(path, {
    method: 'POST',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    headers: type === undefined ? {} : { 'content-type': type },
  })

const parametersOf = (reading: ReadParameters): unknown => {
  assert(reading.kind === 'read', JSON.stringify(reading))
  return { ...reading.parameters }
}

const form = 'application/x-www-form-urlencoded'

test('a query, JSON, a form and a multipart form read the same', async () => {
  const expected = { pin: '012345', name: 'Ada & co' }
  const multipart = new FormData()
  for (const [name, value] of Object.entries(expected)) multipart.set(name, value)
  assert.deepEqual(parametersOf(await readingOf('/x?pin=012345&name=Ada+%26%20co')), expected)
  assert.deepEqual(parametersOf(await posted(JSON.stringify(expected), 'application/json')), expected)
  assert.deepEqual(parametersOf(await posted('pin=012345&name=Ada+%26%20co', `${form}; charset=UTF-8`)), expected)
  assert.deepEqual(parametersOf(await posted(multipart)), expected)
})

test('JSON is known by its brace under any type or none', async () => {
  for (const type of [undefined, 'text/plain', form, 'multipart/form-data; boundary=x', 'application/vnd.x+json']) {
    assert.deepEqual(parametersOf(await posted(' \n{"pin":"012345"}', type)), { pin: '012345' }, type)
  }
  assert.deepEqual(parametersOf(await posted('\uFEFF{"a":1}', 'application/json')), { a: 1 })
})

test('a body without a type that is no JSON is a form', async () => {
  assert.deepEqual(parametersOf(await posted('pin=012345')), { pin: '012345' })
})

test('an empty body is fine under any type', async () => {
  for (const type of [undefined, 'application/json', form, 'multipart/form-data', 'image/png']) {
    assert.deepEqual(parametersOf(await posted('', type)), {}, type)
    assert.deepEqual(parametersOf(await posted(null, type)), {}, type)
  }
})

test('a JSON value keeps its type, a form’s is text', async () => {
  assert.deepEqual(parametersOf(await posted('{"pin":123456,"on":true,"none":null}')), {
    pin: 123456,
    on: true,
    none: null,
  })
  assert.deepEqual(parametersOf(await posted('pin=123456', form)), { pin: '123456' })
})

test('where query and body name one thing, the body counts, and both can be told apart', async () => {
  const reading = await posted('{"pin":"2"}', 'application/json', '/x?pin=1&access_token=t')
  assert(reading.kind === 'read')
  assert.deepEqual({ ...reading.parameters }, { pin: '2', access_token: 't' })
  assert.deepEqual({ ...reading.query }, { pin: '1', access_token: 't' })
  assert.deepEqual({ ...reading.body }, { pin: '2' })
})

test('a name sent twice has its last value, a name without a value is empty', async () => {
  assert.deepEqual(parametersOf(await readingOf('/x?a=1&a=2&b&&=c')), { a: '2', b: '', '': 'c' })
})

test('nothing is inherited, and nobody’s prototype is touched', async () => {
  const sent = '{"__proto__":{"admin":1},"constructor":{"prototype":{"admin":1}},"in":{"__proto__":{"admin":1},"b":2}}'
  const readings = [
    await posted(sent),
    await posted('__proto__=x&constructor=y', form),
    await readingOf('/x?__proto__[admin]=1&__proto__=1'),
  ]
  for (const reading of readings) {
    assert(reading.kind === 'read')
    assert.equal(Object.getPrototypeOf(reading.parameters), null)
    assert(!Object.hasOwn(reading.parameters, '__proto__'))
    assert.equal(reading.parameters.admin, undefined)
    assert.equal(Object.assign({}, reading.parameters).admin, undefined)
  }
  const [json, , query] = readings
  assert(json?.kind === 'read' && query?.kind === 'read')
  assert.deepEqual(JSON.stringify(json.parameters), '{"constructor":{"prototype":{"admin":1}},"in":{"b":2}}')
  assert.equal(query.parameters.constructor, undefined)
  assert.equal(({} as { admin?: unknown }).admin, undefined)
})

test('what cannot be read is said in one word', async () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const wide = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n])))
  const cases: [string, ReadParameters | Promise<ReadParameters>][] = [
    ['bad_json', posted('{"pin":012345}')],
    ['bad_json', posted('pin=1', 'application/json')],
    ['not_an_object', posted('[1]', 'application/json')],
    ['not_an_object', posted('null', 'application/json')],
    ['not_an_object', posted('"x"', 'application/problem+json')],
    ['bad_utf8', posted(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))],
    ['bad_utf8', posted('{"a":"\\ud800"}')],
    ['bad_utf8', posted('{"\\udc00":1}')],
    ['bad_utf8', posted('a=%ff', form)],
    ['bad_utf8', readingOf('/x?a=%c3%28')],
    ['bad_multipart', posted('--x\r\nnonsense', 'multipart/form-data; boundary=x')],
    ['bad_multipart', posted('--x', 'multipart/form-data')],
    ['unknown_media_type', posted('<a/>', 'application/xml')],
    ['unknown_media_type', posted('pin=1', 'text/plain')],
    ['too_deep', posted(deep(5))],
    ['too_deep', posted(`{"a":${'['.repeat(400)}${']'.repeat(400)}}`)],
    ['too_many_fields', posted(wide(21))],
    ['too_many_fields', posted(JSON.stringify({ list: Array(20).fill(0) }))],
    ['too_many_fields', posted(wide(20), undefined, '/x?a=1')],
    ['too_many_fields', readingOf(`/x?${'a&'.repeat(21)}`)],
  ]
  for (const [at, [reason, reading]] of cases.entries()) {
    assert.deepEqual(await reading, { kind: 'malformed', reason }, `case ${at}`)
  }
  assert.equal((await posted(deep(4))).kind, 'read')
  assert.equal((await posted(wide(20))).kind, 'read')
})

test('a file is refused, and so is a packed body', async () => {
  const multipart = new FormData()
  multipart.set('pin', new File(['012345'], 'pin.txt'))
  assert.deepEqual(await posted(multipart), { kind: 'malformed', reason: 'file_refused' })
  const packed = await readingOf('/x', { method: 'POST', body: '{}', headers: { 'content-encoding': 'gzip' } })
  assert.deepEqual(packed, { kind: 'malformed', reason: 'content_encoding' })
})

test('a percent sign that escapes nothing is itself', async () => {
  assert.deepEqual(parametersOf(await posted('a=100%&b=%zz&c=%2', form)), { a: '100%', b: '%zz', c: '%2' })
})

test('the limit is in bytes, and the last byte still fits', async () => {
  const fits = `{"a":"${'é'.repeat(496)}"}`
  assert.equal(Buffer.byteLength(fits), 1_000)
  assert.equal((await posted(fits)).kind, 'read')
  assert.deepEqual(await posted(`${fits} `), { kind: 'too_large' })
})

test('asking twice reads once', async () => {
  const app = new Hono<Exchange>()
  app.post('/', async c => {
    const [one, other] = [await readParameters(c, bounds), await readParameters(c, { limit: 1 })]
    return c.json({ same: one === other && one.kind === 'read' })
  })
  assert.deepEqual(await (await app.request('/', { method: 'POST', body: '{"a":1}' })).json(), { same: true })
})

test('the body of a GET is not looked at', async () => {
  assert.deepEqual(parametersOf(await readingOf('/x?a=1', { headers: { 'content-length': '9999' } })), { a: '1' })
})
