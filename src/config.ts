// Every setting: what it is called, what it may be, what it is when nobody says, and why it exists.
//
//   environment ──readConfig──▶ Config (frozen), or ConfigWrong with everything that has to be mended, at once
//
// A secret may come as a file: `<NAME>_FILE` holds the path (Docker and systemd hand secrets over like that).

import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { supportedRegions } from '#core/account/mobile-number.ts'
import type { SendingPolicy } from '#core/sending/rules.ts'
import { readBounces, readDkim } from '#delivery/email/dkim.ts'
import type { MailSettings } from '#delivery/email/email-courier.ts'
import { readMailFrom } from '#delivery/email/mail-from.ts'
import { readSmtpUrl } from '#delivery/email/smtp-url.ts'
import { type ProviderSpec, readProviders } from '#delivery/providers/provider-list.ts'
import { urlOf } from '#http/server.ts'
import { type LogLevel, logLevels } from '#observe/log.ts'
import type { PinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'
import { type Logo, readLogo } from './config/logo.ts'
import {
  type DatabaseConfig,
  filePath,
  nearest,
  oneOf,
  quoted,
  type Reading,
  readBlocks,
  readCountries,
  readDatabase,
  readHashingCost,
  readOrigin,
  readProxies,
  span,
  wholeNumber,
} from './config/reading.ts'
import { sendingPolicy, sendingSettings } from './config/sending.ts'
import { readableFile, readCost, readMail, readPhones, readText, readTls } from './config/together.ts'

export type { DatabaseConfig } from './config/reading.ts'

/** The settings as the program uses them. Paths are absolute, times in milliseconds. */
export type Config = {
  readonly mode: 'sandbox' | 'production'
  readonly profile: 'classic' | 'strict'
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly dataDir: string
  readonly database: DatabaseConfig
  readonly keyring: string
  /** An origin without a slash at the end, as given; see {@link publicUrl}. */
  readonly publicUrl: string | undefined
  /** Missing only in the sandbox, which then makes one and prints it. */
  readonly operatorToken: Secret | undefined
  /** PEM texts, read and found to fit. */
  readonly tls: { readonly cert: string; readonly key: Secret } | undefined
  readonly trustedProxies: readonly string[]
  readonly logLevel: LogLevel
  readonly pinBlocklist: 'warn' | 'enforce'
  readonly sending: SendingPolicy
  /** Countries that messages are sent to, ISO 3166-1 alpha-2. */
  readonly homeCountries: readonly string[] | 'all'
  /** Regions whose mobile numbers may be trusted devices of accounts, likewise. */
  readonly codeRegions: readonly string[] | 'all'
  readonly hashingParallel: number
  readonly hashingWaiting: number
  readonly hashingCost: PinParameters
  readonly requestDeadline: number
  /** 0: no limit. */
  readonly graphCallsPerHour: number
  /** 0: no limit. */
  readonly restCallsPerMinute: number
  readonly accountCallsPerMinute: number
  /** Whose On-Premises client answers at /v1; `undefined`: the sandbox's ready business, and nobody in production. */
  readonly onPremisesBusiness: string | undefined
  readonly metricsToken: Secret | undefined
  readonly checkpointInterval: number
  readonly productName: string
  /** The colour of what can be pressed, as `#0b5cad`. */
  readonly accent: string | undefined
  readonly logo: Logo | undefined
  /** The mail server, who mails are from, what signs them and where bounces go; `undefined`: no e-mail leaves. */
  readonly mail: MailSettings | undefined
  /** Who carries texts and calls to phones, in the order they are asked in. */
  readonly smsProviders: readonly ProviderSpec[]
  readonly voiceProviders: readonly ProviderSpec[]
  /** Addresses and CIDR blocks that webhooks may go to although they are not public. */
  readonly webhookAllow: readonly string[]
}

/** One thing that has to be mended. */
export type ConfigProblem = { readonly setting: string; readonly problem: string }

/** The settings cannot be used. `message` lists every problem with what to write instead; start-up stops on it. */
export class ConfigWrong extends Error {
  override readonly name = 'ConfigWrong'
  readonly problems: readonly ConfigProblem[]
  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting}: ${problem}`)
    super(`The settings cannot be used:\n${lines.join('\n')}`)
    this.problems = problems
  }
}

export type Setting<Value> = {
  readonly name: `TWOSTEP_${string}`
  /** What may be written, in Markdown. */
  readonly values: string
  /** What it is when nothing is written, in Markdown. */
  readonly default: string
  readonly reason: string
  readonly secret: boolean
  /** Reads what was written. `wrong` says what to write instead; for a secret it must not quote what was written. */
  readonly read: (text: string) => Reading<Value>
}

const setting = <const Value>(described: Setting<Value>): Setting<Value> => described

const makeToken = 'what `openssl rand -hex 32` prints'

const sealedText =
  (least: number) =>
  (text: string): Reading<Secret> => {
    // What an HTTP header cannot carry back to us would lock everybody out.
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(text))
      return { wrong: `write only letters, digits and - . _ ~ + /: ${makeToken}` }
    if (text.length < least) return { wrong: `write at least ${least} characters: ${makeToken}` }
    return { value: Secret.of(text) }
  }

/** Fewer random characters could be guessed, and this token opens every business. A sandbox guards nothing. */
const leastOperatorToken = 32

const settings = {
  mode: setting({
    name: 'TWOSTEP_MODE',
    values: '`sandbox`, `production`',
    default: '`sandbox`',
    reason: 'The sandbox shows every message it would send and moves its clock on request; production does neither.',
    secret: false,
    read: oneOf('sandbox', 'production'),
  }),
  profile: setting({
    name: 'TWOSTEP_PROFILE',
    values: '`classic`, `strict`',
    default: 'sandbox: `classic`; production: none, it has to be named (`strict` is recommended)',
    reason:
      'Which row of limits applies: as the products that are followed document them, or NIST SP 800-63B-4 at AAL2.',
    secret: false,
    read: oneOf('classic', 'strict'),
  }),
  host: setting({
    name: 'TWOSTEP_HOST',
    values: 'an address or name of this machine; `0.0.0.0` or `::` for all',
    default: '`127.0.0.1`',
    reason: 'Where to listen. Only this machine can reach it until you say otherwise.',
    secret: false,
    read: text =>
      /^[A-Za-z0-9._-]{1,253}$|^[0-9A-Fa-f:.]{2,45}$/.test(text)
        ? { value: text }
        : { wrong: `write an address or a host name without a scheme or port, not ${quoted(text)}` },
  }),
  port: setting({
    name: 'TWOSTEP_PORT',
    values: '0 to 65535; 0 takes any free port',
    default: '`8022`',
    reason: 'Where to listen.',
    secret: false,
    read: wholeNumber(0, 65_535),
  }),
  dataDir: setting({
    name: 'TWOSTEP_DATA_DIR',
    values: 'a folder',
    default: '`./data`',
    reason: 'Where the embedded database and the key ring are unless they are put elsewhere.',
    secret: false,
    read: filePath,
  }),
  database: setting({
    name: 'TWOSTEP_DATABASE_URL',
    values: '`sqlite:path`, `sqlite:///path`, `postgres://user:password@host/name`',
    default: '`sqlite:` in the data folder: `twostep.db`',
    reason: 'SQLite needs nothing and serves one node; PostgreSQL serves many. Secret, for it may carry a password.',
    secret: true,
    read: readDatabase,
  }),
  keyring: setting({
    name: 'TWOSTEP_KEYRING',
    values: 'a file',
    default: '`keyring.json` in the data folder',
    reason: 'The keys that seal the data. Keep it, and its backup, apart from the database: each alone is useless.',
    secret: false,
    read: filePath,
  }),
  publicUrl: setting({
    name: 'TWOSTEP_PUBLIC_URL',
    values: 'an origin, such as `https://two-step.example.com`',
    default: 'made from host, port and TLS',
    reason: 'What links in messages begin with, and whether browsers are told to insist on https.',
    secret: false,
    read: readOrigin,
  }),
  operatorToken: setting({
    name: 'TWOSTEP_OPERATOR_TOKEN',
    values: 'letters, digits and `-._~+/`; in production at least 32',
    default: 'sandbox: made and printed; production: none, it has to be given',
    reason: 'Whoever has it can add businesses and applications. It cannot reset anybody’s PIN, password or key.',
    secret: true,
    read: sealedText(1),
  }),
  tlsCert: setting({
    name: 'TWOSTEP_TLS_CERT',
    values: 'a PEM file: the certificate, then its chain',
    default: 'none: plain HTTP, for a proxy in front',
    reason: 'With `TWOSTEP_TLS_KEY`, the port speaks TLS (1.2 or later).',
    secret: false,
    read: filePath,
  }),
  tlsKey: setting({
    name: 'TWOSTEP_TLS_KEY',
    values: 'a PEM file: the private key',
    default: 'none',
    reason: 'With `TWOSTEP_TLS_CERT`.',
    secret: false,
    read: filePath,
  }),
  trustedProxies: setting({
    name: 'TWOSTEP_TRUSTED_PROXIES',
    values: 'addresses and CIDR blocks, with commas: `10.0.0.0/8, ::1`',
    default: 'none',
    reason: 'Only these are believed when they name the caller. Callers are limited by address, so never trust more.',
    secret: false,
    read: readProxies,
  }),
  logLevel: setting({
    name: 'TWOSTEP_LOG_LEVEL',
    values: logLevels.map(level => `\`${level}\``).join(', '),
    default: '`info`',
    reason: 'How much goes to the log. No level writes a secret or a phone number.',
    secret: false,
    read: oneOf(...logLevels),
  }),
  pinBlocklist: setting({
    name: 'TWOSTEP_PIN_BLOCKLIST',
    values: '`warn`, `enforce`',
    default: '`warn`',
    reason: 'Whether the Graph and On-Premises doors refuse popular PINs, which Meta takes. The others always refuse.',
    secret: false,
    read: oneOf('warn', 'enforce'),
  }),
  homeCountries: setting({
    name: 'TWOSTEP_HOME_COUNTRIES',
    values: '`all`, or ISO codes with commas: `GB, IE`',
    default: 'sandbox: `all`; production: none, nothing is sent',
    reason: 'Sending costs money and thieves earn on it (SMS pumping), so messages go only to countries you name.',
    secret: false,
    read: readCountries,
  }),
  codeRegions: setting({
    name: 'TWOSTEP_CODE_REGIONS',
    values: '`all`, or ISO codes with commas: `GB, IE`',
    default: 'the regions of the document: some 130',
    reason: 'Whose mobile numbers may become trusted devices of accounts; they must be home countries as well.',
    secret: false,
    read: readCountries,
  }),
  ...sendingSettings,
  hashingParallel: setting({
    name: 'TWOSTEP_HASHING_PARALLEL',
    values: '1 to 64',
    default: 'as many as there are cores',
    reason: 'How many slow hashes are computed at once; each takes a core and its memory.',
    secret: false,
    read: wholeNumber(1, 64),
  }),
  hashingWaiting: setting({
    name: 'TWOSTEP_HASHING_WAITING',
    values: '0 to 10000',
    default: '`64`',
    reason: 'How many may wait for a hash before more are told to come back later (503).',
    secret: false,
    read: wholeNumber(0, 10_000),
  }),
  hashingCost: setting({
    name: 'TWOSTEP_HASHING_COST',
    values: 'argon2id’s memory in KiB, passes and lanes: `m=47104,t=1,p=1`',
    default: '`m=19456,t=2,p=1`',
    reason: 'What a guess at a stolen PIN or password costs. Old ones are hashed anew when they are next used.',
    secret: false,
    read: readHashingCost,
  }),
  requestDeadline: setting({
    name: 'TWOSTEP_REQUEST_DEADLINE',
    values: 'an ISO 8601 duration or milliseconds, 100 ms to 5 minutes',
    default: '`PT10S`',
    reason: 'A request that takes longer is answered 503.',
    secret: false,
    read: span(100, 300_000),
  }),
  graphCallsPerHour: setting({
    name: 'TWOSTEP_GRAPH_CALLS_PER_HOUR',
    values: '0 to 1000000000; 0 is no limit',
    default: '`5000`',
    reason: 'Calls an hour for one business through the Graph door, as Meta limits them.',
    secret: false,
    read: wholeNumber(0, 1_000_000_000),
  }),
  restCallsPerMinute: setting({
    name: 'TWOSTEP_REST_CALLS_PER_MINUTE',
    values: '0 to 1000000000; 0 is no limit',
    default: '`6000`',
    reason: 'Calls a minute for one application through the REST door, on each node. Guesses have limits of their own.',
    secret: false,
    read: wholeNumber(0, 1_000_000_000),
  }),
  accountCallsPerMinute: setting({
    name: 'TWOSTEP_ACCOUNT_CALLS_PER_MINUTE',
    values: '0 to 1000000000; 0 is no limit',
    default: '`600`',
    reason:
      'Calls a minute for one account, or for one network of people who are not signed in, on each node. Guesses have limits of their own.',
    secret: false,
    read: wholeNumber(0, 1_000_000_000),
  }),
  onPremisesBusiness: setting({
    name: 'TWOSTEP_ON_PREMISES_BUSINESS',
    values: 'the id of a business account: 15 digits',
    default: 'sandbox: the ready business; production: none, `/v1` answers 404',
    reason: 'Whose On-Premises client answers at `/v1`. Each has its own at `/on-premises/{id}/v1` as well.',
    secret: false,
    read: text =>
      /^[1-9][0-9]{14}$/.test(text)
        ? { value: text }
        : { wrong: `write the 15 digits that POST /api/v1/operator/businesses answered, not ${quoted(text)}` },
  }),
  metricsToken: setting({
    name: 'TWOSTEP_METRICS_TOKEN',
    values: 'at least 16 letters, digits and `-._~+/`',
    default: 'none: `/metrics` answers everybody',
    reason: 'When set, `/metrics` wants it as a Bearer token.',
    secret: true,
    read: sealedText(16),
  }),
  checkpointInterval: setting({
    name: 'TWOSTEP_CHECKPOINT_INTERVAL',
    values: 'an ISO 8601 duration or milliseconds, 1 second to 1 day',
    default: '`PT1M`',
    reason: 'How often the journals are signed. What was written since the last time could be cut off unseen.',
    secret: false,
    read: span(1_000, 86_400_000),
  }),
  productName: setting({
    name: 'TWOSTEP_PRODUCT_NAME',
    values: "1 to 30 letters, digits, spaces and `.&'-`",
    default: '`Twostep`',
    reason: 'What messages and pages call this service.',
    secret: false,
    read: text =>
      /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} .&'-]{0,29}$/u.test(text)
        ? { value: text }
        : { wrong: `write 1 to 30 letters, digits, spaces or . & ' -, not ${quoted(text)}` },
  }),
  accent: setting({
    name: 'TWOSTEP_ACCENT',
    values: 'a colour: `#0b5cad`',
    default: 'the blue of the pages',
    reason: 'The colour of links and buttons. It is made darker or lighter where it could not be read.',
    secret: false,
    read: text =>
      /^#[0-9a-f]{6}$/i.test(text)
        ? { value: text.toLowerCase() }
        : { wrong: `write a colour such as #0b5cad, not ${quoted(text)}` },
  }),
  logo: setting({
    name: 'TWOSTEP_LOGO',
    values: 'the path of an SVG or PNG file of at most 20 kB',
    default: 'none: a mark of our own',
    reason: 'Stands beside the name on every page. Every page brings it along, so it is small.',
    secret: false,
    read: readLogo,
  }),
  smtpUrl: setting({
    name: 'TWOSTEP_SMTP_URL',
    values: '`smtps://user:password@host:465`, `smtp://user:password@host:587`',
    default: 'none: no e-mail leaves; the sandbox shows it in its outbox',
    reason: 'The server that mails are handed to. `smtp:` insists on STARTTLS unless the server is on this machine.',
    secret: true,
    read: text => {
      const server = readSmtpUrl(text)
      return server === undefined ? { wrong: 'write smtps://user:password@host:465, or smtp://…' } : { value: server }
    },
  }),
  mailFrom: setting({
    name: 'TWOSTEP_MAIL_FROM',
    values: '`no-reply@example.com`, `Example <no-reply@example.com>`',
    default: 'none: needed with `TWOSTEP_SMTP_URL`',
    reason: 'Who mails are from. The mail server must be allowed to send for this address.',
    secret: false,
    read: text => {
      const from = readMailFrom(text)
      return from === undefined
        ? { wrong: `write an address, or Name <address>, not ${quoted(text)}` }
        : { value: from }
    },
  }),
  mailDkim: setting({
    name: 'TWOSTEP_MAIL_DKIM',
    values: '`selector=file`, with commas between: a PEM file with an RSA key of 2048 bits or more',
    default: 'none: mails are not signed here',
    reason:
      'Signs mails (DKIM), or many receivers take them for spam. Every key signs, so that one can follow another.',
    secret: false,
    read: text => readDkim(text, readableFile),
  }),
  mailBounces: setting({
    name: 'TWOSTEP_MAIL_BOUNCES',
    values: '`bounces@example.com`, an address that takes `bounces+…` as well',
    default: 'none: bounces go to `TWOSTEP_MAIL_FROM`',
    reason: 'Where mail servers say that a mail did not arrive. The id of the mail stands behind the plus.',
    secret: false,
    read: text => {
      const address = readBounces(text)
      return address === undefined
        ? { wrong: `write an address with no plus and at most 31 signs before the @, not ${quoted(text)}` }
        : { value: address }
    },
  }),
  smsProviders: setting({
    name: 'TWOSTEP_SMS_PROVIDERS',
    values: '`smpps://…`, `twilio://…`, `vonage://…`, `template:file`, with spaces or line breaks between',
    default: 'none: no text leaves; the sandbox shows it in its outbox',
    reason:
      'Who carries texts, in the order they are asked in: see the guide on messages. Secret, for it holds passwords.',
    secret: true,
    read: text => readProviders(text, 'sms', readableFile),
  }),
  voiceProviders: setting({
    name: 'TWOSTEP_VOICE_PROVIDERS',
    values: '`twilio://…`, `vonage://…`, with spaces or line breaks between',
    default: 'none: nobody is called; the sandbox shows it in its outbox',
    reason: 'Who calls phones, likewise.',
    secret: true,
    read: text => readProviders(text, 'voice', readableFile),
  }),
  webhookAllow: setting({
    name: 'TWOSTEP_WEBHOOK_ALLOW',
    values: 'addresses and CIDR blocks, with commas: `10.1.0.0/16`',
    default: 'none: webhooks go to public addresses only (the sandbox may call this machine as well)',
    reason:
      'Who may name a webhook could otherwise have us call what only we can reach. HTTP providers are held to it as well.',
    secret: false,
    read: readBlocks,
  }),
}

