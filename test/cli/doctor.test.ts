// `twostep doctor`: an installation that is ready, and one for each thing that it may lack.

import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, before, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { doctor } from '#cli/doctor.ts'
import { systemClock } from '#clock'
import { day, instantAt } from '#core/kernel/instant.ts'
import { certificate } from '#test/http/wire.ts'
import { run } from './command.ts'
import { inFolder, makeNumber } from './stored.ts'

type Settings = Readonly<Record<string, string>>
type Found = { readonly level: string; readonly about: string; readonly says: string; readonly mend?: string }

const folder = mkdtempSync(join(tmpdir(), 'twostep-doctor-'))
const closing: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })]
after(() => {
  for (const close of closing) close()
})

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const published = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
const dkimFile = join(folder, 'dkim.pem')
const secrets = ['operator-sesame-of-the-doctor-0123456789', 'smtp-sesame', 'sms-sesame']
let ready: Settings = {}

const records: Readonly<Record<string, readonly string[]>> = {
  's1._domainkey.acme.example': [`v=DKIM1; k=rsa; p=${published}`],
  'acme.example': ['v=spf1 include:mail.example -all', 'some-other=thing'],
  '_dmarc.acme.example': ['v=DMARC1; p=reject'],
}

/** What the doctor finds, with these records published. */
async function found(settings: Settings, more: { readonly dns?: Settings | 'away'; readonly days?: number } = {}) {
  const { dns = {}, days = 0 } = more
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const clock = { now: () => instantAt(systemClock().now() + days * day) }
  const terminal = { env: settings, stdin, stdout, stderr, clock, serve: async () => {} }
  const ended = await doctor(terminal, {}, async name => {
    if (dns === 'away') throw new Error('no answer')
    const other = dns[name]
    return other === undefined ? (records[name] ?? []) : other.split('|').filter(Boolean)
  })
  const { findings } = ended.json as { readonly findings: readonly Found[] }
  const of = (...levels: readonly string[]) =>
    findings.filter(({ level }) => levels.includes(level)).map(({ level, about }) => `${level} ${about}`)
  const about = (what: string) => findings.find(each => each.about === what && each.level !== 'ok')
  return { ...ended, findings, about, wrong: of('error', 'warning') }
}

