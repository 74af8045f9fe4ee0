// The SQL of every change, one group of statements a table.

import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '#core/kernel/instant.ts'
import { prepare } from './statement.ts'

export type HeadRow = { rowid: number; version: number; live: 0 | 1; commitId: Uint8Array }
export type SubjectRow = { kind: string; id: string }
type WaitingRow = { id: string; due: Instant; expires: Instant; attempt: number; keyId: string; body: Uint8Array }

/** Every change there is. Each finds its rows by a key or the head of an index, so none grows with the database. */
export function prepareChanges(db: DatabaseSync) {
  return {
    ...prepareDocuments(db),
    ...prepareHandles(db),
    ...prepareMemberships(db),
    ...prepareJournal(db),
    ...prepareOutbox(db),
    probe: prepare(db, 'UPDATE write_probe SET writes = writes + 1'),
  }
}

function prepareDocuments(db: DatabaseSync) {
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
  }
}

function prepareHandles(db: DatabaseSync) {
  return {
    holder: prepare<SubjectRow>(db, 'SELECT kind, id FROM handles WHERE handle = ?'),
    claim: prepare(
      db,
      'INSERT INTO handles (handle, key_id, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT (handle) DO NOTHING',
    ),
    release: prepare(db, 'DELETE FROM handles WHERE handle = ? AND kind = ? AND id = ?'),
    handlesAfter: prepare<{ handle: Uint8Array; keyId: string }>(
      db,
      'SELECT handle, key_id AS keyId FROM handles WHERE handle > ? ORDER BY handle LIMIT ?',
    ),
    dropHandle: prepare(db, 'DELETE FROM handles WHERE handle = ?'),
    noteKey: prepare(db, 'INSERT INTO index_keys (key_id) VALUES (?) ON CONFLICT DO NOTHING'),
    indexKeys: prepare<{ keyId: string }>(db, "SELECT key_id AS keyId FROM index_keys WHERE key_id > ''"),
    forgetKey: prepare(db, 'DELETE FROM index_keys WHERE key_id = ?'),
  }
}

function prepareMemberships(db: DatabaseSync) {
  return {
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
    membershipsAfter: prepare<{ gathering: Uint8Array; position: string; member: string; keyId: string }>(
      db,
      `SELECT gathering, position, member, key_id AS keyId FROM memberships
       WHERE (gathering, position, member) > (?, ?, ?) ORDER BY gathering, position, member LIMIT ?`,
    ),
    dropMembership: prepare(db, 'DELETE FROM memberships WHERE gathering = ? AND position = ? AND member = ?'),
  }
}

function prepareJournal(db: DatabaseSync) {
  return {
    newestEvent: prepare<{ sequence: number }>(
      db,
      'SELECT sequence FROM journal WHERE kind = ? AND id = ? ORDER BY sequence DESC LIMIT 1',
    ),
    addEvent: prepare(
      db,
      'INSERT INTO journal (kind, id, sequence, at, key_id, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    // A subject that moved again since the last checkpoint is left as it is: one page less to write (see newestHeads).
    moveHead: prepare(
      db,
      'INSERT INTO uncovered_heads (kind, id, sequence, hash) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING',
    ),
    coverHead: prepare(
      db,
      `DELETE FROM uncovered_heads AS u WHERE u.kind = ? AND u.id = ? AND ? =
       (SELECT sequence FROM journal WHERE kind = u.kind AND id = u.id ORDER BY sequence DESC LIMIT 1)`,
    ),
    lastCheckpoint: prepare<{ number: number }>(db, 'SELECT number FROM checkpoints ORDER BY number DESC LIMIT 1'),
    addCheckpoint: prepare(db, 'INSERT INTO checkpoints (number, body) VALUES (?, ?)'),
  }
}

function prepareOutbox(db: DatabaseSync) {
  return {
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
  }
}
