// Settings: read, refused with all that is wrong, and never shown when secret.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { advise, ConfigWrong, describeSettings, publicUrl, readConfig } from '#config'

const folder = mkdtempSync(join(tmpdir(), 'twostep-config-'))
after(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const pair = (name: string): { cert: string; key: string } => {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}

const token = 'k'.repeat(32)
const twilio = `twilio://AC${'0'.repeat(32)}:Pass-word-1@api.twilio.com?from=%2B447700900123`
const production = {
  TWOSTEP_MODE: 'production',
  TWOSTEP_PROFILE: 'strict',
  TWOSTEP_OPERATOR_TOKEN: token,
  TWOSTEP_PUBLIC_URL: 'https://two-step.example.com',
}

const problemsOf = (env: Record<string, string>): Record<string, string> => {
  try {
    readConfig(env)
  } catch (error) {
    assert(error instanceof ConfigWrong)
    return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]))
  }
  return {}
}

test('without any setting it is a sandbox that only this machine can reach', () => {
  const config = readConfig({ PATH: '/bin', TWOSTEP_PORT: '' })
  assert.equal(config.mode, 'sandbox')
  assert.equal(config.profile, 'classic')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8022)
  assert.equal(config.dataDir, resolve('data'))
  assert.deepEqual(config.database, { kind: 'sqlite', path: resolve('data/twostep.db') })
  assert.equal(config.keyring, resolve('data/keyring.json'))
  assert.equal(config.operatorToken, undefined)
  assert.equal(config.homeCountries, 'all')
  assert.equal(config.requestDeadline, 10_000)
  assert.equal(config.checkpointInterval, 60_000)
  assert(config.hashingParallel >= 1)
  assert.equal(publicUrl(config, 4711), 'http://127.0.0.1:4711')
  assert.deepEqual(advise(config), [])
})

test('a configuration cannot be changed', () => {
  const config = readConfig({ TWOSTEP_TRUSTED_PROXIES: '::1' })
  assert([config, config.database, config.trustedProxies].every(Object.isFrozen))
})

