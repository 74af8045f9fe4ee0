// Moving house: from every engine into every other, what is there afterwards is what was there before, to the byte; and
// nobody ever starts over less.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { instantAt } from '#core/kernel/instant.ts'
import { migratePostgres, openPostgresStore, openPostgresStoreForReading } from '#storage/postgres/postgres-store.ts'
import { openPostgresSink } from '#storage/postgres/row-sink.ts'
import { openPostgresSource } from '#storage/postgres/row-source.ts'
import { StoreAway } from '#storage/store.ts'
import { openSum } from '#storage/transfer/checksum.ts'
import { type Row, type Rows, tableNamed } from '#storage/transfer/tables.ts'
import { transfer } from '#storage/transfer/transfer.ts'
import { breakableLineTo } from './broken-line.ts'
import { atStep, type Engine, furnish, type House, house, move, rowsIn, stoppedAt } from './houses.ts'
import { newSchema, postgresServer } from './postgres-server.ts'
import { commitOf, committed, everythingIn, number } from './samples.ts'
import { refuses } from './sqlite-files.ts'

const mark = { fingerprint: 'f', from: 'somewhere' }

/** A furnished file and an empty schema, with what the schema is reached by. */
async function fileAndSchema(t: TestContext) {
  const from = await house(t, 'sqlite')
  await furnish(from)
  const server = await postgresServer()
  const schema = newSchema()
  t.after(() => server.admin(`DROP SCHEMA IF EXISTS ${schema} CASCADE`))
  return { from, server, schema, url: server.url('plain') }
}

const pairs: readonly (readonly [Engine, Engine])[] = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
  ['sqlite', 'sqlite'],
  ['pooler', 'pooler'],
]

/** A furnished house, one that is to be, and what is in the first. */
async function aMove(t: TestContext, [one, other]: readonly [Engine, Engine]) {
  const [from, to] = [await house(t, one), await house(t, other)]
  await furnish(from)
  return { from, to, before: await rowsIn(from) }
}

async function contents({ store: open }: House): Promise<unknown> {
  const store = await open()
  try {
    return await everythingIn(store)
  } finally {
    await store.close()
  }
}

/** What a program that kills itself at the nth step of a copy said before. */
const killedAt = async (from: House, to: House, nth: number): Promise<string> => {
  const program = join(import.meta.dirname, 'copy-until-killed.ts')
  const places = [await from.argument(), await to.argument()]
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...places, `${nth}`], (error, said) => {
      if (error !== null && error.signal !== 'SIGKILL') reject(error)
      else resolve(said)
    })
  })
}

/** Where each change of a half-made copy shows, and how it is made there. */
const hands = {
  documents: (of: string) => `UPDATE ${of}documents SET version = 9 WHERE id = 's4'`,
  journal: (of: string) => `DELETE FROM ${of}journal WHERE id = 's5' AND sequence = 1`,
  waiting_messages: (of: string) =>
    `INSERT INTO ${of}waiting_messages SELECT 'z', due, expires, ready, attempt, key_id, body FROM ${of}waiting_messages
     WHERE id = 'm4'`,
}

