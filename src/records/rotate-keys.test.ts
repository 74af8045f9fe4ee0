import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Unopenable } from '#secrets/sealed-box.ts'
import { Secret } from '#secrets/secret.ts'
import { type Store, StoreAway, type StoredDocument, type SubjectKey } from '#storage/store.ts'
import {
  business,
  changeNumber,
  claimAt,
  claimOf,
  type InMemory,
  idAt,
  inMemory,
  makeNumber,
  numberAt,
  theNumber,
  tickingClock,
} from '#test/cli/stored.ts'
import { createRecords, type Records } from './records.ts'
import { type RotationEnding, type RotationProgress, rotateKeys } from './rotate-keys.ts'

const clock = tickingClock()

async function filled(seed: string, many: number): Promise<InMemory> {
  const all = inMemory(seed)
  for (let n = 0; n < many; n += 1) await makeNumber(all.records, n)
  return all
}

/** Every number is found by each of its names, opens, and is listed once. */
async function assertWhole(records: Records, numbers: readonly number[]): Promise<void> {
  for (const n of numbers) {
    const { document } = await theNumber(records, idAt(n))
    for (const { id } of document.claims) {
      assert.equal((await records.find('number', { purpose: 'claim', value: id }))?.id, idAt(n), `claim ${id} of ${n}`)
    }
    const found = await records.find('number', { purpose: 'number', value: numberAt(n) })
    assert.equal(found?.id, idAt(n), `number ${n}`)
  }
  const { listed } = await records.page('number', { purpose: 'business', value: business }, { limit: 1_000 })
  assert.deepEqual(listed.map(each => each.subject.id).sort(), numbers.map(idAt).sort(), 'listed once each')
}

/** What a rotation must leave behind: everything under the active key, nothing found by an older one. */
async function assertRotated({ store, secrets }: InMemory, keys: number): Promise<void> {
  const { active, indexing } = secrets.keyIds()
  assert.deepEqual(indexing, [active])
  assert.equal((await store.count(active)).underOtherKeys, 0)
  assert.equal(await store.dropHandles([active], 1_000), 0, 'no index by another key is left')
  const states = secrets.ring.keys().map(key => key.state)
  assert.deepEqual(states.sort(), ['active', ...Array(keys - 1).fill('retired')])
}

const endedAs = (ended: RotationEnding) => {
  const { active: _, ...rest } = { active: '', ...ended }
  return rest
}

test('everything is sealed and indexed under a new key, and each stage is told', async () => {
  const all = await filled('rotated', 600)
  const told: RotationProgress[] = []
  const ended = await rotateKeys(all.store, all.secrets, clock, { onProgress: each => told.push(each) })
  assert.deepEqual(endedAs(ended), { kind: 'rotated', resealed: 600, resumed: false })
  await assertRotated(all, 2)
  await assertWhole(all.records, [...Array(600).keys()])
  assert.deepEqual([...new Set(told.map(({ stage }) => stage))], ['promoting', 'sweeping', 'dropping', 'done'])
  const swept = told.filter(({ stage }) => stage === 'sweeping').map(({ done, total }) => [done, total])
  assert.deepEqual(swept, [
    [256, 600],
    [512, 600],
    [600, 600],
  ])
})

test('a PIN and a journal from before stand, and each further rotation adds one key', async () => {
  const all = inMemory('pins')
  const pin = Secret.of('271828')
  const id = await makeNumber(all.records, 1)
  const verifier = await all.secrets.makePinVerifier(pin, id)
  for (let round = 2; round <= 4; round += 1) {
    await rotateKeys(all.store, all.secrets, clock)
    await assertRotated(all, round)
    assert(await all.secrets.checkPin(verifier, id, pin))
    assert(all.secrets.pinVerifierIsOld(verifier))
    assert.equal((await all.records.journal('number', id))[0]?.event.kind, 'number.claimed')
  }
})

