// Opening a store on PostgreSQL: how its tables come to be and grow newer, how it is reached safely, and that whoever
// cannot use it is told why, without the password.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import pg from 'pg'
import { instantAt } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { changes } from '#storage/postgres/changes.ts'
import {
  migratePostgres,
  openPostgresStore,
  openPostgresStoreForReading,
  type PostgresSettings,
} from '#storage/postgres/postgres-store.ts'
import { reads } from '#storage/postgres/reader.ts'
import { schemaVersion } from '#storage/postgres/schema.ts'
import { StoreUnusable } from '#storage/store.ts'
import { breakableLineTo } from './broken-line.ts'
import { newSchema, type PostgresServer, postgresServer } from './postgres-server.ts'
import { bytes, commitOf, committed, event, handle, message, number, place, removalOf } from './samples.ts'

async function openFor(t: TestContext, settings: PostgresSettings) {
  const store = await openPostgresStore(settings)
  t.after(() => store.close())
  return store
}

/** Expects a start that stops, with the reason, words that say what to do, and no password in them. */
async function refuses(opening: Promise<unknown>, reason: StoreUnusable['reason'], words: RegExp): Promise<void> {
  const { password } = await postgresServer()
  await assert.rejects(opening, error => {
    assert.ok(error instanceof StoreUnusable, `${error}`)
    assert.equal(error.reason, reason, error.message)
    assert.match(error.message, words)
    assert.ok(!`${error.stack} ${JSON.stringify(error)}`.includes(password))
    return true
  })
}

/** The URL of the plain database with something about it changed. */
function urlWith(server: PostgresServer, change: (url: URL) => void): Secret {
  const url = new URL(server.url('plain').reveal())
  change(url)
  return Secret.of(url.href)
}

