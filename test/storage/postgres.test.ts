// What only the store on PostgreSQL promises: that many nodes work over one database, that a broken line and a crashed
// server lose nothing and do nothing twice, and that one subject in the way holds up no other.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import pg from 'pg'
import { instantAt } from '#core/kernel/instant.ts'
import { Broken } from '#core/kernel/outcome.ts'
import { openPostgresStore, type PostgresSettings } from '#storage/postgres/postgres-store.ts'
import { type Store, StoreAway } from '#storage/store.ts'
import { breakableLineTo } from './broken-line.ts'
import { type Database, newSchema, postgresServer } from './postgres-server.ts'
import { bytes, commitOf, committed, event, handle, message, number, place, text } from './samples.ts'

type Settings = Partial<PostgresSettings> & { readonly database?: Database }

/** Opens a node of its own over a schema; it is closed after the test. */
async function openFor(t: TestContext, schema: string, { database = 'plain', ...settings }: Settings = {}) {
  const server = await postgresServer()
  const store = await openPostgresStore({ url: server.url(database), schema, ...settings })
  t.after(() => store.close())
  return store
}

/** A node at the end of a line that can be broken. */
async function openOverBrokenLine(t: TestContext, schema: string, settings: Settings = {}) {
  const server = await postgresServer()
  const line = await breakableLineTo(server.port)
  const store = await openFor(t, schema, { url: server.url('plain', 'server', line.port), ...settings })
  t.after(() => line.close())
  return { line, store }
}

/** A session beside the store, as a person at a terminal has one. */
async function sessionFor(t: TestContext): Promise<pg.Client> {
  const server = await postgresServer()
  const client = new pg.Client({ connectionString: server.url('plain').reveal() })
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end())
  return client
}

const lanes = (many: number) => Array.from({ length: many }, (_, at) => `lane-${at}`)

for (const database of ['plain', 'serializable'] as const) {
  describe(`postgres store, ${database}: two nodes`, () => {
    test('what both change at once is changed by each, once, and no change of either is lost', async t => {
      const schema = newSchema()
      const nodes = [await openFor(t, schema, { database }), await openFor(t, schema, { database })]
      const subjects = lanes(6)
      async function add(node: Store, subject: string, word: string): Promise<void> {
        for (;;) {
          const read = await node.read(number(subject))
          const body = `${text(read?.body) ?? ''}[${word}]`
          const events = [event((read?.version ?? 0) + 1)]
          if ((await node.commit(commitOf(subject, read?.version ?? 0, { body, events }))).kind === 'committed') return
        }
      }
      const adding = nodes.map(async (node, at) => {
        for (let turn = 0; turn < 6; turn += 1) {
          await Promise.all(subjects.map(subject => add(node, subject, `${at}.${turn}`)))
        }
      })
      await Promise.all(adding)
      for (const subject of subjects) {
        const last = await nodes[0]?.read(number(subject))
        assert.equal(last?.version, 12)
        const words = text(last.body)?.match(/\[[^\]]*\]/g) ?? []
        assert.equal(new Set(words).size, 12, `${words}`)
        assert.equal((await nodes[1]?.journal(number(subject), 1, 99))?.length, 12)
      }
    })

    test('a handle that both claim at once is one subject’s, and the other is told', async t => {
      const schema = newSchema()
      const nodes = [await openFor(t, schema, { database }), await openFor(t, schema, { database })]
      const names = lanes(20)
      const claims = nodes.map((node, at) => {
        // In opposite orders, so that each holds what the other wants.
        const subjects = at === 0 ? names : names.toReversed()
        return Promise.all(
          subjects.map((name, turn) => node.commit(commitOf(`${at}-${turn}`, 0, { claims: [handle(name)] }))),
        )
      })
      const [one = [], other = []] = await Promise.all(claims)
      const kinds = names.map((_, at) => [one[at]?.kind, other.toReversed()[at]?.kind].sort().join(' '))
      assert.deepEqual(kinds, Array(20).fill('committed handle_taken'))
      assert.equal((await nodes[0]?.count())?.documents, 20)
    })

    test('messages that both take at once are given to one of them', async t => {
      const schema = newSchema()
      const nodes = [await openFor(t, schema, { database }), await openFor(t, schema, { database })]
      const messages = Array.from({ length: 120 }, (_, at) => message(`m${at}`, 10))
      await nodes[0]?.commit(commitOf('a', 0, { messages }))
      const taking = nodes.flatMap(node =>
        Array.from({ length: 6 }, () => node.takeMessages(instantAt(20), instantAt(90), 10)),
      )
      const ids = (await Promise.all(taking)).flat().map(({ id }) => id)
      assert.equal(ids.length, 120)
      assert.equal(new Set(ids).size, 120)
    })

    test('of checkpoints that both add, one stands at each number', async t => {
      const schema = newSchema()
      const nodes = [await openFor(t, schema, { database }), await openFor(t, schema, { database })]
      for (let at = 1; at <= 10; at += 1) {
        const added = await Promise.all(
          nodes.map((node, who) => node.addCheckpoint({ number: at, body: bytes(`${at} by ${who}`) }, [])),
        )
        assert.deepEqual(added.toSorted(), [false, true])
        assert.equal(text((await nodes[0]?.lastCheckpoint())?.body), `${at} by ${added.indexOf(true)}`)
      }
    })
  })
}

