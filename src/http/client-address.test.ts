// Who the caller is, and who only says so.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressGroup, callerOf, normalAddress, readTrustedProxies } from '#http/client-address.ts'

const { proxies } = readTrustedProxies(['10.0.0.0/8', '::1', 'fd00::/8'])

const addressOf = (peer: string | undefined, xForwardedFor?: string, forwarded?: string): string =>
  callerOf({ peer, xForwardedFor, forwarded }, proxies).address

test('a peer that is no proxy of ours is the caller, whatever it claims', () => {
  assert.equal(addressOf('203.0.113.9', '198.51.100.1'), '203.0.113.9')
  assert.equal(addressOf('203.0.113.9', undefined, 'for=198.51.100.1'), '203.0.113.9')
})

test('behind a proxy of ours, the last entry that is no proxy counts; the rest is the caller’s own word', () => {
  assert.equal(addressOf('10.0.0.1', '198.51.100.1'), '198.51.100.1')
  assert.equal(addressOf('10.0.0.1', '1.1.1.1, 198.51.100.1'), '198.51.100.1')
  assert.equal(addressOf('10.0.0.1', '1.1.1.1,198.51.100.1 , 10.9.9.9'), '198.51.100.1')
  assert.equal(addressOf('::ffff:10.0.0.1', '198.51.100.1'), '198.51.100.1')
  assert.equal(addressOf('10.0.0.1', '10.0.0.3, 10.0.0.2'), '10.0.0.3')
  assert.equal(addressOf('10.0.0.1'), '10.0.0.1')
})

test('an entry nobody can read ends the walk at the proxy that wrote it', () => {
  assert.equal(addressOf('10.0.0.1', '198.51.100.1, unknown'), '10.0.0.1')
  assert.equal(addressOf('10.0.0.1', '198.51.100.1, unknown, 10.0.0.2'), '10.0.0.2')
  assert.equal(addressOf('10.0.0.1', ''), '10.0.0.1')
  assert.equal(addressOf('10.0.0.1', '198.51.100.1,'), '10.0.0.1')
})

test('the standard header is read with its quotes, ports and brackets', () => {
  assert.equal(addressOf('::1', undefined, 'for=198.51.100.1;proto=https;by=10.0.0.1'), '198.51.100.1')
  assert.equal(addressOf('::1', undefined, 'For="[2001:DB8::1]:4711", for=10.0.0.2'), '2001:db8:0:0:0:0:0:1')
  assert.equal(addressOf('::1', undefined, 'for="1.1.1.1, for=2.2.2.2", for="198.51.100.1:80"'), '198.51.100.1')
  assert.equal(addressOf('::1', undefined, 'proto=https'), '0:0:0:0:0:0:0:1')
  assert.equal(addressOf('::1', undefined, 'for=_hidden'), '0:0:0:0:0:0:0:1')
})

test('when the two headers disagree, neither counts', () => {
  assert.equal(addressOf('10.0.0.1', '198.51.100.1', 'for=198.51.100.1'), '198.51.100.1')
  assert.equal(addressOf('10.0.0.1', '198.51.100.1', 'for=203.0.113.9'), '10.0.0.1')
})

test('who has no address shares one budget with all who have none', () => {
  assert.deepEqual(callerOf({ peer: undefined, xForwardedFor: '1.1.1.1', forwarded: undefined }, proxies), {
    address: 'unknown',
    group: 'unknown',
  })
})

test('IPv6 neighbours of one /64 share a budget, IPv4 addresses do not', () => {
  const group = (address: string) =>
    callerOf({ peer: address, xForwardedFor: undefined, forwarded: undefined }, proxies).group
  assert.equal(group('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(group('2001:DB8:1:2::ffff'), group('2001:db8:1:2:3:4:5:6'))
  assert.notEqual(group('2001:db8:1:3::1'), group('2001:db8:1:2::1'))
  assert.notEqual(group('198.51.100.1'), group('198.51.100.2'))
  assert.equal(addressGroup('198.51.100.1'), '198.51.100.1')
})

test('every spelling of an address is one address', () => {
  assert.equal(normalAddress('::FFFF:192.0.2.1'), '192.0.2.1')
  assert.equal(normalAddress('::ffff:c000:201'), '192.0.2.1')
  assert.equal(normalAddress('0:0:0:0:0:ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(normalAddress('2001:0DB8::0001'), '2001:db8:0:0:0:0:0:1')
  assert.equal(normalAddress('fe80::1%eth0'), 'fe80:0:0:0:0:0:0:1')
  assert.equal(normalAddress('::'), '0:0:0:0:0:0:0:0')
  for (const odd of ['', 'unknown', '1.2.3', '01.2.3.4', '1.2.3.4:80', '[::1]', ':::', '12345::']) {
    assert.equal(normalAddress(odd), undefined, odd)
  }
})

test('what is no address or block trusts nobody and is named', () => {
  const list = [
    '10.0.0.1/33',
    'proxy.example.com',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '',
    '::1/129',
    '::ffff:10.0.0.0/104',
    '*',
  ]
  const read = readTrustedProxies(list)
  assert.deepEqual(read.wrong, list)
  for (const address of ['10.0.0.1', '0:0:0:0:0:0:0:1', '127.0.0.1']) assert(!read.proxies.trusts(address))
  assert(readTrustedProxies(['0.0.0.0/0']).proxies.trusts('203.0.113.9'))
  assert(!readTrustedProxies(['10.0.0.1']).proxies.trusts('10.0.0.2'))
})
