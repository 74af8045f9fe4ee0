// Any history of commands, put to a store and to the simplest model of one: every answer is the same. The model keeps
// lists and searches them; it is slow, and plainly right.

import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Instant, instantAt } from '#core/kernel/instant.ts'
import type {
  Commit,
  CommitEnding,
  Handle,
  JournalHead,
  JournalRow,
  KeptMessage,
  Membership,
  Page,
  PageRequest,
  Settlement,
  Store,
  SubjectKey,
  TakenMessage,
} from '#storage/store.ts'
import { bytes, commitOf, event, handle, message, number, place, removalOf } from './samples.ts'
import { stores } from './stores.ts'

/** One thing done to a store. What depends on its state (a right version, the next event) is worked out on the way. */
type Command =
  | {
      readonly kind: 'commit'
      readonly subject: string
      readonly removes: boolean
      readonly expects: 'right' | 'wrong'
      readonly claims: readonly Handle[]
      readonly releases: readonly Handle[]
      readonly joins: readonly Membership[]
      readonly leaves: readonly Membership[]
      readonly events: number
      readonly messages: readonly number[]
    }
  | { readonly kind: 'resend' }
  | { readonly kind: 'find'; readonly names: readonly Handle[] }
  | { readonly kind: 'page'; readonly keys: readonly string[]; readonly request: PageRequest }
  | { readonly kind: 'journal'; readonly subject: string; readonly from: number; readonly limit: number }
  | { readonly kind: 'take'; readonly now: number; readonly lease: number; readonly limit: number }
  | { readonly kind: 'settle'; readonly message: number; readonly settlement: Settlement }
  | { readonly kind: 'drop-kept'; readonly now: number }
  | { readonly kind: 'drop-handles'; readonly keep: readonly string[] }
  | { readonly kind: 'checkpoint'; readonly right: boolean; readonly covers: number }
  | { readonly kind: 'look'; readonly limit: number }

const subjects = ['a', 'b', 'c', 'd']
const keys = ['key-1', 'key-2']

const keyId = fc.constantFrom(...keys)
const aHandle = fc.tuple(fc.constantFrom('+1', '+2', '+3'), keyId).map(([name, key]) => handle(name, key))
const anEnd = fc.record({ position: fc.constantFrom('1', '2', '3'), member: fc.constantFrom(...subjects, 'x') })
const time = fc.integer({ min: 0, max: 60 })
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 })
const limit = fc.integer({ min: 1, max: 5 })

/** Places of a subject bear its own name, so no two subjects want the same one. */
const placesOf = (subject: string) => {
  return few(fc.tuple(fc.constantFrom('1', '2', '3'), keyId).map(([at, key]) => place('g', at, subject, key)))
}

const aCommit: fc.Arbitrary<Command> = fc.constantFrom(...subjects).chain(subject =>
  fc.record({
    kind: fc.constant('commit' as const),
    subject: fc.constant(subject),
    removes: fc.nat(5).map(dice => dice === 0),
    expects: fc.constantFrom('right', 'right', 'right', 'right', 'wrong'),
    claims: few(aHandle),
    releases: few(aHandle),
    joins: placesOf(subject),
    leaves: placesOf(subject),
    events: fc.nat(2),
    messages: few(time),
  }),
)

const aSettlement: fc.Arbitrary<Settlement> = fc.oneof(
  fc.record({
    kind: fc.constant('sent' as const),
    at: time.map(instantAt),
    keepUntil: fc.option(time.map(instantAt), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('again' as const), due: time.map(instantAt) }),
  fc.record({
    kind: fc.constant('dead' as const),
    at: time.map(instantAt),
    reason: fc.constantFrom('expired', 'refused'),
  }),
)

const aRequest: fc.Arbitrary<PageRequest> = fc
  .tuple(limit, fc.constantFrom('ascending', 'descending'), fc.constantFrom('none', 'after', 'before'), anEnd)
  .map(([limit, order, end, at]) => ({ limit, order, ...(end === 'none' ? {} : { [end]: at }) }))

const aCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: aCommit },
  fc.record({ kind: fc.constant('resend' as const) }),
  fc.record({ kind: fc.constant('find' as const), names: few(aHandle) }),
  fc.record({ kind: fc.constant('page' as const), keys: few(keyId), request: aRequest }),
  fc.record({
    kind: fc.constant('journal' as const),
    subject: fc.constantFrom(...subjects),
    from: fc.integer({ min: 1, max: 9 }),
    limit,
  }),
  fc.record({ kind: fc.constant('take' as const), now: time, lease: time, limit }),
  fc.record({ kind: fc.constant('settle' as const), message: fc.nat(30), settlement: aSettlement }),
  fc.record({ kind: fc.constant('drop-kept' as const), now: time }),
  fc.record({ kind: fc.constant('drop-handles' as const), keep: fc.subarray(keys) }),
  fc.record({ kind: fc.constant('checkpoint' as const), right: fc.boolean(), covers: fc.nat(4) }),
  fc.record({ kind: fc.constant('look' as const), limit }),
)

