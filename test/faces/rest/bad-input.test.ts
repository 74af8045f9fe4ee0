// Whatever is sent, the answer is a clear refusal that names the field: never a 5xx, never a guess.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Sent } from '../graph/door.ts'
import { type Application, openRest, otherPin, pin, type Registration, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
let holder: Registration
before(async () => {
  door = await openRest()
  app = await door.application()
  holder = await door.locked(app)
})
after(() => door[Symbol.asyncDispose]())

const json = (body: unknown): Sent => ({ json: body })
const raw = (body: string | Uint8Array, type = 'application/json'): Sent => ({ raw: { body, type } })

const wrongTexts: readonly unknown[] = [
  ...['', ' ', '\u0000', '１２３４５６', '٠١٢٣٤٥', '12345', '1234567', ' 837465', '837465\r\n', '837465\n', '83746５'],
  ...[837465, 0, 1e21, true, null, [], ['837465'], {}, { pin: '837465' }, '😀'.repeat(3), '‮837465', 'a'.repeat(6)],
]

const unreadable: readonly (readonly [string, Sent, number])[] = [
  ['half a JSON', raw('{"pin":'), 400],
  ['a list', raw('[1]'), 400],
  ['a text', raw('"837465"'), 400],
  ['nothing that is UTF-8', raw(Uint8Array.of(0x7b, 0xff, 0xfe)), 400],
  ['half a surrogate pair', raw('{"pin":"\\ud800"}'), 400],
  ['a megabyte', raw(JSON.stringify({ pin: 'x'.repeat(1_000_000) })), 413],
  ['a depth of a thousand', raw(`${'{"pin":'.repeat(1_000)}1${'}'.repeat(1_000)}`), 400],
  ['XML', raw('<pin/>', 'text/xml'), 400],
  ['packed', { ...raw('{}'), headers: { 'content-encoding': 'gzip' } }, 400],
]

const takesPin: readonly (readonly ['POST' | 'PUT', string, object])[] = [
  ['POST', 'complete', {}],
  ['PUT', 'two-step', {}],
  ['POST', 'two-step/pin', { current_pin: pin }],
  ['PUT', 'two-step/email', { email: null }],
  ['POST', 'two-step/off', {}],
  ['POST', 'reminder', {}],
  ['POST', 'contest', {}],
]

const at = (method: string, edge: string, sent: Sent) =>
  door.rest(app, method, `/registrations/${holder.id}/${edge}`, sent)

test('a PIN that cannot be one is refused by its field, and spends nothing', async () => {
  for (const [method, edge, rest] of takesPin) {
    // All of them where a PIN opens most; elsewhere the schema is the same one.
    for (const wrong of edge === 'two-step/off' ? wrongTexts : wrongTexts.slice(0, 4)) {
      const reply = await at(method, edge, json({ ...rest, pin: wrong }))
      assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], `${edge} ${reply.text}`)
      const fields = (reply.body.errors as readonly { readonly field: string }[]).map(({ field }) => field)
      assert.ok(fields.includes('pin'), `${edge} ${JSON.stringify(wrong)} ${reply.text}`)
    }
  }
  assert.equal((await holder.get('two-step')).body.guesses_left, 5)
})

test('a request that cannot be read is refused alike everywhere', async () => {
  for (const [what, sent, status] of unreadable) {
    for (const [method, path] of [
      ['POST', '/registrations'],
      ['POST', `/registrations/${holder.id}/use`],
      ['POST', `/registrations/${holder.id}/two-step/off`],
      ['PUT', '/webhook'],
    ] as const) {
      const reply = await door.rest(app, method, path, sent)
      assert.equal(reply.status, status, `${what} ${path} ${reply.text}`)
    }
  }
})

test('a number is taken in any spelling, and what is none is refused with the reason', async () => {
  const begin = (body: object) => door.rest(app, 'POST', '/registrations', json(body))
  const national = door.newNational()
  const fullWidth = [...`44${national}`].map(digit => String.fromCodePoint(0xff10 + Number(digit))).join('')
  const spelled = await begin({ number: `＋${fullWidth}` })
  assert.deepEqual([spelled.status, spelled.body.number], [201, `+44${national}`])
  for (const number of [
    ...['', ' ', 'abc', '+', '+0', '+999123456789', '07700900123', '+44', '+44 7700 900123 ext. 5', '\r\n', '+²³'],
    ...[447700900123, null, [], {}, true, `+44${'7'.repeat(70)}`, '😀', '\u202e'],
  ]) {
    const reply = await begin({ number })
    assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], JSON.stringify(number))
    assert.match(JSON.stringify(reply.body.errors), /"field":"number"/)
  }
  for (const [field, wrong] of [
    ...['email', 'SMS ', 1, null, []].map(each => ['method', each] as const),
    ...['', 'e', 'en\r\nX: y', 'x'.repeat(36), 7, null].map(each => ['locale', each] as const),
    ...['', 'GBR', '44', 'g b', 7].map(each => ['country', each] as const),
  ]) {
    const reply = await begin({ number: `+44${national}`, [field]: wrong })
    assert.equal(reply.status, 400, `${field} ${JSON.stringify(wrong)}`)
    assert.match(JSON.stringify(reply.body.errors), new RegExp(`"field":"${field}"`))
  }
})

