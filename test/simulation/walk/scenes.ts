// The scenes: small policies and alphabets, so that every state they can reach is visited. A span of the real table is a few
// milliseconds here, and time passes by one: every boundary is met a millisecond before, at it, and after.

import type { Instant } from '#core/kernel/instant.ts'
import type { Claim } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { classic, someClaim } from '#test/simulation/a-number.ts'
import {
  add,
  answer,
  type Command,
  check,
  confirm,
  deregister,
  giveAddress,
  guess,
  mail,
  prove,
  register,
  remove,
  send,
  setPin,
  turnOff,
  use,
} from './commands.ts'
import type { Flight, Party } from './state.ts'
import { firstState } from './state.ts'
import type { Scene } from './walk.ts'

const unlimited = { limit: 1, span: 0, apart: 0 }

const small: Limits = {
  ...classic,
  ownershipCode: { digits: 6, life: 1, checkWaits: [], sendsAt: [0], perNumber: unlimited },
  pinGuesses: { kind: 'steps', atOnce: 1, waits: [1], closesAfter: 1 },
  registerAndDeregister: unlimited,
  afterDeletion: 1,
  withoutPin: { pendingMessages: 2, account: 3 },
  recoveryLink: { life: 2, perLock: { limit: 2, span: 2, apart: 1 } },
  reminders: [1, 2],
}

const both = (make: (by: Party) => readonly Command[]): readonly Command[] => [...make('A'), ...make('B')]

/** X with no code out, with one just sent, and with all checks of it spent. */
function pictures(limits: Limits): readonly Claim[] {
  const moment: Instant = firstState.now
  const out = (checks: number): Claim =>
    someClaim('X', {
      request: { began: moment, sends: 1, lastSentAt: moment, verifier: '', checks, lastCheckAt: undefined },
    })
  return [plainStranger, out(0), out(limits.ownershipCode.checkWaits.length + 1)]
}

const plainStranger = someClaim('X')

// The claim is deleted and added first: all that follows is done with a claim, and leaves what it leaves.
const strangers: readonly Command[] = [
  remove('X'),
  add('X'),
  send('X'),
  check('X', 'wrong'),
  check('X', 'foreign'),
  register('X', 'rest', 'missing'),
  register('X', 'rest', 'right'),
  register('X', 'graph', 'missing'),
  register('X', 'graph', 'right'),
  setPin('X'),
  guess('X', 'removal', 'right'),
  turnOff('X'),
  answer('X'),
  use('X'),
  mail('X'),
  confirm('X', 'unknown'),
  deregister('X'),
]

const looksAtPins = (flight: Flight): boolean => flight.kind === 'pin'
const looksAtCodesOfA = (flight: Flight): boolean => flight.kind === 'code' && flight.by === 'A'
const never = (): boolean => false

const guessing: Limits = { ...small, pinGuesses: { kind: 'steps', atOnce: 2, waits: [1, 2], closesAfter: 4 } }

const refilling: Limits = {
  ...small,
  pinGuesses: { kind: 'refill', inAll: 2, every: 2, closesAfter: 3 },
  recoveryAddressMustBeConfirmed: true,
}

const twoAtOnce: Limits = {
  ...small,
  pinGuesses: { kind: 'steps', atOnce: 2, waits: [1], closesAfter: 2 },
  withoutPin: { pendingMessages: 1, account: 2 },
}

const counting: Limits = { ...small, registerAndDeregister: { limit: 3, span: 3, apart: 0 } }

const coding: Limits = {
  ...small,
  ownershipCode: {
    digits: 6,
    life: 2,
    checkWaits: [1],
    sendsAt: [0, 1],
    perNumber: { limit: 2, span: 3, apart: 1 },
  },
  // There is no lock in this scene, so that the days without use do not matter.
  withoutPin: { pendingMessages: 0, account: 0 },
}

const lock = (by: Party): readonly Command[] => [
  prove(by),
  register(by, 'rest', 'missing'),
  register(by, 'rest', 'right'),
  register(by, 'rest', 'wrong'),
  register(by, 'graph', 'missing'),
  setPin(by),
  answer(by),
  use(by),
  deregister(by),
  remove(by),
]

const pins = (by: Party): readonly Command[] => [
  guess(by, 'change', 'right'),
  guess(by, 'removal', 'right'),
  guess(by, 'contest', 'right'),
  guess(by, 'deletion', 'right'),
]

export const scenes = {
  lock: {
    name: 'the lock, its guesses, its contests and the days without use',
    limits: guessing,
    commands: both(by => [
      ...lock(by),
      ...pins(by),
      register(by, 'graph', 'right'),
      guess(by, 'reminder', 'right'),
      guess(by, 'reminder', 'wrong'),
    ]),
    strangers,
    pictures: [plainStranger],
    codes: [],
    flies: never,
    atLeast: { states: 11_000, transitions: 450_000 },
  },
  refill: {
    name: 'the lock where guesses are paid back',
    limits: refilling,
    commands: both(by => [...lock(by), guess(by, 'removal', 'right')]),
    strangers: [],
    pictures: [],
    codes: [],
    flies: never,
    atLeast: { states: 27_000, transitions: 440_000 },
  },
  flights: {
    name: 'PINs that are looked at while something else happens, or while the process dies',
    limits: twoAtOnce,
    commands: both(by => [...lock(by), ...pins(by), register(by, 'rest', 'old')]),
    strangers: [],
    pictures: [],
    codes: [],
    flies: looksAtPins,
    atLeast: { states: 44_000, transitions: 1_000_000 },
  },
  mail: {
    name: 'the recovery mail, its link and its address',
    limits: small,
    commands: both(by => [
      ...lock(by),
      guess(by, 'removal', 'right'),
      giveAddress(by, `${by}@example.org`),
      giveAddress(by, undefined),
      mail(by),
      confirm(by, 'newest'),
      turnOff(by),
    ]),
    strangers,
    pictures: [plainStranger],
    codes: [],
    flies: never,
    atLeast: { states: 13_500, transitions: 540_000 },
  },
  codes: {
    name: 'ownership codes, their checks, and checks that something comes between',
    limits: coding,
    commands: [
      ...both(by => [add(by), send(by), check(by, 'newest'), register(by, 'rest', 'missing')]),
      check('A', 'wrong'),
      check('A', 'replaced'),
      check('A', 'foreign'),
      remove('A'),
    ],
    strangers,
    pictures: pictures(coding),
    codes: ['A'],
    flies: looksAtCodesOfA,
    atLeast: { states: 35_000, transitions: 800_000 },
  },
  attempts: {
    name: 'registrations that are counted',
    limits: counting,
    commands: both(by => [prove(by), register(by, 'graph', 'missing'), register(by, 'graph', 'right'), deregister(by)]),
    strangers: [register('X', 'graph', 'missing'), register('X', 'graph', 'right')],
    pictures: [plainStranger],
    codes: [],
    flies: never,
    atLeast: { states: 18_500, transitions: 170_000 },
  },
} satisfies Readonly<Record<string, Scene>>
