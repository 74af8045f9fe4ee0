import assert from 'node:assert/strict'
import { createPublicKey, verify as edVerify } from 'node:crypto'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice } from './dice.ts'
import { joined } from './joined.ts'
import { KeyRingUnusable, memoryKeyRing } from './key-ring.ts'
import { publicKeys, sign, verify } from './signature.ts'

const newRing = () => memoryKeyRing({ dice: seededDice('signature'), now: instantAt(0) })
const message = Buffer.from('heads 1 to 7')

test('a signature holds for its message, purpose and key, and for nothing else', () => {
  const ring = newRing()
  const signed = sign(ring, 'checkpoint', message)
  assert.equal(verify(ring, 'checkpoint', message, signed), true)
  assert.equal(verify(ring, 'invoice', message, signed), false)
  assert.equal(verify(ring, 'checkpoint', Buffer.from('heads 1 to 8'), signed), false)
  const flipped = Uint8Array.from(signed.signature)
  flipped[0] = (flipped[0] ?? 0) ^ 1
  assert.equal(verify(ring, 'checkpoint', message, { ...signed, signature: flipped }), false)
  assert.equal(verify(ring, 'checkpoint', message, { ...signed, signature: new Uint8Array(0) }), false)
})

test('a signature outlives a rotation, and a key that is gone is not a false signature', () => {
  const ring = newRing()
  const signed = sign(ring, 'checkpoint', message)
  ring.promote(ring.addJoining(instantAt(1)))
  assert.equal(verify(ring, 'checkpoint', message, signed), true)
  assert.equal(verify(ring, 'checkpoint', message, { ...signed, keyId: ring.active().id }), false)
  ring.retire(signed.keyId)
  ring.remove(signed.keyId)
  assert.throws(() => verify(ring, 'checkpoint', message, signed), KeyRingUnusable)
})

test('whoever has the public key can check without the ring', () => {
  const ring = newRing()
  const { signature } = sign(ring, 'checkpoint', message)
  const [key] = publicKeys(ring)
  const signed = joined('twostep/1/signature', 'checkpoint', message)
  assert.equal(key?.keyId, ring.active().id)
  assert.equal(edVerify(null, signed, createPublicKey(key?.pem ?? ''), signature), true)
  const x = Buffer.from(key?.bytes ?? []).toString('base64url')
  const fromBytes = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  assert.equal(edVerify(null, signed, fromBytes, signature), true)
})
