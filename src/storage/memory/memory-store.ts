// A store in memory, for tests, the simulation and whoever wants to read what a store does without SQL. Compare-and-swap
// is real; nothing outlives the process. What is read is what was committed, not a copy: rows are never changed in place.

import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import {
  assertLimit,
  assertNextCheckpoint,
  assertPageRequest,
  assertSettlements,
  assertSound,
  comparePlaces,
  compareSubjects,
  compareText,
  eventsGoOn,
  firstSubject,
  readingOf,
} from '../commit-rules.ts'
import { mergePage } from '../page.ts'
import {
  type Commit,
  type CommitEnding,
  type JournalHead,
  type JournalRow,
  type KeptMessage,
  type Member,
  type Membership,
  type OutboxRow,
  type Place,
  type Settlement,
  type Store,
  StoreAway,
  type StoredCheckpoint,
  type StoredDocument,
  type SubjectKey,
  type TakenMessage,
} from '../store.ts'

/** A subject that was ever committed. A removed one keeps its count of versions and its journal. */
type Row = {
  readonly subject: SubjectKey
  version: number
  commitId: string
  document: StoredDocument | undefined
  readonly journal: JournalRow[]
}

/** One place of one gathering, and whose it is. */
type Entry = Member & { readonly index: string; readonly keyId: string; readonly row: Row }

/** A message that waits. `free` is when it may be taken: its due time, or the end of its lease. */
type Waiting = { readonly message: OutboxRow; readonly free: Instant; readonly attempt: number }

type Settled = { readonly message: KeptMessage; readonly keepUntil: Instant | undefined }

