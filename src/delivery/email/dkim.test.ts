// DKIM: which keys are taken, what is published of them, and mails whose signatures hold for a receiver.

import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { instantAt } from '#core/kernel/instant.ts'
import { checkDkim } from '#test/delivery/dkim-verifier.ts'
import { noticeMail } from '../messages/notice-mail.ts'
import { bounceAddress, type DkimKey, readBounces, readDkim, recordOf, signsFor } from './dkim.ts'
import { emailCourier } from './email-courier.ts'

const now = instantAt(Date.UTC(2026, 1, 3, 14, 5))
const sender = 'no-reply@mail.twostep.example'
const pems = [2048, 2048].map(modulusLength => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
})
const files: Readonly<Record<string, string>> = { '/keys/one': pems[0] ?? '', '/keys/two': pems[1] ?? '' }
const fileOf = (path: string) => files[path]

function keysOf(text: string): readonly DkimKey[] {
  const read = readDkim(text, fileOf)
  assert('value' in read, 'wrong' in read ? read.wrong : '')
  return read.value
}

const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

/** Sends a mail to a server of this process; answers it as it came, and who it said it was from. */
async function sent(dkim: readonly DkimKey[], bounces?: string, language = 'ja') {
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 1 },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        came = {
          raw: Buffer.concat(chunks).toString('latin1'),
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
        }
        done()
      })
    },
  })
  let came: { readonly raw: string; readonly from: string } | undefined
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const courier = emailCourier({
    mail: {
      server: { host: '127.0.0.1', port, tls: 'if_offered', login: undefined },
      ...{ from: { name: 'Müller & Söhne', address: sender }, dkim, bounces },
    },
    clock: { now: () => now },
    onFault: fault => assert.fail(fault),
  })
  closing.push(() => server.close(() => {}))
  const notice = noticeMail({
    ...{ notice: 'pin_changed', language, product: '二段階', when: now, door: 'graph', numberMasked: '+44 •••• ••23' },
  })
  const message = { channel: 'email', to: 'owner@bakery.example', ...notice } as const
  assert.deepEqual(await courier.send(message, 'a1b2', new AbortController().signal), { kind: 'taken' })
  courier.close?.()
  assert(came !== undefined)
  return came
}

const published =
  (...keys: readonly DkimKey[]) =>
  (name: string) =>
    keys.map(key => recordOf(key, sender)).find(each => each.name === name)?.value

test('every key signs every mail, so a receiver is content whichever record is published during a rotation', async () => {
  const keys = keysOf('s2027=/keys/one, s2026._domainkey.twostep.example=/keys/two')
  const [next, old] = keys
  assert(next !== undefined && old !== undefined)
  const { raw } = await sent(keys)
  const holds = (...there: DkimKey[]) =>
    checkDkim(raw, published(...there)).map(({ selector, domain, holds }) => [selector, domain, holds])
  const [byNext, byOld] = [
    ['s2027', 'mail.twostep.example'],
    ['s2026', 'twostep.example'],
  ]
  assert.deepEqual(holds(next, old), [
    [...(byNext ?? []), true],
    [...(byOld ?? []), true],
  ])
  assert.deepEqual(holds(old), [
    [...(byNext ?? []), false],
    [...(byOld ?? []), true],
  ])
  assert.deepEqual(holds(next), [
    [...(byNext ?? []), true],
    [...(byOld ?? []), false],
  ])
})

test('whatever of a signed mail is changed on its way, the signature does not hold any more', async () => {
  const [key] = keysOf('s1=/keys/one')
  assert(key !== undefined)
  const { raw } = await sent([key])
  const check = (text: string) => checkDkim(text, published(key)).map(({ holds }) => holds)
  assert.deepEqual(check(raw), [true])
  const [checked] = checkDkim(raw, published(key))
  const wanted = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'auto-submitted']
  for (const name of wanted) assert.ok(checked?.signs.includes(name), name)
  for (const [from, to] of [
    [/^From: /im, 'From: x'],
    [/^To: owner/im, 'To: thief'],
    [/^Subject: /im, 'Subject: Re: '],
    [/^Auto-Submitted: auto-generated/im, 'Auto-Submitted: no'],
    [/^Date: .*/im, 'Date: Thu, 01 Jan 1970 00:00:00 +0000'],
    [/\r\n\r\n(?=.)/, '\r\n\r\nx'],
  ] as const) {
    const changed = raw.replace(from, to)
    assert.notEqual(changed, raw, String(from))
    assert.deepEqual(check(changed), [false], String(from))
  }
  // What a relay may do (§3.4.2, §3.4.4): fold anew, and add empty lines at the end.
  assert.deepEqual(check(raw.replace(/^To: /m, 'to:\r\n   ').concat('\r\n\r\n')), [true])
})

test('the key of another does not sign for us, and nothing of a key is in the mail', async () => {
  const [one, two] = [keysOf('s1=/keys/one'), keysOf('s1=/keys/two')]
  const { raw } = await sent(one)
  assert.deepEqual(
    checkDkim(raw, published(...two)).map(({ holds }) => holds),
    [false],
  )
  for (const line of (pems[0] ?? '').split('\n').slice(1, -2)) assert.ok(!raw.includes(line))
  assert.equal(JSON.stringify(one).includes('PRIVATE'), false)
})

test('a bounce tells by its address which mail it was, and not whom it was for', async () => {
  const { from, raw } = await sent([], 'bounces@twostep.example')
  assert.equal(from, 'bounces+a1b2@twostep.example')
  assert.match(raw, /^Message-ID: <a1b2@mail\.twostep\.example>\r$/im)
  assert.equal((await sent([])).from, sender)
  assert.equal(bounceAddress('b@a.example', 'f'.repeat(32)), `b+${'f'.repeat(32)}@a.example`)
  for (const text of ['', 'a', 'a+b@c.example', `${'a'.repeat(32)}@b.example`, 'a@b@c.example', 'a b@c.example']) {
    assert.equal(readBounces(text), undefined, text)
  }
  const longest = `${'a'.repeat(31)}@b.example`
  assert.equal(readBounces(longest), longest)
})

test('a key that signs for nobody, that is weak, or that is no key is refused, and its file is not quoted', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs1', format: 'pem' })
  const curve = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const locked = createPrivateKey(pems[0] ?? '').export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' },
  })
  const all = { weak, curve, locked, text: 'sesame', empty: '' }
  const read = (text: string) => readDkim(text, path => Object(all)[path]?.toString() ?? fileOf(path))
  for (const text of [
    ...['', 's1', '=/keys/one', 's 1=/keys/one', '-s=/keys/one', 's1=/keys/three', 's1=weak', 's1=curve', 's1=locked'],
    ...[
      's1=text',
      's1=empty',
      's1=/keys/one,s1=/keys/two',
      's1._domainkey.a b=/keys/one',
      `s1=/keys/one,${'x=y,'.repeat(4)}`,
    ],
  ]) {
    const found = read(text)
    assert('wrong' in found, text)
    assert.doesNotMatch(found.wrong, /sesame|PRIVATE|BEGIN/)
  }
  for (const [domain, of, counts] of [
    ['twostep.example', sender, true],
    ['mail.twostep.example', sender, true],
    ['step.example', sender, false],
    ['example.com', sender, false],
    ['a.mail.twostep.example', sender, false],
  ] as const) {
    assert.equal(signsFor(domain, of), counts, domain)
  }
})
