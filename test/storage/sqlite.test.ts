// What only the store on SQLite promises: that it outlives its process, that one server has it, and that whoever cannot
// use it is told why.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { prepareChanges } from '#storage/sqlite/change-statements.ts'
import { prepareReads } from '#storage/sqlite/reader.ts'
import { schemaVersion } from '#storage/sqlite/schema.ts'
import { openSqliteStore, openSqliteStoreForReading } from '#storage/sqlite/sqlite-store.ts'
import { type Store, StoreAway } from '#storage/store.ts'
import {
  bytes,
  commitOf,
  committed,
  event,
  everythingIn,
  handle,
  message,
  number,
  place,
  removalOf,
  text,
} from './samples.ts'
import { edit, folderFor, openFor, refuses } from './sqlite-files.ts'

/** Starts a program of this folder; it is killed after the test, if not before. */
function start(t: TestContext, program: string, ...args: string[]) {
  const path = join(import.meta.dirname, program)
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await ended
  }
  t.after(kill)
  return { kill, lines, nextLine: async () => (await lines.next()).value as string | undefined }
}

describe('sqlite store: durability', () => {
  test('everything is there after closing and opening again', async t => {
    const file = join(folderFor(t), 'twostep.db')
    const first = await openSqliteStore({ file })
    await first.commit(
      commitOf('a', 0, {
        claims: [handle('+1')],
        joins: [place('g', '1', 'a')],
        events: [event(1), event(2)],
        messages: [message('m', 5)],
      }),
    )
    await first.commit(commitOf('b', 0))
    await first.addCheckpoint({ number: 1, body: bytes('checkpoint') }, [])
    const before = await everythingIn(first)
    await first.close()

    const again = await openFor(t, file)
    assert.deepEqual(await everythingIn(again), before)
    assert.deepEqual(await again.find([handle('+1').index]), number('a'))
    assert.equal((await again.page([handle('g').index], { limit: 2 })).members.length, 1)
    assert.deepEqual(await again.commit(commitOf('a', 1, { events: [event(3)] })), committed(2))
  })

  test('killed in the midst of parallel commits: every answered one is there, and none half', async t => {
    const file = join(folderFor(t), 'twostep.db')
    const child = start(t, 'commit-until-killed.ts', file)
    const answered = new Map<string, number>()
    function hear(line: string | undefined): void {
      const [lane, version] = (line ?? '').split(' ')
      if (lane !== undefined && version !== undefined) answered.set(lane, Number(version))
    }
    for (let heard = 0; heard < 1_000; heard += 1) hear(await child.nextLine())
    await child.kill()
    for (let line = await child.nextLine(); line !== undefined; line = await child.nextLine()) hear(line)
    assert.equal(answered.size, 32)

    const store = await openFor(t, file)
    const messages = new Set((await store.keptMessages(100_000)).map(({ id }) => id))
    for (const [lane, version] of answered) {
      const stored = await store.read(number(lane))
      assert.ok(stored && stored.version >= version, `${lane}: answered ${version}, found ${stored?.version}`)
      await isWhole(store, lane, stored.version, messages)
    }
  })

  /** A lane's newest commit is there with all of its rows, and nothing of the next one is. */
  async function isWhole(store: Store, lane: string, version: number, messages: ReadonlySet<string>): Promise<void> {
    assert.equal(text((await store.read(number(lane)))?.body)?.trim(), `${version}`)
    assert.deepEqual(await store.find([handle(`${lane} ${version}`).index]), number(lane))
    assert.equal(await store.find([handle(`${lane} ${version - 1}`).index]), undefined)
    assert.equal(await store.find([handle(`${lane} ${version + 1}`).index]), undefined)
    assert.equal((await store.journal(number(lane), 1, 100_000)).length, version)
    assert.ok(messages.has(`${lane} ${version}`))
    assert.ok(!messages.has(`${lane} ${version + 1}`))
  }

  test('a clean stop leaves one file to copy, and no log beside it', async t => {
    const folder = folderFor(t)
    const store = await openSqliteStore({ file: join(folder, 'twostep.db') })
    await store.commit(commitOf('a', 0))
    await store.close()
    assert.deepEqual(readdirSync(folder).sort(), ['twostep.db', 'twostep.db.lock'])
  })

  test('the folder is made for its owner only, and so is every file in it', async t => {
    const folder = join(folderFor(t), 'new', 'data')
    const store = await openFor(t, join(folder, 'twostep.db'))
    await store.commit(commitOf('a', 0))
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const files = readdirSync(folder)
    assert.ok(files.includes('twostep.db-wal'))
    for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file)
  })

  test('commits that arrive together share transactions', async t => {
    const store = await openFor(t, join(folderFor(t), 'twostep.db'))
    const before = store.stats()
    const commits = Array.from({ length: 2_000 }, (_, at) => store.commit(commitOf(`s${at}`, 0, { body: 'four' })))
    await Promise.all(commits)
    const { transactions, commits: many, bytes: written } = store.stats()
    assert.equal(many - before.commits, 2_000)
    assert.equal(written - before.bytes, 8_000)
    assert.deepEqual(await store.count('key-2'), { documents: 2_000, underOtherKeys: 2_000 })
    assert.ok(transactions - before.transactions <= 10, `${transactions - before.transactions} transactions`)
  })
})

