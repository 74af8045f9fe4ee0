// The queue before the thread pool. Hashing a PIN takes a core for tens of milliseconds and 19 MiB; a flood of guesses
// must meet an answer ("busy, come back"), not a backlog that grows until everybody waits.
//
//     reserve ──▶ waiting ──▶ running ──▶ released
//        │           │ release                ▲
//        │           └────────────────────────┘
//        └─▶ undefined: every place is taken
//
// A place is reserved BEFORE a guess is spent: whoever is turned away has lost nothing.

import { type Instant, type Milliseconds, second } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'

/** A reserved place. Good for one run; give it back with `release` (or `using`) when there is none. */
export interface Ticket extends Disposable {
  /** Waits for its turn, in order of asking, runs `work`, gives the place back, and settles as `work` does. Once. */
  run<Made>(work: () => Promise<Made>): Promise<Made>
  /** Gives the place back, unless a run has begun (it gives it back itself). Any number of times. */
  release(): void
}

/** How full the queue is: places reserved and not yet begun, and hashes in the making. */
export type HashingDepth = { readonly waiting: number; readonly running: number }

export interface HashingQueue {
  /** Takes a place, or answers `undefined` when all are taken: answer 503 with {@link HashingQueue.retryAfter}. */
  reserve(): Ticket | undefined
  depth(): HashingDepth
  /** Whole seconds until a place is likely free, 1 to 60: what `Retry-After` says. */
  retryAfter(): number
}

/**
 * `parallel`: hashes made at once (cores spared for hashing). `waiting`: places beyond those. `now`: the clock that runs
 * are timed by; a clock that jumps bends the estimate and nothing else.
 */
export type HashingQueueOptions = {
  readonly parallel: number
  readonly waiting: number
  readonly now: () => Instant
}

const firstGuess: Milliseconds = 50
const longestCounted: Milliseconds = 10 * second
const longestAdvice = 60
const weightOfNewest = 1 / 8

export function createHashingQueue({ parallel, waiting, now }: HashingQueueOptions): HashingQueue {
  assert(Number.isInteger(parallel) && parallel >= 1, 'at least one hash is made at a time')
  assert(Number.isInteger(waiting) && waiting >= 0, 'the places to wait are counted')
  let reserved = 0
  let running = 0
  let typical = firstGuess
  const line: (() => void)[] = []

  const turn = (): Promise<void> | undefined => {
    if (running < parallel) {
      running += 1
      return undefined
    }
    return new Promise(go => line.push(go))
  }

  const done = (took: Milliseconds): void => {
    reserved -= 1
    typical += (Math.min(Math.max(took, 0), longestCounted) - typical) * weightOfNewest
    const next = line.shift()
    // The turn passes on as it is: counting down and up again would let a newcomer slip in between.
    if (next === undefined) running -= 1
    else next()
  }

  const ticket = (): Ticket => {
    let state: 'held' | 'run' | 'released' = 'held'
    const release = (): void => {
      if (state !== 'held') return
      state = 'released'
      reserved -= 1
    }
    return {
      release,
      [Symbol.dispose]: release,
      async run(work) {
        assert(state === 'held', 'a hashing ticket is good for one run, before it is released')
        state = 'run'
        await turn()
        const began = now()
        try {
          return await work()
        } finally {
          done(now() - began)
        }
      },
    }
  }

  return {
    reserve() {
      if (reserved >= parallel + waiting) return undefined
      reserved += 1
      return ticket()
    },
    depth: () => ({ waiting: reserved - running, running }),
    retryAfter: () => Math.min(longestAdvice, Math.max(1, Math.ceil((reserved * typical) / parallel / second))),
  }
}
