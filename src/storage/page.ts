// One page out of several sorted lists: while keys rotate, the same gathering stands under two indexes, and who stands
// in both is shown once.

import { comparePlaces, type Reading } from './commit-rules.ts'
import type { Member, Page } from './store.ts'

/**
 * Merges `lists`, each sorted in the direction of `reading` and holding at least its nearest `limit + 1` members where
 * there are as many.
 */
export function mergePage(lists: readonly (readonly Member[])[], reading: Reading, limit: number): Page {
  const sign = reading.towards === 'later' ? 1 : -1
  const sorted = lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort((a, b) => sign * comparePlaces(a, b))

  const members: Member[] = []
  let more = false
  for (const member of sorted) {
    const last = members.at(-1)
    if (last !== undefined && comparePlaces(last, member) === 0) continue
    if (members.length === limit) {
      more = true
      break
    }
    members.push(member)
  }
  if (reading.turned) members.reverse()
  return { members, more }
}
