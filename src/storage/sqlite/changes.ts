// Every change to the database, as functions that run inside a transaction which someone else begins and ends. Each
// checks all that can be refused before its first write, so that a refused one leaves nothing behind.

import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { assertLimit, assertNextCheckpoint, eventsGoOn } from '../commit-rules.ts'
import type {
  Commit,
  CommitEnding,
  JournalHead,
  OutboxRow,
  Place,
  Settlement,
  StoredCheckpoint,
  SubjectKey,
  TakenMessage,
} from '../store.ts'
import { type HeadRow, prepareChanges, type SubjectRow } from './change-statements.ts'

/** A handle or a membership that a sweep has come to. They are swept in the order of their keys, handles first. */
export type SweptTo =
  | { readonly table: 'handles'; readonly handle: Uint8Array }
  | ({ readonly table: 'memberships'; readonly gathering: Uint8Array } & Place)

export type Swept = { readonly dropped: number; readonly last: SweptTo | undefined }

const noHandleSwept: SweptTo = { table: 'handles', handle: new Uint8Array() }
const noMembershipSwept: SweptTo = { table: 'memberships', gathering: new Uint8Array(), position: '', member: '' }

/** Rows that are looked at in one change: commits wait behind it for a few milliseconds. */
const sweptAtOnce = 1_000

export type Changes = {
  /** `commit` is sound. */
  commit(commit: Commit): CommitEnding
  takeMessages(now: Instant, leaseUntil: Instant, limit: number): readonly TakenMessage[]
  settleMessages(settlements: readonly { readonly id: string; readonly settlement: Settlement }[]): void
  dropKeptMessages(now: Instant): void
  /** Whether handles or memberships may be there that no key in `keep` made. */
  mayHoldOthers(keep: readonly string[]): boolean
  /** Notes that a whole sweep found none. */
  holdsNoOthers(keep: readonly string[]): void
  /**
   * Looks at some handles or memberships behind `after` (from the first when absent) and drops those that are not made by a
   * key in `keep`, at most `limit`. `last`: the one looked at last; `undefined` when there is none behind it, nor in another
   * table.
   */
  sweepHandles(keep: readonly string[], limit: number, after?: SweptTo): Swept
  addCheckpoint(checkpoint: StoredCheckpoint, heads: readonly JournalHead[]): boolean
  probe(): void
}