describe('postgres store: broken lines', () => {
  test('a commit whose answer was lost on the way is recognised, and not made twice', async t => {
    const { line, store } = await openOverBrokenLine(t, newSchema())
    await store.commit(commitOf('a', 0, { events: [event(1)] }))
    const cut = line.cutAnswerTo('"subject of this test"')
    const commit = commitOf('subject of this test', 0, {
      claims: [handle('+1')],
      events: [event(1)],
      messages: [message('m', 5)],
    })
    const together = [commit, commitOf('a', 1, { events: [event(2)] }), commitOf('b', 7)]
    const endings = await Promise.all(together.map(each => store.commit(each)))
    await cut
    assert.deepEqual(endings, [committed(1), committed(2), { kind: 'lost_race' }])
    assert.equal((await store.journal(number('subject of this test'), 1, 9)).length, 1)
    assert.equal((await store.journal(number('a'), 1, 9)).length, 2)
    assert.equal((await store.keptMessages(9)).length, 1)
    assert.equal(store.stats().setbacks, 1)
  })

  test('a network that falls silent is noticed, and what was asked over it is asked again', async t => {
    const { line, store } = await openOverBrokenLine(t, newSchema(), { attempt: 300 })
    const swallowed = line.swallowAnswerTo('"silent"')
    assert.deepEqual(await store.commit(commitOf('silent', 0, { events: [event(1)] })), committed(1))
    await swallowed
    assert.equal((await store.read(number('silent')))?.version, 1)
  })

  test('when another node commits before the question is asked again, nobody is told that a race was lost', async t => {
    const schema = newSchema()
    const { line, store } = await openOverBrokenLine(t, schema)
    const other = await openFor(t, schema)
    await store.commit(commitOf('overtaken', 0))
    const cut = line.cutAnswerTo('"overtaken"')
    const letGo = line.hold()
    const ending = store.commit(commitOf('overtaken', 1))
    const refused = assert.rejects(ending, error => {
      assert.ok(error instanceof StoreAway)
      assert.match(error.message, /broke, and another commit .* came after.*not known/)
      return true
    })
    await cut
    assert.deepEqual(await other.commit(commitOf('overtaken', 2)), committed(3))
    letGo()
    await refused
  })

  test('reads, checkpoints, settlements and rotation are asked again, and find done what was done', async t => {
    const schema = newSchema()
    const { line, store } = await openOverBrokenLine(t, schema, { connections: 3 })
    await store.commit(
      commitOf('a', 0, { claims: [handle('+1', 'old')], messages: [message('m', 5)], events: [event(1)] }),
    )
    const heads = await store.uncoveredHeads(9)
    const cuts = ['"id":"b"', 'add_checkpoint', 'settle_messages', 'drop_handles', 'document'].map(
      each => () => line.cutAnswerTo(each),
    )
    const asks: (() => Promise<unknown>)[] = [
      () => store.commit(commitOf('b', 0)),
      () => store.addCheckpoint({ number: 1, body: bytes('mine') }, heads),
      () => store.settleMessages([{ id: 'm', settlement: { kind: 'dead', at: instantAt(9), reason: 'refused' } }]),
      () => store.dropHandles(['new'], 9),
      () => store.read(number('b')),
    ]
    const answers = []
    for (const [at, ask] of asks.entries()) {
      const cut = cuts[at]?.()
      answers.push(await ask())
      await cut
    }
    assert.deepEqual(answers.slice(0, 4), [committed(1), true, undefined, 0])
    assert.equal((await store.read(number('b')))?.version, 1)
    assert.equal((await store.lastCheckpoint())?.number, 1)
    assert.deepEqual(await store.uncoveredHeads(9), [])
    assert.equal((await store.keptMessages(9))[0]?.state, 'dead')
    assert.equal(await store.find([handle('+1', 'old').index]), undefined)
  })
})

