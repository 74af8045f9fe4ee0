// What is asked for in one turn of the loop shares a transaction and a snapshot, and nobody sees less for it.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { commitOf, number } from './samples.ts'
import { folderFor } from './sqlite-files.ts'

test('commits that one turn asks for, one after the other, share a transaction', async t => {
  const store = await openSqliteStore({ file: join(folderFor(t), 'twostep.db') })
  t.after(store.close)
  const before = store.stats().transactions
  const asked: Promise<unknown>[] = []
  for (let at = 0; at < 20; at += 1) {
    asked.push(store.commit(commitOf(`n${at}`, 0)))
    await undefined
  }
  await Promise.all(asked)
  assert.equal(store.stats().transactions - before, 1)
})

test('whoever was told of a commit reads it, also in a turn that had read before', async t => {
  const store = await openSqliteStore({ file: join(folderFor(t), 'twostep.db') })
  t.after(store.close)
  for (let version = 1; version <= 50; version += 1) {
    let over = false
    const read = store.commit(commitOf('n', version - 1)).then(async () => {
      over = true
      return (await store.read(number('n')))?.version
    })
    // Reads at the end of a turn: what they saw still stands when the next one brings the answer.
    while (!over) {
      await nextTurn()
      await store.read(number('n'))
    }
    assert.equal(await read, version)
  }
})
