// Commits that arrive together travel together: one statement, one transaction, one wait for the disk.
//
//   commits arrive ──▶ a lane per subject ──▶ group (one a lane) ──▶ statement ──▶ endings
//                            ▲    ▲               │    ▲    │
//                            │    └─ its next ◀───┘    │    ├─ setback: the same group again, after a while
//                            │                         │    └─ setback after setback, or a failure: each half alone
//                            │                         └────────┘
//                            └─ busy: another node has the subject; alone, and waiting for it
//
// Several groups are under way at once, on connections of their own, but a subject is in one of them at a time. Subjects
// go in key order, so that two nodes with the same ones never wait for each other in a circle.
//
// When a connection breaks, the group may have been written. It is sent again: a commit that finds its own id in place
// answers `committed`. One that finds another's there cannot know whether its own came first, and says so.

import type { Milliseconds } from '#core/kernel/instant.ts'
import { assert, Broken } from '#core/kernel/outcome.ts'
import { assertSound, compareSubjects } from '../commit-rules.ts'
import { type Commit, type CommitEnding, StoreAway } from '../store.ts'
import { type Connections, pause } from './connections.ts'
import { encodeCommits } from './encoding.ts'
import { Setback } from './failure.ts'
import { refusals } from './functions.ts'
import type { Statement } from './statement.ts'

/** What was written since the store was opened. `transactions` counts those of groups, also of ones sent again. */
export type CommitStats = { readonly transactions: number; readonly commits: number; readonly setbacks: number }

export type Committer = {
  /** Settles when the commit is durable. Throws `StoreAway` when it is not known to be after `patience`. */
  commit(commit: Commit): Promise<CommitEnding>
  stats(): CommitStats
}

export type CommitterSettings = {
  /** Groups under way at once; and as many commits that go alone. */
  readonly writers: number
  /** Most commits in a group. */
  readonly groupSize: number
  readonly patience: Milliseconds
  /** What the database is called in words. */
  readonly place: string
}

/**
 * The statement that carries a group: `$1` and `$2` as `encodeCommits` makes them, `$3` whether it waits for subjects
 * that others have. One ending a commit, in order.
 */
export type CommitStatement = Statement<{ ending: number }>

type Pending = {
  readonly commit: Commit
  readonly answer: (ending: CommitEnding) => void
  readonly refuse: (error: Error) => void
  /** Whether it was ever on its way. */
  sent: boolean
  /** Whether it may have been written without our hearing of it. */
  lost: boolean
  /** Whether it was found busy: it goes alone, and waits. */
  alone: boolean
  settled: boolean
}

/** Commits that may wait at once. Above it the server is not keeping up, and more would only fill memory. */
const maxWaiting = 16_384

/** Setbacks that a group bears together, before one of its commits is taken to be the reason for them. */
const setbacksTogether = 2

const words: Readonly<Record<number, string>> = {
  [refusals.gap]: 'events go on from the newest one of their subject',
  [refusals.placeTaken]: 'a place in a gathering is one subject’s',
  [refusals.messageKnown]: 'a message id is new',
}

const overtakenWords = 'another commit of the subject came after. Whether this one was made is not known.'

