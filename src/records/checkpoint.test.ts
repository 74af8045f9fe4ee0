import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredCheckpoint } from '#storage/store.ts'
import { changeNumber, inMemory, makeNumber, start } from '#test/cli/stored.ts'
import { commitOf, event } from '#test/storage/samples.ts'
import { coverJournals, hashOf, headsPerCheckpoint, noCheckpointBefore, readCheckpoint } from './checkpoint.ts'

async function covered() {
  const all = inMemory('checkpoints')
  await makeNumber(all.records, 1)
  const id = await makeNumber(all.records, 2)
  const first = await coverJournals(all.store, all.secrets, start)
  await changeNumber(all.records, id)
  const second = await coverJournals(all.store, all.secrets, start)
  const stored = await all.store.checkpoints(1, 10)
  return { ...all, id, receipts: [...first, ...second], stored }
}

const only = ([checkpoint]: readonly StoredCheckpoint[]): StoredCheckpoint => {
  assert(checkpoint !== undefined)
  return checkpoint
}

test('a checkpoint signs the newest event of each journal that moved, and none that did not', async () => {
  const { secrets, store, id, stored } = await covered()
  const [first, second] = stored.map(each => readCheckpoint(secrets, each))
  assert.deepEqual(
    first?.heads.map(head => head.sequence),
    [1, 1],
  )
  const [, newest] = await store.journal({ kind: 'number', id }, 1, 10)
  assert.deepEqual(second?.heads, [
    { subject: { kind: 'number', id }, sequence: 2, hash: Buffer.from(newest?.hash ?? []) },
  ])
  assert.deepEqual(await coverJournals(store, secrets, start), [])
})

test('each checkpoint carries the hash of the one before, and its receipt the hash of it', async () => {
  const { secrets, stored, receipts } = await covered()
  const [first, second] = stored
  assert(first && second)
  assert.equal(readCheckpoint(secrets, first)?.before, noCheckpointBefore)
  assert.equal(readCheckpoint(secrets, second)?.before, hashOf(first.body))
  assert.deepEqual(receipts, [
    { number: 1, hash: hashOf(first.body), at: start, heads: 2 },
    { number: 2, hash: hashOf(second.body), at: start, heads: 1 },
  ])
})

test('a checkpoint that was edited, cut short or put in another’s place does not read', async () => {
  const { secrets, stored } = await covered()
  const { number, body } = only(stored)
  for (let at = 0; at < body.length; at += 7) {
    const edited = Uint8Array.from(body, (byte, place) => (place === at ? byte ^ 1 : byte))
    assert.equal(readCheckpoint(secrets, { number, body: edited }), undefined, `byte ${at}`)
  }
  assert.equal(readCheckpoint(secrets, { number: 2, body }), undefined)
  assert.equal(readCheckpoint(secrets, { number, body: body.subarray(0, 50) }), undefined)
  assert.equal(readCheckpoint(secrets, { number, body: new Uint8Array(0) }), undefined)
})

test('a checkpoint reads after its key was rotated out, and not under keys of another house', async () => {
  const { secrets, stored } = await covered()
  const { ring } = secrets
  const [old = ''] = ring.keys().map(key => key.id)
  ring.promote(ring.addJoining(start))
  ring.retire(old)
  assert.equal(readCheckpoint(secrets, only(stored))?.number, 1)
  assert.equal(readCheckpoint(inMemory('another house').secrets, only(stored)), undefined)
})

test('of two nodes that cover at once, every head is covered once', async () => {
  const { records, store, secrets } = inMemory('two nodes')
  for (let n = 0; n < 9; n += 1) await makeNumber(records, n)
  const both = await Promise.all([coverJournals(store, secrets, start), coverJournals(store, secrets, start)])
  assert.equal(
    both.flat().reduce((sum, receipt) => sum + receipt.heads, 0),
    9,
  )
  assert.deepEqual(await store.uncoveredHeads(1), [])
})

test('more heads than fit into one checkpoint go into the next at once', async () => {
  const { store, secrets } = inMemory('many')
  for (let n = 0; n <= headsPerCheckpoint; n += 1) await store.commit(commitOf(`${n}`, 0, { events: [event(1)] }))
  const receipts = await coverJournals(store, secrets, start)
  assert.deepEqual(
    receipts.map(receipt => receipt.heads),
    [headsPerCheckpoint, 1],
  )
})
