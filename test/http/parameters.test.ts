// Parameters over real sockets: chunked, slow, cut short and far too large.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Hono } from 'hono'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import type { Listening } from '#http/server.ts'
import { serving, wireTo } from '#test/http/wire.ts'

const limit = 65_536

function reading(t: TestContext, endings: string[] = []): Promise<Listening> {
  const app = new Hono<Exchange>()
  app.all('*', async c => {
    const read = await readParameters(c, { limit })
    endings.push(read.kind === 'malformed' ? read.reason : read.kind)
    if (read.kind === 'too_large') return c.json({ kind: read.kind }, 413)
    return c.json(read, read.kind === 'read' ? 200 : 400)
  })
  return serving(t, app)
}

test('every way to send a body is read over a socket', async t => {
  const { url } = await reading(t)
  const form = new FormData()
  form.set('pin', '012345')
  const bodies = ['{"pin":"012345"}', new URLSearchParams({ pin: '012345' }), form]
  for (const body of bodies) {
    const answer = await fetch(`${url}/x?a=1`, { method: 'POST', body })
    assert.deepEqual(((await answer.json()) as { parameters: unknown }).parameters, { a: '1', pin: '012345' })
  }
  const deleted = await fetch(`${url}/?pin=1`, { method: 'DELETE' })
  assert.deepEqual(((await deleted.json()) as { parameters: unknown }).parameters, { pin: '1' })
})

test('a chunked body without a length is read, cut anywhere, also inside a character', async t => {
  const { url } = await reading(t)
  const bytes = Buffer.from('{"name":"Müller"}')
  const answer = await new Promise<string>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST' }, incoming => {
      let text = ''
      incoming.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      incoming.once('end', () => resolve(text))
    }).once('error', reject)
    for (const byte of bytes) outgoing.write(Buffer.from([byte]))
    outgoing.end()
  })
  assert.deepEqual(JSON.parse(answer).body, { name: 'Müller' })
})

test('a body that is too large is refused, announced or not, and the client can read the refusal', async t => {
  const { url } = await reading(t)
  const large = 'x'.repeat(8 * 1024 * 1024)
  const announced = await fetch(url, { method: 'POST', body: large })
  assert.deepEqual([announced.status, await announced.json()], [413, { kind: 'too_large' }])

  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST' }, incoming => {
      incoming.resume().once('end', () => resolve(incoming.statusCode))
    }).once('error', reject)
    for (let sent = 0; sent < 8; sent++) outgoing.write('x'.repeat(1024 * 1024))
    outgoing.end()
  })
  assert.equal(chunked, 413)
})

test('a client that sends all before it reads gets its refusal, and its next request is answered', async t => {
  const server = await reading(t)
  const wire = await wireTo(t, server.port)
  const body = 'x'.repeat(4 * 1024 * 1024)
  const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`
  await new Promise(resolve => wire.socket.write(head + body, resolve))
  assert.match(await wire.until('too_large'), /^HTTP\/1\.1 413 /)
  wire.socket.write('POST /?second=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
  assert.match(await wire.until('"second"'), /HTTP\/1\.1 200 /)
})

test('who goes on sending after a refusal is cut off', async t => {
  const app = new Hono<Exchange>()
  app.post('*', async c => c.json(await readParameters(c, { limit: 10 }), 413))
  const server = await serving(t, app, { bounds: { linger: 50 } })
  const wire = await wireTo(t, server.port)
  wire.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nxxx')
  assert.match(await wire.ended, /^HTTP\/1\.1 413 [\s\S]*too_large/)
})

test('a body that is cut short is an ending, not an exception', async t => {
  const endings: string[] = []
  const server = await reading(t, endings)
  const wire = await wireTo(t, server.port)
  wire.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"pin":')
  await new Promise<void>(resolve => {
    const look = setInterval(() => {
      if (server.inFlight() === 0) return
      clearInterval(look)
      resolve()
    }, 1)
  })
  wire.socket.resetAndDestroy()
  await server.close(60_000)
  assert.deepEqual(endings, ['cut_short'])
})

test('a request without a body, and one whose connection is reused, are read', async t => {
  const server = await reading(t)
  const wire = await wireTo(t, server.port)
  const post = (body: string) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  wire.socket.write(post('') + post('{"a":"first"}') + post('a=second'))
  const text = await wire.until('second')
  assert.equal(text.match(/HTTP\/1\.1 200 /g)?.length, 3)
})
