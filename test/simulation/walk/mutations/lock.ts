// What may go wrong with the PIN, its contests, and who is told.

import { lockedWith } from '#core/registration-lock/lock.ts'
import { contestOf } from '../state.ts'

import { ending, type Mutation, withContest } from './spoil.ts'

export const lock: readonly Mutation[] = [
  {
    name: 'a changed PIN ends a contest',
    scene: 'lock',
    breaks: 'the lock moves along the arrows of its drawing only',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        return 'next' in done ? ending(done, given => withContest(given, undefined)) : done
      },
    }),
  },
  {
    name: 'a right PIN leaves the contest open',
    scene: 'lock',
    breaks: 'a lock is whole or not there',
    spoil: core => ({
      guessedRight: (number, right, now) => {
        const change = core.guessedRight(number, right, now)
        return change && ending(change, given => withContest(given, contestOf(number)))
      },
    }),
  },
  {
    name: 'a contest begins silently',
    scene: 'lock',
    breaks: 'whoever is contested or overtaken is told, and the journal says so',
    spoil: core => ({
      approach: (number, command, now, limits) => {
        const met = core.approach(number, command, now, limits)
        return met.kind === 'pin_needed' ? { ...met, notices: [] } : met
      },
    }),
  },
  {
    name: 'the keeper contests their own number',
    scene: 'lock',
    breaks: 'a lock is whole or not there',
    spoil: core => ({
      guessedWrong: (number, wrong, now, limits) => {
        const told = core.guessedWrong(number, wrong, now, limits)
        const contest = { since: now, claim: wrong.claim }
        return { ...told, change: ending(told.change, given => withContest(given, contestOf(given) ?? contest)) }
      },
    }),
  },
  {
    name: 'anybody answers a contest',
    scene: 'lock',
    breaks: 'only the holder answers a contest',
    spoil: core => ({
      contestAnswered: (number, holder, now) => core.contestAnswered(number, number.holder?.claim ?? holder, now),
    }),
  },
  {
    name: 'a stranger sets a PIN on a number that nobody locked',
    scene: 'lock',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        if (done.kind !== 'not_proved' || number.lock.kind === 'set') return done
        const next = { ...number, lock: lockedWith(number, set, now, limits) }
        return { kind: 'set', next, events: [{ kind: 'pin.set', claim: set.claim }], notices: [] }
      },
    }),
  },
  {
    name: 'whoever proved the number changes its PIN',
    scene: 'lock',
    breaks: 'the PIN in force is the one that somebody entitled set last',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        if (done.kind !== 'not_keeper' || number.lock.kind === 'none') return done
        const next = { ...number, lock: { ...number.lock, verifier: set.verifier } }
        return { kind: 'changed', next, events: [{ kind: 'pin.changed', claim: set.claim }], notices: [] }
      },
    }),
  },
  {
    name: 'a changed PIN is told to nobody',
    scene: 'lock',
    breaks: 'no lock comes, changes or goes silently',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        return done.kind === 'changed' ? { ...done, notices: [] } : done
      },
    }),
  },
  {
    name: 'a removal is told to nobody',
    scene: 'lock',
    breaks: 'no lock comes, changes or goes silently',
    spoil: core => ({ removePin: (...given) => ({ ...core.removePin(...given), notices: [] }) }),
  },
  {
    name: 'the verifier of the PIN is written into the journal',
    scene: 'lock',
    breaks: 'what is written and told carries no secret',
    spoil: core => ({
      setPin: (number, set, now, limits) => core.setPin(number, { ...set, weakness: set.verifier }, now, limits),
    }),
  },
  {
    name: 'a contest that stands is told again and again',
    scene: 'lock',
    breaks: 'what was refused changed nothing',
    spoil: core => ({
      approach: (number, command, now, limits) => {
        const met = core.approach(number, command, now, limits)
        if (met.kind !== 'pin_needed') return met
        return { ...met, events: [{ kind: 'registration.contested', claim: command.claim }] }
      },
    }),
  },
]
