// The key ring's file: JSON that only its owner may read. See key-ring.ts for what the keys do.
//
//   { "format": "twostep-key-ring", "version": 1,
//     "keys": [ { "id": "k7f3a2", "state": "active", "createdAt": 1767225600000, "root": "<32 bytes, base64>" } ] }
//
// Whatever is wrong is refused with the way out. Nothing here puts a piece of the file into a message: a parser's own
// words quote what they stumble over, and that may be half a root.

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { codeOf, syncFolder, writeNew } from './private-file.ts'
import { strictBase64 } from './strict-bytes.ts'

/**
 * Where a key stands. `joining`: known to every node, seals nothing yet, indexes already. `active`: exactly one, seals.
 * `leaving`: opens and still indexes. `retired`: opens only.
 */
export type KeyState = 'joining' | 'active' | 'leaving' | 'retired'

/** One key as kept in the file. `root` is 32 random bytes; every working key is derived from it. */
export type StoredKey = {
  readonly id: string
  readonly state: KeyState
  readonly createdAt: Instant
  readonly root: Uint8Array
}

/** Why a key ring cannot be used. Stable, for tests and exit codes. */
export type KeyRingTrouble =
  | 'missing'
  | 'open_to_others'
  | 'unreadable'
  | 'unwritable'
  | 'damaged'
  | 'no_active_key'
  | 'several_active_keys'
  | 'duplicated_id'
  | 'unknown_key'
  | 'wrong_state'
  | 'busy'

/** The key ring cannot be used as asked. `message` says what is wrong, why it matters and what to do; it holds no key. */
export class KeyRingUnusable extends Error {
  override readonly name = 'KeyRingUnusable'
  readonly reason: KeyRingTrouble
  constructor(reason: KeyRingTrouble, message: string) {
    super(message)
    this.reason = reason
  }
}

const rootBytes = 32
const largestFile = 64 * 1024
const idShape = /^k[0-9a-z]{5,15}$/
const states: readonly string[] = ['joining', 'active', 'leaving', 'retired'] satisfies readonly KeyState[]
const restore = 'Put the file back from your backup; without these keys nothing that is stored opens again.'

const damaged = (file: string, wrong: string): KeyRingUnusable =>
  new KeyRingUnusable('damaged', `The key ring ${file} is damaged: ${wrong}. ${restore}`)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with one entry of the file, or the key that it holds. */
function readKey(entry: unknown): StoredKey | string {
  if (!isRecord(entry)) return 'is not an object'
  const { id, state, createdAt, root } = entry
  if (typeof id !== 'string' || !idShape.test(id)) return 'has no id like k7f3a2'
  if (typeof state !== 'string' || !states.includes(state)) return `has no state out of ${states.join(', ')}`
  if (typeof createdAt !== 'number' || !Number.isSafeInteger(createdAt) || createdAt < 0) {
    return 'has no createdAt in milliseconds since 1970'
  }
  const bytes = typeof root === 'string' ? strictBase64(root, rootBytes) : undefined
  if (bytes === undefined) return `has no root of ${rootBytes} bytes in base64`
  return { id, state: state as KeyState, createdAt: instantAt(createdAt), root: bytes }
}

function refuseDoubles(keys: readonly StoredKey[], file: string): void {
  const ids = new Set<string>()
  const roots = new Set<string>()
  for (const { id, root } of keys) {
    if (ids.has(id)) {
      throw new KeyRingUnusable(
        'duplicated_id',
        `The key ring ${file} has two keys named ${id}, and only one of them opens what carries that name. ${restore}`,
      )
    }
    ids.add(id)
    const text = Buffer.from(root).toString('base64')
    // A copied entry under a new name would look like a rotation and be none.
    if (roots.has(text)) throw damaged(file, `key ${id} has the same root as another key`)
    roots.add(text)
  }
}

function refuseUnlessOneActive(keys: readonly StoredKey[], file: string): void {
  const active = keys.filter(key => key.state === 'active')
  if (active.length === 1) return
  const [reason, found] =
    active.length === 0
      ? (['no_active_key', 'no active key, so nothing can be sealed'] as const)
      : (['several_active_keys', 'more than one active key, so nodes would not agree which one seals'] as const)
  throw new KeyRingUnusable(reason, `The key ring ${file} has ${found}. Exactly one is needed. ${restore}`)
}

