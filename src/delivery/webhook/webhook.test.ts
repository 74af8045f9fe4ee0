// Webhooks: what is posted, to whom never, and what each answer comes to. Against real servers on this machine.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { changeWebhookSecret, oldSecretSigns, placeWebhook, signingSecrets } from '#core/application/webhook.ts'
import { type Instant, instantAt, after as later } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { Secret } from '#secrets/secret.ts'
import { certificate } from '#test/http/wire.ts'
import { addressGuard } from './addresses.ts'
import { asciiJson } from './ascii-json.ts'
import { type CallerOptions, createCaller } from './caller.ts'
import { confirmCallback } from './handshake.ts'
import type { Endpoint } from './receivers.ts'
import { type Signing, signatureOf } from './sign.ts'
import { readWebhookUrl } from './url.ts'
import { webhookCourier } from './webhook-courier.ts'

const now = instantAt(1_800_000_000_000)
const never = new AbortController().signal
const tls = certificate()
const sandbox = addressGuard({ allow: [], loopback: true })
const production = addressGuard({ allow: [], loopback: false })

const standard: Signing = { scheme: 'standard', secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] }
const meta: Signing = { scheme: 'meta', secret: '0123456789abcdef0123456789abcdef' }
const message: Message = {
  channel: 'webhook',
  to: 'http://shown.example',
  text: asciiJson({ type: 'pin.changed', name: 'Äöå 二 😀' }),
  receiver: { kind: 'application', id: '1' },
}

type Got = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const open: (() => void)[] = []
after(() => {
  for (const close of open) close()
})

