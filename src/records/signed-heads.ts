// The heads that checkpoints signed, for those who verify journals; and whether the checkpoints themselves hold: each
// signed under a key of the ring, carrying the hash of the one before, and known to the receipts by its own.

import type { Secrets } from '#secrets/secrets.ts'
import type { StoreReader, SubjectKey } from '#storage/store.ts'
import { type Checkpoint, hashOf, noCheckpointBefore, type Receipt, readCheckpoint } from './checkpoint.ts'
import type { Head } from './journal.ts'

const checkpointsAtATime = 256

/** A head as a checkpoint signed it; `number` is the checkpoint's. */
export type SignedHead = Head & { readonly subject: SubjectKey; readonly number: number }

/** A checkpoint that was changed; or the first of those that were taken away. */
export type CheckpointFinding = {
  readonly kind: 'checkpoint_edited' | 'checkpoint_removed'
  readonly number: number
}

export type SignedHeads = {
  readonly count: number
  readonly findings: readonly CheckpointFinding[]
  /** The newest head that was signed for each subject: as events are chained, it stands for all before it. */
  readonly newest: Map<string, SignedHead>
  /** Subjects for which two checkpoints contradict each other. */
  readonly suspects: Map<string, SubjectKey>
}

type ReadCheckpoint = {
  readonly number: number
  readonly hash: string
  readonly checkpoint: Checkpoint | undefined
}

/** Every stored checkpoint in order. A key that this process has not read yet is read. */
export async function* readCheckpoints(store: StoreReader, secrets: Secrets): AsyncGenerator<ReadCheckpoint> {
  for (let from = 1; ; ) {
    const batch = await store.checkpoints(from, checkpointsAtATime)
    if (batch.length === 0) return
    for (const each of batch) {
      let checkpoint = readCheckpoint(secrets, each)
      if (checkpoint === undefined) {
        secrets.ring.reload()
        checkpoint = readCheckpoint(secrets, each)
      }
      yield { number: each.number, hash: hashOf(each.body), checkpoint }
      from = each.number + 1
    }
  }
}

/** Reads all checkpoints against each other and against receipts. */
export async function readSignedHeads(
  store: StoreReader,
  secrets: Secrets,
  receipts: readonly Receipt[],
): Promise<SignedHeads> {
  const findings: CheckpointFinding[] = []
  const newest = new Map<string, SignedHead>()
  const suspects = new Map<string, SubjectKey>()
  const handedOut = new Map(receipts.map(receipt => [receipt.number, receipt.hash]))
  let last = 0
  let count = 0
  // Not known behind a gap or a checkpoint that was changed: what follows is not to blame.
  let before: string | undefined = noCheckpointBefore
  for await (const { number, hash, checkpoint } of readCheckpoints(store, secrets)) {
    if (number > last + 1) {
      findings.push({ kind: 'checkpoint_removed', number: last + 1 })
      before = undefined
    }
    const known = handedOut.get(number) ?? hash
    const holds: boolean =
      checkpoint !== undefined && known === hash && (before === undefined || checkpoint.before === before)
    if (!holds) findings.push({ kind: 'checkpoint_edited', number })
    before = holds ? hash : undefined
    for (const head of checkpoint?.heads ?? []) {
      const name = nameOf(head.subject)
      const earlier = newest.get(name)
      // A journal only grows, so one that was signed shorter later was set back in between.
      if (earlier !== undefined && earlier.sequence >= head.sequence) suspects.set(name, head.subject)
      else newest.set(name, { ...head, number })
    }
    last = number
    count += 1
  }
  const cutOff = receipts.some(({ number }) => number > last)
  if (cutOff) findings.push({ kind: 'checkpoint_removed', number: last + 1 })
  return { count, findings, newest, suspects }
}

/** A subject as a map's key. */
export const nameOf = (subject: SubjectKey): string => `${subject.kind}/${subject.id}`