for (const pair of pairs) {
  describe(`from ${pair[0]} into ${pair[1]}`, () => {
    test('everything goes over to the byte, the source stays as it was, and versions and messages go on', async t => {
      const { from, to, before } = await aMove(t, pair)
      const ending = await move(from, to)
      assert.ok(ending.kind === 'copied' && !ending.resumed)
      assert.deepEqual([await rowsIn(to), await rowsIn(from)], [before, before])
      for (const [table, rows] of Object.entries(before)) assert.ok(rows.length > 1, table)
      assert.deepEqual(await contents(to), await contents(from))
      const empty = await house(t, pair[1])
      await (await empty.store()).close()
      assert.deepEqual(await to.indexes(), await empty.indexes())

      const store = await to.store()
      t.after(() => store.close())
      assert.deepEqual(await store.commit(commitOf('s2', 0)), committed(3), 'a removed one goes on counting')
      assert.deepEqual(await store.commit(commitOf('s3', 3)), committed(4))
      const taken = await store.takeMessages(instantAt(8_500), instantAt(9_900), 9)
      const messages = taken.map(({ id, attempt }) => `${id} ${attempt}`)
      assert.deepEqual(messages, ['m5 1', 'm6 1', 'm3 2', 'm7 1'], 'what is on lease stays on lease')
      assert.equal(await store.dropHandles(['key-1'], 99), 10, 'what another key made is known to be there')
    })

    if (pair[0] === pair[1]) return
    test('a row that was changed, added or removed in a half-made copy is found, and the half stays one', async t => {
      const { from, to, before } = await aMove(t, pair)
      const ending = await move(from, to, {}, sink => ({
        ...sink,
        async index() {
          await sink.index()
          for (const change of Object.values(hands)) await to.editHalf(change)
        },
      }))
      assert.ok(ending.kind === 'differs')
      assert.deepEqual(
        ending.tables.map(({ source, target }) => [source.table, (target?.rows ?? 0) - source.rows]),
        [
          ['documents', 0],
          ['journal', -1],
          ['waiting_messages', 1],
        ],
      )
      await refuses(to.store(), 'half_copied', /a copy that was not finished/)
      const again = await move(from, to)
      assert.ok(again.kind === 'differs')
      const [found, ...more] = again.tables
      assert.deepEqual(
        [found?.source.table, found?.target, more],
        ['documents', undefined, []],
        'the next run finds it',
      )
      await to.clear()
      assert.equal((await move(from, to)).kind, 'copied')
      assert.deepEqual(await rowsIn(to), before)
    })

    test('what is not empty, or a half of something else, or of this source as it was, is left as it is', async t => {
      const { from, to } = await aMove(t, pair)
      assert.equal((await move(from, to, stoppedAt(3, 'copying'))).kind, 'stopped')
      await from.edit(of => `UPDATE ${of}documents SET version = 9 WHERE id = 's4'`)
      const ending = await move(from, to)
      assert.ok(ending.kind === 'other_source' && ending.from.length > 4)
      await to.clear()

      await furnish(to, 4)
      const there = await rowsIn(to)
      await refuses(move(from, to), 'exists', /with something in it, and is not overwritten/)
      assert.deepEqual(await rowsIn(to), there)
    })
  })
}

for (const pair of pairs.slice(0, 2)) {
  test(`from ${pair[0]} into ${pair[1]}, a run that is killed again and again is gone on with, and no server starts`, async t => {
    const { from, to, before } = await aMove(t, pair)
    for (const nth of [26, 38, 62]) {
      assert.equal(await killedAt(from, to, nth), '', `killed at step ${nth}`)
      await refuses(to.store(), 'half_copied', /Run the same twostep copy again/)
    }
    const ending = await move(from, to)
    assert.ok(ending.kind === 'copied' && ending.resumed)
    assert.deepEqual(await rowsIn(to), before)
  })
}

for (const [pair, stride] of [
  [['sqlite', 'sqlite'], 1],
  [['sqlite', 'postgres'], 23],
] as const) {
  test(`from ${pair[0]} into ${pair[1]}, a run can be stopped at any step and gone on with`, async t => {
    const { from, to, before } = await aMove(t, pair)
    let stops = 0
    for (let nth = 1; ; nth += stride) {
      const stopped = await move(from, to, stoppedAt(nth))
      if (stopped.kind === 'copied') break
      assert.equal(stopped.kind, 'stopped', `at ${nth}`)
      stops += 1
    }
    assert.ok(stops * stride > 60, `${stops}`)
    assert.deepEqual(await rowsIn(to), before)
  })
}

// ——— when something is in the way

test('a server that was running over an empty PostgreSQL reads and writes none of what is copied into it', async t => {
  const { from, schema, url } = await fileAndSchema(t)
  const running = await openPostgresStore({ url, schema, patience: 50 })
  t.after(() => running.close())
  const source = await from.source()
  const sink = await openPostgresSink({ url, schema })
  const tries: Promise<unknown>[] = []
  const meanwhile = async () => {
    const calls = [() => running.commit(commitOf('s1', 1)), () => running.read(number('s1'))]
    for (const call of calls) tries.push(assert.rejects(call))
    tries.push(assert.rejects(running.takeMessages(0 as never, 9_999_999 as never, 9)))
    await Promise.all(tries)
    await refuses(openPostgresStore({ url, schema }), 'half_copied', /DROP SCHEMA "twostep_\d+" CASCADE/)
    await refuses(openPostgresStoreForReading({ url, schema }), 'half_copied', /was not finished/)
    await refuses(migratePostgres({ url, schema }), 'half_copied', /was not finished/)
    await refuses(openPostgresSource({ url, schema }), 'half_copied', /was not finished/)
  }
  const ending = await transfer(source, { ...sink, index: async () => await meanwhile() })
  await sink.close()
  await source.close()
  assert.deepEqual([ending.kind, tries.length], ['copied', 3])
  assert.deepEqual(await running.commit(commitOf('s1', 1)), committed(2), 'and goes on over the whole')
})

