// Dice that deal given bytes, so that what a vector file says was drawn is what is drawn.

import assert from 'node:assert/strict'
import type { Dice } from '#secrets/dice.ts'

/** Deals the bytes of `hex` in order; asking for more than are left is an error. */
export function dealtDice(hex: string): Dice {
  const bytes = Buffer.from(hex, 'hex')
  let dealt = 0
  return {
    bytes(count) {
      assert.ok(dealt + count <= bytes.length, 'the vector names every byte that is drawn')
      dealt += count
      return Uint8Array.from(bytes.subarray(dealt - count, dealt))
    },
  }
}

/** Dice that deal what `dice` deal and note it down, in hex. */
export function notedDice(dice: Dice): Dice & { noted(): string } {
  let noted = ''
  return {
    bytes(count) {
      const bytes = dice.bytes(count)
      noted += Buffer.from(bytes).toString('hex')
      return bytes
    },
    noted() {
      const all = noted
      noted = ''
      return all
    },
  }
}
