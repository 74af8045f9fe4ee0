// Checkpoints at intervals: signs what the journals have come to, and hands receipts out of the house.

import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import { asError, idForLog, type Log } from '#observe/log.ts'
import { coverJournals, type Receipt } from '#records/checkpoint.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Store } from '#storage/store.ts'

type Parts = { readonly store: Store; readonly secrets: Secrets; readonly clock: Clock; readonly log: Log }

/** Receipts go to a file in the data folder and to the log: copies that whoever writes the database cannot take back. */
export function startCheckpoints(config: Config, { store, secrets, clock, log }: Parts) {
  const file = join(config.dataDir, 'checkpoints.jsonl')
  let last = clock.now()
  let running: Promise<void> | undefined
  const cover = async () => {
    try {
      await coverJournals(store, secrets, clock.now(), receipt => {
        // The log first: it has no disk to fill.
        log.info('checkpoint', { number: receipt.number, hash: idForLog(receipt.hash), heads: receipt.heads })
        handOut(file, receipt)
      })
      last = clock.now()
    } catch (error) {
      log.error('a checkpoint broke', { error: asError(error) })
    }
  }
  const timer = setInterval(() => {
    running ??= cover().finally(() => {
      running = undefined
    })
  }, config.checkpointInterval).unref()
  return {
    last: () => last,
    async stop() {
      clearInterval(timer)
      await running
      await cover()
    },
  }
}

// A line that a crash cut short must not spoil the next one, so each begins with a line break; empty lines mean nothing.
function handOut(file: string, receipt: Receipt): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  appendFileSync(file, `\n${JSON.stringify(receipt)}\n`, { mode: 0o600, flush: true })
}