type SettingKey = keyof typeof settings
type ValueOf<Key extends SettingKey> = (typeof settings)[Key] extends Setting<infer Value> ? Value : never

/** Names that may stand in the environment; the last are the client's own, which may be set in the same shell. */
const knownNames: readonly string[] = Object.values(settings)
  .flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]))
  .concat('TWOSTEP_URL', 'TWOSTEP_API_KEY', 'TWOSTEP_API_KEY_FILE')

/** Reads all settings. Empty counts as missing. Throws {@link ConfigWrong} with every problem there is. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: ConfigProblem[] = [...misspelt(env)]
  const complain = (key: SettingKey, problem: string) => problems.push({ setting: settings[key].name, problem })

  const take = <Key extends SettingKey>(key: Key): ValueOf<Key> | undefined => {
    const { name, secret, read } = settings[key] as Setting<ValueOf<Key>>
    const text = textOf(env, name, secret)
    if (text === undefined) return undefined
    const reading = 'wrong' in text ? text : read(text.value)
    if ('value' in reading) return reading.value
    complain(key, reading.wrong)
    return undefined
  }
  const written = (key: SettingKey): boolean => textOf(env, settings[key].name, settings[key].secret) !== undefined

  const mode = take('mode') ?? 'sandbox'
  const production = mode === 'production'
  const dataDir = take('dataDir') ?? resolve('data')
  const profile = take('profile')
  if (production && !written('profile'))
    complain('profile', 'production needs it named: write strict (recommended), or classic')
  const operatorToken = take('operatorToken')
  if (production && (operatorToken?.reveal().length ?? 0) < leastOperatorToken) {
    if (operatorToken !== undefined || !written('operatorToken')) {
      complain('operatorToken', `production needs at least ${leastOperatorToken} characters: write ${makeToken}`)
    }
  }

  const [host, port] = [take('host') ?? '127.0.0.1', take('port') ?? 8022]
  const tls = readTls(take('tlsCert'), take('tlsKey'), complain)
  const origin = take('publicUrl')
  if (production) {
    const wrong = origin === undefined ? !written('publicUrl') && unreachable(host, tls) : plainAndPublic(origin)
    if (wrong) complain('publicUrl', wrong)
  }

  const [server, from] = [take('smtpUrl'), take('mailFrom')]
  const config: Config = {
    mode,
    profile: profile ?? 'classic',
    host,
    port,
    dataDir,
    database: take('database') ?? { kind: 'sqlite', path: join(dataDir, 'twostep.db') },
    keyring: take('keyring') ?? join(dataDir, 'keyring.json'),
    publicUrl: origin,
    operatorToken,
    tls,
    trustedProxies: take('trustedProxies') ?? [],
    logLevel: take('logLevel') ?? 'info',
    pinBlocklist: take('pinBlocklist') ?? 'warn',
    homeCountries: take('homeCountries') ?? (production ? [] : 'all'),
    codeRegions: take('codeRegions') ?? [...supportedRegions],
    sending: sendingPolicy(take, production),
    hashingParallel: take('hashingParallel') ?? Math.min(64, Math.max(1, availableParallelism())),
    hashingWaiting: take('hashingWaiting') ?? 64,
    hashingCost: readCost(take('hashingCost'), production, complain),
    requestDeadline: take('requestDeadline') ?? 10_000,
    graphCallsPerHour: take('graphCallsPerHour') ?? 5_000,
    restCallsPerMinute: take('restCallsPerMinute') ?? 6_000,
    accountCallsPerMinute: take('accountCallsPerMinute') ?? 600,
    onPremisesBusiness: take('onPremisesBusiness'),
    metricsToken: take('metricsToken'),
    checkpointInterval: take('checkpointInterval') ?? 60_000,
    productName: take('productName') ?? 'Twostep',
    ...{ accent: take('accent'), logo: take('logo') },
    mail: readMail({ server, from, dkim: take('mailDkim'), bounces: take('mailBounces') }, written, complain),
    ...readPhones(take('smsProviders') ?? [], take('voiceProviders') ?? [], complain),
    webhookAllow: take('webhookAllow') ?? [],
  }
  if (problems.length > 0) throw new ConfigWrong(problems)
  return frozen(config)
}

// Taken silently, a misspelt name leaves a default in force that somebody believes they changed.
const misspelt = (env: Readonly<Record<string, string | undefined>>): readonly ConfigProblem[] =>
  Object.keys(env)
    .filter(name => name.startsWith('TWOSTEP_') && !knownNames.includes(name))
    .map(name => {
      return { setting: name, problem: `there is no such setting; write ${nearest(name, knownNames)}, or remove it` }
    })

function frozen(config: Config): Config {
  for (const part of Object.values(config))
    if (typeof part === 'object' && !(part instanceof Secret)) Object.freeze(part)
  return Object.freeze(config)
}

/** Where people reach us: as configured, or made from where we listen. `port`: the one that was really taken. */
export const publicUrl = (config: Config, port: number): string =>
  config.publicUrl ?? urlOf(config.host, port, config.tls !== undefined)

