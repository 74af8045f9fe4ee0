// A file that is copied from: one long look at it, with its server kept out, and an eye on whoever comes past the lock.

import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreUnusable } from '../store.ts'
import type { RowSource } from '../transfer/rows.ts'
import { writtenMeanwhile } from '../transfer/unfinished.ts'
import { openForReading } from './connection.ts'
import { errorOf, failing, openFailureOf } from './failure.ts'
import { type Lock, takeLock, trueName } from './lock.ts'
import { openRowReader } from './row-reader.ts'
import { readSchemaVersion, schemaVersion } from './schema.ts'
import { prepare } from './statement.ts'

/**
 * Opens the database `file` to be copied from. Throws `StoreUnusable`: `unreachable` when there is none, `in_use` when a
 * server has it, `older_schema`, `newer_schema`, `half_copied`, `not_twostep` or `corrupt`.
 */
export async function openSqliteSource({ file }: { readonly file: string }): Promise<RowSource> {
  const given = resolve(file)
  const opened: { lock?: Lock; db?: DatabaseSync; watcher?: DatabaseSync } = {}
  const close = (): void => {
    opened.db?.close()
    opened.watcher?.close()
    opened.lock?.release()
  }
  try {
    if (!existsSync(given)) throw absent(given)
    const name = trueName(given, false)
    opened.lock = takeLock(name)
    const db = openForReading(name)
    opened.db = db
    assertCurrent(readSchemaVersion(db, name), name)
    // A lock binds those who ask for it; who edits the file by hand does not.
    const watcher = openForReading(name)
    opened.watcher = watcher
    const writes = prepare<{ data_version: number }>(watcher, 'PRAGMA data_version')
    const before = writes.get()?.data_version
    db.exec('BEGIN')
    return {
      place: name,
      identity: identityOf(name),
      ...openRowReader(db, name),

      async count({ name: table }) {
        const read = prepare<{ many: number }>(db, `SELECT count(*) AS many FROM ${table}`)
        return failing(name, () => read.get()?.many ?? 0)
      },

      async assertUntouched() {
        if (failing(name, () => writes.get()?.data_version) !== before) throw writtenMeanwhile(name)
      },

      async close() {
        close()
      },
    }
  } catch (error) {
    close()
    throw errorOf(openFailureOf(error, given))
  }
}

/** Equal for two names of one file. */
export function identityOf(file: string): string {
  const { dev, ino } = statSync(file)
  return `file ${dev} ${ino}`
}

const absent = (file: string): StoreUnusable =>
  new StoreUnusable('unreachable', `There is no database at ${file}. Check the path.`)

function assertCurrent(version: number, file: string): void {
  if (version === 0)
    throw new StoreUnusable('not_twostep', `${file} is empty: there is nothing to copy. Check the path.`)
  if (version === schemaVersion) return
  throw new StoreUnusable(
    'older_schema',
    `${file} has schema ${version}, and this Twostep copies ${schemaVersion}. Bring it up to date: twostep migrate`,
  )
}
