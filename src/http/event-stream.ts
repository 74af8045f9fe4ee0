// An answer that is written while it goes on: events for as long as the client stays, or one text that is waited for.

import type { Context } from 'hono'
import type { Exchange } from '#http/exchange.ts'

/** One event (WHATWG HTML §9.2.6). `data` is JSON, so it is one line. */
export const eventFrame = (event: string, id: string, data: unknown): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`

/** A line that says nothing, so that no proxy takes a quiet stream for a dead one. */
export const stillHere = ': still here\n\n'

/** Answers with what `frames` yields, as it yields it. A client that leaves ends `frames` at its next yield. */
export function streamed(c: Context<Exchange>, mediaType: string, frames: AsyncGenerator<string>): Response {
  c.header('Content-Type', mediaType)
  // Proxies that gather an answer before they pass it on would hold back every event (nginx).
  c.header('X-Accel-Buffering', 'no')
  const encoder = new TextEncoder()
  const bytes = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await frames.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await frames.return(undefined)
    },
  })
  return c.body(bytes)
}
