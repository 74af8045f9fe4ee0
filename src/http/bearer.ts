// The token in an Authorization header (RFC 6750 §2.1).

import { Secret } from '#secrets/secret.ts'

/** What an Authorization header held. `other`: another scheme, in lower case, which the caller may not know. */
export type Authorization =
  | { readonly kind: 'bearer'; readonly token: Secret }
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'other'; readonly scheme: string }

/** The longest token that is looked at, in characters. Ours are far shorter; hashing megabytes is not on offer. */
export const longestToken = 4096

const shape = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]+(.*))?$/s
const token68 = /^[A-Za-z0-9._~+/-]+=*$/

/**
 * Reads an Authorization header's value. The scheme's case does not matter (RFC 9110 §11.1).
 *
 * `schemes` names the words that mean the same as `bearer`, in lower case (Graph clients also write `OAuth`).
 */
export function readAuthorization(header: string | undefined, schemes: readonly string[] = ['bearer']): Authorization {
  const text = header?.trim() ?? ''
  if (text === '') return { kind: 'absent' }
  const [, written, credentials = ''] = shape.exec(text) ?? []
  if (written === undefined) return { kind: 'malformed' }
  const scheme = written.toLowerCase()
  if (!schemes.includes(scheme)) return { kind: 'other', scheme }
  const token = credentials.trim()
  if (token.length > longestToken || !token68.test(token)) return { kind: 'malformed' }
  return { kind: 'bearer', token: Secret.of(token) }
}