/** Commits over `connections`. */
export function openCommitter(
  connections: Connections,
  statement: CommitStatement,
  { writers, groupSize, patience, place }: CommitterSettings,
): Committer {
  const lanes = new Map<string, Pending[]>()
  /** Lanes with a commit to send, and none under way, by how that one goes. In order of arrival. */
  const ready = { groups: new Set<string>(), alone: new Set<string>() }
  let waiting = 0
  const underWay = { groups: 0, alone: 0 }
  let scheduled = false
  const stats = { transactions: 0, commits: 0, setbacks: 0 }

  async function commit(asked: Commit): Promise<CommitEnding> {
    assertSound(asked)
    if (waiting >= maxWaiting) throw new StoreAway(`${place} does not keep up: too many commits wait.`)
    const { promise, resolve, reject } = Promise.withResolvers<CommitEnding>()
    waiting += 1
    const timer = setTimeout(() => giveUp(pending), patience)
    function settle(): void {
      pending.settled = true
      waiting -= 1
      clearTimeout(timer)
    }
    const pending: Pending = {
      commit: asked,
      sent: false,
      lost: false,
      alone: false,
      settled: false,
      answer(ending) {
        if (pending.settled) return
        settle()
        resolve(ending)
      },
      refuse(error) {
        if (pending.settled) return
        settle()
        reject(error)
      },
    }
    enter(pending)
    return await promise
  }

  function giveUp(pending: Pending): void {
    const known = pending.sent ? 'Whether the commit was made is not known.' : 'The commit was not made.'
    pending.refuse(new StoreAway(`${place} did not answer within ${patience} ms. ${known}`))
  }

  function enter(pending: Pending): void {
    const { kind, id } = pending.commit.subject
    const key = `${kind}\n${id}`
    const lane = lanes.get(key)
    if (lane === undefined) {
      lanes.set(key, [pending])
      ready.groups.add(key)
    } else {
      lane.push(pending)
    }
    if (scheduled) return
    // What is asked for in the same turn travels together.
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      send()
    })
  }

  function send(): void {
    for (const [how, most] of [['alone', 1] as const, ['groups', groupSize] as const]) {
      while (underWay[how] < writers && ready[how].size > 0) {
        const keys = ready[how].values().take(most).toArray()
        for (const key of keys) ready[how].delete(key)
        void carry(keys, how)
      }
    }
  }

  /** Sends the first commit of each of these lanes, then lets the next ones go. Never throws. */
  async function carry(keys: readonly string[], how: keyof typeof underWay): Promise<void> {
    underWay[how] += 1
    const group = keys.flatMap(key => lanes.get(key)?.[0] ?? [])
    group.sort((a, b) => compareSubjects(a.commit.subject, b.commit.subject))
    await settleGroup(group)
    for (const key of keys) {
      const lane = lanes.get(key)
      if (lane?.[0]?.settled) lane.shift()
      const next = lane?.[0]
      if (next === undefined) lanes.delete(key)
      else ready[next.alone ? 'alone' : 'groups'].add(key)
    }
    underWay[how] -= 1
    send()
  }

  /** Settles all of them but those that are busy, which are marked to go alone. */
  async function settleGroup(all: readonly Pending[]): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const group = all.filter(({ settled }) => !settled)
      if (group.length === 0) return
      try {
        stats.transactions += 1
        await sendGroup(group)
        return
      } catch (error) {
        if (error instanceof Setback) {
          stats.setbacks += 1
          for (const pending of group) pending.lost ||= error.lost
        } else if (group.length === 1 || error instanceof StoreAway) {
          for (const { refuse } of group) refuse(error instanceof Error ? error : new Broken(String(error)))
          return
        }
        if (group.length > 1 && (!(error instanceof Setback) || (!error.lost && tries >= setbacksTogether))) {
          const half = group.length >> 1
          await settleGroup(group.slice(0, half))
          await settleGroup(group.slice(half))
          return
        }
        await pause(tries)
      }
    }
  }

  async function sendGroup(group: readonly Pending[]): Promise<void> {
    const { asked, bytes } = encodeCommits(group.map(({ commit }) => commit))
    const waits = group.every(({ alone }) => alone)
    for (const pending of group) pending.sent = true
    const rows = await connections.askOnce(statement, [asked, bytes, waits])
    assert(rows.length === group.length, 'each commit of a group has its ending')
    group.forEach((pending, at) => {
      answer(pending, rows[at]?.ending ?? refusals.overtaken)
    })
  }

  function answer(pending: Pending, ending: number): void {
    if (ending > 0) {
      stats.commits += 1
      pending.answer({ kind: 'committed', version: ending })
      return
    }
    switch (ending) {
      case refusals.busy:
        pending.alone = true
        break
      case refusals.handleTaken:
        pending.answer({ kind: 'handle_taken' })
        break
      case refusals.neverThere:
        pending.answer({ kind: 'lost_race' })
        break
      case refusals.overtaken:
        // Called a lost race, it would be decided anew and made again, perhaps for the second time.
        if (pending.lost) pending.refuse(new StoreAway(`The connection to ${place} broke, and ${overtakenWords}`))
        else pending.answer({ kind: 'lost_race' })
        break
      default:
        pending.refuse(new Broken(words[ending] ?? `an ending that nobody knows: ${ending}`))
    }
  }

  return { commit, stats: () => ({ ...stats }) }
}
