// Where random bytes come from. Everything that draws a secret is handed its dice.

import { createCipheriv, createHash, createSecretKey, randomBytes, randomFillSync } from 'node:crypto'

/** A source of random bytes. */
export interface Dice {
  /** `count` fresh bytes in memory of their own; they are never dealt again. */
  bytes(count: number): Uint8Array
}

const poolBytes = 4096
const mostFromPool = 256

/** The system's cryptographic generator (NIST SP 800-63B-4 §3.2.12 asks for an approved one). What a server uses. */
export const systemDice: Dice = drawnAhead()

// A request draws some twenty times, and each call of the generator costs as much as four kilobytes of it. So they are drawn
// ahead, and wiped as they are dealt: whoever sees this memory later learns nothing of what was made of it.
function drawnAhead(): Dice {
  const pool = new Uint8Array(poolBytes)
  let dealt = poolBytes
  return {
    bytes(count) {
      if (count > mostFromPool) return randomBytes(count)
      if (dealt + count > poolBytes) {
        randomFillSync(pool)
        dealt = 0
      }
      const out = pool.slice(dealt, dealt + count)
      pool.fill(0, dealt, dealt + count)
      dealt += count
      return out
    },
  }
}

/**
 * Dice that fall the same way for the same seed: AES-256-CTR under SHA-256 of the seed. It is one long stream, however
 * it is cut up. For the simulation and the vectors ONLY: whoever knows the seed knows every secret drawn with it, and
 * two rings that share a seed share their nonces.
 */
export function seededDice(seed: string): Dice {
  const key = createSecretKey(createHash('sha256').update(seed, 'utf8').digest())
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  const zeros = new Uint8Array(poolBytes)
  let pool = new Uint8Array(0)
  let dealt = 0

  return {
    bytes(count) {
      const out = new Uint8Array(count)
      let filled = 0
      while (filled < count) {
        if (dealt === pool.length) {
          pool = new Uint8Array(stream.update(zeros))
          dealt = 0
        }
        const piece = pool.subarray(dealt, dealt + (count - filled))
        out.set(piece, filled)
        filled += piece.length
        dealt += piece.length
      }
      return out
    },
  }
}
