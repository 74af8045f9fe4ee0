// E-mail over SMTP, against a real SMTP server in this process: what it is sent, and how every way to be refused ends.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { instantAt } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { Secret } from '#secrets/secret.ts'
import { certificate } from '#test/http/wire.ts'
import { noticeMail } from '../messages/notice-mail.ts'
import { emailCourier } from './email-courier.ts'
import { isMailAddress, maskAddress } from './mail-address.ts'
import { readMailFrom } from './mail-from.ts'
import { readSmtpUrl, type SmtpServer } from './smtp-url.ts'

const now = instantAt(Date.UTC(2026, 1, 3, 14, 5))
const tls = certificate()
const [cert, key] = [tls.cert, tls.key.reveal()]
const never = new AbortController().signal

const mail: Message = {
  channel: 'email',
  to: 'owner@bakery.example',
  ...noticeMail({
    notice: 'pin_changed',
    language: 'ar',
    product: 'Müller & Söhne',
    when: now,
    door: 'graph',
    numberMasked: '+44 •••• ••••23',
  }),
}

type Taken = { readonly from: string; readonly to: readonly string[]; readonly raw: string; readonly secure: boolean }

const open: (() => void)[] = []
after(() => {
  for (const close of open) close()
})

/** A mail server that takes everything, unless its options say otherwise. */
async function mailServer(options: SMTPServerOptions = {}) {
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 1,
    cert,
    key,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        const to = rcptTo.map(each => each.address)
        taken.push({ from, to, raw: Buffer.concat(chunks).toString(), secure: session.secure })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  open.push(() => server.close(() => {}))
  return { taken, port: (server.server.address() as AddressInfo).port }
}

type Keeps = { readonly idle: number; readonly mails: number }

/** A courier to a port of this machine. */
function courierTo(
  port: number,
  more: Partial<SmtpServer> & { readonly patience?: number; readonly ca?: string; readonly keeps?: Keeps } = {},
) {
  const { patience, ca, keeps, ...server } = more
  const faults: string[] = []
  const courier = emailCourier({
    mail: {
      server: { host: '127.0.0.1', port, tls: 'if_offered', login: undefined, ...server },
      from: { name: 'Müller & Söhne', address: 'no-reply@twostep.example' },
      ...{ dkim: [], bounces: undefined },
    },
    clock: { now: () => now },
    onFault: fault => faults.push(fault),
    ...(patience === undefined ? {} : { patience }),
    ...(ca === undefined ? {} : { ca }),
    ...(keeps === undefined ? {} : { keeps }),
  })
  open.push(() => courier.close?.())
  return { faults, send: (message = mail, id = 'a1b2', signal = never) => courier.send(message, id, signal), courier }
}

const failsWith = (code: number) => (text: string) => Object.assign(new Error(text), { responseCode: code })

test('a mail arrives as it was written: text and HTML, in any script, from and to whom it should be', async () => {
  const server = await mailServer()
  assert.deepEqual(await courierTo(server.port).send(), { kind: 'taken' })
  const [taken] = server.taken
  assert.deepEqual([taken?.from, taken?.to], ['no-reply@twostep.example', ['owner@bakery.example']])
  const read = await PostalMime.parse(taken?.raw ?? '')
  assert.equal(read.subject, mail.subject)
  assert.equal(read.text?.replaceAll('\r\n', '\n').trim(), mail.text.trim())
  assert.equal(read.html?.replaceAll('\r\n', '\n').trim(), mail.html?.trim())
  assert.deepEqual(read.from, { name: 'Müller & Söhne', address: 'no-reply@twostep.example' })
  assert.equal(read.date, new Date(now).toISOString())
})

test('its id is the one of the outbox on every try, machines do not answer it, and nothing in it tracks', async () => {
  const server = await mailServer()
  const { send } = courierTo(server.port)
  await send(mail, 'a1b2')
  await send(mail, 'a1b2')
  const read = await Promise.all(server.taken.map(each => PostalMime.parse(each.raw)))
  assert.deepEqual(
    read.map(each => each.messageId),
    ['<a1b2@twostep.example>', '<a1b2@twostep.example>'],
  )
  const headers = new Map(read[0]?.headers.map(each => [each.key, each.value]))
  assert.equal(headers.get('auto-submitted'), 'auto-generated')
  for (const name of ['list-unsubscribe', 'x-mailer', 'return-receipt-to', 'disposition-notification-to']) {
    assert(!headers.has(name), name)
  }
  assert.doesNotMatch(read[0]?.html ?? '', /<img|src=|http/)
})

