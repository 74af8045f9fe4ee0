// The Authorization header as On-Premises clients send it: Basic to log in, Bearer afterwards, Apikey from monitors.

import { readAuthorization } from '#http/bearer.ts'
import { Secret } from '#secrets/secret.ts'

export type Credentials = { readonly username: string; readonly password: Secret }

/** Longer than any name and password with the most bytes that their characters may take, in base64. */
const longest = 1024

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A user's name and password (RFC 7617, UTF-8); `undefined` when the header holds none. */
export function readBasic(header: string | undefined): Credentials | undefined {
  const [, encoded] = /^basic[ \t]+([A-Za-z0-9+/_-]+={0,2})$/i.exec(header?.trim() ?? '') ?? []
  if (encoded === undefined || encoded.length > longest) return undefined
  let text: string
  try {
    text = utf8.decode(Buffer.from(encoded, 'base64'))
  } catch {
    return undefined
  }
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { username: text.slice(0, colon), password: passwordOf(text.slice(colon + 1)) }
}

/** A password in the form it is compared in: one spelling of each character (NIST SP 800-63B-4 §3.1.1.2). */
export const passwordOf = (text: string): Secret => Secret.of(text.normalize('NFC'))

/** The token of a login, or the key of a monitor. */
export type Shown =
  | { readonly kind: 'token' | 'key'; readonly secret: Secret }
  /** No header, or one that holds neither. */
  | { readonly kind: 'nothing' }

export function readShown(header: string | undefined): Shown {
  const token = readAuthorization(header)
  if (token.kind === 'bearer') return { kind: 'token', secret: token.token }
  const key = readAuthorization(header, ['apikey'])
  return key.kind === 'bearer' ? { kind: 'key', secret: key.token } : { kind: 'nothing' }
}
