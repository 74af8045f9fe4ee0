import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice, systemDice } from './dice.ts'
import { binding } from './joined.ts'
import { KeyRingUnusable, memoryKeyRing } from './key-ring.ts'
import { open, seal, sealedBoxOverhead, Unopenable } from './sealed-box.ts'

const ring = memoryKeyRing({ dice: seededDice('sealed box'), now: instantAt(0) })
const plaintexts = fc.string({ unit: 'binary', maxLength: 300 }).filter(text => text.isWellFormed())
const bindings = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))

test('what was sealed opens under its binding, whatever the text and the binding', () => {
  fc.assert(
    fc.property(bindings, plaintexts, ([kind, id], plaintext) => {
      const box = seal(ring, systemDice, binding(kind, id), plaintext)
      assert.equal(box.body.length, Buffer.byteLength(plaintext) + sealedBoxOverhead)
      assert.equal(open(ring, binding(kind, id), box), plaintext)
    }),
  )
})

test('a box with any one bit flipped does not open', () => {
  const box = seal(ring, systemDice, binding('number', '1'), '{"state":"set"}')
  for (let bit = 0; bit < box.body.length * 8; bit++) {
    const body = Uint8Array.from(box.body)
    body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.throws(() => open(ring, binding('number', '1'), { keyId: box.keyId, body }), Unopenable, `bit ${bit}`)
  }
})

test('a box cut short or made longer does not open', () => {
  const box = seal(ring, systemDice, 'a', '{"state":"set"}')
  for (let length = 0; length < box.body.length; length++) {
    assert.throws(() => open(ring, 'a', { keyId: box.keyId, body: box.body.subarray(0, length) }), Unopenable)
  }
  const longer = Buffer.concat([box.body, Buffer.of(0)])
  assert.throws(() => open(ring, 'a', { keyId: box.keyId, body: longer }), Unopenable)
})

test('a box does not open as another kind or for another id', () => {
  fc.assert(
    fc.property(bindings, bindings, plaintexts, ([kind, id], [otherKind, otherId], plaintext) => {
      fc.pre(kind !== otherKind || id !== otherId)
      const box = seal(ring, systemDice, binding(kind, id), plaintext)
      assert.throws(() => open(ring, binding(otherKind, otherId), box), Unopenable)
    }),
  )
  const box = seal(ring, systemDice, binding('number', '12'), 'x')
  assert.throws(() => open(ring, binding('number1', '2'), box), Unopenable)
})

test('a box opens by any key that is kept, and by no other', () => {
  const rotating = memoryKeyRing({ dice: seededDice('rotating'), now: instantAt(0) })
  const first = rotating.active().id
  const box = seal(rotating, systemDice, 'a', 'kept')
  const second = rotating.addJoining(instantAt(1))
  assert.equal(seal(rotating, systemDice, 'a', 'x').keyId, first)
  rotating.promote(second)
  assert.equal(seal(rotating, systemDice, 'a', 'x').keyId, second)
  assert.equal(open(rotating, 'a', box), 'kept')
  assert.throws(() => open(rotating, 'a', { keyId: second, body: box.body }), Unopenable)
  rotating.retire(first)
  assert.equal(open(rotating, 'a', box), 'kept')
  rotating.remove(first)
  assert.throws(
    () => open(rotating, 'a', box),
    (error: unknown) =>
      error instanceof KeyRingUnusable && error.reason === 'unknown_key' && error.message.includes(first),
  )
})

test('the same plaintext never gives the same box twice', () => {
  const boxes = Array.from({ length: 100 }, () => seal(ring, systemDice, 'a', 'same'))
  assert.equal(new Set(boxes.map(({ body }) => Buffer.from(body).toString('hex'))).size, 100)
})

test('boxes share a message key for a while, and never a nonce', () => {
  const fresh = memoryKeyRing({ dice: seededDice('message keys'), now: instantAt(0) })
  const heads = Array.from({ length: 5_000 }, () => Buffer.from(seal(fresh, systemDice, 'a', '').body.subarray(1, 25)))
  const many = (from: number, to: number) => new Set(heads.map(head => head.subarray(from, to).toString('hex'))).size
  assert.equal(many(0, 12), 2)
  assert.equal(many(12, 24), heads.length)
})

test('boxes of many message keys open, in any order', () => {
  const fresh = () => memoryKeyRing({ dice: seededDice('one ring'), now: instantAt(0) })
  const boxes = Array.from({ length: 200 }, (_, at) => ({ at, box: seal(fresh(), systemDice, 'a', String(at)) }))
  const opening = fresh()
  for (const { at, box } of [...boxes, ...boxes.toReversed()]) assert.equal(open(opening, 'a', box), String(at))
})

test('text that is not well-formed is refused, for it would open as another', () => {
  assert.throws(() => seal(ring, systemDice, 'a', '\ud800'), /well-formed/)
})

test('a body has memory of its own', () => {
  const box = seal(ring, systemDice, 'a', 'same')
  assert.equal(box.body.buffer.byteLength, box.body.length)
})
