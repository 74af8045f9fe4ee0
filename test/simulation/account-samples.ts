// Accounts that tests begin with: one that is new, and one with two-step verification on, made by the core itself.

import assert from 'node:assert/strict'
import { type Account, createAccount } from '#core/account/account.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { at, start } from './a-number.ts'
import { theAccountCore } from './account-core.ts'
import { aDevice, aNumber, type Done, type Hands, handsOn, type Scene, somebody } from './account-hands.ts'

export const annasAddress = 'anna@example.org'

export const newAccount = (limits: Limits, now: Instant = start, parts: Partial<Account> = {}): Account => ({
  ...createAccount(
    {
      id: '§account',
      application: undefined,
      password: { verifier: '§password 0', weak: false },
      addresses: [{ address: annasAddress, confirmedAt: now }],
    },
    now,
    limits,
  ),
  ...parts,
})

/** Anna (owner, in her browser), and Theo (a stranger) on another network. */
export const newScene = (limits: Limits, now: Instant = start, parts: Partial<Account> = {}): Scene => ({
  now,
  account: newAccount(limits, now, parts),
  people: {
    anna: somebody('anna', { password: '§password 0', devices: ['n1', 'd2', 'n3'] }),
    theo: somebody('theo', { bucket: 1 }),
  },
  flight: undefined,
  serial: 1,
})

/** What came of it, which must have this ending. */
export function ends(done: Done, ending: string): Scene {
  assert.equal(done.ending, ending)
  return done.scene
}

export const later = (scene: Scene, span: number): Scene => ({ ...scene, now: (scene.now + span) as Instant })

/** Through the whole enrolment with a number and a device, at one moment. */
export function enrolled(hands: Hands, limits: Limits, from: Scene): Scene {
  let scene = ends(hands.password(from, 'anna', '§password 0'), 'signed_in')
  const core = theAccountCore
  scene = ends(
    hands.inSession(scene, 'anna', (account, session, notMe, now) =>
      core.beginEnrolment(account, { session, notMe }, now, limits),
    ),
    'begun',
  )
  for (const draft of [aNumber('n1'), aDevice('d2')]) {
    scene = ends(hands.sendNew(scene, 'anna', draft), 'sent')
    scene = ends(hands.code(scene, 'anna', 'enrolment code'), 'verified')
    // The request of the first code is used up; the next one is another.
  }
  const key = `§key ${scene.serial}`
  scene = ends(
    hands.inSession(scene, 'anna', (account, session, _, now) => core.skipDevices(account, session, now, limits)),
    'skipped',
  )
  scene = ends(
    hands.inSession(scene, 'anna', (account, session, _, now) =>
      core.showFirstKey(account, { session, verifier: key }, now, limits),
    ),
    'shown',
  )
  scene = ends(
    hands.inSession(scene, 'anna', (account, session, _, now) =>
      core.firstKeyRetyped(account, { session, verifier: key }, now, limits),
    ),
    'retyped',
  )
  scene = ends(
    hands.inSession(scene, 'anna', (account, session, _, now) =>
      core.enable(account, { session, understood: true }, now, limits),
    ),
    'enabled',
  )
  return { ...scene, people: { ...scene.people, anna: { ...scene.people.anna, ...somebodyWith(scene, key) } } }
}

const somebodyWith = (scene: Scene, key: string) => {
  const { anna } = scene.people
  assert(anna !== undefined)
  return { ...anna, key }
}

/** Two-step is on, and Anna is signed in on the browser she enabled it with. */
export const onScene = (limits: Limits, now: Instant = start): Scene =>
  enrolled(handsOn(theAccountCore, limits), limits, newScene(limits, now))

export { at, start }
