// A crowd: as many phone numbers as wanted, to see what size does to speed. Their rows are as many and as long as those of
// a real one, which is made first and looked at; they have random keys, and hold random bytes: sealed ones look just so. They
// say that the ring's own key made them: a server drops what stands under a key that is gone, in the background.
// Nobody asks about them; a town of real ones is built among them.

import { randomBytes } from 'node:crypto'
import { SingleBar } from 'cli-progress'
import type { Commit } from '#storage/store.ts'
import type { RowSink } from '#storage/transfer/rows.ts'
import type { Rows } from '#storage/transfer/tables.ts'

/** Numbers that travel together into the sink. */
const page = 5_000
const perBusiness = 500

/** Fills an empty sink with `many` numbers like the one that `real` stores, drawing a bar, and makes it a database. */
export async function fillWithCrowd(sink: RowSink, many: number, real: Commit, label: string): Promise<void> {
  const begun = await sink.begin({ fingerprint: `crowd of ${many}`, from: 'the bench' })
  if (begun.kind !== 'begun') throw new Error('a crowd is made in an empty place')
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} numbers, {eta_formatted} left`,
    stream: process.stderr,
  })
  bar.start(many, 0)
  const bytes = pool()
  for (let from = 0; from < many; from += page) {
    const ids = Array.from({ length: Math.min(page, many - from) }, (_, at) => idAt(from + at, many))
    await sink.load(
      'documents',
      ids.map(id => documentOf(id, real, bytes)),
    )
    await sink.load(
      'handles',
      ids.flatMap((id, at) => handlesOf(id, real, from + at, many)),
    )
    await sink.load(
      'memberships',
      ids.flatMap((id, at) => membershipsOf(id, real, from + at, many)),
    )
    await sink.load(
      'journal',
      ids.flatMap(id => eventsOf(id, real, bytes)),
    )
    bar.update(from + ids.length)
  }
  bar.stop()
  await sink.index()
  await sink.finish()
}

/**
 * Ids in the order of their keys, spread over all there are: a page of them lies together in the tree, and is written
 * fast, and the trees come out as deep and as wide as those of numbers that came by and by.
 */
const idAt = (at: number, many: number): string => spread(at, many) + randomBytes(10).toString('hex')

const spread = (at: number, many: number): string =>
  Math.floor((at / many) * 2 ** 48)
    .toString(16)
    .padStart(12, '0')

const documentOf = (id: string, { document, events }: Commit, bytes: () => Uint8Array): Rows['documents'] => {
  return [
    'number',
    id,
    events.length,
    randomBytes(16),
    document?.keyId ?? null,
    bytes().subarray(0, document?.body.length),
  ]
}

/** By its number, by its claim: each kind of them lies together, and each one anywhere among its kind. */
const handlesOf = (id: string, { claims }: Commit, at: number, many: number): Rows['handles'][] =>
  claims.map(({ keyId }, which) => {
    const head = Buffer.from(spread(at, many), 'hex')
    const tail = randomBytes(26)
    tail[0] = which
    return [Buffer.concat([head, tail]), keyId, 'number', id]
  })

function membershipsOf(id: string, { joins }: Commit, at: number, many: number): Rows['memberships'][] {
  const business = Math.floor(at / perBusiness) * perBusiness
  const member = String(at).padStart(15, '0')
  return joins.map(({ gathering: { keyId } }, which) => {
    const gathering = Buffer.alloc(32, which)
    gathering.write(spread(business, many), 'hex')
    return [gathering, String(1_700_000_000_000 + at).padStart(15, '0'), member, keyId, 'number', id]
  })
}

const eventsOf = (id: string, { events }: Commit, bytes: () => Uint8Array): Rows['journal'][] =>
  events.map(({ keyId, body, hash }, at) => {
    const sealed = bytes().subarray(0, body.length)
    return ['number', id, at + 1, 1_700_000_000_000, keyId, sealed, bytes().subarray(0, hash.length)]
  })

/** Random bytes by the slice: no two rows share theirs at the same place, and nobody waits for the dice. */
function pool(): () => Uint8Array {
  const all = randomBytes(1 << 22)
  let at = 0
  return () => {
    at = (at + 1_237) % (all.length - 4_096)
    return all.subarray(at, at + 4_096)
  }
}
