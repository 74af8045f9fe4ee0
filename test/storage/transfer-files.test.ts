// Moving house between files, when something is in the way: servers, another program, a full disk, a hand in the source.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync as readFile, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openSqliteSink } from '#storage/sqlite/row-sink.ts'
import { openSqliteStore, openSqliteStoreForReading } from '#storage/sqlite/sqlite-store.ts'
import { atStep, furnish, house, houseInFile, move, rowsIn, stoppedAt } from './houses.ts'
import { edit, folderFor, refuses } from './sqlite-files.ts'

test('no server starts in the place of a file that is being copied, nor over the half itself', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const file = join(folderFor(t), 'twostep.db')
  assert.equal((await move(from, houseInFile(file), stoppedAt(3, 'copying'))).kind, 'stopped')
  await refuses(
    openSqliteStore({ file }),
    'half_copied',
    /twostep\.db\.copying is a copy that was not finished.* rm -f '/,
  )
  assert.ok(!existsSync(file))
  const half = `${file}.copying`
  await refuses(openSqliteStore({ file: half }), 'half_copied', /was not finished/)
  await refuses(openSqliteStoreForReading({ file: half }), 'half_copied', /was not finished/)
  await refuses(houseInFile(half).source(), 'half_copied', /was not finished/)
})

test('an empty database gives its place; what its log held is never played into the new one', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const before = await rowsIn(from)
  const file = join(folderFor(t), 'twostep.db')
  const empty = await openSqliteStore({ file })
  await empty.probe()
  // As a server that is killed leaves it: its log beside it.
  const logs = ['-wal', '-shm'].map(end => [end, readFile(`${file}${end}`)] as const)
  await empty.close()
  for (const [end, bytes] of logs) writeFileSync(`${file}${end}`, bytes)
  assert.equal((await move(from, houseInFile(file))).kind, 'copied')
  assert.deepEqual(await rowsIn(houseInFile(file)), before)
  const left = readdirSync(dirname(file)).filter(name => !name.startsWith('twostep.db-'))
  assert.deepEqual(left.toSorted(), ['twostep.db', 'twostep.db.lock'])
})

test('a place with something of another program, or with nothing readable in it, is refused', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const folder = folderFor(t)
  const letter = join(folder, 'letter.txt')
  writeFileSync(letter, 'Dear reader, '.repeat(99))
  await refuses(move(from, houseInFile(letter)), 'not_twostep', /letter\.txt is not a database/)
  edit(join(folder, 'recipes.db'), 'CREATE TABLE recipes (title TEXT)')
  await refuses(move(from, houseInFile(join(folder, 'recipes.db'))), 'not_twostep', /another program/)
  renameSync(join(folder, 'recipes.db'), join(folder, 'new.db.copying'))
  await refuses(move(from, houseInFile(join(folder, 'new.db'))), 'not_twostep', /another program/)
  await refuses(move(houseInFile(join(folder, 'none.db')), from), 'unreachable', /There is no database at .*none\.db/)
})

test('a half that another version of Twostep began is not gone on with', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const file = join(folderFor(t), 'twostep.db')
  await move(from, houseInFile(file), stoppedAt(3, 'copying'))
  edit(`${file}.copying`, 'PRAGMA user_version = 99')
  await refuses(openSqliteSink({ file }), 'half_copied', /another version of Twostep began.* rm -f/)
})

test('a file is one run’s at a time, and no server’s meanwhile, at both ends', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const to = await house(t, 'sqlite')
  const [source, sink] = [await from.source(), await to.sink()]
  for (const taken of [from.store(), to.store(), from.source(), to.sink()])
    await refuses(taken, 'in_use', /Stop it first/)
  await source.close()
  await sink.close()
  const running = await from.store()
  await refuses(from.source(), 'in_use', /Another Twostep server uses/)
  await running.close()
})

test('who edits the source by hand while it is copied is found out, at whichever step', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from)
  for (const nth of [1, 30, 60]) {
    const to = await house(t, 'sqlite')
    const late = atStep(nth, () => void from.edit(() => `UPDATE documents SET version = version + 1 WHERE id = 's1'`))
    await refuses(move(from, to, { onProgress: late }), 'in_use', /Somebody writes to .* while it is copied/)
    await refuses(to.store(), 'half_copied', /not finished/).catch(error => {
      if (nth > 1) throw error
    })
  }
})

test('a full disk ends a copy with words, and with room again it goes on', async t => {
  const from = await house(t, 'sqlite')
  await furnish(from, 200)
  const before = await rowsIn(from)
  const file = join(folderFor(t), 'twostep.db')
  const to = houseInFile(file)
  const small = { ...to, sink: () => openSqliteSink({ file, maxPages: 40 }) }
  await refuses(
    move(from, small, { pageSize: 50 }),
    'full',
    /The disk is full: there is no room for .*copying\. Make room/,
  )
  const ending = await move(from, to)
  assert.ok(ending.kind === 'copied' && ending.resumed)
  assert.deepEqual(await rowsIn(to), before)
})

test('a copy that was killed between its last word and its name is held against the source, and named', async t => {
  const [from, to] = [await house(t, 'sqlite'), await house(t, 'sqlite')]
  await furnish(from)
  const before = await rowsIn(from)
  await move(from, to)
  const file = await to.argument()
  renameSync(file, `${file}.copying`)
  await refuses(to.store(), 'half_copied', /not finished/)
  const ending = await move(from, to)
  assert.ok(ending.kind === 'copied' && ending.resumed)
  assert.deepEqual(await rowsIn(to), before)

  renameSync(file, `${file}.copying`)
  await from.edit(() => `UPDATE documents SET version = 9 WHERE id = 's4'`)
  assert.equal((await move(from, to)).kind, 'differs', 'another one is not taken for it')
})

test('between files, which nobody waits for, a copy still hears that it is to stop', async t => {
  const [from, to] = [await house(t, 'sqlite'), await house(t, 'sqlite')]
  await furnish(from)
  const stopping = new AbortController()
  const onProgress = atStep(1, () => void setImmediate(() => stopping.abort()))
  assert.equal((await move(from, to, { onProgress, signal: stopping.signal })).kind, 'stopped')
})