/** Opens an empty store in memory. */
export function openMemoryStore(): Store {
  const rows = new Map<string, Row>()
  const handles = new Map<string, { readonly keyId: string; readonly row: Row }>()
  const gatherings = new Map<string, Entry[]>()
  const waiting = new Map<string, Waiting>()
  const settled = new Map<string, Settled>()
  const uncovered = new Map<string, JournalHead>()
  const checkpoints: StoredCheckpoint[] = []
  let inKeyOrder: Row[] | undefined
  let closed = false

  function mustBeOpen(): void {
    if (closed) throw new StoreAway('the store is closed')
  }

  function holderOf(indexes: readonly Uint8Array[]): Row | undefined {
    mustBeOpen()
    for (const index of indexes) {
      const holder = handles.get(textOf(index))
      if (holder) return holder.row
    }
    return undefined
  }

  /** Every subject in key order, sorted again only after a new one came. */
  function sortedRows(): readonly Row[] {
    inKeyOrder ??= [...rows.values()].sort((a, b) => compareSubjects(a.subject, b.subject))
    return inKeyOrder
  }

  function rowFor(subject: SubjectKey): Row {
    const known = rows.get(keyOf(subject))
    if (known) return known
    const row: Row = {
      subject,
      version: 0,
      commitId: '',
      document: undefined,
      journal: [],
    }
    rows.set(keyOf(subject), row)
    inKeyOrder = undefined
    return row
  }

  function commit(commit: Commit): CommitEnding {
    assertSound(commit)
    const row = rows.get(keyOf(commit.subject))
    if (row !== undefined && row.commitId === commit.commitId) return { kind: 'committed', version: row.version }
    const standing = row?.document?.version ?? 0
    if (standing !== commit.expects) return { kind: 'lost_race' }
    if (!eventsGoOn(commit, row?.journal.at(-1)?.sequence ?? 0)) return { kind: 'lost_race' }
    for (const claim of commit.claims) {
      const holder = handles.get(textOf(claim.index))?.row
      if (holder !== undefined && holder !== row) return { kind: 'handle_taken' }
    }
    for (const join of commit.joins) {
      const entry = entryAt(join)
      assert(entry === undefined || entry.row === row, 'a place in a gathering is one subject’s')
    }
    for (const { id } of commit.messages) assert(!waiting.has(id) && !settled.has(id), 'a message id is new')

    return { kind: 'committed', version: write(rowFor(commit.subject), commit) }
  }

  /** Carries out a commit that nothing speaks against any more; answers the new version. */
  function write(row: Row, commit: Commit): number {
    row.version += 1
    row.commitId = commit.commitId
    row.document = commit.document && { version: row.version, ...commit.document }

    for (const { index } of commit.releases) if (handles.get(textOf(index))?.row === row) handles.delete(textOf(index))
    for (const leave of commit.leaves) {
      const entry = entryAt(leave)
      if (entry?.row === row) dropEntry(entry)
    }
    for (const { index, keyId } of commit.claims) handles.set(textOf(index), { keyId, row })
    for (const join of commit.joins) addEntry(row, join)

    row.journal.push(...commit.events)
    const newest = commit.events.at(-1)
    if (newest !== undefined) {
      const head = { subject: row.subject, sequence: newest.sequence, hash: newest.hash }
      uncovered.set(keyOf(row.subject), head)
    }
    for (const message of commit.messages) waiting.set(message.id, { message, free: message.due, attempt: 0 })
    return row.version
  }

  function entryAt(membership: Membership): Entry | undefined {
    const entries = gatherings.get(textOf(membership.gathering.index)) ?? []
    const entry = entries[firstNotBefore(entries, membership)]
    return entry !== undefined && comparePlaces(entry, membership) === 0 ? entry : undefined
  }

  function addEntry(row: Row, join: Membership): void {
    if (entryAt(join)) return
    const index = textOf(join.gathering.index)
    const { position, member } = join
    const entry: Entry = { position, member, subject: row.subject, index, keyId: join.gathering.keyId, row }
    const entries = gatherings.get(index) ?? []
    entries.splice(firstNotBefore(entries, entry), 0, entry)
    gatherings.set(index, entries)
  }

  function dropEntry(entry: Entry): void {
    const entries = gatherings.get(entry.index) ?? []
    entries.splice(firstNotBefore(entries, entry), 1)
    if (entries.length === 0) gatherings.delete(entry.index)
  }

  function settle(id: string, settlement: Settlement): void {
    const taken = waiting.get(id)
    if (taken === undefined) return
    const { message } = taken
    if (settlement.kind === 'again') {
      const { due } = settlement
      waiting.set(id, { message: { ...message, due }, free: due, attempt: taken.attempt })
      return
    }
    waiting.delete(id)
    const settledAt = settlement.at
    if (settlement.kind === 'dead') {
      const { reason } = settlement
      settled.set(id, { message: { ...message, state: 'dead', settledAt, reason }, keepUntil: settlement.keepUntil })
    } else if (settlement.keepUntil !== undefined) {
      const { keepUntil } = settlement
      settled.set(id, { message: { ...message, state: 'sent', settledAt, reason: undefined }, keepUntil })
    }
  }

  return {
    async read(subject) {
      mustBeOpen()
      return rows.get(keyOf(subject))?.document
    },

    async find(indexes) {
      return holderOf(indexes)?.subject
    },

    async readHolder(indexes) {
      const { subject, document: stored } = holderOf(indexes) ?? {}
      return subject && stored && { subject, stored }
    },

    async page(indexes, request) {
      mustBeOpen()
      assertPageRequest(request)
      const reading = readingOf(request)
      const lists = indexes.map(index => {
        return nearest(gatherings.get(textOf(index)) ?? [], reading.towards, reading.from, request.limit + 1)
      })
      return mergePage(lists, reading, request.limit)
    },

    async commit(asked) {
      mustBeOpen()
      return commit(asked)
    },

    async journal(subject, from, limit) {
      mustBeOpen()
      assertLimit(limit)
      const start = Math.max(0, from - 1)
      return rows.get(keyOf(subject))?.journal.slice(start, start + limit) ?? []
    },

    async takeMessages(now, leaseUntil, limit) {
      mustBeOpen()
      assertLimit(limit)
      const free = [...waiting.values()].filter(one => one.free <= now).sort((a, b) => byDue(a.message, b.message))
      return free.slice(0, limit).map(({ message, attempt }): TakenMessage => {
        waiting.set(message.id, { message, free: leaseUntil, attempt: attempt + 1 })
        return { ...message, attempt: attempt + 1 }
      })
    },

    async settleMessages(settlements) {
      mustBeOpen()
      assertSettlements(settlements)
      for (const { id, settlement } of settlements) settle(id, settlement)
    },

    async nextMessageDue() {
      mustBeOpen()
      let next: number = Number.POSITIVE_INFINITY
      for (const { free } of waiting.values()) next = Math.min(next, free)
      return waiting.size === 0 ? undefined : instantAt(next)
    },

    async keptMessages(limit) {
      mustBeOpen()
      assertLimit(limit)
      const kept: KeptMessage[] = [...settled.values()].map(({ message }) => message)
      for (const { message } of waiting.values()) {
        kept.push({ ...message, state: 'waiting', settledAt: undefined, reason: undefined })
      }
      return kept.sort((a, b) => byDue(b, a)).slice(0, limit)
    },

    async deadMessages(limit, before) {
      mustBeOpen()
      assertLimit(limit)
      const all = [...settled.values()].map(({ message }) => message).sort((a, b) => byDue(b, a))
      return all.filter(each => each.state === 'dead' && !(before && byDue(each, before) >= 0)).slice(0, limit)
    },

    async deadMessage(id) {
      return [settled.get(id)?.message].find(found => found?.state === 'dead')
    },

    async dropKeptMessages(now) {
      mustBeOpen()
      for (const [id, { keepUntil }] of settled) if (keepUntil !== undefined && keepUntil <= now) settled.delete(id)
    },

    async walk(after = firstSubject, limit) {
      mustBeOpen()
      assertLimit(limit)
      const walked = []
      for (const { subject, document } of rowsAfter(sortedRows(), after)) {
        if (document !== undefined) walked.push({ subject, stored: document })
        if (walked.length === limit) break
      }
      return walked
    },

    async walkJournals(after = firstSubject, limit) {
      mustBeOpen()
      assertLimit(limit)
      const walked = []
      for (const { subject, journal } of rowsAfter(sortedRows(), after)) {
        if (journal.length > 0) walked.push(subject)
        if (walked.length === limit) break
      }
      return walked
    },

    async count(keyId) {
      mustBeOpen()
      let documents = 0
      let underOtherKeys = 0
      for (const { document } of rows.values()) {
        if (document === undefined) continue
        documents += 1
        if (keyId !== undefined && document.keyId !== keyId) underOtherKeys += 1
      }
      return { documents, underOtherKeys }
    },

    async dropHandles(keep, limit) {
      mustBeOpen()
      assertLimit(limit)
      let dropped = 0
      for (const [index, { keyId }] of handles) {
        if (dropped === limit) return dropped
        if (keep.includes(keyId)) continue
        handles.delete(index)
        dropped += 1
      }
      for (const entry of [...gatherings.values()].flat()) {
        if (dropped === limit) return dropped
        if (keep.includes(entry.keyId)) continue
        dropEntry(entry)
        dropped += 1
      }
      return dropped
    },

    async uncoveredHeads(limit) {
      mustBeOpen()
      assertLimit(limit)
      return [...uncovered.values()].sort((a, b) => compareSubjects(a.subject, b.subject)).slice(0, limit)
    },

    async addCheckpoint(checkpoint, heads) {
      mustBeOpen()
      if (checkpoint.number <= checkpoints.length) return false
      assertNextCheckpoint(checkpoint.number, checkpoints.length, heads)
      checkpoints.push(checkpoint)
      for (const { subject, sequence } of heads) {
        if (uncovered.get(keyOf(subject))?.sequence === sequence) uncovered.delete(keyOf(subject))
      }
      return true
    },

    async lastCheckpoint() {
      mustBeOpen()
      return checkpoints.at(-1)
    },

    async checkpoints(from, limit) {
      mustBeOpen()
      assertLimit(limit)
      const start = Math.max(0, from - 1)
      return checkpoints.slice(start, start + limit)
    },

    async probe() {
      mustBeOpen()
    },

    async close() {
      closed = true
    },
  }
}