test('of two runs into one place the newer one goes on, and the older writes no row any more', async t => {
  const { from, schema, url } = await fileAndSchema(t)
  const [older, newer] = [await openPostgresSink({ url, schema }), await openPostgresSink({ url, schema })]
  t.after(() => older.close())
  t.after(() => newer.close())
  const source = await from.source()
  t.after(() => source.close())
  const table = tableNamed('checkpoints')
  let taken = false
  const overtaken = {
    ...older,
    async load<Name extends keyof Rows>(name: Name, rows: readonly Rows[Name][]) {
      if (name === 'checkpoints' && !taken) {
        taken = true
        const { fingerprint } = await markOf(server =>
          server.admin(`SELECT fingerprint FROM ${schema}.unfinished_copy`),
        )
        assert.deepEqual(await newer.begin({ fingerprint, from: source.place }), { kind: 'resumed' })
      }
      await older.load(name, rows)
    },
  }
  await refuses(transfer(source, overtaken), 'in_use', /Another twostep copy has taken over/)
  assert.deepEqual(await newer.rows(table, undefined, 9), [])
  await refuses(older.index(), 'in_use', /taken over/)
  await refuses(older.finish(), 'in_use', /taken over/)
  assert.equal((await transfer(source, newer)).kind, 'copied')
})

async function markOf(
  read: (server: Awaited<ReturnType<typeof postgresServer>>) => Promise<Record<string, unknown>[]>,
) {
  const [row] = await read(await postgresServer())
  return { fingerprint: String(row?.fingerprint) }
}

test('a server that writes to a PostgreSQL while it is copied is kept waiting and found out; its commit is not lost', async t => {
  const from = await house(t, 'postgres')
  await furnish(from)
  const running = await from.store()
  t.after(() => running.close())
  const to = await house(t, 'sqlite')
  let commit: Promise<unknown> | undefined
  const onProgress = atStep(30, () => {
    commit = running.commit(commitOf('s1', 1))
  })
  // It is seen once it waits for the lock: the steps go round until then.
  const ending = move(from, to, { onProgress }, sink => ({
    ...sink,
    index: async step => {
      for (;;) await step?.(0, 1)
    },
  }))
  await refuses(ending, 'in_use', /Somebody writes to PostgreSQL at .* while it is copied: a server still runs/)
  assert.deepEqual(await commit, committed(2))
  await refuses(
    to
      .sink()
      .then(sink => sink.close())
      .then(() => to.store()),
    'half_copied',
    /not finished/,
  )
})

test('a PostgreSQL whose rows somebody has open is not copied from', async t => {
  const { schema, url, server } = await fileAndSchema(t)
  await migratePostgres({ url, schema })
  const session = new pg.Client({ connectionString: server.url('plain').reveal() })
  await session.connect()
  await session.query(`BEGIN; DELETE FROM ${schema}.documents`)
  await refuses(openPostgresSource({ url, schema }), 'in_use', /Somebody writes to PostgreSQL/)
  await session.end()
  await (await openPostgresSource({ url, schema })).close()
})

test('a line that breaks under a page, a step or the last word costs nothing but time', async t => {
  const { from, server, schema } = await fileAndSchema(t)
  const line = await breakableLineTo(server.port)
  t.after(() => line.close())
  const url = server.url('plain', 'server', line.port)
  const sink = await openPostgresSink({ url, schema, patience: 8_000 })
  t.after(() => sink.close())
  const source = await from.source()
  t.after(() => source.close())
  const cuts = ['CREATE TABLE "', `unfinished_journal (kind`, 'ANALYZE'].map(text => line.cutAnswerTo(text))
  const ending = await transfer(source, {
    ...sink,
    finish: verify =>
      sink.finish(async written => {
        if (cuts.length < 4) cuts.push(line.cutAnswerTo('COMMIT'))
        return (await verify?.(written)) ?? true
      }),
  })
  await Promise.all(cuts)
  assert.deepEqual([ending.kind, cuts.length], ['copied', 4])
  const store = await openPostgresStore({ url: server.url('plain'), schema })
  t.after(() => store.close())
  const old = await from.source().catch(() => undefined)
  assert.equal(old, undefined)
  assert.ok(JSON.stringify(await everythingIn(store)).length > 1_000)
})

