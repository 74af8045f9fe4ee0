import type { Change } from '#core/registration-lock/change.ts'
import { type Door, doorRules } from '#core/registration-lock/doors.ts'
import { contestOf, type Detail, type Flight, keeperOf, type Party } from '../state.ts'

import { type Command, command, type GivenPin, givenPin, refused, step, unchanged, wait } from './command.ts'

export const register = (by: Party, door: Door, pin: GivenPin): Command =>
  command(by, `registers by ${door} with ${pin === 'missing' ? 'no' : `a ${pin}`} PIN`, (core, limits, state) => {
    const given = givenPin(state, pin)
    if (pin !== 'missing' && given === undefined) return undefined
    const attempt = doorRules[door].countsRegistrations
      ? core.countAttempt(state.number, by, state.now, limits)
      : undefined
    if (attempt?.kind === 'attempts_spent') return refused(state, by, `${attempt.kind}${wait(state, attempt.retryAt)}`)
    const counted = attempt !== undefined
    const number = attempt?.next ?? state.number
    const asked = pin === 'missing' ? 'missing' : 'given'
    const detail: Detail = { door, pin: asked, counted }
    const stopped = (ending: string, change: Change = attempt ?? unchanged(number)) =>
      step(state, by, counted ? 'counted' : 'refused', ending, { change, detail })

    const met = core.approach(number, { claim: by, pin: asked, door }, state.now, limits)
    switch (met.kind) {
      case 'not_proved':
        return stopped(met.kind)
      case 'deleted_recently':
        return stopped(`${met.kind}${wait(state, met.retryAt)}`)
      case 'guess_too_soon':
      case 'pin_closed':
        return stopped(`${met.kind}${wait(state, met.notice.guessOpensAt)} ${met.notice.resetMethods}`)
      case 'pin_needed': {
        const began = contestOf(number) === undefined && contestOf(met.next) !== undefined
        const { guessesLeft, guessOpensAt, resetMethods, wipeEffect } = met.notice
        const ending = `${met.kind} ${guessesLeft}${wait(state, guessOpensAt)} ${resetMethods} ${wipeEffect}`
        return began ? step(state, by, 'contested', ending, { change: met, detail }) : stopped(ending, met)
      }
      case 'look': {
        const flight: Flight = {
          kind: 'pin',
          by,
          use: 'registration',
          door,
          given: given ?? '',
          verifier: met.verifier,
        }
        return step(state, by, 'pin_looked', met.kind, {
          change: met,
          flight,
          detail: { ...detail, use: 'registration' },
        })
      }
      case 'open':
      case 'lapsed': {
        const secret = asked === 'given' && doorRules[door].registeringSetsPin ? `§PIN ${state.serial}` : undefined
        const set = secret === undefined ? undefined : { verifier: secret, weakness: undefined }
        const arrival = { claim: by, door, account: `account ${state.serial}`, pin: set }
        const change = core.register(number, arrival, state.now, limits)
        if (change === undefined) return stopped(`${met.kind}, and yet not registered`)
        const ending = met.kind === 'open' ? met.kind : `${met.kind} ${met.effect}`
        return step(state, by, 'registered', ending, {
          change,
          serial: state.serial + 1,
          detail: { ...detail, how: met.kind, secret },
        })
      }
    }
  })

export const deregister = (by: Party): Command =>
  command(by, 'deregisters', (core, _limits, state) => {
    const left = core.deregister(state.number, by, state.now)
    if (left.kind === 'not_registered') return refused(state, by, left.kind)
    return step(state, by, 'deregistered', left.kind, { change: left })
  })

/** Without the PIN; {@link guess} for a deletion brings it. */
export const remove = (by: Party): Command =>
  command(by, 'deletes the claim', (core, _limits, state) => {
    if (state.number.lock.kind === 'set' && keeperOf(state.number) === by) return refused(state, by, 'pin_needed')
    return step(state, by, 'deleted', 'deleted', { change: core.deleteClaim(state.number, by, state.now, 'manager') })
  })
