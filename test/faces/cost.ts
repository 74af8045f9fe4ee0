// What work costs inside, to hold what somebody costs against what nobody does: who can tell them apart by the time that an
// answer takes, knows who has an account.

import { mock } from 'node:test'
import type { World } from '#actions/world.ts'

/** Commits, slow hashes, and reads of the database. */
export type Cost = { readonly commits: number; readonly hashes: number; readonly reads: number }

/** What work costs in a world: the real parts, counted where the database and the hashing are asked. */
export async function costOf<T>(
  { records, secrets }: World,
  work: () => Promise<T>,
): Promise<{ readonly reply: T; readonly cost: Cost }> {
  const reads = (['read', 'find', 'readHolder'] as const).map(name => mock.method(records.store, name))
  const commits = mock.method(records.store, 'commit')
  const hashes = (['checkPin', 'makePinVerifier'] as const).map(name => mock.method(secrets, name))
  const reply = await work()
  const count = (spies: readonly { readonly mock: { callCount(): number } }[]) =>
    spies.reduce((sum, { mock }) => sum + mock.callCount(), 0)
  const cost = { commits: count([commits]), hashes: count(hashes), reads: count(reads) }
  for (const spy of [...reads, commits, ...hashes]) spy.mock.restore()
  return { reply, cost }
}
