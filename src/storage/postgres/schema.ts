// The tables, and how an older database becomes a newer one: forward only, under one lock, in one transaction.
//
//   documents         one row a subject that ever was; a removed one keeps its row without a body, so that its versions
//                     go on counting
//   handles           blind index → subject
//   memberships       blind index → its places, each one subject's
//   journal           what happened, numbered per subject
//   uncovered_heads   the newest event of each subject that changed since the last checkpoint: small
//   checkpoints       signed statements over heads
//   waiting_messages  the outbox; `ready` is when a message may be taken: when it is due, or when its lease ends
//   settled_messages  what left or died and is still kept
//   write_probe       one row, written by the readiness check
//   schema_version    one row: which step was the last
//
// Older nodes go on serving while a step is taken, and after it. So a step only adds; what an older node calls stays as
// it is, under the name it has (`commit_1`), until no supported version calls it.

import type { ClientBase } from 'pg'
import { assert } from '#core/kernel/outcome.ts'
import { StoreUnusable } from '../store.ts'
import { halfCopied, markTable } from '../transfer/unfinished.ts'
import { functions } from './functions.ts'
import { groupFunction } from './group-function.ts'

/**
 * Indexes that do not follow the order of a key: a copy makes them once the rows are there, so that they are sorted and not
 * sown. PostgreSQL keeps equal keys once, so they are small there.
 */
export const indexesByKey = [
  { name: 'handles_by_key', table: 'handles', columns: 'key_id, kind, id' },
  { name: 'memberships_by_key', table: 'memberships', columns: 'key_id, kind, id' },
] as const

/** Step n turns schema version n - 1 into n. Steps that were released are never edited. `s` is the schema, quoted. */
const steps: readonly ((s: string) => string)[] = [
  s => `
  -- Text sorts by its bytes, whatever the database's own rules are: the program sorts so too.
  CREATE TABLE ${s}.documents (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    commit_id uuid NOT NULL,
    key_id text COLLATE "C",
    body bytea,
    PRIMARY KEY (kind, id),
    CHECK ((key_id IS NULL) = (body IS NULL))
  ) WITH (fillfactor = 85);
  -- Sealed bytes do not get smaller: trying costs time and wins nothing.
  ALTER TABLE ${s}.documents ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE ${s}.handles (
    handle bytea PRIMARY KEY,
    key_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL
  );
  CREATE INDEX handles_by_key ON ${s}.handles (key_id, kind, id);

  CREATE TABLE ${s}.memberships (
    gathering bytea NOT NULL,
    position text COLLATE "C" NOT NULL,
    member text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    PRIMARY KEY (gathering, position, member)
  );
  CREATE INDEX memberships_by_key ON ${s}.memberships (key_id, kind, id);

  CREATE TABLE ${s}.journal (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    at bigint NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (kind, id, sequence)
  );
  ALTER TABLE ${s}.journal ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE ${s}.uncovered_heads (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

  CREATE TABLE ${s}.checkpoints (
    number bigint PRIMARY KEY CHECK (number > 0),
    body bytea NOT NULL
  );

  -- Rows come and go all day: what they leave behind is cleared away early, or the heads of the indexes fill with it.
  CREATE TABLE ${s}.waiting_messages (
    id text COLLATE "C" PRIMARY KEY,
    due bigint NOT NULL,
    expires bigint NOT NULL,
    ready bigint NOT NULL,
    attempt bigint NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    body bytea NOT NULL
  ) WITH (autovacuum_vacuum_scale_factor = 0.02);
  ALTER TABLE ${s}.waiting_messages ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE INDEX waiting_messages_by_due ON ${s}.waiting_messages (due, id);
  CREATE INDEX waiting_messages_by_ready ON ${s}.waiting_messages (ready);

  CREATE TABLE ${s}.settled_messages (
    id text COLLATE "C" PRIMARY KEY,
    due bigint NOT NULL,
    expires bigint NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('sent', 'dead')),
    settled_at bigint NOT NULL,
    keep_until bigint,
    reason text
  );
  ALTER TABLE ${s}.settled_messages ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE INDEX settled_messages_by_due ON ${s}.settled_messages (due, id);
  CREATE INDEX settled_messages_by_keep ON ${s}.settled_messages (keep_until) WHERE keep_until IS NOT NULL;

  CREATE TABLE ${s}.write_probe (one bigint PRIMARY KEY CHECK (one = 1), writes bigint NOT NULL);
  INSERT INTO ${s}.write_probe (one, writes) VALUES (1, 0);

  ${functions(s)}
  `,
  groupFunction,
]

