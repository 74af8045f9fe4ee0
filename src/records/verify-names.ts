// Whether a subject is found by what its document says it is found by. Whoever writes the database could take a look-up
// away: the number would look new, and be claimed past its PIN.

import type { Secrets } from '#secrets/secrets.ts'
import type { StoreReader } from '#storage/store.ts'
import { type DocumentOf, type Found, foundBy, type Kind } from './kinds.ts'
import type { Subject } from './records.ts'

/** Whether every name in the document leads back to the subject. */
export async function isFoundByItsNames(
  store: StoreReader,
  secrets: Secrets,
  subject: Subject<Kind>,
): Promise<boolean> {
  const { names } = (foundBy[subject.kind] as (document: DocumentOf<Kind>) => Found)(subject.document)
  for (const { purpose, value } of names) {
    const found = await store.find(secrets.handles(purpose, value).map(handle => handle.index))
    if (found?.kind !== subject.kind || found.id !== subject.id) return false
  }
  return true
}