/** A receiver that answers 200, or as told. */
async function receiver(answer: RequestListener = (_request, response) => void response.end()) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.once('end', () => {
      const { method = '', url = '', headers } = request
      got.push({ method, url, headers, body: Buffer.concat(chunks) })
      answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { got, port: (server.address() as AddressInfo).port, server }
}

const answering = (status: number, headers = {}) =>
  receiver((_request, response) => void response.writeHead(status, headers).end('no'))

function courierTo(url: string, signing: Signing = standard, options: Partial<CallerOptions> = {}) {
  const endpoint: Endpoint = { url, signing }
  const call = createCaller({ guard: sandbox, timeLimit: 2_000, ...options })
  const courier = webhookCourier({
    call,
    endpointOf: async () => endpoint,
    clock: { now: () => now },
    note: async () => {},
  })
  return (sent = message, id = 'a1b2', signal = never) => courier.send(sent, id, signal)
}

test('an application gets the stored bytes, signed as Standard Webhooks says, under the same id on every try', async () => {
  const { got, port } = await receiver()
  const send = courierTo(`http://127.0.0.1:${port}/hooks?a=b`)
  assert.deepEqual([await send(), await send()], [{ kind: 'taken' }, { kind: 'taken' }])
  const [first, second] = got
  assert.deepEqual(
    [first?.method, first?.url, first?.headers['content-type']],
    ['POST', '/hooks?a=b', 'application/json'],
  )
  assert.equal(first?.body.toString('latin1'), message.text)
  assert.deepEqual([first?.headers['webhook-id'], second?.headers['webhook-id']], ['msg_a1b2', 'msg_a1b2'])
  assert.equal(first?.headers['webhook-timestamp'], '1800000000')
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const mac = createHmac('sha256', key).update(`msg_a1b2.1800000000.${message.text}`).digest('base64')
  assert.equal(first?.headers['webhook-signature'], `v1,${mac}`)
})

test('the example of the Standard Webhooks documents is signed as they print it', () => {
  const signed = signatureOf(standard, {
    id: 'p5jXN8AQM9LWM0D4loKWxJek',
    at: instantAt(1_614_265_330_000),
    body: '{"test": 2432232314}',
  })
  assert.equal(signed['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('a secret that was changed signs beside the new one for a day, to the millisecond', () => {
  const application = { name: 'A', createdAt: now, seen: now, keyVerifier: '' }
  const placed = placeWebhook(application, { url: 'https://a.example/', secret: 'whsec_old' }, now)
  const moved = placeWebhook(placed, { url: 'https://b.example/', secret: 'whsec_unused' }, later(now, 1))
  assert.deepEqual(moved.webhook, { url: 'https://b.example/', secret: 'whsec_old', createdAt: now })
  const webhook = changeWebhookSecret(moved, 'whsec_new', now)?.webhook
  assert(webhook !== undefined)
  const at = (moment: Instant) => signingSecrets(webhook, moment)
  assert.deepEqual(at(later(now, oldSecretSigns - 1)), ['whsec_new', 'whsec_old'])
  assert.deepEqual(at(later(now, oldSecretSigns)), ['whsec_new'])
  const both = signatureOf({ scheme: 'standard', secrets: at(now) }, { id: 'x', at: now, body: '' })
  assert.equal(both['webhook-signature']?.split(' ').length, 2)
  assert.equal(changeWebhookSecret(application, 'whsec_new', now), undefined)
})

test('a business gets what Meta sends: the body in ASCII, signed over its bytes with the app secret', async () => {
  const { got, port } = await receiver()
  await courierTo(`http://127.0.0.1:${port}/`, meta)()
  const body = got[0]?.body ?? Buffer.alloc(0)
  assert.equal(body.toString(), '{"type":"pin.changed","name":"\\u00c4\\u00f6\\u00e5 \\u4e8c \\ud83d\\ude00"}')
  const mac = createHmac('sha256', '0123456789abcdef0123456789abcdef').update(body).digest('hex')
  assert.equal(got[0]?.headers['x-hub-signature-256'], `sha256=${mac}`)
  assert.equal(got[0]?.headers['webhook-signature'], undefined)
})

test('any 2xx takes a webhook, 410 ends it, and everything else is for another time; no redirect is followed', async () => {
  const elsewhere = await receiver()
  const location = { location: `http://127.0.0.1:${elsewhere.port}/` }
  for (const [status, ending] of [
    [200, { kind: 'taken' }],
    [202, { kind: 'taken' }],
    [299, { kind: 'taken' }],
    [301, { kind: 'failed', reason: 'rejected' }],
    [307, { kind: 'failed', reason: 'rejected' }],
    [400, { kind: 'failed', reason: 'rejected' }],
    [404, { kind: 'failed', reason: 'rejected' }],
    [410, { kind: 'refused', reason: 'gone' }],
    [429, { kind: 'failed', reason: 'rejected' }],
    [500, { kind: 'failed', reason: 'rejected' }],
  ] as const) {
    const { port } = await answering(status, location)
    assert.deepEqual(await courierTo(`http://127.0.0.1:${port}/`)(), ending, `${status}`)
  }
  assert.equal(elsewhere.got.length, 0)
})

test('a receiver that hangs, hangs up, never ends its headers or is not there fails in time', async () => {
  const timeLimit = 150
  const late = { kind: 'failed', reason: 'timed_out' }
  const silent = await receiver(() => {})
  assert.deepEqual(await courierTo(`http://127.0.0.1:${silent.port}/`, standard, { timeLimit })(), late)
  const rude = await receiver(request => void request.socket.destroy())
  const away = { kind: 'failed', reason: 'unreachable' }
  assert.deepEqual(await courierTo(`http://127.0.0.1:${rude.port}/`)(), away)
  const endless = await receiver((_request, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n')
    const more = () => response.socket?.write('x: y\r\n', error => (error ? undefined : setImmediate(more)))
    more()
  })
  assert.equal((await courierTo(`http://127.0.0.1:${endless.port}/`, standard, { timeLimit })()).kind, 'failed')
  const slowName = { timeLimit, addressesOf: () => new Promise<never>(() => {}) }
  assert.deepEqual(await courierTo('http://slow.example/', standard, slowName)(), late)
  const noName = { addressesOf: () => Promise.reject(new Error('ENOTFOUND')) }
  assert.deepEqual(await courierTo('http://none.example/', standard, noName)(), away)
  const stopping = new AbortController()
  const waiting = await receiver(() => stopping.abort())
  assert.equal((await courierTo(`http://127.0.0.1:${waiting.port}/`)(message, 'x', stopping.signal)).kind, 'failed')
})

test('of an answer without end nothing is read but its status', async () => {
  let wrote = 0
  const { port } = await receiver((_request, response) => {
    response.writeHead(200)
    const more = () => {
      wrote += 1
      if (!response.destroyed) response.write('x'.repeat(65_536), error => (error ? undefined : more()))
    }
    more()
  })
  assert.deepEqual(await courierTo(`http://127.0.0.1:${port}/`)(), { kind: 'taken' })
  assert(wrote < 1_000, `${wrote} pieces`)
})

test('a receiver that answers by changing the protocol ends its call, and holds none for good', async () => {
  const { port, server } = await receiver()
  server.on('upgrade', () => {})
  server.removeAllListeners('request')
  server.on('request', request => {
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
  })
  const send = courierTo(`http://127.0.0.1:${port}/`, standard, { timeLimit: 1_000 })
  // One more than a receiver may have under way.
  for (let call = 0; call < 5; call += 1) assert.deepEqual(await send(), { kind: 'failed', reason: 'rejected' })
})

test('one receiver that is slow holds four calls and no more, and none of the others', async () => {
  const stopping = new AbortController()
  const slow = await receiver(() => {})
  const quick = await receiver()
  const call = createCaller({ guard: sandbox, timeLimit: 2_000 })
  const courier = webhookCourier({
    call,
    endpointOf: async ({ id }) => ({
      url: `http://127.0.0.1:${id === 'slow' ? slow.port : quick.port}/`,
      signing: meta,
    }),
    clock: { now: () => now },
    note: async () => {},
  })
  const to = (id: string, signal = never) =>
    courier.send({ ...message, receiver: { kind: 'business', id } }, 'x', signal)
  const held = Array.from({ length: 4 }, () => to('slow', stopping.signal))
  await Promise.resolve()
  assert.deepEqual(await to('slow'), { kind: 'failed', reason: 'busy' })
  assert.deepEqual(await to('quick'), { kind: 'taken' })
  stopping.abort()
  assert((await Promise.all(held)).every(each => each.kind === 'failed'))
  assert.equal(
    (await Promise.all(Array.from({ length: 20 }, () => to('quick')))).filter(each => each.kind === 'taken').length,
    4,
  )
})

test('a receiver that wants no more gets nothing more', async () => {
  const call = createCaller({ guard: sandbox, timeLimit: 2_000 })
  const courier = webhookCourier({
    call,
    endpointOf: async () => undefined,
    clock: { now: () => now },
    note: async () => {},
  })
  assert.deepEqual(await courier.send(message, 'x', never), { kind: 'refused', reason: 'gone' })
})

// ——— the guard

const inner = [
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['169.254.169.254', '100.64.0.1', '192.0.0.1', '198.18.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255'],
  ...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1', 'fec0::1'],
  ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::'],
  ...['2001:0:4136:e378:8000:63bf:3fff:fdd2', '100::1', '5f00::1', 'not an address', ''],
]
const outer = [
  '93.184.216.34',
  '8.8.8.8',
  '172.32.0.1',
  '172.15.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
]

test('no address but a public one may be called, in whatever disguise', () => {
  for (const address of inner) assert(!production.mayCall(address), address)
  for (const address of outer) assert(production.mayCall(address), address)
})

test('the sandbox may call its own machine, and an operator what they name; nothing else of the network', () => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) assert(sandbox.mayCall(address), address)
  for (const address of ['10.0.0.1', '169.254.169.254', '192.168.1.1', 'fd00::1', '0.0.0.0']) {
    assert(!sandbox.mayCall(address), address)
  }
  const named = addressGuard({ allow: ['10.1.0.0/16', 'fd00:1::/32', '192.168.1.7'], loopback: false })
  for (const address of ['10.1.255.1', '::ffff:10.1.0.1', 'fd00:1::9', '192.168.1.7'])
    assert(named.mayCall(address), address)
  for (const address of ['10.2.0.1', 'fd00:2::9', '192.168.1.8', '127.0.0.1']) assert(!named.mayCall(address), address)
  assert.throws(() => addressGuard({ allow: ['10.0.0.0/40'], loopback: false }), RangeError)
})

test('a name is looked up first, and one inner address among public ones is enough to refuse it', async () => {
  const { got, port } = await receiver()
  const at = (addresses: readonly string[]) => ({ guard: production, addressesOf: async () => addresses })
  const forbidden = { kind: 'refused', reason: 'forbidden' }
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254']]) {
    assert.deepEqual(await courierTo(`http://inner.example:${port}/`, standard, at(addresses))(), forbidden)
  }
  for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:7f00:1]', '0', 'localhost']) {
    const answer = await courierTo(`http://${host}:${port}/`, standard, { guard: production })()
    assert.deepEqual(answer, forbidden, host)
  }
  assert.equal(got.length, 0)
})