/** The schema version this program reads and writes. */
export const schemaVersion: number = steps.length

/** From which schema version to which a migration went; the same twice when there was nothing to do. */
export type Migration = { readonly from: number; readonly to: number }

const schemaName = /^[a-z_][a-z0-9_]{0,62}$/

/** A schema's name as it stands in SQL. Throws `Broken` for a name that PostgreSQL would have to be told in quotes. */
export function quoted(schema: string): string {
  assert(schemaName.test(schema), 'a schema is named in lower-case letters, digits and underscores')
  return `"${schema}"`
}

/**
 * The schema version of a database; 0 when the schema is not there or has nothing in it.
 * Throws `StoreUnusable` when what is in it is another program's, a half-made copy, or newer than this program. `place`
 * is for its words.
 */
export async function readSchemaVersion(client: ClientBase, schema: string, place: string): Promise<number> {
  const s = quoted(schema)
  const looked = await client.query<{ ours: boolean; marked: boolean; objects: number }>(
    `SELECT to_regclass('${s}.schema_version') IS NOT NULL AS ours,
       to_regclass('${s}.${markTable}') IS NOT NULL AS marked, count(c.oid) AS objects
     FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid WHERE n.nspname = '${schema}'`,
  )
  const { ours, marked, objects } = looked.rows[0] ?? { ours: false, marked: false, objects: 0 }
  // On half a database, guesses that were spent would be there again.
  if (marked) throw halfCopied(place, removalOf(schema))
  if (!ours) {
    if (objects === 0) return 0
    throw new StoreUnusable(
      'not_twostep',
      `The schema ${schema} of ${place} belongs to another program. Give Twostep a database of its own.`,
    )
  }
  const read = await client.query<{ version: number }>(`SELECT version FROM ${s}.schema_version`)
  const version = read.rows[0]?.version ?? 0
  if (version > schemaVersion) {
    throw new StoreUnusable(
      'newer_schema',
      `${place} was migrated by a newer Twostep (schema ${version}, this one knows ` +
        `${schemaVersion}). Start the newer one, or restore a backup made before it.`,
    )
  }
  return version
}

/**
 * Brings the database to `schemaVersion`, all of it or nothing. Of several nodes that try at once one does it, and the
 * others wait for it. Throws `StoreUnusable` as `readSchemaVersion` does.
 */
export async function migrate(client: ClientBase, schema: string, place: string): Promise<Migration> {
  const s = quoted(schema)
  // Each statement must see what the one before us did while we waited for the lock.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE')
  try {
    await lockSchema(client, schema)
    const from = await readSchemaVersion(client, schema, place)
    if (from === 0) {
      await client.query(`
        CREATE SCHEMA IF NOT EXISTS ${s};
        CREATE TABLE ${s}.schema_version (one bigint PRIMARY KEY CHECK (one = 1), version bigint NOT NULL);
        INSERT INTO ${s}.schema_version (one, version) VALUES (1, 0)`)
    }
    for (const step of steps.slice(from)) await client.query(step(s))
    if (from < schemaVersion) await client.query(`UPDATE ${s}.schema_version SET version = ${schemaVersion}`)
    await client.query('COMMIT')
    return { from, to: schemaVersion }
  } catch (error) {
    // On a broken connection this fails too, and the server rolls back by itself.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** A command for a person, to be rid of a schema and all that is in it. */
export const removalOf = (schema: string): string => `DROP SCHEMA ${quoted(schema)} CASCADE`

/** Has the changes of a schema made one after the other: until the transaction ends, nobody else makes one. */
export async function lockSchema(client: ClientBase, schema: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${lockSpace}, hashtext('${schema}'))`)
  // A step that waits for a table makes everyone else wait behind it: rather give way and try again.
  await client.query(`SET LOCAL lock_timeout = '3s'`)
}

/** `2STP` in ASCII: Twostep's own space among the advisory locks of a database. */
const lockSpace = 0x32535450
