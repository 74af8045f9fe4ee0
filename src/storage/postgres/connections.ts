// The connections to the database: a bounded number, made when they are needed, and what to do when one breaks.
//
//     ask ──▶ a free connection ──▶ statement ──▶ rows
//      ▲                               │
//      └──── a while, with jitter ◀────┴─ setback: rolled back, restarting, connection lost (until patience ends)
//
// A pooler such as pgbouncer may hand each transaction to another server connection. Then a statement prepared on one is
// not there on the next, so it goes unnamed; and nothing is ever set for a session. Whether a pooler stands between is
// seen on each new connection: the process that greets is not the one that answers.

import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { Milliseconds } from '#core/kernel/instant.ts'
import { StoreAway } from '../store.ts'
import type { Address } from './address.ts'
import { connectFailureOf, failureOf, isUnharmed, Setback } from './failure.ts'
import { type Statement, statement, wireTypes } from './statement.ts'

export type Connections = {
  /** Runs a statement as a transaction of its own, and again after each setback. Throws as the store does. */
  ask<Row extends object>(asked: Statement<Row>, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Runs it once; throws `Setback` when the next time may be better. */
  askOnce<Row extends object>(asked: Statement<Row>, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Closes all of them. Nothing may be under way. */
  end(): Promise<void>
}

export type ConnectionSettings = {
  readonly address: Address
  /** Most connections at once. */
  readonly most: number
  /** How long a call is retried after its first setback. */
  readonly patience: Milliseconds
  /** How long one attempt may take before its connection is given up. */
  readonly attempt: Milliseconds
}

const connectTime: Milliseconds = 3_000
const idleTime: Milliseconds = 60_000

/** Calls that may wait for a connection at once. Above it the server is not keeping up; more would only fill memory. */
const maxWaiting = 16_384

/** What every connection, pooled or not, is made with. */
export const clientConfig = ({ config }: Address): pg.ClientConfig => ({
  ...config,
  application_name: 'twostep',
  types: wireTypes,
  keepAlive: true,
  connectionTimeoutMillis: connectTime,
})

const whoAnswers = statement<{ pid: number; readOnly: string }>(
  'who_answers',
  `SELECT pg_backend_pid() AS pid, current_setting('transaction_read_only') AS "readOnly"`,
)

/** Opens no connection yet. */
export function openConnections({ address, most, patience, attempt }: ConnectionSettings): Connections {
  const pool = new pg.Pool({
    ...clientConfig(address),
    max: most,
    query_timeout: attempt,
    idleTimeoutMillis: idleTime,
    // Behind a name or a proxy the server may have moved: nobody stays with the old one for ever.
    maxLifetimeSeconds: 1_800,
  })
  // A connection that breaks while nobody uses it is replaced; one in use tells whoever waits.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))

  /** Connections that were looked at, and whether names of statements mean anything on them. */
  const named = new WeakMap<pg.PoolClient, boolean>()

  async function connect(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= maxWaiting) throw new StoreAway(`${address.place} does not keep up: too many calls wait.`)
    try {
      const client = await pool.connect()
      if (!named.has(client)) await lookAt(client)
      return client
    } catch (error) {
      const failure = connectFailureOf(error, address)
      // It was let in when the store was opened: whatever it is now, it is no reason to stop the server.
      throw failure instanceof Setback ? failure : new StoreAway(failure.message)
    }
  }

  async function lookAt(client: pg.PoolClient): Promise<void> {
    try {
      const [answer] = (await client.query<{ pid: number; readOnly: string }>(unnamed(whoAnswers, []))).rows
      if (answer?.readOnly !== 'off') {
        throw new Setback(`${address.place} is read-only: it is not, or not yet, the primary.`, false)
      }
      named.set(client, answer.pid === processOf(client))
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async function askOnce<Row extends object>(
    asked: Statement<Row>,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const client = await connect()
    let harmed = false
    try {
      const query = unnamed(asked, values)
      const result = await client.query<Row>(named.get(client) ? { ...query, name: asked.name } : query)
      return result.rows
    } catch (error) {
      harmed = !isUnharmed(error)
      throw failureOf(error, address)
    } finally {
      client.release(harmed)
    }
  }

  return {
    askOnce,
    ask: (asked, values) => persist(patience, () => askOnce(asked, values)),
    end: () => pool.end(),
  }
}

/** Always the extended protocol, which binds values and takes one statement. */
const unnamed = (asked: Statement<unknown>, values: readonly unknown[]): pg.QueryConfig<unknown[]> =>
  ({ text: asked.text, values: [...values], queryMode: 'extended' }) as pg.QueryConfig<unknown[]>

/** The process that greeted us, as pg keeps it. */
const processOf = (client: pg.PoolClient): unknown => ('processID' in client ? client.processID : undefined)

/**
 * Tries until it succeeds, fails for good, or `patience` after the first setback is over; then it throws `StoreAway`.
 * `attempt` is told whether an earlier one may have been carried out without our hearing of it.
 */
export async function persist<T>(patience: Milliseconds, attempt: (lost: boolean) => Promise<T>): Promise<T> {
  let ending: AbortSignal | undefined
  let lost = false
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt(lost)
    } catch (error) {
      if (!(error instanceof Setback)) throw error
      lost ||= error.lost
      ending ??= AbortSignal.timeout(patience)
      if (ending.aborted) throw new StoreAway(`${error.message} Nothing helped for ${patience} ms.`)
      await pause(tries)
    }
  }
}

/** Waits before the next try: longer each time, up to half a second, and not in step with the others. */
export async function pause(tries: number): Promise<void> {
  await setTimeout(randomInt(1, Math.min(500, 8 * 2 ** Math.min(tries, 6)) + 1))
}
