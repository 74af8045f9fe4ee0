// What verifying a journal found, in plain words.

import { type Finding, mostFindings, type Verified } from '#records/verify-journal.ts'
import type { SubjectKey } from '#storage/store.ts'
import type { CommandEnding } from './ending.ts'
import type { ReceiptsRead } from './receipts.ts'

/** One finding as a sentence that names the place. */
export function describeFinding(finding: Finding): string {
  switch (finding.kind) {
    case 'edited':
      return `${eventOf(finding)} was edited.`
    case 'unreadable':
      return `${eventOf(finding)} was replaced: it fits the chain, and was never sealed there.`
    case 'reordered':
      return `${eventOf(finding)} was reordered: what stands there belongs in another place.`
    case 'removed':
      return `${eventOf(finding)} was removed.`
    case 'cut_off':
      return `${nameOf(finding.subject)}: everything from event ${finding.sequence} on was cut off.`
    case 'document_unreadable':
      return `${nameOf(finding.subject)}: its document does not open. It was edited, or copied from another subject or time.`
    case 'document_set_back':
      return `${nameOf(finding.subject)}: its document was set back to one that knows nothing of event ${finding.sequence}.`
    case 'lookup_removed':
      return `${nameOf(finding.subject)}: it is not found any more by what its document is found by.`
    case 'document_missing':
      return `${nameOf(finding.subject)}: its document was removed; its journal is still there.`
    case 'rewritten':
      return (
        `${nameOf(finding.subject)}: the journal was rewritten from event ${finding.sequence} on, or from before it: ` +
        `checkpoint ${finding.number} signed another one. Perhaps the subject was set back to an older state.`
      )
    case 'checkpoint_edited':
      return `Checkpoint ${finding.number} was edited or replaced.`
    case 'checkpoint_removed':
      return `Checkpoint ${finding.number} was removed, and perhaps some after it.`
  }
}

const nameOf = ({ kind, id }: SubjectKey): string => `${kind} ${id}`
const eventOf = ({ subject, sequence }: { subject: SubjectKey; sequence: number }): string =>
  `${nameOf(subject)}: event ${sequence}`

/** What was read and what of it does not hold, as lines. */
export function describeVerified(verified: Verified, receipts: ReceiptsRead): readonly string[] {
  const { subjects, events, checkpoints, uncovered, uncoveredSince, findings } = verified
  const lines = [`Read ${count(subjects, 'subject')}, ${count(events, 'event')}, ${count(checkpoints, 'checkpoint')}.`]
  if (receipts.file === undefined) {
    lines.push('No receipts were at hand: whether the newest checkpoints were cut off cannot be told.')
  } else {
    lines.push(`Held against ${count(receipts.receipts.length, 'receipt')} of ${receipts.file}.`)
  }
  if (receipts.unreadable > 0) {
    lines.push(
      `${count(receipts.unreadable, 'line')} of it cannot be read: a crash cut it short, or somebody edited it.`,
    )
  }
  if (uncoveredSince !== undefined) {
    const since = new Date(uncoveredSince).toISOString()
    lines.push(
      `${count(uncovered, 'event')} (the oldest of ${since}) ${uncovered === 1 ? 'is' : 'are'} in no checkpoint yet, and could be cut off unseen.`,
    )
  }
  if (findings.length === 0) return [...lines, 'Everything holds.']
  const more = findings.length < mostFindings ? [] : ['  … and perhaps more: it stopped looking here.']
  return [...lines, 'This does not hold:', ...findings.map(finding => `  ${describeFinding(finding)}`), ...more]
}

/** The ending of a command that verified a journal. `before`: what it did besides. */
export function verifiedEnding(
  verified: Verified,
  receipts: ReceiptsRead,
  besides: { readonly words: readonly string[]; readonly json: object } = { words: [], json: {} },
): CommandEnding {
  const { findings, ...counts } = verified
  return {
    code: findings.length === 0 ? 0 : 1,
    words: [...describeVerified(verified, receipts), ...besides.words].join('\n'),
    json: {
      ...besides.json,
      holds: findings.length === 0,
      ...counts,
      receipts: { file: receipts.file, read: receipts.receipts.length, unreadable: receipts.unreadable },
      findings: findings.map(finding => ({ ...finding, words: describeFinding(finding) })),
    },
  }
}

export const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`
