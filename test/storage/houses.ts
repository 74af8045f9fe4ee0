// The two ends of a move, on real databases: a store to fill, the source and the sink over its place, and a hand that
// changes rows from outside.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { openPostgresSink } from '#storage/postgres/row-sink.ts'
import { openPostgresSource } from '#storage/postgres/row-source.ts'
import { openSqliteSink } from '#storage/sqlite/row-sink.ts'
import { openSqliteSource } from '#storage/sqlite/row-source.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'
import type { RowSink, RowSource } from '#storage/transfer/rows.ts'
import { type Row, tables } from '#storage/transfer/tables.ts'
import {
  type TransferEnding,
  type TransferOptions,
  type TransferProgress,
  transfer,
} from '#storage/transfer/transfer.ts'
import { newSchema, postgresServer } from './postgres-server.ts'
import { commitOf, event, handle, message, place, removalOf } from './samples.ts'
import { edit, folderFor } from './sqlite-files.ts'

export type Engine = 'sqlite' | 'postgres' | 'pooler'

/** Where a database is or is to be. */
export type House = {
  readonly store: () => Promise<Store>
  readonly source: () => Promise<RowSource>
  readonly sink: () => Promise<RowSink>
  /** Changes rows by hand, in a finished database. */
  readonly edit: (sql: (table: string) => string) => Promise<void>
  /** Likewise, in a half-made copy. */
  readonly editHalf: (sql: (table: string) => string) => Promise<void>
  /** The names of its indexes. */
  readonly indexes: () => Promise<readonly string[]>
  /** Clears away what is half-made, as the words of the sink say. */
  readonly clear: () => Promise<void>
  /** How a program of its own opens it: see copy-until-killed.ts. */
  readonly argument: () => Promise<string>
}

export async function house(t: TestContext, engine: Engine): Promise<House> {
  if (engine === 'sqlite') return houseInFile(join(folderFor(t), 'twostep.db'))
  const server = await postgresServer()
  const schema = newSchema()
  const url = server.url('plain', engine === 'pooler' ? 'pooler' : 'server')
  t.after(() => server.admin(`DROP SCHEMA IF EXISTS ${schema} CASCADE`))
  return {
    store: () => openPostgresStore({ url, schema }),
    source: () => openPostgresSource({ url, schema }),
    sink: () => openPostgresSink({ url, schema, patience: 5_000 }),
    edit: async sql => void (await server.admin(sql(`${schema}.`))),
    editHalf: async sql => void (await server.admin(sql(`${schema}.unfinished_`))),
    indexes: async () => {
      const found = await server.admin(`SELECT indexdef AS sql FROM pg_indexes WHERE schemaname = '${schema}'`)
      return found.map(({ sql }) => String(sql).replaceAll(`${schema}.`, '')).toSorted()
    },
    clear: async () => void (await server.admin(`DROP SCHEMA ${schema} CASCADE`)),
    argument: async () => `${schema} ${url.reveal()}`,
  }
}

export function houseInFile(file: string): House {
  return {
    store: () => openSqliteStore({ file }),
    source: () => openSqliteSource({ file }),
    sink: () => openSqliteSink({ file }),
    edit: async sql => void edit(file, sql('')),
    editHalf: async sql => void edit(`${file}.copying`, sql('')),
    indexes: async () => {
      const found = existsSync(file) ? edit(file, `SELECT sql FROM sqlite_schema WHERE type = 'index'`) : []
      return found.map(({ sql }) => String(sql)).toSorted()
    },
    clear: async () => {
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}.copying${end}`, { force: true })
    },
    argument: async () => file,
  }
}

const namesOf = (n: number) => [handle(`name ${n}`), handle(`name ${n}`, 'key-2')]
const placesOf = (n: number) => [place('all', `${n % 3}`, `m${n}`), place('some', `${n}`, `m${n}`, 'key-2')]

/** Fills a house with something of everything that can be stored. */
export async function furnish({ store: open }: House, subjects = 7): Promise<void> {
  const store = await open()
  const now = instantAt(5_000)
  for (let n = 1; n <= subjects; n += 1) {
    await store.commit(
      commitOf(`s${n}`, 0, {
        body: n === 1 ? '' : `body ${n} é 😀`,
        claims: namesOf(n),
        joins: placesOf(n),
        events: [event(1), event(2)],
        messages: [message(`m${n}`, 1_000 * n, 100_000)],
      }),
    )
  }
  await store.addCheckpoint({ number: 1, body: Uint8Array.of(0, 255, 39, 92, 10) }, await store.uncoveredHeads(3))
  await store.addCheckpoint({ number: 2, body: new Uint8Array() }, [])
  // One that was there and is not any more, and one that came back.
  await store.commit(removalOf('s2', 1, { releases: namesOf(2), leaves: placesOf(2), events: [event(3)] }))
  await store.commit(removalOf('s3', 1, { releases: namesOf(3), leaves: placesOf(3) }))
  await store.commit(commitOf('s3', 0, { events: [event(3)] }))
  // One that went on, and no checkpoint knows of any of it.
  await store.commit(commitOf('s4', 1, { events: [event(3)] }))
  await store.takeMessages(now, instantAt(9_000), 4)
  const reason = 'the provider said: „nein“ \\ "\n\t 😀'
  await store.settleMessages([
    { id: 'm1', settlement: { kind: 'sent', at: now, keepUntil: instantAt(8_000) } },
    { id: 'm2', settlement: { kind: 'dead', at: now, reason } },
    { id: 'm3', settlement: { kind: 'again', due: instantAt(7_000) } },
  ])
  await store.close()
}

/** Every row of a house, as its source has them. */
export async function rowsIn({ source: open }: House): Promise<Readonly<Record<string, readonly Row[]>>> {
  const source = await open()
  try {
    const read = tables.map(async table => [table.name, await source.rows(table, undefined, 100_000)] as const)
    return Object.fromEntries(await Promise.all(read))
  } finally {
    await source.close()
  }
}

/** Copies one house into another, in pages so small that everything takes several. */
export async function move(
  from: House,
  to: House,
  options: TransferOptions = {},
  /** Comes between the move and its sink. */
  between: (sink: RowSink) => RowSink = sink => sink,
): Promise<TransferEnding> {
  const source = await from.source()
  try {
    const sink = await to.sink()
    try {
      return await transfer(source, between(sink), { pageSize: 3, ...options })
    } finally {
      await sink.close()
    }
  } finally {
    await source.close()
  }
}

/** Does `what` at the nth step of a move. */
export function atStep(nth: number, what: () => void): () => void {
  let steps = 0
  return () => {
    steps += 1
    if (steps === nth) what()
  }
}

/** Tells a move to stop at the nth step, or the nth of a stage. */
export function stoppedAt(nth: number, stage?: TransferProgress['stage']): TransferOptions {
  const stopping = new AbortController()
  const stop = atStep(nth, () => stopping.abort())
  return {
    onProgress: progress => {
      if (stage === undefined || stage === progress.stage) stop()
    },
    signal: stopping.signal,
  }
}
