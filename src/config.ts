// Every setting: what it is called, what it may be, what it is when nobody says, and why it exists.
//
//   environment ──readConfig──▶ Config (frozen), or ConfigWrong with everything that has to be mended, at once
//
// A secret may come as a file: `<NAME>_FILE` holds the path (Docker and systemd hand secrets over like that).

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { readDuration } from '#core/kernel/duration.ts'
import { readTrustedProxies } from '#http/client-address.ts'
import { urlOf } from '#http/server.ts'
import { regions } from '#numbering/number.ts'
import { type LogLevel, logLevels } from '#observe/log.ts'
import { Secret } from '#secrets/secret.ts'

/** Where the data are. The URL of a PostgreSQL server is a secret: it may carry a password. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: Secret }

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
  /** Countries that messages are sent to, ISO 3166-1 alpha-2. */
  readonly homeCountries: readonly string[] | 'all'
  readonly hashingParallel: number
  readonly hashingWaiting: number
  readonly requestDeadline: number
  /** 0: no limit. */
  readonly graphCallsPerHour: number
  readonly metricsToken: Secret | undefined
  readonly checkpointInterval: number
  readonly productName: string
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

type Reading<Value> = { readonly value: Value } | { readonly wrong: string }

type Setting<Value> = {
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

const oneOf =
  <const Word extends string>(...words: readonly Word[]) =>
  (text: string): Reading<Word> => {
    const found = words.find(word => word === text)
    return found === undefined ? { wrong: `write ${words.join(' or ')}, not ${quoted(text)}` } : { value: found }
  }

const wholeNumber =
  (least: number, most: number) =>
  (text: string): Reading<number> => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return { value: number }
    return { wrong: `write a whole number from ${least} to ${most}, not ${quoted(text)}` }
  }

const span =
  (least: number, most: number) =>
  (text: string): Reading<number> => {
    const milliseconds = /^\d{1,15}$/.test(text) ? Number(text) : readDuration(text)
    if (milliseconds !== undefined && milliseconds >= least && milliseconds <= most) return { value: milliseconds }
    const range = `between ${least} and ${most} ms`
    return { wrong: `write a duration such as PT30S, or milliseconds, ${range}, not ${quoted(text)}` }
  }

const filePath = (text: string): Reading<string> => ({ value: resolve(text) })

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
}

type SettingKey = keyof typeof settings
type ValueOf<Key extends SettingKey> = (typeof settings)[Key] extends Setting<infer Value> ? Value : never

/** Names that may stand in the environment. */
const knownNames: readonly string[] = Object.values(settings).flatMap(({ name, secret }) =>
  secret ? [name, `${name}_FILE`] : [name],
)

