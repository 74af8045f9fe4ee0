// Every request gets an id: the one thing that ties an answer, a log line and a complaint together.

import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Exchange } from '#http/exchange.ts'

/**
 * Gives the request a fresh random id (UUID, 122 bits) and answers it as `X-Request-Id`.
 *
 * An id that a client sends is ignored: one it chose could forge another request's trail in the log.
 */
export function requestId(make: () => string = randomUUID): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const id = make()
    c.set('requestId', id)
    c.header('X-Request-Id', id)
    await next()
    // A handler that answers with a Response of its own has not taken over what was prepared.
    if (!c.res.headers.has('X-Request-Id')) c.res.headers.set('X-Request-Id', id)
  }
}
