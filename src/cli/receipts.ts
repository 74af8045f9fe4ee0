// The file of receipts: one line of JSON for every checkpoint, written by the server beside its database and kept where the
// database cannot take it back. It shows checkpoints that were cut off or replaced.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '#config'
import { instantAt } from '#core/kernel/instant.ts'
import type { Receipt } from '#records/checkpoint.ts'
import { syncFolder } from '#secrets/private-file.ts'
import { CannotRun } from './ending.ts'

/** What a file of receipts holds. `unreadable` counts lines that are none: a line that a crash cut short, or an edit. */
export type ReceiptsRead = {
  readonly file: string | undefined
  readonly receipts: readonly Receipt[]
  readonly unreadable: number
}

export const receiptsFile = (config: Config): string => join(config.dataDir, 'checkpoints.jsonl')

/** Reads `named`, or the server's own file when there is one. Throws {@link CannotRun} when the named one cannot be read. */
export function readReceipts(config: Config, named: string | undefined): ReceiptsRead {
  const file = named ?? receiptsFile(config)
  if (named === undefined && !existsSync(file)) return { file: undefined, receipts: [], unreadable: 0 }
  const lines = linesOf(file)
  const receipts = lines.map(receiptOf).filter(receipt => receipt !== undefined)
  return { file, receipts, unreadable: lines.length - receipts.length }
}

/**
 * After a restore, checkpoints are numbered on from the backup's last one, and would contradict the receipts of those
 * that the backup does not have. So the file as it is gets another name, and only what the backup knows of goes on.
 * Answers that name, or `undefined` when nothing had to be done.
 */
export function setReceiptsAside(config: Config, last: number): string | undefined {
  const file = receiptsFile(config)
  if (!existsSync(file)) return undefined
  const lines = linesOf(file)
  const kept = lines.filter(line => (receiptOf(line)?.number ?? Number.POSITIVE_INFINITY) <= last)
  if (kept.length === lines.length) return undefined
  const aside = `${file}.before-restore-${randomBytes(4).toString('hex')}`
  const next = `${aside}.new`
  writeFileSync(next, kept.map(line => `${line}\n`).join(''), { mode: 0o600, flag: 'wx', flush: true })
  renameSync(file, aside)
  renameSync(next, file)
  syncFolder(dirname(file))
  return aside
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotRun(`The receipts ${file} cannot be read (${code}).`, 'Name the file with --receipts FILE.')
  }
}

function receiptOf(line: string): Receipt | undefined {
  try {
    const { number, hash, at, heads } = JSON.parse(line) as Partial<Receipt>
    const sound = Number.isSafeInteger(number) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
    if (!sound || typeof number !== 'number' || typeof at !== 'number' || typeof heads !== 'number') return undefined
    return { number, hash, at: instantAt(at), heads }
  } catch {
    return undefined
  }
}
