// The operator's and the sandbox's doors, over real sockets.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { addNumber, advance, call, newBusiness, operatorToken, startSandbox } from './sandbox.ts'

const operator = '/api/v1/operator'
const businesses = `${operator}/businesses`

let sandbox: Awaited<ReturnType<typeof startSandbox>>
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox[Symbol.asyncDispose]())

test('without the operator token nothing is made, and the answer says what to send', async () => {
  for (const token of [undefined, 'wrong', `${operatorToken}x`, operatorToken.slice(1)]) {
    const options = { body: { name: 'A', email: 'a@b.example' }, ...(token === undefined ? {} : { token }) }
    const reply = await call(sandbox.url, 'POST', businesses, options)
    assert.equal(reply.status, 401)
    assert.equal(reply.body.kind, 'operator_token_needed')
    assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer/)
    assert.equal(reply.headers.get('content-type'), 'application/problem+json')
  }
})

test('a business, its token and an application are made, and their secrets are told once', async () => {
  const token = operatorToken
  const made = await call(sandbox.url, 'POST', businesses, { token, body: { name: 'Bakery', email: 'o@b.example' } })
  assert.equal(made.status, 201)
  assert.match(String(made.body.id), /^[1-9][0-9]{14}$/)
  const body = { permissions: ['whatsapp_business_management'], expires_in: 3600 }
  const issued = await call(sandbox.url, 'POST', `${businesses}/${made.body.id}/access-tokens`, { token, body })
  assert.equal(issued.status, 201)
  assert.match(String(issued.body.access_token), /^EAA[0-9A-Za-z]{40,}$/)
  const application = await call(sandbox.url, 'POST', `${operator}/applications`, { token, body: { name: 'App' } })
  assert.equal(application.status, 201)
  assert.match(String(application.body.api_key), /^twk_[0-9A-Za-z]{40,}$/)
})

test('what is wrong with a request is said field by field, and nothing is made', async () => {
  const token = operatorToken
  const wrong: [string, unknown, string][] = [
    [businesses, { name: '', email: 'a@b.example' }, 'name'],
    [businesses, { name: 'A', email: 'nowhere' }, 'email'],
    [businesses, { name: 'A', email: ['a@b.example'] }, 'email'],
    [`${businesses}/1/access-tokens`, { permissions: [] }, 'permissions'],
    [`${businesses}/1/access-tokens`, { permissions: ['everything'] }, 'permissions.0'],
    [`${businesses}/1/access-tokens`, { permissions: ['whatsapp_business_management'], expires_in: 0 }, 'expires_in'],
    [`${operator}/applications`, {}, 'name'],
  ]
  for (const [path, body, field] of wrong) {
    const reply = await call(sandbox.url, 'POST', path, { token, body })
    assert.equal(reply.status, 400, path)
    assert.deepEqual(
      (reply.body.errors as { field: string }[]).map(each => each.field),
      [field],
    )
  }
  const unknown = await call(sandbox.url, 'POST', `${businesses}/123456789012345/access-tokens`, {
    token,
    body: { permissions: ['whatsapp_business_management'] },
  })
  assert.deepEqual([unknown.status, unknown.body.kind], [404, 'no_such_business'])
})

