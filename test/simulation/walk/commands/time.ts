// Time, and what becomes of a look that is in flight.

import { after } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Core } from '../core.ts'
import { contestOf, type Detail, type Flight, type State, type Step } from '../state.ts'

import { type Command, mayUse, pinSet, step } from './command.ts'

export const tick: Command = {
  name: 'a millisecond passes',
  by: undefined,
  run: (_core, _limits, state) => step(state, undefined, 'time', 'later', { now: after(state.now, 1) }),
}

/** The process that looked at a secret dies before it could say what it saw. */
export const die: Command = {
  name: 'the process that looks dies',
  by: undefined,
  run: (_core, _limits, state) =>
    state.flight === undefined ? undefined : step(state, undefined, 'died', 'died', { flight: undefined }),
}

export const settle: Command = {
  name: 'the look is settled',
  by: undefined,
  run(core, limits, state) {
    const { flight } = state
    if (flight === undefined) return undefined
    const landed = { ...state, flight: undefined }
    if (flight.kind === 'code') return settleCode(core, limits, landed, flight)
    return flight.use === 'registration'
      ? settleRegistration(core, limits, landed, flight)
      : settleGuess(core, limits, landed, flight)
  },
}

type CodeFlight = Extract<Flight, { kind: 'code' }>
type PinFlight = Extract<Flight, { kind: 'pin' }>

function settleCode(core: Core, limits: Limits, state: State, { by, given, verifier }: CodeFlight): Step {
  const right = given === verifier && core.codeWasRight(state.number, { claim: by, verifier }, state.now, limits)
  if (!right) return step(state, by, 'code_wrong', 'wrong_code', { change: core.codeWasWrong(state.number, by) })
  return step(state, by, 'code_right', 'proved', { change: right, detail: { secret: verifier } })
}

function settleRegistration(core: Core, limits: Limits, state: State, flight: PinFlight): Step {
  const { by, door, verifier } = flight
  const { number, now } = state
  const account = `account ${state.serial}`
  const right = { claim: by, door, verifier, account, remade: undefined }
  const change = flight.given === verifier ? core.guessedRight(number, right, now) : undefined
  const detail: Detail = { use: 'registration', door, how: 'pin', secret: verifier }
  if (change !== undefined) return step(state, by, 'registered', 'right', { change, serial: state.serial + 1, detail })
  const wrong = core.guessedWrong(number, { claim: by, door }, now, limits)
  const began = contestOf(number) === undefined && contestOf(wrong.change.next) !== undefined
  const ending = `wrong_pin ${wrong.notice?.guessesLeft} ${wrong.notice?.wipeEffect}`
  return step(state, by, began ? 'contested' : 'pin_wrong', ending, { change: wrong.change, detail })
}

// Who brought the PIN may have been overtaken while it was looked at, by somebody who brought the same right PIN: then the
// verifier is still the lock's, and only asking again whose number it is shows it.
function settleGuess(core: Core, limits: Limits, state: State, flight: PinFlight): Step {
  const { by, use, door, verifier } = flight
  const { number, now } = state
  const stands = core.stillGuards(number, verifier)
  const detail: Detail = { use, door, secret: verifier }
  if (!stands || flight.given !== verifier || !mayUse(number, by, use)) {
    return step(state, by, 'pin_wrong', 'wrong_pin', { change: core.guessWasWrong(number, by, use), detail })
  }
  const opened = core.guessWasRight(number, { claim: by, for: use, remade: undefined })
  switch (use) {
    case 'change':
      return pinSet(core, limits, state, by, opened.next, 'rest')
    case 'removal': {
      const change = core.removePin(opened.next, { by, door }, now)
      return step(state, by, 'pin_removed', 'removed', { change, detail })
    }
    case 'deletion': {
      const change = core.deleteClaim(opened.next, by, now, 'manager')
      return step(state, by, 'deleted', 'deleted', { change, detail })
    }
    case 'contest': {
      const change = core.contestAnswered(opened.next, by, now) ?? opened
      return step(state, by, 'answered', 'answered', { change, detail })
    }
    default: {
      const { lock } = opened.next
      const change = lock.kind === 'none' ? opened : core.reminderAnswered({ ...opened.next, lock }, true, now, limits)
      return step(state, by, 'reminded', 'right', { change, detail })
    }
  }
}
