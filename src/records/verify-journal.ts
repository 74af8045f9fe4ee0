// Verifying the journal: every chain event by event, against its document, and against every checkpoint and receipt. It
// reads only, also beside a running server, and names each place that does not hold.
//
//     checkpoints ──▶ newest signed head per subject ─┐
//     each journal, each document ────────────────────┴─▶ look ── amiss ──▶ look again ── amiss ──▶ suspects
//     suspects, with every head that was ever signed for them ──▶ the first place that does not hold

import type { Instant } from '#core/kernel/instant.ts'
import { equalBytes } from '#secrets/equal.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { JournalRow, StoreReader, SubjectKey } from '#storage/store.ts'
import type { Receipt } from './checkpoint.ts'
import { beginning, type Head, hashOf, readEntry } from './journal.ts'
import type { Kind } from './kinds.ts'
import { open, type Subject } from './records.ts'
import { type CheckpointFinding, nameOf, readCheckpoints, readSignedHeads, type SignedHead } from './signed-heads.ts'
import { isFoundByItsNames } from './verify-names.ts'

/**
 * A place that does not hold. `sequence` is that of the event, or of the first one that is missing; for a document that
 * was set back to an older one, of the first event that it knows nothing of.
 */
export type Finding =
  | {
      readonly kind: 'edited' | 'removed' | 'reordered' | 'cut_off' | 'unreadable' | 'document_set_back'
      readonly subject: SubjectKey
      readonly sequence: number
    }
  /** A document that does not open (changed, or copied over another), or is gone while its journal is there. */
  | DocumentFinding
  /** A look-up that the document promises leads nowhere, or to another subject. */
  | { readonly kind: 'lookup_removed'; readonly subject: SubjectKey }
  | CheckpointFinding
  /** A checkpoint signed another head for this subject: its whole chain was replaced or set back. */
  | { readonly kind: 'rewritten'; readonly subject: SubjectKey; readonly sequence: number; readonly number: number }

type DocumentFinding = { readonly kind: 'document_unreadable' | 'document_missing'; readonly subject: SubjectKey }

export type Verified = {
  readonly subjects: number
  readonly events: number
  readonly checkpoints: number
  /** Events that no checkpoint covers yet, the newest of their subjects: those could be cut off unseen. */
  readonly uncovered: number
  /** When the oldest of them happened. Long ago means that checkpoints are not being made. */
  readonly uncoveredSince: Instant | undefined
  /** The first place of each subject that does not hold; checkpoints come first, then subjects in key order. */
  readonly findings: readonly Finding[]
}

export type VerifyOptions = {
  /** What was handed out and kept elsewhere; shows checkpoints that were cut off. Read it before the store. */
  readonly receipts?: readonly Receipt[]
  /** Called with the number of journals read so far. */
  readonly onProgress?: (done: number) => void
  /** Stops after so many findings: a database that is one big ruin needs no longer list. */
  readonly most?: number
}

/** After how many findings a verification stops, unless it is told another number. */
export const mostFindings = 100

const rowsAtATime = 1_000
const subjectsAtATime = 256

/** Verifies the whole store. What looks wrong is looked at again before it is blamed: a server may be at work. */
export async function verifyJournal(
  store: StoreReader,
  secrets: Secrets,
  options: VerifyOptions = {},
): Promise<Verified> {
  const { onProgress = () => {}, most = mostFindings, receipts = [] } = options
  const signed = await readSignedHeads(store, secrets, receipts)
  const { newest, suspects } = signed
  const totals = { subjects: 0, events: 0, uncovered: 0, uncoveredSince: undefined as Instant | undefined }

  const meet = async (subject: SubjectKey): Promise<void> => {
    const name = nameOf(subject)
    const head = newest.get(name)
    const look = () => verifySubject(store, secrets, subject, head === undefined ? [] : [head])
    const first = await look()
    // The keys may have rotated since this process read them.
    if (first.finding !== undefined) secrets.ring.reload()
    const sure = first.finding === undefined ? first : await look()
    if (sure.finding !== undefined) suspects.set(name, subject)
    newest.delete(name)
    totals.subjects += 1
    totals.events += sure.events
    totals.uncovered += sure.uncovered
    if (sure.uncoveredSince !== undefined) {
      totals.uncoveredSince = Math.min(totals.uncoveredSince ?? sure.uncoveredSince, sure.uncoveredSince) as Instant
    }
  }

  for await (const subject of journals(store)) {
    if (suspects.size >= most) break
    await meet(subject)
    onProgress(totals.subjects)
  }
  for await (const subject of documentsWithoutJournal(store)) {
    if (suspects.size >= most) break
    await meet(subject)
  }
  // Signed once, and nothing of it is left at all. When the walks were cut short, what they did not reach is not missing.
  if (suspects.size < most) for (const [name, { subject }] of newest) suspects.set(name, subject)

  const findings = [...signed.findings, ...(await firstPlaces(store, secrets, suspects))].slice(0, most)
  return { ...totals, checkpoints: signed.count, findings }
}

async function* journals(store: StoreReader): AsyncGenerator<SubjectKey> {
  for (let after: SubjectKey | undefined; ; ) {
    const batch = await store.walkJournals(after, subjectsAtATime)
    if (batch.length === 0) return
    yield* batch
    after = batch.at(-1)
  }
}

// A subject whose whole journal was taken away is on no list of journals.
async function* documentsWithoutJournal(store: StoreReader): AsyncGenerator<SubjectKey> {
  for (let after: SubjectKey | undefined; ; ) {
    const batch = await store.walk(after, subjectsAtATime)
    if (batch.length === 0) return
    for (const { subject } of batch) if ((await store.journal(subject, 1, 1)).length === 0) yield subject
    after = batch.at(-1)?.subject
  }
}

