// `twostep deliver test`: one message by the real settings, against real servers that are what they should be, and not.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { instantAt } from '#core/kernel/instant.ts'
import { readSmtpUrl } from '#delivery/email/smtp-url.ts'
import { plain, reach } from '#delivery/trial/hops.ts'
import { tryMail } from '#delivery/trial/mail-trial.ts'
import { checkDkim } from '#test/delivery/dkim-verifier.ts'
import { httpServer } from '#test/delivery/house.ts'
import { startSmsc } from '#test/delivery/smsc.ts'
import { certificate } from '#test/http/wire.ts'
import { run } from './command.ts'

type Hop = { readonly hop: string; readonly ok: boolean; readonly says: string }
type Tried = { readonly taken: boolean; readonly hops: readonly Hop[] }

const number = '+447700900123'
const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

const folder = mkdtempSync(join(tmpdir(), 'twostep-deliver-'))
closing.push(() => rmSync(folder, { recursive: true, force: true }))
const dkimFile = join(folder, 'dkim.pem')
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
writeFileSync(dkimFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))

async function mailServer(options: SMTPServerOptions = {}) {
  const taken: string[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 1 },
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        taken.push(Buffer.concat(chunks).toString('latin1'))
        done(null, 'queued as 4Xy7')
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  closing.push(() => server.close(() => {}))
  return { taken, port: (server.server.address() as AddressInfo).port }
}

const mailTo = (port: number, login = '') => ({
  TWOSTEP_SMTP_URL: `smtp://${login}127.0.0.1:${port}`,
  TWOSTEP_MAIL_FROM: 'Acme <no-reply@acme.example>',
})

/** Runs the command; answers what it says, and which hops went well: `dns tcp tls !login`. */
async function tried(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const said = await run(['deliver', 'test', ...args, '--json'], env)
  assert.equal(said.err, '')
  const { taken, hops } = said.json() as unknown as Tried
  return { ...said, taken, hops, way: hops.map(({ hop, ok }) => (ok ? hop : `!${hop}`)).join(' ') }
}

test('a mail is sent once, signed and under the login of the settings, and each hop says how it went', async () => {
  const server = await mailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'us' && password === 'sesame-1' ? done(null, { user: 'us' }) : done(new Error(`no to ${password}`)),
  })
  const env = { ...mailTo(server.port, 'us:sesame-1@'), TWOSTEP_MAIL_DKIM: `s1=${dkimFile}` }
  const plain = await run(['deliver', 'test', '--to', 'ops@acme.example'], env)
  assert.deepEqual([plain.code, plain.err], [0, ''])
  assert.match(
    plain.out,
    /^By email to ops@acme\.example:\n {2}ok {4}settings .*\n(?: {2}ok .*\n)*Taken\. Look whether it/,
  )
  assert.match(plain.out, /handing .*the mail server says: 250 .*queued as 4Xy7/)
  assert.match(plain.out, /signature .*signed by s1 for acme\.example/)
  assert.equal(server.taken.length, 1)
  assert.deepEqual(
    checkDkim(server.taken[0] ?? '', () => undefined).map(({ selector }) => selector),
    ['s1'],
  )
  assert.match(server.taken[0] ?? '', /^Auto-Submitted: auto-generated/im)

  const wrong = await tried(mailTo(server.port, 'us:sesame-2@'), '--to', 'ops@acme.example')
  assert.deepEqual([wrong.code, wrong.way], [1, 'settings dns tcp tls !login'])
  assert.equal(server.taken.length, 1)
  for (const secret of ['sesame', Buffer.from('sesame-2').toString('base64'), 'c2VzYW1l']) {
    assert.ok(!(plain.out + wrong.out).includes(secret), secret)
  }
})

