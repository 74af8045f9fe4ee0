// Who is calling: the address that limits count by.
//
// The peer's address cannot be forged; what `X-Forwarded-For` or `Forwarded` say can, but for the part our own proxies
// wrote. Each proxy appends the address it saw, so the list is read from the right, for as long as the one who wrote
// the entry is trusted:
//
//   X-Forwarded-For: <anything the caller likes>, 203.0.113.7, 10.0.0.2     peer 10.0.0.1
//                                                 └ caller     └ trusted         └ trusted

import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import type { Exchange } from '#http/exchange.ts'

/** A caller. `group` is what limits count: an IPv4 address, or an IPv6 /64, the least that one customer is given. */
export type Caller = { readonly address: string; readonly group: string }

/** The proxies whose word about addresses counts. */
export type TrustedProxies = { readonly trusts: (address: string) => boolean }

/** All who have no readable address share one budget: what is not known must not be unlimited. */
const unknownCaller: Caller = { address: 'unknown', group: 'unknown' }

/**
 * Reads a list of addresses and CIDR blocks (`10.0.0.0/8`, `::1`). `wrong` holds the entries that are neither; they
 * trust nobody.
 */
export function readTrustedProxies(list: readonly string[]): {
  readonly proxies: TrustedProxies
  readonly wrong: readonly string[]
} {
  const blocks = new BlockList()
  const wrong: string[] = []
  for (const entry of list) {
    const [text = '', prefix, ...rest] = entry.trim().split('/')
    const address = normalAddress(text)
    const mapped = text.includes(':') && address?.includes(':') === false
    const bits = address?.includes(':') === true ? 128 : 32
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
    // `::ffff:10.0.0.0/104` is read by nobody the same way twice; the plain IPv4 block says it without doubt.
    if (address === undefined || rest.length > 0 || !(length <= bits) || (mapped && prefix !== undefined)) {
      wrong.push(entry)
      continue
    }
    blocks.addSubnet(address, length, bits === 128 ? 'ipv6' : 'ipv4')
  }
  return {
    proxies: { trusts: address => blocks.check(address, address.includes(':') ? 'ipv6' : 'ipv4') },
    wrong,
  }
}

/** What a request says about where it comes from. */
export type Origin = {
  /** The other end of the connection. */
  readonly peer: string | undefined
  readonly xForwardedFor: string | undefined
  readonly forwarded: string | undefined
}

/** Who is calling, given which proxies are ours. */
export function callerOf(origin: Origin, proxies: TrustedProxies): Caller {
  const peer = normalAddress(origin.peer ?? '')
  if (peer === undefined) return unknownCaller
  if (!proxies.trusts(peer)) return callerAt(peer)
  const plain = origin.xForwardedFor === undefined ? undefined : walk(peer, plainHops(origin.xForwardedFor), proxies)
  const standard = origin.forwarded === undefined ? undefined : walk(peer, standardHops(origin.forwarded), proxies)
  // A proxy usually writes one of the two and lets the other through as the caller sent it. When they disagree, one is
  // forged and nothing tells which, so neither counts.
  if (plain !== undefined && standard !== undefined && plain !== standard) return callerAt(peer)
  return callerAt(plain ?? standard ?? peer)
}

/** Who sent this request. */
export const callerOfRequest = (c: Context<Exchange>, proxies: TrustedProxies): Caller =>
  callerOf(
    {
      peer: c.env?.incoming?.socket.remoteAddress,
      xForwardedFor: c.req.header('x-forwarded-for'),
      forwarded: c.req.header('forwarded'),
    },
    proxies,
  )

/** The address with which all its neighbours share a budget: itself (IPv4), or its /64 (IPv6). */
export function addressGroup(address: string): string {
  const words = hextets(address)
  if (words === undefined) return address
  return `${words
    .slice(0, 4)
    .map(word => word.toString(16))
    .join(':')}::/64`
}

/**
 * One spelling for each address: IPv6 in full lower-case words without leading zeros, no zone, IPv4 inside IPv6
 * (`::ffff:192.0.2.1`) as IPv4. `undefined` when it is no address.
 */
export function normalAddress(text: string): string | undefined {
  const bare = text.split('%', 1)[0] ?? ''
  if (isIP(bare) === 4) return bare
  const words = hextets(bare)
  if (words === undefined) return undefined
  const [high = 0, low = 0] = words.slice(6)
  if (words.slice(0, 5).every(word => word === 0) && words[5] === 0xffff) {
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
  }
  return words.map(word => word.toString(16)).join(':')
}

const callerAt = (address: string): Caller => ({ address, group: addressGroup(address) })

/** The eight words of an IPv6 address, or `undefined`. */
function hextets(text: string): readonly number[] | undefined {
  if (isIP(text) !== 6) return undefined
  const [head = '', tail] = text.split('::')
  const left = wordsIn(head)
  const right = wordsIn(tail ?? '')
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function wordsIn(part: string): readonly number[] {
  if (part === '') return []
  return part.split(':').flatMap(word => {
    if (!word.includes('.')) return [Number.parseInt(word, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** The first address, from the right, that none of our proxies has. An entry nobody can read ends the walk. */
function walk(peer: string, hops: readonly string[], proxies: TrustedProxies): string {
  let nearest = peer
  for (const hop of hops.toReversed()) {
    const address = normalAddress(withoutPort(hop))
    if (address === undefined) return nearest
    nearest = address
    if (!proxies.trusts(address)) return nearest
  }
  return nearest
}

const plainHops = (header: string): readonly string[] => header.split(',').map(hop => hop.trim())

/** The `for` of each element of a Forwarded header (RFC 7239 §4); an element without one reads as ''. */
const standardHops = (header: string): readonly string[] =>
  splitUnquoted(header, ',').map(element => {
    for (const pair of splitUnquoted(element, ';')) {
      const [, name = '', value = ''] = /^\s*([A-Za-z]+)=(.*?)\s*$/s.exec(pair) ?? []
      if (name.toLowerCase() === 'for') return value.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1')
    }
    return ''
  })

/** Splits where `mark` stands outside of double quotes. */
function splitUnquoted(text: string, mark: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (quoted && sign === '\\') {
      part += sign + text.charAt(at + 1)
      at++
      continue
    }
    if (sign === '"') quoted = !quoted
    if (sign === mark && !quoted) {
      parts.push(part)
      part = ''
    } else part += sign
  }
  return [...parts, part]
}

/** `192.0.2.1:4711` → `192.0.2.1`, `[2001:db8::1]:4711` → `2001:db8::1`; anything else as it is. */
const withoutPort = (hop: string): string =>
  /^\[(.*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop
