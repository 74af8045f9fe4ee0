// The event key: what a subject's events are sealed with beside the key ring, where their owner can have them forgotten. It
// lies in the subject's document and nowhere else. When the document lets go of it, nobody reads any more what happened,
// the operator with every key of the ring neither; that it happened, and when, still stands in the chain.
//
//   key:     32 random bytes, base64
//   sealed:  nonce (12 random bytes) │ ciphertext │ tag (16), base64          AES-256-GCM, AAD = binding
//
// One subject has some thousand events in its life, far below the 2^32 that random nonces of this length allow
// (NIST SP 800-38D §8.3).

import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Dice } from './dice.ts'
import { Unopenable } from './sealed-box.ts'

const cipher = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** A new one. Takes 32 bytes of dice. */
export const newEventKey = (dice: Dice): string => Buffer.from(dice.bytes(keyBytes)).toString('base64')

/** Seals `text` under an event key, bound to its place: `binding` names subject and sequence. Takes 12 bytes of dice. */
export function sealEvent(dice: Dice, key: string, binding: string, text: string): string {
  const nonce = dice.bytes(nonceBytes)
  const sealing = createCipheriv(cipher, Buffer.from(key, 'base64'), nonce, { authTagLength: tagBytes })
  sealing.setAAD(Buffer.from(binding))
  const parts = [nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()]
  return Buffer.concat(parts).toString('base64')
}

/** Opens what was sealed under the same key and binding. Throws {@link Unopenable} for anything else. */
export function openEvent(key: string, binding: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < nonceBytes + tagBytes) throw new Unopenable()
  const options = { authTagLength: tagBytes }
  const opening = createDecipheriv(cipher, Buffer.from(key, 'base64'), bytes.subarray(0, nonceBytes), options)
  opening.setAAD(Buffer.from(binding))
  opening.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]).toString()
  } catch {
    throw new Unopenable()
  }
}
