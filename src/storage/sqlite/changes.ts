// Every change to the database, as functions that run inside a transaction which someone else begins and ends. Each
// checks all that can be refused before its first write, so that a refused one leaves nothing behind.

import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { assertLimit, assertNextCheckpoint, assertSound, eventsGoOn } from '../commit-rules.ts'
import type {
  Commit,
  CommitEnding,
  JournalHead,
  OutboxRow,
  Settlement,
  StoredCheckpoint,
  SubjectKey,
  TakenMessage,
} from '../store.ts'
import { prepare } from './statement.ts'

export type Changes = {
  commit(commit: Commit): CommitEnding
  takeMessages(now: Instant, leaseUntil: Instant, limit: number): readonly TakenMessage[]
  settleMessages(settlements: readonly { readonly id: string; readonly settlement: Settlement }[]): void
  dropKeptMessages(now: Instant): void
  dropHandles(keep: readonly string[], limit: number): number
  addCheckpoint(checkpoint: StoredCheckpoint, heads: readonly JournalHead[]): boolean
  probe(): void
}

type HeadRow = { rowid: number; version: number; live: 0 | 1; commitId: Uint8Array }
type SubjectRow = { kind: string; id: string }
type WaitingRow = { id: string; due: Instant; expires: Instant; attempt: number; keyId: string; body: Uint8Array }
type KeyRow = { keyId: string }

