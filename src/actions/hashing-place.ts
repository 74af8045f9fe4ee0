// A place in the hashing queue, taken when a decision finds that it needs one and before that decision is committed: who
// is turned away because the server is busy has spent nothing, and who is refused anyway takes no place from others.

import { assert } from '#core/kernel/outcome.ts'
import type { Ticket } from '#secrets/hashing-queue.ts'
import type { Overloaded, World } from './world.ts'

export type HashingPlace = Disposable & {
  /** `undefined` when a place is held; else what to answer. */
  readonly missing: () => Overloaded | undefined
  /** Runs in the place that is held, and gives it back. */
  readonly run: <Made>(work: () => Promise<Made>) => Promise<Made>
}

export function hashingPlace(world: World): HashingPlace {
  const { hashing } = world.secrets
  let ticket: Ticket | undefined
  return {
    missing() {
      ticket ??= hashing.reserve()
      return ticket === undefined ? { kind: 'overloaded', retryAfter: hashing.retryAfter() } : undefined
    },
    async run(work) {
      assert(ticket !== undefined, 'a place is held before hashing')
      const held = ticket
      ticket = undefined
      return held.run(work)
    },
    [Symbol.dispose]: () => ticket?.release(),
  }
}
