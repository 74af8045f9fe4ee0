// Moving house: everything a database holds, into another one, byte for byte. Nothing is opened or sealed on the way.
//
//     read the source, sum it up ──▶ mark the target ──▶ check what is there ──▶ copy the rest ──▶ index
//                                                                                                    │
//     a database ◀── last word ◀── the same sums? ◀── read the target, sum it up ◀───────────────────┘
//
// The mark carries the fingerprint of the source. A run that was cut off at any moment is gone on with by the next one,
// if the source is the same to the byte; what is there is compared with it, row by row, before anything is added.

import { setImmediate } from 'node:timers/promises'
import { encodeRows, fingerprintOf, openSum, type TableSum } from './checksum.ts'
import type { RowReader, RowSink, RowSource } from './rows.ts'
import { keyOf, type Row, type Table, tables } from './tables.ts'

/** How far a copy is. `done` and `total` count rows, or indexes. */
export type TransferProgress = {
  readonly stage: 'reading' | 'checking' | 'copying' | 'indexing' | 'verifying'
  readonly table: string
  readonly done: number
  readonly total: number
}

export type TransferOptions = {
  readonly onProgress?: (progress: TransferProgress) => void
  /** Stops between two steps. The half-made copy stays, to be gone on with. */
  readonly signal?: AbortSignal
  /** Rows that are held in memory at once, twice over. */
  readonly pageSize?: number
}

/** A table that is not in the target as it is in the source. */
export type TableDifference = { readonly source: TableSum; readonly target: TableSum | undefined }

export type TransferEnding =
  /** `resumed`: an earlier run had begun. */
  | {
      readonly kind: 'copied'
      readonly resumed: boolean
      readonly fingerprint: string
      readonly tables: readonly TableSum[]
    }
  /**
   * The target stays half-made. `target` is `undefined` when it shows in what an earlier run left: a row of it is not
   * the source's, and nothing was added.
   */
  | { readonly kind: 'differs'; readonly tables: readonly TableDifference[] }
  /** The target is a half-made copy of something else, or of this source as it was once. `from`: of what. */
  | { readonly kind: 'other_source'; readonly from: string }
  | { readonly kind: 'stopped' }

/** Rows of a kilobyte or two: a page is a few megabytes, and a transaction is worth its cost. */
const defaultPageSize = 2_000

/**
 * Copies `source` into `sink`. Throws `StoreUnusable` and `StoreAway` as they do; then the target stays half-made, and
 * the next run goes on.
 */
export async function transfer(
  source: RowSource,
  sink: RowSink,
  { onProgress = () => {}, signal, pageSize = defaultPageSize }: TransferOptions = {},
): Promise<TransferEnding> {
  const step = async (progress: TransferProgress): Promise<void> => {
    onProgress(progress)
    // Files are read and written without waiting for anything: nobody else would get a turn, nor a signal be heard.
    await setImmediate()
    signal?.throwIfAborted()
    await source.assertUntouched()
  }
  try {
    return await carryOut({ source, sink, step, pageSize })
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) return { kind: 'stopped' }
    throw error
  }
}

type Work = {
  readonly source: RowSource
  readonly sink: RowSink
  /** Shows how far it is. Throws when it is not to go on. */
  readonly step: (progress: TransferProgress) => Promise<void>
  readonly pageSize: number
}

async function carryOut(work: Work): Promise<TransferEnding> {
  const { source, sink, step } = work
  const read: TableSum[] = []
  for (const table of tables) read.push(await sumUp(work, 'reading', source, table, await source.count(table)))

  const fingerprint = fingerprintOf(read)
  const beginning = await sink.begin({ fingerprint, from: source.place })
  if (beginning.kind === 'other') return { kind: 'other_source', from: beginning.from }
  const resumed = beginning.kind === 'resumed'

  for (const [table, sum] of inPairs(read)) {
    const there = resumed ? await compare(work, table, sum) : nothing
    if (there === 'differs') return { kind: 'differs', tables: [{ source: sum, target: undefined }] }
    await copyRest(work, table, there, sum.rows)
  }
  await sink.index((done, total) => step({ stage: 'indexing', table: 'indexes', done, total }))

  let differences: readonly TableDifference[] = []
  const whole = await sink.finish(async written => {
    differences = await differencesOf(work, written, read)
    await source.assertUntouched()
    return differences.length === 0
  })
  if (!whole) return { kind: 'differs', tables: differences }
  return { kind: 'copied', resumed, fingerprint, tables: read }
}

/** Each table with its sum. */
const inPairs = (sums: readonly TableSum[]): readonly (readonly [Table, TableSum])[] =>
  tables.flatMap(table => sums.filter(sum => sum.table === table.name).map(sum => [table, sum] as const))

/** Sums up a table. `total` is how many rows are expected. */
async function sumUp(
  { step, pageSize }: Work,
  stage: 'reading' | 'verifying',
  reader: RowReader,
  table: Table,
  total: number,
): Promise<TableSum> {
  const sum = openSum(table)
  for await (const page of pages(reader, table, undefined, pageSize)) {
    sum.add(page)
    await step({ stage, table: table.name, done: sum.sum().rows, total })
  }
  return sum.sum()
}

/** How much of a table is in the target already. */
type There = { readonly rows: number; readonly last: Row | undefined }
const nothing: There = { rows: 0, last: undefined }

/** Holds what an earlier run wrote against the source, row by row. */
async function compare(
  { source, sink, step, pageSize }: Work,
  table: Table,
  sum: TableSum,
): Promise<There | 'differs'> {
  let there = nothing
  for await (const page of pages(sink, table, undefined, pageSize)) {
    const same = await source.rows(table, there.last, page.length)
    if (!encodeRows(page).equals(encodeRows(same))) return 'differs'
    there = { rows: there.rows + page.length, last: keyOf(table, page.at(-1) ?? []) }
    await step({ stage: 'checking', table: table.name, done: there.rows, total: sum.rows })
  }
  return there
}

/** Copies the rows after those that are there. The next page is read while one is written. */
async function copyRest({ source, sink, step, pageSize }: Work, table: Table, there: There, total: number) {
  let done = there.rows
  for await (const page of pages(source, table, there.last, pageSize)) {
    await sink.load(table.name, page as never)
    done += page.length
    await step({ stage: 'copying', table: table.name, done, total })
  }
}

async function differencesOf(
  work: Work,
  written: RowReader,
  read: readonly TableSum[],
): Promise<readonly TableDifference[]> {
  const differences: TableDifference[] = []
  for (const [table, source] of inPairs(read)) {
    const target = await sumUp(work, 'verifying', written, table, source.rows)
    if (target.rows !== source.rows || target.sha256 !== source.sha256) differences.push({ source, target })
  }
  return differences
}

/** A table page by page, the next one on its way while one is looked at. */
async function* pages(
  reader: RowReader,
  table: Table,
  after: Row | undefined,
  size: number,
): AsyncGenerator<readonly Row[], void> {
  const ask = (from: Row | undefined): Promise<readonly Row[]> => {
    const asked = reader.rows(table, from, size)
    // Its failure is met where it is waited for, which may be a while later.
    asked.catch(() => {})
    return asked
  }
  let coming = ask(after)
  try {
    for (;;) {
      const page = await coming
      const last = page.at(-1)
      if (last === undefined) return
      if (page.length === size) coming = ask(keyOf(table, last))
      yield page
      if (page.length < size) return
    }
  } finally {
    // Whoever closes the connection after us finds it idle.
    await coming.catch(() => {})
  }
}
