// The app-specific password: sixteen lower-case letters, 75 bits, shown once as `xxxx-xxxx-xxxx-xxxx`.

import type { Dice } from './dice.ts'
import { symbols } from './generate.ts'
import { Secret } from './secret.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz'
const length = 16
const longestEntry = 64

const separators = /[\s\p{Pd}\u2212]+/gu

/**
 * A new app-specific password. With 75 bits it stays below the 112 from which NIST SP 800-63B-4 §3.1.2.2 allows a plain
 * hash, so what is stored of it is salted and keyed.
 */
export function appPassword(dice: Dice): Secret {
  const drawn = symbols(dice, alphabet, length)
  return Secret.of([drawn.slice(0, 4), drawn.slice(4, 8), drawn.slice(8, 12), drawn.slice(12)].join('-'))
}

/**
 * Reads an app-specific password as a program or person gives it: with or without dashes and spaces, in any case.
 * Answers the sixteen bare letters, the one spelling to verify against, or `undefined` when it cannot be one.
 */
export function readAppPassword(entry: string): Secret | undefined {
  if (entry.length > longestEntry) return undefined
  const bare = entry.replace(separators, '').replace(/[A-Z]/g, letter => letter.toLowerCase())
  return bare.length === length && /^[a-z]+$/.test(bare) ? Secret.of(bare) : undefined
}
