// What actions report of themselves, as metrics, and in the log where somebody should look.

import type { Milliseconds } from '#core/kernel/instant.ts'
import { idForLog, type Log } from '#observe/log.ts'
import type { Metrics } from '#observe/metrics.ts'
import type { Watch } from './world.ts'

/** `monotonic`: a clock that only times, and never runs back. */
export const watchBy = (metrics: Metrics, log: Log, monotonic: () => Milliseconds): Watch => ({
  action(name) {
    const began = monotonic()
    return ending => {
      metrics.action(name, ending, monotonic() - began)
      if (ending === 'overloaded') metrics.hashingRefused()
    }
  },
  commit(ending) {
    metrics.commit(ending)
    if (ending === 'lost_race') metrics.commitRetry()
  },
  guess: (_secret, door, what) => metrics.guess(door, what),
  phoneCode: what => metrics.phoneCode(what),
  codesPaused(what, region) {
    metrics.codesPaused(what)
    // The prefix itself is most of a number: the operator's door shows it.
    log.warn('codes to phones are paused', { what, region: idForLog(region) })
  },
})
