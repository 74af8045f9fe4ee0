// What is done to one number of a fleet, and how it ends. Whatever is sent is written down before it is sent, in the vault.

import type { Clock } from '#core/kernel/clock.ts'
import type { Milliseconds } from '#core/kernel/instant.ts'
import type { Dice } from '#secrets/dice.ts'
import type { Need, NeedKind } from './needs.ts'
import type { FleetNumber } from './number.ts'
import type { Vault } from './vault.ts'
import type { Look, Refused, Unanswered, Wire } from './wire.ts'

/** All that work on a fleet may touch. */
export type Fleet = {
  readonly vault: Vault
  readonly wire: Wire
  /** The server's time, as far as it is known. */
  readonly time: Clock
  readonly dice: Dice
  readonly pause: (span: Milliseconds) => Promise<void>
}

/**
 * How the work on one number ended. `rotated`: a new PIN is in force. `settled`: a change that had been interrupted is over,
 * its PIN in force. `registered` and `proved`: a registration with its PIN was accepted. `already`: there was nothing to do.
 * `needs`: something stands in the way.
 */
export type Ending =
  | { readonly kind: 'rotated' | 'settled' | 'registered' | 'proved' | 'already' }
  | { readonly kind: 'needs'; readonly need: Need; readonly reached: boolean }

export const already: Ending = { kind: 'already' }

/** Something stands in the way: it is written down, for `status` to show. */
export function stop({ vault }: Fleet, number: FleetNumber, need: Need, reached = true): Ending {
  vault.save({ ...number, need })
  return { kind: 'needs', need, reached }
}

/** The same for what was found without asking the server. */
export const stopFor = (fleet: Fleet, number: FleetNumber, kind: NeedKind, until?: Need['until']): Ending =>
  stop(fleet, number, { kind, at: fleet.time.now(), until })

/** What came instead of `done`, as an ending. */
export const stopAt = (fleet: Fleet, number: FleetNumber, answer: Refused | Unanswered): Ending =>
  stop(fleet, number, answer.need, answer.kind === 'refused' || answer.reached)

/** Looks at a number. What it says of itself is remembered in `number`, and saved with whatever comes next. */
export async function look(
  { wire }: Fleet,
  number: FleetNumber,
): Promise<{ readonly kind: 'seen'; readonly number: FleetNumber; readonly look: Look } | Refused | Unanswered> {
  const answer = await wire.look(number)
  if (answer.kind !== 'done') return answer
  const known = { ...number, number: answer.look.number ?? number.number }
  return { kind: 'seen', number: known, look: answer.look }
}
