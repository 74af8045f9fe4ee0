// The reading half of the store. Each read is one statement, so what it sees is of one moment; and each finds its rows
// by a key or the head of an index, so none grows with the database. The long walks come in pages.

import type { Instant } from '#core/kernel/instant.ts'
import { assertLimit, assertPageRequest, compareText, firstSubject, newestOfAll, readingOf } from '../commit-rules.ts'
import { mergePage } from '../page.ts'
import type { KeptMessage, Member, Store, StoredCheckpoint, StoredDocument, StoreReader, SubjectKey } from '../store.ts'
import type { Connections } from './connections.ts'
import { statement } from './statement.ts'

/** What only a server reads, beside the port's reading side. */
export type Reader = Omit<StoreReader, 'close'> &
  Pick<Store, 'readHolder' | 'nextMessageDue' | 'keptMessages' | 'deadMessages' | 'deadMessage'>

type SubjectRow = { kind: string; id: string }
type MemberRow = SubjectRow & { at: number; position: string; member: string }
type JournalRow = { sequence: number; at: Instant; keyId: string; body: Uint8Array; hash: Uint8Array }
type HeadRow = SubjectRow & { sequence: number; hash: Uint8Array }
type MessageRow = { id: string; due: Instant; expires: Instant; keyId: string; body: Uint8Array }
type SettledRow = MessageRow & { state: 'sent' | 'dead'; settledAt: Instant; reason: string | null }
type CountRow = SubjectRow & { documents: number; others: number }

/** Documents counted in one statement: a short one holds no snapshot that the clearing away of dead rows waits for. */
const countedAtOnce = 20_000

/** Reads over `connections`. `s` is the schema, quoted. */
export function openReader({ ask }: Connections, s: string): Reader {
  const statements = reads(s)

  return {
    async read({ kind, id }) {
      return (await ask(statements.document, [kind, id]))[0]
    },

    async find(indexes) {
      const holder = firstOf(indexes, await ask(statements.holders, [bytesOf(indexes)]))
      return holder && subjectOf(holder)
    },

    async readHolder(indexes) {
      const holder = firstOf(indexes, await ask(statements.held, [bytesOf(indexes)]))
      if (holder === undefined) return undefined
      const { version, keyId, body } = holder
      return { subject: subjectOf(holder), stored: { version, keyId, body } }
    },

    async page(indexes, request) {
      assertPageRequest(request)
      const way = readingOf(request)
      const { position, member } = way.from
      const members = way.towards === 'later' ? statements.laterMembers : statements.earlierMembers
      const rows = await ask(members, [bytesOf(indexes), position, member, request.limit + 1])
      const lists = indexes.map((_, at) => rows.filter(row => row.at === at + 1).map(memberOf))
      return mergePage(lists, way, request.limit)
    },

    async journal({ kind, id }, from, limit) {
      assertLimit(limit)
      return await ask(statements.journal, [kind, id, from, limit])
    },

    async nextMessageDue() {
      return (await ask(statements.nextReady))[0]?.ready ?? undefined
    },

    async keptMessages(limit) {
      assertLimit(limit)
      const kept = (await ask(statements.kept, [limit])).map(keptOf)
      return kept.sort((a, b) => b.due - a.due || compareText(b.id, a.id)).slice(0, limit)
    },

    async deadMessages(limit, before = newestOfAll) {
      assertLimit(limit)
      return (await ask(statements.dead, [before.due, before.id, limit])).map(keptOf)
    },

    async deadMessage(id) {
      return (await ask(statements.deadOne, [id])).map(keptOf)[0]
    },

    async walk(after = firstSubject, limit) {
      assertLimit(limit)
      const rows = await ask(statements.documentsAfter, [after.kind, after.id, limit])
      return rows.map(({ kind, id, ...stored }) => ({ subject: { kind, id }, stored }))
    },

    async walkJournals(after = firstSubject, limit) {
      assertLimit(limit)
      return (await ask(statements.journalsAfter, [after.kind, after.id, limit])).map(subjectOf)
    },

    async count(keyId) {
      const total = { documents: 0, underOtherKeys: 0 }
      let last: SubjectKey | undefined = firstSubject
      while (last !== undefined) {
        const [slice]: readonly CountRow[] = await ask(statements.count, [
          keyId ?? null,
          last.kind,
          last.id,
          countedAtOnce,
        ])
        total.documents += slice?.documents ?? 0
        total.underOtherKeys += slice?.others ?? 0
        last = slice && subjectOf(slice)
      }
      return total
    },

    async uncoveredHeads(limit) {
      assertLimit(limit)
      const rows = await ask(statements.uncovered, [limit])
      return rows.map(({ kind, id, sequence, hash }) => ({ subject: { kind, id }, sequence, hash }))
    },

    async lastCheckpoint() {
      return (await ask(statements.lastCheckpoint))[0]
    },

    async checkpoints(from, limit) {
      assertLimit(limit)
      return await ask(statements.checkpoints, [from, limit])
    },
  }
}