describe('postgres store: a server that crashes', () => {
  test('killed in the midst of parallel commits of two nodes: each answered one is there, and none is made twice', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const nodes = [await openFor(t, schema, { patience: 20_000 }), await openFor(t, schema, { patience: 20_000 })]
    let answered = 0
    let enough = Number.POSITIVE_INFINITY
    const { promise: warm, resolve: isWarm } = Promise.withResolvers<void>()
    async function commitAlong(node: Store, lane: string): Promise<number> {
      for (let version = 1; ; version += 1) {
        const ending = await node.commit(
          commitOf(lane, version - 1, {
            claims: [handle(`${lane} ${version}`)],
            releases: [handle(`${lane} ${version - 1}`)],
            events: [event(version)],
            messages: [message(`${lane} ${version}`, version)],
          }),
        )
        // A commit that was made twice, or not, would end in another version, or a lost race.
        assert.deepEqual(ending, committed(version), lane)
        answered += 1
        if (answered === 300) isWarm()
        if (answered >= enough) return version
      }
    }
    const going = nodes.flatMap((node, at) =>
      lanes(12).map(async lane => {
        const name = `${at} ${lane}`
        return [name, await commitAlong(node, name)] as const
      }),
    )
    await warm
    await server.command('restart')
    enough = answered + 300
    const store = nodes[0]
    for (const [lane, version] of await Promise.all(going)) {
      assert.equal((await store?.read(number(lane)))?.version, version)
      assert.equal((await store?.journal(number(lane), 1, 100_000))?.length, version)
      assert.deepEqual(await store?.find([handle(`${lane} ${version}`).index]), number(lane))
      assert.equal(await store?.find([handle(`${lane} ${version - 1}`).index]), undefined)
    }
    assert.equal((await store?.keptMessages(100_000))?.length, answered)
    assert.ok(
      nodes.some(node => node.stats().setbacks > 0),
      'the crash was felt',
    )
  })

  test('while it is away calls end in time and say so; when it is back they work again', async t => {
    const server = await postgresServer()
    const store = await openFor(t, newSchema(), { patience: 200 })
    await store.commit(commitOf('a', 0))
    await server.command('stop')
    const calls = [
      store.commit(commitOf('a', 1)),
      store.commit(commitOf('a', 1)),
      store.read(number('a')),
      store.probe(),
    ]
    await Promise.all(calls.map(call => assert.rejects(call, StoreAway)))
    await server.command('start')
    await store.probe()
    assert.deepEqual(await store.commit(commitOf('a', 1)), committed(2))
  })
})

test('postgres store: keys sort by their bytes, also in a database whose own rules are English', async t => {
  const store = await openFor(t, newSchema())
  const ids = ['_', 'B', 'a', 'Z', '~', '0', 'b', 'A b', 'A-c', 'e']
  const joins = (id: string) => [place('g', id, id)]
  await Promise.all(ids.map(id => store.commit(commitOf(id, 0, { joins: joins(id), events: [event(1)] }))))
  const sorted = ids.toSorted()
  const idsOf = (found: readonly { readonly subject: { readonly id: string } }[]) =>
    found.map(({ subject }) => subject.id)
  assert.deepEqual(idsOf(await store.walk(undefined, 99)), sorted)
  assert.deepEqual(idsOf(await store.walk(number('B'), 99)), sorted.slice(sorted.indexOf('B') + 1))
  assert.deepEqual(
    (await store.walkJournals(undefined, 99)).map(({ id }) => id),
    sorted,
  )
  assert.deepEqual(idsOf(await store.uncoveredHeads(99)), sorted)
  assert.deepEqual(idsOf((await store.page([handle('g').index], { limit: 99 })).members), sorted)
})

