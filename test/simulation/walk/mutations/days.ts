import { contestOf } from '../state.ts'

import { ending, type Mutation, withDays } from './spoil.ts'

export const days: readonly Mutation[] = [
  {
    name: 'the days without use are over a millisecond early',
    scene: 'lock',
    breaks: 'without the PIN a number changes hands exactly when the days are over, and never by another door',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, command, now, withDays(limits, -1)),
      register: (number, arrival, now, limits) => core.register(number, arrival, now, withDays(limits, -1)),
    }),
  },
  {
    name: 'the days without use are over a millisecond late',
    scene: 'lock',
    breaks: 'without the PIN a number changes hands exactly when the days are over, and never by another door',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, command, now, withDays(limits, 1)),
      register: (number, arrival, now, limits) => core.register(number, arrival, now, withDays(limits, 1)),
    }),
  },
  {
    name: 'the account goes with the pending messages',
    scene: 'lock',
    breaks: 'without the PIN a number changes hands exactly when the days are over, and never by another door',
    spoil: core => ({
      register: (number, arrival, now, limits) => {
        const change = core.register(number, arrival, now, limits)
        return (
          change &&
          (number.lock.kind === 'none' ? change : ending(change, given => ({ ...given, account: arrival.account })))
        )
      },
    }),
  },
  {
    name: 'the old account carries over after thirty days',
    scene: 'lock',
    breaks: 'without the PIN a number changes hands exactly when the days are over, and never by another door',
    spoil: core => ({
      register: (number, arrival, now, limits) => {
        const change = core.register(number, arrival, now, limits)
        return change && ending(change, given => ({ ...given, account: number.account ?? given.account }))
      },
    }),
  },
  {
    name: 'a lapse leaves the PIN standing',
    scene: 'lock',
    breaks: 'the PIN in force is the one that somebody entitled set last',
    spoil: core => ({
      register: (number, arrival, now, limits) => {
        const change = core.register(number, arrival, now, limits)
        return change && ending(change, given => ({ ...given, lock: number.lock }))
      },
    }),
  },
  {
    name: 'time opens the lock at every door',
    scene: 'lock',
    breaks: 'without the PIN a number changes hands exactly when the days are over, and never by another door',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, { ...command, door: 'rest' }, now, limits),
      register: (number, arrival, now, limits) => core.register(number, { ...arrival, door: 'rest' }, now, limits),
    }),
  },
  {
    name: 'a deleted number rests a millisecond less',
    scene: 'lock',
    breaks: 'a deleted number rests, and not longer',
    spoil: core => ({
      approach: (number, command, now, limits) => core.approach(number, command, now, { ...limits, afterDeletion: 0 }),
    }),
  },
  {
    name: 'last use moves in a contest',
    scene: 'lock',
    breaks: 'last use moves by use, registration and a new PIN; in a contest it stands still',
    spoil: () => ({
      used: (number, claim, now) => (number.holder?.claim === claim ? { ...number, lastUse: now } : number),
    }),
  },
  {
    name: 'anybody moves last use',
    scene: 'lock',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: () => ({
      used: (number, _claim, now) => (contestOf(number) === undefined ? { ...number, lastUse: now } : number),
    }),
  },
  {
    name: 'a deregistration moves last use in a contest',
    scene: 'lock',
    breaks: 'last use moves by use, registration and a new PIN; in a contest it stands still',
    spoil: core => ({
      deregister: (number, id, now) => {
        const left = core.deregister(number, id, now)
        return left.kind === 'deregistered' ? ending(left, given => ({ ...given, lastUse: now })) : left
      },
    }),
  },
  {
    name: 'a first PIN on an idle number leaves the days as they were',
    scene: 'lock',
    breaks: 'last use moves by use, registration and a new PIN; in a contest it stands still',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        return 'next' in done ? ending(done, given => ({ ...given, lastUse: number.lastUse })) : done
      },
    }),
  },
  {
    name: 'a right PIN begins a new account',
    scene: 'lock',
    breaks: 'the account behind a number stays, but for the first registration and the thirty days',
    spoil: core => ({
      guessedRight: (number, right, now) => {
        const change = core.guessedRight(number, right, now)
        return change && ending(change, given => ({ ...given, account: right.account }))
      },
    }),
  },
]
