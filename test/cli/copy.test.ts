import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { coverJournals } from '#records/checkpoint.ts'
import { openPostgresSink } from '#storage/postgres/row-sink.ts'
import { openSqliteSource } from '#storage/sqlite/row-source.ts'
import { transfer } from '#storage/transfer/transfer.ts'
import { advance, call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { houseInFile, move, stoppedAt } from '#test/storage/houses.ts'
import { type PostgresServer, postgresServer } from '#test/storage/postgres-server.ts'
import { folderFor, start as startCommand, twostep } from './command.ts'
import { idAt, inFolder, makeNumber, start } from './stored.ts'

/** A folder with numbers and a checkpoint. */
async function kept(t: TestContext, numbers = 3): Promise<string> {
  const folder = folderFor(t)
  const { store, secrets, records } = await inFolder(folder)
  await Promise.all(Array.from({ length: numbers }, (_, n) => makeNumber(records, n + 1)))
  await coverJournals(store, secrets, start)
  await store.close()
  return folder
}

let databases = 0

/** A new database on the server, and the URL of it without the password. */
async function newDatabase(t: TestContext) {
  const server = await postgresServer()
  databases += 1
  const name = `copied_${databases}`
  await server.admin(`CREATE DATABASE ${name}`)
  t.after(() => server.admin(`DROP DATABASE ${name} WITH (FORCE)`))
  const { user, host, port } = server
  return { server, name, whole: server.url(name).reveal(), bare: `postgres://${user}@${host}:${port}/${name}` }
}

const withPassword = ({ password }: PostgresServer) => ({ settings: { PGPASSWORD: password } })

test('a house moves into PostgreSQL and back: the sums are the same, spent guesses stay spent, and the PIN opens', async t => {
  const { server, bare, whole } = await newDatabase(t)
  const [first, back] = [folderFor(t), folderFor(t)]
  let account: { waba: string; token: string } = { waba: '', token: '' }
  let id = ''
  const guesses = async (url: string, ...pins: readonly string[]) => {
    const codes: unknown[] = []
    for (const pin of pins) {
      const body = { messaging_product: 'whatsapp', pin }
      const reply = await call(url, 'POST', `/v25.0/${id}/register`, { token: account.token, body })
      codes.push(reply.status === 200 ? 'in' : (reply.body.error as { code: number }).code)
    }
    return codes
  }
  {
    await using sandbox = await startSandbox({}, { folder: join(first, 'server') })
    const { url, folder } = sandbox
    account = await newBusiness(url)
    id = await verifiedNumber(url, account, '7700900123')
    assert.deepEqual(await guesses(url, '271828'), ['in'])
    await call(url, 'POST', `/v25.0/${id}/deregister`, { token: account.token, body: {} })
    assert.deepEqual(await guesses(url, '314151', '314152', '314153'), [133005, 133005, 133005])
    await sandbox.stop()
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(first, name))
    copyFileSync(join(folder, 'keyring.json'), join(back, 'keyring.json'))
  }

  const there = await twostep(first, ['copy', '--to', bare], withPassword(server))
  assert.deepEqual([there.code, there.err], [0, ''], there.out)
  assert.match(there.out, /Everything holds\.\nCopied .*twostep\.db to PostgreSQL at .*: the same rows to the byte/)
  assert.match(there.out, /set TWOSTEP_DATABASE_URL to its URL \(in a file, .*NEVER run servers over both/s)
  const sums = [...there.out.matchAll(/^ {2}(\w+) +(\d+) {2}sha256 ([0-9a-f]{64})$/gm)].map(
    ([, table, rows, sha256]) => ({ table, rows: Number(rows), sha256 }),
  )
  const args = ['copy', '--from', 'env:OLD_URL', '--to', `sqlite:${join(back, 'twostep.db')}`, '--json']
  const home = await twostep(back, args, { settings: { OLD_URL: whole } })
  assert.deepEqual([home.code, home.err], [0, ''], home.out)
  const { copied, resumed, holds, tables, to } = home.json()
  assert.deepEqual([copied, resumed, holds, to], [true, false, true, join(back, 'twostep.db')])
  assert.deepEqual([tables, sums.length], [sums, 8])

  await using sandbox = await startSandbox({}, { folder: back })
  // Of five guesses two were left; then it has to wait.
  assert.deepEqual(await guesses(sandbox.url, '314154', '314155', '271828'), [133005, 133005, 133009])
  await advance(sandbox.url, 'PT1H')
  assert.deepEqual(await guesses(sandbox.url, '271828'), ['in'])
})

/**
 * A copy into PostgreSQL that was stopped early, and a session that keeps the journal from being written: whoever goes on
 * with the copy waits in the middle of a statement, until the session lets go.
 */
async function heldUp(t: TestContext) {
  const folder = await kept(t, 20)
  const { server, name, bare } = await newDatabase(t)
  const source = await openSqliteSource({ file: join(folder, 'twostep.db') })
  const sink = await openPostgresSink({ url: server.url(name) })
  const options = stoppedAt(2, 'copying')
  assert.equal((await transfer(source, sink, { pageSize: 3, ...options })).kind, 'stopped')
  await sink.close()
  await source.close()
  const session = new pg.Client({ connectionString: server.url(name).reveal() })
  await session.connect()
  await session.query('BEGIN; LOCK TABLE twostep.unfinished_journal IN SHARE MODE')
  const waits = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'twostep.unfinished_journal'::regclass`
  const copying = () => startCommand(folder, ['copy', '--to', bare], withPassword(server))
  const isWaiting = async () => {
    while ((await session.query(waits)).rowCount === 0);
  }
  const goOn = () => twostep(folder, ['copy', '--to', bare, '--json'], withPassword(server))
  const settings = { TWOSTEP_DATABASE_URL_FILE: join(folder, 'url') }
  writeFileSync(join(folder, 'url'), server.url(name).reveal())
  return { folder, copying, isWaiting, letGo: () => session.end(), goOn, settings }
}

test('the command is killed while it writes, no server starts over the half, and the same command goes on', async t => {
  const { folder, copying, isWaiting, letGo, goOn, settings } = await heldUp(t)
  const running = copying()
  await isWaiting()
  running.kill()
  assert.equal((await running.ended).code, 'SIGKILL')
  const refused = await twostep(folder, ['serve'], { settings })
  assert.notEqual(refused.code, 0)
  assert.match(refused.err, /a copy that was not finished/)
  await letGo()
  const { code, out, err, json } = await goOn()
  assert.deepEqual([code, err], [0, ''], out)
  assert.deepEqual([json().resumed, json().holds], [true, true])
})

test('Ctrl-C ends the command after its step, with words, and it can be gone on with', async t => {
  const { copying, isWaiting, letGo, goOn } = await heldUp(t)
  const running = copying()
  await isWaiting()
  running.kill('SIGINT')
  await running.complained(/Stopping/)
  await letGo()
  const { code, out, err } = await running.ended
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /^Stopping after this step\..*\nStopped, as it was told to\..*\nRun the same command again/)
  assert.deepEqual([(await goOn()).code], [0])
})

test('a password in an argument is refused and never printed; a file holds it', async t => {
  const folder = await kept(t)
  const { server, whole } = await newDatabase(t)
  const [given, mistyped] = await Promise.all([
    twostep(folder, ['copy', '--to', whole]),
    twostep(folder, ['copy', `--too=${whole}`]),
  ])
  for (const { code, out, err } of [given, mistyped]) {
    assert.deepEqual([code, out], [2, ''])
    assert.ok(!err.includes(server.password), err)
  }
  assert.match(given.err, /has a password in it\. It was not used[\s\S]*PGPASSWORD[\s\S]*env:NAME/)
  writeFileSync(join(folder, 'url'), `${whole}\n`)
  const { code, err } = await twostep(folder, ['copy', '--to', 'env:NEW_URL'], {
    settings: { NEW_URL_FILE: join(folder, 'url') },
  })
  assert.equal(code, 0, err)
})

test('what cannot be copied is told before anything is written', async t => {
  const [folder, other] = [await kept(t), await kept(t)]
  const at = (of: string, name: string) => `sqlite:${join(of, name)}`
  const refused = async (args: readonly string[], words: RegExp, settings = {}) => {
    const { code, out, err } = await twostep(folder, ['copy', ...args], { settings })
    assert.deepEqual([code, out], [2, ''], err)
    assert.match(err, words)
  }
  const ring = { TWOSTEP_KEYRING: join(other, 'keyring.json') }
  await Promise.all([
    refused(['--to', at(folder, 'new.db')], /The key ring .* does not open .*: .*ring of another database/, ring),
    refused(['--from', at(folder, 'none.db'), '--to', at(folder, 'new.db')], /no database at .*none\.db/),
    refused(['--to', at(folder, 'twostep.db')], /was given twice: there is nothing to copy/),
    refused(['--to', at(other, 'twostep.db')], /with something in it, and is not overwritten/),
  ])
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('new.db')),
    [],
  )
})

test('a half that somebody changed, or that is of another source, is told with what to do', async t => {
  const [folder, other] = [await kept(t), await kept(t)]
  const [from, to] = [join(folder, 'twostep.db'), join(folder, 'new.db')]
  assert.equal((await move(houseInFile(from), houseInFile(to), stoppedAt(1, 'copying'))).kind, 'stopped')
  const args = ['--from', `sqlite:${join(other, 'twostep.db')}`, '--to', `sqlite:${to}`]
  const mixed = await twostep(other, ['copy', ...args])
  assert.deepEqual([mixed.code, mixed.out], [2, ''])
  assert.match(mixed.err, /new\.db is a half-made copy of .*, and not of .*\nFinish that one first.* rm -f '/)

  const db = new DatabaseSync(`${to}.copying`)
  db.prepare('UPDATE documents SET version = 7 WHERE id = ?').run(idAt(2))
  db.close()
  const { code, out, err } = await twostep(folder, ['copy', '--to', `sqlite:${to}`])
  assert.deepEqual([code, err], [1, ''])
  assert.match(
    out,
    /^NOT copied[\s\S]*documents: a row that an earlier run left[\s\S]*Be rid of it and begin anew: {2}rm -f/,
  )
  assert.ok(!existsSync(to))
})

test('a journal that does not hold goes over as it is, and is told', async t => {
  const folder = await kept(t)
  const file = join(folder, 'twostep.db')
  const db = new DatabaseSync(file)
  db.prepare('DELETE FROM journal WHERE id = ?').run(idAt(2))
  db.close()
  const before = readFileSync(file)
  const to = join(folder, 'new.db')
  const { code, out } = await twostep(folder, ['copy', '--to', `sqlite:${to}`])
  assert.equal(code, 1)
  assert.match(out, new RegExp(`number ${idAt(2)}: everything from event 1 on was cut off[\\s\\S]*Copied `))
  assert.ok(existsSync(to))
  assert.deepEqual(readFileSync(file), before, 'the source was not written to')
})
