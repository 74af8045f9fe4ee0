// Codes, tokens and ids from dice, each symbol equally likely.
//
// A byte is used only when it lies below the largest multiple of the alphabet's size, else thrown away. Taking the
// remainder of every byte would make the first symbols of the alphabet likelier: a gift to whoever guesses.

import { assert } from '#core/kernel/outcome.ts'
import type { Dice } from './dice.ts'

const mostSymbols = 1024

/**
 * `count` symbols of `alphabet` (2 to 256 ASCII symbols), each independent and equally likely. Draws `count` bytes, keeps
 * those that are fair, and draws as many again as are still missing.
 */
export function symbols(dice: Dice, alphabet: string, count: number): string {
  assert(alphabet.length >= 2 && alphabet.length <= 256, 'an alphabet has 2 to 256 symbols')
  assert(Number.isInteger(count) && count >= 1 && count <= mostSymbols, `1 to ${mostSymbols} symbols are drawn at once`)
  const fairBelow = 256 - (256 % alphabet.length)
  let drawn = ''
  while (drawn.length < count) {
    for (const byte of dice.bytes(count - drawn.length)) {
      if (byte < fairBelow) drawn += alphabet.charAt(byte % alphabet.length)
    }
  }
  return drawn
}

const decimal = '0123456789'

/** The 62 symbols of tokens, in the order of their values. */
export const base62 = `${decimal}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`

/** A one-time code of `count` decimal digits. Text, not a number: leading zeros count. */
export const digits = (dice: Dice, count: number): string => symbols(dice, decimal, count)

/** `count` symbols 0-9 A-Z a-z; 22 carry 130 bits. */
export const alphanumeric = (dice: Dice, count: number): string => symbols(dice, base62, count)

/** Fifteen digits, the first not 0: the shape of a Graph id. A name, not a secret (just under 50 bits). */
export const numericId = (dice: Dice): string => symbols(dice, '123456789', 1) + digits(dice, 14)

/** A 128-bit id in lower-case hex: 32 symbols. Random, never serial, so that it tells nothing and spreads evenly. */
export const hexId = (dice: Dice): string => Buffer.from(dice.bytes(16)).toString('hex')
