// The journal: what happened to a subject, by which door, when. Every event is sealed and carries a hash over the one
// before it; the document itself carries the newest hash. So an edited, removed or moved event breaks the chain, and a
// cut tail contradicts the document. What a thief of the database could still do, putting back a whole older subject,
// contradicts the next checkpoint.

import { hash } from 'node:crypto'
import type { Instant } from '#core/kernel/instant.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { JournalRow, SubjectKey } from '#storage/store.ts'
import type { EventOf, Kind } from './kinds.ts'

/** The newest event of a chain. Sequence 0 with 32 zero bytes begins every chain. */
export type Head = { readonly sequence: number; readonly hash: Uint8Array }

export const beginning: Head = { sequence: 0, hash: new Uint8Array(32) }

/** One event as it is read back. */
export type Entry<K extends Kind> = {
  readonly sequence: number
  readonly at: Instant
  readonly door: Door
  readonly requestId: string | undefined
  readonly event: EventOf<K>
}

/** Chains events onto a head, in order. */
export function chain<K extends Kind>(
  secrets: Secrets,
  subject: SubjectKey,
  head: Head,
  events: readonly EventOf<K>[],
  context: { readonly at: Instant; readonly door: Door; readonly requestId: string | undefined },
): { readonly rows: readonly JournalRow[]; readonly head: Head } {
  const rows: JournalRow[] = []
  let newest = head
  for (const event of events) {
    const sequence = newest.sequence + 1
    const text = JSON.stringify({ door: context.door, requestId: context.requestId, event })
    const sealed = secrets.seal(binding(subject, sequence, context.at), Buffer.from(text))
    const row = { sequence, at: context.at, keyId: sealed.keyId, body: sealed.body }
    const hash = hashOf(subject, newest.hash, row)
    rows.push({ ...row, hash })
    newest = { sequence, hash }
  }
  return { rows, head: newest }
}

/** Opens one event. Throws when it does not belong to this place of this subject. */
export function readEntry<K extends Kind>(secrets: Secrets, subject: SubjectKey, row: JournalRow): Entry<K> {
  const text = Buffer.from(secrets.open(binding(subject, row.sequence, row.at), row)).toString()
  return { sequence: row.sequence, at: row.at, ...JSON.parse(text) }
}

/** The hash an event must carry behind `before`. */
export function hashOf(subject: SubjectKey, before: Uint8Array, row: Omit<JournalRow, 'hash'>): Uint8Array {
  const fields = JSON.stringify(['twostep-journal-1', subject.kind, subject.id, row.sequence, row.at, row.keyId])
  return hash('sha256', Buffer.concat([before, Buffer.from(fields), row.body]), 'buffer')
}

// The time is bound as well: whoever can only recompute hashes cannot move an event to another day.
const binding = (subject: SubjectKey, sequence: number, at: Instant): string =>
  `journal/${subject.kind}/${subject.id}/${sequence}/${at}`
