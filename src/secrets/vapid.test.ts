import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice } from './dice.ts'
import { memoryKeyRing } from './key-ring.ts'
import { vapidKeyOf, vapidKeys } from './vapid.ts'

const now = instantAt(0)
const ringOf = (seed: string) => memoryKeyRing({ dice: seededDice(seed), now })

test('every node and every start has the same pair for a key of the ring, and another ring has another', () => {
  const one = vapidKeys(ringOf('a').active())
  const again = vapidKeys(ringOf('a').active())
  assert.equal(one.publicKey, again.publicKey)
  assert.equal(one.privateKey.reveal(), again.privateKey.reveal())
  assert.notEqual(one.publicKey, vapidKeys(ringOf('b').active()).publicKey)
})

test('the public key is the point of the private one, and stays what it was however it is derived', () => {
  const { publicKey, privateKey } = vapidKeys(ringOf('a').active())
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.from(privateKey.reveal(), 'base64url'))
  assert.equal(curve.getPublicKey('base64url'), publicKey)
  // Written down: a subscription outlives every version of this program.
  assert.equal(publicKey, 'BIi3eK8vCavTXbyxwgsmQGzYMYRRWH-tSoP0dwWfh7_di2fiOY-YcDPO9EuHiTfdonH0bWPBVpKx6tzWF-fuqFE')
})

test('a pair outlives the rotation of its key, for subscriptions take messages from no other', () => {
  const ring = ringOf('a')
  const before = vapidKeys(ring.active())
  ring.promote(ring.addJoining(now))
  const { publicKey, keyId } = vapidKeys(ring.active())
  assert.notEqual(publicKey, before.publicKey)
  assert.equal(vapidKeyOf(ring, before.publicKey), before.keyId)
  assert.equal(vapidKeyOf(ring, publicKey), keyId)
  assert.equal(vapidKeys(ring.key(before.keyId)).privateKey.reveal(), before.privateKey.reveal())
  ring.retire(before.keyId)
  ring.remove(before.keyId)
  assert.equal(vapidKeyOf(ring, before.publicKey), undefined)
})