test('a name that leads elsewhere a moment later changes nothing: what was looked at is what is called', async () => {
  const { got, port } = await receiver()
  const told = [['127.0.0.1'], ['10.0.0.1']]
  const asked: string[] = []
  const addressesOf = async (name: string) => {
    asked.push(name)
    return told.shift() ?? []
  }
  const send = courierTo(`http://rebinding.example:${port}/`, standard, { addressesOf })
  assert.deepEqual(await send(), { kind: 'taken' })
  assert.deepEqual([asked, got.length, got[0]?.headers.host], [['rebinding.example'], 1, `rebinding.example:${port}`])
  assert.deepEqual(await send(), { kind: 'refused', reason: 'forbidden' })
  assert.equal(got.length, 1)
})

test('a certificate is checked against the name, whatever address it was called at', async () => {
  const server = createTlsServer({ cert: tls.cert, key: tls.key.reveal() }, (_request, response) => void response.end())
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const addressesOf = async () => ['127.0.0.1']
  const send = (name: string, ca?: string) =>
    courierTo(`https://${name}:${port}/`, standard, { addressesOf, ...(ca === undefined ? {} : { ca }) })()
  assert.deepEqual(await send('localhost', tls.cert), { kind: 'taken' })
  const away = { kind: 'failed', reason: 'unreachable' }
  assert.deepEqual(await send('localhost'), away)
  assert.deepEqual(await send('other.example', tls.cert), away)
})

