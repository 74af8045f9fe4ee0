// Chance for the people of the simulation: the same seed and name, the same life.

import type { Milliseconds } from '#core/kernel/instant.ts'
import { seededDice } from '#secrets/dice.ts'

export type Chance = {
  /** A whole number from 0 to below `bound`. */
  readonly below: (bound: number) => number
  readonly oneIn: (bound: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
  /** Six digits. */
  readonly pin: () => string
  /** A span around `mean`, to the millisecond. */
  readonly about: (mean: Milliseconds) => Milliseconds
}

export function chanceOf(seed: string): Chance {
  const dice = seededDice(seed)
  const below = (bound: number): number =>
    Number(Buffer.from(dice.bytes(6)).readUIntBE(0, 6) % Math.max(1, Math.floor(bound)))
  return {
    below,
    oneIn: bound => below(bound) === 0,
    pick(list) {
      const picked = list[below(list.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    pin: () => String(below(1_000_000)).padStart(6, '0'),
    about: mean => 1 + below(2 * mean),
  }
}
