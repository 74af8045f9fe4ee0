import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import type { Commit } from '#storage/store.ts'
import {
  business,
  causeAt,
  changeNumber,
  claimAt,
  claimOf,
  idAt,
  inMemory,
  makeNumber,
  numberAt,
  start,
  theNumber,
} from '#test/cli/stored.ts'
import { foundBy, providerMessage } from './kinds.ts'
import { open, openMessage, sealCommit } from './records.ts'

const nothing = { events: [], messages: [] }
const listed = { gathering: { purpose: 'business', value: business }, limit: 10 } as const

test('what is committed is read back, found by its names, and listed where it belongs', async () => {
  const { records } = inMemory('kept')
  const id = await makeNumber(records, 1)
  const { document, version, head } = await theNumber(records, id)
  assert.equal(document.number, numberAt(1))
  assert.equal(version, 1)
  assert.equal(head.sequence, 1)
  assert.equal((await records.find('number', { purpose: 'number', value: numberAt(1) }))?.id, id)
  assert.equal((await records.find('number', { purpose: 'claim', value: claimAt(1) }))?.id, id)
  assert.equal(await records.find('number', { purpose: 'claim', value: numberAt(1) }), undefined)
  const page = await records.page('number', listed.gathering, { limit: 10 })
  assert.deepEqual(
    page.listed.map(each => each.subject.id),
    [id],
  )
})

test('what is removed is found by nothing any more, under any key, and its names are free', async () => {
  const { records, secrets } = inMemory('removed')
  const message = { channel: 'email', to: 'owner@bakery.example', text: 'Hello' } as const
  const attempts = [{ provider: 'one', at: start, state: 'taken', ref: 'SM1' }] as const
  const document = { seen: start, row: idAt(8), message, expires: instantAt(start + 9), attempts }
  const name = { purpose: 'provider-message', value: providerMessage('one', 'SM1') } as const
  secrets.ring.addJoining(start)
  await records.commit(records.unborn('delivery', idAt(8), document), { document, ...nothing }, causeAt(start))
  const stored = await records.find('delivery', name)
  assert(stored !== undefined)
  assert.equal(await records.remove(stored), true)
  assert.equal(await records.idOf('delivery', name), undefined)
  const next = records.unborn('delivery', idAt(9), document)
  assert.equal((await records.commit(next, { document, ...nothing }, causeAt(start))).kind, 'committed')
  assert.equal(await records.idOf('delivery', name), idAt(9))
})

test('no number, address, claim or event shows in what is stored', async () => {
  const { records, store } = inMemory('sealed')
  const id = await makeNumber(records, 1)
  const message = { channel: 'email', to: 'owner@bakery.example', text: 'Your code is 123456' } as const
  const subject = await theNumber(records, id)
  const outgoing = { message, due: start, expires: instantAt(start + 9) }
  const changes = { document: subject.document, events: [], messages: [outgoing] }
  await records.commit(subject, changes, causeAt(start))
  const stored = JSON.stringify(
    [await store.walk(undefined, 9), await store.journal({ kind: 'number', id }, 1, 9), await store.keptMessages(9)],
    (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value),
  )
  for (const word of [numberAt(1).slice(1), claimAt(1), 'bakery', '123456', 'claimed'])
    assert(!stored.includes(word), word)
  const [kept] = await store.keptMessages(9)
  assert(kept !== undefined)
  assert.deepEqual(openMessage(records.secrets, kept), message)
})

test('a document opens only as its subject, in its version', async () => {
  const { records, store, secrets } = inMemory('bound')
  const one = await makeNumber(records, 1)
  await makeNumber(records, 2)
  const old = await store.read({ kind: 'number', id: one })
  await changeNumber(records, one)
  const now = await store.read({ kind: 'number', id: one })
  assert(old !== undefined && now !== undefined)
  assert.equal(open(secrets, 'number', one, now).version, 2)
  assert.throws(() => open(secrets, 'number', idAt(2), old), Unopenable, 'copied over another')
  assert.throws(() => open(secrets, 'business', one, now), Unopenable, 'as another kind')
  assert.throws(() => open(secrets, 'number', one, { ...old, version: 2 }), Unopenable, 'set back in a newer row')
})

test('a name that goes with a commit is free for another subject, and one that stays is not', async () => {
  const { records } = inMemory('names')
  const id = await makeNumber(records, 1)
  await changeNumber(records, id, document => ({ ...document, claims: [] }))
  assert.equal(await records.find('number', { purpose: 'claim', value: claimAt(1) }), undefined)
  const page = await records.page('number', listed.gathering, { limit: 10 })
  assert.deepEqual(page.listed, [])

  const { document } = await theNumber(records, id)
  const twin = records.unborn('number', idAt(2), { ...document, claims: [claimOf(claimAt(1))] })
  const ended = await records.commit(twin, { ...nothing, document: twin.document }, causeAt(start))
  assert.equal(ended.kind, 'handle_taken', 'a number has one subject')
})

test('of two who commit against the same reading, the second changes nothing', async () => {
  const { records } = inMemory('race')
  const id = await makeNumber(records, 1)
  const subject = await theNumber(records, id)
  const events = [{ kind: 'code.right', claim: claimAt(1) }] as const
  const commit = () => records.commit(subject, { document: subject.document, events, messages: [] }, causeAt(start))
  assert.deepEqual(
    (await Promise.all([commit(), commit()])).map(ended => ended.kind),
    ['committed', 'lost_race'],
  )
  assert.equal((await records.journal('number', id)).length, 2)
})

test('only what changes of the names is written, until the key is another: then all, under every key that indexes', async () => {
  const { records, secrets } = inMemory('writes')
  const id = await makeNumber(records, 1)
  const commitOf = async (): Promise<Commit> => {
    const subject = await theNumber(records, id)
    return sealCommit(secrets, subject, { ...nothing, document: subject.document }, causeAt(start))
  }
  const keysOf = ({ claims, joins }: Commit) => [
    claims.map(claim => claim.keyId).sort(),
    joins.map(({ gathering }) => gathering.keyId).sort(),
  ]
  assert.deepEqual(keysOf(await commitOf()), [[], []])
  const [old = ''] = secrets.keyIds().indexing
  const young = secrets.ring.addJoining(start)
  assert.deepEqual(keysOf(await commitOf()), [[], []], 'a joining key seals nothing yet')
  secrets.ring.promote(young)
  const each = (times: number) => [...Array(times).fill(old), ...Array(times).fill(young)].sort()
  const { places } = foundBy.number((await theNumber(records, id)).document)
  assert.deepEqual(keysOf(await commitOf()), [each(2), each(places.length)])
  await changeNumber(records, id)
  assert.deepEqual(keysOf(await commitOf()), [[], []])
})
