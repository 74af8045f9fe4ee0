// Opening what a command looks at: the database, read only and also beside running servers, with its key ring.

import { existsSync } from 'node:fs'
import type { Config } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Kind } from '#records/kinds.ts'
import { open } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openSqliteStoreForReading, type Snapshots } from '#storage/sqlite/sqlite-store.ts'
import type { StoreReader } from '#storage/store.ts'
import { CannotRun } from './ending.ts'

export type Database = {
  /** What the database is called in words: its file, or that it is the server's. Never its URL, which has a password. */
  readonly place: string
  readonly store: StoreReader
  readonly secrets: Secrets
  /** The time of a database that many share; `undefined` where it is this machine's. */
  readonly time?: () => Promise<Instant>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A database that is a file. */
export type DatabaseFile = Database & { readonly store: StoreReader & Snapshots }

/**
 * Opens the database of the settings, whichever it is, with the key ring of the settings. `place`: what a server's is
 * called in words. Throws `StoreUnusable`,
 * `KeyRingUnusable`, and {@link CannotRun} when the key ring is not the one of this database.
 */
export async function openDatabase(
  config: Config,
  clock: Clock,
  place = 'the database server of TWOSTEP_DATABASE_URL',
): Promise<Database> {
  const { database } = config
  if (database.kind === 'sqlite') return openDatabaseFile(config, clock, database.path)
  const secrets = openSecrets(config, clock)
  const { openPostgresStoreForReading } = await import('#storage/postgres/postgres-store.ts')
  const store = await openPostgresStoreForReading({ url: database.url })
  return withRing({ place, store, secrets, time: store.now })
}

/** Opens `file`, or the embedded database of the settings, in the same way. */
export async function openDatabaseFile(
  config: Config,
  clock: Clock,
  file = embeddedFile(config),
): Promise<DatabaseFile> {
  const secrets = openSecrets(config, clock)
  return withRing({ place: file, store: await openSqliteStoreForReading({ file }), secrets })
}

async function withRing<Opened extends Pick<Database, 'place' | 'store' | 'secrets'>>(opened: Opened) {
  const { store, secrets, place } = opened
  try {
    await assertRingFits(store, secrets, place)
  } catch (error) {
    await store.close()
    throw error
  }
  return { ...opened, [Symbol.asyncDispose]: () => store.close() }
}

/** The path of the embedded database. Throws {@link CannotRun} when the settings name another kind. */
export function embeddedFile({ database }: Config): string {
  if (database.kind === 'sqlite') return database.path
  throw new CannotRun(
    'TWOSTEP_DATABASE_URL names a database server; this command is for the embedded database.',
    'Use the tools of that server (pg_dump, pg_restore), or write sqlite:<path>.',
  )
}

/** The key ring of the settings, with all that is done with it. It is never made here. Throws `KeyRingUnusable`. */
export function openSecrets(config: Config, clock: Clock): Secrets {
  const ring = openKeyRing({ file: config.keyring, create: false, dice: systemDice, now: clock.now() })
  const hashing = createHashingQueue({ parallel: 1, waiting: 0, now: () => clock.now() })
  return createSecrets({ ring, dice: systemDice, pinParameters: config.hashingCost, hashing })
}

/** Enough that single rows that were tampered with do not make a right ring look wrong. */
const documentsTried = 64

// With the wrong keys everything looks tampered with: that must be told apart from one row that was.
async function assertRingFits(store: StoreReader, secrets: Secrets, place: string): Promise<void> {
  const { ring } = secrets
  const walked = await store.walk(undefined, documentsTried)
  if (walked.length === 0) return
  const sealedUnder = new Set<string>()
  for (const { subject, stored } of walked) {
    sealedUnder.add(stored.keyId)
    try {
      open(secrets, subject.kind as Kind, subject.id, stored)
      return
    } catch {}
  }
  const has = ring.keys().map(({ id }) => id)
  throw new CannotRun(
    `The key ring ${ring.place} does not open ${place}: what is stored was sealed under ${[...sealedUnder].join(', ')}, ` +
      `and the ring has ${has.join(', ')}. It is the ring of another database, or older than the last rotation.`,
    'Name the right one in TWOSTEP_KEYRING, or put it back from your backup of the key ring.',
  )
}

/** Throws {@link CannotRun} when `file` is there. */
export function assertAbsent(file: string, hint: string): void {
  if (existsSync(file)) throw new CannotRun(`${file} is there already, and is not overwritten.`, hint)
}
