// The reading half of the store: its own connection, its statements kept, no writer held up. Each call answers within
// microseconds, so it runs on the serving thread. The long walks come in pages.
//
//     first read of a turn ──▶ snapshot ──▶ all other reads of the turn ──turn over, or a commit was answered──▶ let go
//
// To take a snapshot and to let it go costs as much as to read, and what SQLite holds of its pages is dropped with each new
// one: a turn in which many are served needs one.

import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Instant } from '#core/kernel/instant.ts'
import { assertLimit, assertPageRequest, compareText, firstSubject, newestOfAll, readingOf } from '../commit-rules.ts'
import { mergePage } from '../page.ts'
import { type KeptMessage, type Member, type Store, StoreAway, type StoreReader, type SubjectKey } from '../store.ts'
import { errorOf, failureOf } from './failure.ts'
import { newestHeads } from './schema.ts'
import { prepare } from './statement.ts'

/** What reads of the outbox, beside the port's reading side. */
export type Reader = StoreReader &
  Pick<Store, 'nextMessageDue' | 'keptMessages' | 'deadMessages' | 'deadMessage'> & {
    /** What is read from now on has seen all that was committed until now. Called before a commit is answered. */
    readonly renew: () => void
  }

type SubjectRow = { kind: string; id: string }
type DocumentRow = { version: number; keyId: string; body: Uint8Array }
type MemberRow = SubjectRow & { position: string; member: string }
type JournalRow = { sequence: number; at: Instant; keyId: string; body: Uint8Array; hash: Uint8Array }
type HeadRow = SubjectRow & { sequence: number; hash: Uint8Array }
type CheckpointRow = { number: number; body: Uint8Array }
type MessageRow = { id: string; due: Instant; expires: Instant; keyId: string; body: Uint8Array }
type SettledRow = MessageRow & { state: 'sent' | 'dead'; settledAt: Instant; reason: string | null }

/** Documents looked at before other work gets its turn, when all of them are counted. */
const countedAtOnce = 2_000

