// The owner's way back: with two proofs, whatever a thief with one has done, to a full session with fresh P and D, a new
// Recovery Key in hand, a new password, and no device that somebody else holds.

import { permit } from '#core/account/session.ts'
import { devicesOf } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'
import { aNumber, type Done, type Hands, type Scene, somebody } from './account-hands.ts'

const owner = 'the owner, come back'

/** What stopped them, or `undefined`. They come on a browser that nobody knows, from a network of their own. */
export function wayBack(
  core: AccountCore,
  hands: Hands,
  limits: Limits,
  state: Scene,
  pair: 'P + D' | 'P + K' | 'K + D',
): string | undefined {
  if (state.account.twoStep.kind !== 'on') return undefined
  if (pair !== 'P + D' && state.account.twoStep.key === undefined) return undefined
  const held = devicesOf(state.account).map(each => each.id)
  const person = somebody(owner, {
    bucket: 1,
    password: pair === 'K + D' ? undefined : state.account.password?.verifier,
    key: pair === 'P + D' ? undefined : state.account.twoStep.key?.verifier,
    devices: pair === 'P + K' ? ['n9'] : [...held, 'n9'],
  })
  let scene: Scene = { ...state, people: { ...state.people, [owner]: person } }
  let stuck: string | undefined
  /** Does it, waiting as long as it is told to. */
  const go = (what: string, ending: string, step: (scene: Scene) => Done): void => {
    if (stuck !== undefined) return
    for (let tries = 0; tries < 8; tries += 1) {
      const done = step(scene)
      scene = done.scene
      if (done.ending === ending) return
      const wait = Number(/ \+(\d+)$/.exec(done.ending)?.[1] ?? Number.NaN)
      if (Number.isNaN(wait)) {
        stuck = `${what}: ${done.ending}`
        return
      }
      scene = { ...scene, now: (scene.now + wait) as Instant }
    }
    stuck = `${what}: waits for ever`
  }
  const me = () => scene.people[owner] ?? person
  const first = (): string => devicesOf(scene.account).find(each => me().devices.includes(each.id))?.id ?? ''
  // What is done is not done again when a wait was longer than a sign-in lives.
  let left = pair

  const comeIn = (): void => {
    if (left === 'K + D') {
      go('the Recovery Key', 'begun', now => hands.key(now, owner, 'reset key', me().key ?? ''))
      go('a code', 'sent', now => hands.send(now, owner, 'reset-password', first()))
      go('the code', 'proved', now => hands.code(now, owner, 'reset code'))
      go('a new password', 'reset', now => hands.setPassword(now, owner))
      if (stuck === undefined) left = 'P + D'
    }
    go('the password', 'second_step_needed', now => hands.password(now, owner, me().password ?? ''))
    if (left === 'P + K') {
      go('the Recovery Key', 'limited', now => hands.key(now, owner, 'key', me().key ?? ''))
      go('a new device', 'sent', now => hands.sendNew(now, owner, aNumber('n9')))
      go('its own code', 'verified', now => hands.code(now, owner, 'device code'))
      if (stuck === undefined) left = 'P + D'
    } else {
      go('a code', 'sent', now => hands.send(now, owner, 'sign-in', first()))
      go('the code', 'signed_in', now => hands.code(now, owner, 'code'))
    }
    for (const device of pair === 'P + K'
      ? held.filter(each => devicesOf(scene.account).some(({ id }) => id === each))
      : []) {
      go(`to remove ${device}`, 'removed', now =>
        hands.inSession(now, owner, (account, session, _, at) =>
          core.removeDevice(account, { session, device }, at, limits),
        ),
      )
    }
    go('a new key', 'replaced', now => hands.replaceKey(now, owner))
    go('a new password', 'changed', now => hands.changePassword(now, owner))
  }
  for (let rounds = 0; rounds < 4; rounds += 1) {
    stuck = undefined
    comeIn()
    if (stuck === undefined || !/no_sign_in|no_reset|no_session|step_up/.test(stuck)) break
  }
  if (stuck !== undefined) return stuck
  const may = permit(scene.account, me().session ?? '', 'fresh', scene.now, limits)
  if (may.kind !== 'permitted') return `in the end: ${may.kind}`
  const others = scene.account.sessions.some(each => each.id !== me().session)
  return others ? 'another session is open in the end' : undefined
}
