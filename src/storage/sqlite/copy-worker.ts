// The copying thread: writes a snapshot of a database, or checks one from end to end, while another thread serves.

import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '#core/kernel/outcome.ts'
import { StoreUnusable } from '../store.ts'
import type { CopyAnswer, CopyTask } from './backup.ts'
import { openForReading } from './connection.ts'
import { failureOf, openFailureOf } from './failure.ts'
import { readSchemaVersion } from './schema.ts'
import { prepare } from './statement.ts'

assert(parentPort, 'a copy is made on a worker thread')
parentPort.postMessage(answer(workerData as CopyTask))

function answer(task: CopyTask): CopyAnswer {
  try {
    if (task.kind === 'snapshot') snapshot(task.file, task.to)
    else check(task.file, task.name)
    return { kind: 'done' }
  } catch (error) {
    if (task.kind === 'check') return { kind: 'failed', failure: openFailureOf(error, task.name) }
    // Damage is in what is read; all else is about what is written.
    const failure = failureOf(error, task.file)
    return { kind: 'failed', failure: failure.kind === 'unusable' ? failure : openFailureOf(error, task.to) }
  }
}

/** One read transaction over the whole database, written out compactly. Commits go on beside it. */
function snapshot(file: string, to: string): void {
  const db = openForReading(file)
  try {
    prepare(db, 'VACUUM INTO ?').run(to)
  } finally {
    db.close()
  }
}

/** Every page, every index, every reference. Throws `StoreUnusable` when anything is amiss. */
function check(file: string, name: string): void {
  // `immutable`: nobody writes to it, so no lock is taken and no companion file is made beside it.
  const db = new DatabaseSync(new URL(`${pathToFileURL(file)}?immutable=1`), { readOnly: true, allowExtension: false })
  try {
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0')
    if (readSchemaVersion(db, name) === 0) {
      throw new StoreUnusable('not_twostep', `${name} is empty. Check the path.`)
    }
    const found = prepare<{ integrity_check: string }>(db, 'PRAGMA integrity_check(1)').get()
    const orphan = prepare(db, 'PRAGMA foreign_key_check').get()
    if (found?.integrity_check !== 'ok' || orphan !== undefined) {
      throw new StoreUnusable(
        'corrupt',
        `${name} is damaged: what was copied is not kept. Check the disk, and use another backup.`,
      )
    }
  } finally {
    db.close()
  }
}
