// How figures are made: many at once as fast as they go (what a core carries), or at a set rate (what a person waits).

/** One try of an operation by the `worker`-th of those at once. Throws when the answer is not the one that was meant. */
export type Operation = (worker: number) => Promise<void>

export type Pace = { readonly count: number; readonly perSecond: number }

/** Runs `operation` by `workers` at once, each going on as soon as it is done, for `milliseconds`. */
export async function asFastAsItGoes(operation: Operation, workers: number, milliseconds: number): Promise<Pace> {
  const began = performance.now()
  let count = 0
  const work = async (worker: number) => {
    while (performance.now() - began < milliseconds) {
      await operation(worker)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return { count, perSecond: (count / (performance.now() - began)) * 1_000 }
}

/** When requests come: at random moments, as strangers do; or evenly, as most load generators send them. */
export type Coming = 'random' | 'even'

/**
 * The moments at which requests are due, in milliseconds from the beginning, in order. At random ones alone, a server that
 * takes exactly as long for each and is busy seven tenths of the time has a p99 of 4.3 times its p50 (an M/D/1 queue).
 */
export function dueMoments(
  coming: Coming,
  { perSecond, milliseconds }: { readonly perSecond: number; readonly milliseconds: number },
  dice: () => number,
): readonly number[] {
  const apart = coming === 'even' ? () => 1 : () => -Math.log(1 - dice())
  const due: number[] = []
  for (let at = 0; ; ) {
    at += (apart() / perSecond) * 1_000
    if (at >= milliseconds) return due
    due.push(at)
  }
}

/**
 * Runs `operation` at the moments `due`. Each wait is counted from the moment the operation was due, whether or not
 * somebody was free to begin it: else a server that stalls would look quick. Answers the waits in milliseconds, sorted.
 */
export async function atMoments(operation: Operation, due: readonly number[], workers: number): Promise<Float64Array> {
  const waits = new Float64Array(due.length)
  const began = performance.now()
  let next = 0
  let over = () => {}
  const allDone = new Promise<void>(resolve => {
    over = resolve
  })
  let done = 0
  const free = Array.from({ length: workers }, (_, worker) => worker)
  const begin = (worker: number, which: number) =>
    operation(worker).then(() => {
      waits[which] = performance.now() - began - (due[which] ?? 0)
      free.push(worker)
      done += 1
      if (done === due.length) over()
    })
  const broken = Promise.withResolvers<never>()
  // The loop turns without a pause, because timers are a millisecond coarse: the generator has a core of its own.
  const turn = () => {
    const now = performance.now() - began
    while (next < due.length && (due[next] ?? 0) <= now) {
      const worker = free.pop()
      if (worker === undefined) break
      begin(worker, next).catch(broken.reject)
      next += 1
    }
    if (next < due.length) setImmediate(turn)
  }
  turn()
  await Promise.race([allDone, broken.promise])
  return waits.sort()
}

/** The value below which `share` of sorted values lie. */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** What the rounds came to: the one in the middle, and how far the others lay from it. */
export type Figure = { readonly median: number; readonly least: number; readonly most: number; readonly rounds: number }

export function figureOf(values: readonly number[]): Figure {
  const sorted = Float64Array.from(values).sort()
  return {
    median: quantile(sorted, 0.5),
    least: sorted.at(0) ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    rounds: sorted.length,
  }
}

/** Dice that fall the same way in each run (xorshift32). */
export function seededDice(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}
