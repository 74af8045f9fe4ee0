// A database that is copied from: one transaction that sees one moment and lets nobody write, however many servers run
// over it. A lock on the tables does that, which holds as long as the transaction, so also through a pooler.

import { assert } from '#core/kernel/outcome.ts'
import { StoreAway, StoreUnusable } from '../store.ts'
import type { RowSource } from '../transfer/rows.ts'
import { tables } from '../transfer/tables.ts'
import { writtenMeanwhile } from '../transfer/unfinished.ts'
import { type DatabaseUrl, readAddress } from './address.ts'
import { openClient } from './client.ts'
import { openFailureOf, Setback } from './failure.ts'
import { askOver, openRowReader } from './row-reader.ts'
import { quoted, readSchemaVersion, schemaVersion } from './schema.ts'
import { unhurried } from './unfinished.ts'

export type PostgresSourceSettings = { readonly url: DatabaseUrl; readonly schema?: string }

const patience = 8_000

/**
 * Opens a database to be copied from. While it is open, nothing can be written to it. Throws `StoreUnusable`: `in_use` when
 * somebody writes right now, `unreachable`, `older_schema`, `newer_schema`, `half_copied`, `not_twostep`, or `read_only`
 * when the user may not lock the tables.
 */
export async function openPostgresSource({ url, schema = 'twostep' }: PostgresSourceSettings): Promise<RowSource> {
  const address = readAddress(url)
  const { place } = address
  const s = quoted(schema)
  const client = await openClient(address, patience)

  const asking = askOver(client, address)
  const ask: typeof asking = async (asked, values) => {
    try {
      return await asking(asked, values)
    } catch (error) {
      // The moment that was seen is gone with the connection.
      throw error instanceof Setback ? new StoreAway(error.message) : error
    }
  }
  const plain = (text: string, values: readonly unknown[] = []) => ask({ name: '', text }, values)

  try {
    assertCurrent(await readSchemaVersion(client, schema, place), place)
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '1s'`)
    // Before anything is read: what is seen is as it is with nobody writing.
    await client.query(`LOCK TABLE ${tables.map(({ name }) => `${s}.${name}`).join(', ')} IN SHARE MODE`)
    await unhurried(client)
    const [[identity = null] = []] = await plain(whichDatabase)
    const oids = await plain(`SELECT c.oid::int8 FROM pg_class c WHERE c.oid = ANY ($1::regclass[]::oid[])`, [
      tables.map(({ name }) => `${s}.${name}`),
    ])
    assert(oids.length === tables.length, 'every table is there')

    return {
      place,
      identity: `${identity} ${schema}`,
      ...openRowReader(ask, table => `${s}.${table.name}`),

      async count({ name }) {
        const [[many = 0] = []] = await plain(`SELECT count(*) FROM ${s}.${name}`)
        return Number(many)
      },

      async assertUntouched() {
        // Nobody can have written. Who tries is a server that still runs, and would go on when we are done.
        const [[waiting = 0] = []] = await plain(whoWaits, [oids.map(([oid]) => oid)])
        if (waiting !== 0) throw writtenMeanwhile(place)
      },

      async close() {
        await client.end().catch(() => {})
      },
    }
  } catch (error) {
    await client.end().catch(() => {})
    throw lockedOut(error, place) ?? openFailureOf(error, address)
  }
}

/** The server as it has run since its start, and the database in it: the same by whatever way it is reached. */
export const whichDatabase = `SELECT pg_postmaster_start_time()::text || ' ' || oid FROM pg_database
  WHERE datname = current_database()`

const whoWaits = `SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND relation = ANY ($1::oid[])`

function assertCurrent(version: number, place: string): void {
  if (version === 0) {
    throw new StoreUnusable('not_twostep', `There is no Twostep in ${place}: there is nothing to copy. Check the URL.`)
  }
  if (version === schemaVersion) return
  throw new StoreUnusable(
    'older_schema',
    `${place} has schema ${version}, and this Twostep copies ${schemaVersion}. Bring it up to date: twostep migrate`,
  )
}

/** Somebody's transaction has a table, and does not end. */
function lockedOut(error: unknown, place: string): StoreUnusable | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '55P03' ? writtenMeanwhile(place) : undefined
}