describe('postgres store: its schema', () => {
  test('of many nodes that start at once over an empty database, one makes the tables, and all of them serve', async t => {
    const server = await postgresServer()
    for (const through of ['server', 'pooler'] as const) {
      const schema = newSchema()
      const url = server.url('serializable', through)
      const migrations = await Promise.all(Array.from({ length: 4 }, () => migratePostgres({ url, schema })))
      assert.deepEqual(migrations.map(({ from }) => from).toSorted(), [0, ...Array(3).fill(schemaVersion)])
      const nodes = await Promise.all(Array.from({ length: 3 }, () => openFor(t, { url, schema })))
      const endings = await Promise.all(nodes.map((node, at) => node.commit(commitOf(`s${at}`, 0))))
      assert.deepEqual(endings, Array(3).fill(committed(1)))
    }
  })

  test('a migration waits for the one under way, and does not do it again', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const url = server.url('plain')
    const session = new pg.Client({ connectionString: url.reveal() })
    await session.connect()
    t.after(() => session.end())
    await session.query(`BEGIN; SELECT pg_advisory_xact_lock(${0x32535450}, hashtext('${schema}'))`)
    const migration = migratePostgres({ url, schema })
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND query LIKE '%${schema}%'`
    while ((await server.admin(waits)).length === 0);
    await session.query('COMMIT')
    assert.deepEqual(await migration, { from: 0, to: schemaVersion })
    assert.deepEqual(await migratePostgres({ url, schema }), { from: schemaVersion, to: schemaVersion })
  })

  test('schema 1 becomes the newest one while a node that knows only schema 1 goes on', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const url = server.url('plain')
    const first = await openFor(t, { url, schema })
    assert.deepEqual(await first.commit(commitOf('a', 0)), committed(1))
    // What schema 2 brought is taken away again: then it is schema 1.
    await server.admin(`DROP FUNCTION ${schema}.commit_2; UPDATE ${schema}.schema_version SET version = 1`)
    const asked = (expects: number) =>
      `SELECT ${schema}.commit_1('${JSON.stringify({
        ...{ kind: 'number', id: 'a', expects, commit_id: randomUUID() },
        ...{ key_id: 'k', body_from: 1, body_size: 1 },
      })}', 'x', false) AS ending`
    assert.deepEqual(await server.admin(asked(1)), [{ ending: '2' }])
    assert.deepEqual(await migratePostgres({ url, schema }), { from: 1, to: schemaVersion })
    const newer = await openFor(t, { url, schema })
    assert.deepEqual(await newer.commit(commitOf('a', 2)), committed(3))
    assert.deepEqual(await server.admin(asked(3)), [{ ending: '4' }])
    assert.deepEqual(await newer.commit(commitOf('a', 3)), { kind: 'lost_race' })
    assert.deepEqual(await newer.commit(commitOf('a', 4)), committed(5))
  })

  test('a schema of a newer Twostep is refused and left alone, while a node that has it open goes on', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const url = server.url('plain')
    const older = await openFor(t, { url, schema })
    await server.admin(`UPDATE ${schema}.schema_version SET version = ${schemaVersion + 1}`)
    await refuses(openPostgresStore({ url, schema }), 'newer_schema', /newer Twostep.*Start the newer one/)
    await refuses(openPostgresStoreForReading({ url, schema }), 'newer_schema', /newer Twostep/)
    await refuses(migratePostgres({ url, schema }), 'newer_schema', /newer Twostep/)
    assert.deepEqual(await older.commit(commitOf('a', 0)), committed(1))
  })

  test('an older schema is not touched by whoever may not, or only looks', async () => {
    const server = await postgresServer()
    const schema = newSchema()
    const url = server.url('plain')
    await refuses(openPostgresStore({ url, schema, migrate: false }), 'older_schema', /Run: twostep migrate/)
    await refuses(openPostgresStoreForReading({ url, schema }), 'older_schema', /Run: twostep migrate/)
    const found = await server.admin(`SELECT FROM pg_namespace WHERE nspname = '${schema}'`)
    assert.equal(found.length, 0)
  })

  test('a schema of another program is left alone', async () => {
    const server = await postgresServer()
    const schema = newSchema()
    await server.admin(`CREATE SCHEMA ${schema} CREATE TABLE recipes (title text)`)
    await refuses(openPostgresStore({ url: server.url('plain'), schema }), 'not_twostep', /another program/)
  })

  test('a reader looks on beside the servers, and cannot be asked to change anything', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const store = await openFor(t, { url: server.url('plain'), schema })
    await store.commit(commitOf('a', 0, { events: [event(1)] }))
    const reader = await openPostgresStoreForReading({ url: server.url('plain'), schema })
    t.after(() => reader.close())
    assert.equal((await reader.read(number('a')))?.version, 1)
    assert.deepEqual(await reader.journal(number('a'), 1, 9), [event(1)])
    assert.ok(!('commit' in reader) && !('takeMessages' in reader))
  })

  test('a user without the right to make tables is told which right is missing', async () => {
    const server = await postgresServer()
    await server.admin(`CREATE ROLE visitor LOGIN PASSWORD '${server.password}'`)
    const url = urlWith(server, it => {
      it.username = 'visitor'
    })
    await refuses(openPostgresStore({ url, schema: newSchema() }), 'read_only', /visitor may not .*GRANT CREATE/)
  })
})