test('a URL for webhooks is https without secrets in it; plain http is for the sandbox', () => {
  const read = (text: string, plainHttp = false) => readWebhookUrl(text, { plainHttp }).kind
  assert.deepEqual(readWebhookUrl('https://Example.com', { plainHttp: false }), {
    kind: 'url',
    url: 'https://example.com/',
  })
  assert.equal(read('http://example.com/'), 'not_a_url')
  assert.equal(read('http://localhost:9/x', true), 'url')
  const wrong = [
    '',
    'example.com',
    'ftp://a.example/',
    'file:///etc/passwd',
    'https://u:p@a.example/',
    'https://u@a.example/',
  ]
  const odd = [
    'https://a.example/#x',
    'https://a.example/\r\nHost: b',
    ' https://a.example/',
    'https://ä.example/',
    'https://',
  ]
  for (const text of [...wrong, ...odd, `https://a.example/${'x'.repeat(2_000)}`])
    assert.equal(read(text, true), 'not_a_url', text)
})

// ——— the handshake

const challenge = Secret.of('1158201444')

async function shake(answer: RequestListener, guard = sandbox) {
  const { got, port } = await receiver(answer)
  const callback = { url: `http://127.0.0.1:${port}/hooks?mine=1`, verifyToken: Secret.of('my token&') }
  const ending = await confirmCallback(createCaller({ guard, timeLimit: 500 }), callback, challenge, never)
  return { got, ending }
}

test('an address is subscribed once it has answered with the challenge', async () => {
  const { got, ending } = await shake((_request, response) => void response.end('1158201444'))
  assert.deepEqual(ending, { kind: 'confirmed' })
  const asked = new URL(got[0]?.url ?? '', 'http://x').searchParams
  assert.deepEqual(Object.fromEntries(asked), {
    mine: '1',
    'hub.mode': 'subscribe',
    'hub.challenge': '1158201444',
    'hub.verify_token': 'my token&',
  })
  assert.equal(got[0]?.method, 'GET')
})

test('another body, another status, a page around the challenge or an inner address is no answer', async () => {
  const refused: [RequestListener, number][] = [
    [(_request, response) => void response.end('1158201445'), 200],
    [(_request, response) => void response.writeHead(403).end('1158201444'), 403],
    [(_request, response) => void response.writeHead(302, { location: '/' }).end('1158201444'), 302],
    [(_request, response) => void response.end('<html>1158201444</html>'), 200],
    [(_request, response) => void response.end(`1158201444${' '.repeat(1_000)}x`.repeat(1_000)), 200],
    [(_request, response) => void response.end(), 200],
  ]
  for (const [answer, status] of refused) {
    assert.deepEqual((await shake(answer)).ending, { kind: 'not_confirmed', status })
  }
  const inner = await shake((_request, response) => void response.end('1158201444'), production)
  assert.deepEqual([inner.ending, inner.got.length], [{ kind: 'forbidden' }, 0])
  assert.deepEqual((await shake(() => {})).ending, { kind: 'timed_out' })
})
