// The server over real sockets: what slow, broken and greedy clients get, and how a stop loses nothing.

import assert from 'node:assert/strict'
import { get } from 'node:https'
import { connect as connectPlain, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { Hono } from 'hono'
import { readParameters } from '#http/body.ts'
import { deadline } from '#http/deadline.ts'
import type { Exchange } from '#http/exchange.ts'
import { CannotListen, listen, urlOf } from '#http/server.ts'
import { certificate, serving, wireTo } from '#test/http/wire.ts'

const hello = new Hono().get('/', c => c.text('hello'))

/** An app whose answer waits until it is let go. */
function held() {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: letGo, resolve: go } = Promise.withResolvers<void>()
  const app = new Hono().get('/held', async c => {
    ask()
    await letGo
    return c.text('done')
  })
  app.get('/', c => c.text('hello'))
  return { app, asked, go }
}

test('it answers on the port it says', async t => {
  const server = await serving(t, hello)
  assert.equal(server.url, `http://127.0.0.1:${server.port}`)
  const answer = await fetch(server.url)
  assert.deepEqual([answer.status, await answer.text()], [200, 'hello'])
  assert.equal(server.inFlight(), 0)
})

test('an address is written as people can use it', () => {
  assert.equal(urlOf('0.0.0.0', 8022, false), 'http://127.0.0.1:8022')
  assert.equal(urlOf('::', 8022, true), 'https://[::1]:8022')
  assert.equal(urlOf('two-step.example.com', 443, true), 'https://two-step.example.com')
})

test('a port that is taken, or an address that is not ours, is said in plain words', async t => {
  const { port } = await serving(t, hello)
  const reasonOf = async (host: string, at: number) => {
    try {
      await listen({ app: hello, host, port: at })
    } catch (error) {
      assert(error instanceof CannotListen)
      return error.reason
    }
    return 'none'
  }
  assert.equal(await reasonOf('127.0.0.1', port), 'port_in_use')
  assert.equal(await reasonOf('203.0.113.7', 0), 'no_such_address')
})

test('an exception out of the app is a bare 500 and a report', async t => {
  const errors: unknown[] = []
  const bug = new Error('secret')
  const server = await serving(t, { fetch: () => Promise.reject(bug) }, { onError: error => void errors.push(error) })
  const answer = await fetch(server.url)
  assert.deepEqual([answer.status, await answer.text()], [500, ''])
  assert.deepEqual(errors, [bug])
})

test('what is no HTTP gets 400 and the door', async t => {
  const malformed: number[] = []
  const server = await serving(t, hello, { onMalformed: status => void malformed.push(status) })
  const broken = [
    'NONSENSE\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
  ]
  for (const request of broken) {
    const wire = await wireTo(t, server.port)
    wire.socket.write(request)
    assert.match(await wire.ended, /^HTTP\/1\.1 400 /, request)
  }
  // Node itself answers a missing Host, before we hear of it.
  assert.deepEqual(malformed, [400, 400, 400, 400, 400])
})

