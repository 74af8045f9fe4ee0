// Records: documents in the clear on this side, sealed rows on the other. It seals what is stored, bound to its kind, id
// and version; makes blind indexes of what a document is found by; and chains the journal. It decides nothing.

import type { Instant } from '#core/kernel/instant.ts'
import type { Message, Outgoing } from '#core/message/message.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type {
  Commit,
  CommitEnding,
  Handle,
  KeptMessage,
  Membership,
  OutboxRow,
  PageRequest,
  Store,
  StoredDocument,
} from '#storage/store.ts'
import { beginning, chain, type Entry, type Head, readEntry } from './journal.ts'
import {
  type DocumentOf,
  type EventOf,
  type Found,
  forgotten,
  foundBy,
  type Kind,
  type Listing,
  type Name,
  nowhere,
} from './kinds.ts'
import { keepOpened, readSubject } from './opened.ts'

/** A subject as it was read: commit against it, and only the first who does so wins. */
export type Subject<K extends Kind> = {
  readonly kind: K
  readonly id: string
  /** 0: not stored yet. */
  readonly version: number
  readonly document: DocumentOf<K>
  readonly head: Head
  /** The key its document is sealed under; `undefined` before it is stored. */
  readonly keyId: string | undefined
  /** What its events are sealed with beside the ring, where they can be forgotten and are not. */
  readonly eventKey: string | undefined
}

/** What one commit changes, in the clear. */
export type Changes<K extends Kind> = {
  readonly document: DocumentOf<K>
  readonly events: readonly EventOf<K>[]
  readonly messages: readonly Outgoing[]
}

/** Who caused a commit, for the journal. */
export type Cause = { readonly at: Instant; readonly door: Door; readonly requestId: string | undefined }

export type Records = ReturnType<typeof createRecords>

/** A member of a gathering with its document. */
export type Listed<K extends Kind> = {
  readonly position: string
  readonly member: string
  readonly subject: Subject<K>
}