test('a rotation over an empty store, and of one that another commit keeps changing', async () => {
  const empty = inMemory('empty')
  assert.equal((await rotateKeys(empty.store, empty.secrets, clock)).kind, 'rotated')
  await assertRotated(empty, 2)

  const all = await filled('raced', 1)
  let races = 5
  const raced: Store = {
    ...all.store,
    async commit(commit) {
      races -= 1
      if (races > 0) await changeNumber(all.records, idAt(0))
      return all.store.commit(commit)
    },
  }
  await rotateKeys(raced, all.secrets, clock)
  await assertRotated(all, 2)
  await assertWhole(all.records, [0])
})

test('a number that comes in behind the sweep, sealed under the old key, is swept too', async () => {
  const all = await filled('behind', 3)
  // Sealed before the new key took over, written after the walk has passed its place.
  let late: (() => Promise<unknown>) | undefined
  const holding: Store = {
    ...all.store,
    async commit(commit) {
      late = () => all.store.commit(commit)
      return { kind: 'committed', version: 1 }
    },
  }
  const settle = async () => {
    if (late === undefined) await makeNumber(createRecords(holding, all.secrets), 7)
  }
  const passing: Store = {
    ...all.store,
    async walk(after, limit) {
      const batch = await all.store.walk(after, limit)
      if (batch.length === 0) await late?.()
      return batch
    },
  }
  await rotateKeys(passing, all.secrets, clock, { settle })
  await assertRotated(all, 2)
  await assertWhole(all.records, [0, 1, 2, 7])
})

test('a commit that is on its way when the new key takes over is waited for', async () => {
  const all = inMemory('on its way')
  const onItsWay: (() => Promise<unknown>)[] = []
  const inOrder: Store = {
    ...all.store,
    async commit(commit) {
      onItsWay.push(() => all.store.commit(commit))
      return { kind: 'committed', version: 1 }
    },
  }
  const settle = async () => {
    if (onItsWay.length === 0) await makeNumber(createRecords(inOrder, all.secrets), 1)
  }
  const probe = async () => {
    for (const write of onItsWay) await write()
  }
  await rotateKeys({ ...all.store, probe }, all.secrets, clock, { settle })
  await assertRotated(all, 2)
  await assertWhole(all.records, [1])
})

test('stopped while old indexes are dropped, it drops the rest the next time, and makes no further key', async () => {
  const all = await filled('dropping', 400)
  const stopping = new AbortController()
  const onProgress = ({ stage }: RotationProgress) => {
    if (stage === 'dropping') stopping.abort()
  }
  const first = await rotateKeys(all.store, all.secrets, clock, { onProgress, signal: stopping.signal })
  assert.equal(first.kind, 'stopped')
  const ended = await rotateKeys(all.store, all.secrets, clock)
  assert.deepEqual(endedAs(ended), { kind: 'rotated', resealed: 0, resumed: true })
  await assertRotated(all, 2)
})

test('a document that does not open is named, and the old key goes on finding it until it is mended', async () => {
  const all = await filled('unreadable', 5)
  let mended = false
  const asItIs = (subject: SubjectKey, row: StoredDocument | undefined) =>
    row && subject.id === idAt(2) && !mended ? { ...row, body: row.body.toReversed() } : row
  const damaged: Store = {
    ...all.store,
    read: async subject => asItIs(subject, await all.store.read(subject)),
    async readHolder(indexes) {
      const held = await all.store.readHolder(indexes)
      return held && { ...held, stored: asItIs(held.subject, held.stored) ?? held.stored }
    },
  }
  const subject = { kind: 'number', id: idAt(2) }
  assert.deepEqual(await rotateKeys(damaged, all.secrets, clock), { kind: 'document_unreadable', subject })
  const named = createRecords(damaged, all.secrets).find('number', { purpose: 'number', value: numberAt(2) })
  await assert.rejects(named, Unopenable, 'found, so nobody can register it anew')
  mended = true
  const ended = await rotateKeys(damaged, all.secrets, clock)
  assert.deepEqual(endedAs(ended), { kind: 'rotated', resealed: 1, resumed: true })
  await assertRotated(all, 2)
})

