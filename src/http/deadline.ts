// A request gets so much time and no more.

import type { Context, MiddlewareHandler } from 'hono'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'

/**
 * Sets `deadline`, a signal that aborts after `milliseconds` or once the client is gone. Answers 503 when time is up.
 *
 * Work that has begun is told by the signal, not torn down: what it commits stays whole, so after a 503 the client has
 * to ask what became of it, as after a cut line. `late` writes the 503 in a door's own words.
 */
export function deadline(milliseconds: number, late: Late = tooLong): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const ending = new AbortController()
    const outgoing = c.env?.outgoing
    const gone = () => {
      if (outgoing?.writableFinished !== true) ending.abort(new Error('The client is gone.'))
    }
    outgoing?.once('close', gone)
    c.set('deadline', ending.signal)

    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<'late'>(resolve => {
      timer = setTimeout(() => resolve('late'), milliseconds)
    })
    try {
      if ((await Promise.race([next(), expiry])) !== 'late') return
    } finally {
      clearTimeout(timer)
    }
    // Only once this answer is on its way: what gives up at the signal throws, and would answer in our place.
    setImmediate(() => ending.abort(new Error('The time for this request is up.')))
    c.res = await late(c)
  }
}

type Late = (c: Context<Exchange>) => Response | Promise<Response>

/** Late, in the words of RFC 9457. */
export const tooLong = (c: Context<Exchange>): Response =>
  problem(c, {
    status: 503,
    kind: 'deadline_passed',
    title: 'This took too long.',
    detail: 'It may still have happened: look before you ask again.',
    retryAfter: 1,
  })
