// Checkpoints: signed statements over the newest event of every journal that moved since the last one. Each carries the
// hash of the one before, so the newest stands for all heads there are. They are written to the store and also handed
// out (to a file beside it, to the log): whoever can change the database cannot take back what has left the house.
//
//     journals move ──▶ uncovered heads ──▶ checkpoint n (heads, hash of n-1, signature) ──▶ covered
//                                                └─▶ receipt: number, hash, time ──▶ file and log

import { createHash } from 'node:crypto'
import type { Instant } from '#core/kernel/instant.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { JournalHead, Store, StoredCheckpoint, SubjectKey } from '#storage/store.ts'

/** A checkpoint as it is read back. */
export type Checkpoint = {
  readonly number: number
  readonly at: Instant
  /** Hash of the checkpoint before, in hex; 64 zeros before the first. */
  readonly before: string
  readonly heads: readonly JournalHead[]
}

/** What is handed out: enough to notice later that checkpoints were cut off or replaced. */
export type Receipt = { readonly number: number; readonly hash: string; readonly at: Instant; readonly heads: number }

const purpose = 'journal-checkpoint'
const nothingBefore = '0'.repeat(64)

/** Most heads in one checkpoint; what is left is covered by the next one at once. */
export const headsPerCheckpoint = 4_096

/**
 * Writes checkpoints until every journal is covered, and answers their receipts in order. `handOut` gets each one as soon as
 * it is stored, so that a fault in the next one does not lose it.
 */
export async function coverJournals(
  store: Store,
  secrets: Secrets,
  now: Instant,
  handOut: (receipt: Receipt) => void = () => {},
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = []
  for (;;) {
    const heads = await store.uncoveredHeads(headsPerCheckpoint)
    if (heads.length === 0) return receipts
    const last = await store.lastCheckpoint()
    const checkpoint = {
      number: (last?.number ?? 0) + 1,
      at: now,
      before: last === undefined ? nothingBefore : hashOf(last.body),
      heads,
    }
    const body = encode(secrets, checkpoint)
    // Another node was first with this number: its heads are covered, so look again.
    if (!(await store.addCheckpoint({ number: checkpoint.number, body }, heads))) continue
    const receipt = { number: checkpoint.number, hash: hashOf(body), at: now, heads: heads.length }
    receipts.push(receipt)
    handOut(receipt)
  }
}

/** Reads a checkpoint back. `undefined` when its bytes are not what was signed under a key of the ring. */
export function readCheckpoint(secrets: Secrets, stored: StoredCheckpoint): Checkpoint | undefined {
  const text = Buffer.from(stored.body).toString()
  const line = text.indexOf('\n')
  if (line < 0) return undefined
  const statement = text.slice(0, line)
  try {
    const signature: { keyId: string; signature: string } = JSON.parse(text.slice(line + 1))
    const signed = { keyId: signature.keyId, signature: Buffer.from(signature.signature, 'base64') }
    if (!secrets.verify(purpose, Buffer.from(statement), signed)) return undefined
    const { number, at, before, heads }: Written = JSON.parse(statement)
    if (number !== stored.number) return undefined
    return {
      number,
      at,
      before,
      heads: heads.map(([kind, id, sequence, hash]) => ({
        subject: { kind, id },
        sequence,
        hash: Buffer.from(hash, 'base64'),
      })),
    }
  } catch {
    return undefined
  }
}

type Written = {
  readonly number: number
  readonly at: Instant
  readonly before: string
  readonly heads: readonly (readonly [string, string, number, string])[]
}

// One line of JSON, a line break, the signature over the line.
function encode(secrets: Secrets, checkpoint: Checkpoint): Uint8Array {
  const heads = checkpoint.heads.map(head => [
    ...keyOf(head.subject),
    head.sequence,
    Buffer.from(head.hash).toString('base64'),
  ])
  const { number, at, before } = checkpoint
  const statement = JSON.stringify({ number, at, before, heads })
  const signed = secrets.sign(purpose, Buffer.from(statement))
  const signature = { keyId: signed.keyId, signature: Buffer.from(signed.signature).toString('base64') }
  return Buffer.from(`${statement}\n${JSON.stringify(signature)}`)
}

/** The hash that the next checkpoint and the receipt carry, in hex. */
export const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

/** What the first checkpoint carries as the hash before it. */
export const noCheckpointBefore = nothingBefore

const keyOf = (subject: SubjectKey) => [subject.kind, subject.id]