describe('sqlite store: one server a file', () => {
  test('the same process cannot open a file twice, under no other name either', async t => {
    const folder = folderFor(t)
    const file = join(folder, 'twostep.db')
    const store = await openFor(t, file)
    await refuses(openSqliteStore({ file }), 'in_use', /Another Twostep server uses .*twostep\.db\. Stop it/)
    symlinkSync(file, join(folder, 'other.db'))
    await refuses(openSqliteStore({ file: join(folder, 'other.db') }), 'in_use', /twostep\.db/)
    symlinkSync(folder, join(folder, 'aside'))
    await refuses(openSqliteStore({ file: join(folder, 'aside', 'twostep.db') }), 'in_use', /twostep\.db/)
    assert.deepEqual(await store.commit(commitOf('a', 0)), committed(1))
    await store.close()
    await openFor(t, file)

    await openFor(t, join(folder, 'aside', 'new.db'))
    await refuses(openSqliteStore({ file: join(folder, 'new.db') }), 'in_use', /new\.db/)
  })

  test('two processes cannot open one file, until the first one dies, however it dies', async t => {
    const file = join(folderFor(t), 'twostep.db')
    const child = start(t, 'open-and-say.ts', file)
    assert.equal(await child.nextLine(), 'open')
    await refuses(openSqliteStore({ file }), 'in_use', /Another Twostep server/)
    await child.kill()
    const store = await openFor(t, file)
    assert.equal(await start(t, 'open-and-say.ts', file).nextLine(), 'in_use')
    assert.deepEqual(await store.commit(commitOf('a', 0)), committed(1))
  })

  test('a reader looks on while the server runs, sees each commit, and holds nobody up', async t => {
    const file = join(folderFor(t), 'twostep.db')
    const store = await openFor(t, file)
    const reader = await openSqliteStoreForReading({ file })
    await store.commit(commitOf('a', 0, { claims: [handle('+1')], events: [event(1)] }))
    assert.equal(text((await reader.read(number('a')))?.body), 'a 1')
    assert.deepEqual(await reader.find([handle('+1').index]), number('a'))
    assert.deepEqual(await reader.journal(number('a'), 1, 9), [event(1)])
    await store.close()
    assert.equal((await reader.count()).documents, 1)
    const next = await openFor(t, file)
    await next.commit(commitOf('a', 1))
    assert.equal((await reader.read(number('a')))?.version, 2)
    await reader.close()
  })

  test('a reader needs a database, and one that this version has opened', async t => {
    const folder = folderFor(t)
    await refuses(
      openSqliteStoreForReading({ file: join(folder, 'none.db') }),
      'unreachable',
      /no database at .*none\.db/,
    )
    assert.deepEqual(readdirSync(folder), [])
    writeFileSync(join(folder, 'empty.db'), '')
    await refuses(
      openSqliteStoreForReading({ file: join(folder, 'empty.db') }),
      'older_schema',
      /Start the server once/,
    )
  })
})