before(async () => {
  writeFileSync(dkimFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const { records, store } = await inFolder(data)
  await makeNumber(records, 1)
  await store.close()
  const keys = join(folder, 'keys')
  mkdirSync(keys, { mode: 0o700 })
  renameSync(join(data, 'keyring.json'), join(keys, 'keyring.json'))
  const smtp = new SMTPServer({
    ...{ logger: false, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, closeTimeout: 1 },
    onAuth: ({ password }, _session, done) =>
      password === 'smtp-sesame' ? done(null, { user: 'us' }) : done(new Error('no')),
  })
  smtp.on('error', () => {})
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const smsc = createServer(socket => socket.on('error', () => {}))
  smsc.listen(0, '127.0.0.1')
  await once(smsc, 'listening')
  closing.push(
    () => smtp.close(() => {}),
    () => smsc.close(),
  )
  const portOf = (server: { address: () => unknown }) => (server.address() as AddressInfo).port
  ready = {
    ...{ TWOSTEP_MODE: 'production', TWOSTEP_PROFILE: 'strict', TWOSTEP_PORT: '9' },
    ...{ TWOSTEP_DATA_DIR: data, TWOSTEP_KEYRING: join(keys, 'keyring.json') },
    ...{ TWOSTEP_OPERATOR_TOKEN: secrets[0] ?? '', TWOSTEP_HOME_COUNTRIES: 'GB' },
    TWOSTEP_SMTP_URL: `smtp://us:smtp-sesame@127.0.0.1:${portOf(smtp.server)}`,
    ...{ TWOSTEP_MAIL_FROM: 'no-reply@acme.example', TWOSTEP_MAIL_DKIM: `s1=${dkimFile}` },
    TWOSTEP_SMS_PROVIDERS: `smpp://u:sms-sesame@127.0.0.1:${portOf(smsc)}?from=Acme`,
  }
})

test('an installation that has everything is ready, and what was looked at is told without a secret', async () => {
  const fresh = await found(ready)
  assert.deepEqual([fresh.code, fresh.wrong], [0, ['warning checkpoints', 'warning backup', 'warning journal']])
  assert.equal((await run(['backup', join(folder, 'copy.db')], ready)).code, 0)
  const { code, findings, words, json } = await found(ready)
  const kept = ['warning checkpoints']
  assert.deepEqual([code, (await found(ready)).wrong], [0, kept])
  const well = findings.filter(({ level }) => level === 'ok').map(({ about }) => about)
  for (const about of [
    'TWOSTEP_KEYRING',
    'database',
    'TWOSTEP_SMTP_URL',
    'DKIM',
    'SPF',
    'DMARC',
    'provider smpp',
    'backup',
  ]) {
    assert.ok(well.includes(about), about)
  }
  for (const secret of [...secrets, 'PRIVATE']) assert.ok(!(words + JSON.stringify(json)).includes(secret), secret)
  assert.match(words, /\nNo errors, 1 warning\.$/)
})

test('every finding that is not well says what to do', async () => {
  for (const settings of [{}, ready, { ...ready, TWOSTEP_PROT: '1' }]) {
    for (const { level, about, mend } of (await found(settings, { days: 400 })).findings) {
      assert.equal(mend === undefined, level === 'ok', about)
    }
  }
})

test('a sandbox is told all that production needs, at once', async () => {
  const { code, wrong } = await found({ TWOSTEP_DATA_DIR: join(folder, 'nothing') })
  assert.equal(code, 1)
  for (const about of ['MODE', 'PROFILE', 'OPERATOR_TOKEN', 'KEYRING', 'SMTP_URL', 'SMS_PROVIDERS']) {
    assert.ok(wrong.includes(`error TWOSTEP_${about}`), about)
  }
})

test('settings that cannot be read are told one by one, and the rest is left for later', async () => {
  const { code, wrong, about } = await found({ ...ready, TWOSTEP_PORT: 'x', TWOSTEP_PROT: '1' })
  assert.deepEqual([code, wrong], [1, ['error TWOSTEP_PROT', 'error TWOSTEP_PORT']])
  assert.ok(about('the rest') !== undefined)
})

test('a key ring that lies with the data, is open to others, is gone or is another database’s', async () => {
  const keyring = ready.TWOSTEP_KEYRING ?? ''
  const inside = join(ready.TWOSTEP_DATA_DIR ?? '', 'keyring.json')
  renameSync(keyring, inside)
  assert.match(
    (await found({ ...ready, TWOSTEP_KEYRING: inside })).about('TWOSTEP_KEYRING')?.says ?? '',
    /with the data/,
  )
  renameSync(inside, keyring)
  chmodSync(keyring, 0o644)
  const open = await found(ready)
  assert.deepEqual([open.code, open.about('TWOSTEP_KEYRING')?.level], [1, 'error'])
  chmodSync(keyring, 0o600)
  const other = join(folder, 'other.json')
  await run(['init'], { TWOSTEP_DATA_DIR: join(folder, 'else'), TWOSTEP_KEYRING: other })
  const wrong = await found({ ...ready, TWOSTEP_KEYRING: other })
  assert.match(wrong.about('database')?.says ?? '', /does not open .*twostep\.db/)
  const gone = await found({ ...ready, TWOSTEP_KEYRING: join(folder, 'gone.json') })
  assert.match(gone.about('TWOSTEP_KEYRING')?.mend ?? '', /a new one would open nothing/)
})

test('files and folders that others may read', async () => {
  const data = ready.TWOSTEP_DATA_DIR ?? ''
  chmodSync(data, 0o755)
  chmodSync(dkimFile, 0o640)
  const { wrong, about } = await found(ready)
  assert.ok(wrong.includes('warning TWOSTEP_DATA_DIR') && wrong.includes('warning TWOSTEP_MAIL_DKIM'))
  assert.equal(about('TWOSTEP_MAIL_DKIM')?.mend, `chmod go= ${dkimFile}`)
  chmodSync(data, 0o700)
  chmodSync(dkimFile, 0o600)
})

test('what grows old: certificate, backup, journal', async () => {
  const { cert, key } = certificate()
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key.reveal(), { mode: 0o600 })
  const tls = { ...ready, TWOSTEP_TLS_CERT: certFile, TWOSTEP_TLS_KEY: keyFile }
  const now = await found(tls)
  assert.equal(now.about('TWOSTEP_TLS_CERT')?.level, 'warning')
  const later = await found({ ...tls, TWOSTEP_PUBLIC_URL: 'https://two-step.invalid' }, { days: 60 })
  assert.equal(later.code, 1)
  const says = later.findings.filter(({ about }) => about === 'TWOSTEP_TLS_CERT').map(({ says }) => says)
  assert.match(says.join(), /was good until .*is not for two-step\.invalid/)
  assert.match(later.about('backup')?.says ?? '', /is 60 days old|none was made/)
  assert.equal(later.about('TWOSTEP_PUBLIC_URL')?.level, 'warning')
})

