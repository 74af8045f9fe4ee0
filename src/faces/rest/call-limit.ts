// How many calls an application may make in a minute: a moving window, counted on each node for itself. It guards the
// server's time, never a secret: those have budgets of their own in the store, which fail closed.
//
//        │◀──────── minute ────────▶│◀──── this minute ────▶ now
//        │  counts by what of it is │  counts whole
//        │  still inside the window │

import { type Instant, minute } from '#core/kernel/instant.ts'
import { remember } from '#core/kernel/remember.ts'

type Counted = { readonly began: number; readonly before: number; calls: number }

export type CallLimit = {
  /** Counts a call. `undefined`: go on. Else how many seconds to wait; a refused call is not counted. */
  readonly call: (application: string, now: Instant) => number | undefined
}

/** `perMinute` 0: no limit. At most `applications` are remembered; the one not seen for longest is forgotten first. */
export function createCallLimit(perMinute: number, applications = 10_000): CallLimit {
  const seen = new Map<string, Counted>()
  return {
    call(application, now) {
      if (perMinute === 0) return undefined
      const counted = current(seen.get(application), now)
      remember(seen, application, counted, applications)
      const still = 1 - (now - counted.began) / minute
      if (counted.calls + counted.before * still < perMinute) {
        counted.calls += 1
        return undefined
      }
      return Math.max(1, Math.ceil((minute - (now - counted.began)) / 1_000))
    },
  }
}

function current(known: Counted | undefined, now: Instant): Counted {
  const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.began
  if (known === undefined || age >= 2 * minute || age < 0) return { began: now, before: 0, calls: 0 }
  return age < minute ? known : { began: known.began + minute, before: known.calls, calls: 0 }
}
