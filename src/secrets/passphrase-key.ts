// A key made of a passphrase, for a file that a person opens and no server: what it seals can be guessed at by whoever
// copied the file, so that each guess is made to cost memory and time.
//
//   key = argon2id(NFKC(passphrase), salt, m, t, p), 32 bytes       RFC 9106, version 0x13

import { createSecretKey } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { assert } from '#core/kernel/outcome.ts'
import type { SealingKey } from './sealed-box.ts'
import type { Secret } from './secret.ts'

/** What one guess costs: memory in KiB, passes over it, lanes. */
export type PassphraseCost = { readonly memoryKiB: number; readonly passes: number; readonly lanes: number }

/** RFC 9106 §4, the second recommended option: 64 MiB, 3 passes, 4 lanes. */
export const recommendedCost: PassphraseCost = { memoryKiB: 65_536, passes: 3, lanes: 4 }

export const passphraseSaltBytes = 16
const keyBytes = 32

// argon2's own floor is 8 KiB a lane. The ceilings keep a damaged or planted file from asking for the whole machine.
const bounds = { memoryKiB: 1_048_576, passes: 16, lanes: 8 } as const

export const isPassphraseCost = ({ memoryKiB, passes, lanes }: PassphraseCost): boolean =>
  [memoryKiB, passes, lanes].every(cost => Number.isInteger(cost) && cost >= 1) &&
  memoryKiB >= 8 * lanes &&
  memoryKiB <= bounds.memoryKiB &&
  passes <= bounds.passes &&
  lanes <= bounds.lanes

/**
 * Makes the key: a quarter of a second of a core with the recommended cost. `salt`: 16 random bytes, drawn with each new
 * passphrase.
 */
export async function passphraseKey(passphrase: Secret, salt: Uint8Array, cost: PassphraseCost): Promise<SealingKey> {
  assert(salt.length === passphraseSaltBytes && isPassphraseCost(cost), 'a salt of 16 bytes, and a cost within bounds')
  const key = await hashRaw(passphrase.reveal().normalize('NFKC'), {
    algorithm: 2, // argon2id; the package exports its enum to the type checker only
    version: 1, // 0x13
    memoryCost: cost.memoryKiB,
    timeCost: cost.passes,
    parallelism: cost.lanes,
    outputLen: keyBytes,
    salt,
  })
  return { id: 'passphrase', seal: createSecretKey(key) }
}
