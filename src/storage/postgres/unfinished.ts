// A half-made copy in a schema: its tables bear other names, and one more says of what it is a copy. A server that starts
// is told by that one; a server that was running, or knows nothing of copies, finds no tables at all. The last word gives
// them their names and takes the mark away, in one transaction.

import type { ClientBase } from 'pg'
import { assert } from '#core/kernel/outcome.ts'
import type { Mark } from '../transfer/rows.ts'
import { tables } from '../transfer/tables.ts'
import { markTable, notEmpty, otherVersion, takenOver } from '../transfer/unfinished.ts'
import { indexesByKey, lockSchema, quoted, removalOf, schemaVersion } from './schema.ts'

const prefix = 'unfinished_'

/** What a table is called while the copy is half-made. `s` is the schema, quoted. */
export const unfinishedName = (s: string, table: string): string => `${s}.${prefix}${table}`

/** The mark, and which run of a copy has it. */
export type Held = Mark & { readonly runner: string }

/** The mark of a schema, if it has one. Throws `StoreUnusable('half_copied')` when it is of another version. */
export async function readMark(client: ClientBase, schema: string, place: string): Promise<Held | undefined> {
  const s = quoted(schema)
  const there = await client.query<{ marked: boolean }>(`SELECT to_regclass('${s}.${markTable}') IS NOT NULL AS marked`)
  if (there.rows[0]?.marked !== true) return undefined
  const versions = await client.query<{ version: number }>(
    `SELECT version::int FROM ${unfinishedName(s, 'schema_version')}`,
  )
  if (versions.rows[0]?.version !== schemaVersion) throw otherVersion(place, removalOf(schema))
  const read = await client.query<Held>(`SELECT fingerprint, source AS "from", runner FROM ${s}.${markTable}`)
  return read.rows[0]
}

/** Throws `StoreUnusable('exists')` unless nothing stands in the tables that there are. */
export async function assertEmpty(client: ClientBase, schema: string, place: string): Promise<void> {
  const s = quoted(schema)
  const names = tables.map(({ name }) => name)
  const there = await client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2::text[])',
    [schema, names],
  )
  if (there.rows.length === 0) return
  const filled = there.rows.map(({ name }) => `EXISTS (SELECT FROM ${s}.${name})`).join(' OR ')
  const looked = await client.query<{ filled: boolean }>(`SELECT ${filled} AS filled`)
  if (looked.rows[0]?.filled !== false) throw notEmpty(place)
}

/** Marks a schema of this version in which nothing stands, and hides its tables. */
export async function putMark(client: ClientBase, schema: string, place: string, held: Held): Promise<void> {
  const s = quoted(schema)
  await inTransaction(client, async () => {
    await lockSchema(client, schema)
    // Another run came first.
    if ((await readMark(client, schema, place)) !== undefined) throw takenOver(place)
    await client.query(`LOCK TABLE ${tables.map(({ name }) => `${s}.${name}`).join(', ')} IN ACCESS EXCLUSIVE MODE`)
    await assertEmpty(client, schema, place)
    for (const { name } of indexesByKey) await client.query(`DROP INDEX ${s}.${name}`)
    await rename(client, schema, name => `${prefix}${name}`)
    await client.query(
      `CREATE TABLE ${s}.${markTable} (one bigint PRIMARY KEY CHECK (one = 1), fingerprint text NOT NULL,
         source text NOT NULL, runner text NOT NULL)`,
    )
    await client.query(`INSERT INTO ${s}.${markTable} (one, fingerprint, source, runner) VALUES (1, $1, $2, $3)`, [
      held.fingerprint,
      held.from,
      held.runner,
    ])
  })
}

/** Takes a mark over from an earlier run, which is kept from writing from then on. */
export async function takeOver(client: ClientBase, schema: string, place: string, held: Held): Promise<void> {
  const taken = await client.query(`UPDATE ${quoted(schema)}.${markTable} SET runner = $1 WHERE fingerprint = $2`, [
    held.runner,
    held.fingerprint,
  ])
  if (taken.rowCount !== 1) throw takenOver(place)
}

/** Throws `StoreUnusable('in_use')` unless `runner` has the mark; until the transaction ends, nobody else takes it. */
export async function assertHeld(client: ClientBase, schema: string, place: string, runner: string): Promise<void> {
  const s = quoted(schema)
  const there = await client.query<{ marked: boolean }>(`SELECT to_regclass('${s}.${markTable}') IS NOT NULL AS marked`)
  if (there.rows[0]?.marked !== true) throw takenOver(place)
  const held = await client.query(`SELECT FROM ${s}.${markTable} WHERE runner = $1 FOR UPDATE`, [runner])
  if (held.rowCount !== 1) throw takenOver(place)
}

/** Gives the tables their names and takes the mark away, inside a transaction of the caller's. */
export async function dropMark(client: ClientBase, schema: string): Promise<void> {
  await client.query(`DROP TABLE ${quoted(schema)}.${markTable}`)
  await rename(client, schema, name => name.slice(prefix.length))
}

/** Renames every table of the schema. */
async function rename(client: ClientBase, schema: string, newName: (name: string) => string): Promise<void> {
  const named = await client.query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [
    schema,
  ])
  for (const { name } of named.rows) {
    assert(/^[a-z_]+$/.test(name), 'a table of ours is named in lower-case letters')
    await client.query(`ALTER TABLE ${quoted(schema)}.${name} RENAME TO ${newName(name)}`)
  }
}

/** Does `work` in one transaction, durable when it is over. */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE')
  try {
    // All that was written before, in transactions that did not wait for the disk, is durable with this one.
    await client.query(
      `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`,
    )
    const done = await work()
    await client.query('COMMIT')
    return done
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Lets the transaction take as long as it takes, whatever the server's own bounds are. */
export async function unhurried(client: ClientBase): Promise<void> {
  await client.query(
    `SELECT set_config(name, '0', true) FROM pg_settings
     WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
  )
}
