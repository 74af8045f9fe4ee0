// Forged posts: a page of another site can make a browser post to us, with our cookies, but cannot make it lie about
// where the post comes from. What changes something must come from a page of ours.

import type { Context, MiddlewareHandler } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import type { Exchange } from '#http/exchange.ts'

/**
 * Answers a POST that another site's page sent, and one that does not say where it is from, with `refuse` (ASVS 5.0
 * §3.5.1). `ownOrigin`: where people reach us, which behind a proxy is not what a request says of itself.
 */
export function ownPostsOnly(
  ownOrigin: () => string,
  refuse: (c: Context<Exchange>) => Response | Promise<Response>,
): MiddlewareHandler<Exchange> {
  const guard = csrf({ origin: (origin, c) => origin === ownOrigin() || origin === new URL(c.req.url).origin })
  return async (c, next) => {
    try {
      await guard(c, async () => {})
    } catch (error) {
      if (error instanceof HTTPException) return refuse(c)
      throw error
    }
    return next()
  }
}
