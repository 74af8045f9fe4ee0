import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { handles } from './blind-index.ts'
import { seededDice } from './dice.ts'
import { memoryKeyRing } from './key-ring.ts'

const ring = () => memoryKeyRing({ dice: seededDice('blind index'), now: instantAt(0) })
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

test('the same value gives the same index, another value, purpose or key another one', () => {
  const one = ring()
  const [first] = handles(one, 'number', '+15550100')
  assert.equal(first?.index.length, 32)
  assert.deepEqual(handles(one, 'number', '+15550100'), [first])
  const others = [
    handles(one, 'number', '+15550101'),
    handles(one, 'recovery', '+15550100'),
    handles(one, 'number+', '15550100'),
    handles(memoryKeyRing({ dice: seededDice('another'), now: instantAt(0) }), 'number', '+15550100'),
  ]
  const seen = new Set([first, ...others.flat()].map(handle => hex(handle?.index)))
  assert.equal(seen.size, 5)
})

test('a rotation never hides anybody: what was written before each step is found after it', () => {
  const one = ring()
  const ids = () => handles(one, 'number', '+15550100').map(handle => handle.keyId)
  const found = (written: readonly { index: Uint8Array }[]): boolean => {
    const sought = new Set(handles(one, 'number', '+15550100').map(handle => hex(handle.index)))
    return written.some(handle => sought.has(hex(handle.index)))
  }
  const first = one.active().id
  const before = handles(one, 'number', '+15550100')
  const second = one.addJoining(instantAt(1))
  assert.deepEqual(ids(), [first, second])
  assert.ok(found(before))
  const joining = handles(one, 'number', '+15550100')
  one.promote(second)
  assert.deepEqual(ids(), [second, first])
  assert.ok(found(before) && found(joining))
  one.retire(first)
  assert.deepEqual(ids(), [second])
  assert.ok(found(joining))
  assert.ok(!found(before))
})

test('an index has memory of its own, so that posting it to a thread takes nothing else along', () => {
  for (const { index } of handles(ring(), 'number', '1')) assert.equal(index.buffer.byteLength, 32)
})
