import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import { memorySecrets, start } from '#test/cli/stored.ts'
import { beginning, chain, hashOf, readEntry } from './journal.ts'

const secrets = memorySecrets('journal')
const subject = { kind: 'number', id: 'a' }
const context = { at: start, door: 'graph', requestId: 'r' } as const
const events: readonly NumberEvent[] = [
  { kind: 'pin.set', claim: '1' },
  { kind: 'pin.changed', claim: '2' },
]
const { rows, head } = chain<'number'>(secrets, subject, beginning, events, context)
const [first, second] = rows
assert(first && second)

test('events are numbered from 1, and each carries the hash over the one before it', () => {
  assert.deepEqual(
    rows.map(row => row.sequence),
    [1, 2],
  )
  assert.deepEqual(first.hash, hashOf(subject, beginning.hash, first))
  assert.deepEqual(second.hash, hashOf(subject, first.hash, second))
  assert.deepEqual(head, { sequence: 2, hash: second.hash })
})

test('an event is read back as it was written, and nothing of it shows in its row', () => {
  const entry = { sequence: 2, at: start, door: 'graph', requestId: 'r', event: events[1] }
  assert.deepEqual(readEntry(secrets, subject, second), entry)
  assert(!Buffer.from(second.body).includes('pin'))
})

test('an event opens only as this subject’s, in its place, with its time', () => {
  for (const [row, of] of [
    [second, { kind: 'number', id: 'b' }],
    [second, { kind: 'business', id: 'a' }],
    [{ ...second, sequence: 1 }, subject],
    [{ ...second, at: instantAt(start + 1) }, subject],
    [{ ...second, body: Uint8Array.from(second.body, (byte, at) => (at === 40 ? byte ^ 1 : byte)) }, subject],
  ] as const) {
    assert.throws(() => readEntry(secrets, of, row), Unopenable)
  }
})

test('the hash takes in whose it is, its place, time, key, body and all that came before', () => {
  const other = hashOf(subject, first.hash, second)
  for (const [of, before, row] of [
    [{ kind: 'number', id: 'b' }, first.hash, second],
    [subject, beginning.hash, second],
    [subject, first.hash, { ...second, sequence: 3 }],
    [subject, first.hash, { ...second, at: instantAt(start + 1) }],
    [subject, first.hash, { ...second, keyId: 'k00000' }],
    [subject, first.hash, { ...second, body: first.body }],
  ] as const) {
    assert.notDeepEqual(hashOf(of, before, row), other)
  }
})
