// Database files for the tests of the store on SQLite: made, opened, spoilt and cleared away.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { openSqliteStore, type SqliteSettings } from '#storage/sqlite/sqlite-store.ts'
import { type Store, StoreUnusable } from '#storage/store.ts'
import { temporaryFolder } from './stores.ts'

/** A new folder that is cleared away after the test. */
export function folderFor(t: TestContext): string {
  const { folder, clear } = temporaryFolder()
  t.after(clear)
  return folder
}

/** Opens a store that is closed after the test. */
export async function openFor(t: TestContext, file: string, settings: Partial<SqliteSettings> = {}) {
  const store = await openSqliteStore({ file, ...settings })
  t.after(() => store.close())
  return store
}

/** Expects a start that stops, with the reason and words that name the file. */
export async function refuses(
  opening: Promise<unknown>,
  reason: StoreUnusable['reason'],
  words: RegExp,
): Promise<void> {
  const ended = await opening.catch((error: unknown) => error)
  // A store that should not have opened must not keep the run from ending.
  if (ended instanceof Object && 'close' in ended) await (ended as Store).close()
  assert.ok(ended instanceof StoreUnusable, `${ended}`)
  assert.equal(ended.reason, reason, ended.message)
  assert.match(ended.message, words)
}

/** Does something to a database from outside, as a person with a shell might. */
export function edit(file: string, sql: string) {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}
