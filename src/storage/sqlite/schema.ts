// The tables, and how an older database becomes a newer one: forward only, in one transaction.
//
//   documents         one row a subject that ever was; a removed one keeps its row without a body, so that its versions
//                     go on counting
//   handles           blind index → subject
//   memberships       blind index → its places, each one subject's
//   index_keys        every key that a handle or a membership may stand under: few
//   journal           what happened, numbered per subject
//   uncovered_heads   each subject that changed since the last checkpoint, with the first event that it does not cover;
//                     read through newestHeads: small
//   checkpoints       signed statements over heads
//   waiting_messages  the outbox; `ready` is when a message may be taken: when it is due, or when its lease ends
//   settled_messages  what left or died and is still kept
//   write_probe       one row, written by the readiness check
//
// Rows as large as bodies live in rowid tables: in a tree without rowids they would also stand in its inner pages, and
// the tree would be deep. What is small and found by its key alone is WITHOUT ROWID. No index but the primary keys
// stands on what grows with the subjects: an update touches one leaf, and a rotation, which comes once in months, goes
// through the handles and memberships of every key. Whether there is anything to drop, index_keys says at once.

import type { DatabaseSync } from 'node:sqlite'
import { StoreUnusable } from '../store.ts'
import { halfCopied } from '../transfer/unfinished.ts'
import { prepare } from './statement.ts'

/** `2STP` in ASCII: tells a Twostep database from any other SQLite file. */
export const applicationId = 0x32535450

/** `2STC` in ASCII: a copy that was not finished. Whatever does not know of it takes it for another program's. */
export const unfinishedId = 0x32535443

/**
 * `uncovered_heads` with each subject's newest event, to be read in its place. The table itself keeps the first: to keep
 * the newest would write a page more in each commit, and it stands in the journal anyway.
 */
export const newestHeads = `(
  SELECT u.kind, u.id, j.sequence, j.hash FROM uncovered_heads u JOIN journal j
  ON j.kind = u.kind AND j.id = u.id AND j.sequence =
    (SELECT sequence FROM journal WHERE kind = u.kind AND id = u.id ORDER BY sequence DESC LIMIT 1)
)`

/** Notes the keys of all handles and memberships that are there. Looks at each. */
export const noteIndexKeys = `
  INSERT OR IGNORE INTO index_keys SELECT key_id FROM handles UNION SELECT key_id FROM memberships;`

/** Step n turns schema version n - 1 into n. Steps that were released are never edited. */
const steps: readonly string[] = [
  `
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    commit_id BLOB NOT NULL,
    key_id TEXT,
    body BLOB,
    PRIMARY KEY (kind, id),
    CHECK ((key_id IS NULL) = (body IS NULL))
  ) STRICT;

  CREATE TABLE handles (
    handle BLOB NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    FOREIGN KEY (kind, id) REFERENCES documents (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX handles_by_key ON handles (key_id, kind, id);

  CREATE TABLE memberships (
    gathering BLOB NOT NULL,
    position TEXT NOT NULL,
    member TEXT NOT NULL,
    key_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (gathering, position, member),
    FOREIGN KEY (kind, id) REFERENCES documents (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX memberships_by_key ON memberships (key_id, kind, id);

  CREATE TABLE journal (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    at INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (kind, id, sequence)
  ) STRICT;

  CREATE TABLE uncovered_heads (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE checkpoints (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE waiting_messages (
    id TEXT NOT NULL PRIMARY KEY,
    due INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    ready INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX waiting_messages_by_due ON waiting_messages (due, id);
  CREATE INDEX waiting_messages_by_ready ON waiting_messages (ready);

  CREATE TABLE settled_messages (
    id TEXT NOT NULL PRIMARY KEY,
    due INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'dead')),
    settled_at INTEGER NOT NULL,
    keep_until INTEGER,
    reason TEXT
  ) STRICT;
  CREATE INDEX settled_messages_by_due ON settled_messages (due, id);
  CREATE INDEX settled_messages_by_keep ON settled_messages (keep_until) WHERE keep_until IS NOT NULL;

  CREATE TABLE write_probe (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), writes INTEGER NOT NULL) STRICT;
  INSERT INTO write_probe (one, writes) VALUES (1, 0);
  `,
  // A third of a listed number's bytes stood in the two.
  `
  CREATE TABLE index_keys (key_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
  ${noteIndexKeys}
  DROP INDEX IF EXISTS handles_by_key;
  DROP INDEX IF EXISTS memberships_by_key;
  `,
]

/** The schema version this program reads and writes. */
export const schemaVersion: number = steps.length

/**
 * The schema version of an open database; 0 for an empty file. Reads two pages, however large the database is.
 * Throws `StoreUnusable` when it is another program's, a half-made copy, or newer than this program.
 */
export function readSchemaVersion(db: DatabaseSync, file: string): number {
  const version = readPragma(db, 'user_version')
  const objects = prepare<{ many: number }>(db, 'SELECT count(*) AS many FROM sqlite_schema').get()?.many ?? 0
  if (objects === 0) return 0
  const program = readPragma(db, 'application_id')
  // On half a database, guesses that were spent would be there again.
  if (program === unfinishedId) throw halfCopied(file, `rm '${file}'`)
  if (program !== applicationId) {
    throw new StoreUnusable(
      'not_twostep',
      `${file} is a database of another program. Give Twostep a file of its own, and check the path.`,
    )
  }
  if (version > schemaVersion) {
    throw new StoreUnusable(
      'newer_schema',
      `${file} was written by a newer Twostep (schema ${version}, this one knows ${schemaVersion}). ` +
        'Start the newer one, or restore a backup made before it.',
    )
  }
  return version
}

/** Brings the database to `schemaVersion`: all the way in one transaction, or not at all. */
export function migrate(db: DatabaseSync, file: string): void {
  const from = readSchemaVersion(db, file)
  if (from === schemaVersion) return
  db.exec(
    `BEGIN IMMEDIATE;
    ${steps.slice(from).join('\n')}
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    COMMIT;`,
  )
}

export function readPragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return prepare<Record<string, number>>(db, `PRAGMA ${name}`).get()?.[name] ?? 0
}
