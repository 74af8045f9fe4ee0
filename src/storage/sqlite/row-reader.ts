// Rows of whole tables, page by page in the order of their keys.

import type { DatabaseSync } from 'node:sqlite'
import type { RowReader } from '../transfer/rows.ts'
import { type Row, type Table, tables } from '../transfer/tables.ts'
import { failing } from './failure.ts'
import { newestHeads } from './schema.ts'

/** Reads rows over `db`, which stays open as long. `file` is for what a failure says. */
export function openRowReader(db: DatabaseSync, file: string): RowReader {
  const statements = new Map(tables.map(table => [table.name, prepareReads(db, table)]))
  return {
    async rows(table, after, limit) {
      const reads = statements.get(table.name)
      const read = (): unknown => (after === undefined ? reads?.first.all(limit) : reads?.next.all(...after, limit))
      return failing(file, read) as readonly Row[]
    },
  }
}

function prepareReads(db: DatabaseSync, { name, key, columns }: Table) {
  const names = columns.map(column => column.name)
  const keys = names.slice(0, key)
  // What SQLite keeps there is the first event that is not covered; PostgreSQL, and a checkpoint, want the newest.
  const source = name === 'uncovered_heads' ? newestHeads : name
  const read = (where: string) => {
    const sql = `SELECT ${names.join(', ')} FROM ${source} ${where} ORDER BY ${keys.join(', ')} LIMIT ?`
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  return { first: read(''), next: read(`WHERE (${keys.join(', ')}) > (${keys.map(() => '?').join(', ')})`) }
}
