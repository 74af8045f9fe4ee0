// `twostep keys rotate`: gives everything a new key.
//
//     database in use? ── yes ──▶ ask its server to rotate, and watch       (operator's door)
//           │ no
//           ▼
//     a server answers? ── yes ──▶ stop: it uses another database than these settings name
//           │ no
//           ▼
//     rotate here
//
// The lock is asked first and the token sent last: with no server running, whoever took its port would be handed it.

import { setTimeout } from 'node:timers/promises'
import { type Config, readConfig } from '#config'
import { rotateKeys } from '#records/rotate-keys.ts'
import { Secret } from '#secrets/secret.ts'
import { openSqliteStore, type SqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { StoreUnusable } from '#storage/store.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import { countUnderOldKeys, type UnderOldKeys } from './old-keys.ts'
import { type Database, openDatabase } from './open-database.ts'
import { answers, askRotation, type RotationAnswer, serverOf } from './operator-api.ts'
import { type Progress, startProgress } from './progress.ts'
import { askLine, type Terminal } from './terminal.ts'

const labels: Readonly<Record<string, string>> = {
  promoting: 'Making the new key',
  sweeping: 'Sealing anew',
  dropping: 'Dropping old indexes',
  done: 'Rotated',
}

const lookEvery = 200

/** Who rotated, and whether it was an earlier rotation that was gone through with. */
type Rotated = { readonly by: 'server' | 'command'; readonly resumed: boolean }

export async function keysRotate(terminal: Terminal): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  await using database = await openDatabase(config, terminal.clock)
  const progress = startProgress(terminal)
  try {
    const store = await openUnlessInUse(config)
    const rotated =
      store === undefined
        ? await throughServer(terminal, config, progress)
        : await rotateHere(terminal, config, database, store, progress)
    database.secrets.ring.reload()
    const { documents } = await database.store.count()
    const old = await countUnderOldKeys(database.store, database.secrets, done =>
      progress.show('Counting what is under older keys', done, documents),
    )
    return endingOf(database, rotated, old)
  } finally {
    progress.end()
  }
}

// A database server may have nodes that we do not see, which must learn of the new key first: a node has to rotate it.
async function openUnlessInUse({ database }: Config): Promise<SqliteStore | undefined> {
  if (database.kind !== 'sqlite') return undefined
  try {
    return await openSqliteStore({ file: database.path })
  } catch (error) {
    if (error instanceof StoreUnusable && error.reason === 'in_use') return undefined
    throw error
  }
}

async function rotateHere(
  { clock }: Terminal,
  config: Config,
  { place, secrets }: Database,
  store: SqliteStore,
  progress: Progress,
): Promise<Rotated> {
  try {
    const server = serverOf(config)
    if (await answers(server)) {
      throw new CannotRun(
        `A Twostep server answers at ${server.url}, but it does not use ${place}. Nothing was changed.`,
        'Set TWOSTEP_DATA_DIR or TWOSTEP_DATABASE_URL as for that server; for another database, TWOSTEP_PORT too.',
      )
    }
    const ended = await rotateKeys(store, secrets, clock, {
      onProgress: ({ stage, done, total }) => progress.show(labels[stage] ?? stage, done, total),
    })
    if (ended.kind === 'document_unreadable') throw unreadable(`${ended.subject.kind}/${ended.subject.id}`)
    return { by: 'command', resumed: ended.kind === 'rotated' && ended.resumed }
  } finally {
    await store.close()
  }
}

async function throughServer(terminal: Terminal, config: Config, progress: Progress): Promise<Rotated> {
  const server = serverOf(config)
  const token = config.operatorToken ?? Secret.of(await askLine(terminal, 'Operator token', true))
  const found = await askRotation(server, token, false)
  const resumed = found.state === 'rotating'
  for (let now = resumed ? found : await askRotation(server, token, true); ; ) {
    if (now.state === 'idle') return { by: 'server', resumed }
    if (now.state === 'broken') throw brokenOnServer(now)
    progress.show(labels[now.stage] ?? now.stage, now.done, now.total)
    await setTimeout(lookEvery)
    now = await askRotation(server, token, false).catch(cutOff)
  }
}

function cutOff(error: unknown): never {
  if (!(error instanceof CannotRun)) throw error
  throw new CannotRun(
    `The rotation is not over, and its server is gone: ${error.message}`,
    'It goes on when the server starts again, or run this command again.',
  )
}

function brokenOnServer({ unreadable: document }: Extract<RotationAnswer, { state: 'broken' }>): CannotRun {
  if (document !== undefined) return unreadable(document)
  return new CannotRun(
    'The rotation broke on the server. Nothing is lost: everything opens and is found as before.',
    'The server’s log says why. Mend that and run this again: it goes on where it stopped.',
  )
}

const unreadable = (document: string): CannotRun =>
  new CannotRun(
    `The document ${document} does not open, so the old key cannot be retired yet. All others were sealed anew.`,
    'Run  twostep journal verify  to see what was changed, put the row back from a backup, and run this again.',
  )

function endingOf({ place: of, secrets }: Database, { by, resumed }: Rotated, old: UnderOldKeys): CommandEnding {
  const { active } = secrets.keyIds()
  const { place } = secrets.ring
  const words = [
    resumed
      ? `The rotation of ${of} that was interrupted is over: the active key is ${active}. Run this again for a newer one.`
      : `Rotated ${of}: the active key is ${active}; every document is sealed and indexed under it.`,
    `Still under older keys (${old.keys.join(', ')}):`,
    `  ${count(old.pins, 'PIN')} not entered since: each moves to the new key when it is next entered right`,
    `  ${count(old.events, 'journal event')}: they are never rewritten, for that is what makes them evidence`,
    `So keep the older keys: without them those PINs could not be checked, nor the journal read.`,
    `Make a backup of ${place} now, apart from the database. Backups of the database from before today need the older keys.`,
  ]
  return { code: 0, words: words.join('\n'), json: { rotated: true, by, resumed, active, underOlderKeys: old } }
}
