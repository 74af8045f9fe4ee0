// How a client is made: what it is told, else what the environment says, checked before anything is sent.

import type { Wire } from './exchange.ts'
import { type Warning, warn } from './machine.ts'
import { type SecretText, textOf } from './secret.ts'

/** What every client may be told. */
export interface ClientConfig {
  /** Where the server is, such as `http://127.0.0.1:8022`. A path is kept; without a scheme it is `https://`. */
  readonly baseUrl?: string | URL | undefined
  /** Milliseconds until a call is given up. By default 30 000. */
  readonly timeoutMs?: number | undefined
  /** Gives up every call of this client. */
  readonly signal?: AbortSignal | undefined
  /** Used in place of the global `fetch`: for a proxy, for logs, for tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Told what the client thinks you should know. By default a warning of the process, or the console. */
  readonly onWarning?: ((warning: Warning) => void) | undefined
}

/** What is common to all clients, once it is read. */
export type Common = { readonly base: URL; readonly wire: Wire; readonly onWarning: (warning: Warning) => void }

export function readCommon(config: ClientConfig, baseUrl: string): Common {
  const { timeoutMs = 30_000, signal, onWarning = warn } = config
  if (!(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) throw new RangeError('timeoutMs: write milliseconds, 1 or more.')
  const base = readBaseUrl(String(config.baseUrl ?? baseUrl))
  if (base.protocol === 'http:' && !/^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(base.hostname)) {
    const message = `PINs and tokens go to ${base.host} unencrypted, for anyone on the way to read. Use https://.`
    onWarning({ kind: 'plain_http', message })
  }
  // Called without its owner, as browsers insist.
  const { fetch = (...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args) } = config
  return { base, wire: { fetch, timeoutMs, signal }, onWarning }
}

function readBaseUrl(text: string): URL {
  let url: URL | undefined
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  } catch {}
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash) {
    throw new TypeError('baseUrl: write a URL such as https://graph.facebook.com, without name, password, ? and #.')
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** A token that can stand in a header. It is never repeated in an error. */
export function readToken(name: string, value: SecretText | undefined, environment?: string): string {
  if (value === undefined || value === null) {
    throw new TypeError(`${name} is missing: give it${environment === undefined ? '' : `, or set ${environment}`}.`)
  }
  const text: unknown = typeof value === 'object' && 'reveal' in value ? textOf(value) : value
  if (typeof text !== 'string' || !/^[!-~]+$/.test(text)) {
    throw new TypeError(`${name}: write it as text without spaces or line breaks.`)
  }
  return text
}

/** An id of digits. A number is taken only while JavaScript holds it exactly. */
export function readId(name: string, value: string | number | bigint): string {
  const text = String(value)
  const exact = typeof value !== 'number' || Number.isSafeInteger(value)
  if (!exact || !/^[0-9]{1,32}$/.test(text)) {
    throw new TypeError(`${name}: write an id of digits, as text; numbers this long lose their last digits.`)
  }
  return text
}
