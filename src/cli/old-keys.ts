// What still stands under older keys after a rotation, and so why they are kept. Counted from what is stored, page by page.

import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { open } from '#records/records.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { HeldDocument, StoreReader, SubjectKey } from '#storage/store.ts'

export type UnderOldKeys = {
  /** The keys of the ring that are not the active one. */
  readonly keys: readonly string[]
  /** PINs that nobody has entered right since: their verifiers can be made anew only from the PIN itself. */
  readonly pins: number
  /** Journal events: never sealed anew, for nobody could tell that from a forgery. */
  readonly events: number
  /** Documents; none after a rotation that came to its end. */
  readonly documents: number
}

const documentsAtATime = 256
const eventsAtATime = 1_000

/** Counts. `onProgress` is called with the number of documents looked at. A document that does not open is passed over. */
export async function countUnderOldKeys(
  store: StoreReader,
  secrets: Secrets,
  onProgress: (done: number) => void,
): Promise<UnderOldKeys> {
  const { active } = secrets.keyIds()
  const keys = secrets.ring
    .keys()
    .map(({ id }) => id)
    .filter(id => id !== active)
  let pins = 0
  let events = 0
  let documents = 0
  let done = 0
  for (let after: SubjectKey | undefined; ; ) {
    const batch = await store.walk(after, documentsAtATime)
    if (batch.length === 0) return { keys, pins, events, documents }
    for (const walked of batch) {
      if (walked.stored.keyId !== active) documents += 1
      if (hasOldPin(secrets, walked)) pins += 1
      events += await oldEvents(store, active, walked.subject)
    }
    after = batch.at(-1)?.subject
    done += batch.length
    onProgress(done)
  }
}

function hasOldPin(secrets: Secrets, { subject, stored }: HeldDocument): boolean {
  if (subject.kind !== 'number') return false
  try {
    const { lock }: PhoneNumber = open(secrets, 'number', subject.id, stored).document
    return lock.kind === 'set' && secrets.pinVerifierIsOld(lock.verifier)
  } catch {
    return false
  }
}

async function oldEvents(store: StoreReader, active: string, subject: SubjectKey): Promise<number> {
  let old = 0
  for (let from = 1; ; ) {
    const rows = await store.journal(subject, from, eventsAtATime)
    if (rows.length === 0) return old
    old += rows.filter(({ keyId }) => keyId !== active).length
    from = (rows.at(-1)?.sequence ?? from) + 1
  }
}
