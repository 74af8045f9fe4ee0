// openapi.json: it is what the contract says, it is OpenAPI, it has every call that the server has and no other, and its
// examples are what it says they are. That real answers fit it, every test of a door shows: see test/faces/openapi.ts.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { keyRotation } from '#actions/key-rotation.ts'
import { readConfig } from '#config'
import { everyRefusal } from '#contract/calls/call.ts'
import { groups } from '#contract/calls/calls.ts'
import { kinds } from '#contract/calls/kinds.ts'
import { createArrivals } from '#http/arrivals.ts'
import { createHealth } from '#observe/health.ts'
import { createLog } from '#observe/log.ts'
import { createMetrics } from '#observe/metrics.ts'
import { Secret } from '#secrets/secret.ts'
import { openapiText } from '../../scripts/openapi.ts'
import { appOf } from '../../src/app.ts'
import { document, misfit, operations, schemaName } from '../faces/openapi.ts'
import { startSandbox } from '../faces/sandbox.ts'

const file = readFileSync('src/contract/openapi.json', 'utf8')
const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())

test('the file is what the contract says; after a change that was meant: npm run report:openapi', () => {
  assert(file === openapiText(), 'src/contract/openapi.json is of another contract')
})

test('it is OpenAPI 3.1, and a server hands it out', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(file))
  assert.deepEqual([valid, errors], [true, undefined])
  const reply = await fetch(`${sandbox.url}/openapi.json`)
  assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'application/json'])
  assert.equal(await reply.text(), file)
})

test('every call of /api/v1 is in it, and no other', async () => {
  const { world } = sandbox
  const log = createLog({ level: 'fatal', now: () => 0, stacks: false, to: { write: () => true } })
  const metrics = createMetrics(false)
  const app = appOf(readConfig({ TWOSTEP_DATA_DIR: sandbox.folder }), {
    ...{ world, log, metrics, health: createHealth({}, 1), arrivals: createArrivals(), desk: undefined },
    rotation: keyRotation(
      world,
      world.clock,
      () => {},
      async () => {},
    ),
    ...{ operatorToken: Secret.of('x'), advance: () => world.clock.now(), address: () => sandbox.url },
    onPremisesBusiness: undefined,
  })
  const served = (await app.routes())
    // What answers every method says which there are; a HEAD is a GET's (RFC 9110 §9.3.2).
    .filter(({ method, path }) => path.startsWith('/api/v1/') && method !== 'ALL' && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  const written = operations.map(({ method, path }) => `${method} ${path}`)
  assert(written.length > 100)
  assert.deepEqual(written.toSorted(), [...new Set(served)].toSorted())
  const ids = operations.map(({ operation }) => operation.operationId)
  assert.deepEqual(new Set(ids).size, ids.length)
})

test('every example is what its schema says', () => {
  let examples = 0
  for (const { operation } of operations) {
    const bodies = [operation.requestBody, ...Object.values(operation.responses)].flatMap(each => {
      const json = each?.content?.['application/json'] as { schema: object; example?: unknown } | undefined
      return json === undefined || !('example' in json) ? [] : [json]
    })
    for (const { schema, example } of bodies) {
      examples += 1
      const wrong = misfit(schemaName(schema as Readonly<Record<string, unknown>>), example)
      assert.equal(wrong, undefined, `${operation.operationId}: ${JSON.stringify(example)}`)
    }
    // Whoever writes a body is shown one, unless it is empty.
    const body = operation.requestBody?.content['application/json']
    const empty = schemaName(body?.schema) === 'EmptyRequest'
    assert(body === undefined || empty || body.example !== undefined, `${operation.operationId} shows no body`)
  }
  assert(examples > 150)
  // Nothing in it looks like a secret, to a person or to a scanner.
  const secrets = file.match(/tw[a-z]+_[0-9A-Za-z]{20}|EAA[0-9A-Za-z]{20}|whsec_[0-9A-Za-z+/]{20}/g)
  assert.equal(secrets, null)
})

test('every refusal of the doors has its kind in the table, with its status, and every kind is of some call', () => {
  const folders = ['src/faces/rest', 'src/faces/rest/account']
  const files = folders.flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map(name => `${folder}/${name}`),
  )
  const texts = [...files, 'src/faces/on-premises/outcomes.ts'].map(path => readFileSync(path, 'utf8')).join('')
  const said = [...texts.matchAll(/status: (\d+),\s+kind: '(\w+)'/g)].map(([, status, kind = '']) => [kind, status])
  assert(said.length > 90)
  // The same word with another status in the one door that is asked by applications.
  const both = ['sign_in_over 404', 'method_not_allowed 405']
  const table = new Set([...Object.entries(kinds).map(([kind, [status]]) => `${kind} ${status}`), ...both])
  assert.deepEqual(
    said.map(pair => pair.join(' ')).filter(pair => !table.has(pair)),
    [],
  )
  const used = new Set(groups.flatMap(group => group.calls.flatMap(everyRefusal)).map(refusal => refusal.split('@')[0]))
  assert.deepEqual(
    Object.keys(kinds).filter(kind => !used.has(kind)),
    [],
  )
  assert.equal(Object.keys(document.components.schemas).includes('Problem'), true)
})

test('what is searched for is shown as text, and nothing but the reference is found at /docs', async () => {
  const search = async (q: string) => (await fetch(`${sandbox.url}/docs?q=${q}`)).text()
  const hostile = await search(encodeURIComponent('"><script>alert(1)</script><img src=x onerror=alert(2)>'))
  assert.doesNotMatch(hostile, /<script>|<img/)
  assert.match(hostile, /Nothing found/)
  assert.match(await search('%ED%A0%80'), /found for/)
  assert.match(await search('a'.repeat(5_000)), /Nothing found/)
  const calls = (page: string) => page.match(/<li>/g)?.length ?? 0
  assert.equal(calls(await search('')), operations.length)
  assert.equal(calls(await search('wrong_birth_date')), 1)
  assert.equal(calls(await search('recovery-key at-hand')), 1)
  for (const path of ['nothing', 'constructor', '__proto__', '..%2f..%2fpackage.json', 'registrations/x']) {
    assert.equal((await fetch(`${sandbox.url}/docs/${path}`)).status, 404, path)
  }
  const { headers } = await fetch(`${sandbox.url}/docs`)
  assert.match(headers.get('content-security-policy') ?? '', /script-src 'self'; style-src 'self'/)
  assert.equal((await fetch(`${sandbox.url}/docs`, { method: 'POST' })).status, 404)
  // Every group has its page, and every call its place in it.
  const start = await search('')
  const places = [...start.matchAll(/href="(\/docs\/[\w-]+)#(\w+)"/g)]
  assert.equal(places.length, operations.length)
  const pages = new Map<string, string>()
  for (const [, path = '', id = ''] of places) {
    const page = pages.get(path) ?? (await (await fetch(sandbox.url + path)).text())
    pages.set(path, page)
    assert.match(page, new RegExp(`<h2 id="${id}">`))
  }
})

test('in production nothing can be tried from the reference', async () => {
  const operator = async (url: string) => (await fetch(`${url}/docs/operator`)).text()
  await using production = await startSandbox({
    TWOSTEP_MODE: 'production',
    TWOSTEP_PROFILE: 'strict',
    TWOSTEP_KEYRING: `${sandbox.folder}/keyring.json`,
  })
  const [there, here] = [await operator(production.url), await operator(sandbox.url)]
  assert.match(here, /try-it-|try-it\.js/)
  assert.match(there, /Makes an application and its API key/)
  assert.doesNotMatch(there, /try-it|class="try|<form class=/)
})