test('no address, name or subject becomes a header or a second recipient', async () => {
  const server = await mailServer()
  const { send } = courierTo(server.port)
  const evil = [
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example, c@d.example',
    'a@b.example>\r\nRCPT TO:<c@d.example',
    '',
  ]
  for (const to of [...evil, '<a@b.example>', '"a b"@c.example', 'a@b@c.example', 'A <a@b.example>', 'a@[127.0.0.1]']) {
    assert(!isMailAddress(to), to)
    assert.deepEqual(await send({ ...mail, to }), { kind: 'refused', reason: 'rejected' }, to)
  }
  assert.equal(server.taken.length, 0)
  const subject = 'Hello\r\nBcc: c@d.example\r\n\r\n<b>body</b>'
  assert.deepEqual(await send({ ...mail, subject }), { kind: 'taken' })
  const read = await PostalMime.parse(server.taken[0]?.raw ?? '')
  assert.deepEqual([read.bcc, server.taken[0]?.to], [undefined, ['owner@bakery.example']])
  assert.equal(read.subject, 'Hello Bcc: c@d.example <b>body</b>')
})

test('what a person may not see of an address is masked', () => {
  assert.equal(maskAddress('owner@bakery.example'), 'o•••@b•••.example')
  assert.equal(maskAddress('a@localhost'), 'a•••@l•••')
})

test('TLS from the first byte, and STARTTLS, with a certificate that is checked', async () => {
  const atOnce = await mailServer({ secure: true, disabledCommands: [] })
  const later = await mailServer({ disabledCommands: [] })
  const named = { host: 'localhost', ca: cert }
  assert.deepEqual(await courierTo(atOnce.port, { ...named, tls: 'at_once' }).send(), { kind: 'taken' })
  assert.deepEqual(await courierTo(later.port, { ...named, tls: 'starttls' }).send(), { kind: 'taken' })
  assert.deepEqual([atOnce.taken[0]?.secure, later.taken[0]?.secure], [true, true])
  for (const { port, tls } of [
    { port: atOnce.port, tls: 'at_once' },
    { port: later.port, tls: 'starttls' },
  ] as const) {
    const unknown = courierTo(port, { host: 'localhost', tls })
    assert.deepEqual(await unknown.send(), { kind: 'failed', reason: 'unreachable' })
  }
  assert.equal(atOnce.taken.length + later.taken.length, 2)
})

test('off this machine a server without STARTTLS is told nothing: no mail, no password', async () => {
  const said: string[] = []
  const server = await mailServer({
    onAuth(auth, _session, done) {
      said.push(auth.password ?? '')
      done(null, { user: 'any' })
    },
  })
  const login = { user: 'us', password: Secret.of('pass') }
  assert.deepEqual(await courierTo(server.port, { tls: 'starttls', login }).send(), {
    kind: 'failed',
    reason: 'rejected',
  })
  assert.deepEqual([said, server.taken], [[], []])
  assert.equal(readSmtpUrl('smtp://mail.example.com')?.tls, 'starttls')
  assert.equal(readSmtpUrl('smtp://127.0.0.2:2525')?.tls, 'if_offered')
  assert.equal(readSmtpUrl('smtps://127.0.0.1')?.tls, 'at_once')
})

test('a login that is refused throws no mail away; the right one is used', async () => {
  const server = await mailServer({
    authOptional: false,
    disabledCommands: [],
    secure: true,
    onAuth: (auth, _session, done) =>
      auth.password === 'right' ? done(null, { user: 'any' }) : done(failsWith(535)('no')),
  })
  const at = { host: 'localhost', ca: cert, tls: 'at_once' } as const
  const wrong = courierTo(server.port, { ...at, login: { user: 'us', password: Secret.of('wrong') } })
  assert.deepEqual(await wrong.send(), { kind: 'failed', reason: 'rejected' })
  assert.deepEqual(wrong.faults, ['EAUTH'])
  const none = courierTo(server.port, at)
  assert.equal((await none.send()).kind, 'failed')
  const right = courierTo(server.port, { ...at, login: { user: 'us', password: Secret.of('right') } })
  assert.deepEqual(await right.send(), { kind: 'taken' })
})

test('a no for good ends a mail, a no for now does not; one about the sender is for the operator to mend', async () => {
  for (const [code, ending] of [
    [450, { kind: 'failed', reason: 'rejected' }],
    [421, { kind: 'failed', reason: 'rejected' }],
    [550, { kind: 'refused', reason: 'rejected' }],
  ] as const) {
    const byAddress = await mailServer({ onRcptTo: (_to, _session, done) => done(failsWith(code)('owner@b 123456')) })
    const { send, faults } = courierTo(byAddress.port)
    assert.deepEqual(await send(), ending, `${code} to an address`)
    assert.match(faults.join(), /^E[A-Z]+$/, 'the words of a server may quote a mail')
    const byText = await mailServer({
      onData(stream, _session, done) {
        stream.resume()
        stream.once('end', () => done(failsWith(code)('no')))
      },
    })
    assert.deepEqual(await courierTo(byText.port).send(), ending, `${code} to a text`)
  }
  const bySender = await mailServer({ onMailFrom: (_from, _session, done) => done(failsWith(550)('no')) })
  assert.deepEqual(await courierTo(bySender.port).send(), { kind: 'failed', reason: 'rejected' })
})

