import type { Limits } from '#core/throttle/limits.ts'
import type { Command } from './commands/command.ts'
import { die, settle, tick } from './commands/time.ts'
import type { Core } from './core.ts'
import type { Flight, State, Step } from './state.ts'

/** A command with all that it sets going: a look that finds the place in flight taken settles at once. */
export function play(
  core: Core,
  limits: Limits,
  command: Command,
  state: State,
  mayFly: (flight: Flight) => boolean,
  advance: (before: State, step: Step) => State,
): State | undefined {
  if (command === tick || command === die || command === settle) {
    const only = command.run(core, limits, state)
    return only === undefined ? undefined : advance(state, only)
  }
  const first = command.run(core, limits, { ...state, flight: undefined })
  if (first === undefined) return undefined
  if (first.flight === undefined) {
    const done = advance(state, { ...first, flight: state.flight })
    const follow = (before: State, next: Command) => play(core, limits, next, before, () => false, advance) ?? before
    return command.next?.reduce(follow, done) ?? done
  }
  const looking = advance({ ...state, flight: undefined }, first)
  if (state.flight === undefined && mayFly(first.flight)) return looking
  const last = settle.run(core, limits, looking)
  return last === undefined ? undefined : advance(looking, { ...last, flight: state.flight })
}
