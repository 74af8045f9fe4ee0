import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import type { Secrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import type { Store, StoredDocument } from '#storage/store.ts'
import { changeNumber, makeNumber, memorySecrets, start, theNumber } from '#test/cli/stored.ts'
import { keepOpened } from './opened.ts'
import { createRecords } from './records.ts'

/** Secrets that count the boxes they open. */
function counting(secrets: Secrets) {
  let opened = 0
  const open: Secrets['open'] = (binding, box) => {
    opened += 1
    return secrets.open(binding, box)
  }
  return { secrets: { ...secrets, open }, opened: () => opened }
}

/** Two nodes over one store, the second of which is watched. */
async function twoNodes(seed: string) {
  const store = openMemoryStore()
  const { secrets, opened } = counting(memorySecrets(seed))
  const other = createRecords(store, secrets)
  const id = await makeNumber(other, 1)
  return { store, secrets, opened, id, other, watched: createRecords(store, secrets) }
}

test('a document is opened once, however often it is loaded, and not at all by whoever sealed it', async () => {
  const { opened, id, other, watched } = await twoNodes('once')
  const [first, second] = [await theNumber(watched, id), await theNumber(watched, id)]
  assert.deepEqual(first, second)
  assert.equal(opened(), 1)
  assert.deepEqual(await theNumber(other, id), first, 'as it was sealed is as it is read')
  assert.equal(opened(), 1)
})

test('what another node wrote is what is loaded next', async () => {
  const { id, other, watched } = await twoNodes('other')
  await theNumber(watched, id)
  await changeNumber(other, id, number => ({ ...number, account: 'a-new-one' }))
  const { document, version } = await theNumber(watched, id)
  assert.deepEqual([document.account, version], ['a-new-one', 2])
})

test('a row that differs in one byte, its version or its key does not pass for the one that was opened', async () => {
  const { store, secrets, id } = await twoNodes('tampered')
  let hand = (row: StoredDocument): StoredDocument => row
  const read: Store['read'] = async subject => {
    const row = await store.read(subject)
    return row && hand(row)
  }
  const records = createRecords({ ...store, read }, secrets)
  const flipped = (body: Uint8Array, at: number) => body.with(at, (body[at] ?? 0) ^ 1)
  for (const at of [30, -1]) {
    await theNumber(records, id)
    hand = row => ({ ...row, body: flipped(row.body, at < 0 ? row.body.length + at : at) })
    await assert.rejects(theNumber(records, id), Unopenable)
    hand = row => row
  }
  await theNumber(records, id)
  hand = row => ({ ...row, version: row.version + 1 })
  await assert.rejects(theNumber(records, id), Unopenable)
  hand = row => ({ ...row, keyId: 'k0' })
  await assert.rejects(theNumber(records, id), KeyRingUnusable)
})

test('a key that was taken out of the ring opens nothing any more, opened before or not', async () => {
  const { secrets, id, watched } = await twoNodes('removed')
  await theNumber(watched, id)
  const { active } = secrets.keyIds()
  secrets.ring.promote(secrets.ring.addJoining(start))
  secrets.ring.retire(active)
  assert.ok(await theNumber(watched, id), 'a retired key still opens')
  secrets.ring.remove(active)
  await assert.rejects(theNumber(watched, id), KeyRingUnusable)
})

test('no more documents than the bound lie in the clear, and those kept longest go first', () => {
  const secrets = memorySecrets('bound')
  const kept = keepOpened(secrets, 2)
  const row: StoredDocument = { version: 1, keyId: secrets.keyIds().active, body: new Uint8Array(1) }
  const text = JSON.stringify({ document: { ahead: 0 }, head: { sequence: 0, hash: '' } })
  for (const id of ['a', 'b', 'a', 'c']) kept.keep('sandbox', id, row, text)
  const isKept = (id: string): boolean => {
    let opened = false
    kept.open('sandbox', id, row, () => {
      opened = true
      return text
    })
    return !opened
  }
  assert.deepEqual([isKept('c'), isKept('a'), isKept('b')], [true, true, false])
})

test('a row that somebody mended in the database is opened, also where the store has the broken one at hand', async () => {
  const { store, secrets, id } = await twoNodes('mended')
  const row = await store.read({ kind: 'number', id })
  assert(row !== undefined)
  const broken = { ...row, body: row.body.toReversed() }
  const read: Store['read'] = async (subject, how) => (how === 'anew' ? store.read(subject) : broken)
  assert.equal((await theNumber(createRecords({ ...store, read }, secrets), id)).id, id)
})
