// Documents that were opened not long ago. One request loads the same subject several times over, and the next request
// is mostly about one of the same subjects: each box is opened once.
//
// The store is still asked each time, and what is kept counts only while it is that very row, byte for byte: what another
// node wrote is opened like anything else.

import { remember } from '#core/kernel/remember.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { StoredDocument } from '#storage/store.ts'
import type { DocumentOf, Kind } from './kinds.ts'
import type { Subject } from './records.ts'

/** A row as it was last seen, and what it holds: as text until somebody asks for it. */
type Kept = { readonly stored: StoredDocument; held: string | Subject<Kind> }

/**
 * `bound`: how many documents lie in memory in the clear, at most; the ones kept longest go first. Few, for each is copied
 * about by the garbage collector while it is kept: a thousand made it stop everything for 20 ms, some times a second.
 */
export function keepOpened(secrets: Secrets, bound = 64) {
  const kept = new Map<string, Kept>()

  const keep = (kind: Kind, id: string, stored: StoredDocument, held: Kept['held']): void =>
    remember(kept, `${kind}/${id}`, { stored, held }, bound)

  return {
    /** The version of the newest row that is kept; 0 when none is. */
    newestOf: (kind: Kind, id: string): number => kept.get(`${kind}/${id}`)?.stored.version ?? 0,

    /** Keeps the text that this row was sealed from. */
    keep: (kind: Kind, id: string, stored: StoredDocument, text: string): void => keep(kind, id, stored, text),

    /** What the row holds. `openText` opens its box when that was not done yet; when it throws, nothing is kept. */
    open<K extends Kind>(kind: K, id: string, stored: StoredDocument, openText: () => string): Subject<K> {
      const known = kept.get(`${kind}/${id}`)
      if (known === undefined || !isSame(known.stored, stored)) {
        const subject = readSubject(kind, id, stored, openText())
        keep(kind, id, stored, subject)
        return subject
      }
      // A key that was taken out of the ring opens nothing any more, nor does what is left of its boxes.
      secrets.ring.key(stored.keyId)
      if (typeof known.held === 'string') known.held = readSubject(kind, id, stored, known.held)
      return known.held as Subject<K>
    },
  }
}

const isSame = (one: StoredDocument, other: StoredDocument): boolean =>
  one.version === other.version && one.keyId === other.keyId && Buffer.compare(one.body, other.body) === 0

/** Reads the text of a document. */
export function readSubject<K extends Kind>(kind: K, id: string, stored: StoredDocument, text: string): Subject<K> {
  const read: { document: DocumentOf<K>; head: { sequence: number; hash: string }; eventKey?: string } =
    JSON.parse(text)
  const head = { sequence: read.head.sequence, hash: Buffer.from(read.head.hash, 'base64') }
  const { document, eventKey } = read
  return { kind, id, version: stored.version, document, head, keyId: stored.keyId, eventKey }
}
