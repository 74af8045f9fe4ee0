// The vault's file: everything about a fleet in one sealed box, under a key made of a passphrase.
//
//   { "format": "twostep-fleet-vault", "version": 1,
//     "key": { "name": "argon2id", "memoryKiB": 65536, "passes": 3, "lanes": 4, "salt": "<16 bytes, base64>" },
//     "box": "<sealed box, base64>", "sha256": "<of the box, base64>" }
//
// A write is a new file, made durable, and one rename: after a crash the file is the old one or the new one, whole. The
// checksum tells a file that a disk tore from a passphrase that was mistyped; the box tells who changed it.

import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, linkSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Dice } from '#secrets/dice.ts'
import { equalBytes } from '#secrets/equal.ts'
import { binding } from '#secrets/joined.ts'
import { isPassphraseCost, type PassphraseCost, passphraseKey, passphraseSaltBytes } from '#secrets/passphrase-key.ts'
import { codeOf, syncFolder, writeNew } from '#secrets/private-file.ts'
import { openWith, type SealingKey, sealWith, Unopenable } from '#secrets/sealed-box.ts'
import type { Secret } from '#secrets/secret.ts'
import { strictBase64 } from '#secrets/strict-bytes.ts'
import { takeLock, trueName } from '#storage/sqlite/lock.ts'
import { StoreUnusable } from '#storage/store.ts'
import { VaultUnusable } from './vault-unusable.ts'

/** The key of a vault, with how it was made of the passphrase. */
export type VaultKey = { readonly key: SealingKey; readonly cost: PassphraseCost; readonly salt: Uint8Array }

const format = 'twostep-fleet-vault'
const version = 1
const bound = binding('fleet-vault')
const largestFile = 64 * 1024 * 1024
const backup = 'Put the file back from your backup. The vault itself was not touched.'

export async function newVaultKey(passphrase: Secret, cost: PassphraseCost, dice: Dice): Promise<VaultKey> {
  const salt = dice.bytes(passphraseSaltBytes)
  return { key: await passphraseKey(passphrase, salt, cost), cost, salt }
}

const damaged = (file: string, wrong: string): VaultUnusable =>
  new VaultUnusable('damaged', `The vault ${file} is damaged: ${wrong}.`, backup)

/** Seals `text` as the whole of a vault's file. */
function fileText({ key, cost, salt }: VaultKey, text: string, dice: Dice): string {
  const { body } = sealWith(key, dice, bound, text)
  const made = { name: 'argon2id', ...cost, salt: Buffer.from(salt).toString('base64') }
  const box = Buffer.from(body).toString('base64')
  return `${JSON.stringify({ format, version, key: made, box, sha256: checksum(body) })}\n`
}

const checksum = (body: Uint8Array): string => hash('sha256', body, 'base64')

/**
 * Reads and opens a vault. Needs no lock: a write is one rename. `known`: the key it had a moment ago, which spares making it
 * again. Throws {@link VaultUnusable}.
 */
export async function readVaultFile(
  file: string,
  passphrase: Secret,
  known?: VaultKey,
): Promise<{ readonly key: VaultKey; readonly text: string }> {
  const { cost, salt, body } = readSealed(file)
  const isKnown = known !== undefined && equalBytes(known.salt, salt)
  const key = isKnown ? known.key : await passphraseKey(passphrase, salt, cost)
  try {
    const text = openWith(key, bound, body)
    return { key: { key, cost, salt }, text }
  } catch (error) {
    if (!(error instanceof Unopenable)) throw error
    throw new VaultUnusable(
      'wrong_passphrase',
      `This passphrase does not open ${file}.`,
      'Type it again. If you are sure of it, somebody changed the file: put it back from your backup.',
    )
  }
}

type Sealed = { readonly cost: PassphraseCost; readonly salt: Uint8Array; readonly body: Uint8Array }

