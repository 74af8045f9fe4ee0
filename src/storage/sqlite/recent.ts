// What was read or written not long ago: rows of documents, and who holds a handle. One server has the file, and every
// change of it passes through here, so what is kept is what is stored until a commit replaces it. A request reads the row
// of its subject several times over, and the next request is mostly about one of the same.

import { remember } from '#core/kernel/remember.ts'
import type { Commit, CommitEnding, Handle, StoredDocument, SubjectKey } from '../store.ts'

export type Recent = {
  readonly row: (subject: SubjectKey) => StoredDocument | undefined
  /** Keeps a row as it was read a moment ago. */
  readonly keepRow: (subject: SubjectKey, row: StoredDocument) => void
  readonly forgetRow: (subject: SubjectKey) => void
  readonly holder: (index: Uint8Array) => SubjectKey | undefined
  readonly keepHolder: (index: Uint8Array, subject: SubjectKey) => void
  /** Follows a commit that is durable, before anybody is told of it. */
  readonly follow: (commit: Commit, ending: CommitEnding) => void
  /** Forgets what a commit may have changed whose ending is not known. */
  readonly doubt: (commit: Commit) => void
  readonly forgetHolders: () => void
  readonly forget: () => void
}

/** `bound`: most rows, a few kilobytes each, and as many holders; the ones kept longest go first. */
export function keepRecent(bound = 512): Recent {
  const rows = new Map<string, StoredDocument>()
  const holders = new Map<string, SubjectKey>()

  function keepRow(subject: SubjectKey, row: StoredDocument): void {
    const place = placeOf(subject)
    const known = rows.get(place)
    // Versions only grow, so the greater one is the newer row, whatever the order they are told in.
    if (known !== undefined && known.version >= row.version) return
    remember(rows, place, row, bound)
  }

  const forgetRow = (subject: SubjectKey): void => void rows.delete(placeOf(subject))
  const forgetHolder = ({ index }: Handle): boolean => holders.delete(keyOf(index))
  const forgetHolders = (): void => holders.clear()

  function forgetHoldersOf({ document, claims, releases }: Commit): void {
    // What it was found by goes with a subject, and the commit does not list it.
    if (document === undefined) forgetHolders()
    claims.forEach(forgetHolder)
    releases.forEach(forgetHolder)
  }

  return {
    row: subject => rows.get(placeOf(subject)),
    keepRow,
    forgetRow,
    holder: index => holders.get(keyOf(index)),
    keepHolder: (index, subject) => remember(holders, keyOf(index), subject, bound),
    follow(commit, ending) {
      if (ending.kind !== 'committed') return
      const { subject, document } = commit
      if (document === undefined) forgetRow(subject)
      else keepRow(subject, { version: ending.version, ...document })
      forgetHoldersOf(commit)
    },
    doubt(commit) {
      forgetRow(commit.subject)
      forgetHoldersOf(commit)
    },
    forgetHolders,
    forget() {
      rows.clear()
      forgetHolders()
    },
  }
}

const placeOf = ({ kind, id }: SubjectKey): string => `${kind}/${id}`
const keyOf = (index: Uint8Array): string =>
  Buffer.from(index.buffer, index.byteOffset, index.length).toString('latin1')
