// The one-time code's verifier: what is stored of a code that was sent.
//
//   twostep-code$1$<key id>$<salt>$<mac>                             salt (16 bytes) and mac (32) in base64url
//
//   mac = HMAC-SHA256(code key, joined('twostep/1/code', purpose, salt, code))
//
// Keyed, not slow: a code lives minutes and few guesses, and without the key ring its verifier tells nothing. Slow hashing
// would only hand a flood of wrong codes more of our time.

import { createHmac } from 'node:crypto'
import type { Dice } from './dice.ts'
import { equalBytes } from './equal.ts'
import { useJoined } from './joined.ts'
import type { KeyRing, RingKey } from './key-ring.ts'
import { MalformedRecord } from './malformed-record.ts'
import type { Secret } from './secret.ts'
import { strictBase64url, toBase64url } from './strict-bytes.ts'

const saltBytes = 16
const macBytes = 32
const shape = /^twostep-code\$1\$([0-9a-z]{1,16})\$([\w-]{22})\$([\w-]{43})$/

function macOf(key: RingKey, purpose: string, salt: Uint8Array, code: Secret): Uint8Array {
  const mac = createHmac('sha256', key.code)
  useJoined(bytes => mac.update(bytes), 'twostep/1/code', purpose, salt, code.reveal())
  return mac.digest()
}

/**
 * Makes the verifier of a code. `purpose` names what the code is for and whose, made by `binding(…)`: a code sent for one
 * thing must not pass for another. Takes 16 bytes of dice.
 */
export function makeCodeVerifier(ring: KeyRing, dice: Dice, purpose: string, code: Secret): string {
  const key = ring.active()
  const salt = dice.bytes(saltBytes)
  return `twostep-code$1$${key.id}$${toBase64url(salt)}$${toBase64url(macOf(key, purpose, salt, code))}`
}

/**
 * Whether `code` is the one that `verifier` was made of, for the same purpose; compared in constant time. Spend the guess
 * first. Throws {@link MalformedRecord}, and `KeyRingUnusable` (`unknown_key`) when the ring lacks its key.
 */
export function checkCode(ring: KeyRing, verifier: string, purpose: string, code: Secret): boolean {
  const [, keyId = '', saltText = '', macText = ''] = shape.exec(verifier) ?? []
  const salt = strictBase64url(saltText, saltBytes)
  const mac = strictBase64url(macText, macBytes)
  if (salt === undefined || mac === undefined) {
    throw new MalformedRecord('code verifier', 'it does not have the shape of one')
  }
  const key = ring.key(keyId)
  // What a stranger typed may be no Unicode at all; that is a wrong code, not a bug.
  return code.reveal().isWellFormed() && equalBytes(mac, macOf(key, purpose, salt, code))
}
