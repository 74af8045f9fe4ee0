// One guarded call to somebody else's server: the name is resolved first, every address it has is looked at, and only an
// address that was looked at is connected to. A name that leads elsewhere a moment later (DNS rebinding) changes nothing.
// Redirects are not followed, and of the answer no more is read than was asked for.

import { lookup as resolve } from 'node:dns/promises'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { AddressGuard } from './addresses.ts'

export type Called = {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  /** How many bytes of the answer's body are read. */
  readonly reads: number
}

export type CallEnding =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** It leads to an address that this server does not call. Nothing was sent. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'unreachable' | 'timed_out' }

/** Makes a call. It takes `timeLimit` at most, whatever the other side does; `signal` ends it at once. */
export type Caller = (called: Called, signal: AbortSignal) => Promise<CallEnding>

export type CallerOptions = {
  readonly guard: AddressGuard
  /** Milliseconds, from looking up the name to the last byte that is read. */
  readonly timeLimit: number
  /** What certificates are checked with, in place of the machine's own authorities. */
  readonly ca?: string
  /** Looks a name up; the machine's resolver unless told. */
  readonly addressesOf?: (name: string) => Promise<readonly string[]>
}

export function createCaller({ guard, timeLimit, ca, addressesOf = resolved }: CallerOptions): Caller {
  return async (called, signal) => {
    const over = AbortSignal.timeout(timeLimit)
    const either = AbortSignal.any([signal, over])
    const ended = () => ({ kind: over.aborted ? 'timed_out' : 'unreachable' }) as const
    const name = called.url.hostname.replace(/^\[|\]$/g, '')
    let addresses: readonly string[]
    try {
      addresses = isIP(name) === 0 ? await before(either, addressesOf(name)) : [name]
    } catch {
      return ended()
    }
    if (addresses.length === 0) return { kind: 'unreachable' }
    // One public address beside an inner one is what an attacker's name server answers.
    if (!addresses.every(guard.mayCall)) return { kind: 'forbidden' }
    try {
      return await exchange(called, addresses, either, ca)
    } catch {
      return ended()
    }
  }
}

const resolved = async (name: string): Promise<readonly string[]> =>
  (await resolve(name, { all: true })).map(({ address }) => address)

function before<Made>(signal: AbortSignal, work: Promise<Made>): Promise<Made> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function exchange(
  { method, url, headers, body, reads }: Called,
  addresses: readonly string[],
  signal: AbortSignal,
  ca: string | undefined,
): Promise<CallEnding> {
  return new Promise((resolve, reject) => {
    // Whatever else may happen on the wire, the time that a call may take is over when it is over.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    const request = url.protocol === 'https:' ? requestTls : requestPlain
    const asking = request(url, {
      method,
      signal,
      // A connection of its own: one that was kept could lead to an address that was not looked at this time.
      agent: false,
      lookup: only(addresses),
      ...(ca === undefined ? {} : { ca }),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    })
    asking.on('error', reject)
    // Whoever answers by changing the protocol sends no response, and no error either: unheard, this call would never end.
    asking.once('upgrade', incoming => {
      resolve({ kind: 'answered', status: incoming.statusCode ?? 0, body: '' })
      asking.destroy()
    })
    asking.once('response', incoming => {
      const status = incoming.statusCode ?? 0
      const chunks: Buffer[] = []
      let length = 0
      const done = () => {
        const text = Buffer.concat(chunks).subarray(0, reads).toString('latin1')
        resolve({ kind: 'answered', status, body: text })
        asking.destroy()
      }
      if (reads === 0) return done()
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length >= reads) done()
      })
      incoming.once('end', done)
      incoming.once('error', reject)
    })
    asking.end(body)
  })
}

/** Answers with the addresses that were looked at, whatever the name. */
function only(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map(address => ({ address, family: isIP(address) }))
  return (_name, options, callback) => {
    const [first] = entries
    if (options.all === true) callback(null, entries)
    else callback(null, first?.address ?? '', first?.family)
  }
}
