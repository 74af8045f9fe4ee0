// The cookies of the pages. By https a name itself says that no other host, and nothing that came by plain HTTP, can have set
// it (`__Host-`, RFC 6265bis §4.1.3.2); plain http is for the sandbox on this machine.

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Exchange } from '#http/exchange.ts'

/** A cookie of ours, by what it is for. */
export type Cookie<Name extends string> = {
  readonly name: Name
  /** How long a browser keeps it, in seconds; left out, until it is closed. */
  readonly seconds?: number
  /** `Strict`: it does not even come along when another site's link is followed. */
  readonly sameSite?: 'Lax' | 'Strict'
}

const prefixed = (https: boolean) => (https ? ({ prefix: 'host' } as const) : {})

export const readCookie = (c: Context<Exchange>, https: boolean, name: string): string | undefined =>
  https ? getCookie(c, `twostep-${name}`, 'host') : getCookie(c, `twostep-${name}`)

/** No script reads it. */
export function keepCookie<Name extends string>(
  c: Context<Exchange>,
  https: boolean,
  { name, seconds, sameSite = 'Lax' }: Cookie<Name>,
  value: string,
): void {
  const lasting = seconds === undefined ? {} : { maxAge: seconds }
  const kept = { httpOnly: true, sameSite, secure: https, path: '/' } as const
  setCookie(c, `twostep-${name}`, value, { ...kept, ...lasting, ...prefixed(https) })
}

export const dropCookie = (c: Context<Exchange>, https: boolean, name: string): void => {
  deleteCookie(c, `twostep-${name}`, { path: '/', secure: https, ...prefixed(https) })
}