test('an address that is none, or hides a line break, is refused by its field', async () => {
  const bad = [
    ...[
      '',
      'nobody',
      '@',
      'a@',
      'a@b@c.example',
      'a b@example.com',
      'a@example.com\r\nBcc: b@example.com',
      'ä@exämple.com',
    ],
    ...[`${'a'.repeat(250)}@example.com`, '"a"@example.com', 'a@example.com,b@example.com', 7, [], {}, true],
  ]
  for (const email of bad) {
    for (const [edge, more] of [
      ['two-step/email', { pin }],
      ['two-step', { pin: otherPin }],
    ] as const) {
      const reply = await at('PUT', edge, json({ ...more, email, email_repeat: email }))
      assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], `${edge} ${reply.text}`)
      assert.match(JSON.stringify(reply.body.errors), /"field":"email/)
    }
  }
  assert.equal((await holder.get('two-step')).body.recovery_email, null)
})

test('a field that nobody knows is refused by its name, and so is all that stands in the URL', async () => {
  for (const [method, edge, body] of [
    ['POST', 'use', { when: 'now' }],
    ['POST', 'complete', { pin, PIN: pin }],
    ['POST', 'two-step/off', { pin, force: true }],
    ['PUT', 'two-step', { pin, constructor: 1 }],
  ] as const) {
    const reply = await at(method, edge, json(body))
    assert.equal(reply.status, 400)
    const [error] = reply.body.errors as readonly { readonly field: string; readonly problem: string }[]
    assert.deepEqual(error, { field: Object.keys(body).at(-1), problem: 'there is no such field' })
  }
  for (const sent of [{ query: { pin } }, { query: { access_token: 'x' }, ...json({ pin }) }]) {
    const inUrl = await at('POST', 'two-step/off', sent)
    assert.deepEqual([inUrl.status, inUrl.body.kind], [400, 'invalid_request'])
    assert.match(JSON.stringify(inUrl.body.errors), /in the body, not in the URL/)
    assert.ok(!inUrl.text.includes(pin))
  }
  assert.equal((await at('POST', 'complete', json({ pin, accept_reset: 'account' }))).status, 400)
})

test('ids, paths and methods that are none get a 404 or 405', async () => {
  for (const id of ['1', '%00', '%F0%9F%98%80', '%ff', '..%2f..', '１２３', 'x'.repeat(500), "'%20OR%201=1"]) {
    const reply = await door.rest(app, 'GET', `/registrations/${encodeURI(decodeSafely(id))}`)
    assert.equal(reply.status, 404, id)
  }
  assert.equal((await door.rest(app, 'GET', `/registrations/${holder.id}/nothing`)).status, 404)
  const wrong = await door.rest(app, 'DELETE', `/registrations/${holder.id}/complete`)
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'POST'])
  assert.equal((await door.rest(app, 'GET', '/registrations')).headers.allow, 'POST')
  assert.equal((await door.rest(app, 'PATCH', '/webhook')).headers.allow, 'GET, HEAD, PUT, DELETE')
})

const decodeSafely = (id: string): string => {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

test('an application that calls too often waits, and others do not', async () => {
  await using slow = await openRest({ TWOSTEP_REST_CALLS_PER_MINUTE: '5' })
  const [busy, calm] = [await slow.application(), await slow.application()]
  const look = (of: Application) => slow.rest(of, 'GET', '/webhook')
  for (let call = 0; call < 5; call++) assert.equal((await look(busy)).status, 404)
  const over = await look(busy)
  assert.deepEqual([over.status, over.body.kind, over.body.retry_after], [429, 'too_many_calls', 60])
  assert.equal((await look(calm)).status, 404)
  await slow.advance('PT1M30S')
  const half = await Promise.all([look(busy), look(busy), look(busy), look(busy)])
  assert.deepEqual(half.map(({ status }) => status).toSorted(), [404, 404, 404, 429])
})
