// The store on SQLite, which comes with Node: one file, one server, no other program to run.
//
//   serving thread   reads, over a connection of its own ─────────────┐
//        │ changes                                                    ├── one file, in WAL mode
//        ▼                                                            │
//   writing thread   groups of commits, one fsync a group (worker.ts) ┘

import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { assertSettlements, assertSound } from '../commit-rules.ts'
import {
  type Commit,
  type Store,
  StoreAway,
  type StoredDocument,
  type StoreReader,
  StoreUnusable,
  type SubjectKey,
} from '../store.ts'
import { backUp, type CopyProgress } from './backup.ts'
import type { SweptTo } from './changes.ts'
import { openForReading, openForWriting } from './connection.ts'
import { errorOf, openFailureOf } from './failure.ts'
import { createPrivately, type Lock, takeLock, trueName } from './lock.ts'
import { openReader, type Reader } from './reader.ts'
import { keepRecent } from './recent.ts'
import { migrate, readSchemaVersion, schemaVersion } from './schema.ts'
import { assertNotUnderWay } from './unfinished.ts'
import { startWriteThread, type WriteThread } from './write-thread.ts'

/** What was written since the store was opened. `bytes` counts the sealed bodies of its commits, not pages. */
export type WriteStats = { readonly transactions: number; readonly commits: number; readonly bytes: number }

/** What a SQLite database can beside the port. */
export type Snapshots = {
  /**
   * Writes a consistent copy of the database to the new file `to`, while the server goes on, and checks it.
   * Throws `StoreUnusable`: `exists` when `to` is there already, `read_only` or `full` when it cannot be written.
   */
  backup(to: string, onProgress?: (progress: CopyProgress) => void): Promise<void>
}

export type SqliteStore = Store & Snapshots & { stats(): WriteStats }

export type SqliteSettings = {
  /** Path of the database. It is made when it is not there (mode 0600), and its folder too (mode 0700). */
  readonly file: string
  /** Most changes in one transaction. A refused or failing one does not touch the others. */
  readonly groupSize?: number
  /** Pages of 4096 bytes above which the file counts as full. No bound when absent. */
  readonly maxPages?: number
}

const defaultGroupSize = 512

/**
 * Opens the database for the one server that may use it, and brings its schema up to date.
 * Throws `StoreUnusable` when that cannot be: its message says what is wrong and what to do.
 */
export async function openSqliteStore(settings: SqliteSettings): Promise<SqliteStore> {
  const { groupSize = defaultGroupSize, maxPages } = settings
  const given = resolve(settings.file)
  let lock: Lock | undefined
  let db: DatabaseSync | undefined
  try {
    const file = trueName(given, true)
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new StoreUnusable('not_twostep', `${file} is a folder. Name a file in it.`)
    }
    assertNotUnderWay(file)
    createPrivately(file)
    lock = takeLock(file)
    prepareFile(file)
    db = openForReading(file)
    const reader = openReader(db, file)
    return assemble(file, reader, await startWriteThread({ file, groupSize, maxPages }, reader.renew), lock)
  } catch (error) {
    db?.close()
    lock?.release()
    throw errorOf(openFailureOf(error, given))
  }
}

/**
 * Opens the database to look at it, also while a server uses it; takes no lock and changes nothing.
 * Throws `StoreUnusable`: `unreachable` when there is no such file, `older_schema` when no server of this version has
 * opened it yet, and as `openSqliteStore` does.
 */