/** The changes over `db`, the one writing connection. */
export function openChanges(db: DatabaseSync): Changes {
  const statements = prepareChanges(db)

  function commit(commit: Commit): CommitEnding {
    const { kind, id } = commit.subject
    const head = statements.head.get(kind, id)
    if (head !== undefined && Buffer.from(head.commitId).toString('hex') === commit.commitId) {
      return { kind: 'committed', version: head.version }
    }
    const standing = head?.live === 1 ? head.version : 0
    if (standing !== commit.expects) return { kind: 'lost_race' }
    if (commit.events.length > 0) {
      const newest = statements.newestEvent.get(kind, id)?.sequence ?? 0
      if (!eventsGoOn(commit, newest)) return { kind: 'lost_race' }
    }
    for (const claim of commit.claims) {
      const holder = statements.holder.get(claim.index)
      if (holder !== undefined && !isSame(holder, commit.subject)) return { kind: 'handle_taken' }
    }
    for (const { gathering, position, member } of commit.joins) {
      const stands = statements.standsAt.get(gathering.index, position, member)
      assert(stands === undefined || isSame(stands, commit.subject), 'a place in a gathering is one subject’s')
    }
    for (const message of commit.messages) assert(isNewMessage(message), 'a message id is new')

    const version = (head?.version ?? 0) + 1
    writeDocument(commit, head, version)
    writeHandles(commit)
    writeEvents(commit)
    for (const { id, due, expires, keyId, body } of commit.messages) {
      statements.addMessage.run(id, due, expires, due, keyId, body)
    }
    return { kind: 'committed', version }
  }

  function isNewMessage({ id }: OutboxRow): boolean {
    return statements.waitingMessage.get(id) === undefined && statements.settledMessage.get(id) === undefined
  }

  function writeDocument(commit: Commit, head: HeadRow | undefined, version: number): void {
    const { kind, id } = commit.subject
    const commitId = Buffer.from(commit.commitId, 'hex')
    const keyId = commit.document?.keyId ?? null
    const body = commit.document?.body ?? null
    if (head === undefined) statements.addDocument.run(kind, id, version, commitId, keyId, body)
    else statements.replaceDocument.run(version, commitId, keyId, body, head.rowid)
  }

  function writeHandles(commit: Commit): void {
    const { kind, id } = commit.subject
    for (const { index } of commit.releases) statements.release.run(index, kind, id)
    for (const { gathering, position, member } of commit.leaves) {
      statements.leave.run(gathering.index, position, member, kind, id)
    }
    for (const { index, keyId } of commit.claims) {
      statements.noteKey.run(keyId)
      statements.claim.run(index, keyId, kind, id)
    }
    for (const { gathering, position, member } of commit.joins) {
      statements.noteKey.run(gathering.keyId)
      statements.join.run(gathering.index, position, member, gathering.keyId, kind, id)
    }
  }

  const others = (keep: readonly string[]) => statements.indexKeys.all().filter(({ keyId }) => !keep.includes(keyId))

  function sweepHandles(keep: readonly string[], limit: number, after: SweptTo & { table: 'handles' }): Swept {
    const rows = statements.handlesAfter.all(after.handle, sweptAtOnce)
    const { dropped, last } = dropOthers(rows, keep, limit, ({ handle }) => statements.dropHandle.run(handle))
    return { dropped, last: last === undefined ? noMembershipSwept : { table: 'handles', handle: last.handle } }
  }

  function sweepMemberships(keep: readonly string[], limit: number, after: SweptTo & { table: 'memberships' }): Swept {
    const rows = statements.membershipsAfter.all(after.gathering, after.position, after.member, sweptAtOnce)
    const { dropped, last } = dropOthers(rows, keep, limit, ({ gathering, position, member }) =>
      statements.dropMembership.run(gathering, position, member),
    )
    if (last === undefined) return { dropped, last }
    const { gathering, position, member } = last
    return { dropped, last: { table: 'memberships', gathering, position, member } }
  }

  function writeEvents(commit: Commit): void {
    const { kind, id } = commit.subject
    for (const { sequence, at, keyId, body, hash } of commit.events) {
      statements.addEvent.run(kind, id, sequence, at, keyId, body, hash)
    }
    const newest = commit.events.at(-1)
    if (newest !== undefined) statements.moveHead.run(kind, id, newest.sequence, newest.hash)
  }

  function settle(id: string, settlement: Settlement): void {
    switch (settlement.kind) {
      case 'again':
        statements.postpone.run(settlement.due, settlement.due, id)
        return
      case 'sent':
        if (settlement.keepUntil !== undefined) {
          statements.keepMessage.run('sent', settlement.at, settlement.keepUntil, null, id)
        }
        break
      case 'dead':
        statements.keepMessage.run('dead', settlement.at, settlement.keepUntil ?? null, settlement.reason, id)
        break
    }
    statements.dropMessage.run(id)
  }

  return {
    commit,

    takeMessages(now, leaseUntil, limit) {
      assertLimit(limit)
      return statements.freeMessages.all(now, now, limit).map(row => {
        statements.lease.run(leaseUntil, row.id)
        return { ...row, attempt: row.attempt + 1 }
      })
    },

    settleMessages(settlements) {
      for (const { id, settlement } of settlements) settle(id, settlement)
    },

    dropKeptMessages(now) {
      statements.dropKept.run(now)
    },

    mayHoldOthers: keep => others(keep).length > 0,

    holdsNoOthers(keep) {
      for (const { keyId } of others(keep)) statements.forgetKey.run(keyId)
    },

    sweepHandles(keep, limit, after = noHandleSwept) {
      assertLimit(limit)
      return after.table === 'handles' ? sweepHandles(keep, limit, after) : sweepMemberships(keep, limit, after)
    },

    addCheckpoint(checkpoint, heads) {
      const last = statements.lastCheckpoint.get()?.number ?? 0
      if (checkpoint.number <= last) return false
      assertNextCheckpoint(checkpoint.number, last, heads)
      statements.addCheckpoint.run(checkpoint.number, checkpoint.body)
      for (const { subject, sequence } of heads) statements.coverHead.run(subject.kind, subject.id, sequence)
      return true
    },

    probe() {
      statements.probe.run()
    },
  }
}

/** Drops rows that no key in `keep` made, at most `limit`. `last`: the one looked at last. */
function dropOthers<Row extends { readonly keyId: string }>(
  rows: readonly Row[],
  keep: readonly string[],
  limit: number,
  drop: (row: Row) => void,
): { readonly dropped: number; readonly last: Row | undefined } {
  let dropped = 0
  for (const row of rows) {
    if (keep.includes(row.keyId)) continue
    drop(row)
    dropped += 1
    if (dropped === limit) return { dropped, last: row }
  }
  return { dropped, last: rows.at(-1) }
}

const isSame = (one: SubjectRow, other: SubjectKey): boolean => one.kind === other.kind && one.id === other.id
