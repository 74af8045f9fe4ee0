// Keeping company with other nodes over one database: their time, their keys, and in the sandbox how far one of them moved
// the clock. What must be exact is settled in the database by compare-and-swap; this is only what each node may know late.

import { rememberedSandbox } from '#actions/sandbox.ts'
import type { World } from '#actions/world.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import { asError } from '#observe/log.ts'
import type { MovableClock } from './clock.ts'

type Parts = {
  readonly world: World
  readonly clock: MovableClock
  readonly sandbox: boolean
  readonly broke: (error: Error) => void
}

/** How late a node may learn of a new key. A rotation waits twice as long between its steps. */
const ringEvery: Milliseconds = 2 * second
const timeEvery: Milliseconds = 10 * second
const sandboxEvery: Milliseconds = second / 4

/** `nodes` is `undefined` when there can be no others: then there is nothing to keep up with. */
export function keepCompany(nodes: { readonly follow: () => Promise<void> } | undefined, parts: Parts) {
  const { world, clock, sandbox, broke } = parts
  const timers: NodeJS.Timeout[] = []
  const every = (span: Milliseconds, work: () => Promise<void>) => {
    let busy = false
    const turn = async () => {
      if (busy) return
      busy = true
      try {
        await work()
      } catch (error) {
        broke(asError(error))
      } finally {
        busy = false
      }
    }
    timers.push(setInterval(turn, span).unref())
  }

  if (nodes !== undefined) {
    every(timeEvery, nodes.follow)
    every(ringEvery, async () => world.secrets.ring.reload())
    if (sandbox) every(sandboxEvery, async () => clock.catchUp((await rememberedSandbox(world.records))?.ahead ?? 0))
  }
  return {
    /** Settles once every other node has read the key ring again. */
    settle: (): Promise<void> =>
      nodes === undefined ? Promise.resolve() : new Promise(resolve => setTimeout(resolve, 2 * ringEvery)),
    stop: () => timers.forEach(clearInterval),
  }
}