/** Reads all settings. Empty counts as missing. Throws {@link ConfigWrong} with every problem there is. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: ConfigProblem[] = []
  const complain = (key: SettingKey, problem: string) => problems.push({ setting: settings[key].name, problem })

  for (const name of Object.keys(env)) {
    // Taken silently, a misspelt name leaves a default in force that somebody believes they changed.
    if (!name.startsWith('TWOSTEP_') || knownNames.includes(name)) continue
    problems.push({ setting: name, problem: `there is no such setting; write ${nearest(name)}, or remove it` })
  }

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
  if (production && !written('profile')) {
    complain('profile', 'production needs it named: write strict (recommended), or classic')
  }
  const operatorToken = take('operatorToken')
  if (production && (operatorToken?.reveal().length ?? 0) < leastOperatorToken) {
    if (operatorToken !== undefined || !written('operatorToken')) {
      complain('operatorToken', `production needs at least ${leastOperatorToken} characters: write ${makeToken}`)
    }
  }

  const host = take('host') ?? '127.0.0.1'
  const port = take('port') ?? 8022
  const tls = readTls(take('tlsCert'), take('tlsKey'), complain)
  const origin = take('publicUrl')
  if (production) {
    const wrong = origin === undefined ? !written('publicUrl') && unreachable(host, tls) : plainAndPublic(origin)
    if (wrong) complain('publicUrl', wrong)
  }

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
    hashingParallel: take('hashingParallel') ?? Math.min(64, Math.max(1, availableParallelism())),
    hashingWaiting: take('hashingWaiting') ?? 64,
    requestDeadline: take('requestDeadline') ?? 10_000,
    graphCallsPerHour: take('graphCallsPerHour') ?? 5_000,
    metricsToken: take('metricsToken'),
    checkpointInterval: take('checkpointInterval') ?? 60_000,
    productName: take('productName') ?? 'Twostep',
  }
  if (problems.length > 0) throw new ConfigWrong(problems)
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

function readText(path: string): Reading<string> {
  try {
    return { value: readFileSync(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : `${code}`
    return { wrong: `name a file that can be read; ${quoted(path)}: ${why}` }
  }
}

function readTls(
  certPath: string | undefined,
  keyPath: string | undefined,
  complain: (key: 'tlsCert' | 'tlsKey', problem: string) => void,
): Config['tls'] {
  if (certPath === undefined && keyPath === undefined) return undefined
  if (certPath === undefined) complain('tlsCert', 'write it too: TLS needs the certificate and the key')
  if (keyPath === undefined) complain('tlsKey', 'write it too: TLS needs the certificate and the key')
  if (certPath === undefined || keyPath === undefined) return undefined
  const cert = readText(certPath)
  const key = readText(keyPath)
  if ('wrong' in cert) complain('tlsCert', cert.wrong)
  if ('wrong' in key) complain('tlsKey', key.wrong)
  if ('wrong' in cert || 'wrong' in key) return undefined
  try {
    createSecureContext({ cert: cert.value, key: key.value })
  } catch {
    // OpenSSL's own words may quote the file.
    complain('tlsKey', 'name PEM files in which the private key fits the certificate; these two do not')
    return undefined
  }
  return { cert: cert.value, key: Secret.of(key.value) }
}

function readDatabase(text: string): Reading<DatabaseConfig> {
  const wrong = { wrong: 'write sqlite:path, sqlite:///path or postgres://user:password@host/name' }
  const [, path] = /^sqlite:(?:\/\/(?=\/))?((?!\/\/).+)$/s.exec(text) ?? []
  if (path !== undefined) {
    // What is only in memory is gone with the process, and with it every lock.
    return path.startsWith(':') ? wrong : { value: { kind: 'sqlite', path: resolve(path) } }
  }
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return wrong
  const { hostname, pathname, searchParams } = new URL(text)
  const named = (hostname !== '' || searchParams.has('host')) && pathname.length > 1
  return named ? { value: { kind: 'postgres', url: Secret.of(text) } } : wrong
}

function readOrigin(text: string): Reading<string> {
  const wrong = { wrong: `write an origin such as https://two-step.example.com, without a path or a password` }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return wrong
  const url = new URL(text)
  const more = url.username + url.password + url.search + url.hash
  return more !== '' || url.pathname !== '/' ? wrong : { value: url.origin }
}

function readProxies(text: string): Reading<readonly string[]> {
  const list = listed(text)
  const { wrong } = readTrustedProxies(list)
  if (wrong.length === 0) return { value: list }
  return { wrong: `write addresses or CIDR blocks with commas between; ${wrong.map(quoted).join(', ')} is neither` }
}

function readCountries(text: string): Reading<readonly string[] | 'all'> {
  if (text === 'all') return { value: 'all' }
  const known = regions()
  const list = listed(text).map(country => country.toUpperCase())
  const wrong = list.filter(country => !known.includes(country))
  if (wrong.length === 0) return { value: [...new Set(list)] }
  return {
    wrong: `write all, or two-letter ISO codes such as GB, IE; there is no country ${wrong.map(quoted).join(', ')}`,
  }
}

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

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

/** The known name that is fewest slips of the pen away. */
function nearest(name: string): string {
  // Only secrets come as files: for the others the plain name is what was meant.
  const plain = name.replace(/_FILE$/, '')
  const far = knownNames.map(known => ({
    known,
    slips: Math.min(slipsBetween(name, known), slipsBetween(plain, known)),
  }))
  return far.reduce((best, next) => (next.slips < best.slips ? next : best)).known
}

/** Levenshtein's distance. */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [down, sign] of [...one].entries()) {
    const next = [down + 1]
    for (let at = 1; at <= other.length; at++) {
      const replaced = (row[at - 1] ?? 0) + (other.charAt(at - 1) === sign ? 0 : 1)
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/** What somebody wrote, short enough for a line. Never for a secret. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
