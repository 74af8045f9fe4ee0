// The clocks. The only file that reads the machine's time; everything else is handed a clock.

import type { Clock } from '#core/kernel/clock.ts'
import { after, type Instant, instantAt, later, type Milliseconds } from '#core/kernel/instant.ts'

/** The machine's clock. When that is set back, this one stands still until it is caught up with. */
export function systemClock(): Clock {
  let latest = instantAt(0)
  return {
    now(): Instant {
      latest = later(latest, instantAt(Date.now()))
      return latest
    },
  }
}

/** A clock that can be moved ahead of another: the sandbox's. */
export type MovableClock = Clock & {
  readonly ahead: () => Milliseconds
  readonly advance: (by: Milliseconds) => Instant
}

export function movableClock(base: Clock, ahead: Milliseconds): MovableClock {
  let offset = ahead
  return {
    now: () => after(base.now(), offset),
    ahead: () => offset,
    advance(by) {
      offset += by
      return after(base.now(), offset)
    },
  }
}

/** Milliseconds of a clock that never goes back, for measuring how long things take. */
export const monotonic = (): number => performance.now()
