// One report for every request that was answered: what the log and the metrics are told.

import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Exchange } from '#http/exchange.ts'

/** A served request. Nothing in it was chosen by the client. */
export type Served = {
  readonly requestId: string
  /** The door that served it, or `none`. */
  readonly door: string
  /** The route's template, never the path: a path may hold a number or a token. `unmatched` when no route took it. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
}

/** Reports each request once it has its answer. `monotonic` reads a clock that never goes back, in milliseconds. */
export function observed(report: (served: Served) => void, monotonic: () => number): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const began = monotonic()
    await next()
    const template = routePath(c)
    report({
      requestId: c.get('requestId'),
      door: c.get('door') ?? 'none',
      // A template that ends in a star is a middleware's or a catch-all's: no route of ours.
      route: template === '' || template.endsWith('*') ? 'unmatched' : template,
      status: c.res.status,
      milliseconds: monotonic() - began,
    })
  }
}

/** Says which door everything below is: `app.use('/api/*', door('rest'))`. */
export function door(name: string): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    c.set('door', name)
    await next()
  }
}
