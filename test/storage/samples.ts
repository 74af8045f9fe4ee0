// Subjects, handles and commits as tests need them: short to write, and sound. Stores see sealed bytes only, so any
// bytes will do.

import { createHash, randomBytes } from 'node:crypto'
import { instantAt } from '#core/kernel/instant.ts'
import type {
  Commit,
  CommitEnding,
  Handle,
  JournalRow,
  Membership,
  OutboxRow,
  Store,
  SubjectKey,
} from '#storage/store.ts'

export const number = (id: string): SubjectKey => ({ kind: 'number', id })

/** Bytes that stand for `text`; not a Buffer, as stores do not give Buffers back. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const text = (body: Uint8Array | undefined): string | undefined => body && new TextDecoder().decode(body)

export const indexOf = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())

/** The handle that a key makes of a name. */
export const handle = (name: string, keyId = 'key-1'): Handle => ({ keyId, index: indexOf(`${keyId} ${name}`) })

export const place = (gathering: string, position: string, member: string, keyId = 'key-1'): Membership => {
  return { gathering: handle(gathering, keyId), position, member }
}

export const event = (sequence: number): JournalRow => {
  const hash = indexOf(`event ${sequence}`)
  return { sequence, at: instantAt(1_000 + sequence), keyId: 'key-1', body: bytes(`event ${sequence}`), hash }
}

export const message = (id: string, due: number, expires = due + 1_000): OutboxRow => {
  return { id, due: instantAt(due), expires: instantAt(expires), keyId: 'key-1', body: bytes(`message ${id}`) }
}

export type Changes = Partial<Omit<Commit, 'subject' | 'expects' | 'document'>> & { readonly body?: string }

/** A commit that replaces version `expects` of a subject. */
export function commitOf(
  id: string,
  expects: number,
  { body = `${id} ${expects + 1}`, ...rest }: Changes = {},
): Commit {
  return { ...bare(id, expects), document: { keyId: 'key-1', body: bytes(body) }, ...rest }
}

/** A commit that removes a subject; `rest` names all that it is found by. */
export function removalOf(id: string, expects: number, rest: Partial<Commit> = {}): Commit {
  return { ...bare(id, expects), ...rest }
}

function bare(id: string, expects: number): Commit {
  return {
    subject: number(id),
    expects,
    commitId: randomBytes(16).toString('hex'),
    document: undefined,
    claims: [],
    releases: [],
    joins: [],
    leaves: [],
    events: [],
    messages: [],
  }
}

export const committed = (version: number): CommitEnding => ({ kind: 'committed', version })

/** Everything that can be read of a store, for "nothing changed". */
export async function everythingIn(store: Store): Promise<unknown> {
  const documents = await store.walk(undefined, 1_000)
  const subjects = await store.walkJournals(undefined, 1_000)
  return {
    documents,
    journals: await Promise.all(subjects.map(subject => store.journal(subject, 1, 1_000))),
    messages: await store.keptMessages(1_000),
    uncovered: await store.uncoveredHeads(1_000),
    checkpoints: await store.checkpoints(1, 1_000),
  }
}