describe('postgres store: in each other’s way', () => {
  test('a subject that someone else has locked holds up no other, and gets its turn', async t => {
    const schema = newSchema()
    // Less than the time that a transaction waits for another.
    const store = await openFor(t, schema, { patience: 1_500 })
    await Promise.all(['a', 'b', 'c'].map(id => store.commit(commitOf(id, 0))))
    const session = await sessionFor(t)
    await session.query(`BEGIN; SELECT FROM ${schema}.documents WHERE id = 'b' FOR UPDATE`)
    const [first, held, last] = ['a', 'b', 'c'].map(id => store.commit(commitOf(id, 1)))
    assert.deepEqual(await Promise.all([first, last]), [committed(2), committed(2)])
    // Others go on, also on the subjects that were in one group with it.
    assert.deepEqual(await store.commit(commitOf('a', 2)), committed(3))
    await session.query('COMMIT')
    assert.deepEqual(await held, committed(2))
  })

  test('a commit that the server gave up, to undo a circle of waiting, is made all the same', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const store = await openFor(t, schema)
    await store.commit(commitOf('a', 0))
    const session = await sessionFor(t)
    // The session holds a handle that the commit wants, and then wants the subject that the commit holds.
    await session.query(`SET deadlock_timeout = '10s'; BEGIN`)
    await session.query(`INSERT INTO ${schema}.handles VALUES ($1, 'k', 'number', 'x')`, [handle('+1').index])
    const commit = store.commit(commitOf('a', 1, { claims: [handle('+1')] }))
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${schema}%commit_2%'`
    while ((await server.admin(waits)).length === 0);
    await session.query(`UPDATE ${schema}.documents SET version = version WHERE id = 'a'`)
    await session.query('ROLLBACK')
    assert.deepEqual(await commit, committed(2))
    assert.ok(store.stats().setbacks > 0, 'it was given up')
  })

  test('in one group each commit gets its own ending, whatever the others come to', async t => {
    const store = await openFor(t, newSchema())
    for (const id of ['changed', 'gone-on', 'torn', 'told', 'named', 'kept']) await store.commit(commitOf(id, 0))
    await store.commit(commitOf('gone-on', 1))
    await store.commit(commitOf('torn', 1, { events: [event(1)] }))
    await store.commit(commitOf('told', 1, { messages: [message('m', 5)] }))
    await store.commit(commitOf('named', 1, { claims: [handle('+1')] }))
    const before = store.stats().transactions
    const endings = await Promise.allSettled([
      store.commit(commitOf('changed', 1, { events: [event(1), event(2)], messages: [message('n', 5)] })),
      store.commit(commitOf('gone-on', 1)),
      store.commit(commitOf('torn', 2, { events: [event(3)] })),
      store.commit(commitOf('told', 2, { messages: [message('m', 5)] })),
      store.commit(commitOf('kept', 1, { claims: [handle('+1')] })),
      store.commit(commitOf('new', 0)),
      store.commit(commitOf('never', 4)),
    ])
    assert.equal(store.stats().transactions - before, 1, 'they travelled together')
    const said = endings.map(each => (each.status === 'fulfilled' ? each.value : String(each.reason.message)))
    assert.deepEqual(said, [
      committed(2),
      { kind: 'lost_race' },
      'events go on from the newest one of their subject',
      'a message id is new',
      { kind: 'handle_taken' },
      committed(1),
      { kind: 'lost_race' },
    ])
    assert.deepEqual(
      (await store.journal(number('changed'), 1, 9)).map(({ sequence }) => sequence),
      [1, 2],
    )
    assert.equal((await store.read(number('torn')))?.version, 2)
  })

  test('a commit that the database itself refuses fails alone, and the rest of its group is made', async t => {
    const store = await openFor(t, newSchema())
    const endings = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => {
        const keyId = at === 13 ? 'a\u0000b' : 'key'
        return store.commit(commitOf(`s${at}`, 0, { messages: [{ ...message(`m${at}`, 5), keyId }] }))
      }),
    )
    assert.equal(endings.filter(({ status }) => status === 'fulfilled').length, 19)
    const refused = endings[13]
    assert.ok(refused?.status === 'rejected' && refused.reason instanceof Broken)
    assert.match(refused.reason.message, /SQLSTATE 22/)
    assert.equal((await store.count()).documents, 19)
  })

  test('commits that arrive together share transactions', async t => {
    const store = await openFor(t, newSchema())
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => store.commit(commitOf(`s${at}`, 0))))
    const { transactions, commits } = store.stats()
    assert.equal(commits, 1_000)
    assert.ok(transactions <= 16, `${transactions} transactions`)
  })

  test('the pool is bounded, and more calls than connections wait their turn', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const store = await openFor(t, schema, { connections: 3 })
    const calls = Array.from({ length: 150 }, (_, at) => [
      store.commit(commitOf(`s${at}`, 0)),
      store.read(number(`s${at}`)),
    ])
    await Promise.all(calls.flat())
    const open = await server.admin(
      `SELECT count(*)::int AS many FROM pg_stat_activity WHERE application_name = 'twostep' AND query LIKE '%${schema}%'`,
    )
    assert.ok(Number(open[0]?.many) <= 3, `${open[0]?.many} connections`)
  })
})
