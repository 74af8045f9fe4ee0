// A waiting room: requests that wait until something comes for a name, or a while has passed. Who waits is woken on this
// node only; what comes by another node is found by looking again after the while, so nothing depends on being woken.

export type Arrivals = {
  /** Over when something came for the name, `while` milliseconds passed, `signal` aborted, or the room closed. */
  wait(name: string, span: number, signal: AbortSignal): Promise<void>
  /** Something came: whoever waits for the name may look. */
  tell(name: string): void
  /** Lets a request in, unless as many wait as may; call the answer when it leaves. */
  enter(name: string): (() => void) | undefined
  readonly closed: () => boolean
  /** Nobody waits any more: the server stops. */
  close(): void
}

/** Requests that may wait at once, in all and for one name. */
export const roomFor = { inAll: 5_000, each: 4 } as const

export function createArrivals(room: { readonly inAll: number; readonly each: number } = roomFor): Arrivals {
  const waiting = new Map<string, Set<() => void>>()
  const inside = new Map<string, number>()
  let all = 0
  let closed = false

  return {
    wait(name, span, signal) {
      if (closed || signal.aborted) return Promise.resolve()
      return new Promise(resolve => {
        const others = waiting.get(name) ?? new Set()
        const over = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', over)
          others.delete(over)
          if (others.size === 0 && waiting.get(name) === others) waiting.delete(name)
          resolve()
        }
        const timer = setTimeout(over, span)
        timer.unref()
        signal.addEventListener('abort', over, { once: true })
        waiting.set(name, others.add(over))
      })
    },
    tell(name) {
      for (const over of [...(waiting.get(name) ?? [])]) over()
    },
    enter(name) {
      const before = inside.get(name) ?? 0
      if (closed || all >= room.inAll || before >= room.each) return undefined
      all += 1
      inside.set(name, before + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        all -= 1
        const still = (inside.get(name) ?? 1) - 1
        if (still === 0) inside.delete(name)
        else inside.set(name, still)
      }
    },
    closed: () => closed,
    close() {
      closed = true
      for (const each of [...waiting.values()]) for (const over of [...each]) over()
    },
  }
}
