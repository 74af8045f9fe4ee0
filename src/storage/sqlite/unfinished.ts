// A half-made copy in a file: it lies beside the place it is for, under another name and with an application id of its
// own, and a table in it says of what it is a copy. The last word takes both away, and then it is given its name.
//
// A file that had its last word and not its name yet (killed in between) has no mark any more; whoever goes on marks it
// again and holds every row of it against the source.

import { existsSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Mark } from '../transfer/rows.ts'
import { tables } from '../transfer/tables.ts'
import { halfCopied, markTable, notEmpty, otherVersion } from '../transfer/unfinished.ts'
import { openForReading } from './connection.ts'
import { applicationId, readPragma, readSchemaVersion, schemaVersion, unfinishedId } from './schema.ts'
import { prepare } from './statement.ts'

/** Where the half of a copy to `file` lies. */
export const copyingName = (file: string): string => `${file}.copying`

const companions = ['-wal', '-shm', '-journal'] as const

/** A command to be rid of `file` and what lies beside it. */
export const removalOf = (file: string): string => `rm -f '${file}' '${file}-wal' '${file}-shm'`

/** Removes `file` and what lies beside it. */
export function remove(file: string): void {
  for (const each of ['', ...companions]) rmSync(`${file}${each}`, { force: true })
}

/**
 * Throws `StoreUnusable('half_copied')` when `file` is about to come: a server would make an empty one in its place,
 * with every budget fresh, and the copy would find it taken.
 */
export function assertNotUnderWay(file: string): void {
  const half = copyingName(file)
  if (!existsSync(file) && existsSync(half)) throw halfCopied(half, removalOf(half))
}

/** Throws `StoreUnusable` unless `file` is absent, or a database in which nothing stands. */
export function assertAbsentOrEmpty(file: string): void {
  if (!existsSync(file)) return
  const db = openForReading(file)
  try {
    const version = readSchemaVersion(db, file)
    if (version === 0) return
    const filled = (name: string) =>
      prepare<{ filled: number }>(db, `SELECT EXISTS (SELECT 1 FROM ${name}) AS filled`).get()?.filled !== 0
    if (version !== schemaVersion || tables.some(({ name }) => filled(name))) throw notEmpty(file)
  } finally {
    db.close()
  }
}

/** What lies there: nothing yet, a copy of `mark`, or one that had its last word. */
export type Half =
  | { readonly kind: 'none' }
  | { readonly kind: 'marked'; readonly mark: Mark }
  | { readonly kind: 'spoken' }

/** Looks at the half of a copy. Throws `StoreUnusable` when it is something else, or of another version. */
export function lookAt(half: string): Half {
  if (!existsSync(half)) return { kind: 'none' }
  const db = openForReading(half)
  try {
    const program = readPragma(db, 'application_id')
    if (program !== unfinishedId) return { kind: readSchemaVersion(db, half) === 0 ? 'none' : 'spoken' }
    if (readPragma(db, 'user_version') !== schemaVersion) throw otherVersion(half, removalOf(half))
    const mark = prepare<Mark>(db, `SELECT fingerprint, source AS "from" FROM ${markTable}`).get()
    return mark === undefined ? { kind: 'none' } : { kind: 'marked', mark }
  } finally {
    db.close()
  }
}

/** Marks an open database. */
export function putMark(db: DatabaseSync, { fingerprint, from }: Mark): void {
  db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${unfinishedId};
    CREATE TABLE ${markTable} (fingerprint TEXT NOT NULL, source TEXT NOT NULL) STRICT`)
  prepare(db, `INSERT INTO ${markTable} (fingerprint, source) VALUES (?, ?)`).run(fingerprint, from)
  db.exec('COMMIT')
}

/** Takes the mark away. */
export function dropMark(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; DROP TABLE ${markTable}; PRAGMA application_id = ${applicationId}; COMMIT`)
}
