// `twostep migrate`: brings the database's schema to this version's, forward only. A server does it when it starts; this is
// for operators whose servers may not change schemas, or who want it done before.

import { type Config, readConfig } from '#config'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { CommandEnding } from './ending.ts'
import type { Terminal } from './terminal.ts'

export async function migrate(terminal: Terminal): Promise<CommandEnding> {
  const ended = await migrateDatabase(readConfig(terminal.env))
  if (ended === undefined) return { code: 0, words: 'The schema is of this version.', json: {} }
  const { from, to } = ended
  const words =
    from === to ? `The schema is at version ${to} already.` : `Brought the schema from version ${from} to ${to}.`
  return { code: 0, words, json: ended }
}

// The embedded database has one program at a time, which migrates it as it opens it.
async function migrateDatabase({
  database,
}: Config): Promise<{ readonly from: number; readonly to: number } | undefined> {
  if (database.kind === 'sqlite') {
    await (await openSqliteStore({ file: database.path })).close()
    return undefined
  }
  const { migratePostgres } = await import('#storage/postgres/postgres-store.ts')
  return migratePostgres({ url: database.url })
}