/** What is allowed, but worth a word when the program starts. */
export function advise(config: Config): readonly string[] {
  const advice: string[] = []
  if (config.mode === 'sandbox') {
    if (!loopback.test(config.host)) {
      advice.push(`TWOSTEP_HOST is ${config.host}: whoever reaches this sandbox can read its codes and move its clock.`)
    }
    return advice
  }
  if (config.profile === 'classic') {
    advice.push('TWOSTEP_PROFILE is classic: strict is recommended, it meets NIST SP 800-63B-4 at AAL2.')
  }
  if (config.homeCountries.length === 0) {
    advice.push('TWOSTEP_HOME_COUNTRIES is empty: no message to a phone will be sent. Name your country.')
  }
  const reports = [...config.smsProviders, ...config.voiceProviders].some(({ kind }) => kind !== 'smpp')
  if (reports && config.publicUrl === undefined) {
    advice.push('TWOSTEP_PUBLIC_URL is not set: providers cannot report to this machine, and calls read nothing out.')
  }
  if (config.metricsToken === undefined && !loopback.test(config.host)) {
    advice.push('TWOSTEP_METRICS_TOKEN is not set: whoever reaches this address can read /metrics.')
  }
  return advice
}

/** What there is to know about each setting, for programs. */
export const settingsReference = Object.values(settings).map(({ read: _, ...reference }) => reference)

