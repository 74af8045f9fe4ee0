// Every store there is. A store is right when store.test.ts passes on it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'
import { borrowSchema, type Database, postgresServer } from './postgres-server.ts'

/** How to get an empty store, and how many random histories it is put through: a fresh one each. */
export type StoreUnderTest = {
  readonly open: () => Promise<{ store: Store; clear(): void | Promise<void> }>
  readonly histories: number
}

export const stores: Record<string, StoreUnderTest> = {
  memory: {
    async open() {
      return { store: openMemoryStore(), clear() {} }
    },
    histories: 300,
  },
  sqlite: {
    async open() {
      const { folder, clear } = temporaryFolder()
      return { store: await openSqliteStore({ file: join(folder, 'twostep.db') }), clear }
    },
    histories: 25,
  },
  postgres: onPostgres('plain', 'server'),
  'postgres, all transactions serializable,': onPostgres('serializable', 'server'),
  'postgres behind pgbouncer': onPostgres('plain', 'pooler'),
}

/** An empty schema on the server of this process. */
function onPostgres(database: Database, through: 'server' | 'pooler'): StoreUnderTest {
  return {
    async open() {
      const server = await postgresServer()
      const url = server.url(database, through)
      const { schema, giveBack } = await borrowSchema(server, database)
      return { store: await openPostgresStore({ url, schema }), clear: giveBack }
    },
    histories: 8,
  }
}

/** Opens an empty store for one test, and closes and clears it away afterwards. */
export async function openFor(t: TestContext, { open }: StoreUnderTest): Promise<Store> {
  const { store, clear } = await open()
  t.after(async () => {
    await store.close()
    await clear()
  })
  return store
}

/** A new folder that nobody else uses. */
export function temporaryFolder(): { folder: string; clear(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-storage-'))
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) }
}
