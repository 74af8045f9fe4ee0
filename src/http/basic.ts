// The user name and password of an Authorization header (RFC 7617).
//
//     Basic <base64 of  name ":" password>        UTF-8; the first colon parts them, so a name has none

import { Secret } from '#secrets/secret.ts'

export type BasicCredentials =
  | { readonly kind: 'basic'; readonly name: string; readonly password: Secret }
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed' }
  /** Another scheme, which the caller may not know. */
  | { readonly kind: 'other' }

// A name of 254 characters and a password, each character of four bytes at most: what is longer is neither.
const longest = 2_048

const shape = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]+(.*))?$/s
const token68 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/
// RFC 7617 §2: neither may have control characters.
const control = /\p{Cc}/u

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads an Authorization header's value. The scheme's case does not matter (RFC 9110 §11.1). */
export function readBasic(header: string | undefined): BasicCredentials {
  const text = header?.trim() ?? ''
  if (text === '') return { kind: 'absent' }
  const [, scheme, written = ''] = shape.exec(text) ?? []
  if (scheme === undefined) return { kind: 'malformed' }
  if (scheme.toLowerCase() !== 'basic') return { kind: 'other' }
  const encoded = written.trim()
  if (encoded.length > longest || !token68.test(encoded)) return { kind: 'malformed' }
  const pair = decoded(Buffer.from(encoded, 'base64'))
  const colon = pair?.indexOf(':') ?? -1
  if (pair === undefined || colon < 0 || control.test(pair)) return { kind: 'malformed' }
  return { kind: 'basic', name: pair.slice(0, colon), password: Secret.of(pair.slice(colon + 1)) }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** What a refusal asks for. `realm`: printable ASCII without quotes and backslashes (RFC 7617 §2.1). */
export const basicChallenge = (realm: string): string => `Basic realm="${realm}", charset="UTF-8"`
