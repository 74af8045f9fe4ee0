// What a call costs inside, to hold what somebody costs against what nobody does: who can tell them apart by the time that an
// answer takes, knows who has an account.

import { mock } from 'node:test'
import type { Reply } from '../graph/door.ts'
import type { AccountsDoor } from './door.ts'

/** Commits, slow hashes, and reads of the database. */
export type Cost = { readonly commits: number; readonly hashes: number; readonly reads: number }

/** What a call costs: the real parts, counted where the database and the hashing are asked. */
export async function costOf(door: AccountsDoor, call: () => Promise<Reply>): Promise<{ reply: Reply; cost: Cost }> {
  const { records, secrets } = door.sandbox.world
  const reads = (['read', 'find', 'readHolder'] as const).map(name => mock.method(records.store, name))
  const commits = mock.method(records.store, 'commit')
  const hashes = (['checkPin', 'makePinVerifier'] as const).map(name => mock.method(secrets, name))
  const reply = await call()
  const count = (spies: readonly { readonly mock: { callCount(): number } }[]) =>
    spies.reduce((sum, { mock }) => sum + mock.callCount(), 0)
  const cost = { commits: count([commits]), hashes: count(hashes), reads: count(reads) }
  for (const spy of [...reads, commits, ...hashes]) spy.mock.restore()
  return { reply, cost }
}
