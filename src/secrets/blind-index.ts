// The blind index: how a subject is found by its number or address without the database knowing either.
//
//   index = HMAC-SHA256(index key, joined('twostep/1/blind-index', purpose, value))        32 bytes
//
// Keyed, because there are few phone numbers: a plain hash of each of them takes an afternoon.

import { createHmac } from 'node:crypto'
import { useJoined } from './joined.ts'
import type { KeyRing } from './key-ring.ts'

/** A blind index with the id of the key that made it. */
export type BlindIndex = { readonly keyId: string; readonly index: Uint8Array }

/**
 * The indexes of `value`, one for each key that indexes, the active key's first. Write them all and seek by all of them,
 * and a rotation never hides anybody. `purpose` keeps look-ups apart: the same number sought as a lock and as a
 * recovery number gives unrelated indexes. `value` must be in its one spelling (a number in E.164, …).
 */
export function handles(ring: KeyRing, purpose: string, value: string): readonly BlindIndex[] {
  return ring.indexing().map(({ id, index }) => {
    const seeking = createHmac('sha256', index)
    useJoined(sought => seeking.update(sought), 'twostep/1/blind-index', purpose, value)
    return { keyId: id, index: new Uint8Array(seeking.digest()) }
  })
}
