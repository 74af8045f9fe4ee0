// What cannot be done to a file in passing: a store that moves or lies while it is read. The rest is in test/cli.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store, StoredCheckpoint, StoreReader, SubjectKey } from '#storage/store.ts'
import { changeNumber, claimAt, inMemory, makeNumber, start, tickingClock } from '#test/cli/stored.ts'
import { coverJournals, type Receipt } from './checkpoint.ts'
import { rotateKeys } from './rotate-keys.ts'
import { verifyJournal } from './verify-journal.ts'

/** Three numbers with four events each, and a checkpoint after every round. */
async function grown(seed: string) {
  const all = inMemory(seed)
  const ids: string[] = []
  for (let n = 1; n <= 3; n += 1) ids.push(await makeNumber(all.records, n))
  const receipts: Receipt[] = []
  for (let round = 0; round < 3; round += 1) {
    for (const id of ids) await changeNumber(all.records, id)
    receipts.push(...(await coverJournals(all.store, all.secrets, start)))
  }
  const [first = ''] = ids
  return { ...all, ids, receipts, first: { kind: 'number', id: first } }
}

const without = (store: StoreReader, ...numbers: readonly number[]): StoreReader => ({
  ...store,
  checkpoints: async (from, limit) =>
    (await store.checkpoints(from, limit)).filter(({ number }) => !numbers.includes(number)),
})

test('what was read is counted, and what no checkpoint covers yet', async () => {
  const { store, secrets, records, ids, receipts } = await grown('counted')
  const clean = await verifyJournal(store, secrets, { receipts })
  assert.deepEqual(clean, {
    subjects: 3,
    events: 12,
    checkpoints: 3,
    uncovered: 0,
    uncoveredSince: undefined,
    findings: [],
  })
  const [first = ''] = ids
  await changeNumber(records, first)
  await changeNumber(records, first)
  const { uncovered, uncoveredSince } = await verifyJournal(store, secrets)
  assert.deepEqual([uncovered, uncoveredSince], [2, start])
})

test('commits and rotations in the middle of reading are no finding', async () => {
  const { store, secrets, records, ids, receipts } = await grown('moving')
  let looked = 0
  const move = async (): Promise<void> => {
    looked += 1
    for (const id of ids) await changeNumber(records, id)
    if (looked % 5 === 0) await coverJournals(store, secrets, start)
    if (looked === 3 || looked === 12) await rotateKeys(store, secrets, tickingClock())
  }
  // A verifier in another process: it knows the keys as they were when it read them.
  let keys = secrets.ring.keys()
  const ring = {
    ...secrets.ring,
    reload: () => {
      keys = secrets.ring.keys()
    },
  }
  const elsewhere = {
    ...secrets,
    ring,
    open: (...[binding, box]: Parameters<typeof secrets.open>) => {
      assert(
        keys.some(key => key.id === box.keyId),
        'a key that this process has not read yet',
      )
      return secrets.open(binding, box)
    },
  }
  const busy: StoreReader = {
    ...store,
    async read(subject) {
      const stored = await store.read(subject)
      await move()
      return stored
    },
    async journal(subject, from, limit) {
      await move()
      return store.journal(subject, from, limit)
    },
  }
  assert.deepEqual((await verifyJournal(busy, elsewhere, { receipts })).findings, [])
  assert(looked > 12)
})

test('a checkpoint that was taken away is named, and not the one behind it', async () => {
  const { store, secrets, receipts } = await grown('gap')
  const found = async (...gone: number[]) =>
    (await verifyJournal(without(store, ...gone), secrets, { receipts })).findings
  assert.deepEqual(await found(2), [{ kind: 'checkpoint_removed', number: 2 }])
  assert.deepEqual(await found(1, 2), [{ kind: 'checkpoint_removed', number: 1 }])
  assert.deepEqual(await found(3), [{ kind: 'checkpoint_removed', number: 3 }])
  assert.deepEqual((await verifyJournal(without(store, 3), secrets)).findings, [], 'only a receipt shows a cut tail')
})

test('a checkpoint that was changed is named, and not the one behind it', async () => {
  const { store, secrets, receipts } = await grown('changed')
  const edit = (edited: number, change: (stored: StoredCheckpoint) => StoredCheckpoint): StoreReader => ({
    ...store,
    checkpoints: async (from, limit) =>
      (await store.checkpoints(from, limit)).map(each => (each.number === edited ? change(each) : each)),
  })
  const flip = ({ number, body }: StoredCheckpoint) => ({
    number,
    body: Uint8Array.from(body, (byte, at) => (at === 20 ? byte ^ 1 : byte)),
  })
  const { findings } = await verifyJournal(edit(2, flip), secrets, { receipts })
  assert.deepEqual(findings, [{ kind: 'checkpoint_edited', number: 2 }])
})

