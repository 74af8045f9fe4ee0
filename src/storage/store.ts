// The storage port: what the program needs of a database, and all it may ask of one.
//
//   document   one sealed body per subject, replaced whole, by compare-and-swap on its version
//   handle     a blind index that names one subject (a number → its subject)
//   gathering  a blind index that names many, in order of arrival (a business → its numbers), paged
//   journal    what happened to a subject, one row an event, numbered from 1 without a gap
//   outbox     messages that wait to be sent
//   checkpoint a signed statement over journal heads
//
// A commit changes one subject and carries all of its rows, or none. Stores see sealed bytes only. They promise:
// an answer is given after the commit is durable; commits that arrive together may share a transaction, and each still
// settles on its own; a commit is applied at most once. Kinds, ids, positions and members are printable ASCII, so that
// they sort alike in every store (see commit-rules.ts).

import type { Instant } from '#core/kernel/instant.ts'

/** Which subject: its kind (`number`, `business`, …) and its id, random or derived, never serial. */
export type SubjectKey = { readonly kind: string; readonly id: string }

/**
 * A subject's document as stored. `version` counts its commits from 1, and goes on counting when a removed subject is
 * made anew: nobody who read the old one can mistake the new one for it. `keyId` names the key that sealed `body`.
 */
export type StoredDocument = { readonly version: number; readonly keyId: string; readonly body: Uint8Array }

/** A blind index value (32 bytes) with the id of the key that made it, so that a rotation can find what is old. */
export type Handle = { readonly keyId: string; readonly index: Uint8Array }

/**
 * A place in a gathering. Positions sort as text, and those that tie by `member`, which is what the gatherer calls the
 * one who stands there (an id). A place is one subject's: a join by a second one is a bug.
 */
export type Place = { readonly position: string; readonly member: string }

/** A subject's place in a gathering. */
export type Membership = Place & { readonly gathering: Handle }

/** One journal event. `hash` is SHA-256 over the previous event's hash and this one's rows (see records/journal.ts). */
export type JournalRow = {
  readonly sequence: number
  readonly at: Instant
  readonly keyId: string
  readonly body: Uint8Array
  readonly hash: Uint8Array
}

/** One outgoing message. It is not sent before `due` nor at or after `expires`. `body` is sealed. */
export type OutboxRow = {
  readonly id: string
  readonly due: Instant
  readonly expires: Instant
  readonly keyId: string
  readonly body: Uint8Array
}

/** All that one action changes, settled together. */
export type Commit = {
  readonly subject: SubjectKey
  /** The version this commit replaces; 0 when the subject must not exist (not yet, or not any more). */
  readonly expects: number
  /**
   * Random, 128 bits in lower-case hex: recognises a commit whose answer was lost. The same commit sent again answers
   * `committed` and changes nothing, as long as no other commit of its subject came after it.
   */
  readonly commitId: string
  /**
   * The new document, or `undefined` to remove the subject (its journal stays). A removal names in `releases` and `leaves` all
   * that the subject holds: a store finds subjects by their handles and not the other way.
   */
  readonly document: { readonly keyId: string; readonly body: Uint8Array } | undefined
  /** Unique handles to take for this subject. One that the subject holds already is no conflict. */
  readonly claims: readonly Handle[]
  /** Unique handles to give up, before `claims` are taken. One that the subject does not hold is passed over. */
  readonly releases: readonly Handle[]
  readonly joins: readonly Membership[]
  /** Places to give up, before `joins` are taken. One that is not the subject's is passed over. */
  readonly leaves: readonly Membership[]
  /** In order, going on from the subject's newest event without a gap; the first of a subject is 1. Else it is a bug. */
  readonly events: readonly JournalRow[]
  readonly messages: readonly OutboxRow[]
}

/** How a commit ended. `lost_race`: the version was not the expected one. `handle_taken`: another subject holds it. */
export type CommitEnding =
  | { readonly kind: 'committed'; readonly version: number }
  | { readonly kind: 'lost_race' }
  | { readonly kind: 'handle_taken' }

/**
 * A page of a gathering: in `order` (ascending unless told), at most `limit`. `after` a place (not included): the ones
 * that come next in `order`; `before` it: the ones that came last in `order`; never both. The first or last member of
 * a page serves as the place for the next one.
 */
export type PageRequest = {
  readonly limit: number
  readonly after?: Place
  readonly before?: Place
  readonly order?: 'ascending' | 'descending'
}

export type Member = Place & { readonly subject: SubjectKey }
/** `more`: whether a further page follows in the direction that was read. Members always come in `order`. */
export type Page = { readonly members: readonly Member[]; readonly more: boolean }

/** A message taken from the outbox: nobody else is given it before its lease ends. `attempt` counts from 1. */
export type TakenMessage = OutboxRow & { readonly attempt: number }

/**
 * What became of a taken message. `sent` keeps it until `keepUntil` (the sandbox shows it), or drops it at once; `dead` keeps
 * it until then, or for good.
 */
export type Settlement =
  | { readonly kind: 'sent'; readonly at: Instant; readonly keepUntil: Instant | undefined }
  | { readonly kind: 'again'; readonly due: Instant }
  | { readonly kind: 'dead'; readonly at: Instant; readonly reason: string; readonly keepUntil?: Instant }

/** A message that waits, left, or died and is still kept. `reason` says why it died. */
export type KeptMessage = OutboxRow & {
  readonly state: 'waiting' | 'sent' | 'dead'
  readonly settledAt: Instant | undefined
  readonly reason: string | undefined
}

