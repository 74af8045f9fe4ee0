// A database that is copied into. Its tables are hidden (see unfinished.ts) and filled by statements of a page each, which
// are sent again when a connection breaks: a row that is there already is passed over.
//
// A page is one INSERT out of arrays in binary form, and no COPY: it is one statement with bound values like all others,
// can be sent twice, and carries its own fence. Each checks that this run still has the mark, in the same transaction; so
// of two runs that somebody started, only the newer one writes.

import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Milliseconds } from '#core/kernel/instant.ts'
import type { Beginning, Mark, RowReader, RowSink } from '../transfer/rows.ts'
import { type Row, type Table, tableNamed, tables } from '../transfer/tables.ts'
import { markTable, takenOver } from '../transfer/unfinished.ts'
import { type Address, type DatabaseUrl, readAddress } from './address.ts'
import { encodeArray, wireArrays } from './binary-array.ts'
import { withClient } from './client.ts'
import { type Connections, openConnections } from './connections.ts'
import { Setback } from './failure.ts'
import { askOver, openRowReader } from './row-reader.ts'
import { whichDatabase } from './row-source.ts'
import { indexesByKey, migrate, quoted, readSchemaVersion, removalOf } from './schema.ts'
import { type Statement, statement } from './statement.ts'
import {
  assertEmpty,
  assertHeld,
  dropMark,
  inTransaction,
  putMark,
  readMark,
  takeOver,
  unfinishedName,
  unhurried,
} from './unfinished.ts'

export type PostgresSinkSettings = {
  readonly url: DatabaseUrl
  readonly schema?: string
  /** How long a step is tried again while the database is away. */
  readonly patience?: Milliseconds
}

/** A page of rows onto a slow disk. */
const longestLoad: Milliseconds = 120_000

type Place = {
  readonly address: Address
  readonly schema: string
  readonly patience: Milliseconds
  /** This run's own name. */
  readonly runner: string
}

/**
 * Opens the place of a database that is to be filled. Writes nothing yet. Throws `StoreUnusable`: `exists` when there is a
 * database with something in it, `not_twostep`, `newer_schema`, `unreachable`, or `read_only` when the user may not make
 * tables.
 */
export async function openPostgresSink(settings: PostgresSinkSettings): Promise<RowSink> {
  const { url, schema = 'twostep', patience = 20_000 } = settings
  const address = readAddress(url)
  const at: Place = { address, schema, patience, runner: randomBytes(16).toString('hex') }
  const identity = await withClient(address, patience, async client => {
    if ((await readMark(client, schema, address.place)) === undefined) {
      await readSchemaVersion(client, schema, address.place)
      await assertEmpty(client, schema, address.place)
    }
    const { rows } = await client.query<[string]>({ text: whichDatabase, rowMode: 'array' })
    return `${rows[0]?.[0]} ${schema}`
  })
  return sinkOver(at, identity, openConnections({ address, most: 1, patience, attempt: longestLoad }))
}

function sinkOver(at: Place, identity: string, connections: Connections): RowSink {
  const { address, schema, runner } = at
  const s = quoted(schema)
  let indexed = false

  async function index(onStep: (done: number, total: number) => Promise<void> = async () => {}): Promise<void> {
    const steps = lastSteps(s)
    for (const [done, sql] of steps.entries()) {
      await onStep(done, steps.length)
      await withClient(address, at.patience, client => takeStep(client, at, sql))
    }
    await onStep(steps.length, steps.length)
    indexed = true
  }

  return {
    place: address.place,
    identity,
    removal: removalOf(schema),
    begin: mark => withClient(address, at.patience, client => begin(client, at, mark)),
    ...openRowReader(
      async (asked, values) => (await connections.ask(asked, values)).map(row => Object.values(row) as Row),
      ({ name }) => unfinishedName(s, name),
    ),

    async load(name, rows) {
      if (rows.length === 0) return
      const table = tableNamed(name)
      const columns = table.columns.map(({ type }, column) => encodeArray(rows, column, type))
      const [answer] = await connections.ask(loadOf(s, table), [runner, ...columns])
      if (answer?.held !== 1) throw takenOver(address.place)
    },

    index,

    async finish(verify = async () => true) {
      if (!indexed) await index()
      return await finish(at, verify)
    },

    close: () => connections.end(),
  }
}

