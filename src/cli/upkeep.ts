// What the operator's commands did last, for the doctor: when a backup was made, and when the journal was found to hold. A
// file in the data folder, beside the receipts. It proves nothing to anybody; it reminds.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import { type Instant, instantAt } from '#core/kernel/instant.ts'

export type Upkeep = { readonly backup?: Instant; readonly journalHeld?: Instant }

const fileOf = ({ dataDir }: Config): string => join(dataDir, 'upkeep.json')

/** Reads it; what is not there or not readable was never done. */
export function lastUpkeep(config: Config): Upkeep {
  try {
    const { backup, journalHeld } = JSON.parse(readFileSync(fileOf(config), 'utf8')) as Record<string, unknown>
    return {
      ...(typeof backup === 'string' ? { backup: instantAt(Date.parse(backup)) } : {}),
      ...(typeof journalHeld === 'string' ? { journalHeld: instantAt(Date.parse(journalHeld)) } : {}),
    }
  } catch {
    return {}
  }
}

/** Notes what was done just now. A folder that cannot be written to is no reason for a command to fail. */
export function noteUpkeep(config: Config, { now }: Clock, ...done: readonly (keyof Upkeep)[]): void {
  const at = now()
  const all = { ...lastUpkeep(config), ...Object.fromEntries(done.map(what => [what, at])) }
  const written = Object.entries(all).map(([what, when]) => [what, new Date(when).toISOString()])
  const file = fileOf(config)
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(Object.fromEntries(written))}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {}
}