/** The newest journal event of a subject that no checkpoint covers yet. */
export type JournalHead = { readonly subject: SubjectKey; readonly sequence: number; readonly hash: Uint8Array }

/** A stored checkpoint: `number` counts from 1 without a gap; `body` is its signed bytes (see records/checkpoint.ts). */
export type StoredCheckpoint = { readonly number: number; readonly body: Uint8Array }

/** A subject with its document. */
export type HeldDocument = { readonly subject: SubjectKey; readonly stored: StoredDocument }

/** The part of a store that only looks. A command that inspects a running server's database is handed no more. */
export type StoreReader = Pick<
  Store,
  | 'read'
  | 'find'
  | 'page'
  | 'journal'
  | 'walk'
  | 'walkJournals'
  | 'count'
  | 'uncoveredHeads'
  | 'lastCheckpoint'
  | 'checkpoints'
  | 'close'
>

export interface Store {
  /**
   * One subject's document, as of a moment not earlier than the newest answered commit. `anew`: from the database, also where
   * the store has it at hand: somebody may have mended there what did not open.
   */
  read(subject: SubjectKey, how?: 'anew'): Promise<StoredDocument | undefined>
  /** The subject that holds the first of `indexes` that anyone holds. Several: the same value under several keys. */
  find(indexes: readonly Uint8Array[]): Promise<SubjectKey | undefined>
  /** The same subject with its document: what nearly everybody who finds one asks for next, in one step. */
  readHolder(indexes: readonly Uint8Array[]): Promise<HeldDocument | undefined>
  /** One page of a gathering under any of `indexes` (the same gathering under several keys). */
  page(indexes: readonly Uint8Array[], request: PageRequest): Promise<Page>
  /** Compare-and-swap of one subject, with all that belongs to it; answered when durable. */
  commit(commit: Commit): Promise<CommitEnding>

  /** A subject's journal in order, from `from` (the first is 1), at most `limit` rows. */
  journal(subject: SubjectKey, from: number, limit: number): Promise<readonly JournalRow[]>

  /**
   * Takes up to `limit` messages that are due (or whose lease ended) until `leaseUntil`, in order of `due`, then id. An
   * expired one is given too: whoever takes it settles it as dead.
   */
  takeMessages(now: Instant, leaseUntil: Instant, limit: number): Promise<readonly TakenMessage[]>
  /** Settles taken messages. One that was settled before, or is not there, is passed over. */
  settleMessages(settlements: readonly { readonly id: string; readonly settlement: Settlement }[]): Promise<void>
  /** When the next waiting message is due or its lease ends, if there is one. */
  nextMessageDue(): Promise<Instant | undefined>
  /** Waiting, sent-and-kept and dead messages, newest `due` first. */
  keptMessages(limit: number): Promise<readonly KeptMessage[]>
  /** Dead messages, newest `due` first, then by id; those that come after `before` in that order. */
  deadMessages(limit: number, before?: Pick<OutboxRow, 'due' | 'id'>): Promise<readonly KeptMessage[]>
  /** One dead message, if it is one. */
  deadMessage(id: string): Promise<KeptMessage | undefined>
  /** Drops sent and dead messages whose time to be kept is over. */
  dropKeptMessages(now: Instant): Promise<void>

  /** Every document in key order (kind, then id), after `after`, at most `limit`. */
  walk(after: SubjectKey | undefined, limit: number): Promise<readonly HeldDocument[]>
  /** Every subject that has a journal, in key order, after `after`, at most `limit`; a removed subject's too. */
  walkJournals(after: SubjectKey | undefined, limit: number): Promise<readonly SubjectKey[]>
  /** How many documents there are, and how many are not sealed by `keyId`. */
  count(keyId?: string): Promise<{ readonly documents: number; readonly underOtherKeys: number }>
  /** Drops up to `limit` handles and memberships made by a key that is not in `keep`; answers how many went. */
  dropHandles(keep: readonly string[], limit: number): Promise<number>

  /** Journal heads that no checkpoint covers yet, in key order, at most `limit`. */
  uncoveredHeads(limit: number): Promise<readonly JournalHead[]>
  /**
   * Adds a checkpoint that covers `heads`; false, and nothing changed, when its number exists already (another node was
   * first). A head that moved on since it was read stays uncovered. A number that leaves a gap is a bug.
   */
  addCheckpoint(checkpoint: StoredCheckpoint, heads: readonly JournalHead[]): Promise<boolean>
  lastCheckpoint(): Promise<StoredCheckpoint | undefined>
  checkpoints(from: number, limit: number): Promise<readonly StoredCheckpoint[]>

  /** Throws when the store cannot be written to right now: readiness, not liveness. */
  probe(): Promise<void>
  /** Finishes what was accepted, then closes. */
  close(): Promise<void>
}

/** The database cannot be used as it is; `message` says what is wrong and what a person can do. Start-up stops on it. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable'
  /** Stable, for tests and exit codes. */
  readonly reason:
    | 'in_use'
    | 'newer_schema'
    | 'older_schema'
    | 'not_twostep'
    | 'corrupt'
    | 'read_only'
    | 'full'
    | 'exists'
    | 'unreachable'
    | 'half_copied'
  constructor(reason: StoreUnusable['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The store is away or cannot write now (disk full, connection gone). Nothing was changed, or the answer is unknown. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway'
}
