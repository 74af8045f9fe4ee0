// Copies of a database, out and back in. A copy is written under a temporary name, checked whole, made durable, and only
// then given its name: a file that bears a backup's name is a backup.

import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setInterval } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { StoreUnusable } from '../store.ts'
import { errorOf, type Failure, openFailureOf } from './failure.ts'
import { createPrivately, takeLock, trueName } from './lock.ts'

/** How far a copy is. `bytes` of `total` are written; `total` is an estimate, from the size of what is copied. */
export type CopyProgress = {
  readonly stage: 'copying' | 'checking' | 'done'
  readonly bytes: number
  readonly total: number
}

type OnProgress = (progress: CopyProgress) => void

/**
 * What the copying thread does: write a snapshot of `file`, or check `file` whole (`name` is what a person calls it).
 * Both take minutes on a large one.
 */
export type CopyTask =
  | { readonly kind: 'snapshot'; readonly file: string; readonly to: string }
  | { readonly kind: 'check'; readonly file: string; readonly name: string }

/** What it answers. */
export type CopyAnswer = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: Failure }

/** How often the growth of a copy is looked at, in milliseconds. */
const lookEvery = 250

/** Writes a checked, consistent copy of the database `file` to the new file `to`. See `Snapshots.backup`. */
export async function backUp(file: string, to: string, onProgress: OnProgress = () => {}): Promise<void> {
  const total = (await sizeOf(file)) + (await sizeOf(`${file}-wal`))
  const name = resolve(to)
  await produce(name, name, total, onProgress, partial => carryOut({ kind: 'snapshot', file, to: partial }))
}

/**
 * Puts the backup `from` in place as the database `to`, which must not exist. Throws `StoreUnusable`: `exists`,
 * `in_use`, `read_only` or `full` about `to`; `unreachable`, `not_twostep`, `newer_schema`, `corrupt`, or `in_use`
 * when it is a live database, about `from`. Then nothing stands at `to`.
 */
export async function restoreSqlite(order: {
  readonly from: string
  readonly to: string
  readonly onProgress?: OnProgress
}): Promise<void> {
  const from = resolve(order.from)
  await assertBackup(from)
  const to = inWritableFolder(resolve(order.to))
  const lock = takeLockOf(to)
  try {
    for (const companion of ['-wal', '-shm', '-journal']) assertAbsent(`${to}${companion}`)
    await produce(to, from, await sizeOf(from), order.onProgress ?? (() => {}), async partial => {
      await copyFile(from, partial)
      await chmod(partial, 0o600)
    })
  } finally {
    lock.release()
  }
}

/** Has `write` fill a temporary file beside `to`, checks it (as `name`, if it is at fault), and gives it its name. */
async function produce(
  to: string,
  name: string,
  total: number,
  onProgress: OnProgress,
  write: (partial: string) => Promise<unknown>,
): Promise<void> {
  assertAbsent(to)
  const partial = `${to}.partial-${randomBytes(8).toString('hex')}`
  try {
    createPrivately(partial)
    await watchGrowth(partial, total, onProgress, write(partial))
    await makeDurable(partial)
    const bytes = await sizeOf(partial)
    onProgress({ stage: 'checking', bytes, total: bytes })
    await carryOut({ kind: 'check', file: partial, name })
    assertAbsent(to)
    await rename(partial, to)
    await makeDurable(dirname(to))
    onProgress({ stage: 'done', bytes, total: bytes })
  } catch (error) {
    throw errorOf(openFailureOf(error, to))
  } finally {
    await rm(partial, { force: true })
  }
}

/** Reports how much of `partial` is written, until `writing` ends. */
async function watchGrowth(
  partial: string,
  total: number,
  onProgress: OnProgress,
  writing: Promise<unknown>,
): Promise<void> {
  const ended = new AbortController()
  await Promise.all([watch(), writing.finally(() => ended.abort())])

  async function watch(): Promise<void> {
    onProgress({ stage: 'copying', bytes: 0, total })
    try {
      for await (const _ of setInterval(lookEvery, undefined, { signal: ended.signal })) {
        onProgress({ stage: 'copying', bytes: Math.min(await sizeOf(partial), total), total })
      }
    } catch (error) {
      if (!ended.signal.aborted) throw error
    }
  }
}

/** Runs a task on a thread of its own. */
async function carryOut(task: CopyTask): Promise<void> {
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { workerData: task })
  const answer = await new Promise<CopyAnswer>((answered, broke) => {
    worker.once('message', answered)
    worker.once('error', broke)
    worker.once('exit', () => broke(new Error('the copying thread ended without an answer')))
  })
  if (answer.kind === 'failed') throw errorOf(answer.failure)
}

/** Throws unless `from` looks like a backup: the whole check follows on the copy. */
async function assertBackup(from: string): Promise<void> {
  if (!existsSync(from)) throw new StoreUnusable('unreachable', `There is no backup at ${from}. Check the path.`)
  if ((await sizeOf(`${from}-wal`)) > 0) {
    throw new StoreUnusable(
      'in_use',
      `${from} is a live database, not a backup: a part of it is in ${from}-wal. Make a backup of it, and restore that.`,
    )
  }
}

function inWritableFolder(to: string): string {
  try {
    return trueName(to, true)
  } catch (error) {
    throw errorOf(openFailureOf(error, to))
  }
}

function takeLockOf(to: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(to)
  } catch (error) {
    throw errorOf(openFailureOf(error, to))
  }
}

function assertAbsent(file: string): void {
  if (!existsSync(file)) return
  throw new StoreUnusable('exists', `${file} is there already, and is not overwritten. Move it away, or name another.`)
}

/** What was written to a file, or the names in a folder, outlive a power cut. */
export async function makeDurable(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  return found?.size ?? 0
}
