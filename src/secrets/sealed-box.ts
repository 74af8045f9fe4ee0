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
// each box has its own key, from a nonce twice as long (the idea of XAES-256-GCM): two boxes share key and nonce with
// probability 2^-32 only after 2^80 boxes, and nobody counts.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Dice } from './dice.ts'
import { joined } from './joined.ts'
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
const saltBytes = 12
const nonceBytes = 24
const tagBytes = 16
const headBytes = 1 + nonceBytes

/** How many bytes a box is longer than what it holds. */
export const sealedBoxOverhead = headBytes + tagBytes

/** All that sealing asks of a key. Every key of a ring is one; a key made of a passphrase is one, too. */
export type SealingKey = Pick<RingKey, 'id' | 'seal'>

const messageKey = (key: SealingKey, salt: Uint8Array): KeyObject =>
  createSecretKey(createHmac('sha256', key.seal).update(joined('twostep/1/sealed-box', salt)).digest())

const associated = (key: SealingKey, binding: string): Uint8Array => joined(Uint8Array.of(version), key.id, binding)

/**
 * Seals `plaintext` under the active key, bound to `binding`: a text that names what it is and whose, made by
 * `binding(kind, id)` so that no two subjects share one. Takes 24 bytes of dice.
 */
export const seal = (ring: KeyRing, dice: Dice, binding: string, plaintext: Uint8Array): SealedBox =>
  sealWith(ring.active(), dice, binding, plaintext)

/** The same under a key that is no ring's. */
export function sealWith(key: SealingKey, dice: Dice, binding: string, plaintext: Uint8Array): SealedBox {
  const nonce = dice.bytes(nonceBytes)
  const options = { authTagLength: tagBytes }
  const sealing = createCipheriv(
    cipher,
    messageKey(key, nonce.subarray(0, saltBytes)),
    nonce.subarray(saltBytes),
    options,
  )
  sealing.setAAD(associated(key, binding))
  // Memory of its own, not of Node's shared pool: whoever keeps or posts a body would keep or post the whole pool.
  const body = new Uint8Array(plaintext.length + sealedBoxOverhead)
  body[0] = version
  body.set(nonce, 1)
  body.set(sealing.update(plaintext), headBytes)
  sealing.final()
  body.set(sealing.getAuthTag(), headBytes + plaintext.length)
  return { keyId: key.id, body }
}

/**
 * Opens a box that was sealed under the same `binding`, by a key in any state. Throws {@link Unopenable} when it was
 * changed or belongs elsewhere, and `KeyRingUnusable` (`unknown_key`) when the ring lacks its key.
 */
export const open = (ring: KeyRing, binding: string, { keyId, body }: SealedBox): Uint8Array =>
  openWith(ring.key(keyId), binding, body)

/** The same with a key that is no ring's. Throws {@link Unopenable}. */
export function openWith(key: SealingKey, binding: string, body: Uint8Array): Uint8Array {
  if (body.length < sealedBoxOverhead || body[0] !== version) throw new Unopenable()
  const nonce = body.subarray(1, headBytes)
  const tagAt = body.length - tagBytes
  const options = { authTagLength: tagBytes }
  const opening = createDecipheriv(
    cipher,
    messageKey(key, nonce.subarray(0, saltBytes)),
    nonce.subarray(saltBytes),
    options,
  )
  opening.setAAD(associated(key, binding))
  opening.setAuthTag(body.subarray(tagAt))
  const plaintext = opening.update(body.subarray(headBytes, tagAt))
  try {
    // Nothing of the plaintext leaves before the tag is checked.
    opening.final()
  } catch {
    throw new Unopenable()
  }
  return new Uint8Array(plaintext)
}