test('whenever it is cut off, and whatever is committed meanwhile, all is found, and the next run goes through with it', async () => {
  const seed = randomInt(2 ** 31)
  const steps = { maxLength: 12 }
  const step = fc.record({ n: fc.nat(9), what: fc.constantFrom('event', 'claim', 'unclaim', 'number') })
  await fc.assert(
    fc.asyncProperty(
      fc.nat(24),
      fc.constantFrom('before', 'after', 'signal'),
      fc.array(step, steps),
      async (cutAt, how, meanwhile) => {
        const all = await filled('crash', 5)
        const numbers = [...Array(5).keys()]
        const todo = [...meanwhile]
        const live = async (): Promise<void> => {
          const next = todo.pop()
          if (next === undefined) return
          const { n, what } = next
          if (what === 'number') numbers.push(await numbered(all.records, numbers.length))
          else
            await changeNumber(all.records, idAt(n % 5), document => ({
              ...document,
              claims: claimsAfter(what, n, document.claims),
            }))
        }
        let lane = Promise.resolve()
        const cut = await cutOff(all, cutAt, how, () => {
          lane = lane.then(live).then(() => assertWhole(all.records, numbers))
          return lane
        })
        await lane
        await assertWhole(all.records, numbers)
        for (const _ of meanwhile) await live()
        all.secrets.ring.reload()
        await rotateKeys(all.store, all.secrets, clock)
        const many = all.secrets.ring.keys().length
        // Cut off when nothing was left to do, the next run is a new one.
        assert(
          many === 2 || (many === 3 && (cut === 'dropHandles' || cut === undefined)),
          `${many} keys, cut at ${cut}`,
        )
        await assertRotated(all, many)
        await assertWhole(all.records, numbers)
      },
    ),
    { seed, numRuns: 30 },
  )
})

async function numbered(records: Records, n: number): Promise<number> {
  await makeNumber(records, n)
  return n
}

type Claims = Awaited<ReturnType<typeof theNumber>>['document']['claims']

function claimsAfter(what: 'event' | 'claim' | 'unclaim', n: number, claims: Claims): Claims {
  const [listed, ...others] = claims
  if (what === 'event' || listed === undefined) return claims
  if (what === 'unclaim') return [listed]
  return [listed, ...others, claimOf(claimAt(1_000 + n * 50 + others.length), 'another business')]
}

/** Rotates until the nth call of the store, and is cut off there; answers which call it was, if it came to that. */
async function cutOff(
  { store, secrets }: InMemory,
  cutAt: number,
  how: 'before' | 'after' | 'signal',
  between: () => Promise<void>,
): Promise<string | undefined> {
  const stopping = new AbortController()
  let calls = 0
  let cut: string | undefined
  const watched = <Args extends unknown[], Answer>(name: string, call: (...args: Args) => Promise<Answer>) => {
    return async (...args: Args): Promise<Answer> => {
      await between()
      const now = calls++ === cutAt
      if (now) cut = name
      if (now && how === 'before') throw new StoreAway('cut off')
      if (now && how === 'signal') stopping.abort()
      const answer = await call(...args)
      if (now && how === 'after') throw new StoreAway('cut off')
      return answer
    }
  }
  const failing: Store = {
    ...store,
    count: watched('count', store.count),
    walk: watched('walk', store.walk),
    read: watched('read', store.read),
    commit: watched('commit', store.commit),
    dropHandles: watched('dropHandles', store.dropHandles),
    probe: watched('probe', store.probe),
  }
  try {
    await rotateKeys(failing, secrets, clock, { settle: between, signal: stopping.signal })
  } catch (error) {
    assert(error instanceof StoreAway, `${error}`)
  }
  return cut
}