test('a body that cannot be read gets a clear 4xx', async () => {
  const headers = { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' }
  for (const [body, status] of [
    ['{"name":', 400],
    ['[1]', 400],
    ['x'.repeat(1_000_000), 413],
  ] as const) {
    const reply = await fetch(sandbox.url + businesses, { method: 'POST', headers, body })
    assert.equal(reply.status, status)
    assert.equal(reply.headers.get('content-type'), 'application/problem+json')
  }
})

test('the clock moves by what it is told, and an access token ends at the exact millisecond', async () => {
  const { waba, token } = await newBusiness(sandbox.url, ['whatsapp_business_management'], 3600)
  const from = Number(sandbox.world.clock.now())
  const moved = await advance(sandbox.url, 'PT59M')
  assert.equal(moved.status, 200)
  assert.ok(Math.abs(Date.parse(String(moved.body.now)) - from - 59 * 60_000) < 5_000)
  assert.equal((await call(sandbox.url, 'GET', `/${waba}/phone_numbers`, { token })).status, 200)
  await advance(sandbox.url, 'PT1M')
  const expired = await call(sandbox.url, 'GET', `/${waba}/phone_numbers`, { token })
  assert.deepEqual([expired.status, (expired.body.error as { error_subcode: number }).error_subcode], [401, 463])
})

test('a move of the clock that is none is refused with an example', async () => {
  for (const advanceBy of ['', 'P1Y', '7 days', 'P-1D', 7]) {
    const reply = await call(sandbox.url, 'POST', '/sandbox/clock', { body: { advance: advanceBy } })
    assert.equal(reply.status, 400)
  }
})

test('a restart keeps the account that is printed, and never throws the clock back', async () => {
  const first = await startSandbox()
  await advance(first.url, 'P30D')
  const moved = first.world.clock.now()
  await first.stop()
  const second = await startSandbox({}, { folder: first.folder })
  assert.deepEqual(second.ready, first.ready)
  assert.ok(second.world.clock.now() >= moved)
  await second[Symbol.asyncDispose]()
})

test('the outbox is found by number in any spelling, by address and by channel; as a page for people', async () => {
  const business = await newBusiness(sandbox.url)
  const id = await addNumber(sandbox.url, business, '7700900311')
  const asked = { code_method: 'VOICE', language: 'es' }
  await call(sandbox.url, 'POST', `/${id}/request_code`, { token: business.token, body: asked })
  for (const to of ['+447700900311', '447700900311', '+44 7700 900311', '%2B447700900311']) {
    const found = await call(sandbox.url, 'GET', `/sandbox/outbox?to=${to}&channel=voice`)
    const [message] = found.body.messages as { to: string; code: string; channel: string }[]
    assert.deepEqual([message?.to, message?.channel], ['+447700900311', 'voice'], to)
    assert.match(message?.code ?? '', /^[0-9]{6}$/)
  }
  const none = await call(sandbox.url, 'GET', '/sandbox/outbox?to=447700900311&channel=sms')
  assert.deepEqual(none.body.messages, [])
  const page = await fetch(`${sandbox.url}/sandbox/outbox`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  assert.match(html, /Sandbox outbox/)
  assert.match(page.headers.get('content-security-policy') ?? '', /style-src 'self'/)
  assert.doesNotMatch(html, /<script|style=/)
})

test('what a sender wrote is text on the page, never markup', async () => {
  const { ready } = sandbox
  const text = { body: '<img src=x onerror=alert(1)><script>alert(2)</script>' }
  const body = { messaging_product: 'whatsapp', to: '447700900312', text }
  const sent = await call(sandbox.url, 'POST', `/${ready?.claim}/messages`, { token: ready?.accessToken ?? '', body })
  assert.equal(sent.status, 200)
  const page = await fetch(`${sandbox.url}/sandbox/outbox?to=447700900312`, { headers: { accept: 'text/html' } })
  assert.doesNotMatch(await page.text(), /<img|<script/)
})

test('in production the sandbox is not there', async () => {
  const folder = sandbox.folder
  const production = await startSandbox({
    TWOSTEP_MODE: 'production',
    TWOSTEP_PROFILE: 'strict',
    TWOSTEP_KEYRING: `${folder}/keyring.json`,
  })
  try {
    assert.equal((await call(production.url, 'GET', '/sandbox/outbox')).status, 404)
    assert.equal((await call(production.url, 'POST', '/sandbox/clock', { body: { advance: 'P1D' } })).status, 404)
    assert.equal(production.ready, undefined)
    assert.equal((await call(production.url, 'GET', '/healthz')).status, 200)
    const ready = await call(production.url, 'GET', '/readyz')
    assert.deepEqual([ready.status, (ready.body.checks as { couriers: string }).couriers], [503, 'none_configured'])
  } finally {
    await production[Symbol.asyncDispose]()
  }
})

test('a token that is revoked opens nothing from then on; the others go on, until all are revoked', async () => {
  const { waba, token } = await newBusiness(sandbox.url)
  const path = `${businesses}/${waba}/access-tokens`
  const body = { permissions: ['whatsapp_business_management'] }
  const other = String((await call(sandbox.url, 'POST', path, { token: operatorToken, body })).body.access_token)
  const opens = async (which: string) =>
    (await call(sandbox.url, 'GET', `/${waba}/phone_numbers`, { token: which })).status
  const revoke = (revoked: object) => call(sandbox.url, 'DELETE', path, { token: operatorToken, body: revoked })

  assert.deepEqual((await revoke({ access_token: token })).body, { revoked: 1 })
  assert.deepEqual([await opens(token), await opens(other)], [401, 200])
  for (const wrong of [token, 'EAAnone', (await newBusiness(sandbox.url)).token]) {
    const refused = await revoke({ access_token: wrong })
    assert.deepEqual([refused.status, refused.body.kind], [404, 'no_such_token'])
  }
  assert.deepEqual((await revoke({})).body, { revoked: 1 })
  assert.equal(await opens(other), 401)
  assert.deepEqual((await revoke({})).body, { revoked: 0 })
})

test('a page of another site neither reads the outbox nor moves the clock', async () => {
  const port = new URL(sandbox.url).port
  const ask = (path: string, method: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }, reply => {
        reply.resume()
        resolve(reply.statusCode)
      })
      asked.on('error', reject).end(method === 'POST' ? '{"advance":"PT0S"}' : undefined)
    })
  assert.equal(await ask('/sandbox/outbox', 'GET', {}), 200)
  assert.equal(await ask('/sandbox/outbox', 'GET', { host: `localhost:${port}` }), 200)
  assert.equal(await ask('/sandbox/outbox', 'GET', { host: `rebound.example:${port}` }), 403)
  assert.equal(await ask('/sandbox/clock', 'POST', { 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(await ask('/sandbox/clock', 'POST', { 'sec-fetch-site': 'same-origin' }), 200)
})

test('the clock goes no further than a century, and a move too far is refused before it is remembered', async () => {
  await using other = await startSandbox()
  assert.equal((await advance(other.url, 'P36525D')).status, 200)
  assert.deepEqual(
    [(await advance(other.url, 'PT0.001S')).status, (await call(other.url, 'GET', '/readyz')).status],
    [400, 200],
  )
})

test('production does not start over what was a sandbox', async () => {
  const was = await startSandbox()
  await was.stop()
  const production = { TWOSTEP_MODE: 'production', TWOSTEP_PROFILE: 'strict' }
  await assert.rejects(startSandbox(production, { folder: was.folder }), {
    name: 'StoreUnusable',
    message: /was a sandbox/,
  })
})