type ModelSubject = { version: number; last: string; document: Commit['document']; events: JournalRow[] }
type ModelMessage = TakenMessage &
  Pick<KeptMessage, 'state' | 'settledAt' | 'reason'> & {
    free: Instant
    keepUntil: Instant | undefined
  }

/** A store as lists. */
class Model {
  readonly subjects = new Map<string, ModelSubject>()
  handles: { holder: string; handle: Handle }[] = []
  places: { holder: string; place: Membership }[] = []
  messages: ModelMessage[] = []
  uncovered: JournalHead[] = []
  checkpoints = 0

  commit(commit: Commit): CommitEnding {
    const { id } = commit.subject
    const found = this.subjects.get(id)
    if (found?.last === commit.commitId) return { kind: 'committed', version: found.version }
    if ((found?.document ? found.version : 0) !== commit.expects) return { kind: 'lost_race' }
    const newest = found?.events.length ?? 0
    if (commit.events.some(({ sequence }) => sequence <= newest)) return { kind: 'lost_race' }
    for (const { index } of commit.claims) {
      const held = this.handles.find(one => isEqual(one.handle.index, index))
      if (held && held.holder !== id) return { kind: 'handle_taken' }
    }

    const subject = found ?? { version: 0, last: '', document: undefined, events: [] }
    this.subjects.set(id, subject)
    subject.version += 1
    subject.last = commit.commitId
    subject.document = commit.document
    subject.events.push(...commit.events)
    const head = subject.events.at(-1)
    if (head && commit.events.length > 0) {
      this.uncovered = this.uncovered.filter(one => one.subject.id !== id)
      this.uncovered.push({ subject: commit.subject, sequence: head.sequence, hash: head.hash })
      this.uncovered.sort((a, b) => (a.subject.id < b.subject.id ? -1 : 1))
    }
    this.#move(id, commit)
    for (const row of commit.messages) {
      const fresh = { attempt: 0, free: row.due, state: 'waiting', settledAt: undefined } as const
      this.messages.push({ ...row, ...fresh, keepUntil: undefined, reason: undefined })
    }
    return { kind: 'committed', version: subject.version }
  }