/** Reads over `db`, which it closes in the end. `file` is for what a failure says. */
export function openReader(db: DatabaseSync, file: string): Reader {
  const statements = prepareReads(db)
  let closed = false

  let snapshot = false

  function renew(): void {
    if (!snapshot) return
    snapshot = false
    try {
      db.exec('COMMIT')
    } catch {
      // Nothing was written, and nobody waits for this: what is wrong is told to whoever reads next.
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  }

  /** Runs `look`, so that what it sees is of one moment, and says what SQLite's errors mean. */
  async function reading<T>(look: () => T): Promise<T> {
    if (closed) throw new StoreAway('The store is closed.')
    try {
      if (!snapshot) {
        db.exec('BEGIN')
        snapshot = true
        setImmediate(renew)
      }
      return look()
    } catch (error) {
      throw errorOf(failureOf(error, file))
    }
  }

  return {
    renew,

    async read({ kind, id }) {
      return await reading(() => plain(statements.document.get(kind, id)))
    },

    async find(indexes) {
      const look = (): SubjectKey | undefined => {
        for (const index of indexes) {
          const holder = statements.holder.get(index)
          if (holder) return subjectOf(holder)
        }
        return undefined
      }
      return await reading(look)
    },

    async page(indexes, request) {
      assertPageRequest(request)
      const way = readingOf(request)
      const { position, member } = way.from
      const members = way.towards === 'later' ? statements.laterMembers : statements.earlierMembers
      const look = (): Member[][] => {
        return indexes.map(index => members.all(index, position, member, request.limit + 1).map(memberOf))
      }
      const lists = await reading(look)
      return mergePage(lists, way, request.limit)
    },

    async journal({ kind, id }, from, limit) {
      assertLimit(limit)
      return await reading(() => statements.journal.all(kind, id, from, limit).map(row => ({ ...row })))
    },

    async nextMessageDue() {
      return await reading(() => statements.nextReady.get()?.ready ?? undefined)
    },

    async keptMessages(limit) {
      assertLimit(limit)
      // Of one moment: a message that is settled between the two would be there twice.
      const look = () => [
        ...statements.waiting.all(limit).map(waitingOf),
        ...statements.settled.all(limit).map(settledOf),
      ]
      const kept = await reading(look)
      return kept.sort((a, b) => b.due - a.due || compareText(b.id, a.id)).slice(0, limit)
    },

    async deadMessages(limit, before = newestOfAll) {
      assertLimit(limit)
      return await reading(() => statements.dead.all(before.due, before.id, limit).map(settledOf))
    },

    async deadMessage(id) {
      return await reading(() => {
        const row = statements.deadOne.get(id)
        return row && settledOf(row)
      })
    },

    async walk(after = firstSubject, limit) {
      assertLimit(limit)
      return await reading(() =>
        statements.documentsAfter.all(after.kind, after.id, limit).map(({ kind, id, version, keyId, body }) => {
          return { subject: { kind, id }, stored: { version, keyId, body } }
        }),
      )
    },

    async walkJournals(after = firstSubject, limit) {
      assertLimit(limit)
      return await reading(() => {
        const subjects: SubjectKey[] = []
        for (let last = after; subjects.length < limit; ) {
          const next = statements.journalAfter.get(last.kind, last.id)
          if (next === undefined) break
          last = subjectOf(next)
          subjects.push(last)
        }
        return subjects
      })
    },

    async count(keyId) {
      let documents = 0
      let underOtherKeys = 0
      const last = await reading(() => statements.lastDocument.get()?.last ?? 0)
      for (let from = 0; from < last; from += countedAtOnce) {
        const counted = await reading(() => statements.count.get(keyId ?? null, from, from + countedAtOnce))
        documents += counted?.documents ?? 0
        underOtherKeys += counted?.underOtherKeys ?? 0
        await nextTurn()
      }
      return { documents, underOtherKeys }
    },

    async uncoveredHeads(limit) {
      assertLimit(limit)
      return await reading(() =>
        statements.uncovered
          .all(limit)
          .map(({ kind, id, sequence, hash }) => ({ subject: { kind, id }, sequence, hash })),
      )
    },

    async lastCheckpoint() {
      return await reading(() => plain(statements.lastCheckpoint.get()))
    },

    async checkpoints(from, limit) {
      assertLimit(limit)
      return await reading(() => statements.checkpoints.all(from, limit).map(row => ({ ...row })))
    },

    async close() {
      if (closed) return
      closed = true
      renew()
      db.close()
    },
  }
}

/** Every read there is. Each finds its rows by a key or the head of an index, so none grows with the database. */
export function prepareReads(db: DatabaseSync) {
  const members = (than: '<' | '>', order: 'ASC' | 'DESC') =>
    prepare<MemberRow>(
      db,
      `SELECT position, member, kind, id FROM memberships
       WHERE gathering = ? AND (position, member) ${than} (?, ?)
       ORDER BY position ${order}, member ${order} LIMIT ?`,
    )
  return {
    document: prepare<DocumentRow>(
      db,
      'SELECT version, key_id AS keyId, body FROM documents WHERE kind = ? AND id = ? AND key_id IS NOT NULL',
    ),
    holder: prepare<SubjectRow>(db, 'SELECT kind, id FROM handles WHERE handle = ?'),
    laterMembers: members('>', 'ASC'),
    earlierMembers: members('<', 'DESC'),
    journal: prepare<JournalRow>(
      db,
      `SELECT sequence, at, key_id AS keyId, body, hash FROM journal
       WHERE kind = ? AND id = ? AND sequence >= ? ORDER BY sequence LIMIT ?`,
    ),
    nextReady: prepare<{ ready: Instant | null }>(db, 'SELECT min(ready) AS ready FROM waiting_messages'),
    waiting: prepare<MessageRow>(
      db,
      'SELECT id, due, expires, key_id AS keyId, body FROM waiting_messages ORDER BY due DESC, id DESC LIMIT ?',
    ),
    settled: prepare<SettledRow>(
      db,
      `SELECT id, due, expires, key_id AS keyId, body, state, settled_at AS settledAt, reason FROM settled_messages
       ORDER BY due DESC, id DESC LIMIT ?`,
    ),
    ...prepareDead(db),
    documentsAfter: prepare<SubjectRow & DocumentRow>(
      db,
      `SELECT kind, id, version, key_id AS keyId, body FROM documents
       WHERE (kind, id) > (?, ?) AND key_id IS NOT NULL ORDER BY kind, id LIMIT ?`,
    ),
    journalAfter: prepare<SubjectRow>(
      db,
      'SELECT kind, id FROM journal WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT 1',
    ),
    lastDocument: prepare<{ last: number | null }>(db, 'SELECT max(rowid) AS last FROM documents'),
    count: prepare<{ documents: number; underOtherKeys: number }>(
      db,
      `SELECT count(key_id) AS documents, count(*) FILTER (WHERE key_id <> ?) AS underOtherKeys FROM documents
       WHERE rowid > ? AND rowid <= ?`,
    ),
    uncovered: prepare<HeadRow>(db, `SELECT kind, id, sequence, hash FROM ${newestHeads} ORDER BY kind, id LIMIT ?`),
    lastCheckpoint: prepare<CheckpointRow>(db, 'SELECT number, body FROM checkpoints ORDER BY number DESC LIMIT 1'),
    checkpoints: prepare<CheckpointRow>(
      db,
      'SELECT number, body FROM checkpoints WHERE number >= ? ORDER BY number LIMIT ?',
    ),
  }
}

function prepareDead(db: DatabaseSync) {
  const dead = `SELECT id, due, expires, key_id AS keyId, body, state, settled_at AS settledAt, reason
    FROM settled_messages WHERE state = 'dead'`
  return {
    dead: prepare<SettledRow>(db, `${dead} AND (due, id) < (?, ?) ORDER BY due DESC, id DESC LIMIT ?`),
    deadOne: prepare<SettledRow>(db, `${dead} AND id = ?`),
  }
}

/** SQLite's rows have no prototype; what leaves here is like any other object. */
const plain = <Row>(row: Row | undefined): Row | undefined => row && { ...row }

const subjectOf = ({ kind, id }: SubjectRow): SubjectKey => ({ kind, id })

const memberOf = ({ position, member, kind, id }: MemberRow): Member => ({ position, member, subject: { kind, id } })

const waitingOf = (row: MessageRow): KeptMessage => {
  return { ...row, state: 'waiting', settledAt: undefined, reason: undefined }
}

const settledOf = ({ reason, ...row }: SettledRow): KeptMessage => ({ ...row, reason: reason ?? undefined })
