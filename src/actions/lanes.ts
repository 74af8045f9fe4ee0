// Lanes: within one process, changes of one subject queue instead of racing. Compare-and-swap decides between nodes, and
// would decide here too, but two hundred guesses at one PIN would then each be read and sealed two hundred times.
//
// The bound is on each party, not on the subject: a stranger who floods somebody's number is refused, its owner is not.

import { Overdue } from './world.ts'

/** `party`: who waits, for the bound; `undefined` for what must be done whoever waits. */
export type Lanes = <T>(key: string, party: string | undefined, work: () => Promise<T>) => Promise<T>

/** `bound`: how many changes of one subject one party may have waiting; the next is refused. */
export function createLanes(bound = 256): Lanes {
  const lanes = new Map<string, { tail: Promise<unknown>; length: number; readonly waiting: Map<string, number> }>()
  return async (key, party, work) => {
    const lane = lanes.get(key) ?? { tail: Promise.resolve(), length: 0, waiting: new Map<string, number>() }
    const mine = party === undefined ? 0 : (lane.waiting.get(party) ?? 0)
    if (mine >= bound) throw new Overdue('too many changes of one subject wait')
    lanes.set(key, lane)
    lane.length += 1
    if (party !== undefined) lane.waiting.set(party, mine + 1)
    const turn = lane.tail.then(work)
    lane.tail = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      lane.length -= 1
      if (party !== undefined) lane.waiting.set(party, (lane.waiting.get(party) ?? 1) - 1)
      if (lane.length === 0) lanes.delete(key)
    }
  }
}
