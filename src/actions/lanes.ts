// Lanes: within one process, changes of one subject queue instead of racing. Compare-and-swap decides between nodes, and
// would decide here too, but two hundred guesses at one PIN would then each be read and sealed two hundred times.

import { Overdue } from './world.ts'

export type Lanes = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** `bound`: how many may wait for one subject; the next is refused, so that a flood cannot grow a backlog. */
export function createLanes(bound = 1_000): Lanes {
  const lanes = new Map<string, { tail: Promise<unknown>; length: number }>()
  return async (key, work) => {
    const lane = lanes.get(key) ?? { tail: Promise.resolve(), length: 0 }
    if (lane.length >= bound) throw new Overdue('too many changes of one subject wait')
    lanes.set(key, lane)
    lane.length += 1
    const turn = lane.tail.then(work)
    lane.tail = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      lane.length -= 1
      if (lane.length === 0) lanes.delete(key)
    }
  }
}