export function createRecords(store: Store, secrets: Secrets) {
  const kept = keepOpened(secrets)

  /** Reads one subject. Throws `Unopenable` when the row is not what this program sealed there. */
  const load = async <K extends Kind>(kind: K, id: string): Promise<Subject<K> | undefined> =>
    opened(kind, id, await store.read({ kind, id }))

  /** The subject of one kind that is found by a name. Throws as `load` does. */
  async function find<K extends Kind>(kind: K, name: Name): Promise<Subject<K> | undefined> {
    const held = await store.readHolder(indexes(secrets, name))
    return held === undefined || held.subject.kind !== kind ? undefined : opened(kind, held.subject.id, held.stored)
  }

  /**
   * The id of the subject of one kind that is found by a name. For names that strangers ask about: it opens nothing, and takes
   * as long whether or not there is one.
   */
  async function idOf(kind: Kind, name: Name): Promise<string | undefined> {
    const key = await store.find(indexes(secrets, name))
    return key?.kind === kind ? key.id : undefined
  }

  async function opened<K extends Kind>(
    kind: K,
    id: string,
    stored: StoredDocument | undefined,
  ): Promise<Subject<K> | undefined> {
    try {
      return stored && openRow(kind, id, stored)
    } catch (error) {
      if (!(error instanceof Unopenable)) throw error
      const anew = await store.read({ kind, id }, 'anew')
      return anew && openRow(kind, id, anew)
    }
  }

  const openRow = <K extends Kind>(kind: K, id: string, stored: StoredDocument): Subject<K> =>
    kept.open(kind, id, stored, () => openText(secrets, kind, id, stored))

  /** One page of what a gathering lists, with documents. A subject that left while the page was read is left out. */
  async function page<K extends Kind>(
    kind: K,
    gathering: Name,
    request: PageRequest,
  ): Promise<{ listed: Listed<K>[]; more: boolean }> {
    const read = await store.page(indexes(secrets, gathering), request)
    const subjects = await Promise.all(read.members.map(member => load(kind, member.subject.id)))
    const listed = read.members.flatMap((member, at) => {
      const subject = subjects[at]
      return subject === undefined ? [] : [{ position: member.position, member: member.member, subject }]
    })
    return { listed, more: read.more }
  }

  /** Whether a gathering lists more than `many`. Opens nothing. */
  async function listsMoreThan(many: number, gathering: Name): Promise<boolean> {
    return (await store.page(indexes(secrets, gathering), { limit: many })).more
  }

  /** Replaces a subject by compare-and-swap, with its events and messages; all of it or nothing. */
  const commit = async <K extends Kind>(
    subject: Subject<K>,
    changes: Changes<K>,
    cause: Cause,
  ): Promise<CommitEnding> => (await replace(subject, changes, cause)).ending

  /** The same; `next` opens the subject as it is now, if it was replaced. */
  async function replace<K extends Kind>(
    subject: Subject<K>,
    changes: Changes<K>,
    cause: Cause,
  ): Promise<{ readonly ending: CommitEnding; readonly next?: () => Subject<K> }> {
    const { sealed, text } = sealWithText(secrets, subject, changes, cause)
    const ending = await store.commit(sealed)
    if (ending.kind !== 'committed' || sealed.document === undefined) return { ending }
    const { kind, id } = subject
    const row = { version: subject.version + 1, ...sealed.document }
    // Whoever loads it next need not open what was in our hands a moment ago.
    kept.keep(kind, id, row, text)
    return { ending, next: () => openRow(kind, id, row) }
  }

  /** Removes a subject that has no journal, with all that it was found by. False when it was changed meanwhile. */
  async function remove(subject: Subject<'delivery'>): Promise<boolean> {
    const { kind, id, version: expects } = subject
    const { names, places } = foundBy.delivery(subject.document)
    const ending = await store.commit({
      ...{ subject: { kind, id }, expects, commitId: secrets.newHexId(), document: undefined },
      ...{ claims: [], releases: names.flatMap(name => handles(secrets, name)) },
      ...{ joins: [], leaves: places.flatMap(place => memberships(secrets, place)) },
      ...{ events: [], messages: [] },
    })
    return ending.kind === 'committed'
  }

  /** A subject that is not stored yet. */
  const unborn = <K extends Kind>(kind: K, id: string, document: DocumentOf<K>): Subject<K> => ({
    kind,
    id,
    version: 0,
    document,
    head: beginning,
    keyId: undefined,
    eventKey: undefined,
  })

  /** A subject's journal, oldest first. */
  async function journal<K extends Kind>(kind: K, id: string, from = 1, limit = 1_000): Promise<readonly Entry<K>[]> {
    const key = kind in forgotten ? (await load(kind, id))?.eventKey : undefined
    const subject = { kind, id }
    return (await store.journal(subject, from, limit)).map(row => readEntry<K>(secrets, subject, row, key))
  }

  /** What a request read or wrote of a subject before: nothing, outside of one (see of-one-request.ts). */
  const recall = <K extends Kind>(_kind: K, _id: string): Subject<K> | undefined => undefined

  /** Whether this node has seen a newer one. */
  const isOvertaken = ({ kind, id, version }: Subject<Kind>): boolean => kept.newestOf(kind, id) > version

  return {
    ...{ load, find, idOf, page, listsMoreThan, commit, replace, remove, unborn, journal, recall, isOvertaken },
    ...{ store, secrets },
  }
}

/**
 * Seals a commit. The first one of a subject under a new key writes all of its handles again, under every key that
 * indexes: else a document would count as moved while it is still found by the old key alone.
 */
export const sealCommit = <K extends Kind>(
  secrets: Secrets,
  subject: Subject<K>,
  changes: Changes<K>,
  cause: Cause,
): Commit => sealWithText(secrets, subject, changes, cause).sealed

