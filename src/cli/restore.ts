// `twostep restore`: puts a backup in place of a database that is not there.
//
//     nothing stands there ─▶ the key ring opens it ─▶ its journal holds ─▶ receipts set aside ─▶ copied, checked, named

import { resolve } from 'node:path'
import { type Config, readConfig } from '#config'
import type { Verified } from '#records/verify-journal.ts'
import { restoreSqlite } from '#storage/sqlite/backup.ts'
import { showCopy } from './backup.ts'
import type { CommandEnding } from './ending.ts'
import { verifiedEnding } from './findings.ts'
import { verifyShown } from './journal-verify.ts'
import { assertAbsent, embeddedFile, openDatabaseFile } from './open-database.ts'
import { startProgress } from './progress.ts'
import { type ReceiptsRead, readReceipts, setReceiptsAside } from './receipts.ts'
import type { Terminal } from './terminal.ts'

export async function restore(
  terminal: Terminal,
  given: string,
  options: { readonly receipts?: string; readonly despiteFindings?: boolean },
): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const from = resolve(given)
  const to = embeddedFile(config)
  assertAbsent(to, 'Stop the server and move it away first, or name another place with TWOSTEP_DATA_DIR.')

  const { verified, receipts, last } = await inspect(terminal, config, from, options.receipts)
  if (verified.findings.length > 0 && options.despiteFindings !== true) {
    const words = ['Nothing was restored. Use an older backup; or, knowing what is above, --despite-findings.']
    return verifiedEnding(verified, receipts, { words, json: { restored: false } })
  }

  const aside = setReceiptsAside(config, last)
  const progress = startProgress(terminal)
  try {
    await restoreSqlite({ from, to, onProgress: showCopy(progress) })
  } finally {
    progress.end()
  }
  const words = [
    `Restored to ${to}. Start the server.`,
    'What happened after the backup was made is gone: PINs set since, guesses counted since, keys entered since.',
  ]
  if (aside !== undefined) words.push(`The receipts of newer checkpoints are kept in ${aside}.`)
  const ending = verifiedEnding(verified, receipts, { words, json: { restored: true, to, receiptsSetAside: aside } })
  return { ...ending, code: 0 }
}

/** Verifies the backup, as far as receipts speak of what is in it: the server may have gone on after it was made. */
async function inspect(
  terminal: Terminal,
  config: Config,
  from: string,
  named: string | undefined,
): Promise<{ readonly verified: Verified; readonly receipts: ReceiptsRead; readonly last: number }> {
  const read = readReceipts(config, named)
  await using backup = await openDatabaseFile(config, terminal.clock, from)
  const last = (await backup.store.lastCheckpoint())?.number ?? 0
  const receipts = { ...read, receipts: read.receipts.filter(({ number }) => number <= last) }
  return { verified: await verifyShown(terminal, backup, receipts), receipts, last }
}
