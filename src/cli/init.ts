// `twostep init`: makes the key ring of a new installation. A production server never makes one by itself: over a database
// that has another one it would look healthy while nothing opens.

import { existsSync } from 'node:fs'
import { readConfig } from '#config'
import { systemDice } from '#secrets/dice.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { assertAbsent, embeddedFile } from './open-database.ts'
import type { Terminal } from './terminal.ts'

export function init(terminal: Terminal): CommandEnding {
  const config = readConfig(terminal.env)
  const file = config.keyring
  assertAbsent(file, 'There is nothing to do: start the server with  twostep serve.')
  const database = embeddedFile(config)
  if (existsSync(database)) {
    throw new CannotRun(
      `There is a database at ${database}, and its key ring is not at ${file}. A new one would not open it.`,
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
