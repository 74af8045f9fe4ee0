// The clocks. The only file that reads the machine's time; everything else is handed a clock.

import type { Clock } from '#core/kernel/clock.ts'
import { after, type Instant, instantAt, later, type Milliseconds, second } from '#core/kernel/instant.ts'

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

/** A clock that follows another's answers. */
export type FollowingClock = Clock & {
  /** Asks again, because two quartzes drift apart. */
  readonly follow: () => Promise<void>
}

/**
 * The time of a database, kept between its answers by a counter that never goes back: of many nodes, one whose own clock
 * is an hour off neither grants nor takes away tries. Off by at most half of what the answer took; an answer slower than a
 * second is left out, after the first. `passed`: milliseconds that never run back.
 */
export async function clockFollowing(ask: () => Promise<Instant>, passed = monotonic): Promise<FollowingClock> {
  let latest = instantAt(0)
  let offset: Milliseconds = 0
  let followed = false
  const follow = async () => {
    const before = passed()
    const at = await ask()
    const heard = passed()
    // Off by half of a long wait: what we follow already is better than that.
    if (!followed || heard - before < slowAnswer) offset = at - (before + heard) / 2
    followed = true
  }
  await follow()
  return {
    follow,
    now() {
      latest = later(latest, instantAt(Math.floor(passed() + offset)))
      return latest
    },
  }
}

const slowAnswer: Milliseconds = second

/** A clock that can be moved ahead of another: the sandbox's. */
export type MovableClock = Clock & {
  readonly ahead: () => Milliseconds
  readonly advance: (by: Milliseconds) => Instant
  /** Takes over how far another node moved it; never back. */
  readonly catchUp: (ahead: Milliseconds) => void
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
    catchUp(ahead) {
      offset = Math.max(offset, ahead)
    },
  }
}

/** Milliseconds of a clock that never goes back, for measuring how long things take. */
export const monotonic = (): number => performance.now()
