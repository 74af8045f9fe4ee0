// The headers that tell a browser what an answer of ours may never be used for.

import type { MiddlewareHandler } from 'hono'
import type { Exchange } from '#http/exchange.ts'
import { carry, complete } from '#http/head.ts'

/** What an answer is: data for a program, or a page for a person. */
export type Audience = 'program' | 'person'

const always = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  // A shared cache, or the Back button after sign-out, would hand one person's answer to the next (ASVS 5.0 §14.3.2).
  'Cache-Control': 'no-store',
} as const

const policies: Record<Audience, string> = {
  // JSON that a browser was talked into showing as a page can load and do nothing.
  program: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  // Our own origin only, and nothing inline: an injected script or style has nowhere to run (ASVS 5.0 §3.4.3).
  person: [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

const permissions = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'

/** Two years. Not `includeSubDomains`: what else runs under the owner's name is not ours to decide. */
const strictTransport = 'max-age=63072000'

/**
 * Sets the security headers. One that a handler sets itself stands (a style sheet its `Cache-Control`).
 *
 * `https`: whether people reach us by https; only then is `Strict-Transport-Security` sent (RFC 6797 §7.2). Where two
 * cover one path, the inner one's headers stand.
 */
export function securityHeaders(audience: Audience, https: boolean): MiddlewareHandler<Exchange> {
  const headers = {
    ...always,
    'Content-Security-Policy': policies[audience],
    ...(audience === 'person' ? { 'Permissions-Policy': permissions } : {}),
    ...(https ? { 'Strict-Transport-Security': strictTransport } : {}),
  }
  return async (c, next) => {
    carry(c, headers)
    await next()
    complete(c)
  }
}
