// The sealed box: how every document, event and message lies in the database. It shows its length and nothing else, and
// opens only where it belongs: a row copied over another does not open.
//
//   body:  version (1 byte, 1) │ nonce (24 random bytes) │ ciphertext (as long as the plaintext) │ tag (16)
//
//   message key = HMAC-SHA256(seal key, joined('twostep/1/sealed-box', nonce[0..12)))
//   ciphertext, tag = AES-256-GCM(message key, nonce[12..24), plaintext, AAD = joined(version, key id, binding))
//
// AES-GCM with random 96-bit nonces allows 2^32 messages per key (NIST SP 800-38D §8.3); one repeated nonce shows the
// difference of two plaintexts and lets anyone forge. A busy server gets there in a year, and would have to count. So
// boxes are sealed under message keys, from a nonce twice as long (the idea of XAES-256-GCM). A message key serves one
// program for at most 4,096 boxes: that two of 2^48 boxes (nine thousand years at a thousand a second) share key and nonce
// is less likely than 2^-36, and nobody counts across restarts and nodes.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { assert } from '#core/kernel/outcome.ts'
import { remember } from '#core/kernel/remember.ts'
import type { Dice } from './dice.ts'
import { useJoined } from './joined.ts'
import type { KeyRing, RingKey } from './key-ring.ts'

/** A box as stored. `keyId` names the key that sealed it. `body` has memory of its own. */
export type SealedBox = { readonly keyId: string; readonly body: Uint8Array }

/** A box that does not open. Says nothing of why: the difference between reasons is what an attacker probes for. */
export class Unopenable extends Error {
  override readonly name = 'Unopenable'
  constructor() {
    super('A sealed box does not open: it was changed, or it does not belong where it was found.')
  }
}

const cipher = 'aes-256-gcm'
const version = 1
const versionByte = Uint8Array.of(version)
const saltBytes = 12
const nonceBytes = 24
const tagBytes = 16
const headBytes = 1 + nonceBytes
const options = { authTagLength: tagBytes }

/** How many bytes a box is longer than the text in it, in UTF-8. */
export const sealedBoxOverhead = headBytes + tagBytes

/** All that sealing asks of a key. Every key of a ring is one; a key made of a passphrase is one, too. */
export type SealingKey = Pick<RingKey, 'id' | 'seal'>

const boxesOfMessageKey = 4_096
const mostMessageKeys = 64

/** What a seal key was last used with: the salt that boxes are sealed under now, and message keys, by their salts. */
type Use = { salt: Uint8Array; left: number; readonly messageKeys: Map<string, KeyObject> }
const uses = new WeakMap<KeyObject, Use>()

function useOf({ seal }: SealingKey): Use {
  const known = uses.get(seal)
  if (known !== undefined) return known
  const use: Use = { salt: new Uint8Array(), left: 0, messageKeys: new Map() }
  uses.set(seal, use)
  return use
}

function saltFor(key: SealingKey, dice: Dice): Uint8Array {
  const use = useOf(key)
  if (use.left === 0) {
    use.salt = dice.bytes(saltBytes)
    use.left = boxesOfMessageKey
  }
  use.left -= 1
  return use.salt
}

function messageKey(key: SealingKey, salt: Uint8Array): KeyObject {
  const { messageKeys } = useOf(key)
  const name = Buffer.from(salt.buffer, salt.byteOffset, salt.length).toString('latin1')
  const known = messageKeys.get(name)
  if (known !== undefined) return known
  const making = createHmac('sha256', key.seal)
  useJoined(bytes => making.update(bytes), 'twostep/1/sealed-box', salt)
  const made = createSecretKey(making.digest())
  remember(messageKeys, name, made, mostMessageKeys)
  return made
}

/**
 * Seals `text` under the active key, bound to `binding`: a text that names what it is and whose, made by
 * `binding(kind, id)` so that no two subjects share one. Takes 12 bytes of dice, and 12 more with each new message key.
 */
export const seal = (ring: KeyRing, dice: Dice, binding: string, text: string): SealedBox =>
  sealWith(ring.active(), dice, binding, text)

/** The same under a key that is no ring's. */
export function sealWith(key: SealingKey, dice: Dice, binding: string, text: string): SealedBox {
  assert(text.isWellFormed(), 'text that is sealed is well-formed Unicode')
  const salt = saltFor(key, dice)
  const nonce = dice.bytes(nonceBytes - saltBytes)
  const sealing = createCipheriv(cipher, messageKey(key, salt), nonce, options)
  useJoined(bytes => sealing.setAAD(bytes), versionByte, key.id, binding)
  const ciphertext = sealing.update(text, 'utf8')
  sealing.final()
  // Memory of its own, not of Node's shared pool: whoever keeps or posts a body would keep or post the whole pool.
  const body = new Uint8Array(ciphertext.length + sealedBoxOverhead)
  body[0] = version
  body.set(salt, 1)
  body.set(nonce, 1 + saltBytes)
  body.set(ciphertext, headBytes)
  body.set(sealing.getAuthTag(), headBytes + ciphertext.length)
  return { keyId: key.id, body }
}

/**
 * Opens a box that was sealed under the same `binding`, by a key in any state. Throws {@link Unopenable} when it was
 * changed or belongs elsewhere, and `KeyRingUnusable` (`unknown_key`) when the ring lacks its key.
 */
export const open = (ring: KeyRing, binding: string, { keyId, body }: SealedBox): string =>
  openWith(ring.key(keyId), binding, body)

/** The same with a key that is no ring's. Throws {@link Unopenable}. */
export function openWith(key: SealingKey, binding: string, body: Uint8Array): string {
  if (body.length < sealedBoxOverhead || body[0] !== version) throw new Unopenable()
  const tagAt = body.length - tagBytes
  const salt = body.subarray(1, 1 + saltBytes)
  const nonce = body.subarray(1 + saltBytes, headBytes)
  const opening = createDecipheriv(cipher, messageKey(key, salt), nonce, options)
  useJoined(bytes => opening.setAAD(bytes), versionByte, key.id, binding)
  opening.setAuthTag(body.subarray(tagAt))
  const plaintext = opening.update(body.subarray(headBytes, tagAt))
  try {
    // Nothing of the plaintext leaves before the tag is checked.
    opening.final()
  } catch {
    throw new Unopenable()
  }
  return plaintext.toString()
}
