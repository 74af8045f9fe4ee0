// A connection of its own, outside the pool: for what is done once, or takes its time.

import pg from 'pg'
import type { Milliseconds } from '#core/kernel/instant.ts'
import { StoreAway, StoreUnusable } from '../store.ts'
import type { Address } from './address.ts'
import { clientConfig, persist } from './connections.ts'
import { connectFailureOf, failureOf, openFailureOf, Setback } from './failure.ts'

/** PostgreSQL 15, as `server_version_num` counts. */
const oldestServer = 150_000

/** Does `work` over a connection of its own, to a server that can be written to; again after each setback. */
export async function withClient<T>(
  address: Address,
  patience: Milliseconds,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  async function attempt(): Promise<T> {
    const client = await connect(address)
    try {
      return await work(client)
    } catch (error) {
      const failure = failureOf(error, address)
      throw failure instanceof Setback ? failure : openFailureOf(error, address)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return await insist(patience, attempt)
}

/** A connection of its own that the caller ends, to a server that can be written to. */
export const openClient = (address: Address, patience: Milliseconds): Promise<pg.Client> =>
  insist(patience, () => connect(address))

async function insist<T>(patience: Milliseconds, attempt: () => Promise<T>): Promise<T> {
  try {
    return await persist(patience, attempt)
  } catch (error) {
    if (error instanceof StoreAway) throw new StoreUnusable('unreachable', error.message)
    throw error
  }
}

async function connect(address: Address): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(address))
  client.on('error', () => {})
  try {
    await client.connect().catch(error => {
      throw connectFailureOf(error, address)
    })
    await assertServerFits(client, address)
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const failure = failureOf(error, address)
    throw failure instanceof Setback ? failure : openFailureOf(error, address)
  }
}

async function assertServerFits(client: pg.Client, { place }: Address): Promise<void> {
  const answer = await client.query<{ version: string; readOnly: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('transaction_read_only') AS "readOnly"`,
  )
  const { version, readOnly } = answer.rows[0] ?? { version: '0', readOnly: 'on' }
  if (Number(version) < oldestServer) {
    throw new StoreUnusable(
      'unreachable',
      `${place} is too old (${version}): Twostep needs PostgreSQL 15 or newer. Upgrade the server.`,
    )
  }
  if (readOnly !== 'off') {
    throw new StoreUnusable(
      'read_only',
      `${place} is read-only: a replica, or set so (default_transaction_read_only). Name the primary in the URL.`,
    )
  }
}
