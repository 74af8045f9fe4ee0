// Anything at all sent to the Graph door: never a fault, always Graph's envelope, and never at another's cost.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { expectSuccess, openDoor, type Sent } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()
const phone = await door.registered(bakery, '493816')
const foreign = await door.registered(await door.business(), '604188')

// Chosen anew for each run and printed by the property when it fails, with the path that leads back to the failure.
const bounds = { numRuns: 600, interruptAfterTimeLimit: 4_000, markInterruptAsFailure: false } as const

// What each call takes, with a value that it would take; the generator leaves out, replaces and adds.
const takes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '': { pin: '000000', whatsapp_business_api_data: { pin: '000000' }, fields: 'id,status{x},pin' },
  register: { messaging_product: 'whatsapp', pin: '000000', data_localization_region: 'DE', backup: { data: 'AA==' } },
  deregister: { messaging_product: 'whatsapp' },
  request_code: { code_method: 'SMS', language: 'en_US', locale: 'de' },
  verify_code: { code: '000-000' },
  messages: { messaging_product: 'whatsapp', to: '+447700901999', type: 'text', text: { body: 'Bread.' } },
  phone_numbers: {
    ...{ cc: '44', phone_number: '7700900001', verified_name: 'Bakery', fields: 'id', limit: '2', after: 'MTIz' },
    ...{ sort: 'creation_time.desc', filtering: '[{"field":"status","operator":"EQUAL","value":"PENDING"}]' },
  },
}

const odd = fc.string({ unit: 'binary', maxLength: 40 })
const oddText = odd.filter(text => text.isWellFormed())
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Parameters of a call as JSON: some of its own with good or odd values, some that are not known. */
const jsonFor = (edge: string): fc.Arbitrary<Record<string, unknown>> => {
  const own = Object.entries(takes[edge] ?? {}).map(([name, good]) => {
    const value = fc.oneof(
      { weight: 3, arbitrary: fc.constant(good) },
      odd,
      fc.jsonValue({ maxDepth: 3 }),
      fc.constant([good]),
    )
    return [name, value] as const
  })
  const more = fc.dictionary(
    fc.oneof(fc.constantFrom('access_token', '__proto__', 'constructor'), odd),
    fc.jsonValue(),
    {
      maxKeys: 1,
    },
  )
  return fc
    .tuple(fc.record(Object.fromEntries(own), { requiredKeys: [] }), more)
    .map(([own, more]) => ({ ...own, ...more }))
}

/** The same as texts, for forms and queries. */
const textsFor = (edge: string): fc.Arbitrary<Record<string, string>> => {
  const own = Object.entries(takes[edge] ?? {}).map(([name, good]) => {
    const value = fc.oneof(
      { weight: 3, arbitrary: fc.constant(textOf(good)) },
      oddText,
      fc.constantFrom('', '-1', 'null'),
    )
    return [name, value] as const
  })
  return fc
    .record(Object.fromEntries(own), { requiredKeys: [] })
    .map(texts => Object.fromEntries(Object.entries(texts).map(([name, text = '']) => [name, text])))
}

const id = fc.oneof(
  { weight: 8, arbitrary: fc.constant(phone.id) },
  fc.constantFrom(bakery.waba, foreign.id, '0', '1', '9'.repeat(60)),
  fc.bigInt({ min: 0n, max: 10n ** 15n }).map(String),
)
const version = fc.constantFrom('', '/v25.0', '/v1.0', '/v999.999')
const ending = fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('/', '//', '/.', '%20', '/%00'))

const mediaType = fc.constantFrom(
  ...['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=seam', 'text/plain', ''],
  ...['application/json; charset=utf-16', 'multipart/form-data', 'APPLICATION/JSON', 'application/vnd.x+json', 'x'],
)
const bodyFor = (edge: string): fc.Arbitrary<Sent> => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(text => Buffer.from(text)),
    jsonFor(edge).map(value => Buffer.from(JSON.stringify(value))),
    odd.map(text => Buffer.from(text)),
  )
  return fc.oneof(
    fc.constant({}),
    { weight: 3, arbitrary: jsonFor(edge).map(json => ({ json })) },
    textsFor(edge).map(form => ({ form })),
    textsFor(edge).map(multipart => ({ multipart })),
    fc.tuple(bytes, mediaType).map(([body, type]) => ({ raw: { body, ...(type === '' ? {} : { type }) } })),
  )
}
const authorization = fc.oneof(
  { weight: 8, arbitrary: fc.constant(`Bearer ${bakery.token}`) },
  fc.constantFrom(`OAuth ${bakery.token}`, 'Bearer', 'Bearer x', 'Basic eDp5', `Bearer ${bakery.token}x`),
)
const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant('POST') },
  { weight: 2, arbitrary: fc.constant('GET') },
  fc.constantFrom('PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY', 'TRACE'),
)
const known = fc.constantFrom(...Object.keys(takes)).chain(edge => {
  // The list is the business's; everything else is a number's.
  const subject = edge === 'phone_numbers' ? fc.oneof(fc.constant(bakery.waba), id) : id
  const path = fc
    .tuple(version, subject, ending)
    .map(([version, subject, end]) => `${version}/${subject}/${edge}${end}`)
  const query = fc.option(textsFor(edge), { nil: {}, freq: 2 })
  return fc.tuple(method, path, bodyFor(edge), query, authorization, fc.boolean())
})
const unknownEdge = fc.tuple(version, id, fc.webPath({ size: 'small' })).map(parts => parts.join('/'))
const unknown = fc.tuple(method, unknownEdge, bodyFor(''), fc.constant({}), authorization, fc.boolean())
// A lucky guess must not delete the number, so DELETE goes without a PIN.
const deletion = fc.tuple(
  fc.constant('DELETE'),
  unknownEdge,
  fc.constant<Sent>({}),
  fc.constant({}),
  authorization,
  fc.constant(false),
)
const request = fc.oneof({ weight: 8, arbitrary: known }, unknown, deletion)

test("whatever is sent, the answer is one of Graph's, and another business's number is as it was", async () => {
  const seed = Number.parseInt(phone.id.slice(-9), 10)
  process.stdout.write(`seed ${seed}\n`)
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(request, async ([method, path, sent, query, authorization, chunked]) => {
      const reply = await door.graph(method, path, { ...sent, query, chunked, headers: { authorization } })
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
    }),
    { ...bounds, seed },
  )
  // It got through to the calls themselves, not only to the first refusal.
  for (const status of [200, 400, 401]) assert((statuses.get(status) ?? 0) > 0, `some answers are ${status}`)
  await door.advance('P30D')
  expectSuccess(await foreign.register('604188'))
})
