// The mail server, as its URL names it: `smtps://user:password@host:465` or `smtp://user:password@host:587`.

import { Secret } from '#secrets/secret.ts'

export type SmtpServer = {
  readonly host: string
  readonly port: number
  /**
   * `at_once`: TLS from the first byte (RFC 8314 §3.3). `starttls`: it must be offered, or nothing is said to that server.
   * `if_offered`: for this machine only, where nobody is in between.
   */
  readonly tls: 'at_once' | 'starttls' | 'if_offered'
  readonly login: { readonly user: string; readonly password: Secret } | undefined
}

const loopback = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Reads the URL; `undefined` when it is none. */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  const url = /^[!-~]+$/.test(text) ? URL.parse(text) : null
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return undefined
  if (url.hostname === '' || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return undefined
  const login = loginOf(url)
  if (login === 'malformed') return undefined
  const atOnce = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (atOnce ? 465 : 587) : Number(url.port),
    tls: atOnce ? 'at_once' : loopback.test(url.hostname) ? 'if_offered' : 'starttls',
    login,
  }
}

function loginOf({ username, password }: URL): SmtpServer['login'] | 'malformed' {
  if (username === '' && password === '') return undefined
  try {
    const login = { user: decodeURIComponent(username), password: Secret.of(decodeURIComponent(password)) }
    return username === '' || password === '' ? 'malformed' : login
  } catch {
    return 'malformed'
  }
}