test('a checkpoint numbered far ahead is one finding, not as many as numbers were left out', async () => {
  const { store, secrets } = await grown('far')
  const [last] = await store.checkpoints(3, 1)
  const far = { number: 2 ** 52, body: last?.body ?? new Uint8Array(0) }
  const lying: StoreReader = {
    ...store,
    checkpoints: async from => (from <= 3 ? await store.checkpoints(from, 9) : from <= far.number ? [far] : []),
  }
  const kinds = (await verifyJournal(lying, secrets)).findings.map(({ kind }) => kind)
  assert.deepEqual(kinds, ['checkpoint_removed', 'checkpoint_edited'])
})

test('a chain that was replaced by another is found, and from where on, though the newest checkpoint agrees', async () => {
  const { store, secrets, first, receipts } = await grown('set back')
  // The first number as it was after its first event, and how it lived on from there.
  const other = inMemory('set back')
  await makeNumber(other.records, 1)
  await changeNumber(other.records, first.id, document => document, [{ kind: 'pin.removed', claim: claimAt(1) }])
  const replaced: StoreReader = {
    ...store,
    read: subject => (same(subject, first) ? other : { store }).store.read(subject),
    journal: (subject, ...rest) => (same(subject, first) ? other : { store }).store.journal(subject, ...rest),
  }
  const rewritten = { kind: 'rewritten', subject: first, sequence: 2, number: 1 }
  assert.deepEqual((await verifyJournal(replaced, secrets, { receipts })).findings, [rewritten])

  const later: StoredCheckpoint[] = []
  const signing: Store = {
    ...other.store,
    uncoveredHeads: async limit => (later.length > 0 ? [] : other.store.uncoveredHeads(limit)),
    lastCheckpoint: store.lastCheckpoint,
    async addCheckpoint(checkpoint) {
      later.push(checkpoint)
      return true
    },
  }
  await coverJournals(signing, secrets, start)
  const agreeing: StoreReader = {
    ...replaced,
    checkpoints: async (from, limit) => [...(await store.checkpoints(from, limit)), ...(from <= 4 ? later : [])],
  }
  const { findings, checkpoints } = await verifyJournal(agreeing, secrets, { receipts })
  assert.deepEqual([findings, checkpoints], [[rewritten], 4])
})

test('a document that was set back alone, to before its newest events, is found', async () => {
  const { store, secrets, records, first } = await grown('document set back')
  const old = await store.read(first)
  await changeNumber(records, first.id)
  const setBack: StoreReader = { ...store, read: async key => (same(key, first) ? old : store.read(key)) }
  const found = { kind: 'document_set_back', subject: first, sequence: 5 }
  assert.deepEqual((await verifyJournal(setBack, secrets)).findings, [found])
})

test('a subject whose whole journal is gone is found by its document; one that is gone wholly, by its checkpoint', async () => {
  const { store, secrets, first, receipts } = await grown('gone')
  const noJournal: StoreReader = {
    ...store,
    walkJournals: async (after, limit) => (await store.walkJournals(after, limit)).filter(each => !same(each, first)),
    journal: async (subject, from, limit) => (same(subject, first) ? [] : store.journal(subject, from, limit)),
  }
  const cutOff = { kind: 'cut_off', subject: first, sequence: 1 }
  assert.deepEqual((await verifyJournal(noJournal, secrets, { receipts })).findings, [cutOff])
  const never = without(noJournal, 1, 2, 3)
  assert.deepEqual((await verifyJournal(never, secrets)).findings, [cutOff], 'also before the first checkpoint')

  const nothing: StoreReader = {
    ...noJournal,
    read: async subject => (same(subject, first) ? undefined : store.read(subject)),
    walk: async (after, limit) => (await store.walk(after, limit)).filter(each => !same(each.subject, first)),
  }
  const removed = { kind: 'removed', subject: first, sequence: 1 }
  assert.deepEqual((await verifyJournal(nothing, secrets, { receipts })).findings, [removed])
})

test('a ruin is not listed to its end', async () => {
  const { store, secrets, receipts } = await grown('ruin')
  const ruin: StoreReader = { ...store, read: async () => undefined }
  assert.equal((await verifyJournal(ruin, secrets, { receipts })).findings.length, 3)
  const { findings, subjects } = await verifyJournal(ruin, secrets, { receipts, most: 2 })
  assert.deepEqual([findings.length, subjects], [2, 2])
})

const same = (one: SubjectKey, other: SubjectKey): boolean => one.kind === other.kind && one.id === other.id
