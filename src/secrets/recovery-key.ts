// The Recovery Key: fourteen symbols of a 32-letter alphabet, 70 bits, shown once as `XXXX-XXXX-XXXX-XX`.

import type { Dice } from './dice.ts'
import { symbols } from './generate.ts'
import { Secret } from './secret.ts'

// Digits and capitals without I, L, O (look like 1, 1, 0) and U (looks like V): 32 symbols, 5 bits each.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 14
const longestEntry = 64

const separators = /[\s\p{Pd}\u2212]+/gu

/**
 * A new Recovery Key, grouped for reading and printing. 70 bits, above the 64 that NIST SP 800-63B-4 §4.2.1.1 asks of a
 * saved recovery code.
 */
export function recoveryKey(dice: Dice): Secret {
  const drawn = symbols(dice, alphabet, length)
  return Secret.of([drawn.slice(0, 4), drawn.slice(4, 8), drawn.slice(8, 12), drawn.slice(12)].join('-'))
}

/**
 * Reads a Recovery Key as a person types it: any case, with spaces or dashes of any kind anywhere, O for 0, I or L for 1.
 * Answers the fourteen bare symbols, the one spelling to verify against, or `undefined` when it cannot be a Recovery Key.
 */
export function readRecoveryKey(entry: string): Secret | undefined {
  if (entry.length > longestEntry) return undefined
  // Only ASCII letters change case: `toUpperCase` would turn some foreign letters into ours.
  const bare = entry
    .replace(separators, '')
    .replace(/[a-z]/g, letter => letter.toUpperCase())
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  if (bare.length !== length) return undefined
  for (const symbol of bare) if (!alphabet.includes(symbol)) return undefined
  return Secret.of(bare)
}
