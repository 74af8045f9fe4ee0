// Prepared statements with the type of their rows. STRICT tables hold what the types say.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/** A prepared statement whose rows are `Row`. Values are bound, never written into SQL. */
export type Statement<Row> = {
  get(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
  /** Runs it; `changes` counts the rows it changed. */
  run(...values: SQLInputValue[]): { readonly changes: number | bigint }
}

/** Prepares `sql` on `db`; the caller keeps it as long as `db` is open. */
export function prepare<Row>(db: DatabaseSync, sql: string): Statement<Row> {
  return db.prepare(sql) as unknown as Statement<Row>
}
