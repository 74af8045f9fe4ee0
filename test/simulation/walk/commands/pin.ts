import type { PinUse } from '#core/registration-lock/change.ts'
import { type Flight, keeperOf, type Party } from '../state.ts'

import { type Command, command, givenPin, mayUse, pinSet, refused, step, unchanged, wait } from './command.ts'

/** Sets or changes the PIN at a door that asks for no old one. */
export const setPin = (by: Party): Command =>
  command(by, 'sets a PIN', (core, limits, state) => pinSet(core, limits, state, by, state.number, 'graph'))

/** Takes the PIN off at the door that asks for no PIN (On-Premises). */
export const turnOff = (by: Party): Command =>
  command(by, 'turns the PIN off on premises', (core, _limits, state) => {
    if (state.number.lock.kind === 'none' || keeperOf(state.number) !== by) return refused(state, by, 'not_keeper')
    const change = core.removePin(state.number, { by, door: 'on-premises' }, state.now)
    return step(state, by, 'pin_removed', 'removed', { change, detail: { door: 'on-premises' } })
  })

/** Brings the PIN for something that only the number's own claim may do. */
export const guess = (by: Party, use: Exclude<PinUse, 'registration'>, pin: 'right' | 'wrong'): Command =>
  command(by, `brings a ${pin} PIN for a ${use}`, (core, limits, state) => {
    const { lock } = state.number
    if (lock.kind === 'none' || !mayUse(state.number, by, use)) return refused(state, by, 'not_keeper')
    const spent = core.spendPinGuess(state.number, lock, { claim: by, for: use }, state.now, limits)
    if (spent.kind === 'closed') return refused(state, by, spent.kind)
    if (spent.kind === 'shut') return refused(state, by, `${spent.kind}${wait(state, spent.until)}`)
    const given = givenPin(state, pin) ?? ''
    const flight: Flight = { kind: 'pin', by, use, door: 'rest', given, verifier: spent.verifier }
    return step(state, by, 'pin_looked', spent.kind, { change: spent, flight, detail: { use, door: 'rest' } })
  })

/** The holder answers a contest by another step-up than the PIN. */
export const answer = (by: Party): Command =>
  command(by, 'answers the contest', (core, _limits, state) => {
    const change = core.contestAnswered(state.number, by, state.now)
    return change === undefined
      ? refused(state, by, 'nothing to answer')
      : step(state, by, 'answered', 'answered', { change })
  })

export const use = (by: Party): Command =>
  command(by, 'uses the number', (core, _limits, state) => {
    const next = core.used(state.number, by, state.now)
    if (state.number.holder?.claim !== by && next === state.number) return refused(state, by, 'not_registered')
    return step(state, by, 'used', 'used', { change: unchanged(next) })
  })
