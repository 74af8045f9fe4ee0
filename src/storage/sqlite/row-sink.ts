// A file that is copied into. It is filled beside its place (see unfinished.ts), in transactions of a page each, and
// given its name by the last word. A crash loses at most the newest pages, which are copied again.

import { existsSync } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { assert } from '#core/kernel/outcome.ts'
import { StoreUnusable } from '../store.ts'
import type { Beginning, Mark, RowReader, RowSink } from '../transfer/rows.ts'
import { type Row, type TableName, tables } from '../transfer/tables.ts'
import { makeDurable } from './backup.ts'
import { openForWriting } from './connection.ts'
import { errorOf, failing, openFailureOf } from './failure.ts'
import { createPrivately, type Lock, takeLock, trueName } from './lock.ts'
import { openRowReader } from './row-reader.ts'
import { identityOf } from './row-source.ts'
import { migrate, noteIndexKeys } from './schema.ts'
import { prepare } from './statement.ts'
import { assertAbsentOrEmpty, copyingName, dropMark, lookAt, putMark, removalOf, remove } from './unfinished.ts'

export type SqliteSinkSettings = {
  /** Where the database is to be. Its folder is made when it is not there. */
  readonly file: string
  /** Pages of 4096 bytes above which the file counts as full. No bound when absent. */
  readonly maxPages?: number
}

/**
 * Opens the place of a database that is to be filled. Writes nothing yet. Throws `StoreUnusable`: `exists` when there is a
 * database with something in it, `in_use`, `read_only`, or `not_twostep` when something else lies there.
 */
export async function openSqliteSink(settings: SqliteSinkSettings): Promise<RowSink> {
  const given = resolve(settings.file)
  let lock: Lock | undefined
  try {
    const file = trueName(given, true)
    lock = takeLock(file)
    assertAbsentOrEmpty(file)
    lookAt(copyingName(file))
    return sinkOver(file, lock, settings.maxPages)
  } catch (error) {
    lock?.release()
    throw errorOf(openFailureOf(error, given))
  }
}

function sinkOver(file: string, lock: Lock, maxPages: number | undefined): RowSink {
  const half = copyingName(file)
  let open: { readonly db: DatabaseSync; readonly reader: RowReader; readonly loads: Loads } | undefined
  const opened = () => {
    assert(open, 'a copy is begun before it is gone on with')
    return open
  }

  function begin(mark: Mark): Beginning {
    const there = lookAt(half)
    if (there.kind === 'marked' && there.mark.fingerprint !== mark.fingerprint) {
      return { kind: 'other', from: there.mark.from }
    }
    createPrivately(half)
    const db = openForLoading(half, maxPages)
    try {
      if (there.kind === 'none') migrate(db, half)
      if (there.kind !== 'marked') putMark(db, mark)
      open = { db, reader: openRowReader(db, half), loads: prepareLoads(db) }
    } catch (error) {
      db.close()
      throw error
    }
    // Looked at again: to sum up the source took its time. And what an empty one's log holds must never be played into
    // the file that comes.
    assertAbsentOrEmpty(file)
    remove(file)
    return { kind: there.kind === 'none' ? 'begun' : 'resumed' }
  }

  async function giveName(): Promise<void> {
    const { db } = opened()
    failing(half, () => {
      dropMark(db)
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    })
    db.close()
    open = undefined
    await assertWhole(half)
    await makeDurable(half)
    if (existsSync(file)) throw new StoreUnusable('exists', `Something was put at ${file} meanwhile. Move it away.`)
    await rename(half, file)
    await makeDurable(dirname(file))
  }

  return {
    place: file,
    identity: existsSync(file) ? identityOf(file) : `no file ${file}`,
    removal: removalOf(half),
    rows: (table, after, limit) => opened().reader.rows(table, after, limit),

    async begin(mark) {
      return failing(half, () => begin(mark))
    },

    async load(table, rows) {
      const { db, loads } = opened()
      failing(half, () => loadAtOnce(db, loads[table], rows))
    },

    // Every index here follows the order of a key, and grows with its table.
    async index() {},

    async finish(verify = async () => true) {
      const { db, reader } = opened()
      failing(half, () => assertNoOrphan(db, half))
      failing(half, () => db.exec(noteIndexKeys))
      if (!(await verify(reader))) return false
      await giveName()
      return true
    },

    async close() {
      open?.db.close()
      open = undefined
      lock.release()
    },
  }
}

function openForLoading(half: string, maxPages: number | undefined): DatabaseSync {
  const db = openForWriting(half, maxPages)
  db.exec(`
    -- What a power cut takes is the end of what was written, and is written again.
    PRAGMA synchronous = NORMAL;
    -- Looked at once over all rows (see assertNoOrphan).
    PRAGMA foreign_keys = OFF;
  `)
  return db
}

type Loads = Readonly<Record<TableName, StatementSync>>

function prepareLoads(db: DatabaseSync): Loads {
  const loads = tables.map(({ name, columns }) => {
    const values = columns.map(() => '?').join(', ')
    const names = columns.map(column => column.name).join(', ')
    return [name, db.prepare(`INSERT INTO ${name} (${names}) VALUES (${values}) ON CONFLICT DO NOTHING`)]
  })
  return Object.fromEntries(loads) as Loads
}

function loadAtOnce(db: DatabaseSync, load: StatementSync, rows: readonly Row[]): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const row of rows) load.run(...row)
    db.exec('COMMIT')
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK')
  }
}

/** Throws `StoreUnusable('corrupt')` for a row that speaks of a subject that never was: PostgreSQL would let it stand. */
function assertNoOrphan(db: DatabaseSync, half: string): void {
  for (const table of ['handles', 'memberships'] as const) {
    const orphan = prepare<{ kind: string; id: string }>(
      db,
      `SELECT o.kind, o.id FROM ${table} o
       WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.kind = o.kind AND d.id = o.id) LIMIT 1`,
    ).get()
    if (orphan === undefined) continue
    throw new StoreUnusable(
      'corrupt',
      `A row of ${table} speaks of ${orphan.kind} ${orphan.id}, which is not there: the source was tampered with. ` +
        `Run twostep journal verify over it. What was copied is not used:  ${removalOf(half)}`,
    )
  }
}

/** Throws unless all that was written is in the file itself. */
async function assertWhole(half: string): Promise<void> {
  const log = await stat(`${half}-wal`).catch(() => undefined)
  if (log === undefined || log.size === 0) return
  throw new StoreUnusable('in_use', `Another program holds ${half}. Close it, and run this again.`)
}