test('a refusal, a certificate that is not accepted, and a server that is not there are told at their hop', async () => {
  const says = (code: number) => Object.assign(new Error('5.7.1 no\u001b[31m such\r\nperson'), { responseCode: code })
  const refusing = await mailServer({ onRcptTo: (_to, _session, done) => done(says(550)) })
  const refused = await tried(mailTo(refusing.port), '--to', 'ops@acme.example')
  assert.equal(refused.way, 'settings dns tcp tls login signature !handing')
  assert.match(refused.hops.at(-1)?.says ?? '', /^550 .*no .*such/)
  assert.equal(plain('a\u001b[31m\u202e b\r\nc\u0000', ['red']), 'a [31m  b c', 'a terminal obeys nothing that is said')
  const { cert, key } = certificate()
  const selfSigned = { cert, key: key.reveal(), disabledCommands: [] }
  const later = await mailServer(selfSigned)
  assert.equal((await tried(mailTo(later.port), '--to', 'ops@acme.example')).way, 'settings dns tcp !tls')
  const gone = await tried(mailTo(9), '--to', 'ops@acme.example')
  assert.equal(gone.way, 'settings dns !tcp')
  const nowhere = { ...mailTo(1), TWOSTEP_SMTP_URL: 'smtps://mail.nowhere.invalid' }
  assert.equal((await tried(nowhere, '--to', 'ops@acme.example')).way, 'settings !dns')

  const from = { name: '', address: 'no-reply@acme.example' }
  const message = { channel: 'email', to: 'ops@acme.example', text: 'x' } as const
  for (const [options, url] of [
    [selfSigned, 'smtp://localhost'],
    [{ ...selfSigned, secure: true }, 'smtps://localhost'],
  ] as const) {
    const server = await mailServer(options)
    const at = readSmtpUrl(`${url}:${server.port}`)
    assert(at !== undefined)
    const clock = { now: () => instantAt(1_800_000_000_000) }
    const mail = { server: at, from, dkim: [], bounces: undefined }
    const { taken, hops } = await tryMail({ mail, message, id: 'a1', clock, ca: cert })
    assert.ok(taken, JSON.stringify(hops))
    assert.match(hops.find(({ hop }) => hop === 'tls')?.says ?? '', /^TLSv1\.3, TLS_AES.* is localhost's/)
  }
})

test('servers that hang, hang up, flood or talk nonsense end the trial in time, and at a hop', async () => {
  const endless = (socket: Socket) => {
    const more = () => socket.destroyed || socket.write('x'.repeat(65_536), () => setImmediate(more))
    more()
  }
  for (const [what, greet] of [
    ['hangs', () => {}],
    ['hangs up', (socket: Socket) => socket.destroy()],
    ['talks nonsense', (socket: Socket) => socket.write('HTTP/1.1 400 no\r\n\r\n')],
    ['hangs after its greeting', (socket: Socket) => socket.write('220 hi\r\n')],
    ['floods', endless],
  ] as const) {
    const server = createServer(socket => greet(socket.on('error', () => {})))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())
    const { port } = server.address() as AddressInfo
    const mail = {
      server: { host: '127.0.0.1', port, tls: 'if_offered', login: undefined } as const,
      ...{ from: { name: '', address: 'a@b.example' }, dkim: [], bounces: undefined },
    }
    const message = { channel: 'email', to: 'ops@acme.example', text: 'x' } as const
    const clock = { now: () => instantAt(0) }
    const { taken, hops } = await tryMail({ mail, message, id: 'a', clock, patience: 200 })
    assert.deepEqual([taken, hops.at(-1)?.ok], [false, false], what)
    const { hops: secured } = await reach({ host: '127.0.0.1', port, tls: true, patience: 200 })
    assert.equal(secured.at(-1)?.ok, false, what)
  }
})