/** Looks once more at those that seem wrong, with all that was ever signed for them: only that tells where it begins. */
async function firstPlaces(
  store: StoreReader,
  secrets: Secrets,
  suspects: ReadonlyMap<string, SubjectKey>,
): Promise<readonly Finding[]> {
  if (suspects.size === 0) return []
  const heads = new Map<string, SignedHead[]>([...suspects.keys()].map(name => [name, []]))
  for await (const { checkpoint } of readCheckpoints(store, secrets)) {
    for (const head of checkpoint?.heads ?? []) {
      heads.get(nameOf(head.subject))?.push({ ...head, number: checkpoint?.number ?? 0 })
    }
  }
  const findings: Finding[] = []
  for (const [name, subject] of suspects) {
    const { finding } = await verifySubject(store, secrets, subject, heads.get(name) ?? [])
    if (finding !== undefined) findings.push(finding)
  }
  return findings
}

type Looked = {
  readonly finding: Finding | undefined
  readonly events: number
  readonly uncovered: number
  readonly uncoveredSince: Instant | undefined
}

/** Follows one chain from its first event to the first place that does not hold. */
async function verifySubject(
  store: StoreReader,
  secrets: Secrets,
  subject: SubjectKey,
  signed: readonly SignedHead[],
): Promise<Looked> {
  // The document is read before and after its journal: what the first reading knows must all be there, and what was in the
  // journal by then the second must know, for they are committed together. In between, a server may go on.
  const opened = await openDocument(store, secrets, subject)
  const covered = Math.max(0, ...signed.map(each => each.sequence))
  let head = beginning
  let uncovered = 0
  let uncoveredSince: Instant | undefined
  const looked = (finding: Finding | undefined): Looked => {
    return { finding, events: head.sequence, uncovered, uncoveredSince }
  }

  if (!('document' in opened)) {
    const gone = opened.kind === 'document_missing' && (await store.journal(subject, 1, 1)).length === 0
    return looked(gone ? { kind: 'removed', subject, sequence: 1 } : opened)
  }
  const document = opened.head
  if (!(await isFoundByItsNames(store, secrets, opened))) return looked({ kind: 'lookup_removed', subject })
  for (;;) {
    const rows = await store.journal(subject, head.sequence + 1, rowsAtATime)
    for (const row of rows) {
      const finding = wrongWith(secrets, subject, head, row, rows) ?? contradicted(subject, row, document, signed)
      if (finding !== undefined) return looked(finding)
      head = { sequence: row.sequence, hash: row.hash }
      if (row.sequence > covered) {
        uncovered += 1
        uncoveredSince ??= row.at
      }
    }
    // A busy subject is not chased.
    if (rows.length < rowsAtATime) break
  }
  if (head.sequence < document.sequence) return looked({ kind: 'cut_off', subject, sequence: head.sequence + 1 })
  const beyond = signed.find(({ sequence }) => sequence > head.sequence)
  if (beyond !== undefined) {
    return looked({ kind: 'rewritten', subject, sequence: head.sequence + 1, number: beyond.number })
  }
  if (head.sequence === document.sequence) return looked(undefined)
  const after = await openDocument(store, secrets, subject)
  if (!('document' in after)) return looked(after)
  const setBack = after.head.sequence < head.sequence
  return looked(setBack ? { kind: 'document_set_back', subject, sequence: after.head.sequence + 1 } : undefined)
}

async function openDocument(
  store: StoreReader,
  secrets: Secrets,
  subject: SubjectKey,
): Promise<Subject<Kind> | DocumentFinding> {
  const stored = await store.read(subject)
  if (stored === undefined) return { kind: 'document_missing', subject }
  try {
    return open(secrets, subject.kind as Kind, subject.id, stored)
  } catch {
    return { kind: 'document_unreadable', subject }
  }
}

/** What is wrong with an event in itself and in its place behind `before`. */
function wrongWith(
  secrets: Secrets,
  subject: SubjectKey,
  before: Head,
  row: JournalRow,
  around: readonly JournalRow[],
): Finding | undefined {
  const sequence = before.sequence + 1
  if (row.sequence !== sequence) return { kind: 'removed', subject, sequence }
  const chained = equalBytes(hashOf(subject, before.hash, row), row.hash)
  if (opens(secrets, subject, row)) return chained ? undefined : { kind: 'edited', subject, sequence }
  // An event that opens in another's place stood there before; its time may have moved with it or not.
  const stoodAt = (other: JournalRow): boolean =>
    opens(secrets, subject, { ...row, sequence: other.sequence }) ||
    opens(secrets, subject, { ...row, sequence: other.sequence, at: other.at })
  const moved = around.some(other => other.sequence !== sequence && stoodAt(other))
  return { kind: moved ? 'reordered' : chained ? 'unreadable' : 'edited', subject, sequence }
}

/** Whether the document or a checkpoint knows this event by another hash. */
function contradicted(
  subject: SubjectKey,
  { sequence, hash }: JournalRow,
  document: Head,
  signed: readonly SignedHead[],
): Finding | undefined {
  const other = signed.find(each => each.sequence === sequence && !equalBytes(each.hash, hash))
  if (other !== undefined) return { kind: 'rewritten', subject, sequence, number: other.number }
  if (document.sequence === sequence && !equalBytes(document.hash, hash)) return { kind: 'edited', subject, sequence }
  return undefined
}

function opens(secrets: Secrets, subject: SubjectKey, row: JournalRow): boolean {
  try {
    // What lies deeper inside may have been forgotten; that nobody changed it, the hash says.
    readEntry(secrets, subject, row)
    return true
  } catch {
    return false
  }
}
