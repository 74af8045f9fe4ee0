// Where the database is and how it is reached, read from a `postgres://` URL. What is not understood is refused: a
// misspelt `sslmode` must not end in a connection without TLS.

import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { ClientConfig } from 'pg'
import { StoreUnusable } from '../store.ts'

/** The URL of a database, sealed, for it carries a password: a `Secret` is one. */
export type DatabaseUrl = { reveal(): string }

/** `place` names the database in what people read: host, port and name, never the user's password. */
export type Address = {
  readonly place: string
  readonly user: string
  readonly database: string
  readonly config: Pick<ClientConfig, 'host' | 'port' | 'user' | 'database' | 'password' | 'ssl'>
  /** The same words with the password taken out, should it stand in them. */
  readonly scrub: (words: string) => string
}

const parameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host']
const modes = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…&sslcert=…&sslkey=…`, with libpq's meanings:
 *
 * - `disable`: no TLS. The default on loopback and on a Unix socket (`?host=/folder`).
 * - `require`: TLS with whoever answers; keeps listeners out, not impostors.
 * - `verify-ca`: the certificate is signed by `sslrootcert`, or by an authority the system trusts.
 * - `verify-full`: and it is the host's own. The default everywhere else.
 *
 * Throws `StoreUnusable('unreachable')` when it cannot be read; its message does not repeat the URL.
 */
export function readAddress(url: DatabaseUrl): Address {
  const text = url.reveal()
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw wrong('it is no URL. Write postgres://user:password@host:port/database, with %-escapes for odd characters')
  }
  const parsed = new URL(text)
  const asked = new Map(parsed.searchParams)
  for (const name of asked.keys()) {
    if (!parameters.includes(name)) throw wrong(`it asks for ${JSON.stringify(name)}, of which Twostep knows nothing`)
  }
  const host = asked.get('host') ?? (unescaped(parsed.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost')
  if (host.includes(','))
    throw wrong('it names several hosts. Name one, or a proxy that knows which one is the primary')
  const database = unescaped(parsed.pathname.slice(1))
  const user = unescaped(parsed.username)
  if (database === '' || user === '') throw wrong('it names no database or no user')

  const port = Number(parsed.port || 5432)
  const password = unescaped(parsed.password)
  const place = `PostgreSQL at ${host.startsWith('/') ? host : `${host}:${port}`}, database ${database}`
  return {
    place,
    user,
    database,
    // As a function, it is not in what an inspection of the connection prints.
    config: { host, port, user, database, password: () => password, ssl: tlsFor(host, asked) },
    scrub: words => (password === '' ? words : words.replaceAll(password, '[sealed]')),
  }
}

function tlsFor(host: string, asked: ReadonlyMap<string, string>): false | ConnectionOptions {
  const mode = asked.get('sslmode') ?? (isOwnMachine(host) ? 'disable' : 'verify-full')
  if (!modes.includes(mode)) throw wrong(`its sslmode is none of ${modes.join(', ')}`)
  if (mode === 'disable') return false
  const file = (name: string) => {
    const path = asked.get(name)
    return path === undefined ? {} : { [tlsNames[name] ?? name]: readPem(path, name) }
  }
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...file('sslrootcert'),
    ...file('sslcert'),
    ...file('sslkey'),
  }
}

const tlsNames: Readonly<Record<string, string>> = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' }

const isOwnMachine = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

function readPem(path: string, name: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw wrong(`its ${name}, ${path}, cannot be read (${code})`)
  }
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw wrong('a % in it is no escape. Write %25 for the sign itself')
  }
}

function wrong(what: string): StoreUnusable {
  return new StoreUnusable('unreachable', `The URL of the database cannot be used: ${what}.`)
}
