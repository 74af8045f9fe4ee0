// The actions under way. A client may hang up once its guess is spent, and then no request is left to wait for; what came
// of the guess must be stored all the same before the store is closed.

export type Running = {
  /** Counts `work` as under way until it settles. */
  readonly during: <Made>(work: () => Promise<Made>) => Promise<Made>
  /** Settles once nothing is under way. */
  readonly idle: () => Promise<void>
}

export function createRunning(): Running {
  const underWay = new Set<Promise<unknown>>()
  return {
    async during(work) {
      const made = work()
      underWay.add(made)
      try {
        return await made
      } finally {
        underWay.delete(made)
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
