// Commits on their way to the writing thread: one flat list of values, and one run of bytes with all that is sealed or
// hashed. To copy a commit as the tree of small objects that it is costs more than to seal its document.
//
//   values   kind · id · expects · commit id · key id or null · bytes of the body · many claims · each claim …
//   bytes    the body · each claim's index …                                       in the same order, nothing between

import type { Instant } from '#core/kernel/instant.ts'
import type { Commit, CommitEnding, Handle, JournalRow, Membership, OutboxRow } from '../store.ts'

export type PackedCommits = {
  readonly values: readonly (string | number | null)[]
  /** Memory of its own, so that it can be handed over without a copy. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Packs commits that are sound. Their bytes are copied: they may lie in Node's pool, with whatever secrets lie next to them. */
export function packCommits(commits: readonly Commit[]): PackedCommits {
  const values: (string | number | null)[] = []
  const parts: Uint8Array[] = []
  let size = 0

  function add(bytes: Uint8Array): void {
    values.push(bytes.byteLength)
    parts.push(bytes)
    size += bytes.byteLength
  }
  function addEach<T>(list: readonly T[], addOne: (one: T) => void): void {
    values.push(list.length)
    for (const one of list) addOne(one)
  }
  function addHandle({ keyId, index }: Handle): void {
    values.push(keyId)
    add(index)
  }
  function addMembership({ gathering, position, member }: Membership): void {
    addHandle(gathering)
    values.push(position, member)
  }
  function addEvent({ sequence, at, keyId, body, hash }: JournalRow): void {
    values.push(sequence, at, keyId)
    add(body)
    add(hash)
  }
  function addMessage({ id, due, expires, keyId, body }: OutboxRow): void {
    values.push(id, due, expires, keyId)
    add(body)
  }

  for (const { subject, expects, commitId, document, ...rows } of commits) {
    values.push(subject.kind, subject.id, expects, commitId, document?.keyId ?? null)
    if (document !== undefined) add(document.body)
    addEach(rows.claims, addHandle)
    addEach(rows.releases, addHandle)
    addEach(rows.joins, addMembership)
    addEach(rows.leaves, addMembership)
    addEach(rows.events, addEvent)
    addEach(rows.messages, addMessage)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return { values, bytes }
}

/** Answers a function that unpacks the next of the commits each time it is called. */
export function unpacking({ values, bytes }: PackedCommits): () => Commit {
  let at = 0
  let from = 0

  // What packCommits put there, in its order.
  const text = (): string => values[at++] as string
  const number = (): number => values[at++] as number
  const instant = (): Instant => values[at++] as Instant
  const run = (): Uint8Array => {
    const begins = from
    from += number()
    return bytes.subarray(begins, from)
  }
  const each = <T>(one: () => T): T[] => {
    const list: T[] = []
    for (let left = number(); left > 0; left -= 1) list.push(one())
    return list
  }
  const handle = (): Handle => ({ keyId: text(), index: run() })
  const membership = (): Membership => ({ gathering: handle(), position: text(), member: text() })
  const event = (): JournalRow => ({ sequence: number(), at: instant(), keyId: text(), body: run(), hash: run() })
  const message = (): OutboxRow => ({ id: text(), due: instant(), expires: instant(), keyId: text(), body: run() })
  const document = (): Commit['document'] => {
    const keyId = values[at++]
    return typeof keyId === 'string' ? { keyId, body: run() } : undefined
  }

  return () => ({
    subject: { kind: text(), id: text() },
    expects: number(),
    commitId: text(),
    document: document(),
    claims: each(handle),
    releases: each(handle),
    joins: each(membership),
    leaves: each(membership),
    events: each(event),
    messages: each(message),
  })
}

const lostRace = 0
const handleTaken = -1

/** An ending as one number: the version that was committed, or what was in its way. */
export function packEnding(ending: CommitEnding): number {
  switch (ending.kind) {
    case 'committed':
      return ending.version
    case 'lost_race':
      return lostRace
    case 'handle_taken':
      return handleTaken
  }
}

export function unpackEnding(packed: number): CommitEnding {
  if (packed === lostRace) return { kind: 'lost_race' }
  return packed === handleTaken ? { kind: 'handle_taken' } : { kind: 'committed', version: packed }
}