test('headers without end get 431, and the client can read it', async t => {
  const server = await serving(t, hello)
  const wire = await wireTo(t, server.port)
  wire.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Much: ${'x'.repeat(300_000)}`)
  const answer = await wire.until('}')
  assert.match(answer, /^HTTP\/1\.1 431 /)
  assert.match(answer, /Connection: close/)
  assert.match(answer, /application\/problem\+json/)
})

test('who sends its headers or its body too slowly gets 408 and the door', async t => {
  const malformed: number[] = []
  const app = new Hono<Exchange>().post('/', async c => c.json(await readParameters(c, { limit: 1_000 })))
  const server = await serving(t, app, {
    bounds: { headers: 60, request: 120, check: 20 },
    onMalformed: status => void malformed.push(status),
  })
  for (const part of ['GET / HT', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123']) {
    const wire = await wireTo(t, server.port)
    wire.socket.write(part)
    assert.match(await wire.ended, /^HTTP\/1\.1 408 /, part)
  }
  assert.deepEqual(malformed, [408, 408])
})

test('who connects and says nothing is let go', async t => {
  const server = await serving(t, hello, { bounds: { headers: 60, request: 120, check: 20 } })
  const wire = await wireTo(t, server.port)
  await wire.ended
})

test('who does not read its answer is let go', async t => {
  const app = new Hono().get('/', c => c.body('x'.repeat(64 * 1024 * 1024)))
  const server = await serving(t, app, { bounds: { idle: 100 } })
  const socket = connectPlain(server.port, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const poll = setInterval(() => {
    if (seen && server.inFlight() === 0) resolve()
    seen ||= server.inFlight() === 1
  }, 5)
  let seen = false
  await over
  clearInterval(poll)
})

test('more connections than allowed are turned away, the others are served', async t => {
  const server = await serving(t, hello, { bounds: { connections: 2 } })
  const [one, two] = [await wireTo(t, server.port), await wireTo(t, server.port)]
  for (const wire of [one, two]) {
    wire.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await wire.until('hello')
  }
  const three = await wireTo(t, server.port)
  assert.equal(await three.ended, '')
})

test('a stop answers what was accepted, takes nothing new, and drops idle connections', async t => {
  const { app, asked, go } = held()
  const server = await serving(t, app)
  const [busy, idle, silent] = [
    await wireTo(t, server.port),
    await wireTo(t, server.port),
    await wireTo(t, server.port),
  ]
  idle.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await idle.until('hello')
  busy.socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  assert.equal(server.inFlight(), 1)

  let closed = false
  const closing = server.close(60_000).then(ended => {
    closed = true
    return ended
  })
  await Promise.all([idle.ended, silent.ended])
  await assert.rejects(fetch(server.url))
  assert(!closed)
  go()
  const answer = await busy.ended
  assert.match(answer, /^HTTP\/1\.1 200 /)
  assert.match(answer, /connection: close/i)
  assert.match(answer, /done$/)
  assert.deepEqual(await closing, { cut: 0 })
  assert.deepEqual(await server.close(0), { cut: 0 })
})

test('a request that the kernel had accepted when the stop began is still answered', async t => {
  const server = await serving(t, hello)
  const kept = await wireTo(t, server.port)
  kept.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await kept.until('hello')
  const fresh = await wireTo(t, server.port)
  // Both are in the kernel's hands once the client's writes were; the server has not had a turn to read them.
  for (const wire of [kept, fresh]) wire.socket.write('GET /?second HTTP/1.1\r\nHost: x\r\n\r\n')
  const closing = server.close(60_000)
  assert.match(await fresh.ended, /connection: close[\s\S]*hello$/i)
  assert.equal((await kept.ended).match(/hello/g)?.length, 2)
  assert.deepEqual(await closing, { cut: 0 })
})

test('what is not done when the grace is over is cut', async t => {
  const { app, asked } = held()
  const server = await serving(t, app)
  const wire = await wireTo(t, server.port)
  wire.socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  const half = await wireTo(t, server.port)
  half.socket.write('GET / HTTP/1.1\r\n')
  assert.deepEqual(await server.close(20), { cut: 1 })
  assert.equal(await wire.ended, '')
  assert.equal(await half.ended, '')
})

test('an answer that had begun before the stop does not keep the server open', async t => {
  const { promise: letGo, resolve: go } = Promise.withResolvers<void>()
  const app = new Hono().get('/', () => {
    const stream = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('first '))
        await letGo
        controller.enqueue(new TextEncoder().encode('last'))
        controller.close()
      },
    })
    return new Response(stream)
  })
  const server = await serving(t, app)
  const wire = await wireTo(t, server.port)
  wire.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await wire.until('first')
  const closing = server.close(60_000)
  go()
  assert.deepEqual(await closing, { cut: 0 })
  assert.match(await wire.ended, /last/)
})

const tls = certificate()

const securely = (t: TestContext, port: number, options: object = {}) => {
  const socket = connectTls({ port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost', ...options })
  t.after(() => socket.destroy())
  return socket
}

test('with a certificate it speaks TLS, 1.2 or later, and plain HTTP gets nothing', async t => {
  const server = await serving(t, hello, { tls })
  assert.match(server.url, /^https:/)
  const status = await new Promise((resolve, reject) => {
    get(server.url, { ca: tls.cert }, answer => resolve(answer.resume().statusCode)).on('error', reject)
  })
  assert.equal(status, 200)
  const ending = (options: object) =>
    new Promise(resolve => {
      const socket = securely(t, server.port, options)
      socket.once('secureConnect', () => resolve(socket.getProtocol()))
      socket.once('error', () => resolve('refused'))
    })
  assert.equal(await ending({}), 'TLSv1.3')
  assert.equal(await ending({ maxVersion: 'TLSv1.2' }), 'TLSv1.2')
  assert.equal(await ending({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), 'refused')
  const plain = await wireTo(t, server.port)
  plain.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  assert.doesNotMatch(await plain.ended, /hello/)
})

test('a stop under TLS answers what was accepted and waits for nobody who is silent', async t => {
  const { app, asked, go } = held()
  const server = await serving(t, app, { tls })
  const handshaking = await wireTo(t, server.port)
  const silent = securely(t, server.port)
  await new Promise(resolve => silent.once('secureConnect', resolve))
  silent.on('error', () => {})
  const silentEnded = new Promise(resolve => silent.once('close', resolve))
  const busy = securely(t, server.port)
  let answer = ''
  busy.setEncoding('utf8').on('data', chunk => {
    answer += chunk
  })
  const busyEnded = new Promise(resolve => busy.once('close', resolve))
  busy.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  const closing = server.close(60_000)
  await Promise.all([silentEnded, handshaking.ended])
  go()
  await busyEnded
  assert.match(answer, /done$/)
  assert.deepEqual(await closing, { cut: 0 })
})

test('work whose client is gone is told', async t => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: told, resolve: tell } = Promise.withResolvers<string>()
  const app = new Hono<Exchange>().use(deadline(60_000)).get('/', async c => {
    const signal = c.get('deadline')
    signal.addEventListener('abort', () => tell(String(signal.reason)))
    ask()
    await told
    return c.body(null)
  })
  const server = await serving(t, app)
  const wire = await wireTo(t, server.port)
  wire.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  wire.socket.destroy()
  assert.match(await told, /client is gone/)
})

test('a port is free again after a stop', async t => {
  const server = await serving(t, hello)
  await fetch(server.url)
  await server.close(1_000)
  const next = createServer()
  t.after(() => next.close())
  await new Promise<void>((resolve, reject) => {
    next.once('error', reject).listen(server.port, '127.0.0.1', resolve)
  })
})
