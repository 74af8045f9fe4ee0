import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { appAddress, readAddress, readSubscription, type Subscription } from './address.ts'

const curve = createECDH('prime256v1')
const given: Subscription = {
  endpoint: 'https://push.example/wpush/v2/abc',
  p256dh: curve.generateKeys('base64url'),
  auth: randomBytes(16).toString('base64url'),
  key: 'k00000',
}
const read = (parts: Partial<Subscription> = {}, plainHttp = false) =>
  readSubscription({ ...given, ...parts }, { plainHttp })

test('a subscription is read back as it was, and has one address in every spelling', () => {
  const address = read()
  assert(address.kind === 'address')
  assert.deepEqual(readAddress(address.address), { kind: 'push', subscription: given })
  const padded = { p256dh: `${Buffer.from(given.p256dh, 'base64url').toString('base64')}`, auth: `${given.auth}==` }
  assert.deepEqual(read({ ...padded, endpoint: 'HTTPS://PUSH.example:443/wpush/v2/abc' }), address)
})

test('an app has an address of its own device', () => {
  assert.deepEqual(readAddress(appAddress('123')), { kind: 'app', device: '123' })
})

test('what cannot be a subscription is refused at the field that is wrong', () => {
  const point = Buffer.from(given.p256dh, 'base64url')
  const off = Buffer.from(point)
  off[64] = (off[64] ?? 0) ^ 1
  const compressed = createECDH('prime256v1')
  compressed.generateKeys()
  const wrong: readonly (readonly [Partial<Subscription>, string])[] = [
    [{ endpoint: 'http://push.example/' }, 'endpoint'],
    [{ endpoint: 'https://user:secret@push.example/' }, 'endpoint'],
    [{ endpoint: `https://push.example/${'a'.repeat(1_000)}` }, 'endpoint'],
    [{ endpoint: '' }, 'endpoint'],
    [{ p256dh: off.toString('base64url') }, 'p256dh'],
    [{ p256dh: compressed.getPublicKey('base64url', 'compressed') }, 'p256dh'],
    [{ p256dh: point.subarray(0, 64).toString('base64url') }, 'p256dh'],
    [{ p256dh: '' }, 'p256dh'],
    [{ auth: randomBytes(15).toString('base64url') }, 'auth'],
    [{ auth: 'not base64!' }, 'auth'],
  ]
  for (const [parts, field] of wrong) {
    const ending = read(parts)
    assert.deepEqual(
      [ending.kind, 'field' in ending && ending.field],
      ['not_a_subscription', field],
      JSON.stringify(parts),
    )
  }
  assert.equal(read({ endpoint: 'http://127.0.0.1:9/' }, true).kind, 'address')
})