function readSealed(file: string): Sealed {
  let parsed: unknown
  try {
    parsed = JSON.parse(readPrivate(file))
  } catch (error) {
    if (error instanceof VaultUnusable) throw error
    throw damaged(file, 'it is not whole')
  }
  const { format: named, version: of, key, box, sha256 } = isRecord(parsed) ? parsed : {}
  if (named !== format) throw damaged(file, 'it is not a vault of a fleet')
  if (of !== version) {
    throw new VaultUnusable('newer', `The vault ${file} is of another version of this program.`, 'Update the program.')
  }
  const { memoryKiB, passes, lanes, salt } = isRecord(key) ? key : {}
  const cost = { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) }
  const salted = typeof salt === 'string' ? strictBase64(salt, passphraseSaltBytes) : undefined
  if (salted === undefined || !isPassphraseCost(cost)) throw damaged(file, 'how its key is made cannot be read')
  const body = typeof box === 'string' ? new Uint8Array(Buffer.from(box, 'base64')) : new Uint8Array()
  if (checksum(body) !== sha256) throw damaged(file, 'its checksum does not hold')
  return { cost, salt: salted, body }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readPrivate(file: string): string {
  let opened: number
  try {
    opened = openSync(file, constants.O_RDONLY)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      const hint = 'Make one:  twostep fleet init   Or name another:  --vault <file>'
      throw new VaultUnusable('missing', `There is no vault at ${file}.`, hint)
    }
    throw new VaultUnusable('unreadable', `The vault ${file} cannot be read (${codeOf(error)}).`, 'Whose file is it?')
  }
  try {
    // Asked of the open file, not of its name: the name could point elsewhere by the time it is read.
    const about = fstatSync(opened)
    if (!about.isFile()) throw damaged(file, 'it is not a regular file')
    if ((about.mode & 0o077) !== 0) {
      throw new VaultUnusable(
        'open_to_others',
        `The vault ${file} is open to other users of this machine: whoever copies it can guess at its passphrase.`,
        `Close it:  chmod 600 ${file}   If others may have copied it, rotate the PINs and make new tokens.`,
      )
    }
    if (about.size > largestFile) throw damaged(file, `it is larger than ${largestFile} bytes`)
    return readFileSync(opened, 'utf8')
  } finally {
    closeSync(opened)
  }
}

const unwritable = (file: string, error: unknown): VaultUnusable =>
  new VaultUnusable(
    'unwritable',
    `The vault ${file} cannot be written (${codeOf(error)}). It is as it was, and nothing was sent that is not in it.`,
    'Its folder must be yours, on a disk with room. Then run this again: it goes on where it was.',
  )

/**
 * Replaces the file, durably. Only whoever holds the lock may. Throws {@link VaultUnusable} (`unwritable`): then the file is
 * the old one, or the new one that a power cut could still take back.
 */
export function writeVaultFile(file: string, key: VaultKey, text: string, dice: Dice): void {
  const temporary = `${file}.new`
  try {
    // What a killed run left behind is no vault of anybody: the lock is ours.
    rmSync(temporary, { force: true })
    writeNew(temporary, fileText(key, text, dice))
    renameSync(temporary, file)
    syncFolder(dirname(file))
  } catch (error) {
    sweep(temporary)
    throw unwritable(file, error)
  }
}

/** Takes away what was begun, if it can be: what went wrong before is what is told. */
function sweep(temporary: string): void {
  try {
    rmSync(temporary, { force: true })
  } catch {}
}

/** Makes the file, which must not exist. Throws {@link VaultUnusable} (`exists`, `unwritable`). */
export function createVaultFile(file: string, key: VaultKey, text: string, dice: Dice): void {
  const temporary = `${file}.new`
  try {
    rmSync(temporary, { force: true })
    writeNew(temporary, fileText(key, text, dice))
    // A link never replaces a file: what another run has just made there stays.
    linkSync(temporary, file)
    syncFolder(dirname(file))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new VaultUnusable('exists', `There is a file at ${file} already.`, 'Name another:  --vault <file>')
    }
    throw unwritable(file, error)
  } finally {
    sweep(temporary)
  }
}

/** Keeps every other run out until it is released, or the process dies. Throws {@link VaultUnusable} (`busy`). */
export function lockVault(file: string): { readonly file: string } & Disposable {
  try {
    // Two names of one file must not make two locks, nor a rename replace a link by a file.
    const name = trueName(file, false)
    const lock = takeLock(name)
    return { file: name, [Symbol.dispose]: () => lock.release() }
  } catch (error) {
    if (error instanceof StoreUnusable && error.reason === 'in_use') {
      const hint = 'Wait for it to end. twostep fleet status  may look at any time.'
      throw new VaultUnusable('busy', `Another run works on the vault ${file}.`, hint)
    }
    throw unwritable(file, error)
  }
}
