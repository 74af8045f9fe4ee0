// How a command ends: with a result for standard output, or with words about why there is none.

import { ConfigWrong } from '#config'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { StoreAway, StoreUnusable } from '#storage/store.ts'

/** A result. `code` 0: as it should be. 1: the command ran, and something is not as it should be. */
export type CommandEnding = { readonly code: 0 | 1; readonly words: string; readonly json: object }

/** The exit codes, as every `--help` shows them. 130 is what shells give for Ctrl-C. */
export const exitCodes = {
  done: 0,
  found: 1,
  couldNotRun: 2,
  refused: 3,
  notNow: 4,
  interrupted: 130,
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

/** A server said no. `reason`: its own stable word. `more`: what else it told that a program can go by. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason: string
  readonly hint: string | undefined
  readonly retryAt: Date | undefined
  readonly more: Readonly<Record<string, unknown>>
  constructor(
    reason: string,
    message: string,
    {
      hint,
      retryAt,
      more = {},
    }: {
      readonly hint?: string | undefined
      readonly retryAt?: Date | undefined
      readonly more?: Readonly<Record<string, unknown>>
    },
  ) {
    super(message)
    this.reason = reason
    this.hint = hint
    this.retryAt = retryAt
    this.more = more
  }
}

/** Ctrl-C. `doubt`: a request was under way, which may be done all the same. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly doubt: string | undefined
  constructor(doubt?: string) {
    super('Interrupted.')
    this.doubt = doubt
  }
}

/** What a person is told, and as JSON a program. */
export type Told = {
  readonly reason: string
  readonly message: string
  readonly hint?: string | undefined
  readonly retry_at?: string | undefined
}

/** What is told of something thrown; `undefined` for a bug, which shows where it is. */
export function told(error: unknown): Told | undefined {
  if (error instanceof CannotRun) return { reason: 'cannot_run', message: error.message, hint: error.hint }
  if (error instanceof Interrupted) return { reason: 'interrupted', message: error.message, hint: error.doubt }
  if (error instanceof Refused) {
    const { reason, message, hint, retryAt, more } = error
    return { reason, message, hint, retry_at: retryAt?.toISOString(), ...more }
  }
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

/** The exit code of something thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return exitCodes.interrupted
  if (!(error instanceof Refused)) return exitCodes.couldNotRun
  return error.retryAt === undefined ? exitCodes.refused : exitCodes.notNow
}
