import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Commit } from '../store.ts'
import { keepRecent } from './recent.ts'

const subject = (id: string) => ({ kind: 'number', id })
const row = (version: number) => ({ version, keyId: 'k', body: Uint8Array.of(version) })
const index = (byte: number) => new Uint8Array(32).fill(byte)
const handle = (byte: number) => ({ keyId: 'k', index: index(byte) })
const commit = (id: string, changes: Partial<Commit> = {}): Commit => ({
  subject: subject(id),
  expects: 1,
  commitId: 'c',
  document: { keyId: 'k', body: Uint8Array.of(2) },
  ...{ claims: [], releases: [], joins: [], leaves: [], events: [], messages: [] },
  ...changes,
})
const committed = { kind: 'committed', version: 2 } as const

test('a row is what the newest commit wrote, and a lost race changes nothing', () => {
  const recent = keepRecent()
  recent.keepRow(subject('a'), row(1))
  recent.follow(commit('a'), { kind: 'lost_race' })
  assert.deepEqual(recent.row(subject('a')), row(1))
  recent.follow(commit('a'), committed)
  assert.deepEqual(recent.row(subject('a')), row(2))
  recent.keepRow(subject('a'), row(1))
  assert.deepEqual(recent.row(subject('a')), row(2), 'what was read before the commit is older')
})

test('what a removed subject was, and was found by, is forgotten', () => {
  const recent = keepRecent()
  recent.keepRow(subject('a'), row(1))
  recent.keepHolder(index(1), subject('a'))
  recent.follow(commit('a', { document: undefined }), committed)
  assert.equal(recent.row(subject('a')), undefined)
  assert.equal(recent.holder(index(1)), undefined)
})

test('a handle that is taken or given up is looked for again; others are not', () => {
  const recent = keepRecent()
  for (const byte of [1, 2, 3]) recent.keepHolder(index(byte), subject('a'))
  recent.follow(commit('b', { claims: [handle(1)] }), committed)
  recent.follow(commit('a', { releases: [handle(2)] }), committed)
  assert.deepEqual(
    [1, 2, 3].map(byte => recent.holder(index(byte))?.id),
    [undefined, undefined, 'a'],
  )
})

test('a commit whose ending is not known leaves nothing that it may have changed', () => {
  const recent = keepRecent()
  recent.keepRow(subject('a'), row(1))
  recent.keepRow(subject('b'), row(1))
  recent.keepHolder(index(1), subject('a'))
  recent.doubt(commit('a', { claims: [handle(1)] }))
  assert.equal(recent.row(subject('a')), undefined)
  assert.equal(recent.holder(index(1)), undefined)
  assert.deepEqual(recent.row(subject('b')), row(1))
})

test('no more is kept than the bound, and the oldest goes first', () => {
  const recent = keepRecent(2)
  for (const [at, id] of ['a', 'b', 'c'].entries()) {
    recent.keepRow(subject(id), row(1))
    recent.keepHolder(index(at), subject(id))
  }
  assert.deepEqual([recent.row(subject('a')), recent.holder(index(0))], [undefined, undefined])
  assert.deepEqual([recent.row(subject('c')), recent.holder(index(2))], [row(1), subject('c')])
})