const keptOf = (row: KeptRow): KeptMessage => ({
  ...row,
  settledAt: row.settledAt ?? undefined,
  reason: row.reason ?? undefined,
})

/** Every read there is. */
export const reads = (s: string) => ({ ...readsOfSubjects(s), ...readsOfAll(s) })

function readsOfSubjects(s: string) {
  // One short walk along the index for each gathering, in one statement.
  const members = (name: string, than: '<' | '>', order: 'ASC' | 'DESC') =>
    statement<MemberRow>(
      name,
      `SELECT g.at, m.position, m.member, m.kind, m.id
       FROM unnest($1::bytea[]) WITH ORDINALITY AS g (gathering, at) CROSS JOIN LATERAL (
         SELECT * FROM ${s}.memberships m WHERE m.gathering = g.gathering AND (m.position, m.member) ${than} ($2, $3)
         ORDER BY m.position ${order}, m.member ${order} LIMIT $4
       ) m ORDER BY g.at, m.position ${order}, m.member ${order}`,
    )
  return {
    document: statement<StoredDocument>(
      'document',
      `SELECT version, key_id AS "keyId", body FROM ${s}.documents
       WHERE kind = $1 AND id = $2 AND key_id IS NOT NULL`,
    ),
    holders: statement<SubjectRow & { handle: Uint8Array }>(
      'holders',
      `SELECT handle, kind, id FROM ${s}.handles WHERE handle = ANY ($1::bytea[])`,
    ),
    held: statement<SubjectRow & StoredDocument & { handle: Uint8Array }>(
      'held',
      `SELECT h.handle, h.kind, h.id, d.version, d.key_id AS "keyId", d.body
       FROM ${s}.handles h JOIN ${s}.documents d ON d.kind = h.kind AND d.id = h.id
       WHERE h.handle = ANY ($1::bytea[]) AND d.key_id IS NOT NULL`,
    ),
    laterMembers: members('later_members', '>', 'ASC'),
    earlierMembers: members('earlier_members', '<', 'DESC'),
    journal: statement<JournalRow>(
      'journal',
      `SELECT sequence, at, key_id AS "keyId", body, hash FROM ${s}.journal
       WHERE kind = $1 AND id = $2 AND sequence >= $3 ORDER BY sequence LIMIT $4`,
    ),
  }
}