async function begin(client: pg.Client, { address, schema, runner }: Place, mark: Mark): Promise<Beginning> {
  const { place } = address
  const there = await readMark(client, schema, place)
  if (there === undefined) {
    await migrate(client, schema, place)
    await putMark(client, schema, place, { ...mark, runner })
    return { kind: 'begun' }
  }
  if (there.fingerprint !== mark.fingerprint) return { kind: 'other', from: there.from }
  // Ours already, when the answer to an earlier attempt was lost.
  if (there.runner === runner) return { kind: 'begun' }
  await takeOver(client, schema, place, { ...mark, runner })
  return { kind: 'resumed' }
}

/** The rows of one page, unless another run has the mark. It does not wait for the disk: the last word does. */
function loadOf(s: string, table: Table): Statement<{ held: number }> {
  const names = table.columns.map(({ name }) => name).join(', ')
  const arrays = table.columns.map(({ type }, at) => `$${at + 2}::${wireArrays[type].cast}`).join(', ')
  return statement(
    `load_${table.name}`,
    `WITH fence AS MATERIALIZED (
       SELECT set_config('synchronous_commit', 'off', true) FROM ${s}.${markTable} WHERE runner = $1 FOR UPDATE
     ), loaded AS (
       INSERT INTO ${unfinishedName(s, table.name)} (${names})
       SELECT * FROM unnest(${arrays}) WHERE EXISTS (SELECT FROM fence) ON CONFLICT DO NOTHING
     ) SELECT count(*) AS held FROM fence`,
  )
}

/** What is made once all rows are there: indexes, and what the planner knows of the tables. */
const lastSteps = (s: string): readonly string[] => [
  ...indexesByKey.map(({ name, table, columns }) => {
    return `CREATE INDEX IF NOT EXISTS ${name} ON ${unfinishedName(s, table)} (${columns})`
  }),
  `ANALYZE ${tables.map(({ name }) => unfinishedName(s, name)).join(', ')}`,
]

async function takeStep(client: pg.Client, { address, schema, runner }: Place, sql: string): Promise<void> {
  await inTransaction(client, async () => {
    await unhurried(client)
    await assertHeld(client, schema, address.place, runner)
    // Sorting in memory, not in files; as much as PostgreSQL's own rule of thumb for a small machine.
    await client.query(`SET LOCAL maintenance_work_mem = '256MB'`)
    await client.query(sql)
  })
}

/** The last word: whatever is verified stays so until the tables have their names. */
async function finish(at: Place, verify: (written: RowReader) => Promise<boolean>): Promise<boolean> {
  const { address, schema, patience, runner } = at
  const s = quoted(schema)
  const thrown: { error?: unknown } = {}
  let spoken = false

  const attempt = async (client: pg.Client): Promise<boolean> => {
    // The answer to the last word was lost. If the mark is gone, it was heard.
    if (spoken && (await readMark(client, schema, address.place)) === undefined) return true
    spoken = false
    return await inTransaction(client, async () => {
      await client.query(`SET LOCAL lock_timeout = '10s'`)
      await unhurried(client)
      await assertHeld(client, schema, address.place, runner)
      const names = tables.map(({ name }) => unfinishedName(s, name)).join(', ')
      await client.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`)
      const reader = openRowReader(askOver(client, address), ({ name }) => unfinishedName(s, name))
      try {
        if (!(await verify(reader))) return false
      } catch (error) {
        if (error instanceof Setback) throw error
        thrown.error = error
        return false
      }
      await dropMark(client, schema)
      spoken = true
      return true
    })
  }
  const whole = await withClient(address, patience, attempt)
  if ('error' in thrown) throw thrown.error
  return whole
}