/** The reference of all settings, as a Markdown table. */
export function describeSettings(): string {
  const cells = (row: readonly string[]) => `| ${row.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    cells(['Setting', 'What to write', 'Default', 'Why']),
    cells(['---', '---', '---', '---']),
    ...settingsReference.map(({ name, values, default: otherwise, reason, secret }) =>
      cells([`\`${name}\`${secret ? ` (secret; or a file: \`${name}_FILE\`)` : ''}`, values, otherwise, reason]),
    ),
    '',
  ].join('\n')
}

/** What was written for a setting, from the environment or from its file; `undefined` when nothing was. */
function textOf(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  secret: boolean,
): Reading<string> | undefined {
  const direct = env[name]?.trim() || undefined
  const path = secret ? env[`${name}_FILE`]?.trim() || undefined : undefined
  if (path === undefined) return direct === undefined ? undefined : { value: direct }
  if (direct !== undefined) return { wrong: `write it here or in ${name}_FILE, not in both` }
  const text = readText(path)
  if ('wrong' in text) return { wrong: `${name}_FILE: ${text.wrong}` }
  return text.value.trim() === '' ? { wrong: `${name}_FILE: the file is empty` } : { value: text.value.trim() }
}

const loopback = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

/** What is wrong with an origin in production: by plain HTTP, every PIN on its way could be read. */
function plainAndPublic(origin: string): string | undefined {
  const { protocol, hostname } = new URL(origin)
  if (protocol === 'https:' || loopback.test(hostname)) return undefined
  return `production needs https, unless it is for this machine only; write https://${hostname}`
}

/** What is wrong with making the public URL from where we listen. */
function unreachable(host: string, tls: Config['tls']): string | undefined {
  if (loopback.test(host)) return undefined
  if (tls !== undefined && host !== '0.0.0.0' && host !== '::') return undefined
  return 'production needs it here: write the https origin by which people reach this server'
}
