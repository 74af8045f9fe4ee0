// The store on PostgreSQL: one database, any number of servers over it, and none of them keeps anything.
//
//   reads   ────────────────────────────┐
//   commits ──▶ lanes ──▶ groups ───────┼──▶ connections (bounded) ──▶ PostgreSQL 15 or newer, or a pooler before it
//   outbox, checkpoints, rotation ──────┘
//
// Every key is random or derived, and nothing is numbered by a sequence. It asks of the database: transactions at READ
// COMMITTED or stricter, durable when answered; PL/pgSQL; and that the primary is reached.

import { type Instant, instantAt, type Milliseconds } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { type Store, StoreAway, type StoreReader, StoreUnusable } from '../store.ts'
import { type Address, type DatabaseUrl, readAddress } from './address.ts'
import { changes, openChanges } from './changes.ts'
import { withClient } from './client.ts'
import { type CommitStats, openCommitter } from './committer.ts'
import { type Connections, openConnections } from './connections.ts'
import { openReader } from './reader.ts'
import { type Migration, migrate, quoted, readSchemaVersion, schemaVersion } from './schema.ts'
import { statement } from './statement.ts'

/** What a PostgreSQL database can beside the port. */
export type DatabaseClock = {
  /** The database's own time, one for all nodes however their clocks differ. A round trip old when it arrives. */
  now(): Promise<Instant>
}

export type PostgresStore = Store & DatabaseClock & { stats(): CommitStats }

export type PostgresSettings = {
  /** `postgres://user:password@host:port/database?sslmode=…` (see address.ts). */
  readonly url: DatabaseUrl
  /** The schema that the tables are in: lower-case letters, digits and underscores. */
  readonly schema?: string
  /**
   * Whether an older schema is brought up to date. Without it that is refused, and `migratePostgres` does it: for those
   * whose servers have no right to change tables.
   */
  readonly migrate?: boolean
  /** Most connections at once, 1 to 200. All nodes together must stay below the server’s `max_connections`. */
  readonly connections?: number
  /** Most commits in one transaction. A refused or failing one does not touch the others. */
  readonly groupSize?: number
  /** How long a call is retried while the database is away or others are in its way. Below the time a request has. */
  readonly patience?: Milliseconds
  /** How long one attempt may take before its connection counts as lost: a broken network says nothing by itself. */
  readonly attempt?: Milliseconds
}

const defaults = {
  schema: 'twostep',
  migrate: true,
  connections: 10,
  groupSize: 128,
  patience: 8_000,
  attempt: 4_000,
} as const

/** Groups of commits under way at once, and as many commits alone; the other connections are for reads. */
const mostWriters = 3

/**
 * Opens the database for one of the servers that use it, and brings its schema up to date unless told not to.
 * Throws `StoreUnusable` when that cannot be: its message says what is wrong and what to do, and carries no password.
 */
export async function openPostgresStore(settings: PostgresSettings): Promise<PostgresStore> {
  const { schema, patience, attempt, connections: most, groupSize } = withDefaults(settings)
  const address = readAddress(settings.url)
  await prepare(address, settings)
  const connections = openConnections({ address, most, patience, attempt })
  const s = quoted(schema)
  const committer = openCommitter(connections, changes(s).commit, {
    writers: Math.max(1, Math.min(mostWriters, Math.floor(most / 3))),
    groupSize,
    patience,
    place: address.place,
  })
  const { commit } = committer
  const store = closable(
    { ...openReader(connections, s), ...openChanges(connections, s, patience), ...clockOf(connections), commit },
    connections,
  )
  return { ...store, stats: committer.stats }
}

/**
 * Opens the database to look at it, also while servers use it; changes nothing. Throws as `openPostgresStore` does, and
 * `StoreUnusable('older_schema')` when the schema is an older one, or not there.
 */
export async function openPostgresStoreForReading(
  settings: Omit<PostgresSettings, 'migrate' | 'groupSize'>,
): Promise<StoreReader & DatabaseClock> {
  const { schema, patience, attempt, connections: most } = withDefaults(settings)
  const address = readAddress(settings.url)
  await prepare(address, { ...settings, migrate: false })
  const connections = openConnections({ address, most, patience, attempt })
  return closable({ ...openReader(connections, quoted(schema)), ...clockOf(connections) }, connections)
}

/**
 * Brings the schema of a database up to date, while servers of the version before go on over it. Of several at once one
 * does the work. Throws `StoreUnusable` when it cannot be, and then nothing was changed.
 */
export async function migratePostgres(
  settings: Pick<PostgresSettings, 'url' | 'schema' | 'patience'>,
): Promise<Migration> {
  const { schema, patience } = withDefaults(settings)
  const address = readAddress(settings.url)
  return await withClient(address, patience, client => migrate(client, schema, address.place))
}

function withDefaults(settings: Partial<PostgresSettings>): typeof defaults & Required<Omit<PostgresSettings, 'url'>> {
  const whole = { ...defaults, ...settings }
  const { connections, groupSize, patience, attempt } = whole
  assert(Number.isInteger(connections) && connections >= 1 && connections <= 200, 'connections are 1 to 200')
  assert(Number.isInteger(groupSize) && groupSize >= 1, 'a group has at least one commit')
  assert(patience > 0 && attempt > 0, 'patience and an attempt are spans of time')
  return whole as ReturnType<typeof withDefaults>
}

/** Makes sure that the database is there, can be written to, and has the schema of this program. */
async function prepare(address: Address, settings: PostgresSettings): Promise<void> {
  const { schema, patience, migrate: mayMigrate } = withDefaults(settings)
  await withClient(address, patience, async client => {
    const version = await readSchemaVersion(client, schema, address.place)
    if (version === schemaVersion) return
    if (!mayMigrate) {
      throw new StoreUnusable(
        'older_schema',
        `${address.place} has schema ${version}, and this Twostep needs ${schemaVersion}. Run: twostep migrate`,
      )
    }
    await migrate(client, schema, address.place)
  })
}

function clockOf({ ask }: Connections): DatabaseClock {
  const clock = statement<{ now: number }>(
    'now',
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now',
  )
  return {
    async now() {
      const [answer] = await ask(clock)
      assert(answer, 'a clock answers')
      return instantAt(answer.now)
    },
  }
}

type Calls = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

/** The same calls, until `close`: it refuses new ones, waits for those under way, and closes the connections. */
function closable<Methods extends Calls>(
  calls: Methods,
  connections: Connections,
): Methods & { close(): Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const guarded = (call: (...args: never[]) => Promise<unknown>) => {
    return async (...args: never[]): Promise<unknown> => {
      if (closing !== undefined) throw new StoreAway('The store is closed.')
      const answer = call(...args)
      underWay.add(answer)
      try {
        return await answer
      } finally {
        underWay.delete(answer)
      }
    }
  }

  async function finish(): Promise<void> {
    await Promise.allSettled(underWay)
    await connections.end()
  }

  return {
    ...(Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, guarded(call)])) as Methods),
    async close() {
      closing ??= finish()
      await closing
    },
  }
}