describe('sqlite store: what cannot be used', () => {
  /** A database with something in it, closed. */
  async function madeIn(folder: string): Promise<string> {
    const file = join(folder, 'twostep.db')
    const store = await openSqliteStore({ file })
    await store.commit(commitOf('a', 0, { claims: [handle('+1')], events: [event(1)] }))
    await store.close()
    return file
  }

  test('a database of schema 1 becomes the newest, with all that was in it', async t => {
    const file = await madeIn(folderFor(t))
    const tables = () => edit(file, `SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name`)
    const newest = tables()
    edit(file, 'CREATE INDEX handles_by_key ON handles (key_id, kind, id)')
    edit(file, 'CREATE INDEX memberships_by_key ON memberships (key_id, kind, id)')
    edit(file, 'DROP TABLE index_keys')
    edit(file, 'PRAGMA user_version = 1')
    await refuses(openSqliteStoreForReading({ file }), 'older_schema', /Start the server once/)

    const store = await openFor(t, file)
    assert.deepEqual(await store.find([handle('+1').index]), number('a'))
    assert.deepEqual(await store.journal(number('a'), 1, 9), [event(1)])
    assert.deepEqual(await store.commit(commitOf('a', 1)), committed(2))
    assert.equal(await store.dropHandles(['newer'], 9), 1, 'what an older key made is known to be there')
    assert.equal(await store.find([handle('+1').index]), undefined)
    await store.close()
    assert.deepEqual(tables(), newest)
  })

  test('to drop what older keys made costs nothing when there is none, and again nothing once it is dropped', async t => {
    const store = await openFor(t, join(folderFor(t), 'twostep.db'))
    const claims = Array.from({ length: 3_000 }, (_, at) => handle(`+${at}`, 'old'))
    await store.commit(commitOf('a', 0, { claims }))
    const transactionsOf = async (keep: readonly string[]) => {
      const before = store.stats().transactions
      await store.dropHandles(keep, 5_000)
      return store.stats().transactions - before
    }
    assert.equal(await transactionsOf(['old']), 1)
    assert.ok((await transactionsOf(['new'])) > 3)
    assert.ok((await transactionsOf(['new'])) > 1, 'that none is left is seen once')
    assert.equal(await transactionsOf(['new']), 1)
    await store.commit(commitOf('a', 1, { joins: [place('g', '1', 'a', 'older')] }))
    assert.equal(await store.dropHandles(['new'], 9), 1)
  })

  test('a database of a newer Twostep is left alone', async t => {
    const file = await madeIn(folderFor(t))
    edit(file, `PRAGMA user_version = ${schemaVersion + 1}`)
    const before = readFileSync(file)
    await refuses(openSqliteStore({ file }), 'newer_schema', /newer Twostep/)
    await refuses(openSqliteStoreForReading({ file }), 'newer_schema', /newer Twostep/)
    assert.deepEqual(readFileSync(file), before)
  })

  test('another program’s database is left alone', async t => {
    const file = join(folderFor(t), 'other.db')
    edit(file, 'CREATE TABLE recipes (title TEXT)')
    const before = readFileSync(file)
    await refuses(openSqliteStore({ file }), 'not_twostep', /another program/)
    assert.deepEqual(readFileSync(file), before)
  })

  test('a file that is no database is left alone', async t => {
    const file = join(folderFor(t), 'letter.txt')
    writeFileSync(file, 'Dear reader, '.repeat(1_000))
    await refuses(openSqliteStore({ file }), 'not_twostep', /letter\.txt is not a database/)
    assert.equal(readFileSync(file, 'utf8'), 'Dear reader, '.repeat(1_000))
  })

  test('a file that was cut short is told from a whole one', async t => {
    const file = await madeIn(folderFor(t))
    writeFileSync(file, readFileSync(file).subarray(0, 20_000))
    await refuses(openSqliteStore({ file }), 'corrupt', /damaged.*restore the last backup/)
  })

  test('damage that is met while running is told as damage, for reads, commits and backups', async t => {
    const folder = folderFor(t)
    const file = await madeIn(folder)
    const content = readFileSync(file)
    const pages = edit(
      file,
      "SELECT rootpage FROM sqlite_schema WHERE tbl_name IN ('documents', 'handles') AND rootpage > 0",
    )
    for (const { rootpage } of pages) content.fill(0xa5, (Number(rootpage) - 1) * 4096, Number(rootpage) * 4096)
    writeFileSync(file, content)

    const store = await openFor(t, file)
    await refuses(store.read(number('a')), 'corrupt', /damaged/)
    await refuses(store.find([handle('+1').index]), 'corrupt', /damaged/)
    await refuses(store.commit(commitOf('a', 1)), 'corrupt', /damaged/)
    await refuses(store.backup(join(folder, 'copy.db')), 'corrupt', /twostep\.db is damaged/)
    assert.ok(!existsSync(join(folder, 'copy.db')))
  })

  test('a folder that cannot be is a folder that cannot be written to', async t => {
    const folder = folderFor(t)
    writeFileSync(join(folder, 'file'), '')
    await refuses(openSqliteStore({ file: join(folder, 'file', 'twostep.db') }), 'read_only', /cannot be written to/)
    await refuses(openSqliteStore({ file: folder }), 'not_twostep', /is a folder/)
  })

  test('a folder or a file without the right to write is told at the start, not at the first commit', async t => {
    const folder = folderFor(t)
    chmodSync(folder, 0o755)
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    copyFileSync(await madeIn(folder), join(locked, 'twostep.db'))
    chmodSync(join(locked, 'twostep.db'), 0o644)
    chmodSync(locked, 0o555)
    assert.equal(await start(t, 'open-and-say.ts', join(locked, 'twostep.db'), 'unprivileged').nextLine(), 'read_only')
    assert.equal(await start(t, 'open-and-say.ts', join(locked, 'new', 'x.db'), 'unprivileged').nextLine(), 'read_only')

    const open = join(folder, 'open')
    mkdirSync(open)
    copyFileSync(join(locked, 'twostep.db'), join(open, 'twostep.db'))
    chmodSync(join(open, 'twostep.db'), 0o444)
    if (process.getuid?.() === 0) chownSync(open, 65_534, 65_534)
    assert.equal(await start(t, 'open-and-say.ts', join(open, 'twostep.db'), 'unprivileged').nextLine(), 'read_only')
    chmodSync(locked, 0o755)
  })

  test('on a full disk what does not fit is refused whole, what fits is kept, and room helps without a restart', async t => {
    const store = await openFor(t, join(folderFor(t), 'twostep.db'), { maxPages: 100 })
    const large = 'x'.repeat(50_000)
    let filled = 0
    await assert.rejects(async () => {
      for (;;) {
        await store.commit(commitOf(`s${filled}`, 0, { body: large, claims: [handle(`s${filled}`)] }))
        filled += 1
      }
    }, StoreAway)
    assert.ok(filled > 0)

    const together = await Promise.allSettled([
      store.commit(commitOf('s0', 1, { body: 'small' })),
      store.commit(
        // Its document and its handle would fit; the last thing it writes does not.
        commitOf('late', 0, {
          claims: [handle('late')],
          messages: [{ ...message('late', 1), body: bytes(large.repeat(5)) }],
        }),
      ),
      store.commit(commitOf('s1', 1, { body: 'small' })),
    ])
    assert.deepEqual(
      together.map(one => one.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.match(`${(together[1] as PromiseRejectedResult).reason.message}`, /disk is full.*Make room/)
    assert.equal(await store.read(number('late')), undefined)
    assert.equal(await store.find([handle('late').index]), undefined)
    assert.deepEqual(await store.keptMessages(9), [])

    assert.deepEqual(await store.commit(removalOf('s2', 1)), committed(2))
    assert.deepEqual(await store.commit(commitOf('late', 0, { body: large, claims: [handle('late')] })), committed(1))
    await store.probe()
  })

  test('when the writing thread dies, what waited is refused, and readiness says so', async t => {
    let writer: Worker | undefined
    process.once('worker', worker => {
      writer = worker
    })
    const store = await openFor(t, join(folderFor(t), 'twostep.db'))
    await store.commit(commitOf('a', 0))
    const waiting = [store.commit(commitOf('b', 0)), store.takeMessages(0 as never, 1 as never, 1)]
    const refusals = waiting.map(one => assert.rejects(one, StoreAway))
    await writer?.terminate()
    await Promise.all(refusals)
    await assert.rejects(store.probe(), /writing thread ended\. Restart/)
    await assert.rejects(store.commit(commitOf('b', 0)), StoreAway)
    assert.equal((await store.read(number('a')))?.version, 1)
  })
})

describe('sqlite store: cost', () => {
  test('every statement finds its rows by a key, so its cost does not grow with the number of subjects', async t => {
    const file = join(folderFor(t), 'twostep.db')
    await (await openSqliteStore({ file })).close()
    const db = new DatabaseSync(file)
    // The first or last few of an index, one row, and one slice of the count: they scan, and stop soon.
    const brief = ['waiting', 'settled', 'lastCheckpoint', 'uncovered', 'probe']
    for (const [name, statement] of Object.entries({ ...prepareReads(db), ...prepareChanges(db) })) {
      const { sourceSQL } = statement as unknown as StatementSync
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN ${sourceSQL}`)
        .all(...Array(sourceSQL.split('?').length - 1).fill(null))
      for (const { detail } of plan) {
        assert.doesNotMatch(`${detail}`, /TEMP B-TREE|AUTOMATIC/, `${name}: ${detail}`)
        if (!brief.includes(name)) assert.doesNotMatch(`${detail}`, /SCAN/, `${name}: ${detail}`)
      }
    }
    db.close()
  })
})
