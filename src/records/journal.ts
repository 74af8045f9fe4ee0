// The journal: what happened to a subject, by which door, when. Every event is sealed and carries a hash over the one
// before it; the document itself carries the newest hash. So an edited, removed or moved event breaks the chain, and a
// cut tail contradicts the document. What a thief of the database could still do, putting back a whole older subject,
// contradicts the next checkpoint.
//
// Where a subject's owner can have it forgotten, what happened is sealed once more inside, under a key of the subject's own
// that lies in its document. When that key is let go, the chain still holds and says nothing any more.

import { hash } from 'node:crypto'
import type { Instant } from '#core/kernel/instant.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { JournalRow, SubjectKey } from '#storage/store.ts'
import type { EventOf, Forgetful, Kind } from './kinds.ts'

/** The newest event of a chain. Sequence 0 with 32 zero bytes begins every chain. */
export type Head = { readonly sequence: number; readonly hash: Uint8Array }

export const beginning: Head = { sequence: 0, hash: new Uint8Array(32) }

/** One event as it is read back. */
export type Entry<K extends Kind> = {
  readonly sequence: number
  readonly at: Instant
  readonly door: Door
  readonly requestId: string | undefined
  readonly event: EventOf<K> | (K extends Forgetful ? Forgotten : never)
}

/** In place of an event whose key was let go. */
export type Forgotten = { readonly kind: 'forgotten' }

/** Chains events onto a head, in order. `key`: the subject's own for its events, where it has one. */
export function chain<K extends Kind>(
  secrets: Secrets,
  subject: SubjectKey,
  head: Head,
  events: readonly EventOf<K>[],
  context: { readonly at: Instant; readonly door: Door; readonly requestId: string | undefined },
  key?: string,
): { readonly rows: readonly JournalRow[]; readonly head: Head } {
  const rows: JournalRow[] = []
  let newest = head
  for (const event of events) {
    const sequence = newest.sequence + 1
    const place = binding(subject, sequence, context.at)
    const held = key === undefined ? { event } : { own: secrets.sealEvent(key, place, JSON.stringify(event)) }
    const text = JSON.stringify({ door: context.door, requestId: context.requestId, ...held })
    const sealed = secrets.seal(place, text)
    const row = { sequence, at: context.at, keyId: sealed.keyId, body: sealed.body }
    const hash = hashOf(subject, newest.hash, row)
    rows.push({ ...row, hash })
    newest = { sequence, hash }
  }
  return { rows, head: newest }
}

/**
 * Opens one event. `key`: what the subject's document holds for its events, if it holds one. Throws when the event does not
 * belong to this place of this subject.
 */
export function readEntry<K extends Kind>(
  secrets: Secrets,
  subject: SubjectKey,
  row: JournalRow,
  key?: string,
): Entry<K> {
  const { sequence, at } = row
  const place = binding(subject, sequence, at)
  const { own, ...held } = JSON.parse(secrets.open(place, row))
  if (own === undefined) return { sequence, at, ...held }
  const event = key === undefined ? { kind: 'forgotten' } : JSON.parse(secrets.openEvent(key, place, own))
  return { sequence, at, ...held, event }
}

/** The hash an event must carry behind `before`. */
export function hashOf(subject: SubjectKey, before: Uint8Array, row: Omit<JournalRow, 'hash'>): Uint8Array {
  const fields = JSON.stringify(['twostep-journal-1', subject.kind, subject.id, row.sequence, row.at, row.keyId])
  return hash('sha256', Buffer.concat([before, Buffer.from(fields), row.body]), 'buffer')
}

// The time is bound as well: whoever can only recompute hashes cannot move an event to another day.
const binding = (subject: SubjectKey, sequence: number, at: Instant): string =>
  `journal/${subject.kind}/${subject.id}/${sequence}/${at}`