/** The changes over `db`, the one writing connection. */
export function openChanges(db: DatabaseSync): Changes {
  const statements = prepareChanges(db)

  function commit(commit: Commit): CommitEnding {
    assertSound(commit)
    const { kind, id } = commit.subject
    const head = statements.head.get(kind, id)
    if (head !== undefined && Buffer.from(head.commitId).toString('hex') === commit.commitId) {
      return { kind: 'committed', version: head.version }
    }
    const standing = head?.live === 1 ? head.version : 0
    if (standing !== commit.expects) return { kind: 'lost_race' }
    if (commit.events.length > 0) {
      const newest = statements.newestEvent.get(kind, id)?.sequence ?? 0
      if (!eventsGoOn(commit, newest)) return { kind: 'lost_race' }
    }
    for (const claim of commit.claims) {
      const holder = statements.holder.get(claim.index)
      if (holder !== undefined && !isSame(holder, commit.subject)) return { kind: 'handle_taken' }
    }
    for (const { gathering, position, member } of commit.joins) {
      const stands = statements.standsAt.get(gathering.index, position, member)
      assert(stands === undefined || isSame(stands, commit.subject), 'a place in a gathering is one subject’s')
    }
    for (const message of commit.messages) assert(isNewMessage(message), 'a message id is new')

    const version = (head?.version ?? 0) + 1
    writeDocument(commit, head, version)
    writeHandles(commit)
    writeEvents(commit)
    for (const { id, due, expires, keyId, body } of commit.messages) {
      statements.addMessage.run(id, due, expires, due, keyId, body)
    }
    return { kind: 'committed', version }
  }

  function isNewMessage({ id }: OutboxRow): boolean {
    return statements.waitingMessage.get(id) === undefined && statements.settledMessage.get(id) === undefined
  }

  function writeDocument(commit: Commit, head: HeadRow | undefined, version: number): void {
    const { kind, id } = commit.subject
    const commitId = Buffer.from(commit.commitId, 'hex')
    const keyId = commit.document?.keyId ?? null
    const body = commit.document?.body ?? null
    if (head === undefined) statements.addDocument.run(kind, id, version, commitId, keyId, body)
    else statements.replaceDocument.run(version, commitId, keyId, body, head.rowid)
  }

  function writeHandles(commit: Commit): void {
    const { kind, id } = commit.subject
    for (const { index } of commit.releases) statements.release.run(index, kind, id)
    for (const { gathering, position, member } of commit.leaves) {
      statements.leave.run(gathering.index, position, member, kind, id)
    }
    for (const { index, keyId } of commit.claims) statements.claim.run(index, keyId, kind, id)
    for (const { gathering, position, member } of commit.joins) {
      statements.join.run(gathering.index, position, member, gathering.keyId, kind, id)
    }
    if (commit.document === undefined) {
      // Nothing finds a subject's handles but their key and its name together: one index serves this and rotation.
      for (const keyId of keysOf(statements.nextHandleKey)) statements.releaseAll.run(keyId, kind, id)
      for (const keyId of keysOf(statements.nextMembershipKey)) statements.leaveAll.run(keyId, kind, id)
    }
  }

  function writeEvents(commit: Commit): void {
    const { kind, id } = commit.subject
    for (const { sequence, at, keyId, body, hash } of commit.events) {
      statements.addEvent.run(kind, id, sequence, at, keyId, body, hash)
    }
    const newest = commit.events.at(-1)
    if (newest !== undefined) statements.moveHead.run(kind, id, newest.sequence, newest.hash)
  }

  function settle(id: string, settlement: Settlement): void {
    switch (settlement.kind) {
      case 'again':
        statements.postpone.run(settlement.due, settlement.due, id)
        return
      case 'sent':
        if (settlement.keepUntil !== undefined) {
          statements.keepMessage.run('sent', settlement.at, settlement.keepUntil, null, id)
        }
        break
      case 'dead':
        statements.keepMessage.run('dead', settlement.at, null, settlement.reason, id)
        break
    }
    statements.dropMessage.run(id)
  }

  return {
    commit,

    takeMessages(now, leaseUntil, limit) {
      assertLimit(limit)
      return statements.freeMessages.all(now, now, limit).map(row => {
        statements.lease.run(leaseUntil, row.id)
        return { ...row, attempt: row.attempt + 1 }
      })
    },

    settleMessages(settlements) {
      for (const { id, settlement } of settlements) settle(id, settlement)
    },

    dropKeptMessages(now) {
      statements.dropKept.run(now)
    },

    dropHandles(keep, limit) {
      assertLimit(limit)
      let dropped = 0
      for (const keyId of keysOf(statements.nextHandleKey)) {
        if (keep.includes(keyId) || dropped === limit) continue
        dropped += Number(statements.dropHandlesOfKey.run(keyId, limit - dropped).changes)
      }
      for (const keyId of keysOf(statements.nextMembershipKey)) {
        if (keep.includes(keyId) || dropped === limit) continue
        dropped += Number(statements.dropMembershipsOfKey.run(keyId, limit - dropped).changes)
      }
      return dropped
    },

    addCheckpoint(checkpoint, heads) {
      const last = statements.lastCheckpoint.get()?.number ?? 0
      if (checkpoint.number <= last) return false
      assertNextCheckpoint(checkpoint.number, last, heads)
      statements.addCheckpoint.run(checkpoint.number, checkpoint.body)
      for (const { subject, sequence } of heads) statements.coverHead.run(subject.kind, subject.id, sequence)
      return true
    },

    probe() {
      statements.probe.run()
    },
  }
}

