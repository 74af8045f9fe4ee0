// The PostgreSQL server of a test process: a real one, with pgbouncer before it, started when the first test asks for it
// and stopped when nothing else is left to do, however the process ends (see scripts/postgres). Files that share a process
// share it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { Secret } from '#secrets/secret.ts'

type Where = {
  readonly host: string
  readonly port: number
  readonly poolerPort: number
  readonly user: string
  readonly password: string
  readonly folder: string
}

export type PostgresServer = Where & {
  /** The certificate of the authority that signed the server's, which bears the name localhost. */
  readonly authority: string
  /** What the script is told, and what it says when it is done: `restart`, `stop` or `start`. */
  command(command: 'restart' | 'stop' | 'start'): Promise<void>
  /** `port`: that of something between us and the server. */
  url(database: string, through?: 'server' | 'pooler', port?: number): Secret
  /** Runs one statement as the owner of the server, in the plain database or another. */
  admin(sql: string, database?: string): Promise<Record<string, unknown>[]>
}

/** One whose transactions are READ COMMITTED, and one whose are SERIALIZABLE, unless they ask for something else. */
export type Database = 'plain' | 'serializable'

let starting: Promise<PostgresServer> | undefined

/** The one server of this process. */
export function postgresServer(): Promise<PostgresServer> {
  starting ??= start()
  return starting
}

async function start(): Promise<PostgresServer> {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'postgres')
  // Its input ends when this process does, and then it stops. In a group of its own, it outlives what kills ours.
  const child = spawn(script, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const stdout = child.stdout as Socket
  const lines = createInterface(stdout)[Symbol.asyncIterator]()
  // It keeps the process from its end only while somebody waits for its answer.
  child.unref()
  async function hear(word: string): Promise<string> {
    stdout.ref()
    const line = String((await lines.next()).value)
    stdout.unref()
    assert.ok(line.startsWith(word), `expected ${word}, heard ${line}`)
    return line.slice(word.length)
  }
  process.once('beforeExit', async () => {
    child.ref()
    child.stdin.end()
    await Promise.all([...[...sweepers.values()].map(sweeper => sweeper.end()), once(child, 'exit')])
  })

  const where = JSON.parse(await hear('ready ')) as Where
  const { host, user, password } = where
  const urlOf = (database: string, port: number) =>
    Secret.of(`postgres://${user}:${password}@${host}:${port}/${database}`)
  const url: PostgresServer['url'] = (database, through = 'server', port) =>
    urlOf(database, port ?? (through === 'server' ? where.port : where.poolerPort))

  async function admin(sql: string, database = 'plain') {
    const client = new pg.Client({ connectionString: urlOf(database, where.port).reveal() })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  await admin('CREATE DATABASE plain', 'postgres')
  await admin('CREATE DATABASE serializable', 'postgres')
  await admin(`ALTER DATABASE serializable SET default_transaction_isolation = 'serializable'`)

  return {
    ...where,
    authority: join(where.folder, 'ca.crt'),
    url,
    admin,
    async command(command) {
      child.stdin.write(`${command}\n`)
      await hear({ restart: 'restarted', stop: 'stopped', start: 'started' }[command])
    },
  }
}

let schemas = 0

/** The name of a schema that nothing else uses. */
export function newSchema(): string {
  schemas += 1
  return `twostep_${schemas}`
}

const tables = [
  ...['documents', 'handles', 'memberships', 'journal', 'uncovered_heads', 'checkpoints', 'waiting_messages'],
  'settled_messages',
]
const swept: Record<Database, string[]> = { plain: [], serializable: [] }
const sweepers = new Map<Database, pg.Pool>()

/** An empty schema: a new one, or one that was given back. Making the tables takes ten times longer than emptying them. */
export async function borrowSchema(server: PostgresServer, database: Database) {
  const schema = swept[database].pop() ?? newSchema()
  const giveBack = async () => {
    let sweeper = sweepers.get(database)
    if (sweeper === undefined) {
      sweeper = new pg.Pool({ connectionString: server.url(database).reveal(), max: 1, allowExitOnIdle: true })
      // Some tests stop the server: then its connection is gone, and the next one is made when it is wanted.
      sweeper.on('error', () => {})
      sweepers.set(database, sweeper)
    }
    await sweeper.query(tables.map(table => `DELETE FROM ${schema}.${table}`).join('; '))
    swept[database].push(schema)
  }
  return { schema, giveBack }
}
