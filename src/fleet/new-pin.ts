// Draws a new PIN: none that anyone would try first, none that this number had before.

import { weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import type { Dice } from '#secrets/dice.ts'
import { digits } from '#secrets/generate.ts'
import { Secret } from '#secrets/secret.ts'
import type { FleetNumber } from './number.ts'
import { candidates, isSame } from './pin-state.ts'

const length = 6

/** Six digits, all that are left equally likely: 19.8 bits. */
export function newPin(dice: Dice, { number, pin, earlier }: FleetNumber): Secret {
  const had = [...candidates(pin), ...earlier.map(each => each.pin)]
  for (;;) {
    const drawn = digits(dice, length)
    const made = Secret.of(drawn)
    if (weakness(drawn, { ownNumber: number }) === undefined && !had.some(each => isSame(each, made))) return made
  }
}
