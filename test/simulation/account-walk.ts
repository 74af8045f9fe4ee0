// The walk over accounts: from the first state by every move to every state that can be reached, breadth first, so that the
// first path to a broken promise is a shortest one. In every state the owner's way back is tried as well.

import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'
import { both, type Done, type Hands, handsOn, type Scene } from './account-hands.ts'
import { keyOf } from './account-key.ts'
import type { Move } from './account-moves.ts'
import { type Memory, promises, remember, type State } from './account-promises.ts'
import { wayBack } from './account-way-back.ts'

export type Pair = 'P + D' | 'P + K' | 'K + D'

export type Story = {
  readonly name: string
  readonly limits: Limits
  readonly begins: Scene
  readonly moves: readonly Move[]
  /** How many of the three proofs the thief holds: with fewer than two nothing may open. */
  readonly stolen: readonly ('P' | 'D' | 'K')[]
  /** The pairs that the owner has left, each of which must lead all the way back from every state. */
  readonly pairs: readonly Pair[]
  /** Guesses stay in flight while other things happen. */
  readonly flies: boolean
  /** The walk must not silently shrink. */
  readonly atLeast: { readonly states: number; readonly transitions: number }
}

export type Walked =
  | { readonly kind: 'kept'; readonly states: number; readonly transitions: number; readonly seen: ReadonlySet<string> }
  | { readonly kind: 'broken'; readonly promise: string; readonly finding: string; readonly path: readonly string[] }

/** Promises that no single step shows. */
export const ofTheWhole = ['with any two proofs the owner gets all the way back', 'the core never breaks'] as const

const noMemory: Memory = {
  rows: {},
  proved: {},
  changedAt: undefined,
  shownKey: undefined,
  number: false,
  retyped: false,
}

/** Leads through every state that the story can reach, until a promise is broken or all are kept. */
export function walkAccounts(core: AccountCore, story: Story): Walked {
  const { limits } = story
  const hands = handsOn(core, limits)
  const states: State[] = [{ ...story.begins, memory: { ...noMemory, proved: provedIn(story.begins) } }]
  const known = new Map([[keyOf(states[0] as State, limits), 0]])
  const from: number[] = [-1]
  const by: string[] = ['']
  const seen = new Set<string>()
  let transitions = 0

  const broken = (promise: string, finding: string, index: number, ...last: string[]): Walked => {
    const path = [...last]
    for (let at = index; at > 0; at = from[at] ?? 0) path.unshift(by[at] ?? '')
    return { kind: 'broken', promise, finding, path }
  }

  for (let index = 0; index < states.length; index += 1) {
    const state = states[index] as State
    let trying = ''
    try {
      for (const move of story.moves) {
        trying = move.name
        const done = play(hands, story, move, state)
        if (done === undefined) continue
        transitions += 1
        seen.add(done.ending.replace(/ \+.*/, ''))
        for (const event of done.change?.events ?? []) seen.add(event.kind)
        // Most of what is tried is refused and leads nowhere; that is seen without naming the state.
        if (isWhere(state, done.scene) && done.free === undefined) continue
        const { account, now } = done.scene
        const kept = now === state.now ? account : core.tidied(account, now, limits)
        const after: State = { ...done.scene, account: kept, memory: remember(state, move, done, limits) }
        for (const { name, finds } of promises) {
          const finding = finds({ before: state, after, move, done, story, hands, core })
          if (finding !== undefined) return broken(name, finding, index, move.name)
        }
        const key = keyOf(after, limits)
        if (known.has(key)) continue
        known.set(key, states.length)
        states.push(after)
        from.push(index)
        by.push(move.name)
      }
      if (state.flight !== undefined) continue
      for (const pair of story.pairs) {
        trying = `the owner comes back by ${pair}`
        const stuck = wayBack(core, hands, limits, state, pair)
        if (stuck !== undefined) return broken(ofTheWhole[0], stuck, index, trying)
      }
    } catch (error) {
      return broken(ofTheWhole[1], String(error), index, trying)
    }
  }
  return { kind: 'kept', states: states.length, transitions, seen }
}

// Who is signed in where the story begins has shown what their session says.
const provedIn = ({ people, account }: Scene): Memory['proved'] =>
  Object.fromEntries(
    Object.values(people).flatMap(({ name, session }) => {
      const found = account.sessions.find(each => each.id === session)
      return found === undefined ? [] : [[name, { P: found.proofs.P, D: found.proofs.D }]]
    }),
  )

const isWhere = (from: Scene, to: Scene): boolean =>
  to.account === from.account && to.people === from.people && to.now === from.now && to.flight === from.flight

// A guess that is spent settles at once, unless the story keeps it in flight.
function play(hands: Hands, story: Story, move: Move, state: State): Done | undefined {
  if (state.flight !== undefined && move.spends) return undefined
  const done = move.run(hands, state, story.limits)
  if (done === undefined || done.scene.flight === undefined || story.flies) return done
  return both(done, hands.settle(done.scene))
}
