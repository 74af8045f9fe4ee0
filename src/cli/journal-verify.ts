// `twostep journal verify`: reads every journal and says whether anybody changed what happened.

import { readConfig } from '#config'
import { type Verified, type VerifyOptions, verifyJournal } from '#records/verify-journal.ts'
import type { CommandEnding } from './ending.ts'
import { verifiedEnding } from './findings.ts'
import { type Database, openDatabase } from './open-database.ts'
import { startProgress } from './progress.ts'
import { readReceipts } from './receipts.ts'
import type { Terminal } from './terminal.ts'
import { noteUpkeep } from './upkeep.ts'

export async function journalVerify(
  terminal: Terminal,
  options: { readonly receipts?: string },
): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  // Before the database: a receipt that is written while this reads is of a checkpoint that may not be seen.
  const receipts = readReceipts(config, options.receipts)
  await using database = await openDatabase(config, terminal.clock)
  const verified = await verifyShown(terminal, database, receipts)
  if (verified.findings.length === 0) noteUpkeep(config, terminal.clock, 'journalHeld')
  return verifiedEnding(verified, receipts)
}

/** Verifies a database with a progress bar. */
export async function verifyShown(
  terminal: Terminal,
  { store, secrets }: Database,
  { receipts }: Pick<VerifyOptions, 'receipts'>,
): Promise<Verified> {
  const progress = startProgress(terminal)
  try {
    const { documents } = await store.count()
    return await verifyJournal(store, secrets, {
      ...(receipts === undefined ? {} : { receipts }),
      onProgress: done => progress.show('Verifying', done, documents),
    })
  } finally {
    progress.end()
  }
}
