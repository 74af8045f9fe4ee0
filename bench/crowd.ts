// A crowd: as many phone numbers as wanted, to see what size does to speed. Their rows are as many and as long as those of
// real ones, under random keys, and hold random bytes: sealed ones look just so. Nobody asks about them; a town of real
// ones is built among them.

import { randomBytes } from 'node:crypto'
import { SingleBar } from 'cli-progress'
import type { RowSink } from '#storage/transfer/rows.ts'
import type { Rows } from '#storage/transfer/tables.ts'
import { bytesOf } from './commit-shape.ts'

/** Numbers that travel together into the sink. */
const page = 5_000
const perBusiness = 500
const eventsEach = 2
const keyId = 'k1'

/** Fills an empty sink with `many` numbers, drawing a bar, and makes it a database. */
export async function fillWithCrowd(sink: RowSink, many: number, label: string): Promise<void> {
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
      ids.map(id => documentOf(id, bytes)),
    )
    await sink.load(
      'handles',
      ids.flatMap((id, at) => handlesOf(id, from + at, many)),
    )
    await sink.load(
      'memberships',
      ids.flatMap((id, at) => membershipsOf(id, from + at, many)),
    )
    await sink.load(
      'journal',
      ids.flatMap(id => eventsOf(id, bytes)),
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

const documentOf = (id: string, bytes: () => Uint8Array): Rows['documents'] => {
  return ['number', id, 7, randomBytes(16), keyId, bytes().subarray(0, bytesOf.document)]
}

/** By its number, and by its claim. */
function handlesOf(id: string, at: number, many: number): Rows['handles'][] {
  return ['1', '8'].map(half => {
    const head = Buffer.from(spread(at, many), 'hex')
    const tail = randomBytes(26)
    tail[0] = half.charCodeAt(0)
    return [Buffer.concat([head, tail]), keyId, 'number', id]
  })
}

function membershipsOf(id: string, at: number, many: number): Rows['memberships'][] {
  const business = Math.floor(at / perBusiness) * perBusiness
  const member = String(at).padStart(15, '0')
  return [1, 2].map(which => {
    const gathering = Buffer.alloc(32, which)
    gathering.write(spread(business, many), 'hex')
    return [gathering, String(1_700_000_000_000 + at).padStart(15, '0'), member, keyId, 'number', id]
  })
}

const eventsOf = (id: string, bytes: () => Uint8Array): Rows['journal'][] =>
  Array.from({ length: eventsEach }, (_, at) => {
    const body = bytes().subarray(0, bytesOf.event)
    return ['number', id, at + 1, 1_700_000_000_000, keyId, body, bytes().subarray(0, 32)]
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
