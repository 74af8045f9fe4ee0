// What SQLite's errors mean for the one who asked, in words that say what to do. The words carry the file's path and
// SQLite's own text, which names tables and never values.

import { Broken } from '#core/kernel/outcome.ts'
import { StoreAway, StoreUnusable } from '../store.ts'

/** A failure as plain data, so that it can cross from the writing thread to the serving one. */
export type Failure =
  | { readonly kind: 'away'; readonly message: string }
  | { readonly kind: 'unusable'; readonly reason: StoreUnusable['reason']; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string }

// Primary result codes, https://sqlite.org/rescode.html; the extended ones carry them in their low byte.
const busy = 5
const locked = 6
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

/** What `error` means to a running store over `file`. */
export function failureOf(error: unknown, file: string): Failure {
  if (error instanceof StoreUnusable) return { kind: 'unusable', reason: error.reason, message: error.message }
  if (error instanceof StoreAway) return { kind: 'away', message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  switch (sqliteCode(error)) {
    case corrupt:
    case notADatabase:
      return {
        kind: 'unusable',
        reason: 'corrupt',
        message:
          `The database ${file} is damaged (${message}). Stop the server, keep a copy of the file, check the disk, ` +
          'and restore the last backup.',
      }
    case full:
      return {
        kind: 'away',
        message: `The disk is full: nothing more fits into ${file}. Make room; no restart is needed.`,
      }
    case ioError:
    case cannotOpen:
    case readOnly:
      return { kind: 'away', message: `The disk under ${file} does not answer as it should (${message}). Check it.` }
    case busy:
    case locked:
      return { kind: 'away', message: `Another program holds ${file} (${message}). Close it.` }
    default:
      return { kind: 'broken', message }
  }
}

/** What `error` means to whoever opens `file`: nothing can start over it. */
export function openFailureOf(error: unknown, file: string): Failure {
  if (error instanceof StoreUnusable) return failureOf(error, file)
  const message = error instanceof Error ? error.message : String(error)
  const unusable = (reason: StoreUnusable['reason'], text: string): Failure => {
    return { kind: 'unusable', reason, message: text }
  }
  switch (sqliteCode(error) ?? systemCode(error)) {
    case notADatabase:
      return unusable('not_twostep', `${file} is not a database: check the path. If it was one, restore a backup.`)
    case busy:
    case locked:
      return unusable('in_use', `Another program holds ${file}. Close it, and start again.`)
    case full:
    case 'ENOSPC':
    case 'EDQUOT':
      return unusable('full', `The disk is full: there is no room for ${file}. Make room, and start again.`)
    case cannotOpen:
    case readOnly:
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
      return unusable(
        'read_only',
        `${file} cannot be written to (${message}). Give the user who runs Twostep the right to write to the file ` +
          'and its folder, or name another one.',
      )
    case undefined:
    case corrupt:
      return failureOf(error, file)
    default:
      return unusable('unreachable', `${file} cannot be opened (${message}). Check the disk.`)
  }
}

/** Does `work` over `file`, and says what SQLite's errors mean to whoever cannot go on without it. */
export function failing<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw errorOf(openFailureOf(error, file))
  }
}

/** Whether `error` says that someone else holds the file. */
export const isHeld = (error: unknown): boolean => sqliteCode(error) === busy

/** The error that a failure is thrown as. */
export function errorOf(failure: Failure): Error {
  switch (failure.kind) {
    case 'away':
      return new StoreAway(failure.message)
    case 'unusable':
      return new StoreUnusable(failure.reason, failure.message)
    case 'broken':
      return new Broken(failure.message)
  }
}

/** SQLite's primary result code, when `error` is SQLite's. */
function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

/** The operating system's name for what went wrong, when `error` is the file system's. */
function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