/** Every change there is. Each finds its rows by a key or the head of an index, so none grows with the database. */
export function prepareChanges(db: DatabaseSync) {
  return {
    head: prepare<HeadRow>(
      db,
      `SELECT rowid, version, key_id IS NOT NULL AS live, commit_id AS commitId FROM documents
       WHERE kind = ? AND id = ?`,
    ),
    addDocument: prepare(
      db,
      'INSERT INTO documents (kind, id, version, commit_id, key_id, body) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    replaceDocument: prepare(
      db,
      'UPDATE documents SET version = ?, commit_id = ?, key_id = ?, body = ? WHERE rowid = ?',
    ),

    holder: prepare<SubjectRow>(db, 'SELECT kind, id FROM handles WHERE handle = ?'),
    claim: prepare(
      db,
      'INSERT INTO handles (handle, key_id, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT (handle) DO NOTHING',
    ),
    release: prepare(db, 'DELETE FROM handles WHERE handle = ? AND kind = ? AND id = ?'),
    releaseAll: prepare(db, 'DELETE FROM handles WHERE key_id = ? AND kind = ? AND id = ?'),
    nextHandleKey: prepare<KeyRow>(db, 'SELECT key_id AS keyId FROM handles WHERE key_id > ? ORDER BY key_id LIMIT 1'),
    dropHandlesOfKey: prepare(
      db,
      'DELETE FROM handles WHERE handle IN (SELECT handle FROM handles WHERE key_id = ? LIMIT ?)',
    ),

    standsAt: prepare<SubjectRow>(
      db,
      'SELECT kind, id FROM memberships WHERE gathering = ? AND position = ? AND member = ?',
    ),
    join: prepare(
      db,
      `INSERT INTO memberships (gathering, position, member, key_id, kind, id) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (gathering, position, member) DO NOTHING`,
    ),
    leave: prepare(
      db,
      'DELETE FROM memberships WHERE gathering = ? AND position = ? AND member = ? AND kind = ? AND id = ?',
    ),
    leaveAll: prepare(db, 'DELETE FROM memberships WHERE key_id = ? AND kind = ? AND id = ?'),
    nextMembershipKey: prepare<KeyRow>(
      db,
      'SELECT key_id AS keyId FROM memberships WHERE key_id > ? ORDER BY key_id LIMIT 1',
    ),
    dropMembershipsOfKey: prepare(
      db,
      `DELETE FROM memberships WHERE (gathering, position, member) IN
       (SELECT gathering, position, member FROM memberships WHERE key_id = ? LIMIT ?)`,
    ),

    newestEvent: prepare<{ sequence: number }>(
      db,
      'SELECT sequence FROM journal WHERE kind = ? AND id = ? ORDER BY sequence DESC LIMIT 1',
    ),
    addEvent: prepare(
      db,
      'INSERT INTO journal (kind, id, sequence, at, key_id, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    moveHead: prepare(
      db,
      `INSERT INTO uncovered_heads (kind, id, sequence, hash) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`,
    ),
    coverHead: prepare(db, 'DELETE FROM uncovered_heads WHERE kind = ? AND id = ? AND sequence = ?'),
    lastCheckpoint: prepare<{ number: number }>(db, 'SELECT number FROM checkpoints ORDER BY number DESC LIMIT 1'),
    addCheckpoint: prepare(db, 'INSERT INTO checkpoints (number, body) VALUES (?, ?)'),

    waitingMessage: prepare<{ id: string }>(db, 'SELECT id FROM waiting_messages WHERE id = ?'),
    settledMessage: prepare<{ id: string }>(db, 'SELECT id FROM settled_messages WHERE id = ?'),
    addMessage: prepare(
      db,
      `INSERT INTO waiting_messages (id, due, expires, ready, attempt, key_id, body) VALUES (?, ?, ?, ?, 0, ?, ?)`,
    ),
    // `+ready` keeps the planner on the order of `due`: by `ready` it would sort a whole backlog to give the first few.
    // What it steps over is on lease right now, and that is little.
    freeMessages: prepare<WaitingRow>(
      db,
      `SELECT id, due, expires, attempt, key_id AS keyId, body FROM waiting_messages
       WHERE due <= ? AND +ready <= ? ORDER BY due, id LIMIT ?`,
    ),
    lease: prepare(db, 'UPDATE waiting_messages SET ready = ?, attempt = attempt + 1 WHERE id = ?'),
    postpone: prepare(db, 'UPDATE waiting_messages SET due = ?, ready = ? WHERE id = ?'),
    keepMessage: prepare(
      db,
      `INSERT INTO settled_messages (id, due, expires, key_id, body, state, settled_at, keep_until, reason)
       SELECT id, due, expires, key_id, body, ?, ?, ?, ? FROM waiting_messages WHERE id = ?`,
    ),
    dropMessage: prepare(db, 'DELETE FROM waiting_messages WHERE id = ?'),
    dropKept: prepare(db, 'DELETE FROM settled_messages WHERE keep_until <= ?'),

    probe: prepare(db, 'UPDATE write_probe SET writes = writes + 1'),
  }
}

/** Every key id that an index begins with, found by leaping from one to the next: there are few. */
function keysOf(next: { get(after: string): KeyRow | undefined }): string[] {
  const keys: string[] = []
  for (let row = next.get(''); row !== undefined; row = next.get(row.keyId)) keys.push(row.keyId)
  return keys
}

const isSame = (one: SubjectRow, other: SubjectKey): boolean => one.kind === other.kind && one.id === other.id
