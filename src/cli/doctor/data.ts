// The key ring, the database and what is kept beside them.

import { existsSync, statfsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { Config } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import { day, hour, type Instant, minute, second } from '#core/kernel/instant.ts'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { StoreUnusable } from '#storage/store.ts'
import { CannotRun, told } from '../ending.ts'
import { type Database, openDatabase, openSecrets } from '../open-database.ts'
import { readReceipts } from '../receipts.ts'
import { lastUpkeep } from '../upkeep.ts'
import { type Finding, found, ok } from './finding.ts'
import { openToOthers } from './settings.ts'

/** Looks at all of it, and changes nothing. */
export async function examineData(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const ring = examineRing(config, clock)
  const opens = ring.every(({ level }) => level !== 'error')
  return [
    ...ring,
    ...examineFolder(config),
    ...(opens ? await examineDatabase(config, clock) : []),
    ...examineUpkeep(config, clock.now()),
  ]
}

function examineRing(config: Config, clock: Clock): readonly Finding[] {
  const about = 'TWOSTEP_KEYRING'
  const { keyring, database, dataDir } = config
  const findings: Finding[] = []
  try {
    const { ring, vapidKeys } = openSecrets(config, clock)
    findings.push(ok(about, `${keyring} opens; the key in force is ${ring.active().id}`))
    findings.push(ok('web push', `notifications are signed with the key ${vapidKeys().publicKey.slice(0, 12)}…`))
  } catch (error) {
    if (!(error instanceof KeyRingUnusable)) throw error
    const missing = error.reason === 'missing' && !(database.kind === 'sqlite' && existsSync(database.path))
    return [
      found(
        'error',
        about,
        error.message,
        missing ? 'twostep init' : 'Mend it as it says; a new one would open nothing.',
      ),
    ]
  }
  const folders = [dataDir, ...(database.kind === 'sqlite' ? [dirname(database.path)] : [])]
  if (folders.some(folder => !relative(folder, keyring).startsWith('..'))) {
    const says = 'the key ring lies with the data: whoever copies that folder has both, and reads everything'
    findings.push(found('warning', about, says, 'Move it to a folder of its own, and name it in TWOSTEP_KEYRING.'))
  }
  return findings
}

const little = 200 * 1024 ** 2
const enough = 2 * 1024 ** 3

function examineFolder({ dataDir }: Config): readonly Finding[] {
  const about = 'TWOSTEP_DATA_DIR'
  if (!existsSync(dataDir)) return [found('note', about, `${dataDir} is not there yet`, 'The server makes it.')]
  const findings: Finding[] = []
  if (openToOthers(dataDir)) {
    findings.push(
      found('warning', about, `other users of this machine may look into ${dataDir}`, `chmod go= ${dataDir}`),
    )
  }
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB are free under ${dataDir}`
  const mend = 'Make room: a full disk stops every change, and nobody gets a code.'
  if (free < enough) findings.push(found(free < little ? 'error' : 'warning', about, says, mend))
  else findings.push(ok(about, says))
  return findings
}

async function examineDatabase(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const about = 'database'
  if (config.database.kind === 'sqlite' && !existsSync(config.database.path)) {
    return [
      found('note', about, `${config.database.path} is not there yet`, 'The server makes it when it first starts.'),
    ]
  }
  try {
    await using database = await openDatabase(config, clock)
    const { documents } = await database.store.count()
    return [
      ok(about, `${database.place} opens with this key ring: ${documents} documents, the schema of this version`),
      ...(await examineOrigin(database)),
      ...(await examineClock(database, clock)),
      ...(await examineCheckpoints(config, database, clock.now())),
    ]
  } catch (error) {
    const words = told(error)
    if (words === undefined) throw error
    const hint = error instanceof CannotRun ? error.hint : 'Mend it as it says.'
    const older = error instanceof StoreUnusable && error.reason === 'older_schema'
    return [found('error', about, words.message, older ? 'twostep migrate, or start the server.' : hint)]
  }
}

async function examineOrigin({ store }: Database): Promise<readonly Finding[]> {
  if ((await store.read({ kind: 'sandbox', id: 'sandbox' })) === undefined) return []
  const says =
    'it was a sandbox: its tokens were printed, and its clock may have been moved. Production does not start on it'
  return [found('error', 'database', says, 'Write another TWOSTEP_DATA_DIR or TWOSTEP_DATABASE_URL.')]
}

/** Codes and waits go by the database's time; certificates, signatures and logs by this machine's. */
async function examineClock({ time }: Database, clock: Clock): Promise<readonly Finding[]> {
  if (time === undefined) return []
  const before = clock.now()
  const there = await time()
  const skew = Math.round((there - (before + clock.now()) / 2) / second)
  const says = `it differs from the database's by ${Math.abs(skew)} s`
  if (Math.abs(skew) < 2) return [ok('clock', says)]
  return [
    found(
      Math.abs(skew) < 60 ? 'warning' : 'error',
      'clock',
      says,
      'Have both machines follow one time (chrony, systemd-timesyncd).',
    ),
  ]
}

async function examineCheckpoints(config: Config, { store }: Database, now: Instant): Promise<readonly Finding[]> {
  const about = 'checkpoints'
  const uncovered = (await store.uncoveredHeads(1)).length > 0
  const last = readReceipts(config, undefined).receipts.at(-1)?.at
  if (!uncovered) return [ok(about, 'every journal is signed')]
  const late = Math.max(10 * minute, 3 * config.checkpointInterval)
  if (last !== undefined && now - last < late) return [ok(about, `the last one is ${ago(last, now)} old`)]
  const age = last === undefined ? '' : `, and the last one is ${ago(last, now)} old`
  const says = `events are in no checkpoint${age}: they could be cut off unseen`
  return [found('warning', about, says, 'Start the server; if it runs, its log says why it cannot sign.')]
}

function examineUpkeep(config: Config, now: Instant): readonly Finding[] {
  const { backup, journalHeld } = lastUpkeep(config)
  const findings: Finding[] = []
  if (config.database.kind === 'sqlite') {
    const mend = 'twostep backup FILE, every day, to another machine; and a copy of the key ring to a third place.'
    if (backup === undefined) findings.push(found('warning', 'backup', 'none was made with twostep backup', mend))
    else if (now - backup > 2 * day)
      findings.push(found('warning', 'backup', `the last one is ${ago(backup, now)} old`, mend))
    else findings.push(ok('backup', `the last one is ${ago(backup, now)} old`))
  } else {
    findings.push(
      found(
        'note',
        'backup',
        "PostgreSQL's are not seen from here",
        'Check that pg_dump or your archive runs, and restores.',
      ),
    )
  }
  const verify = 'twostep journal verify, every week; with receipts that were kept elsewhere it sees more.'
  if (journalHeld === undefined) findings.push(found('warning', 'journal', 'it was never verified from here', verify))
  else if (now - journalHeld > 14 * day) {
    findings.push(found('warning', 'journal', `it was last found to hold ${ago(journalHeld, now)} ago`, verify))
  } else findings.push(ok('journal', `it was found to hold ${ago(journalHeld, now)} ago`))
  return findings
}

function ago(at: Instant, now: Instant): string {
  const span = Math.max(0, now - at)
  if (span >= 2 * day) return `${Math.floor(span / day)} days`
  return span >= 2 * hour ? `${Math.floor(span / hour)} hours` : `${Math.floor(span / minute)} minutes`
}