/** The same, with the text that its document is sealed from. */
function sealWithText<K extends Kind>(
  secrets: Secrets,
  subject: Subject<K>,
  changes: Changes<K>,
  cause: Cause,
): { readonly sealed: Commit; readonly text: string } {
  const key = { kind: subject.kind, id: subject.id }
  const eventKey = eventKeyAfter(secrets, subject, changes.document)
  const journal = chain<K>(secrets, key, subject.head, changes.events, cause, eventKey)
  const found = foundBy[subject.kind] as (document: DocumentOf<K>) => Found
  const before = subject.version === 0 ? nowhere : found(subject.document)
  const indexed = subject.keyId === secrets.keyIds().active ? before : nowhere
  const after = found(changes.document)
  const text = JSON.stringify({
    document: changes.document,
    head: { sequence: journal.head.sequence, hash: Buffer.from(journal.head.hash).toString('base64') },
    eventKey,
  })
  const sealed: Commit = {
    subject: key,
    expects: subject.version,
    commitId: secrets.newHexId(),
    document: secrets.seal(documentBinding(key.kind, key.id, subject.version + 1), text),
    claims: without(after.names, indexed.names, isSameName).flatMap(name => handles(secrets, name)),
    releases: without(before.names, after.names, isSameName).flatMap(name => handles(secrets, name)),
    joins: without(after.places, indexed.places, isSamePlace).flatMap(place => memberships(secrets, place)),
    leaves: without(before.places, after.places, isSamePlace).flatMap(place => memberships(secrets, place)),
    events: journal.rows,
    messages: changes.messages.map(outgoing => sealMessage(secrets, outgoing)),
  }
  return { sealed, text }
}

// Let go with the commit that forgets; what that commit itself says is sealed by the ring alone.
function eventKeyAfter<K extends Kind>(
  secrets: Secrets,
  { kind, eventKey }: Subject<K>,
  document: DocumentOf<K>,
): string | undefined {
  const isForgotten = (forgotten as { [K in Kind]?: (document: DocumentOf<K>) => boolean })[kind]
  if (isForgotten === undefined || isForgotten(document)) return undefined
  return eventKey ?? secrets.newEventKey()
}

/** Opens a stored document. */
export const open = <K extends Kind>(secrets: Secrets, kind: K, id: string, stored: StoredDocument): Subject<K> =>
  readSubject(kind, id, stored, openText(secrets, kind, id, stored))

const openText = (secrets: Secrets, kind: Kind, id: string, stored: StoredDocument): string =>
  secrets.open(documentBinding(kind, id, stored.version), stored)

/** Opens a message that was taken from the outbox or is kept in it. */
export function openMessage(secrets: Secrets, row: OutboxRow | KeptMessage): Message {
  return JSON.parse(secrets.open(messageBinding(row.id), row))
}

function sealMessage(secrets: Secrets, outgoing: Outgoing): OutboxRow {
  const id = outgoing.id ?? secrets.newHexId()
  const sealed = secrets.seal(messageBinding(id), JSON.stringify(outgoing.message))
  return { id, due: outgoing.due, expires: outgoing.expires, ...sealed }
}

// The version is bound too, so that an older body does not open in a newer row.
const documentBinding = (kind: string, id: string, version: number): string => `document/${kind}/${id}/${version}`
const messageBinding = (id: string): string => `message/${id}`

const handles = (secrets: Secrets, name: Name): readonly Handle[] => secrets.handles(name.purpose, name.value)
const indexes = (secrets: Secrets, name: Name): readonly Uint8Array[] =>
  handles(secrets, name).map(handle => handle.index)
const memberships = (secrets: Secrets, place: Listing): readonly Membership[] =>
  handles(secrets, place.gathering).map(gathering => ({ gathering, position: place.position, member: place.member }))

const isSameName = (one: Name, other: Name): boolean => one.purpose === other.purpose && one.value === other.value
const isSamePlace = (one: Listing, other: Listing): boolean =>
  one.position === other.position && one.member === other.member && isSameName(one.gathering, other.gathering)

/** Most often both are the same, in the same order: a commit that moves nothing looks at each once. */
const without = <T>(all: readonly T[], some: readonly T[], isSame: (one: T, other: T) => boolean): readonly T[] =>
  all.filter((each, at) => {
    const beside = some[at]
    return (beside === undefined || !isSame(each, beside)) && !some.some(other => isSame(each, other))
  })