  #move(id: string, commit: Commit): void {
    const isOwn = (one: { holder: string }) => one.holder === id
    const samePlace = (one: Membership, other: Membership) =>
      isEqual(one.gathering.index, other.gathering.index) &&
      one.position === other.position &&
      one.member === other.member
    const given = (handle: Handle) => commit.releases.some(({ index }) => isEqual(index, handle.index))
    const left = (place: Membership) => commit.leaves.some(other => samePlace(place, other))
    this.handles = this.handles.filter(one => !(isOwn(one) && given(one.handle)))
    this.places = this.places.filter(one => !(isOwn(one) && left(one.place)))
    for (const claim of commit.claims) {
      if (!this.handles.some(one => isEqual(one.handle.index, claim.index)))
        this.handles.push({ holder: id, handle: claim })
    }
    for (const join of commit.joins) {
      if (!this.places.some(one => samePlace(one.place, join))) this.places.push({ holder: id, place: join })
    }
  }

  find(names: readonly Handle[]): SubjectKey | undefined {
    for (const { index } of names) {
      const held = this.handles.find(one => isEqual(one.handle.index, index))
      if (held) return number(held.holder)
    }
    return undefined
  }

  page(keyIds: readonly string[], { limit, after, before, order }: PageRequest): Page {
    const textOf = ({ position, member }: { position: string; member: string }) => `${position} ${member}`
    const all = new Map(
      this.places
        .filter(({ place }) => keyIds.includes(place.gathering.keyId))
        .map(({ holder, place: { position, member } }) => {
          return [textOf({ position, member }), { position, member, subject: number(holder) }]
        }),
    )
    let names = [...all.keys()].sort()
    if (order === 'descending') names.reverse()
    const comesBefore = (one: string, other: string) => (order === 'descending' ? one > other : one < other)
    if (after) names = names.filter(name => comesBefore(textOf(after), name))
    if (before) names = names.filter(name => comesBefore(name, textOf(before)))
    const chosen = before ? names.slice(-limit) : names.slice(0, limit)
    return { members: chosen.flatMap(name => all.get(name) ?? []), more: names.length > limit }
  }

  take(now: Instant, lease: Instant, limit: number): TakenMessage[] {
    const free = this.messages.filter(one => one.state === 'waiting' && one.free <= now)
    free.sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
    return free.slice(0, limit).map(one => {
      one.free = lease
      const { id, due, expires, keyId, body } = one
      const attempt = one.attempt + 1
      this.messages[this.messages.indexOf(one)] = { ...one, attempt }
      return { id, due, expires, keyId, body, attempt }
    })
  }

  settle(id: string, settlement: Settlement): void {
    const at = this.messages.findIndex(one => one.id === id && one.state === 'waiting')
    const found = this.messages[at]
    if (!found) return
    if (settlement.kind === 'again') {
      this.messages[at] = { ...found, due: settlement.due, free: settlement.due }
    } else if (settlement.kind === 'dead') {
      this.messages[at] = { ...found, state: 'dead', settledAt: settlement.at, reason: settlement.reason }
    } else {
      const { keepUntil } = settlement
      this.messages[at] = { ...found, state: 'sent', settledAt: settlement.at, keepUntil }
      if (keepUntil === undefined) this.messages.splice(at, 1)
    }
  }

  kept(limit: number): KeptMessage[] {
    const newestFirst = this.messages.toSorted((a, b) => b.due - a.due || (a.id < b.id ? 1 : -1))
    return newestFirst.slice(0, limit).map(({ id, due, expires, keyId, body, state, settledAt, reason }) => {
      return { id, due, expires, keyId, body, state, settledAt, reason }
    })
  }
}

const isEqual = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

/** Puts one command to both and compares the answers. `state` carries what the next commands build on. */
async function put(
  command: Command,
  store: Store,
  model: Model,
  state: { last: Commit | undefined; messages: number },
) {
  switch (command.kind) {
    case 'commit': {
      const commit = commitFor(command, model, state)
      state.last = commit
      assert.deepEqual(await store.commit(commit), model.commit(commit))
      return
    }
    case 'resend':
      if (state.last) assert.deepEqual(await store.commit(state.last), model.commit(state.last))
      return
    case 'find': {
      const indexes = command.names.map(({ index }) => index)
      const subject = model.find(command.names)
      assert.deepEqual(await store.find(indexes), subject)
      const held = subject && { subject, stored: await store.read(subject) }
      assert.deepEqual(await store.readHolder(indexes), held)
      return
    }
    case 'page': {
      const indexes = command.keys.map(key => handle('g', key).index)
      assert.deepEqual(await store.page(indexes, command.request), model.page(command.keys, command.request))
      return
    }
    case 'journal': {
      const events = model.subjects.get(command.subject)?.events ?? []
      const rows = events.slice(command.from - 1, command.from - 1 + command.limit)
      assert.deepEqual(await store.journal(number(command.subject), command.from, command.limit), rows)
      return
    }
    case 'take': {
      const now = instantAt(command.now)
      const lease = instantAt(command.now + command.lease)
      assert.deepEqual(await store.takeMessages(now, lease, command.limit), model.take(now, lease, command.limit))
      return
    }
    case 'settle': {
      const id = nameOfMessage(command.message)
      await store.settleMessages([{ id, settlement: command.settlement }])
      model.settle(id, command.settlement)
      return
    }
    case 'drop-kept':
      await store.dropKeptMessages(instantAt(command.now))
      model.messages = model.messages.filter(one => one.keepUntil === undefined || one.keepUntil > command.now)
      return
    case 'drop-handles': {
      const { keep } = command
      const before = model.handles.length + model.places.length
      model.handles = model.handles.filter(one => keep.includes(one.handle.keyId))
      model.places = model.places.filter(one => keep.includes(one.place.gathering.keyId))
      assert.equal(await store.dropHandles(keep, 1_000), before - model.handles.length - model.places.length)
      return
    }
    case 'checkpoint': {
      const covered = model.uncovered.slice(0, command.covers)
      const checkpoint = { number: model.checkpoints + (command.right ? 1 : 0), body: bytes('checkpoint') }
      assert.equal(await store.addCheckpoint(checkpoint, covered), command.right)
      if (!command.right) return
      model.checkpoints += 1
      model.uncovered = model.uncovered.filter(head => !covered.includes(head))
      return
    }
    case 'look':
      await look(store, model, command.limit)
      return
  }
}

