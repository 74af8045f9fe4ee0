// Which addresses this server calls for others. Whoever may name a URL could otherwise have us ask what only we can reach:
// a database on this machine, a neighbour in the network, the cloud's metadata service.
//
//     allowed by the operator ──▶ called
//     loopback, in the sandbox ─▶ called
//     not unicast and public ───▶ refused      (IANA's special-purpose registries, RFC 6890)
//     an IPv4 address in disguise (mapped, NAT64, 6to4, Teredo) is judged as what it leads to, or refused

import { BlockList, isIP } from 'node:net'

export type AddressRules = {
  /** CIDR blocks and addresses that may be called all the same. */
  readonly allow: readonly string[]
  /** Whether this machine may be called: in the sandbox, where receivers run beside it. */
  readonly loopback: boolean
}

export type AddressGuard = { readonly mayCall: (address: string) => boolean }

// What is not the public internet. `::/3` minus 2000::/3 is not assigned, so IPv6 is allowed by what it is, not by what it
// is not.
const notPublic4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
]
const notPublic6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48']
const loopbacks = ['127.0.0.0/8', '::1/128']

/** Makes the guard. Throws a `RangeError` for an entry of `allow` that is no address or block. */
export function addressGuard({ allow, loopback }: AddressRules): AddressGuard {
  const allowed = blocksOf(loopback ? [...allow, ...loopbacks] : allow)
  const closed = blocksOf([...notPublic4, ...notPublic6])
  const global6 = blocksOf(['2000::/3'])
  const mayCall = (address: string): boolean => {
    const bare = address.split('%', 1)[0] ?? ''
    if (isIP(bare) === 4) return allowed.check(bare, 'ipv4') || !closed.check(bare, 'ipv4')
    if (isIP(bare) !== 6) return false
    const inside = mapped(bare)
    if (inside !== undefined) return mayCall(inside)
    return allowed.check(bare, 'ipv6') || (global6.check(bare, 'ipv6') && !closed.check(bare, 'ipv6'))
  }
  return { mayCall }
}

/** Whether a text is an address or a CIDR block, as `allow` takes them. */
export function isBlock(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0 || address.includes('%') || mapped(address) !== undefined) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

function blocksOf(list: readonly string[]): BlockList {
  const blocks = new BlockList()
  for (const entry of list) {
    const [address = '', prefix] = entry.split('/')
    if (!isBlock(entry)) throw new RangeError('an address that may be called is an address or a CIDR block')
    const version = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    blocks.addSubnet(address, Number(prefix ?? (version === 'ipv4' ? 32 : 128)), version)
  }
  return blocks
}

/** The IPv4 address inside `::ffff:0:0/96`, however it is written. */
function mapped(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined
  // The parser of URLs has one spelling for each address: `[::ffff:a00:1]`.
  const host = URL.parse(`http://[${address}]`)?.hostname ?? ''
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? []
  if (high === undefined || low === undefined) return undefined
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [first >> 8, first & 0xff, second >> 8, second & 0xff].join('.')
}