test('every setting is read as written', () => {
  const config = readConfig({
    ...production,
    TWOSTEP_HOST: '::',
    TWOSTEP_PORT: '0',
    TWOSTEP_DATA_DIR: folder,
    TWOSTEP_KEYRING: '/run/keys',
    TWOSTEP_TRUSTED_PROXIES: ' 10.0.0.0/8, ::1 ',
    TWOSTEP_LOG_LEVEL: 'warn',
    TWOSTEP_PIN_BLOCKLIST: 'enforce',
    TWOSTEP_HOME_COUNTRIES: 'gb, IE',
    TWOSTEP_CODE_REGIONS: 'de, AT',
    TWOSTEP_UNASSIGNED_NUMBERS: 'send',
    TWOSTEP_CODES_PER_PREFIX: '50',
    TWOSTEP_LEAST_RIGHT_CODES: '0',
    TWOSTEP_CODES_PER_COUNTRY: '900',
    TWOSTEP_HOURLY_BUDGET: '12.5',
    TWOSTEP_CODE_PRICES: 'gb=0.04, GB/voice = 0.02,*=1',
    TWOSTEP_HASHING_PARALLEL: '3',
    TWOSTEP_HASHING_WAITING: '0',
    TWOSTEP_HASHING_COST: 'm=7168,t=5,p=2',
    TWOSTEP_REQUEST_DEADLINE: '2500',
    TWOSTEP_GRAPH_CALLS_PER_HOUR: '0',
    TWOSTEP_REST_CALLS_PER_MINUTE: '0',
    TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '0',
    TWOSTEP_METRICS_TOKEN: 'm'.repeat(16),
    TWOSTEP_CHECKPOINT_INTERVAL: 'PT5M',
    TWOSTEP_PRODUCT_NAME: 'Müller & Söhne',
    TWOSTEP_ACCENT: '#7A1FA2',
    TWOSTEP_SMTP_URL: 'smtps://us%40er:Pass-word-1@mail.example.com',
    TWOSTEP_MAIL_FROM: 'Müller & Söhne <no-reply@example.com>',
    TWOSTEP_WEBHOOK_ALLOW: '10.1.0.0/16, fd00::1',
    TWOSTEP_SMS_PROVIDERS: `smpps://us%40er:pass@smsc.example?from=Twostep\n${twilio}&rank=1&countries=gb,IE&receipts=none`,
    TWOSTEP_VOICE_PROVIDERS: twilio,
  })
  const { operatorToken, metricsToken, mail, smsProviders, voiceProviders, ...plain } = config
  assert.deepEqual(plain, {
    mode: 'production',
    profile: 'strict',
    host: '::',
    port: 0,
    dataDir: folder,
    database: { kind: 'sqlite', path: join(folder, 'twostep.db') },
    keyring: '/run/keys',
    publicUrl: 'https://two-step.example.com',
    tls: undefined,
    trustedProxies: ['10.0.0.0/8', '::1'],
    logLevel: 'warn',
    pinBlocklist: 'enforce',
    homeCountries: ['GB', 'IE'],
    codeRegions: ['DE', 'AT'],
    sending: {
      ...{ unassigned: 'send', perPrefix: 50, leastRight: 0, perCountry: 900, budget: 125_000 },
      prices: { GB: 400, 'GB/voice': 200, '*': 10_000 },
    },
    hashingParallel: 3,
    hashingWaiting: 0,
    hashingCost: { memoryKiB: 7_168, passes: 5, lanes: 2 },
    requestDeadline: 2_500,
    graphCallsPerHour: 0,
    restCallsPerMinute: 0,
    accountCallsPerMinute: 0,
    checkpointInterval: 300_000,
    productName: 'Müller & Söhne',
    accent: '#7a1fa2',
    logo: undefined,
    webhookAllow: ['10.1.0.0/16', 'fd00::1'],
    onPremisesBusiness: undefined,
  })
  assert.deepEqual(mail?.from, { name: 'Müller & Söhne', address: 'no-reply@example.com' })
  assert.deepEqual([mail?.server.host, mail?.server.port, mail?.server.tls], ['mail.example.com', 465, 'at_once'])
  assert.deepEqual([mail?.server.login?.user, mail?.server.login?.password.reveal()], ['us@er', 'Pass-word-1'])
  assert.deepEqual(
    [...smsProviders, ...voiceProviders].map(({ terms }) => terms),
    [
      { name: 'smpp', channel: 'sms', rank: 1, countries: 'all', receiptWait: 45_000 },
      { name: 'twilio', channel: 'sms', rank: 1, countries: ['GB', 'IE'], receiptWait: undefined },
      { name: 'twilio-voice', channel: 'voice', rank: 1, countries: 'all', receiptWait: 90_000 },
    ],
  )
  const [smsc] = smsProviders
  assert(smsc?.kind === 'smpp')
  assert.deepEqual([smsc.server.user, smsc.server.port, smsc.server.tls], ['us@er', 3550, true])
  assert.equal(operatorToken?.reveal(), token)
  assert.equal(metricsToken?.reveal(), 'm'.repeat(16))
})

test('everything that is wrong is said at once, each with what to write instead', () => {
  const problems = problemsOf({
    TWOSTEP_MODE: 'prod',
    TWOSTEP_PROFILE: 'Strict',
    TWOSTEP_HOST: 'http://127.0.0.1',
    TWOSTEP_PORT: '65536',
    TWOSTEP_PUBLIC_URL: 'https://example.com/two-step',
    TWOSTEP_TRUSTED_PROXIES: '10.0.0.0/8, anything',
    TWOSTEP_LOG_LEVEL: 'loud',
    TWOSTEP_HOME_COUNTRIES: 'GB, UK',
    TWOSTEP_REQUEST_DEADLINE: 'P1Y',
    TWOSTEP_HASHING_PARALLEL: '0',
    TWOSTEP_HASHING_COST: 'm=7,t=1,p=1',
    TWOSTEP_PRODUCT_NAME: 'two\nlines',
    TWOSTEP_ACCENT: 'blue',
    TWOSTEP_METRICS_TOKEN: 'short',
  })
  assert.deepEqual(Object.keys(problems).sort(), [
    'TWOSTEP_ACCENT',
    'TWOSTEP_HASHING_COST',
    'TWOSTEP_HASHING_PARALLEL',
    'TWOSTEP_HOME_COUNTRIES',
    'TWOSTEP_HOST',
    'TWOSTEP_LOG_LEVEL',
    'TWOSTEP_METRICS_TOKEN',
    'TWOSTEP_MODE',
    'TWOSTEP_PORT',
    'TWOSTEP_PRODUCT_NAME',
    'TWOSTEP_PROFILE',
    'TWOSTEP_PUBLIC_URL',
    'TWOSTEP_REQUEST_DEADLINE',
    'TWOSTEP_TRUSTED_PROXIES',
  ])
  for (const problem of Object.values(problems)) assert.match(problem, /^write /)
  assert.match(problems.TWOSTEP_HOME_COUNTRIES ?? '', /"UK"/)
  assert.match(problems.TWOSTEP_TRUSTED_PROXIES ?? '', /"anything"/)
})

test('a misspelt name is refused with the right one beside it', () => {
  assert.deepEqual(problemsOf({ TWOSTEP_DATABSE_URL: 'sqlite:x' }), {
    TWOSTEP_DATABSE_URL: 'there is no such setting; write TWOSTEP_DATABASE_URL, or remove it',
  })
  assert.match(problemsOf({ TWOSTEP_PORT_FILE: '/x' }).TWOSTEP_PORT_FILE ?? '', /write TWOSTEP_PORT,/)
})

test('production starts only with a profile, a token worth the name and an https address', () => {
  assert.deepEqual(problemsOf(production), {})
  const bare = { TWOSTEP_MODE: 'production' }
  assert.deepEqual(Object.keys(problemsOf(bare)), ['TWOSTEP_PROFILE', 'TWOSTEP_OPERATOR_TOKEN'])
  assert.match(problemsOf(bare).TWOSTEP_PROFILE ?? '', /strict \(recommended\)/)
  const short = problemsOf({ ...production, TWOSTEP_OPERATOR_TOKEN: 'k'.repeat(31) })
  assert.match(short.TWOSTEP_OPERATOR_TOKEN ?? '', /at least 32/)
  const plain = problemsOf({ ...production, TWOSTEP_PUBLIC_URL: 'http://two-step.example.com' })
  assert.match(plain.TWOSTEP_PUBLIC_URL ?? '', /write https:\/\/two-step\.example\.com/)
  assert.deepEqual(problemsOf({ ...production, TWOSTEP_PUBLIC_URL: 'http://localhost:8022' }), {})
  for (const cost of ['m=19455,t=2,p=1', 'm=47104,t=1,p=1', 'm=7168,t=4,p=4', 'm=7168,t=5,p=1']) {
    const cheap = cost === 'm=19455,t=2,p=1' || cost === 'm=7168,t=4,p=4'
    const problems = problemsOf({ ...production, TWOSTEP_HASHING_COST: cost })
    assert.deepEqual(Object.keys(problems), cheap ? ['TWOSTEP_HASHING_COST'] : [], cost)
    assert.deepEqual(problemsOf({ TWOSTEP_HASHING_COST: cost }), {})
  }
  const everywhere = problemsOf({ ...production, TWOSTEP_PUBLIC_URL: '', TWOSTEP_HOST: '0.0.0.0' })
  assert.match(everywhere.TWOSTEP_PUBLIC_URL ?? '', /needs it here/)
})

test('production is told what is allowed but unwise', () => {
  const config = readConfig({ ...production, TWOSTEP_PROFILE: 'classic', TWOSTEP_HOST: '0.0.0.0' })
  assert.deepEqual(config.homeCountries, [])
  assert.deepEqual(
    advise(config).map(advice => advice.split(' ')[0]),
    ['TWOSTEP_PROFILE', 'TWOSTEP_HOME_COUNTRIES', 'TWOSTEP_METRICS_TOKEN'],
  )
  const alone = { ...production, TWOSTEP_PUBLIC_URL: '', TWOSTEP_HOME_COUNTRIES: 'GB', TWOSTEP_SMS_PROVIDERS: twilio }
  assert.match(advise(readConfig(alone)).join(), /^TWOSTEP_PUBLIC_URL is not set: providers cannot report/)
})

