// One server a file. The lock is a second, empty SQLite file held by an exclusive transaction: SQLite asks the operating
// system, which lets go when the process dies, however it dies. Readers never ask for it.

import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnusable } from '../store.ts'
import { isHeld } from './failure.ts'

/** A held lock. */
export type Lock = { release(): void }

/**
 * Takes the lock of the database `file` (as `trueName` has it).
 * Throws `StoreUnusable('in_use')` when another store has it, in this process or another.
 */
export function takeLock(file: string): Lock {
  createPrivately(`${file}.lock`)
  const db = new DatabaseSync(`${file}.lock`, { timeout: 0 })
  try {
    // Nothing is ever written, so no rollback journal need lie beside it.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!isHeld(error)) throw error
    throw new StoreUnusable(
      'in_use',
      `Another Twostep server uses ${file}. Stop it first, or give this one a data folder of its own.`,
    )
  }
  return {
    release() {
      db.close()
    },
  }
}

/**
 * The name of `file` behind symbolic links: two names must not make two locks. With `make`, its folder is made.
 * The folder is made for its owner only: what lies in it is sealed, but its size and times are not.
 */
export function trueName(file: string, make: boolean): string {
  if (make) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return existsSync(file) ? realpathSync(file) : file
}

/**
 * Makes an empty file for its owner only, unless there is one. SQLite gives its companions (-wal, -shm) the same mode.
 * One that exists is not even opened: closing it would drop the locks that SQLite holds on it in this process.
 */
export function createPrivately(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600))
}
