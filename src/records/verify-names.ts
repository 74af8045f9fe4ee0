// Whether a subject is found by what its document says it is found by. Whoever writes the database could take a look-up
// away: the number would look new, and be claimed past its PIN.

import type { Secrets } from '#secrets/secrets.ts'
import type { StoreReader, SubjectKey } from '#storage/store.ts'
import { type DocumentOf, type Found, foundBy, type Kind } from './kinds.ts'
import { open } from './records.ts'

/** True when every name in the document leads back to the subject; also when there is no document that opens. */
export async function isFoundByItsNames(store: StoreReader, secrets: Secrets, subject: SubjectKey): Promise<boolean> {
  const kind = subject.kind as Kind
  const stored = await store.read(subject)
  if (stored === undefined) return true
  const { document } = open(secrets, kind, subject.id, stored)
  const { names } = (foundBy[kind] as (document: DocumentOf<Kind>) => Found)(document)
  for (const { purpose, value } of names) {
    const found = await store.find(secrets.handles(purpose, value).map(handle => handle.index))
    if (found?.kind !== subject.kind || found.id !== subject.id) return false
  }
  return true
}
