// What PostgreSQL's errors mean for the one who asked, in words that say what to do. They carry SQLSTATEs and the names
// of tables, and never what PostgreSQL quotes of a statement's values.
//
//   setback   asking again may help. `lost` says that the connection broke under the statement: nobody knows whether it
//             was carried out. Every other setback left nothing behind
//   StoreAway, StoreUnusable, Broken   asking again does not help

import pg from 'pg'
import { Broken } from '#core/kernel/outcome.ts'
import { StoreAway, StoreUnusable } from '../store.ts'
import type { Address } from './address.ts'

/** A failure that may be gone the next time. It never leaves the store: see `persist` in connections.ts. */
export class Setback extends Error {
  override readonly name = 'Setback'
  /** Whether the statement may have been carried out all the same. */
  readonly lost: boolean
  constructor(message: string, lost: boolean) {
    super(message)
    this.lost = lost
  }
}

// SQLSTATEs, PostgreSQL's appendix A.
/** Two transactions were in each other's way, and this one gave in. */
const gaveWay = new Set(['40001', '40P01', '55P03', '23505'])
/** The server goes, or goes from under us: a commit may have been made before it said so. */
const goes = new Set(['57P01', '57P02', '57P05', '25P03', '40003'])
/** It will do so again: it starts, has no free connection, or became a replica and another is the primary now. */
const notNow = new Set(['57P03', '53300', '25006', '57014'])
const full = new Set(['53100', '53200', '53400', '58030'])
const damaged = new Set(['XX001', 'XX002'])

/** What `error` means that a statement on an open connection ended with. */
export function failureOf(error: unknown, { place }: Address): Error {
  if (error instanceof Setback || error instanceof StoreUnusable || error instanceof StoreAway) return error
  if (error instanceof Broken) return error
  if (!(error instanceof pg.DatabaseError)) {
    return new Setback(`The connection to ${place} broke (${systemWords(error)}).`, true)
  }
  const code = error.code ?? 'unknown'
  if (gaveWay.has(code)) return new Setback(`${place} is too busy with the same rows (SQLSTATE ${code}).`, false)
  if (goes.has(code) || code.startsWith('08')) return new Setback(`${place} went away (SQLSTATE ${code}).`, true)
  if (code === '25006') return new Setback(`${place} is read-only: it is not, or not yet, the primary.`, false)
  if (notNow.has(code)) return new Setback(`${place} takes nothing now (SQLSTATE ${code}).`, false)
  if (full.has(code)) {
    return new StoreAway(
      `The disk or memory of ${place} is used up (SQLSTATE ${code}). Make room; no restart is needed.`,
    )
  }
  if (damaged.has(code)) {
    return new StoreUnusable(
      'corrupt',
      `${place} is damaged (SQLSTATE ${code}). Stop it, keep a copy, check the disk, and restore the last backup.`,
    )
  }
  const where = [error.schema, error.table, error.constraint, error.routine].filter(Boolean).join(', ')
  return new Broken(`PostgreSQL refused a statement (SQLSTATE ${code}; ${where})`)
}

/** What `error` means that an attempt to connect ended with. Nothing was asked yet, so nothing is lost. */
export function connectFailureOf(error: unknown, address: Address): Error {
  const { place, user, database } = address
  const unreachable = (words: string) => new StoreUnusable('unreachable', words)
  if (error instanceof Setback || error instanceof StoreUnusable) return error
  const code = codeOf(error)
  const said = address.scrub(error instanceof Error ? error.message : String(error))
  if (code.startsWith('28') || said.startsWith('SASL')) {
    return unreachable(
      `${place} does not let in the user ${user} (${said}). ` +
        'Check the user and the password in the URL, and pg_hba.conf on the server.',
    )
  }
  if (code === '3D000') {
    return unreachable(`${place}: there is no such database. Make it: createdb --owner=${user} ${database}`)
  }
  if (code === '42501') return missingRight(error, address)
  if (/does not support SSL/.test(said)) {
    return unreachable(
      `${place} speaks no TLS. Turn it on there (ssl = on), or write sslmode=disable if the way is safe.`,
    )
  }
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return unreachable(
      `${place} did not prove who it is (${said}). ` +
        'Give the authority that signed its certificate as sslrootcert, and reach it by the name in it.',
    )
  }
  if (error instanceof pg.DatabaseError && !code.startsWith('08') && !notNow.has(code) && !goes.has(code)) {
    return unreachable(`${place} refused the connection (${said}, SQLSTATE ${code}).`)
  }
  return new Setback(`${place} does not answer (${systemWords(error)}). Start it, or check host and port.`, false)
}

/** What `error` means to whoever opens the store: nothing can start over it. */
export function openFailureOf(error: unknown, address: Address): Error {
  if (error instanceof pg.DatabaseError && error.code === '42501') return missingRight(error, address)
  const failure = failureOf(error, address)
  if (failure instanceof Setback) return new StoreUnusable('unreachable', failure.message)
  if (failure instanceof StoreAway) return new StoreUnusable('full', failure.message)
  return failure
}

/** Whether the connection is as good as before the error. */
export const isUnharmed = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  error.severity === 'ERROR' &&
  // It leads to a replica: the next one may lead to the new primary.
  error.code !== '25006'

function missingRight(error: unknown, { place, user, database }: Address): StoreUnusable {
  const said = error instanceof Error ? error.message : ''
  return new StoreUnusable(
    'read_only',
    `The user ${user} may not do what Twostep does in ${place} (${said}). ` +
      `Run twostep migrate as a user who may, or: GRANT CREATE ON DATABASE ${database} TO ${user}`,
  )
}

/** A system's or a library's name for what went wrong: `ECONNREFUSED`, or words of theirs. */
function systemWords(error: unknown): string {
  const code = codeOf(error)
  if (code !== '') return code
  if (error instanceof AggregateError) return codeOf(error.errors[0]) || error.name
  return error instanceof Error ? error.message : String(error)
}

const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
