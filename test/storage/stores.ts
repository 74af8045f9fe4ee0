// Every store there is. A store is right when store.test.ts passes on it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'

/** How to get an empty store, and how many random histories it is put through: a fresh one each. */
export type StoreUnderTest = {
  readonly open: () => Promise<{ store: Store; clear(): void }>
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
}

/** Opens an empty store for one test, and closes and clears it away afterwards. */
export async function openFor(t: TestContext, { open }: StoreUnderTest): Promise<Store> {
  const { store, clear } = await open()
  t.after(async () => {
    await store.close()
    clear()
  })
  return store
}

/** A new folder that nobody else uses. */
export function temporaryFolder(): { folder: string; clear(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-storage-'))
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) }
}
