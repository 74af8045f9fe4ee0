// A second fence before what anybody may ask for: how often one caller may try. What guards an account are its own budgets,
// which every node shares; this one is kept in memory, so that one caller cannot keep all of the hashing to itself.

import type { Instant } from '#core/kernel/instant.ts'
import { minute } from '#core/kernel/instant.ts'
import { remember } from '#core/kernel/remember.ts'
import { take, type Window, type WindowPolicy } from '#core/throttle/moving-window.ts'

/** Counts a try; false when the caller has made too many. */
export type Fence = (caller: string, now: Instant) => boolean

const signIns = { limit: 60, span: 10 * minute, apart: 0 }
// Enough callers to be remembered; when there are more, the longest silent is forgotten first.
const most = 10_000

/** `limit` 0: nobody is kept out. */
export function createFence(policy: WindowPolicy = signIns): Fence {
  if (policy.limit === 0) return () => true
  const windows = new Map<string, Window>()
  return (caller, now) => {
    const taken = take(windows.get(caller) ?? [], now, policy)
    if (taken.kind === 'full') return false
    remember(windows, caller, taken.next, most)
    return true
  }
}
