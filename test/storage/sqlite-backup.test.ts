// Copies of a SQLite database, out and back in: one moment of it, checked whole, never over another.

import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, type TestContext, test } from 'node:test'
import { restoreSqlite } from '#storage/sqlite/backup.ts'
import { applicationId, schemaVersion } from '#storage/sqlite/schema.ts'
import { openSqliteStore, openSqliteStoreForReading } from '#storage/sqlite/sqlite-store.ts'
import type { StoreUnusable } from '#storage/store.ts'
import { commitOf, committed, event, everythingIn, handle, message, number, text } from './samples.ts'
import { edit, folderFor, openFor, refuses } from './sqlite-files.ts'
import { temporaryFolder } from './stores.ts'

describe('sqlite store: backup and restore', () => {
  test('a backup made while commits go on is one moment of the database, and opens as one', async t => {
    const folder = folderFor(t)
    const copy = join(folder, 'copy.db')
    const store = await openFor(t, join(folder, 'twostep.db'))
    const lanes = Array.from({ length: 8 }, (_, at) => `lane-${at}`)
    let copied = false
    const going = lanes.map(async lane => {
      for (let version = 1; !copied; version += 1) {
        const claims = [handle(`${lane} ${version}`)]
        const releases = [handle(`${lane} ${version - 1}`)]
        await store.commit(
          commitOf(lane, version - 1, { body: `${version}`, claims, releases, events: [event(version)] }),
        )
      }
    })
    const stages = new Set<string>()
    await store.backup(copy, ({ stage, bytes: done, total }) => {
      assert.ok(done <= total)
      stages.add(stage)
    })
    copied = true
    await Promise.all(going)
    assert.deepEqual([...stages], ['copying', 'checking', 'done'])
    assert.equal(statSync(copy).mode & 0o777, 0o600)
    assert.deepEqual(
      readdirSync(folder).filter(name => name.includes('partial')),
      [],
    )

    const opened = await openFor(t, copy)
    for (const { subject, stored } of await opened.walk(undefined, 99)) {
      assert.equal(text(stored.body), `${stored.version}`)
      assert.equal((await opened.journal(subject, 1, 1_000_000)).length, stored.version)
      assert.deepEqual(await opened.find([handle(`${subject.id} ${stored.version}`).index]), subject)
    }
    assert.deepEqual(await opened.commit(commitOf('after', 0)), committed(1))
  })

  test('a backup overwrites nothing, and leaves nothing behind where it cannot be', async t => {
    const folder = folderFor(t)
    const store = await openFor(t, join(folder, 'twostep.db'))
    writeFileSync(join(folder, 'taken'), 'mine')
    await refuses(store.backup(join(folder, 'taken')), 'exists', /is there already/)
    await refuses(store.backup(join(folder, 'twostep.db')), 'exists', /is there already/)
    await refuses(store.backup(join(folder, 'nowhere', 'copy.db')), 'read_only', /cannot be written to/)
    assert.equal(readFileSync(join(folder, 'taken'), 'utf8'), 'mine')
  })

  test('a command that looks on makes the backup too, without the server’s lock', async t => {
    const folder = folderFor(t)
    const store = await openFor(t, join(folder, 'twostep.db'))
    await store.commit(commitOf('a', 0))
    const reader = await openSqliteStoreForReading({ file: join(folder, 'twostep.db') })
    await reader.backup(join(folder, 'copy.db'))
    await reader.close()
    const copy = await openSqliteStoreForReading({ file: join(folder, 'copy.db') })
    assert.equal((await copy.read(number('a')))?.version, 1)
    await copy.close()
  })

  /** A database with a backup beside it, and the path that it is to be restored to. */
  async function backedUp(t: TestContext) {
    const folder = folderFor(t)
    const file = join(folder, 'twostep.db')
    const store = await openFor(t, file)
    await store.commit(commitOf('a', 0, { claims: [handle('+1')], events: [event(1)], messages: [message('m', 1)] }))
    const backup = join(folder, 'backup.db')
    await store.backup(backup)
    return { folder, file, store, backup, to: join(folder, 'restored', 'twostep.db') }
  }

  test('a restored backup is the database as it was', async t => {
    const { store, backup, to } = await backedUp(t)
    chmodSync(backup, 0o644)
    const stages = new Set<string>()
    await restoreSqlite({ from: backup, to, onProgress: ({ stage }) => stages.add(stage) })
    assert.deepEqual([...stages], ['copying', 'checking', 'done'])
    assert.equal(statSync(to).mode & 0o777, 0o600)
    const restored = await openFor(t, to)
    assert.deepEqual(await everythingIn(restored), await everythingIn(store))
  })

  test('a restore overwrites no database, neither a running one nor a stopped one', async t => {
    const { backup, file, store } = await backedUp(t)
    await refuses(restoreSqlite({ from: backup, to: file }), 'in_use', /Another Twostep server/)
    await store.close()
    const before = readFileSync(file)
    await refuses(restoreSqlite({ from: backup, to: file }), 'exists', /not overwritten/)
    assert.deepEqual(readFileSync(file), before)
  })

  test('a restore next to the log of another database is refused: SQLite would play it into the restored one', async t => {
    const { backup, to } = await backedUp(t)
    mkdirSync(join(to, '..'))
    writeFileSync(`${to}-wal`, 'left over')
    await refuses(restoreSqlite({ from: backup, to }), 'exists', /-wal is there already/)
    assert.ok(!existsSync(to))
  })

  let sound: Buffer
  before(async () => {
    const { folder, clear } = temporaryFolder()
    const store = await openSqliteStore({ file: join(folder, 'twostep.db') })
    await store.commit(commitOf('a', 0, { claims: [handle('+1')], events: [event(1)] }))
    await store.backup(join(folder, 'backup.db'))
    sound = readFileSync(join(folder, 'backup.db'))
    await store.close()
    clear()
  })

  const bad: Record<string, [StoreUnusable['reason'], (backup: string) => void]> = {
    'is not there': ['unreachable', backup => rmSync(backup)],
    'is empty': ['not_twostep', backup => writeFileSync(backup, '')],
    'is no database': ['not_twostep', backup => writeFileSync(backup, 'Dear reader, '.repeat(1_000))],
    'is another program’s': ['not_twostep', backup => edit(backup, `PRAGMA application_id = ${applicationId + 1}`)],
    'is of a newer version': ['newer_schema', backup => edit(backup, `PRAGMA user_version = ${schemaVersion + 1}`)],
    'was cut short': ['corrupt', backup => writeFileSync(backup, readFileSync(backup).subarray(0, -4_096))],
    'has a damaged page': ['corrupt', backup => writeFileSync(backup, damaged(readFileSync(backup)))],
    'lost a subject that a handle names': ['corrupt', backup => edit(backup, 'DELETE FROM documents')],
    'is a live database with a log beside it': ['in_use', backup => writeFileSync(`${backup}-wal`, 'log')],
  }
  for (const [what, [reason, spoil]] of Object.entries(bad)) {
    test(`a backup that ${what} is refused, and nothing stands in its place`, async t => {
      const folder = folderFor(t)
      const backup = join(folder, 'backup.db')
      const to = join(folder, 'restored', 'twostep.db')
      writeFileSync(backup, sound)
      spoil(backup)
      await refuses(restoreSqlite({ from: backup, to }), reason, /backup\.db/)
      assert.deepEqual(
        existsSync(join(to, '..')) ? readdirSync(join(to, '..')).filter(name => !name.endsWith('.lock')) : [],
        [],
      )
    })
  }
})

/** The file with its last page overwritten, as a dying disk may do. */
const damaged = (file: Buffer): Buffer => file.fill(0xa5, file.length - 4_096)
