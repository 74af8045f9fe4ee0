// Signatures by the ring's Ed25519 keys (RFC 8032): what we said can be checked by whoever has the public key.
//
//   signature = Ed25519(signing key, joined('twostep/1/signature', purpose, message))               64 bytes

import { sign as edSign, verify as edVerify } from 'node:crypto'
import { joined } from './joined.ts'
import type { KeyRing } from './key-ring.ts'

/** A signature with the id of the key that made it. */
export type Signature = { readonly keyId: string; readonly signature: Uint8Array }

/** A public key: the bare 32 bytes, and the same as a PEM text (SubjectPublicKeyInfo, RFC 8410). */
export type PublicKey = { readonly keyId: string; readonly bytes: Uint8Array; readonly pem: string }

const signed = (purpose: string, message: Uint8Array): Uint8Array => joined('twostep/1/signature', purpose, message)

/**
 * Signs `message` by the active key. `purpose` names what kind of statement it is: bytes signed as one kind never pass for
 * another. The same message always has the same signature.
 */
export function sign(ring: KeyRing, purpose: string, message: Uint8Array): Signature {
  const key = ring.active()
  return { keyId: key.id, signature: new Uint8Array(edSign(null, signed(purpose, message), key.signing)) }
}

/**
 * Whether the named key signed `message` for `purpose`. Throws `KeyRingUnusable` (`unknown_key`) when the ring lacks the
 * key: "cannot be checked" is not "false".
 */
export const verify = (ring: KeyRing, purpose: string, message: Uint8Array, { keyId, signature }: Signature): boolean =>
  edVerify(null, signed(purpose, message), ring.key(keyId).verifying, signature)

const spkiHeadBytes = 12

/** Every key's public half, for those who check without the ring. Keep a copy before removing a key. */
export const publicKeys = (ring: KeyRing): readonly PublicKey[] =>
  ring.keys().map(({ id, verifying }) => ({
    keyId: id,
    bytes: new Uint8Array(verifying.export({ format: 'der', type: 'spki' }).subarray(spkiHeadBytes)),
    pem: verifying.export({ format: 'pem', type: 'spki' }).toString(),
  }))
