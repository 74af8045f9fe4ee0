// Commits on their way to the database: one JSON text that says what is to be done, and one run of bytes with all that
// is sealed or hashed, to which the text points. So a group of commits is two values, whatever is in it.

import type { Commit, Handle, Membership } from '../store.ts'

export type EncodedCommits = { readonly asked: string; readonly bytes: Buffer }

/** Writes down `commits` as `commit_2` and `commit_1` read them (see functions.ts). */
export function encodeCommits(commits: readonly Commit[]): EncodedCommits {
  const parts: Uint8Array[] = []
  let end = 0

  /** Adds bytes; answers where they begin, counted from 1 as SQL does. */
  function add(bytes: Uint8Array): number {
    parts.push(bytes)
    end += bytes.byteLength
    return end - bytes.byteLength + 1
  }

  const handle = ({ keyId, index }: Handle) => ({ index_from: add(index), key_id: keyId })
  const membership = ({ gathering, position, member }: Membership) => ({ ...handle(gathering), position, member })
  const body = (bytes: Uint8Array) => ({ body_from: add(bytes), body_size: bytes.byteLength })

  const asked = commits.map(({ subject, expects, commitId, document, ...commit }) => ({
    kind: subject.kind,
    id: subject.id,
    expects,
    commit_id: commitId,
    ...(document && { key_id: document.keyId, ...body(document.body) }),
    ...some('claims', commit.claims, handle),
    ...some('releases', commit.releases, handle),
    ...some('joins', commit.joins, membership),
    ...some('leaves', commit.leaves, membership),
    ...some('events', commit.events, event => ({
      sequence: event.sequence,
      at: event.at,
      key_id: event.keyId,
      ...body(event.body),
      hash_from: add(event.hash),
      hash_size: event.hash.byteLength,
    })),
    ...some('messages', commit.messages, message => ({
      id: message.id,
      due: message.due,
      expires: message.expires,
      key_id: message.keyId,
      ...body(message.body),
    })),
  }))
  return { asked: JSON.stringify(asked), bytes: Buffer.concat(parts, end) }
}

/** What is not there is not written. */
function some<T>(name: string, list: readonly T[], encode: (one: T) => object): object {
  return list.length === 0 ? {} : { [name]: list.map(encode) }
}