describe('postgres store: what cannot be used', () => {
  const wrong: Record<string, [StoreUnusable['reason'], RegExp, (url: URL) => void]> = {
    'with a wrong password': [
      'unreachable',
      /does not let in the user twostep.*Check the user and the password/,
      url => {
        url.password = 'wrong-password-of-this-test'
      },
    ],
    'without a password': [
      'unreachable',
      /does not let in the user twostep/,
      url => {
        url.password = ''
      },
    ],
    'with a user that is not there': [
      'unreachable',
      /does not let in the user nobody/,
      url => {
        url.username = 'nobody'
      },
    ],
    'that is not there': [
      'unreachable',
      /no such database\. Make it: createdb --owner=twostep missing/,
      url => {
        url.pathname = '/missing'
      },
    ],
    'on a host that nobody knows': [
      'unreachable',
      /does not answer \(E.*Check|does not answer \(E/,
      url => {
        url.hostname = 'nowhere.invalid'
      },
    ],
    'with an odd parameter': [
      'unreachable',
      /"sslmod", of which Twostep knows nothing/,
      url => url.searchParams.set('sslmod', 'require'),
    ],
    'with an odd sslmode': ['unreachable', /none of disable/, url => url.searchParams.set('sslmode', 'prefer')],
  }
  for (const [what, [reason, words, change]] of Object.entries(wrong)) {
    test(`a database ${what} is refused with words that help`, async () => {
      const url = urlWith(await postgresServer(), change)
      await refuses(openPostgresStore({ url, patience: 50 }), reason, words)
      assert.ok(!words.source.includes(new URL(url.reveal()).password || 'none'))
    })
  }

  test('a port where nobody listens, or that hangs up, is refused when patience is over', async t => {
    const server = await postgresServer()
    const rude = createServer(socket => socket.destroy()).listen(0, '127.0.0.1')
    t.after(() => rude.close())
    await new Promise(ready => rude.once('listening', ready))
    const { port } = rude.address() as { port: number }
    await refuses(
      openPostgresStore({ url: server.url('plain', 'server', port), patience: 50 }),
      'unreachable',
      /does not answer/,
    )
    rude.close()
    await refuses(
      openPostgresStore({ url: server.url('plain', 'server', port), patience: 50 }),
      'unreachable',
      /does not answer \(ECONNREFUSED\)\. Start it, or check host and port/,
    )
  })

  test('a read-only server is refused, and a running store that meets one says that it is away', async t => {
    const server = await postgresServer()
    await server.admin('CREATE DATABASE replica')
    const url = server.url('replica')
    const store = await openFor(t, { url, patience: 50 })
    await server.admin('ALTER DATABASE replica SET default_transaction_read_only = on')
    await refuses(openPostgresStore({ url }), 'read_only', /is read-only: a replica.*Name the primary/)
    await refuses(migratePostgres({ url }), 'read_only', /is read-only/)
    await server.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'replica'`)
    await assert.rejects(store.probe(), /read-only/)
    await assert.rejects(store.commit(commitOf('a', 0)), /did not answer within 50 ms/)
  })
})

describe('postgres store: TLS', () => {
  test('a server that proves its name is used over TLS, one that does not is refused', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    const url = (host: string, mode: string, authority?: string) =>
      urlWith(server, it => {
        it.hostname = host
        it.searchParams.set('sslmode', mode)
        if (authority !== undefined) it.searchParams.set('sslrootcert', authority)
      })
    const store = await openFor(t, { url: url('localhost', 'verify-full', server.authority), schema })
    await store.commit(commitOf('a', 0))
    const seen = await server.admin(
      `SELECT bool_and(ssl) AS ssl, count(*)::int AS many FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name = 'twostep' AND query LIKE '%${schema}%'`,
    )
    assert.deepEqual(seen, [{ ssl: true, many: 1 }])

    const open = (it: Secret) => openPostgresStore({ url: it, schema, patience: 50 })
    const words = /did not prove who it is .*sslrootcert/
    await refuses(open(url('127.0.0.1', 'verify-full', server.authority)), 'unreachable', words)
    await refuses(open(url('localhost', 'verify-full')), 'unreachable', words)
    await refuses(open(url('127.0.0.1', 'verify-ca')), 'unreachable', words)
    for (const fine of [url('127.0.0.1', 'verify-ca', server.authority), url('127.0.0.1', 'require')]) {
      await (await open(fine)).close()
    }
    const pooler = urlWith(server, it => {
      it.port = `${server.poolerPort}`
      it.searchParams.set('sslmode', 'verify-full')
    })
    await refuses(open(pooler), 'unreachable', /speaks no TLS/)
  })
})

describe('postgres store: statements', () => {
  for (const [through, texts] of [
    ['server', 1],
    ['pooler', 5],
  ] as const) {
    test(`through the ${through}, the text of a statement asked five times goes over the wire ${texts} times`, async t => {
      const server = await postgresServer()
      const line = await breakableLineTo(through === 'server' ? server.port : server.poolerPort)
      const schema = newSchema()
      const store = await openFor(t, { url: server.url('plain', through, line.port), schema, connections: 1 })
      t.after(() => line.close())
      for (let at = 0; at < 5; at += 1) await store.read(number('a'))
      assert.equal(line.sent(reads(`"${schema}"`).document.text), texts)
    })
  }

  test('a commit is durable when answered, also where the database is set to answer early', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    await openFor(t, { url: server.url('plain'), schema })
    const session = new pg.Client({ connectionString: server.url('plain').reveal() })
    await session.connect()
    t.after(() => session.end())
    for (const [set, found] of [
      ['off', 'on'],
      ['local', 'local'],
      ['remote_apply', 'remote_apply'],
    ]) {
      await session.query(`SET synchronous_commit = ${set}; BEGIN`)
      await session.query(`SELECT ${schema}.commit_1('{"kind":"a","id":"b","expects":1}', '', false)`)
      assert.deepEqual((await session.query('SHOW synchronous_commit')).rows, [{ synchronous_commit: found }])
      await session.query('ROLLBACK')
    }
  })

  test('the time comes from the database', async t => {
    const server = await postgresServer()
    const store = await openFor(t, { url: server.url('plain'), schema: newSchema() })
    const clock = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`
    const [before] = await server.admin(clock)
    const now = await store.now()
    const [later] = await server.admin(clock)
    assert.ok(Number.isSafeInteger(now))
    assert.ok(Math.floor(Number(before?.now)) <= now && now <= Math.ceil(Number(later?.now)))
  })

  test('every one finds its rows by a key, so its cost does not grow with the number of subjects', async () => {
    const server = await postgresServer()
    await server.admin('CREATE DATABASE cost')
    // What can be done by an index is then done by it, however small the tables are.
    for (const way of ['seqscan', 'bitmapscan', 'sort'])
      await server.admin(`ALTER DATABASE cost SET enable_${way} = off`)
    await server.admin('ALTER DATABASE cost SET plan_cache_mode = force_generic_plan')
    const store = await openPostgresStore({ url: server.url('cost') })
    const scans = () =>
      server.admin(
        `SELECT relname, seq_scan::int FROM pg_stat_user_tables
         WHERE relname NOT IN ('schema_version', 'write_probe') ORDER BY relname`,
        'cost',
      )
    const isGone = async () =>
      (await server.admin(`SELECT FROM pg_stat_activity WHERE datname = 'cost' AND application_name = 'twostep'`))
        .length === 0
    await store.close()
    while (!(await isGone()));
    const before = await scans()

    const again = await openPostgresStore({ url: server.url('cost') })
    const rows = { claims: [handle('+1')], joins: [place('g', '1', 'a')], events: [event(1)] }
    await again.commit(commitOf('a', 0, { ...rows, messages: ['m', 'n', 'o'].map(id => message(id, 1)) }))
    await again.commit(
      commitOf('a', 1, { releases: [handle('+1')], leaves: [place('g', '1', 'a')], events: [event(2)] }),
    )
    await again.commit(commitOf('b', 0, { claims: [handle('+2', 'old')], joins: [place('g', '2', 'b', 'old')] }))
    await again.commit(removalOf('a', 2))
    await again.dropHandles(['key-1'], 9)
    await again.find([handle('+1').index, handle('+2').index])
    await again.takeMessages(instantAt(5), instantAt(9), 5)
    const sent = { kind: 'sent', at: instantAt(6), keepUntil: instantAt(7) } as const
    await again.settleMessages([
      { id: 'm', settlement: sent },
      { id: 'n', settlement: { kind: 'dead', at: instantAt(6), reason: 'refused' } },
      { id: 'o', settlement: { kind: 'again', due: instantAt(9) } },
    ])
    await again.dropKeptMessages(instantAt(9))
    await again.addCheckpoint({ number: 1, body: bytes('one') }, await again.uncoveredHeads(9))
    await again.page([handle('g').index], { limit: 5 })
    await Promise.all([again.count('k'), again.walk(undefined, 5), again.walkJournals(undefined, 5)])
    await Promise.all([again.keptMessages(5), again.nextMessageDue(), again.lastCheckpoint(), again.checkpoints(1, 5)])
    await again.close()
    while (!(await isGone()));
    assert.deepEqual(await scans(), before)
  })

  test('none sorts more than it answers', async t => {
    const server = await postgresServer()
    const schema = newSchema()
    await openFor(t, { url: server.url('plain'), schema })
    const session = new pg.Client({ connectionString: server.url('plain').reveal() })
    await session.connect()
    t.after(() => session.end())
    await session.query('SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off')
    await session.query('SET plan_cache_mode = force_generic_plan')
    // What these sort is a page, or a slice, that an index has put together.
    const brief = ['later_members', 'earlier_members', 'journals_after', 'count']
    for (const { name, text } of Object.values({ ...reads(`"${schema}"`), ...changes(`"${schema}"`) })) {
      await session.query(`PREPARE ${name} AS ${text}`)
      const nulls = Array(new Set(text.match(/\$\d/g)).size).fill('NULL')
      const plan = await session.query(`EXPLAIN EXECUTE ${name} ${nulls.length > 0 ? `(${nulls})` : ''}`)
      const lines = plan.rows.map(row => String(row['QUERY PLAN']))
      if (!brief.includes(name)) assert.ok(!lines.some(line => /Sort/.test(line)), `${name}:\n${lines.join('\n')}`)
    }
  })
})