test('a database is a SQLite file or a PostgreSQL server, and nothing that is gone at the next start', () => {
  const databaseOf = (url: string) => readConfig({ TWOSTEP_DATABASE_URL: url }).database
  assert.deepEqual(databaseOf('sqlite:some/where.db'), { kind: 'sqlite', path: resolve('some/where.db') })
  assert.deepEqual(databaseOf('sqlite:/some/where.db'), { kind: 'sqlite', path: '/some/where.db' })
  assert.deepEqual(databaseOf('sqlite:///some/where.db'), { kind: 'sqlite', path: '/some/where.db' })
  for (const url of [
    'postgres://u:p@db/name',
    'postgresql://db:5432/name?sslmode=require',
    'postgres:///n?host=/run',
  ]) {
    const database = databaseOf(url)
    assert(database.kind === 'postgres')
    assert.equal(database.url.reveal(), url)
  }
  for (const url of ['sqlite:', 'sqlite::memory:', 'sqlite://x/y.db', 'postgres://u:p@db', 'mysql://db/n', 'x']) {
    assert.deepEqual(Object.keys(problemsOf({ TWOSTEP_DATABASE_URL: url })), ['TWOSTEP_DATABASE_URL'], url)
  }
})

test('a secret may come as a file, and then not twice', () => {
  const path = file('token', `${token}\n`)
  assert.equal(readConfig({ TWOSTEP_OPERATOR_TOKEN_FILE: path }).operatorToken?.reveal(), token)
  const wrong = (env: Record<string, string>) => problemsOf(env).TWOSTEP_OPERATOR_TOKEN ?? ''
  assert.match(wrong({ TWOSTEP_OPERATOR_TOKEN_FILE: path, TWOSTEP_OPERATOR_TOKEN: token }), /not in both/)
  assert.match(wrong({ TWOSTEP_OPERATOR_TOKEN_FILE: join(folder, 'none') }), /there is no such file/)
  assert.match(wrong({ TWOSTEP_OPERATOR_TOKEN_FILE: file('empty', ' \n') }), /the file is empty/)
})

test('no complaint and no print of a configuration shows a secret', () => {
  const secrets = ['Pass-word-1', 'open sesame', 'ünicode-token']
  try {
    readConfig({
      TWOSTEP_DATABASE_URL: 'postgres://user:Pass-word-1@',
      TWOSTEP_OPERATOR_TOKEN: 'open sesame',
      TWOSTEP_METRICS_TOKEN: 'ünicode-token',
      TWOSTEP_PUBLIC_URL: 'https://user:Pass-word-1@example.com',
    })
    assert.fail('it was taken')
  } catch (error) {
    const shown = inspect(error, { depth: 9 })
    for (const secret of secrets) assert(!shown.includes(secret), shown)
  }
  const config = readConfig({
    ...production,
    TWOSTEP_DATABASE_URL: 'postgres://user:Pass-word-1@db/name',
    TWOSTEP_SMS_PROVIDERS: [
      ...['smpps://u:Pass-word-1@smsc.example?from=Twostep', twilio, `${twilio}&name=two&token=Pass-word-1`],
      'vonage://abcdef12:Pass-word-1@rest.nexmo.com?from=Twostep&signature=Pass-word-1-and-more',
      `template:${file('sms.json', '{"url":"https://a.example","body":"{text}","headers":{"key":"Pass-word-1"}}')}`,
    ].join(' '),
  })
  const shown = inspect(config, { depth: 9 }) + JSON.stringify(config)
  for (const secret of [token, 'Pass-word-1']) assert(!shown.includes(secret), shown)
})

test('TLS needs both files, and a key that fits the certificate', () => {
  const [one, other] = [pair('one'), pair('other')]
  const { tls } = readConfig({ TWOSTEP_TLS_CERT: one.cert, TWOSTEP_TLS_KEY: one.key })
  assert.match(tls?.cert ?? '', /BEGIN CERTIFICATE/)
  assert.match(tls?.key.reveal() ?? '', /PRIVATE KEY/)
  assert.deepEqual(problemsOf({ TWOSTEP_TLS_CERT: one.cert }), {
    TWOSTEP_TLS_KEY: 'write it too: TLS needs the certificate and the key',
  })
  assert.match(problemsOf({ TWOSTEP_TLS_CERT: one.cert, TWOSTEP_TLS_KEY: other.key }).TWOSTEP_TLS_KEY ?? '', /fits/)
  const missing = problemsOf({ TWOSTEP_TLS_CERT: join(folder, 'none'), TWOSTEP_TLS_KEY: one.key })
  assert.match(missing.TWOSTEP_TLS_CERT ?? '', /there is no such file/)
})

