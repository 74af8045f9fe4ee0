// Rotating keys while the server runs: a new key takes over, everything is sealed and indexed anew under it, then the old
// one is retired.
//
//     joining ──▶ promoted ──▶ swept: every document sealed and indexed under the new key ──▶ retired ──▶ old indexes dropped
//
// The ring's file says how far a rotation came, a document says under which key it is, and an index by which key it was
// made; so one that was interrupted goes on where it stopped. Journal events and PIN verifiers stay under their old key,
// which the ring keeps: an event is never rewritten, and a PIN moves the next time it is entered right.

import type { Clock } from '#core/kernel/clock.ts'
import { assert } from '#core/kernel/outcome.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Store, SubjectKey } from '#storage/store.ts'
import type { Kind } from './kinds.ts'
import { open, sealCommit } from './records.ts'

export type RotationStage = 'promoting' | 'sweeping' | 'dropping' | 'done'
export type RotationProgress = { readonly stage: RotationStage; readonly done: number; readonly total: number }

export type RotationEnding =
  /** `resumed`: an interrupted one was gone through with, and no other was begun. `resealed` counts documents. */
  | { readonly kind: 'rotated'; readonly active: string; readonly resealed: number; readonly resumed: boolean }
  /** The signal aborted; to be gone on with. */
  | { readonly kind: 'stopped' }
  /** This document does not open. All others were moved, but the old key still indexes; see {@link rotateKeys}. */
  | { readonly kind: 'document_unreadable'; readonly subject: SubjectKey }

export type RotationOptions = {
  readonly onProgress?: (progress: RotationProgress) => void
  /** Called after the new key is known and before anything is sealed with it: other nodes must load it by then. */
  readonly settle?: () => Promise<void>
  readonly signal?: AbortSignal
}

const documentsAtATime = 256
const handlesAtATime = 1_024

/**
 * Goes through with a rotation: an interrupted one, else a new one. Races with actions are lost and retried.
 *
 * A document that does not open keeps the old key from being retired: nobody can say by what it is found, and with the
 * old indexes dropped its number would look free, to be registered past its lock.
 */
export async function rotateKeys(
  store: Store,
  secrets: Secrets,
  clock: Clock,
  options: RotationOptions = {},
): Promise<RotationEnding> {
  const { onProgress = () => {}, settle = async () => {} } = options
  const { ring } = secrets

  const resumed = isUnderWay(secrets)
  if (!resumed) {
    // A key is retired before its indexes are dropped: with nothing under way, what is left of them was left behind.
    const dropped = await dropOldHandles(store, secrets, options)
    if (dropped === 'stopped') return { kind: 'stopped' }
    if (dropped > 0) {
      onProgress({ stage: 'done', done: dropped, total: dropped })
      return { kind: 'rotated', active: ring.active().id, resealed: 0, resumed: true }
    }
  }

  if (!ring.keys().some(key => key.state === 'leaving')) {
    onProgress({ stage: 'promoting', done: 0, total: 1 })
    const joining = ring.keys().find(key => key.state === 'joining')?.id ?? ring.addJoining(clock.now())
    await settle()
    ring.promote(joining)
    await settle()
    // Commits that were sealed before are written in order: behind this, the sweep sees them.
    await store.probe()
  }

  const swept = await sweep(store, secrets, clock, options)
  if (swept.kind !== 'swept') return swept

  for (const key of ring.keys()) if (key.state === 'leaving') ring.retire(key.id)
  await settle()
  const dropped = await dropOldHandles(store, secrets, options)
  if (dropped === 'stopped') return { kind: 'stopped' }
  onProgress({ stage: 'done', done: swept.resealed, total: swept.resealed })
  return { kind: 'rotated', active: ring.active().id, resealed: swept.resealed, resumed }
}

/** Whether the ring says that a rotation was begun and not ended. Its last step, the old indexes, only the store knows. */
export const isUnderWay = ({ ring }: Secrets): boolean =>
  ring.keys().some(key => key.state === 'joining' || key.state === 'leaving')

/** Drops the indexes by keys that index no more; answers how many there were. */
export async function dropOldHandles(
  store: Store,
  secrets: Secrets,
  { onProgress = () => {}, signal }: RotationOptions = {},
): Promise<number | 'stopped'> {
  const keep = secrets.ring.indexing().map(key => key.id)
  for (let dropped = 0; ; ) {
    if (signal?.aborted) return 'stopped'
    const went = await store.dropHandles(keep, handlesAtATime)
    if (went === 0) return dropped
    dropped += went
    onProgress({ stage: 'dropping', done: dropped, total: dropped })
  }
}

type Swept =
  | { readonly kind: 'swept'; readonly resealed: number }
  | Extract<RotationEnding, { kind: 'stopped' | 'document_unreadable' }>

/** Walks all documents until none is left under another key: one may have come in behind the walk. */
async function sweep(
  store: Store,
  secrets: Secrets,
  clock: Clock,
  { onProgress = () => {}, signal }: RotationOptions,
): Promise<Swept> {
  const active = secrets.ring.active().id
  let resealed = 0
  for (;;) {
    const { documents, underOtherKeys } = await store.count(active)
    if (underOtherKeys === 0) return { kind: 'swept', resealed }
    let unreadable: SubjectKey | undefined
    let done = 0
    for (let after: SubjectKey | undefined; ; ) {
      if (signal?.aborted) return { kind: 'stopped' }
      const batch = await store.walk(after, documentsAtATime)
      if (batch.length === 0) break
      const old = batch.filter(({ stored }) => stored.keyId !== active)
      const endings = await Promise.all(old.map(({ subject }) => reseal(store, secrets, clock, subject)))
      unreadable ??= old[endings.indexOf('unreadable')]?.subject
      resealed += endings.filter(ending => ending === 'resealed').length
      done += batch.length
      after = batch.at(-1)?.subject
      onProgress({ stage: 'sweeping', done, total: Math.max(done, documents) })
    }
    if (unreadable !== undefined) return { kind: 'document_unreadable', subject: unreadable }
  }
}

/** Seals one subject under the active key. What another commit changed meanwhile is sealed under it already. */
async function reseal(
  store: Store,
  secrets: Secrets,
  clock: Clock,
  key: SubjectKey,
): Promise<'resealed' | 'gone' | 'unreadable'> {
  const kind = key.kind as Kind
  for (;;) {
    // What the database holds, not what the store has at hand: that may be what somebody changed behind its back.
    const stored = await store.read(key, 'anew')
    if (stored === undefined) return 'gone'
    try {
      const subject = open(secrets, kind, key.id, stored)
      const changes = { document: subject.document, events: [], messages: [] }
      const cause = { at: clock.now(), door: 'operator', requestId: undefined } as const
      const { kind: ended } = await store.commit(sealCommit(secrets, subject, changes, cause))
      if (ended === 'committed') return 'resealed'
      assert(ended === 'lost_race', 'what a document is found by is its own under every key')
    } catch (error) {
      if (error instanceof Unopenable) return 'unreadable'
      throw error
    }
  }
}
