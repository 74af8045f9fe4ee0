// Which numbers are due for a new PIN. A rotation of all of them is a round: it goes on where it was interrupted, and rotates
// no number twice. Rounds are counted and not dated, so that no clock decides what was done.
//
//     closed ── rotate ──▶ open(serial) ── all were gone through ──▶ closed
//                              │  ▲
//                              └──┘ interrupted, or some did not answer: the next run goes on with those

import { after, type Instant, type Milliseconds } from '#core/kernel/instant.ts'
import { isPassing } from './needs.ts'
import type { FleetNumber } from './number.ts'
import { isOlderThan } from './pin-state.ts'
import type { Result } from './run.ts'

export type Round = {
  readonly serial: number
  /** What it is about; `undefined`: all. */
  readonly only: readonly string[] | undefined
  readonly isOpen: boolean
}

/** What a person asked to rotate: `resume`, changes that were interrupted; `older`, PINs in force for longer than that. */
export type Selection =
  | { readonly kind: 'resume' }
  | { readonly kind: 'older'; readonly than: Milliseconds }
  | { readonly kind: 'round' }

export type Due = {
  readonly ids: readonly string[]
  /** The round that this run is of; `undefined` where it is of none. */
  readonly round: Round | undefined
  /** Whether that round had begun before. */
  readonly goesOn: boolean
}

/** Which of `numbers` are due. `only`: as they were named, if they were. */
export function dueNumbers(
  numbers: readonly FleetNumber[],
  only: readonly string[] | undefined,
  {
    selection,
    round,
    now,
  }: { readonly selection: Selection; readonly round: Round | undefined; readonly now: Instant },
): Due {
  const due = (isDue: (number: FleetNumber) => boolean) =>
    numbers.filter(number => number.pin.kind === 'changing' || isDue(number)).map(({ id }) => id)
  switch (selection.kind) {
    case 'resume':
      return { ids: due(() => false), round: undefined, goesOn: false }
    case 'older': {
      const moment = after(now, -selection.than)
      return { ids: due(({ pin }) => isOlderThan(pin, moment)), round: undefined, goesOn: false }
    }
    case 'round': {
      const goesOn = round?.isOpen === true && sameIds(round.only, only)
      const current = goesOn ? round : { serial: (round?.serial ?? 0) + 1, only, isOpen: true }
      return { ids: due(number => number.round !== current.serial), round: current, goesOn }
    }
  }
}

const sameIds = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  [...(one ?? ['all'])].sort().join() === [...(other ?? ['all'])].sort().join()

/** Whether a round is over: what is left needs a person, and would only be in the way of the next one. */
export const isOver = (results: readonly Result[]): boolean =>
  results.every(({ ending }) => ending.kind !== 'skipped' && (ending.kind !== 'needs' || !isPassing(ending.need)))

/** Which numbers a run is about, in the vault's order. `unknown`: ids that are not in the vault. */
export function chosenNumbers(
  numbers: ReadonlyMap<string, FleetNumber>,
  only: readonly string[] | undefined,
): { readonly numbers: readonly FleetNumber[]; readonly unknown: readonly string[] } {
  if (only === undefined) return { numbers: [...numbers.values()], unknown: [] }
  const wanted = new Set(only)
  return {
    numbers: [...numbers.values()].filter(({ id }) => wanted.has(id)),
    unknown: [...wanted].filter(id => !numbers.has(id)),
  }
}
