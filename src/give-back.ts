// What starting took and serving does not need, handed back to the system: else a server that nobody asks anything would
// keep it, since an engine that allocates nothing sees no reason to tidy up.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Gives memory back once, as soon as a stretch of `every` milliseconds was quiet: whoever is served would feel the pause. */
export function giveBackWhenQuiet(every: number): void {
  let then = performance.eventLoopUtilization()
  const look = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(then)
    then = performance.eventLoopUtilization()
    if (utilization > 0.1) return
    clearInterval(look)
    giveBackMemory()
  }, every)
  look.unref()
}

type Collect = (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void

/** Collects garbage thoroughly: less than a tenth of a second in which nothing else is done, for some 15 MB. */
export function giveBackMemory(): void {
  // The engine hands its collector only to a context that is made while this flag stands. It goes at once: modules that
  // are loaded later would find their compiled form made under other flags, and compile again.
  setFlagsFromString('--expose-gc')
  const collect: Collect = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', flavor: 'last-resort' })
}
