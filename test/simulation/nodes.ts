// Nodes of one server over one store, as seeded trouble would have them: one dies before or after a commit and starts
// again with nothing but what was stored; another loses a race; the clock of a third was set back.
//
//     action ──▶ node's store ──┬── dead: nothing gets through any more
//                               ├── dies before the commit, or after it with the answer lost
//                               ├── somebody else commits first
//                               └── the store ──▶ the witness sees what was applied

import { createLanes } from '#actions/lanes.ts'
import { createRunning } from '#actions/running.ts'
import { createLeases } from '#actions/sending/leases.ts'
import type { World } from '#actions/world.ts'
import { instantAt, type Milliseconds } from '#core/kernel/instant.ts'
import { freeSending } from '#core/sending/rules.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { createRecords } from '#records/records.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Commit, Store } from '#storage/store.ts'
import type { Chance } from './chance.ts'
import type { Witness } from './witness.ts'

/** The process is gone. Nobody gets an answer from it. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

/** How often trouble comes: once in so many commits; 0 is never. */
export type Trouble = { readonly crash: number; readonly race: number }

/** Breaks a node on purpose, to see that the simulation notices. `dropped`: answered as if it were stored. */
export type Sabotage = (commit: Commit, secrets: Secrets) => Commit | 'dropped'

export type Node = {
  /** The world as one claim's calls see it: looks at PINs and codes are counted for that claim. */
  readonly worldOf: (claim: string) => World
  readonly setBack: (by: Milliseconds) => void
  /** How many commits of this node somebody else came before. */
  readonly lostRaces: () => number
}

export type NodeParts = {
  readonly store: Store
  readonly secrets: Secrets
  readonly witness: Witness
  readonly limits: Limits
  readonly now: () => number
  readonly chance: Chance
  readonly trouble: Trouble
  readonly sabotage: Sabotage | undefined
  readonly onCrash: () => void
}

export function createNode(parts: NodeParts): Node {
  let races = 0
  const onLostRace = (): void => {
    races += 1
  }
  const counted = { ...parts, onLostRace }
  let life = live(counted)
  let behind = 0
  const clock = { now: () => instantAt(parts.now() - behind) }
  return {
    setBack(by) {
      behind = by
    },
    lostRaces: () => races,
    worldOf(claim) {
      if (life.isDead()) {
        parts.onCrash()
        life = live(counted)
      }
      const { records, lanes, hashing } = life
      const { secrets, witness } = parts
      return {
        clock,
        records,
        lanes,
        leases: createLeases(),
        running: createRunning(),
        limits: parts.limits,
        policy: {
          pinBlocklist: 'warn',
          homeCountries: 'all',
          codeRegions: 'all',
          sending: freeSending,
          product: 'Twostep',
          origin: undefined,
          webhooks: { plainHttp: false },
        },
        watch: {
          action: () => () => {},
          commit: () => {},
          guess: () => {},
          phoneCode: () => {},
          codesPaused: () => {},
        },
        messagesWait: () => {},
        publicUrl: () => 'https://twostep.example',
        confirmCallback: async () => ({ kind: 'unreachable' }),
        secrets: {
          ...secrets,
          hashing,
          checkPin(verifier, owner, pin) {
            witness.looked(owner, claim, verifier)
            return secrets.checkPin(verifier, owner, pin)
          },
          checkCode(verifier, purpose, code) {
            witness.checked(verifier)
            return secrets.checkCode(verifier, purpose, code)
          },
        },
      }
    },
  }
}

// One life of a process: it ends with a crash, and whatever it still does then reaches nothing.
function live(parts: NodeParts & { readonly onLostRace: () => void }) {
  const { store, secrets, witness, chance, trouble, sabotage } = parts
  const records = createRecords(store, secrets)
  let dead = false

  async function commit(asked: Commit) {
    if (trouble.race > 0 && asked.expects > 0 && chance.oneIn(trouble.race)) await sneakIn(asked)
    const fate = trouble.crash > 0 && chance.oneIn(trouble.crash) ? (chance.oneIn(2) ? 'before' : 'after') : 'lives'
    if (fate === 'before') dead = true
    if (dead) throw new Crashed()
    const changed = sabotage?.(asked, secrets) ?? asked
    if (changed === 'dropped') return { kind: 'committed', version: asked.expects + 1 } as const
    const ending = await store.commit(changed)
    // The witness is told what the commit claims to be, in the order in which they were applied.
    if (ending.kind === 'committed') witness.saw(changed, fate === 'lives' && !dead)
    if (ending.kind === 'lost_race') parts.onLostRace()
    if (fate === 'after') dead = true
    if (dead) throw new Crashed()
    return ending
  }

  // Another commit of the same subject, which changes nothing but its version.
  async function sneakIn({ subject }: Commit): Promise<void> {
    if (subject.kind !== 'number') return
    const found = await records.load('number', subject.id)
    if (found === undefined) return
    const changes = { document: found.document, events: [], messages: [] }
    await records.commit(found, changes, { at: found.document.seen, door: 'operator', requestId: undefined })
  }

  const mortal = new Proxy(store, {
    get(target, name) {
      if (name === 'commit') return commit
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => (dead ? Promise.reject(new Crashed()) : Reflect.apply(method, target, given))
    },
  })
  return {
    isDead: () => dead,
    records: createRecords(mortal, secrets),
    lanes: createLanes(),
    running: createRunning(),
    // One hash at a time, so that they end in the order of asking and a seed gives one life and no other. The queue is
    // short: who is turned away must have paid nothing.
    hashing: createHashingQueue({ parallel: 1, waiting: 1, now: () => instantAt(parts.now()) }),
  }
}