test('a source whose line breaks ends the copy, which is gone on with', async t => {
  const from = await house(t, 'postgres')
  await furnish(from)
  const [schema = ''] = (await from.argument()).split(' ')
  const server = await postgresServer()
  const line = await breakableLineTo(server.port)
  t.after(() => line.close())
  const broken = {
    ...from,
    source: () => openPostgresSource({ url: server.url('plain', 'server', line.port), schema }),
  }
  const to = await house(t, 'sqlite')
  const cut: Promise<void>[] = []
  const onProgress = atStep(35, () => void cut.push(line.cutAnswerTo('FROM')))
  await assert.rejects(move(broken, to, { onProgress }), StoreAway)
  await Promise.all(cut)
  const ending = await move(from, to)
  assert.ok(ending.kind === 'copied' && ending.resumed)
  assert.deepEqual(await rowsIn(to), await rowsIn(from))
})

test('a row that speaks of nobody, which PostgreSQL lets stand, does not get into a file', async t => {
  const [from, to] = [await house(t, 'postgres'), await house(t, 'sqlite')]
  await furnish(from)
  await from.edit(of => `INSERT INTO ${of}handles SELECT '\\xff'::bytea, 'k', 'number', 'nobody'`)
  await refuses(move(from, to), 'corrupt', /handles speaks of number nobody, .*journal verify/)
})

test('a sink takes rows in any order and twice, and every value as it is', async t => {
  const whole = fc.maxSafeInteger()
  const bytes = fc.uint8Array({ maxLength: 40 })
  const words = fc.string({ unit: 'grapheme', maxLength: 9 }).filter(text => !text.includes('\0'))
  const id = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 1, maxLength: 9 })
  const settled = fc.tuple(
    ...[id, whole, whole, words, bytes, fc.constantFrom('sent', 'dead'), whole],
    ...[fc.option(whole), fc.option(words)],
  ) as unknown as fc.Arbitrary<Rows['settled_messages']>
  const rows = fc.sample(fc.uniqueArray(settled, { selector: row => row[0], minLength: 40, maxLength: 60 }), {
    numRuns: 1,
    seed: 7,
  })[0] as readonly Rows['settled_messages'][]
  const sorted = rows.toSorted(([one], [other]) => (one < other ? -1 : 1))
  const expected = openSum(tableNamed('settled_messages'))
  expected.add(sorted as readonly Row[])
  for (const engine of ['sqlite', 'postgres'] as const) {
    const sink = await (await house(t, engine)).sink()
    t.after(() => sink.close())
    await sink.begin(mark)
    await sink.load('settled_messages', rows)
    await sink.load('settled_messages', [])
    await sink.load('settled_messages', rows.slice(5, 20))
    const sum = openSum(tableNamed('settled_messages'))
    sum.add(await sink.rows(tableNamed('settled_messages'), undefined, 100))
    assert.deepEqual(sum.sum(), expected.sum(), engine)
    assert.equal(await sink.finish(), true)
  }
})

test('a schema of another program, one that is not there, and a half of another version are refused', async t => {
  const { server, schema, url } = await fileAndSchema(t)
  await refuses(openPostgresSource({ url, schema }), 'not_twostep', /no Twostep in PostgreSQL at/)
  await server.admin(`CREATE SCHEMA ${schema} CREATE TABLE recipes (title text)`)
  await refuses(openPostgresSink({ url, schema }), 'not_twostep', /another program/)
  await server.admin(`DROP SCHEMA ${schema} CASCADE`)
  const sink = await openPostgresSink({ url, schema })
  await sink.begin(mark)
  await sink.close()
  await server.admin(`UPDATE ${schema}.unfinished_schema_version SET version = 99`)
  await refuses(openPostgresSink({ url, schema }), 'half_copied', /another version of Twostep began.* DROP SCHEMA/)
})
