import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitOf, committed, event, handle, message, place, removalOf } from '#test/storage/samples.ts'
import type { CommitEnding } from '../store.ts'
import { packCommits, packEnding, unpackEnding, unpacking } from './packing.ts'

const everything = commitOf('a', 3, {
  claims: [handle('+1'), handle('+1', 'key-2')],
  releases: [handle('+2')],
  joins: [place('g', '1', 'a'), place('h', '2', 'a', 'key-2')],
  leaves: [place('g', '0', 'a')],
  events: [event(7), event(8)],
  messages: [message('m', 5), message('n', 6)],
})

test('commits are unpacked as they were packed, one after the other', () => {
  const commits = [everything, commitOf('b', 0), removalOf('c', 1, { events: [event(2)] }), everything]
  const next = unpacking(packCommits(commits))
  assert.deepEqual(
    commits.map(() => next()),
    commits,
  )
})

test('what is packed takes no memory along that is not its own', () => {
  const pool = new Uint8Array(1_000).fill(7)
  const body = pool.subarray(100, 110)
  const { bytes } = packCommits([commitOf('a', 0), { ...removalOf('b', 1), document: { keyId: 'k', body } }])
  assert.equal(bytes.buffer.byteLength, 'a 1'.length + 10)
})

test('endings are unpacked as they were packed', () => {
  const endings: readonly CommitEnding[] = [
    committed(1),
    committed(2 ** 40),
    { kind: 'lost_race' },
    { kind: 'handle_taken' },
  ]
  assert.deepEqual(
    endings.map(ending => unpackEnding(packEnding(ending))),
    endings,
  )
})
