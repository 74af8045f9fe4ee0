// How a command ends: with a result for standard output, or with words about why it could not run.

import { ConfigWrong } from '#config'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { StoreAway, StoreUnusable } from '#storage/store.ts'

/** A result. `code` 0: as it should be. 1: the command ran, and something is not as it should be. */
export type CommandEnding = { readonly code: 0 | 1; readonly words: string; readonly json: object }

/** The exit codes, as every `--help` shows them. */
export const exitCodes = {
  done: 0,
  found: 1,
  couldNotRun: 2,
} as const

/** The command could not run: `message` says why, `hint` what to do. Both are shown; neither holds a secret. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** What a person is told of something thrown; `undefined` for a bug, which shows where it is. */
export function told(
  error: unknown,
): { readonly reason: string; readonly message: string; readonly hint?: string } | undefined {
  if (error instanceof CannotRun) return { reason: 'cannot_run', message: error.message, hint: error.hint }
  if (error instanceof ConfigWrong) {
    const hint = 'twostep settings  lists every setting.'
    return { reason: 'settings', message: error.message, hint }
  }
  // These say in one piece what is wrong and what to do.
  if (error instanceof KeyRingUnusable) return { reason: `key_ring_${error.reason}`, message: error.message }
  if (error instanceof StoreUnusable) return { reason: `store_${error.reason}`, message: error.message }
  if (error instanceof StoreAway) return { reason: 'store_away', message: error.message }
  return undefined
}
