// The walk: from the first state by every command to every state that can be reached, breadth first, so that the first
// path to a broken promise is a shortest one.

import type { Claim, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { someClaim } from '#test/simulation/a-number.ts'
import { type Command, die, settle, tick } from './commands.ts'
import type { Core } from './core.ts'
import { keyOf } from './key.ts'
import { advance } from './memory.ts'
import { play } from './play.ts'
import { promises } from './promises.ts'
import { type Flight, firstState, keeperOf, type Party, type State, type Step } from './state.ts'

export type Scene = {
  readonly name: string
  readonly limits: Limits
  /** What A and B can do. Time, settling and dying come on top. */
  readonly commands: readonly Command[]
  /** What X can do, who never proves the number; tried in every state in each of X's `pictures`. */
  readonly strangers: readonly Command[]
  readonly pictures: readonly Claim[]
  /** Which looks stay in flight while other things happen. */
  readonly flies: (flight: Flight) => boolean
  /** Whose codes are the matter: it counts which of them were sent, used and replaced. */
  readonly codes: readonly Party[]
  /** The walk must not silently shrink. */
  readonly atLeast: { readonly states: number; readonly transitions: number }
}

export type Walked =
  | {
      readonly kind: 'kept'
      readonly states: number
      readonly transitions: number
      /** Everything that was done, and everything that anybody was told, on the way. */
      readonly seen: ReadonlySet<string>
    }
  | { readonly kind: 'broken'; readonly promise: string; readonly finding: string; readonly path: readonly string[] }

class BrokenPromise extends Error {
  readonly promise: string
  readonly finding: string
  constructor(promise: string, finding: string) {
    super(`${promise}: ${finding}`)
    this.promise = promise
    this.finding = finding
  }
}

/** Promises that no single step shows: they are checked on a state with all that follows from it, or on all states. */
export const ofTheWhole = [
  'a stranger never changes what others can do next',
  'A can always come to hold the number',
  'the core never breaks',
] as const

/** Leads through every state that the scene can reach, until a promise is broken or all are kept. */
export function walk(core: Core, scene: Scene): Walked {
  const map = newMap(scene)
  const seen = new Set<string>()
  const checked = (before: State, step: Step): State => {
    seen.add(step.deed)
    seen.add(firstWord(step.ending))
    return keep(before, step, scene)
  }
  const commands = [...scene.commands, tick, settle, die]
  for (let index = 0; index < map.states.length; index += 1) {
    const state = map.states[index] ?? firstState
    let trying = ''
    const attempt = (command: Command, from: State, name: string, seenAs: (next: State) => State) => {
      trying = name
      const next = play(core, scene.limits, command, from, scene.flies, checked)
      if (next !== undefined) map.reach(index, name, isWhere(from, next) ? undefined : seenAs(next))
    }
    try {
      for (const command of commands) attempt(command, state, command.name, next => next)
      // A look in flight changes nothing for strangers, so they are tried where none is.
      if (state.flight !== undefined) continue
      for (const stranger of scene.strangers) {
        for (const picture of scene.pictures) {
          const painted =
            picture.request === undefined ? 'no code out' : `a code out and ${picture.request.checks} checks made`
          attempt(stranger, overlaid(state, picture), `${stranger.name}, with ${painted}`, withoutTraceOfX)
        }
      }
      trying = 'X: does all a stranger can, one after the other'
      holds(core, scene, state)
    } catch (error) {
      const [promise, finding] =
        error instanceof BrokenPromise ? [error.promise, error.finding] : ['the core never breaks', String(error)]
      return { kind: 'broken', promise, finding, path: map.path(index, trying) }
    }
  }
  const stuck = withoutWayBack(map)
  if (stuck === undefined) return { kind: 'kept', states: map.states.length, transitions: map.transitions(), seen }
  return {
    kind: 'broken',
    promise: 'A can always come to hold the number',
    finding: 'no way back',
    path: map.path(stuck),
  }
}

// Most of what is tried is refused and leads nowhere; that is seen without naming the state.
const isWhere = (from: State, next: State): boolean =>
  next.number === from.number && next.memory === from.memory && next.now === from.now && next.flight === from.flight

/** Takes a step, unless it breaks a promise. */
function keep(before: State, step: Step, { limits }: Scene): State {
  const after = advance(before, step, limits)
  const moved = after.number !== before.number
  for (const { name, ofState, broken } of promises) {
    if (ofState && !moved) continue
    const finding = broken({ before, step, after, limits })
    if (finding !== undefined) throw new BrokenPromise(name, finding)
  }
  return after
}

const firstWord = (ending: string): string => ending.replace(/[ +].*/, '').replace(/never$/, '')

// ——— the map of what was reached

type Edges = { readonly from: number[]; readonly to: number[] }

function newMap(scene: Scene) {
  const nameOf = (state: State) => keyOf(state, scene.limits, scene.codes)
  const states: State[] = [firstState]
  const edges: Edges = { from: [], to: [] }
  const known = new Map([[nameOf(firstState), 0]])
  const cameFrom: number[] = [-1]
  const cameBy: string[] = ['']
  let transitions = 0

  /** Puts down that one state leads to another, which may be new, or nowhere. */
  function reach(from: number, by: string, state: State | undefined): void {
    transitions += 1
    if (state === undefined) return
    const name = nameOf(state)
    let to = known.get(name)
    if (to === undefined) {
      to = states.push(state) - 1
      known.set(name, to)
      cameFrom.push(from)
      cameBy.push(by)
    }
    edges.from.push(from)
    edges.to.push(to)
  }

  /** The commands by which a state was first reached, and what was done there. */
  function path(index: number, ...last: string[]): readonly string[] {
    const steps = [...last]
    for (let at = index; at > 0; at = cameFrom[at] ?? 0) steps.unshift(cameBy[at] ?? '')
    return steps
  }

  return { states, edges, reach, path, transitions: () => transitions }
}

// ——— the stranger

const someStranger = someClaim('X', { addedAt: firstState.now })

const withStranger = (number: PhoneNumber, claim: Claim): PhoneNumber => ({
  ...number,
  claims: [...number.claims.filter(each => each.id !== 'X'), claim],
})

/** X steps back to the beginning, so that all of X that counts is in the pictures. */
const withoutTraceOfX = (state: State): State => ({
  ...state,
  number: withStranger(state.number, someStranger),
  memory: {
    ...state.memory,
    codes: { ...state.memory.codes, X: firstState.memory.codes.X },
    attempts: { ...state.memory.attempts, X: [] },
  },
})

/** X as painted: moments of the picture are ages. */
function overlaid(state: State, picture: Claim): State {
  const { request } = picture
  if (request === undefined) return { ...state, number: withStranger(state.number, picture) }
  const { now, memory } = state
  const secret = '§code of X'
  const looks = Array.from({ length: request.checks }, () => now)
  const code = { newest: { secret, at: now, used: false }, before: undefined, sent: [now], looks }
  const painted = { ...request, began: now, lastSentAt: now, verifier: secret, lastCheckAt: looks.at(-1) }
  return {
    ...state,
    number: withStranger(state.number, { ...picture, request: painted }),
    memory: { ...memory, codes: { ...memory.codes, X: code } },
  }
}

/** Throws when all that X can do changes what anybody else is told next. Codes of one number are few, and who is not its
 * keeper shares them with strangers: asking for a code is the one thing in which a stranger can be in the way. */
function holds(core: Core, scene: Scene, state: State): void {
  const { limits } = scene
  const unchecked = (before: State, step: Step) => advance(before, step, limits)
  const never = () => false
  let meddled = state
  for (const stranger of scene.strangers) {
    meddled = play(core, limits, stranger, meddled, never, unchecked) ?? meddled
  }
  const told = (from: State) =>
    scene.commands.map(command => {
      if (command.name.endsWith('asks for a code') && keeperOf(state.number) !== command.by) return ''
      const endings: string[] = []
      play(core, limits, command, from, never, (before, step) => {
        endings.push(step.ending)
        return unchecked(before, step)
      })
      return endings.join(', ')
    })
  const [alone, disturbed] = [told(state), told({ ...meddled, serial: state.serial })]
  const differs = alone.findIndex((ending, index) => ending !== disturbed[index])
  if (differs === -1) return
  const name = scene.commands[differs]?.name ?? ''
  throw new BrokenPromise(
    'a stranger never changes what others can do next',
    `"${name}" ended in "${alone[differs]}" and now in "${disturbed[differs]}"`,
  )
}

// ——— no dead ends

/** A state from which no path leads to A holding the number, if there is one. */
function withoutWayBack({ states, edges }: { states: readonly State[]; edges: Edges }): number | undefined {
  const into: number[][] = states.map(() => [])
  for (const [edge, to] of edges.to.entries()) into[to]?.push(edges.from[edge] ?? 0)
  const open = states.map(({ number }) => number.holder?.claim === 'A')
  const queue = [...open.keys()].filter(index => open[index])
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const from of into[next] ?? []) {
      if (open[from]) continue
      open[from] = true
      queue.push(from)
    }
  }
  const stuck = open.indexOf(false)
  return stuck === -1 ? undefined : stuck
}