/** Reads the text of a key ring file, whole or not at all. `file` is for messages. Throws {@link KeyRingUnusable}. */
export function readKeys(text: string, file: string): readonly StoredKey[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw damaged(file, 'it is not JSON')
  }
  if (!isRecord(parsed) || parsed.format !== 'twostep-key-ring') throw damaged(file, 'it is not a key ring')
  if (parsed.version !== 1) throw damaged(file, 'this program reads version 1 only')
  if (!Array.isArray(parsed.keys)) throw damaged(file, 'it has no list of keys')
  const keys: StoredKey[] = []
  for (const [place, entry] of parsed.keys.entries()) {
    const key = readKey(entry)
    if (typeof key === 'string') throw damaged(file, `entry ${place + 1} ${key}`)
    keys.push(key)
  }
  refuseDoubles(keys, file)
  refuseUnlessOneActive(keys, file)
  return keys
}

/** The text of a key ring file, one key a line. */
export function writeKeys(keys: readonly StoredKey[]): string {
  const lines = keys.map(({ id, state, createdAt, root }) =>
    JSON.stringify({ id, state, createdAt, root: Buffer.from(root).toString('base64') }),
  )
  return `{ "format": "twostep-key-ring", "version": 1, "keys": [\n  ${lines.join(',\n  ')}\n] }\n`
}

/** Reads the file, or answers `undefined` when there is none. Throws {@link KeyRingUnusable}. */
export function loadKeys(file: string): readonly StoredKey[] | undefined {
  let opened: number
  try {
    opened = openSync(file, constants.O_RDONLY)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new KeyRingUnusable(
      'unreadable',
      `The key ring ${file} cannot be read (${codeOf(error)}). The user that runs twostep must own it: chown it to that user.`,
    )
  }
  try {
    // Asked of the open file, not of its name: the name could point elsewhere by the time it is read.
    const about = fstatSync(opened)
    if (!about.isFile()) throw damaged(file, 'it is not a regular file')
    if ((about.mode & 0o077) !== 0) {
      const mode = (about.mode & 0o777).toString(8).padStart(3, '0')
      throw new KeyRingUnusable(
        'open_to_others',
        `The key ring ${file} is open to other users of this machine (mode ${mode}). Whoever reads it opens everything ` +
          `that is stored. Close it: chmod 600 ${file}   If others may have read it, rotate the keys afterwards.`,
      )
    }
    if (about.size > largestFile) throw damaged(file, `it is larger than ${largestFile} bytes`)
    return readKeys(readFileSync(opened, 'utf8'), file)
  } finally {
    closeSync(opened)
  }
}

/** Says what a missing key ring means, and the one command that makes one. */
export const keyRingMissing = (file: string): KeyRingUnusable =>
  new KeyRingUnusable(
    'missing',
    `There is no key ring at ${file}. It holds the keys that seal what is stored and guard every PIN; they are made once ` +
      'and never replaced silently, because with other keys nothing stored before would open. ' +
      'New installation: run  twostep init  (it makes one). Otherwise put the file back from your backup.',
  )

const unwritable = (file: string, error: unknown): KeyRingUnusable =>
  new KeyRingUnusable(
    'unwritable',
    `The key ring ${file} cannot be written (${codeOf(error)}). Nothing was changed. The user that runs twostep needs to ` +
      'write to its folder, on a disk with room and with hard links.',
  )

/**
 * Makes the file unless it exists. Of several processes that start at once, one makes it and the others find it: a link
 * never replaces a file, where a rename would throw keys away that another process has sealed with. `spare` is an unused
 * file name part.
 */
export function createKeyFile(file: string, keys: readonly StoredKey[], spare: string): void {
  const folder = dirname(file)
  const temporary = `${file}.${spare}`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeNew(temporary, writeKeys(keys))
    try {
      linkSync(temporary, file)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      rmSync(temporary, { force: true })
    }
    syncFolder(folder)
  } catch (error) {
    throw unwritable(file, error)
  }
}

/**
 * Replaces the file's keys by `change(keys)`, in one rename: after a crash the file is the old one or the new one, whole.
 * The temporary file is the lock as well, for two rotations at once would lose one's key. Answers the new keys.
 */
export function changeKeyFile(
  file: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): readonly StoredKey[] {
  const temporary = `${file}.new`
  let opened: number
  try {
    opened = openSync(temporary, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unwritable(file, error)
    throw new KeyRingUnusable(
      'busy',
      `The key ring ${file} is being changed by another process. If there is none, one was killed at it; the key ring ` +
        `itself is whole, and this frees it: rm ${temporary}`,
    )
  }
  let renamed = false
  try {
    const before = loadKeys(file)
    if (before === undefined) throw keyRingMissing(file)
    const text = writeKeys(change(before))
    const keys = readKeys(text, file)
    writeFileSync(opened, text)
    fsyncSync(opened)
    renameSync(temporary, file)
    renamed = true
    syncFolder(dirname(file))
    return keys
  } catch (error) {
    throw error instanceof KeyRingUnusable ? error : unwritable(file, error)
  } finally {
    closeSync(opened)
    if (!renamed) rmSync(temporary, { force: true })
  }
}