export async function openSqliteStoreForReading({ file }: { readonly file: string }): Promise<StoreReader & Snapshots> {
  const given = resolve(file)
  try {
    const name = existing(given)
    const db = openForReading(name)
    try {
      const version = readSchemaVersion(db, name)
      if (version < schemaVersion) {
        throw new StoreUnusable(
          'older_schema',
          `${name} has not been opened by this Twostep yet. Start the server once.`,
        )
      }
      return { ...openReader(db, name), backup: (to, onProgress) => backUp(name, to, onProgress) }
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw errorOf(openFailureOf(error, given))
  }
}

function existing(file: string): string {
  if (!existsSync(file)) throw new StoreUnusable('unreachable', `There is no database at ${file}. Check the path.`)
  return trueName(file, false)
}

/** Migrates the database, on the thread that starts: nothing is served yet. */
function prepareFile(file: string): void {
  // Looked at before it is opened for writing: another program's database is left as it is.
  const looked = openForReading(file)
  try {
    readSchemaVersion(looked, file)
  } finally {
    looked.close()
  }
  const db = openForWriting(file, undefined)
  try {
    migrate(db, file)
  } finally {
    db.close()
  }
}

function assemble(file: string, reader: Reader, thread: WriteThread, lock: Lock): SqliteStore {
  let closing: Promise<void> | undefined
  let commits = 0
  let bytes = 0
  const recent = keepRecent()

  const ask: WriteThread['ask'] = async (name, ...args) => {
    if (closing !== undefined) throw new StoreAway('The store is closed.')
    return await thread.ask(name, ...args)
  }

  async function finish(): Promise<void> {
    // The writer is last to leave: it moves the log into the file, which a reader may not do.
    await reader.close()
    await thread.close()
    lock.release()
    recent.forget()
  }

  async function read(subject: SubjectKey, how?: 'anew'): Promise<StoredDocument | undefined> {
    if (how === 'anew') recent.forgetRow(subject)
    const known = closing === undefined ? recent.row(subject) : undefined
    if (known !== undefined) return known
    const row = await reader.read(subject)
    if (row !== undefined) recent.keepRow(subject, row)
    return row
  }

  async function find(indexes: readonly Uint8Array[]): Promise<SubjectKey | undefined> {
    for (const index of indexes) {
      const known = closing === undefined ? recent.holder(index) : undefined
      if (known !== undefined) return known
      const found = await reader.find([index])
      if (found === undefined) continue
      recent.keepHolder(index, found)
      return found
    }
    return undefined
  }

  // No index says which rows a key made. They are gone through in order, and the next call goes on where the last one
  // stopped. That none is left is known only after one whole pass that found none.
  let sweptTo: SweptTo | undefined

  async function dropHandles(keep: readonly string[], limit: number): Promise<number> {
    // Asked at every start: nothing is gone through when nobody ever rotated, or a sweep found nothing more.
    if (!(await ask('mayHoldOthers', keep))) return 0
    let dropped = 0
    for (let whole = sweptTo === undefined; ; ) {
      const swept = await ask('sweepHandles', keep, limit - dropped, sweptTo)
      dropped += swept.dropped
      sweptTo = swept.last
      if (dropped === limit) return dropped
      if (sweptTo !== undefined) continue
      if (dropped > 0) return dropped
      if (whole) {
        await ask('holdsNoOthers', keep)
        return 0
      }
      whole = true
    }
  }

  return {
    ...reader,
    ...{ read, find },

    async readHolder(indexes) {
      const subject = await find(indexes)
      const stored = subject && (await read(subject))
      return stored && { subject, stored }
    },

    async commit(commit) {
      assertSound(commit)
      const ending = await ask('commit', commit).catch(error => {
        recent.doubt(commit)
        throw error
      })
      recent.follow(commit, ending)
      if (ending.kind === 'committed') {
        commits += 1
        bytes += sealedBytes(commit)
      }
      return ending
    },

    takeMessages: (now, leaseUntil, limit) => ask('takeMessages', now, leaseUntil, limit),
    async settleMessages(settlements) {
      assertSettlements(settlements)
      await ask('settleMessages', settlements)
    },
    dropKeptMessages: now => ask('dropKeptMessages', now),
    dropHandles: (keep, limit) => dropHandles(keep, limit).finally(recent.forgetHolders),
    addCheckpoint: ({ number, body }, heads) => ask('addCheckpoint', { number, body: ownBytes(body) }, heads),
    probe: () => ask('probe'),

    backup: (to, onProgress) => backUp(file, to, onProgress),
    stats: () => ({ transactions: thread.transactions(), commits, bytes }),

    async close() {
      closing ??= finish()
      await closing
    },
  }
}

/**
 * Bytes that share no memory with anything else. A small Buffer is a window into a pool, and sending it to a thread
 * would copy the whole pool, with whatever secrets lie next to it.
 */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

function sealedBytes({ document, events, messages }: Commit): number {
  const bodies = [...events, ...messages].reduce((sum, { body }) => sum + body.byteLength, 0)
  return bodies + (document?.body.byteLength ?? 0)
}
