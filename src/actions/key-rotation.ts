// Rotating the keys of a running server: one rotation at a time, its progress to be asked for, gone on with after a restart.

import type { Clock } from '#core/kernel/clock.ts'
import { dropOldHandles, isUnderWay, type RotationStage, rotateKeys } from '#records/rotate-keys.ts'
import type { World } from './world.ts'

export type RotationState =
  | { readonly kind: 'idle'; readonly active: string }
  /** Also while the server stops in the middle of one: it is not over. */
  | { readonly kind: 'rotating'; readonly stage: RotationStage; readonly done: number; readonly total: number }
  /**
   * The last one broke; begin again, and it goes on where it stopped. `unreadable`: the document that does not open and
   * keeps it from ending, as `kind/id`.
   */
  | { readonly kind: 'broken'; readonly active: string; readonly unreadable?: string }

export type KeyRotation = {
  readonly state: () => RotationState
  /** Begins a rotation, unless one is under way. */
  readonly start: () => RotationState
  /** Goes on with what an earlier start of the server left unfinished, if it left anything. */
  readonly resume: () => void
  /** Stops between two batches; the next start of the server goes on. */
  readonly stop: () => Promise<void>
}

/**
 * `clock` dates the new key: the machine's, as keys outlive a sandbox's time. `settle` waits until every other node has
 * read the key ring again.
 */
export function keyRotation(
  world: World,
  clock: Clock,
  report: (error: Error) => void,
  settle: () => Promise<void> = async () => {},
): KeyRotation {
  const { secrets } = world
  const { store } = world.records
  const { ring } = secrets
  const stopping = new AbortController()
  const { signal } = stopping
  let state: RotationState = { kind: 'idle', active: ring.active().id }
  let last: Promise<unknown> = Promise.resolve()

  async function go(): Promise<void> {
    const ended = await rotateKeys(store, secrets, clock, {
      onProgress: ({ stage, done, total }) => {
        state = { kind: 'rotating', stage, done, total }
      },
      settle,
      signal,
    })
    if (ended.kind === 'rotated') state = { kind: 'idle', active: ended.active }
    if (ended.kind === 'document_unreadable') {
      const unreadable = `${ended.subject.kind}/${ended.subject.id}`
      state = { kind: 'broken', active: ring.active().id, unreadable }
      report(new Error(`the document ${unreadable} does not open, so the old key cannot be retired`))
    }
  }

  /** Runs one piece of work after the other; what it throws is told, not lost. */
  function run(work: () => Promise<unknown>): void {
    last = last.then(work).catch(error => {
      state = { kind: 'broken', active: ring.active().id }
      report(error instanceof Error ? error : new Error('a rotation broke'))
    })
  }

  function start(): RotationState {
    if (state.kind !== 'rotating') {
      state = { kind: 'rotating', stage: 'promoting', done: 0, total: 1 }
      run(go)
    }
    return state
  }

  return {
    state: () => state,
    start,
    resume() {
      if (isUnderWay(secrets)) start()
      else run(() => dropOldHandles(store, secrets, { signal }))
    },
    async stop() {
      stopping.abort()
      await last
    },
  }
}
