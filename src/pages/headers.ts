// The headers of every page for a person.

import type { MiddlewareHandler } from 'hono'
import type { Exchange } from '#http/exchange.ts'
import { securityHeaders } from '#http/security-headers.ts'

/** Strict CSP, no cache, no framing. `https`: whether people reach us by https. */
export function pageHeaders(https: boolean): MiddlewareHandler<Exchange> {
  const secure = securityHeaders('person', https)
  return async (c, next) => {
    await secure(c, next)
    // Not `no-referrer`: under it a browser hides even from us where a post comes from, and every post would be refused
    // where `Sec-Fetch-Site` is not sent (plain http in a local network, older browsers). Other sites learn nothing.
    c.res.headers.set('Referrer-Policy', 'same-origin')
  }
}