test('a text goes to the provider that serves its country first, once; its receipt is waited for', async () => {
  const smsc = await startSmsc({ submit: () => ({ id: 'ref-77' }) })
  const other = await startSmsc()
  const env = {
    TWOSTEP_SMS_PROVIDERS: [
      'smpp://u:p@127.0.0.1:1?from=Acme&name=abroad&countries=FR',
      `smpp://user:sesame-3@127.0.0.1:${smsc.port}?from=Acme&name=alpha`,
      `smpp://user:sesame-3@127.0.0.1:${other.port}?from=Acme&name=beta`,
    ].join(' '),
  }
  const trying = tried(env, '--to', number)
  await smsc.until(heard => heard.includes('submit_sm'))
  await smsc.receipt('ref-77', 'DELIVRD')
  const { code, way, hops, out } = await trying
  assert.deepEqual([code, way], [0, 'settings choice dns tcp login handing receipt'])
  assert.match(hops[1]?.says ?? '', /^alpha: the lowest rank that serves .* abroad \(rank 1, FR\), alpha \(rank 2/)
  assert.match(hops.at(-2)?.says ?? '', /calls it ref-77/)
  assert.equal(hops.at(-1)?.says, 'alpha says: it arrived')
  assert.deepEqual([smsc.submitted.length, other.submitted.length], [1, 0])
  assert.ok(!out.includes('sesame'))

  const silent = await tried(env, '--to', number, '--wait', '0')
  assert.deepEqual([silent.code, silent.hops.at(-1)?.ok], [0, true])
  assert.match(silent.hops.at(-1)?.says ?? '', /^none within 0 s/)
})

test('a bind that is refused, and a provider that does not take it, end it there: no other one is asked', async () => {
  const closed = await startSmsc({ bind: () => 0x0e })
  const beta = await startSmsc({ submit: () => ({ status: 0x58 }) })
  const smpp = (port: number, name: string) => `smpp://user:pass@127.0.0.1:${port}?from=Acme&name=${name}`
  const both = { TWOSTEP_SMS_PROVIDERS: `${smpp(closed.port, 'alpha')} ${smpp(beta.port, 'beta')}` }
  const refused = await tried(both, '--to', number)
  assert.deepEqual([refused.code, refused.way], [1, 'settings choice dns tcp !login !handing'])
  assert.match(refused.hops.at(-2)?.says ?? '', /refused the bind/)
  assert.equal(beta.submitted.length, 0)
  const busy = await tried({ TWOSTEP_SMS_PROVIDERS: smpp(beta.port, 'beta') }, '--to', number)
  assert.match(busy.hops.at(-1)?.says ?? '', /too much to do \(throttled\)/)
})

test('a provider over HTTP is held to the public internet in production, and its answer is told in our words', async () => {
  const account = `AC${'a'.repeat(32)}`
  const server = await httpServer((_, response) => {
    response.writeHead(400).end(JSON.stringify({ code: 21211, message: `sesame-token is not a number` }))
  })
  const sms = `twilio://${account}:sesame-token@api.twilio.com?from=Acme&base=${server.url}`
  const asked = await tried({ TWOSTEP_SMS_PROVIDERS: sms }, '--to', number)
  assert.deepEqual([asked.code, asked.way], [1, 'settings choice dns tcp !handing'])
  assert.match(asked.hops.at(-1)?.says ?? '', /will not take this text to this number \(twilio_21211\)/)
  assert.ok(!asked.out.includes('sesame'))
  const production = {
    ...{ TWOSTEP_MODE: 'production', TWOSTEP_PROFILE: 'strict', TWOSTEP_OPERATOR_TOKEN: 'x'.repeat(32) },
    ...{ TWOSTEP_SMS_PROVIDERS: sms, TWOSTEP_HOME_COUNTRIES: 'all' },
  }
  const inner = await tried(production, '--to', number)
  assert.match(inner.hops.at(-1)?.says ?? '', /127\.0\.0\.1 is not on the public internet/)
  assert.equal(server.got.length, 1)
})

test('what no setting carries, a country that nothing is sent to, and what is no receiver are told before anything is sent', async () => {
  for (const [env, args, says] of [
    [{}, ['--to', 'a@b.example'], /no e-mail leaves: set TWOSTEP_SMTP_URL/],
    [{}, ['--to', number], /set TWOSTEP_SMS_PROVIDERS/],
    [{}, ['--to', number, '--channel', 'voice'], /set TWOSTEP_VOICE_PROVIDERS/],
    [
      { TWOSTEP_SMS_PROVIDERS: 'smpp://u:p@127.0.0.1:1?from=A', TWOSTEP_HOME_COUNTRIES: 'FR' },
      ['--to', '+442079460123'],
      /nothing is sent to GB: add it to TWOSTEP_HOME_COUNTRIES/,
    ],
  ] as const) {
    const { code, hops, way } = await tried(env, ...args)
    assert.deepEqual([code, way], [1, '!settings'])
    assert.match(hops[0]?.says ?? '', says)
  }
  for (const args of [
    ['--to', '07700'],
    ['--to', 'a@b@c'],
    ['--to', number, '--channel', 'email'],
    ['--to', 'a@b.example', '--channel', 'sms'],
    ['--to', number, '--channel', 'pigeon'],
    ['--to', number, '--wait', '-1'],
  ]) {
    const said = await run(['deliver', 'test', ...args], {})
    assert.deepEqual([said.code, said.out], [2, ''], args.join(' '))
  }
  const piped = await run(['deliver', 'test', '--json'], {}, { stdin: 'ops@acme.example\n' })
  assert.equal(piped.json().to, 'ops@acme.example')
})