test('a time is an ISO 8601 duration or milliseconds, within its bounds', () => {
  const intervalOf = (text: string) => readConfig({ TWOSTEP_CHECKPOINT_INTERVAL: text }).checkpointInterval
  assert.deepEqual(['PT1M', 'PT1.5S', 'P1D', '2000'].map(intervalOf), [60_000, 1_500, 86_400_000, 2_000])
  for (const text of ['P1M', 'PT0.999S', '999', 'P1DT1S', '1m', '-PT1S', 'PT']) {
    const problem = problemsOf({ TWOSTEP_CHECKPOINT_INTERVAL: text }).TWOSTEP_CHECKPOINT_INTERVAL ?? ''
    assert.match(problem, /^write a duration such as PT30S/, text)
  }
})

test('the reference names every setting, its default and its reason', () => {
  const lines = describeSettings().trimEnd().split('\n')
  assert.equal(lines.length, 2 + 42)
  for (const line of lines.slice(2)) assert.match(line, /^\| `TWOSTEP_[A-Z_]+`[^|]* \| [^|]+ \| [^|]+ \| [^|]+ \|$/)
})

test('what signs mails and where bounces go come with the mail server, and for a domain that counts', () => {
  const mail = { TWOSTEP_SMTP_URL: 'smtps://mail.example.com', TWOSTEP_MAIL_FROM: 'no-reply@mail.example.com' }
  const { bounces, dkim } = readConfig({ ...mail, TWOSTEP_MAIL_BOUNCES: 'b@example.com' }).mail ?? {}
  assert.deepEqual([bounces, dkim], ['b@example.com', []])
  const alone = problemsOf({ TWOSTEP_MAIL_BOUNCES: 'b@example.com', TWOSTEP_MAIL_DKIM: 's1=none.pem' })
  assert.match(alone.TWOSTEP_MAIL_BOUNCES ?? '', /^write TWOSTEP_SMTP_URL and TWOSTEP_MAIL_FROM too/)
  const wrong = problemsOf({ ...mail, TWOSTEP_MAIL_DKIM: 's1=none.pem', TWOSTEP_MAIL_BOUNCES: 'a+b@c.example' })
  assert.deepEqual(Object.keys(wrong), ['TWOSTEP_MAIL_DKIM', 'TWOSTEP_MAIL_BOUNCES'])
  assert.equal(wrong.TWOSTEP_MAIL_DKIM, 'key 1: name a file that can be read')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const path = file('dkim.pem', String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  const signedAs = (key: string) => ({ ...mail, TWOSTEP_MAIL_DKIM: `${key}=${path}` })
  for (const key of ['s1', 's1._domainkey.example.com']) assert.equal(readConfig(signedAs(key)).mail?.dkim.length, 1)
  const shown = inspect(readConfig(signedAs('s1')), { depth: 9 })
  assert.doesNotMatch(shown, /PRIVATE|MIIEv/)
  const foreign = problemsOf(signedAs('s1._domainkey.example.net')).TWOSTEP_MAIL_DKIM
  assert.match(foreign ?? '', /not mail\.example\.com or above it/)
})

test('a list of providers says which one is wrong and what to write, and never quotes it', () => {
  const vonage = 'vonage://abcdef12:Pass-word-1@rest.nexmo.com?from=Twostep'
  const wrong: readonly [string, RegExp][] = [
    ['https://sms.example', /^provider 1: begin it with smpp:/],
    [`${twilio} twilio`, /^provider 2: begin it with/],
    [`${twilio} ${twilio}`, /^two providers are called twilio: add name=/],
    [`${twilio}&fro=x`, /after the question mark it knows only name, rank, countries, receipts, from/],
    [`${twilio}&rank=0`, /write rank= as a whole number/],
    [`${twilio}&countries=UK`, /write countries= as GB,IE/],
    [`${twilio}&receipts=PT1H`, /write receipts=none, or a duration/],
    [`${twilio}&name=A%20B`, /write name= with lower-case letters/],
    [`${twilio}&base=http://api.example`, /write the host/],
    [twilio.replace('from', 'token'), /add from=/],
    [twilio.replace(/AC0+/, 'me'), /write twilio:/],
    [vonage, /add signature=/],
    ['smpp://user:Pass-word-1@smsc.example?from=Twostep', /write smpps:, or add plain=yes/],
    ['smpps://user@smsc.example?from=Twostep', /write smpp:/],
    ['smpps://user:Pass-word-1@smsc.example', /add from=/],
    ['smpps://user:Pass-word-1@smsc.example?from=Twostep&bind=receiver', /write bind=transceiver or bind=transmitter/],
    ['template:missing.json', /name a file that can be read/],
  ]
  for (const [text, says] of wrong) {
    const problem = problemsOf({ TWOSTEP_SMS_PROVIDERS: text }).TWOSTEP_SMS_PROVIDERS ?? ''
    assert.match(problem, says, text)
    assert.doesNotMatch(problem, /Pass-word/)
  }
  const both = { TWOSTEP_SMS_PROVIDERS: `${twilio}&name=same`, TWOSTEP_VOICE_PROVIDERS: `${twilio}&name=same` }
  assert.match(problemsOf(both).TWOSTEP_VOICE_PROVIDERS ?? '', /same is a name of TWOSTEP_SMS_PROVIDERS/)
  const smpp = 'smpps://user:pass@smsc.example?from=Twostep'
  assert.match(problemsOf({ TWOSTEP_VOICE_PROVIDERS: smpp }).TWOSTEP_VOICE_PROVIDERS ?? '', /SMPP carries texts/)
})

test('a template says what is wrong with it, without quoting the keys in it', () => {
  const good = { url: 'https://sms.example/{to}', body: '{text}', headers: { key: 'Pass-word-1' } }
  const wrong: readonly [unknown, RegExp][] = [
    ['Pass-word-1', /write the template as one JSON object/],
    [{ ...good, url: 'http://sms.example' }, /write "url" with https:/],
    [{ ...good, url: 'https://{to}.example' }, /no placeholder may stand in its host/],
    [{ ...good, body: 'x' }, /put \{text\} into "body" or "url"/],
    [{ ...good, heders: {} }, /a template knows only/],
    [{ ...good, method: 'PUT' }, /write "method"/],
    [{ ...good, headers: { key: 1 } }, /write "headers"/],
    [{ ...good, taken: { status: [302] } }, /write "taken"/],
    [{ ...good, taken: { field: '/x' } }, /write "taken"/],
    [{ ...good, taken: { id: '(' } }, /write "taken"/],
    [{ ...good, receipts: { field: 'x' } }, /write "receipts"/],
  ]
  const read = (value: unknown) => {
    const path = file('template.json', typeof value === 'string' ? value : JSON.stringify(value))
    return problemsOf({ TWOSTEP_SMS_PROVIDERS: `template:${path}` }).TWOSTEP_SMS_PROVIDERS
  }
  assert.equal(read(good), undefined)
  for (const [value, says] of wrong) {
    assert.match(read(value) ?? '', says)
    assert.doesNotMatch(read(value) ?? '', /Pass-word/)
  }
})

test('a mail server and a sender come together, and neither is quoted when it is wrong', () => {
  const url = 'smtp://user:Pass-word-1@mail.example.com'
  assert.deepEqual(Object.keys(problemsOf({ TWOSTEP_SMTP_URL: url })), ['TWOSTEP_MAIL_FROM'])
  assert.deepEqual(Object.keys(problemsOf({ TWOSTEP_MAIL_FROM: 'a@b.example' })), ['TWOSTEP_SMTP_URL'])
  const wrong = [
    'mail.example.com',
    'https://mail.example.com',
    'smtp://user@mail.example.com',
    'smtp://h/path',
    'smtp://',
  ]
  for (const text of [...wrong, 'smtp://u:p@h\r\nx', 'smtp://%zz:p@h']) {
    const problems = problemsOf({ TWOSTEP_SMTP_URL: text, TWOSTEP_MAIL_FROM: 'a@b.example' })
    assert.match(problems.TWOSTEP_SMTP_URL ?? '', /^write smtps:/, text)
    assert.doesNotMatch(problems.TWOSTEP_SMTP_URL ?? '', /Pass-word/)
  }
  for (const text of [
    'no address',
    'A <a@b',
    'A\r\nBcc: x <a@b.example>',
    'a@b.example, c@d.example',
    '"A" <a@b.example>',
  ]) {
    const problems = problemsOf({ TWOSTEP_SMTP_URL: url, TWOSTEP_MAIL_FROM: text })
    assert.match(problems.TWOSTEP_MAIL_FROM ?? '', /^write an address/, text)
  }
  for (const text of ['10.0.0.0/33', '::ffff:10.0.0.1', 'localhost', '10.0.0.0/8/8', 'fe80::1%eth0']) {
    assert.match(problemsOf({ TWOSTEP_WEBHOOK_ALLOW: text }).TWOSTEP_WEBHOOK_ALLOW ?? '', /^write addresses/, text)
  }
})
