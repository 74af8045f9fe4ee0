// What every store demands of what it is handed, so that a bug in the caller fails alike everywhere, and before
// anything is written.

import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Commit, JournalHead, OutboxRow, PageRequest, Place, Store, SubjectKey } from './store.ts'

/** Sorts before every sound place. */
export const firstPlace: Place = { position: '', member: '' }

/** Sorts after every sound place: DEL is above all printable ASCII. */
export const lastPlace: Place = { position: '\u007f', member: '\u007f' }

/** Sorts before every sound subject. */
export const firstSubject: SubjectKey = { kind: '', id: '' }

const indexBytes = 32
const textPattern = /^[\u0020-\u007e]{1,255}$/
const commitIdPattern = /^[0-9a-f]{32}$/

/** Printable ASCII, 1 to 255 characters: databases, collations and JavaScript agree on how it sorts. */
const isSoundText = (text: string): boolean => textPattern.test(text)

/** Throws `Broken` unless `limit` is a whole number above zero: SQL reads a negative one as "all". */
export function assertLimit(limit: number): void {
  assert(Number.isSafeInteger(limit) && limit > 0, 'a limit is a whole number above zero')
}

/** Throws `Broken` unless `commit` can be carried out by any store. */
export function assertSound(commit: Commit): void {
  const { subject, document, events, messages } = commit
  assert(isSoundText(subject.kind) && isSoundText(subject.id), 'a subject has a kind and an id in printable ASCII')
  assert(Number.isSafeInteger(commit.expects) && commit.expects >= 0, 'a commit expects a version, or 0')
  assert(commitIdPattern.test(commit.commitId), 'a commit id is 128 bits in lower-case hex')

  for (const handle of [...commit.claims, ...commit.releases]) assertIndex(handle.index)
  for (const { gathering, position, member } of [...commit.joins, ...commit.leaves]) {
    assertIndex(gathering.index)
    assert(isSoundText(position) && isSoundText(member), 'a place is printable ASCII')
  }
  events.forEach((event, at) => {
    assert(event.sequence === (events[0]?.sequence ?? 0) + at, 'the events of a commit are numbered without a gap')
  })
  assert(events.every(isWholeAt), 'an event happens at a whole millisecond')
  assert(new Set(messages.map(({ id }) => id)).size === messages.length, 'no two messages of a commit share an id')
  for (const { due, expires } of messages) assertWhole(due, expires)

  if (document === undefined) {
    assert(commit.expects > 0, 'only a subject that exists can be removed')
    assert(commit.claims.length === 0 && commit.joins.length === 0, 'a removed subject holds nothing')
  }
}

const isWholeAt = ({ at }: { readonly at: Instant }): boolean => Number.isSafeInteger(at)

function assertWhole(...moments: readonly Instant[]): void {
  assert(moments.every(Number.isSafeInteger), 'a database keeps moments in whole milliseconds')
}

/** Throws `Broken` unless any store can settle messages so. */
export function assertSettlements(settlements: Parameters<Store['settleMessages']>[0]): void {
  for (const { settlement } of settlements) {
    const { kind } = settlement
    if (kind === 'again') assertWhole(settlement.due)
    else assertWhole(settlement.at, settlement.keepUntil ?? settlement.at)
  }
}

function assertIndex(index: Uint8Array): void {
  assert(index.byteLength === indexBytes, 'a blind index has 32 bytes')
}

/** Throws `Broken` unless `request` can be answered by any store. */
export function assertPageRequest({ limit, after, before }: PageRequest): void {
  assertLimit(limit)
  assert(after === undefined || before === undefined, 'a page comes after a place or before one')
}

/**
 * Whether the events go on from the subject's `newest` one. False is a lost race: between load and commit of a creation,
 * another one made the subject and removed it, and its events are there. Throws `Broken` for every other mismatch: a gap
 * would look like a removed row.
 */
export function eventsGoOn({ expects, events }: Commit, newest: number): boolean {
  const first = events[0]?.sequence ?? newest + 1
  if (expects === 0 && first <= newest) return false
  assert(first === newest + 1, 'events go on from the newest one of their subject')
  return true
}

/** Throws `Broken` unless the checkpoint numbered `number` may follow the one numbered `last`. */
export function assertNextCheckpoint(number: number, last: number, heads: readonly JournalHead[]): void {
  assert(number === last + 1, 'checkpoints are numbered without a gap')
  assert(
    heads.every(head => Number.isSafeInteger(head.sequence) && head.sequence > 0),
    'a covered head is an event',
  )
}

/** The direction a page is read in, from where, and whether it must be turned round to stand in `order`. */
export type Reading = { readonly towards: 'later' | 'earlier'; readonly from: Place; readonly turned: boolean }

/** Turns a page request into a reading: `before` reads backwards from its place. */
export function readingOf({ after, before, order = 'ascending' }: PageRequest): Reading {
  const turned = before !== undefined
  const towards = (order === 'ascending') === !turned ? 'later' : 'earlier'
  return { towards, from: after ?? before ?? (towards === 'later' ? firstPlace : lastPlace), turned }
}

/** Negative, zero or positive, as `one` stands before, at or after `other`. */
export function comparePlaces(one: Place, other: Place): number {
  return compareText(one.position, other.position) || compareText(one.member, other.member)
}

/** Negative, zero or positive, as `one` comes before, at or after `other` in key order. */
export function compareSubjects(one: SubjectKey, other: SubjectKey): number {
  return compareText(one.kind, other.kind) || compareText(one.id, other.id)
}

/** Plain code order, as databases sort ASCII. */
export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** What every message comes after, in a list that begins with the newest. */
export const newestOfAll: Pick<OutboxRow, 'due' | 'id'> = { due: instantAt(Number.MAX_SAFE_INTEGER), id: '' }
