// What a request shows of who sends it: network, place, browser, and the secret of a browser that is known.

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Presenting } from '#actions/account/account.ts'
import { callerOfRequest, type TrustedProxies } from '#http/client-address.ts'
import type { Exchange } from '#http/exchange.ts'
import { agentOf } from '#http/user-agent.ts'
import { Secret } from '#secrets/secret.ts'

/** What pages keep a known browser's secret in. `__Host-`: no other host and no plain HTTP sets it (RFC 6265bis §4.1.3.2). */
export const browserCookie = '__Host-twostep-browser'

// As long as browsers keep one at all (RFC 6265bis §5.5): how long it counts is written in the account.
const kept = 400 * 24 * 60 * 60

/** What the request shows. An app says in its body what a page keeps in a cookie; the body is what its writer meant. */
export function presentedBy(c: Context<Exchange>, proxies: TrustedProxies, said?: string): Presenting {
  const { address, group } = callerOfRequest(c, proxies)
  const shown = said ?? getCookie(c, browserCookie)
  return {
    network: group,
    from: { place: address === 'unknown' ? '' : address, agent: agentOf(c.req.header('user-agent')) },
    browser: shown === undefined || shown === '' ? undefined : Secret.of(shown),
  }
}

/** The same caller, with what the body says of the browser. */
export const withBrowser = (presenting: Presenting, said: string | undefined): Presenting =>
  said === undefined ? presenting : { ...presenting, browser: Secret.of(said) }

/** Hands a page the secret that its browser is known by from now on. */
export function keepBrowser(c: Context<Exchange>, browser: Secret): void {
  setCookie(c, browserCookie, browser.reveal(), {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: kept,
  })
}
