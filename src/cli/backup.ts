// `twostep backup`: a checked copy of the database, also while a server uses it.

import { resolve } from 'node:path'
import { readConfig } from '#config'
import type { CopyProgress } from '#storage/sqlite/backup.ts'
import type { CommandEnding } from './ending.ts'
import { verifiedEnding } from './findings.ts'
import { verifyShown } from './journal-verify.ts'
import { openDatabaseFile } from './open-database.ts'
import { type Progress, startProgress } from './progress.ts'
import { readReceipts } from './receipts.ts'
import type { Terminal } from './terminal.ts'
import { noteUpkeep } from './upkeep.ts'

export async function backup(
  terminal: Terminal,
  given: string,
  options: { readonly receipts?: string },
): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const file = resolve(given)
  // Before the copy: each receipt that is read here is of a checkpoint that the copy has.
  const receipts = readReceipts(config, options.receipts)
  await using database = await openDatabaseFile(config, terminal.clock)
  const progress = startProgress(terminal)
  try {
    await database.store.backup(file, showCopy(progress))
  } finally {
    progress.end()
  }
  await using copy = await openDatabaseFile(config, terminal.clock, file)
  const verified = await verifyShown(terminal, copy, receipts)
  noteUpkeep(config, terminal.clock, 'backup', ...(verified.findings.length === 0 ? ['journalHeld' as const] : []))
  const { place } = database.secrets.ring
  const words = [
    `The copy is ${file}. Each page of it was checked, and the journal in it verified as said above.`,
    `The key ring is NOT in it. Keep a copy of ${place} too, in another place: each alone is useless, both together open all.`,
  ]
  if (verified.findings.length > 0) words.push('The copy is kept as evidence. Do not restore it unseen.')
  return verifiedEnding(verified, receipts, { words, json: { backup: file, keyRing: place } })
}

/** Draws a copy's progress: first the copying, then the check. */
export const showCopy =
  (progress: Progress) =>
  ({ stage, bytes, total }: CopyProgress): void => {
    if (stage === 'copying') progress.show('Copying (bytes)', bytes, total)
    else progress.show('Checking the copy', stage === 'done' ? 1 : 0, 1)
  }