test('who is behind a proxy that is not trusted, or trusts everybody', async () => {
  const https = { ...ready, TWOSTEP_PUBLIC_URL: 'https://two-step.invalid' }
  assert.equal((await found(https)).about('TWOSTEP_TRUSTED_PROXIES')?.level, 'warning')
  const named = { ...https, TWOSTEP_TRUSTED_PROXIES: '10.0.0.1' }
  assert.equal((await found(named)).about('TWOSTEP_TRUSTED_PROXIES'), undefined)
})

test('records that are missing, of another key, too open or twice; and a name server that is away', async () => {
  for (const [dns, about, level, says] of [
    [{ 's1._domainkey.acme.example': '' }, 'DKIM', 'error', /publishes nothing/],
    [{ 's1._domainkey.acme.example': 'v=DKIM1; p=AAAA' }, 'DKIM', 'error', /another key/],
    [{ 'acme.example': '' }, 'SPF', 'warning', /does not say who/],
    [{ 'acme.example': 'v=spf1 +all' }, 'SPF', 'warning', /lets everybody/],
    [{ 'acme.example': 'v=spf1 -all|v=spf1 ~all' }, 'SPF', 'error', /2 records/],
    [{ '_dmarc.acme.example': '' }, 'DMARC', 'warning', /says nothing/],
    [{ '_dmarc.acme.example': 'v=DMARC1; p=none' }, 'DMARC', 'warning', /p=none/],
    ['away', 'DKIM', 'note', /does not answer/],
  ] as const) {
    const finding = (await found(ready, { dns })).about(about)
    assert.equal(finding?.level, level, `${about} ${JSON.stringify(dns)}`)
    assert.match(finding?.says ?? '', says)
  }
  const missing = await found(ready, { dns: { 's1._domainkey.acme.example': '' } })
  assert.ok(missing.about('DKIM')?.mend?.includes(`v=DKIM1; k=rsa; p=${published}`))
  assert.equal(missing.code, 1)
})

test('a mail server that refuses the login, and a provider that is not there', async () => {
  const smtp = (ready.TWOSTEP_SMTP_URL ?? '').replace('smtp-sesame', 'other')
  const sms = 'smpp://u:p@127.0.0.1:1?from=Acme'
  const { code, wrong } = await found({ ...ready, TWOSTEP_SMTP_URL: smtp, TWOSTEP_SMS_PROVIDERS: sms })
  assert.equal(code, 1)
  assert.ok(wrong.includes('error TWOSTEP_SMTP_URL') && wrong.includes('error provider smpp'))
  const offline = await run(['doctor', '--offline', '--json'], { ...ready, TWOSTEP_SMTP_URL: smtp })
  const { findings } = offline.json() as { readonly findings: readonly Found[] }
  assert.equal(offline.code, 0, offline.out)
  assert.ok(findings.some(({ about }) => about === 'network'))
})
