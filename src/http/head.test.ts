// What gathering an answer's headers promises: all of them, whoever made the answer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import type { Exchange } from '#http/exchange.ts'
import { answerWith, carry } from '#http/head.ts'
import { requestId } from '#http/request-id.ts'
import { securityHeaders } from '#http/security-headers.ts'

test('an answer carries what all who had a part in it added, and what its handler says stands over it', async () => {
  const app = new Hono<Exchange>().use(requestId(() => 'an-id')).use(securityHeaders('program', true))
  app.use('/inner/*', securityHeaders('person', false))
  const own = { 'Content-Type': 'text/x', 'Cache-Control': 'max-age=60' }
  for (const path of ['/', '/inner/']) {
    app.get(`${path}gathered`, c => {
      carry(c, { 'X-Door': 'graph' })
      return answerWith(c, 200, 'text', own)
    })
    app.get(`${path}elsewhere`, c => {
      carry(c, { 'X-Door': 'graph' })
      return c.body('text', 200, own)
    })
  }
  for (const path of ['/', '/inner/']) {
    const gathered = await app.request(`${path}gathered`)
    const elsewhere = await app.request(`${path}elsewhere`)
    const { headers } = gathered
    assert.equal(await gathered.text(), 'text')
    assert.equal(headers.get('x-request-id'), 'an-id')
    assert.equal(headers.get('x-door'), 'graph')
    assert.equal(headers.get('cache-control'), 'max-age=60')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.match(headers.get('strict-transport-security') ?? '', /^max-age=/)
    assert.equal(headers.has('permissions-policy'), path === '/inner/')
    assert.deepEqual([...headers], [...elsewhere.headers])
  }
})

test('an answer that takes the place of a gathered one, as after an exception, carries it all, too', async () => {
  const app = new Hono<Exchange>().use(requestId(() => 'an-id')).use(securityHeaders('program', false))
  app.get('/', c => {
    answerWith(c, 200, 'never sent', {})
    throw new Error('broke')
  })
  app.onError((_error, c) => c.text('sorry', 500))
  const { status, headers } = await app.request('/')
  assert.equal(status, 500)
  assert.equal(headers.get('x-request-id'), 'an-id')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
})
