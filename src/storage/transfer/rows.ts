// The two ends of a copy. A source gives a database's rows and sees to it that nobody writes them meanwhile; a sink takes
// rows into a database that nobody can use before the last word.

import type { Row, Rows, Table, TableName } from './tables.ts'

/** Reads rows in the order of their keys: up to `limit` of them, after the row whose key is `after`. */
export type RowReader = {
  rows(table: Table, after: Row | undefined, limit: number): Promise<readonly Row[]>
}

export type RowSource = RowReader & {
  /** What the database is called in words; no password is in it. */
  readonly place: string
  /** Equal for two ways to the same database. */
  readonly identity: string
  count(table: Table): Promise<number>
  /**
   * Throws `StoreUnusable('in_use')` when somebody wrote to the database since it was opened, or is kept from it right
   * now. Without it a guess that is spent while this copies would come back at the new place.
   */
  assertUntouched(): Promise<void>
  /** Lets others write again. */
  close(): Promise<void>
}

/** Of what a half-made copy is one. */
export type Mark = {
  /** `fingerprintOf` the source, or any word for one that is made up. */
  readonly fingerprint: string
  /** What the source is called in words. */
  readonly from: string
}

/**
 * `begun`: the target was absent or empty, and is marked now. `resumed`: it has the same mark from an earlier time, or
 * had its last word and lost its name. `other`: it is a half-made copy of something else, and was left as it is.
 */
export type Beginning = { readonly kind: 'begun' | 'resumed' } | { readonly kind: 'other'; readonly from: string }

/**
 * A target is one of: absent, empty, marked as half-made, or a database. Servers refuse a marked one, and the mark goes
 * with the last word.
 *
 *   absent or empty ── begin ──▶ half-made ── load … load ── index ── finish ──▶ a database
 *                                 ▲      └─ killed, disk full, connection lost ─┐
 *                                 └────────────────────── begin ────────────────┘
 */
export type RowSink = RowReader & {
  readonly place: string
  readonly identity: string
  /** A command for a person, to be rid of what is half-made. */
  readonly removal: string
  /** Takes the target for this copy. Another run that has it finds out at its next step. */
  begin(mark: Mark): Promise<Beginning>
  /**
   * Takes rows in any order, quickest in the order of their keys. A row whose key is there already is passed over: what
   * is in it is for the check at the end.
   */
  load<Name extends TableName>(table: Name, rows: readonly Rows[Name][]): Promise<void>
  /** Makes the indexes that were left for last. `onStep` is called before each, and after the last. */
  index(onStep?: (done: number, total: number) => Promise<void>): Promise<void>
  /**
   * The last word. Has `verify` read what was written, with nobody else let in; when that is true, the target is a
   * database from then on. When it is false, or throws, it stays half-made.
   */
  finish(verify?: (written: RowReader) => Promise<boolean>): Promise<boolean>
  close(): Promise<void>
}
