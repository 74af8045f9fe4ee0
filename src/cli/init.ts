// `twostep init`: makes the key ring of a new installation. A production server never makes one by itself: over a database
// that has another one it would look healthy while nothing opens.

import { existsSync } from 'node:fs'
import { type Config, readConfig } from '#config'
import { systemDice } from '#secrets/dice.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { StoreUnusable } from '#storage/store.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { assertAbsent } from './open-database.ts'
import type { Terminal } from './terminal.ts'

export async function init(terminal: Terminal): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const file = config.keyring
  assertAbsent(file, 'There is nothing to do: start the server with  twostep serve.')
  const place = await usedDatabase(config)
  if (place !== undefined) {
    throw new CannotRun(
      `There is a database at ${place}, and its key ring is not at ${file}. A new one would not open it.`,
      'Put the key ring back from your backup, or name it in TWOSTEP_KEYRING.',
    )
  }
  const ring = openKeyRing({ file, create: true, dice: systemDice, now: terminal.clock.now() })
  const active = ring.active().id
  const words = [
    `Made the key ring ${file} with the key ${active}. Only its owner may read it.`,
    'Keep a copy of it apart from the database and its backups: without it nothing that is stored opens again.',
    'Next:  twostep serve',
  ]
  return { code: 0, words: words.join('\n'), json: { keyRing: file, active } }
}

/** Where the database is, when it has been used. */
async function usedDatabase({ database }: Config): Promise<string | undefined> {
  if (database.kind === 'sqlite') return existsSync(database.path) ? database.path : undefined
  const { openPostgresStoreForReading } = await import('#storage/postgres/postgres-store.ts')
  try {
    const store = await openPostgresStoreForReading({ url: database.url })
    const { documents } = await store.count()
    await store.close()
    return documents > 0 ? 'the server of TWOSTEP_DATABASE_URL' : undefined
  } catch (error) {
    if (error instanceof StoreUnusable && error.reason === 'older_schema') return undefined
    throw error
  }
}