function readsOfAll(s: string) {
  return {
    nextReady: statement<{ ready: Instant | null }>(
      'next_ready',
      `SELECT ready FROM ${s}.waiting_messages ORDER BY ready LIMIT 1`,
    ),
    kept: statement<KeptRow>(
      'kept',
      `(SELECT id, due, expires, key_id AS "keyId", body, 'waiting' AS state,
          NULL::bigint AS "settledAt", NULL AS reason
        FROM ${s}.waiting_messages ORDER BY due DESC, id DESC LIMIT $1)
       UNION ALL
       (SELECT id, due, expires, key_id, body, state, settled_at, reason
        FROM ${s}.settled_messages ORDER BY due DESC, id DESC LIMIT $1)`,
    ),
    dead: statement<KeptRow>(
      'dead',
      `SELECT id, due, expires, key_id AS "keyId", body, state, settled_at AS "settledAt", reason
       FROM ${s}.settled_messages WHERE state = 'dead' AND (due, id) < ($1, $2)
       ORDER BY due DESC, id DESC LIMIT $3`,
    ),
    deadOne: statement<KeptRow>(
      'dead_one',
      `SELECT id, due, expires, key_id AS "keyId", body, state, settled_at AS "settledAt", reason
       FROM ${s}.settled_messages WHERE id = $1 AND state = 'dead'`,
    ),
    documentsAfter: statement<SubjectRow & StoredDocument>(
      'documents_after',
      `SELECT kind, id, version, key_id AS "keyId", body FROM ${s}.documents
       WHERE (kind, id) > ($1, $2) AND key_id IS NOT NULL ORDER BY kind, id LIMIT $3`,
    ),
    // Leaps from one subject to the next, however many events each has.
    journalsAfter: statement<SubjectRow>(
      'journals_after',
      `WITH RECURSIVE subjects AS (
         (SELECT kind, id, 1::bigint AS at FROM ${s}.journal WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT 1)
         UNION ALL
         SELECT next.kind, next.id, last.at + 1 FROM subjects last CROSS JOIN LATERAL (
           SELECT j.kind, j.id FROM ${s}.journal j WHERE (j.kind, j.id) > (last.kind, last.id)
           ORDER BY j.kind, j.id LIMIT 1
         ) next WHERE last.at < $3
       ) SELECT kind, id FROM subjects ORDER BY at`,
    ),
    count: statement<CountRow>(
      'count',
      `WITH slice AS MATERIALIZED (
         SELECT kind, id, key_id FROM ${s}.documents WHERE (kind, id) > ($2, $3) ORDER BY kind, id LIMIT $4
       )
       SELECT (SELECT count(key_id) FROM slice) AS documents,
         (SELECT count(*) FROM slice WHERE key_id <> $1) AS others, kind, id
       FROM slice ORDER BY kind DESC, id DESC LIMIT 1`,
    ),
    uncovered: statement<HeadRow>(
      'uncovered',
      `SELECT kind, id, sequence, hash FROM ${s}.uncovered_heads ORDER BY kind, id LIMIT $1`,
    ),
    lastCheckpoint: statement<StoredCheckpoint>(
      'last_checkpoint',
      `SELECT number, body FROM ${s}.checkpoints ORDER BY number DESC LIMIT 1`,
    ),
    checkpoints: statement<StoredCheckpoint>(
      'checkpoints',
      `SELECT number, body FROM ${s}.checkpoints WHERE number >= $1 ORDER BY number LIMIT $2`,
    ),
  }
}

type KeptRow = MessageRow & {
  state: KeptMessage['state']
  settledAt: SettledRow['settledAt'] | null
  reason: string | null
}

/** Bytes as pg takes them in an array. */
export const bytesOf = (many: readonly Uint8Array[]): Buffer[] =>
  many.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))

/** The row of the first index that has one. */
function firstOf<Row extends { readonly handle: Uint8Array }>(
  indexes: readonly Uint8Array[],
  rows: readonly Row[],
): Row | undefined {
  for (const index of indexes) {
    const row = rows.find(({ handle }) => Buffer.compare(handle, index) === 0)
    if (row !== undefined) return row
  }
  return undefined
}

const subjectOf = ({ kind, id }: SubjectRow): SubjectKey => ({ kind, id })

const memberOf = ({ position, member, kind, id }: MemberRow): Member => ({ position, member, subject: { kind, id } })
