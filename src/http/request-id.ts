// Every request gets an id: the one thing that ties an answer, a log line and a complaint together.

import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Exchange } from '#http/exchange.ts'
import { carry, complete } from '#http/head.ts'

/**
 * Gives the request a fresh random id (UUID, 122 bits) and answers it as `X-Request-Id`.
 *
 * An id that a client sends is ignored: one it chose could forge another request's trail in the log.
 */
export function requestId(make: () => string = randomUUID): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const id = make()
    c.set('requestId', id)
    carry(c, { 'X-Request-Id': id })
    await next()
    complete(c)
  }
}
