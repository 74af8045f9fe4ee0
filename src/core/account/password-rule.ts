// Which passwords an account may have. Length does most. Profile `strict` knows no rule about kinds of signs; `classic` has
// the one that Apple documents for its accounts, because it follows those documents.

import { onePassword, type WeakPassword, weakPassword } from '../business/password.ts'
import type { Limits } from '../throttle/limits.ts'

/** Why a password is not taken. */
export type PasswordWeakness = WeakPassword | 'not_mixed' | 'same_signs'

/**
 * Why an account must not have this password, or `undefined`. `about`: its addresses, and the product's name. Whether it is
 * on a list of common ones is asked apart. NIST SP 800-63B-4 §3.1.1.2, ASVS 5.0 §6.2.
 */
export function whyNoPassword(
  password: string,
  about: readonly string[],
  { account: { password: rule } }: Limits,
): PasswordWeakness | undefined {
  const weak = weakPassword(password, { least: rule.leastLength, about })
  if (weak !== undefined || !rule.mixed) return weak
  const text = onePassword(password)
  if (!/\p{Nd}/u.test(text) || !/\p{Lu}/u.test(text) || !/\p{Ll}/u.test(text)) return 'not_mixed'
  return /(.)\1\1/su.test(text) ? 'same_signs' : undefined
}

/**
 * What a password comes down to for whoever tries lists: as it is in small letters, without the digits and signs around
 * it, and with letters for the digits that stand for them. What is left must be at least half of it: of a long passphrase
 * a common word is a small part.
 */
export function listedForms(password: string): readonly string[] {
  const text = onePassword(password).toLowerCase()
  const inner = text.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  const letters = [...inner].map(sign => plain[sign] ?? sign).join('')
  const halves = [text, inner, letters].filter(form => [...form].length * 2 >= [...text].length)
  return [...new Set(halves)]
}

const plain: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}