/** A subject as a map's key. Kinds and ids are printable, so the NUL between them cannot be forged. */
const keyOf = ({ kind, id }: SubjectKey): string => `${kind}\0${id}`

/** A blind index as a map's key, one character a byte. */
const textOf = (index: Uint8Array): string =>
  Buffer.from(index.buffer, index.byteOffset, index.byteLength).toString('latin1')

const byDue = (one: Pick<OutboxRow, 'due' | 'id'>, other: Pick<OutboxRow, 'due' | 'id'>): number =>
  one.due - other.due || compareText(one.id, other.id)

/** The first of the sorted `entries` that does not stand before `place`; their number when all do. */
function firstNotBefore(entries: readonly Entry[], place: Place): number {
  return firstThat(entries, entry => comparePlaces(entry, place) >= 0)
}

/** Up to `limit` of the sorted `entries`, the ones nearest to `from` in the direction of reading. */
function nearest(entries: readonly Entry[], towards: 'later' | 'earlier', from: Place, limit: number): Member[] {
  const bare = ({ position, member, subject }: Entry): Member => ({ position, member, subject })
  if (towards === 'later') {
    const start = firstThat(entries, entry => comparePlaces(entry, from) > 0)
    return entries.slice(start, start + limit).map(bare)
  }
  const end = firstNotBefore(entries, from)
  return entries
    .slice(Math.max(0, end - limit), end)
    .reverse()
    .map(bare)
}

/** The rows whose subjects come after `after`. */
function* rowsAfter(sorted: readonly Row[], after: SubjectKey): Generator<Row> {
  let at = firstThat(sorted, row => compareSubjects(row.subject, after) > 0)
  for (let row = sorted[at]; row !== undefined; row = sorted[at]) {
    yield row
    at += 1
  }
}

/** Where the first item that `holds` is true for stands, when it is true for all that follow; by halving. */
function firstThat<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item === undefined || holds(item)) high = middle
    else low = middle + 1
  }
  return low
}
