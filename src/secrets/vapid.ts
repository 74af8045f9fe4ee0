// The key pair by which push services know this server (VAPID, RFC 8292). A subscription is made for one public key and
// takes messages from no other, so the pair must be the same on every node and after every start, and an old one must live
// as long as subscriptions do: each key of the ring has its own, in whatever state it is.
//
//   private = 1 + (HKDF-SHA256(vapid key, no salt, `twostep/1/vapid/p-256`, 48 bytes) mod (n - 1))
//
// Sixteen bytes more than the order of the curve takes the bias out of the remainder (FIPS 186-5 §A.2.1).

import { createECDH, hkdfSync } from 'node:crypto'
import type { KeyRing, RingKey } from './key-ring.ts'
import { Secret } from './secret.ts'
import { toBase64url } from './strict-bytes.ts'

/** A pair of P-256, both as base64url without padding: the uncompressed point (65 bytes) and the number behind it (32). */
export type VapidKeys = { readonly keyId: string; readonly publicKey: string; readonly privateKey: Secret }

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const made = new WeakMap<RingKey, VapidKeys>()

/** The pair of a key of the ring. Made when it is first asked for: most servers push nothing as they start. */
export function vapidKeys(key: RingKey): VapidKeys {
  const known = made.get(key)
  if (known !== undefined) return known
  const wide = hkdfSync('sha256', key.vapid, new Uint8Array(0), 'twostep/1/vapid/p-256', 48)
  const number = 1n + (BigInt(`0x${Buffer.from(wide).toString('hex')}`) % (order - 1n))
  const bytes = Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(bytes)
  const pair = {
    keyId: key.id,
    publicKey: toBase64url(curve.getPublicKey()),
    privateKey: Secret.of(toBase64url(bytes)),
  }
  made.set(key, pair)
  return pair
}

/** The id of the ring's key whose pair has this public key. Public keys are no secret: they are compared as they are. */
export const vapidKeyOf = (ring: KeyRing, publicKey: string): string | undefined =>
  ring.keys().find(key => vapidKeys(key).publicKey === publicKey)?.id
