// The time of the server, as its answers carry it. Registrations are counted by it: a machine whose clock runs ahead would
// think that 72 hours have passed, send the eleventh registration, and have the number blocked.

import type { Clock } from '#core/kernel/clock.ts'
import { type Instant, instantAt, type Milliseconds, second } from '#core/kernel/instant.ts'

export type ServerTime = Clock & {
  /** Takes a `Date` header in. */
  readonly hear: (date: string | null) => void
  /** How far the machine's clock is behind the server's (negative: ahead), once an answer came. */
  readonly offset: () => Milliseconds | undefined
}

/** Below this the header's whole seconds and the way through the network say nothing. */
const tolerated: Milliseconds = 5 * second

/** The machine's time until an answer came. */
export function serverTime(machine: Clock): ServerTime {
  let offset: Milliseconds | undefined
  return {
    hear(date) {
      const at = date === null ? Number.NaN : Date.parse(date)
      if (Number.isNaN(at)) return
      const heard = at - machine.now()
      offset = Math.abs(heard) < tolerated ? 0 : heard
    },
    offset: () => offset,
    now: (): Instant => instantAt(machine.now() + (offset ?? 0)),
  }
}
