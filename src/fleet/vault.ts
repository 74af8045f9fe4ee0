// An open vault: a fleet in the clear on one side, its sealed file on the other.

import { assert } from '#core/kernel/outcome.ts'
import type { Dice } from '#secrets/dice.ts'
import type { PassphraseCost } from '#secrets/passphrase-key.ts'
import type { Secret } from '#secrets/secret.ts'
import type { FleetNumber } from './number.ts'
import type { Round } from './round.ts'
import { createVaultFile, lockVault, newVaultKey, readVaultFile, writeVaultFile } from './vault-file.ts'
import { readVaultText, vaultText } from './vault-text.ts'

export type VaultContents = {
  /** Where its tokens and PINs are sent, and nowhere else. */
  readonly server: string
  /** By id, in the order they came. */
  readonly numbers: ReadonlyMap<string, FleetNumber>
  readonly round: Round | undefined
}

/** Each change is durable when its call returns, or throws `VaultUnusable` and nothing was changed here. */
export interface Vault extends Disposable {
  contents(): VaultContents
  number(id: string): FleetNumber
  /** Replaces some numbers, or adds them. */
  save(...numbers: readonly FleetNumber[]): void
  saveRound(round: Round): void
  changePassphrase(passphrase: Secret): Promise<void>
}

/** More is for a database: each change writes the whole file. */
export const mostNumbers = 10_000

/** Makes a vault without numbers. Throws `VaultUnusable` (`exists`, `unwritable`). */
export async function createVault(
  file: string,
  passphrase: Secret,
  of: { readonly server: string; readonly cost: PassphraseCost; readonly dice: Dice },
): Promise<void> {
  const contents = { server: of.server, numbers: new Map(), round: undefined }
  const key = await newVaultKey(passphrase, of.cost, of.dice)
  createVaultFile(file, key, vaultText(contents), of.dice)
}

/** Reads a vault without keeping anybody out. Throws `VaultUnusable`. */
export async function readVault(file: string, passphrase: Secret): Promise<VaultContents> {
  const { text } = await readVaultFile(file, passphrase)
  return readVaultText(text, file)
}

/** Opens a vault for changes, and keeps every other run out until it is disposed. Throws `VaultUnusable`. */
export async function openVault(named: string, passphrase: Secret, dice: Dice): Promise<Vault> {
  // Read first: who names a file that is none, or has no passphrase, leaves no lock file behind.
  const first = await readVaultFile(named, passphrase)
  const lock = lockVault(named)
  try {
    const { file } = lock
    // Again, for another run may have written until it let go of the lock.
    const read = await readVaultFile(file, passphrase, first.key)
    return vaultOver(file, read.key, readVaultText(read.text, file), { dice, lock })
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

function vaultOver(
  file: string,
  opened: Awaited<ReturnType<typeof newVaultKey>>,
  read: VaultContents,
  { dice, lock }: { readonly dice: Dice; readonly lock: Disposable },
): Vault {
  let key = opened
  let contents = read
  const write = (next: VaultContents): void => {
    writeVaultFile(file, key, vaultText(next), dice)
    contents = next
  }
  return {
    contents: () => contents,
    number(id) {
      const number = contents.numbers.get(id)
      assert(number !== undefined, 'a number that is worked on is in the vault')
      return number
    },
    save(...numbers) {
      const next = new Map(contents.numbers)
      for (const number of numbers) next.set(number.id, number)
      write({ ...contents, numbers: next })
    },
    saveRound: round => write({ ...contents, round }),
    async changePassphrase(passphrase) {
      const made = await newVaultKey(passphrase, key.cost, dice)
      writeVaultFile(file, made, vaultText(contents), dice)
      key = made
    },
    [Symbol.dispose]: () => lock[Symbol.dispose](),
  }
}
