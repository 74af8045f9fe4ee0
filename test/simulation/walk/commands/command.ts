// What a command is, and the steps that several of them share.

import type { Change, PinUse } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { claimOf, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Core } from '../core.ts'
import { contestOf, type Deed, keeperOf, type Party, type State, type Step } from '../state.ts'

export type Command = {
  readonly name: string
  readonly by: Party | undefined
  /** What comes of it now; `undefined` where nobody could even try. */
  readonly run: (core: Core, limits: Limits, state: State) => Step | undefined
  /** Commands that follow at once, so that nothing comes between. */
  readonly next?: readonly Command[]
}

export const unchanged = (number: PhoneNumber): Change => ({ next: number, events: [], notices: [] })

export function step(state: State, by: Party | undefined, deed: Deed, ending: string, parts: Partial<Step> = {}): Step {
  const { now, number, flight, serial } = state
  return { by, deed, ending, change: unchanged(number), now, flight, serial, detail: {}, ...parts }
}

export const refused = (state: State, by: Party, ending: string, parts?: Partial<Step>): Step =>
  step(state, by, 'refused', ending, parts)

/** A wait as a person is told it: by how long, not until when. */
export const wait = (state: State, until: number | undefined): string =>
  until === undefined ? 'never' : `+${until - state.now}`

export const command = (by: Party, name: string, run: Command['run']): Command => ({
  name: `${by}: ${name}`,
  by,
  // Whoever has no claim on the number has nothing to command with.
  run: (core, limits, state) => (claimOf(state.number, by) === undefined ? undefined : run(core, limits, state)),
})

export type GivenPin = 'missing' | 'right' | 'wrong' | 'old'

export function givenPin({ number, memory }: State, pin: GivenPin): string | undefined {
  switch (pin) {
    case 'missing':
      return undefined
    case 'right':
      return number.lock.kind === 'set' ? number.lock.verifier : '§a first PIN'
    case 'old':
      return memory.oldPin
    case 'wrong':
      return '§no such PIN'
  }
}

export function mayUse(number: PhoneNumber, by: Party, use: PinUse): boolean {
  if (use === 'contest') return number.holder?.claim === by && contestOf(number) !== undefined
  return use === 'reminder' ? number.holder?.claim === by : keeperOf(number) === by
}

export function pinSet(core: Core, limits: Limits, state: State, by: Party, number: PhoneNumber, door: Door): Step {
  const secret = `§PIN ${state.serial}`
  const set = core.setPin(number, { claim: by, verifier: secret, door, weakness: undefined }, state.now, limits)
  if (set.kind === 'not_proved' || set.kind === 'not_keeper') return refused(state, by, set.kind)
  const deed = set.kind === 'set' ? 'pin_set' : 'pin_changed'
  return step(state, by, deed, set.kind, { change: set, serial: state.serial + 1, detail: { secret, door } })
}
