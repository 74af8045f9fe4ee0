// The raw limit of commits: the same bytes as one of ours carries, many to a transaction, through the same driver, durable,
// and nothing else: no compare-and-swap, no sealing, no other tables.

import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { speak } from '../child.ts'
import { bytesOf, grouped, subjects } from '../commit-shape.ts'

const { BENCH_DATABASE = '' } = process.env
const ids = Array.from({ length: subjects }, () => randomBytes(16).toString('hex'))
const body = randomBytes(bytesOf.document)
const event = randomBytes(bytesOf.event)
let sequence = 0

type Group = (ids: readonly string[]) => void | Promise<void>

function onSqlite(file: string): { readonly write: Group; readonly several: number } {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096')
  db.exec('CREATE TABLE document (id TEXT PRIMARY KEY, body BLOB); CREATE TABLE event (id TEXT, n INTEGER, body BLOB)')
  const put = db.prepare('INSERT INTO document VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body')
  const add = db.prepare('INSERT INTO event VALUES (?, ?, ?)')
  const write: Group = group => {
    db.exec('BEGIN IMMEDIATE')
    for (const id of group) {
      put.run(id, body)
      add.run(id, ++sequence, event)
    }
    db.exec('COMMIT')
  }
  return { write, several: 1 }
}

async function onPostgres(url: string): Promise<{ readonly write: Group; readonly several: number }> {
  const several = 3
  const pool = new pg.Pool({ connectionString: url, max: several })
  await pool.query('CREATE TABLE document (id text PRIMARY KEY, body bytea) WITH (fillfactor = 85)')
  await pool.query('CREATE TABLE event (id text, n bigint, body bytea, PRIMARY KEY (id, n))')
  await pool.query('ALTER TABLE document ALTER COLUMN body SET STORAGE EXTERNAL')
  const text = `
    WITH put AS (
      INSERT INTO document SELECT * FROM unnest($1::text[], $2::bytea[])
      ON CONFLICT (id) DO UPDATE SET body = excluded.body)
    INSERT INTO event SELECT * FROM unnest($1::text[], $3::bigint[], $4::bytea[])`
  const write: Group = async group => {
    const numbers = group.map(() => ++sequence)
    await pool.query({ name: 'group', text, values: [group, group.map(() => body), numbers, group.map(() => event)] })
  }
  return { write, several }
}

const { write, several } = BENCH_DATABASE.startsWith('postgres')
  ? await onPostgres(BENCH_DATABASE)
  : onSqlite(BENCH_DATABASE)

async function run(milliseconds: number) {
  const began = performance.now()
  let count = 0
  const one = async (which: number) => {
    const mine = ids.filter((_, at) => at % several === which)
    for (let at = 0; performance.now() - began < milliseconds; at = (at + grouped) % (mine.length - grouped)) {
      await write(mine.slice(at, at + grouped))
      count += grouped
    }
  }
  await Promise.all(Array.from({ length: several }, (_, which) => one(which)))
  return { count, milliseconds: performance.now() - began }
}

speak({ ready: {}, answer: { run: ({ milliseconds }) => run(Number(milliseconds)) } })
