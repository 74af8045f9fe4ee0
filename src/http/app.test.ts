// What every app of ours puts around its routes: ids, reports, headers, refusals, deadlines.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { deadline } from '#http/deadline.ts'
import type { Exchange } from '#http/exchange.ts'
import { door, observed, type Served } from '#http/observed.ts'
import { answerErrors, answerNotFound, problem } from '#http/problem.ts'
import { requestId } from '#http/request-id.ts'
import { securityHeaders } from '#http/security-headers.ts'

test('each request has an id of its own, and none that it brought', async () => {
  const app = new Hono<Exchange>().use(requestId())
  app.get('/', c => c.json({ id: c.get('requestId') }))
  app.get('/own', () => new Response('own'))
  const ids = new Set<string>()
  for (let n = 0; n < 3; n++) {
    const answer = await app.request('/', { headers: { 'x-request-id': 'mine' } })
    const { id } = (await answer.json()) as { id: string }
    assert.equal(answer.headers.get('x-request-id'), id)
    assert.match(id, /^[0-9a-f-]{36}$/)
    ids.add(id)
  }
  assert.equal(ids.size, 3)
  assert.match((await app.request('/own')).headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.match((await app.request('/nowhere')).headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
})

test('a refusal is problem+json with its kind, the request’s id and when to come back', async () => {
  const app = new Hono<Exchange>().use(requestId(() => 'an-id'))
  app.get('/', c =>
    problem(c, {
      status: 423,
      kind: 'pin_needed',
      title: 'This number has a PIN.',
      detail: 'Ask for it.',
      retryAfter: 1.2,
      members: { guesses_left: 4, status: 200, type: 'x' },
    }),
  )
  const answer = await app.request('/')
  assert.equal(answer.status, 423)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal(answer.headers.get('retry-after'), '2')
  assert.deepEqual(await answer.json(), {
    type: 'urn:twostep:problem:pin_needed',
    title: 'This number has a PIN.',
    status: 423,
    detail: 'Ask for it.',
    instance: 'urn:uuid:an-id',
    kind: 'pin_needed',
    retry_after: 2,
    guesses_left: 4,
  })
})

test('an exception is reported and never answered; a broken wire may have an answer of its own', async () => {
  const reported: Error[] = []
  const away = new Error('password=hunter2')
  away.name = 'StoreAway'
  const app = new Hono<Exchange>().notFound(answerNotFound)
  app.onError(
    answerErrors(
      error => void reported.push(error),
      error => (error === away ? { status: 503, kind: 'away', title: 'Later.', retryAfter: 1 } : undefined),
    ),
  )
  const bug = new Error('password=hunter2')
  app.get('/bug', () => Promise.reject(bug))
  app.get('/away', () => Promise.reject(away))
  for (const [path, status] of [
    ['/bug', 500],
    ['/away', 503],
    ['/nowhere', 404],
  ] as const) {
    const answer = await app.request(path)
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.doesNotMatch(await answer.text(), /hunter2|nowhere/)
  }
  assert.deepEqual(reported, [bug, away])
})

test('a request is reported by its route’s template, never by its path', async () => {
  const reports: Served[] = []
  let now = 0
  const app = new Hono<Exchange>().use(requestId(() => 'an-id')).use(
    observed(
      served => void reports.push(served),
      () => (now += 5),
    ),
  )
  const inner = new Hono<Exchange>().use(door('rest'))
  inner.post('/numbers/:number/pin', c => c.body(null, 204))
  inner.get('/broken', () => Promise.reject(new Error('x')))
  app.route('/api/v1', inner)
  app.onError(answerErrors(() => {}))
  await app.request('/api/v1/numbers/+4915112345678/pin', { method: 'POST' })
  await app.request('/api/v1/broken')
  await app.request('/api/v1/elsewhere/+4915112345678')
  await app.request('/+4915112345678')
  const about = { requestId: 'an-id', milliseconds: 5 }
  assert.deepEqual(reports, [
    { ...about, door: 'rest', route: '/api/v1/numbers/:number/pin', status: 204 },
    { ...about, door: 'rest', route: '/api/v1/broken', status: 500 },
    { ...about, door: 'rest', route: 'unmatched', status: 404 },
    { ...about, door: 'none', route: 'unmatched', status: 404 },
  ])
})

test('a browser is told to store, frame, sniff and run nothing', async () => {
  const app = new Hono<Exchange>()
  app.use('/data/*', securityHeaders('program', false))
  app.use('/page/*', securityHeaders('person', true))
  app.get('/data/x', c => c.json({}))
  app.get('/data/own', () => new Response('own'))
  app.get('/page/x', c => c.html('<p>'))
  app.get('/page/style.css', c => c.body('', 200, { 'cache-control': 'max-age=60' }))
  for (const path of ['/data/x', '/data/own', '/data/none', '/page/x']) {
    const { headers } = await app.request(path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('cache-control'), 'no-store')
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*/)
    assert.equal(headers.has('strict-transport-security'), path.startsWith('/page'))
  }
  assert.equal((await app.request('/page/style.css')).headers.get('cache-control'), 'max-age=60')
})

test('a request whose time is up is answered, and what it started is told', async () => {
  const app = new Hono<Exchange>()
    .use(requestId(() => 'an-id'))
    .use(deadline(5))
    .onError(answerErrors(() => {}))
  const { promise: told, resolve: tell } = Promise.withResolvers<string>()
  app.get('/slow', async c => {
    const signal = c.get('deadline')
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    tell(String(signal.reason))
    throw new Error('given up')
  })
  app.get('/quick', c => c.json({ aborted: c.get('deadline').aborted }))
  const slow = await app.request('/slow')
  assert.equal(slow.status, 503)
  assert.equal(slow.headers.get('retry-after'), '1')
  assert.equal(((await slow.json()) as { kind: string }).kind, 'deadline_passed')
  assert.match(await told, /time for this request is up/)
  assert.deepEqual(await (await app.request('/quick')).json(), { aborted: false })
})
