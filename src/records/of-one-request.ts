// Records as one request sees them: what it read or wrote of a subject it need not read again to decide on a change. The
// commit says whether that still stands: it names the version that was decided on, and only the newest can be replaced.
//
//     load, find ──▶ remembered ──▶ recall ──▶ decide ──▶ commit ──▶ remembered
//                                                            └── lost race: nothing is recalled, it is loaded
//
// For one request and no longer; an answer that goes on for hours loads before each change. A database that fell back to a
// copy of its own, some commits behind, counts versions anew, and a document from before must not pass there for another of
// the same number.

import type { Kind } from './kinds.ts'
import type { Records, Subject } from './records.ts'

/** `records`, with a memory that lives as long as what this returns. */
export function ofOneRequest(records: Records): Records {
  const remembered = new Map<string, () => Subject<Kind>>()

  function remember<K extends Kind>(subject: Subject<K> | undefined): Subject<K> | undefined {
    if (subject !== undefined) remembered.set(`${subject.kind}/${subject.id}`, () => subject as Subject<Kind>)
    return subject
  }

  return {
    ...records,
    load: async (kind, id) => remember(await records.load(kind, id)),
    find: async (kind, name) => remember(await records.find(kind, name)),
    async commit(subject, changes, cause) {
      const key = `${subject.kind}/${subject.id}`
      remembered.delete(key)
      const { ending, next } = await records.replace(subject, changes, cause)
      if (next !== undefined) remembered.set(key, next as () => Subject<Kind>)
      return ending
    },
    recall<K extends Kind>(kind: K, id: string): Subject<K> | undefined {
      const subject = remembered.get(`${kind}/${id}`)?.() as Subject<K> | undefined
      return subject === undefined || records.isOvertaken(subject) ? undefined : subject
    },
  }
}