function commitFor(command: Extract<Command, { kind: 'commit' }>, model: Model, state: { messages: number }): Commit {
  const found = model.subjects.get(command.subject)
  const standing = found?.document ? found.version : 0
  const expects = command.expects === 'right' ? standing : standing + 1
  const newest = found?.events.length ?? 0
  const events = Array.from({ length: command.events }, (_, at) => event(newest + at + 1))
  const messages = command.messages.map(due => message(nameOfMessage(state.messages++), due))
  if (command.removes && expects > 0) {
    const held = <T extends { holder: string }>(all: T[]) => all.filter(({ holder }) => holder === command.subject)
    const releases = held(model.handles).map(({ handle }) => handle)
    const leaves = held(model.places).map(({ place }) => place)
    return removalOf(command.subject, expects, { releases, leaves, events, messages })
  }
  const { claims, releases, joins, leaves } = command
  return commitOf(command.subject, expects, { claims, releases, joins, leaves, events, messages })
}

const nameOfMessage = (at: number): string => `m${String(at).padStart(4, '0')}`

/** All that can be seen of both is the same. */
async function look(store: Store, model: Model, limit: number): Promise<void> {
  const live = subjects.filter(id => model.subjects.get(id)?.document)
  const expected = live.map(id => ({ subject: number(id), stored: storedOf(model.subjects.get(id)) }))
  assert.deepEqual(await store.walk(undefined, limit), expected.slice(0, limit))
  for (const { subject, stored } of expected) assert.deepEqual(await store.read(subject), stored)
  assert.deepEqual(await store.count('key-1'), { documents: live.length, underOtherKeys: 0 })
  const withEvents = subjects.filter(id => model.subjects.get(id)?.events.length)
  assert.deepEqual(await store.walkJournals(undefined, limit), withEvents.map(number).slice(0, limit))
  assert.deepEqual(await store.uncoveredHeads(limit), model.uncovered.slice(0, limit))
  assert.deepEqual(await store.keptMessages(limit), model.kept(limit))
  const free = model.messages.filter(({ state }) => state === 'waiting').map(one => one.free)
  assert.equal(await store.nextMessageDue(), free.length === 0 ? undefined : Math.min(...free))
  assert.equal((await store.lastCheckpoint())?.number ?? 0, model.checkpoints)
}

function storedOf(subject: ModelSubject | undefined) {
  assert.ok(subject?.document)
  return { version: subject.version, ...subject.document }
}

for (const [name, { open, histories }] of Object.entries(stores)) {
  test(`${name} store: any history of commands is answered as by the simplest model`, async t => {
    const seed = randomInt(2 ** 31)
    t.diagnostic(`seed ${seed}`)
    const history = fc.array(aCommand, { minLength: 20, maxLength: 80, size: 'max' })
    const property = fc.asyncProperty(history, async commands => {
      const { store, clear } = await open()
      try {
        const model = new Model()
        const state = { last: undefined, messages: 0 }
        for (const command of commands) await put(command, store, model, state)
        await look(store, model, 100)
      } finally {
        await store.close()
        await clear()
      }
    })
    await fc.assert(property, { seed, numRuns: histories })
  })
}
