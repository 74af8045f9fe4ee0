// Who is measured: our server over one database or the other, with a town in it.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { createRecords } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { openPostgresSink } from '#storage/postgres/row-sink.ts'
import { openSqliteSink } from '#storage/sqlite/row-sink.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'
import { fillWithCrowd } from './crowd.ts'
import { commitOfLocked, makeTown, type Town, type TownSize } from './town.ts'

export const engines = ['SQLite', 'PostgreSQL'] as const
export type Engine = (typeof engines)[number]

/** A database with a town in it, and the settings of a server over it. */
export type Place = {
  readonly engine: Engine
  readonly town: Town
  readonly env: Readonly<Record<string, string>>
  /** Bytes on disk. */
  readonly bytes: () => Promise<number>
  /** Bytes written to the log of the database since it was made; for SQLite the server's own count says it. */
  readonly logged: () => Promise<number | undefined>
  readonly remove: () => Promise<void>
}

/** A folder and, for PostgreSQL, a server of the bench's own. */
export type Ground = {
  readonly folder: string
  readonly url: (database: string) => string
  readonly query: (sql: string, database?: string) => Promise<Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export async function openGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-bench-'))
  const script = join(import.meta.dirname, '..', 'scripts', 'postgres')
  const child: ChildProcess = spawn(script, { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('the script speaks')
  const [line] = await once(createInterface(child.stdout), 'line')
  const { host, port, user, password } = JSON.parse(String(line).slice('ready '.length))
  const url = (database: string) => `postgres://${user}:${password}@${host}:${port}/${database}`
  return {
    folder,
    url,
    async query(sql, database = 'postgres') {
      const client = new pg.Client({ connectionString: url(database) })
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    },
    async close() {
      const ended = once(child, 'exit')
      child.stdin?.end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const common = {
  TWOSTEP_MODE: 'production',
  TWOSTEP_PROFILE: 'classic',
  TWOSTEP_PORT: '0',
  TWOSTEP_HOME_COUNTRIES: 'all',
  // The town's numbers lie in few ranges, and are asked for far oftener than people would.
  TWOSTEP_UNASSIGNED_NUMBERS: 'send',
  TWOSTEP_CODES_PER_PREFIX: '0',
  TWOSTEP_LEAST_RIGHT_CODES: '0',
  TWOSTEP_CODES_PER_COUNTRY: '1000000000',
  TWOSTEP_HOURLY_BUDGET: '100000000',
  TWOSTEP_GRAPH_CALLS_PER_HOUR: '0',
  TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '0',
  TWOSTEP_OPERATOR_TOKEN: 'a-token-that-only-this-bench-knows-and-nobody-uses',
}

let places = 0

/** Makes a database with a town of `size` in it, among a `crowd` of so many others. */
export async function openPlace(ground: Ground, engine: Engine, size: TownSize, crowd = 0): Promise<Place> {
  const name = `place_${++places}`
  const dataDir = mkdtempSync(join(ground.folder, `${name}-`))
  const file = join(dataDir, 'twostep.db')
  if (engine === 'PostgreSQL') await ground.query(`CREATE DATABASE ${name}`)
  const url = engine === 'SQLite' ? `sqlite:${file}` : ground.url(name)
  const now = instantAt(Date.now())
  const secrets = makeSecrets(join(dataDir, 'keyring.json'), now)
  if (crowd > 0) {
    const sink = engine === 'SQLite' ? await openSqliteSink({ file }) : await openPostgresSink({ url: Secret.of(url) })
    await fillWithCrowd(sink, crowd, await commitOfLocked(secrets, now), engine)
    await sink.close()
  }
  const store: Store =
    engine === 'SQLite' ? await openSqliteStore({ file }) : await openPostgresStore({ url: Secret.of(url) })
  const town = await makeTown(createRecords(store, secrets), size, now)
  await store.close()
  if (engine === 'PostgreSQL') await ground.query('VACUUM ANALYZE', name)
  return {
    engine,
    town,
    env: { ...common, TWOSTEP_DATA_DIR: dataDir, TWOSTEP_DATABASE_URL: url },
    async bytes() {
      if (engine === 'SQLite') return sizeOf(dataDir, 'twostep.db')
      return Number((await ground.query('SELECT pg_database_size(current_database()) AS bytes', name))[0]?.bytes)
    },
    async logged() {
      if (engine === 'SQLite') return undefined
      return Number((await ground.query(`SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes`))[0]?.bytes)
    },
    async remove() {
      if (engine === 'PostgreSQL') await ground.query(`DROP DATABASE ${name} WITH (FORCE)`)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const sizeOf = (folder: string, name: string): number =>
  readdirSync(folder)
    .filter(file => file === name || file === `${name}-wal`)
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)

function makeSecrets(keyring: string, now: Instant): Secrets {
  const ring = openKeyRing({ file: keyring, create: true, dice: systemDice, now })
  const hashing = createHashingQueue({ parallel: 4, waiting: 0, now: () => instantAt(Date.now()) })
  return createSecrets({ ring, dice: systemDice, pinParameters: owaspPinParameters, hashing })
}
