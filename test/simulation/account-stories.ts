// The stories that are walked: small policies, so that every state they can reach is visited. A span of the real table is a
// few milliseconds here, and time passes by one: every boundary is met a millisecond before, at it, and after.

import assert from 'node:assert/strict'
import { instantAt } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { classic, strict } from './a-number.ts'
import { type AccountCore, theAccountCore } from './account-core.ts'
import { handsOn, type Person, type Scene, withPerson } from './account-hands.ts'
import {
  changesPassword,
  code,
  decides,
  deny,
  die,
  enrolmentMoves,
  identity,
  key,
  type Move,
  mailbox,
  misuse,
  password,
  replacesKey,
  saysNotMe,
  send,
  setPassword,
  settle,
  signsIn,
  tick,
} from './account-moves.ts'
import { newScene, onScene } from './account-samples.ts'
import type { Pair, Story } from './account-walk.ts'

const unlimited = { limit: 1, span: 0, apart: 0 }

const small = (profile: Limits): Limits => ({
  ...profile,
  ownershipCode: { digits: 6, life: 1, checkWaits: [], sendsAt: [0], perNumber: unlimited },
  account: {
    ...profile.account,
    deviceCode: { digits: 4, life: 2, checkWaits: [], sendsAt: [0] },
    notifications: unlimited,
    failuresInARow: 2,
    password: {
      ...profile.account.password,
      delay: { free: 1, first: 1, most: 1, forgetsAfter: 1 },
      strangerBuckets: 2,
    },
    recoveryKey: {
      ...profile.account.recoveryKey,
      ...{ delay: { free: 1, first: 1, most: 1, forgetsAfter: 1 }, callers: 2, retypeWithin: 2 },
    },
    waiting: { period: 2, toFinish: 2 },
    browser: { trust: 2, grace: 1, most: 2 },
    session: { life: 3, idle: 3, limitedLife: 2, most: 1 },
    freshProof: 1,
    signIn: { life: 2, most: 1 },
    passwordReset: { life: 2, most: 1 },
    mailedLink: { life: 2, perAccount: unlimited },
  },
})

const begins = instantAt(1_000_000)

const anna = (): readonly Move[] => [
  signsIn('anna', { trust: true, cookie: true }),
  replacesKey('anna'),
  changesPassword('anna'),
]

/** All that Theo can try, with whatever he holds. */
const theo = (core: AccountCore): readonly Move[] => [
  password('theo', 'known'),
  password('theo', 'wrong'),
  send('theo', 'sign-in', 'n1'),
  send('theo', 'sign-in', 'd2'),
  code('theo', 'code'),
  key('theo', 'key', 'known'),
  key('theo', 'key', 'wrong'),
  key('theo', 'reset key', 'known'),
  key('theo', 'reset key', 'wrong'),
  send('theo', 'reset-password', 'n1'),
  code('theo', 'reset code'),
  setPassword('theo'),
  misuse('theo', core),
  mailbox('theo', core),
]

function holding(limits: Limits, stolen: readonly ('P' | 'D' | 'K')[]): Scene {
  const scene = onScene(limits, begins)
  const parts: Partial<Person> = {
    password: stolen.includes('P') ? scene.people.anna?.password : undefined,
    key: stolen.includes('K') ? scene.people.anna?.key : undefined,
    devices: stolen.includes('D') ? ['n1', 'd2'] : [],
  }
  return withPerson(scene, 'theo', parts)
}

// The thief holds all there is, and the owner changes it while it is looked at.
function between(name: string, moves: readonly Move[], atLeast: Story['atLeast']): Story {
  const { account } = small(strict)
  const session = { ...account.session, most: 2 }
  const limits = { ...small(strict), account: { ...account, freshProof: 2, session } }
  const begun = signsIn('anna', { trust: false, cookie: true }).run(
    handsOn(theAccountCore, limits),
    holding(limits, ['P', 'K', 'D']),
    limits,
  )
  assert(begun?.ending === 'signed_in', 'the owner is signed in by two proofs')
  return {
    ...{ name, limits, begins: begun.scene },
    moves: [...moves, replacesKey('anna'), changesPassword('anna'), settle, die, tick],
    ...{ stolen: ['P', 'K', 'D'], pairs: [], flies: true, atLeast },
  }
}

const stories = (core: AccountCore): readonly Story[] => {
  const thief = (
    name: string,
    profile: Limits,
    stolen: readonly ('P' | 'D' | 'K')[],
    pairs: readonly Pair[],
    more: readonly Move[],
    atLeast: Story['atLeast'],
  ): Story => {
    const limits = small(profile)
    const moves = [...theo(core), ...anna(), ...more, tick]
    return { name, limits, begins: holding(limits, stolen), moves, stolen, pairs, flies: false, atLeast }
  }
  const ownersSteps: readonly Move[] = [
    password('anna', 'known'),
    send('anna', 'sign-in', 'd2'),
    code('anna', 'code'),
    deny('theo', 'd2', core),
    decides('anna', 'removes d2', (account, session, _, now, limits) =>
      core.removeDevice(account, { session, device: 'd2' }, now, limits),
    ),
  ]
  const all: readonly Pair[] = ['P + D', 'P + K', 'K + D']
  return [
    thief('a stranger, or an operator, with nothing', classic, [], all, [], { states: 188, transitions: 2_800 }),
    thief('a thief with the password', classic, ['P'], ['K + D'], [], { states: 11_200, transitions: 180_000 }),
    thief('a thief with the Recovery Key, strict', strict, ['K'], ['P + D'], [], {
      states: 7_400,
      transitions: 125_000,
    }),
    thief('a thief with a device', classic, ['D'], ['P + K'], ownersSteps, {
      states: 3_600,
      transitions: 73_000,
    }),
    thief('a thief with the Recovery Key', classic, ['K'], ['P + D'], [], { states: 7_400, transitions: 125_000 }),
    {
      name: 'turning it on, and off again',
      limits: { ...small(classic), account: { ...small(classic).account, freshProof: 3 } },
      begins: newScene(small(classic), begins),
      moves: [
        signsIn('anna', { trust: false, cookie: false }),
        ...enrolmentMoves('anna', core),
        changesPassword('anna'),
        saysNotMe('anna', core),
        decides('anna', 'turns it off', (account, session, _, now, limits) =>
          core.turnOff(account, { session, identity }, now, limits),
        ),
        tick,
      ],
      stolen: [],
      pairs: [],
      flies: false,
      atLeast: { states: 2_600, transitions: 39_000 },
    },
    between(
      'sign-ins that something comes between',
      [password('theo', 'known'), send('theo', 'sign-in', 'n1'), code('theo', 'code'), key('theo', 'key', 'known')],
      { states: 72_000, transitions: 465_000 },
    ),
    between(
      'resets that something comes between',
      [
        key('theo', 'reset key', 'known'),
        send('theo', 'reset-password', 'n1'),
        code('theo', 'reset code'),
        setPassword('theo'),
      ],
      { states: 5_600, transitions: 39_000 },
    ),
  ]
}

/** The stories, told with a core: the real one, or one that was spoilt. */
export const storiesWith = stories
export const theStories = stories(theAccountCore)
