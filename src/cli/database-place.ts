// A database named on the command line, without its password: that would show in the list of processes, and stay in the
// shell's history.
//
//   sqlite:path                        as in TWOSTEP_DATABASE_URL
//   postgres://user@host/name          the password, if one is needed, from PGPASSWORD
//   env:NAME                           the whole URL from the variable NAME, or from the file that NAME_FILE names

import { statSync } from 'node:fs'
import { ConfigWrong, type DatabaseConfig, readConfig } from '#config'
import { openSqliteSink } from '#storage/sqlite/row-sink.ts'
import { openSqliteSource } from '#storage/sqlite/row-source.ts'
import type { RowSink, RowSource } from '#storage/transfer/rows.ts'
import { CannotRun } from './ending.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Reads what was given with `option`. Throws {@link CannotRun}; its words repeat nothing of it. */
export function readPlace(env: Environment, option: string, given: string): DatabaseConfig {
  const name = /^env:(.*)$/s.exec(given)?.[1]
  if (name === undefined) return readUrl(env, option, withPassword(env, option, given), undefined)
  const [url, file] = [env[name] || undefined, env[`${name}_FILE`] || undefined]
  if (url === undefined && file === undefined) {
    throw new CannotRun(
      `${option}: neither the variable ${name} nor ${name}_FILE is set.`,
      `Set ${name} to the URL of the database, or ${name}_FILE to a file that holds it.`,
    )
  }
  return readUrl(env, option, url, file)
}

/** Reads it as the server reads its own: what works here works there. */
function readUrl(env: Environment, option: string, url: string | undefined, file: string | undefined): DatabaseConfig {
  try {
    return readConfig({ ...env, TWOSTEP_DATABASE_URL: url, TWOSTEP_DATABASE_URL_FILE: file }).database
  } catch (error) {
    const wrong = error instanceof ConfigWrong && error.problems.find(each => each.setting === 'TWOSTEP_DATABASE_URL')
    if (!wrong) throw error
    throw new CannotRun(`${option}: ${wrong.problem}.`, 'A URL with a password goes into a variable: env:NAME.')
  }
}

function withPassword(env: Environment, option: string, given: string): string {
  // Cut out by hand: what is no URL may hold a password all the same.
  const authority = /^postgres(?:ql)?:\/\/([^/?#]*)@/s.exec(given)?.[1]
  if (authority?.includes(':')) {
    throw new CannotRun(
      `The URL given with ${option} has a password in it. It was not used: every user of this machine can see it in the ` +
        'list of processes, and it stays in the shell’s history.',
      `Write the URL without it and set PGPASSWORD; or put the whole URL into a variable, and write ${option} env:NAME. ` +
        'Who else has an account here may know this one by now: change it.',
    )
  }
  if (authority === undefined || env.PGPASSWORD === undefined || !URL.canParse(given)) return given
  const url = new URL(given)
  url.password = encodeURIComponent(env.PGPASSWORD)
  return url.href
}

/** Whether two files are one. */
export function isSameFile(one: DatabaseConfig, other: DatabaseConfig): boolean {
  if (one.kind !== 'sqlite' || other.kind !== 'sqlite') return false
  if (one.path === other.path) return true
  const [first, second] = [one.path, other.path].map(path => statSync(path, { throwIfNoEntry: false }))
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev
}

/** What a database is called in words. */
export async function placeOf(database: DatabaseConfig): Promise<string> {
  if (database.kind === 'sqlite') return database.path
  const { readAddress } = await import('#storage/postgres/address.ts')
  return readAddress(database.url).place
}

/** Opens a database to be copied from, and keeps everybody else from writing to it. Throws as the store does. */
export async function openSource(database: DatabaseConfig): Promise<RowSource> {
  if (database.kind === 'sqlite') return await openSqliteSource({ file: database.path })
  const { openPostgresSource } = await import('#storage/postgres/row-source.ts')
  return await openPostgresSource({ url: database.url })
}

/** Opens the place of a database to be copied into. Throws as the store does. */
export async function openSink(database: DatabaseConfig): Promise<RowSink> {
  if (database.kind === 'sqlite') return await openSqliteSink({ file: database.path })
  const { openPostgresSink } = await import('#storage/postgres/row-sink.ts')
  return await openPostgresSink({ url: database.url })
}

/** What TWOSTEP_DATABASE_URL is set to from then on, as far as it can be shown. */
export const settingFor = (database: DatabaseConfig): string =>
  database.kind === 'sqlite'
    ? `TWOSTEP_DATABASE_URL=sqlite:${database.path}`
    : 'TWOSTEP_DATABASE_URL to its URL (in a file, with TWOSTEP_DATABASE_URL_FILE, when a password is in it)'