/** A server that says what it is told to, and keeps silent after. */
async function strangeServer(greet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('a server that hangs, drips, talks nonsense, hangs up or is not there fails in time, and loses nothing', async () => {
  const strange: [string, (socket: Socket) => void][] = [
    ['hangs', () => {}],
    ['hangs after its greeting', socket => socket.write('220 hello\r\n')],
    ['talks nonsense', socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(50))],
    ['hangs up', socket => socket.destroy()],
    ['drips', socket => drip(socket)],
  ]
  const patience = 250
  await Promise.all(
    strange.map(async ([what, greet]) => {
      const { send } = courierTo(await strangeServer(greet), { patience })
      const began = performance.now()
      assert.equal((await send()).kind, 'failed', what)
      assert(performance.now() - began < 4 * patience, `${what}: in time`)
    }),
  )
  const gone = await strangeServer(() => {})
  for (const close of open.splice(-1)) close()
  assert.deepEqual(await courierTo(gone).send(), { kind: 'failed', reason: 'unreachable' })
})

// One sign of an endless answer whenever the last one left, so that no silence is ever long enough to be noticed.
function drip(socket: Socket): void {
  const more = () => {
    if (!socket.destroyed) socket.write('220-hello\r\n', () => setImmediate(more))
  }
  more()
}

test('a greeting without end is not kept in memory: the line is dropped after a megabyte', async () => {
  for (const piece of ['x'.repeat(16_384), `220-${'x'.repeat(500)}\r\n`.repeat(32)]) {
    let written = 0
    const port = await strangeServer(socket => {
      const more = () => {
        written = socket.bytesWritten
        if (!socket.destroyed) socket.write(piece, () => setImmediate(more))
      }
      more()
    })
    assert.equal((await courierTo(port, { patience: 2_000 }).send()).kind, 'failed')
    assert(written < 16 * 1_024 * 1_024, `${written} bytes`)
  }
})

test('a server that takes back its STARTTLS is told neither mail nor password', async () => {
  const heard: string[] = []
  const port = await strangeServer(socket => {
    socket.write('220 mail.example\r\n')
    socket.on('data', chunk => {
      heard.push(chunk.toString())
      socket.write(/^EHLO/.test(chunk.toString()) ? '250-hi\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n' : '454 not now\r\n')
    })
  })
  const login = { user: 'us', password: Secret.of('pass') }
  const ending = await courierTo(port, { tls: 'starttls', login, patience: 500 }).send()
  assert.equal(ending.kind, 'failed')
  assert.deepEqual([...new Set(heard.map(each => each.slice(0, 4)))], ['EHLO', 'STAR'])
})

test('a connection carries so many mails and no more', async () => {
  let opened = 0
  const server = await mailServer({
    onConnect: (_session, done) => {
      opened += 1
      done()
    },
  })
  const { send } = courierTo(server.port, { keeps: { idle: 60_000, mails: 3 } })
  for (let mails = 0; mails < 7; mails += 1) assert.deepEqual(await send(mail, `m${mails}`), { kind: 'taken' })
  assert.equal(opened, 3)
})

test('a connection that nothing is sent over ends, and the next mail opens another', async () => {
  let closed = () => {}
  const ended = new Promise<void>(resolve => {
    closed = resolve
  })
  const server = await mailServer({ onClose: () => closed() })
  const { send, faults } = courierTo(server.port, { keeps: { idle: 20, mails: 100 } })
  assert.deepEqual(await send(mail, 'one'), { kind: 'taken' })
  await ended
  assert.deepEqual([await send(mail, 'later'), faults], [{ kind: 'taken' }, []])
})

test('who stops the server does not wait for a mail server that hangs', async () => {
  const stopping = new AbortController()
  const { send } = courierTo(await strangeServer(() => stopping.abort()))
  assert.equal((await send(mail, 'a1b2', stopping.signal)).kind, 'failed')
})

test('a mail server that hangs holds sixteen mails and no more', async () => {
  const stopping = new AbortController()
  const { send } = courierTo(await strangeServer(() => {}))
  const held = Array.from({ length: 16 }, (_, at) => send(mail, `m${at}`, stopping.signal))
  assert.deepEqual(await send(mail, 'one-more'), { kind: 'failed', reason: 'busy' })
  stopping.abort()
  assert((await Promise.all(held)).every(each => each.kind === 'failed'))
})

test('a sender has a plain name, or none', () => {
  assert.deepEqual(readMailFrom('no-reply@a.example'), { name: '', address: 'no-reply@a.example' })
  assert.deepEqual(readMailFrom('二段階 Twostep <no-reply@a.example>'), {
    name: '二段階 Twostep',
    address: 'no-reply@a.example',
  })
  for (const text of ['', 'a', 'a@', '<>', 'A\n<a@b.example>', '"A", <a@b.example>', 'A <a@b.example> B']) {
    assert.equal(readMailFrom(text), undefined, text)
  }
})
