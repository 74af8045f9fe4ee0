// Codes: how often, how long, for whom; the matrix of purposes, channels and accounts; both sides of each boundary.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore } from '#test/simulation/account-core.ts'
import { aNumber, handsOn, personOf, type Scene, withPerson } from '#test/simulation/account-hands.ts'
import { ends, later, onScene } from '#test/simulation/account-samples.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { codeBinding, purposes, type Slot } from './challenge.ts'
import { deviceOf, warningsOf } from './trusted-device.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(theAccountCore, rows)
  const { life, checkWaits } = rows.account.deviceCode
  const checks = checkWaits.length + 1
  const password = '§password 0'
  const begun = (from: Scene = later(onScene(rows), day)) =>
    ends(hands.password(from, 'theo', password), 'second_step_needed')
  const sent = (device = 'n1') => ends(hands.send(begun(), 'theo', 'sign-in', device), 'sent')
  const right = (scene: Scene) => scene.account.challenges[0]?.verifier ?? ''

  test(`${profile}: a code lives ${life / minute} minutes, to the millisecond`, () => {
    const scene = sent()
    ends(hands.code(later(scene, life - 1), 'theo', 'code', right(scene)), 'signed_in')
    ends(hands.code(later(scene, life), 'theo', 'code', right(scene)), 'no_code')
  })

  test(`${profile}: a request carries ${checks} checks, and a new code does not restore them`, () => {
    let scene = sent()
    for (let check = 1; check < checks; check += 1)
      scene = ends(hands.code(scene, 'theo', 'code', 'wrong'), 'wrong code')
    scene = ends(hands.send(later(scene, minute), 'theo', 'sign-in', 'n1'), 'sent')
    scene = ends(hands.code(scene, 'theo', 'code', 'wrong'), 'wrong code')
    ends(hands.code(scene, 'theo', 'code', right(scene)), `checks_spent +${life}`)
    ends(hands.send(later(scene, life - 1), 'theo', 'sign-in', 'n1'), 'too_many_codes +1')
    ends(hands.send(later(scene, life), 'theo', 'sign-in', 'n1'), 'sent')
  })

  test(`${profile}: a new sign-in of the same side shares the request, its code and its checks`, () => {
    let scene = sent()
    scene = ends(hands.code(scene, 'theo', 'code', 'wrong'), 'wrong code')
    const first = right(scene)
    scene = begun(scene)
    ends(hands.code(scene, 'theo', 'code', first), 'no_code')
    scene = ends(hands.send(later(scene, minute), 'theo', 'sign-in', 'n1'), 'sent')
    assert.equal(scene.account.challenges[0]?.checks, 1)
    ends(hands.code(scene, 'theo', 'code', first), 'wrong code')
    ends(hands.code(scene, 'theo', 'code', right(scene)), 'signed_in')
  })

  test(`${profile}: codes of one request go out at 0, 1, 2, 5 and 10 minutes, as long as the newest lives`, () => {
    let scene = sent()
    ends(hands.send(later(scene, minute - 1), 'theo', 'sign-in', 'n1'), 'too_many_codes +1')
    let moment = 0
    for (const at of [1, 2, 5]) {
      scene = later(scene, at * minute - moment)
      moment = at * minute
      ends(hands.send(later(scene, -1), 'theo', 'sign-in', 'n1'), 'too_many_codes +1')
      scene = ends(hands.send(scene, 'theo', 'sign-in', 'n1'), 'sent')
    }
  })

  test(`${profile}: five codes a day to one number, for each side`, () => {
    let scene = sent()
    for (let code = 2; code <= 5; code += 1) {
      scene = ends(hands.send(begun(later(scene, hour)), 'theo', 'sign-in', 'n1'), 'sent')
    }
    ends(hands.send(begun(later(scene, hour)), 'theo', 'sign-in', 'n1'), `too_many_codes +${19 * hour}`)
    const anna = ends(hands.password(later(scene, hour), 'anna', password), 'second_step_needed')
    ends(hands.send(anna, 'anna', 'sign-in', 'n1'), 'sent')
  })

  test(`${profile}: three notifications an hour, for each side`, () => {
    let scene = sent('d2')
    for (const at of [1, 2]) {
      scene = ends(hands.send(later(scene, at * minute), 'theo', 'sign-in', 'd2'), 'sent')
    }
    const full = begun(later(scene, 20 * minute))
    ends(hands.send(full, 'theo', 'sign-in', 'd2'), `too_many_codes +${37 * minute}`)
    const anna = ends(hands.password(full, 'anna', password), 'second_step_needed')
    ends(hands.send(anna, 'anna', 'sign-in', 'd2'), 'sent')
  })

  test(`${profile}: ${rows.account.failuresInARow} wrong codes turn a device off for strangers, not for its owner`, () => {
    const { failuresInARow } = rows.account
    let scene = begun()
    let wrong = 0
    let told: readonly string[] = []
    while (wrong < failuresInARow) {
      scene = ends(hands.send(begun(later(scene, 6 * hour)), 'theo', 'sign-in', 'n1'), 'sent')
      for (let check = 0; check < checks && wrong < failuresInARow; check += 1, wrong += 1) {
        const done = hands.code(scene, 'theo', 'code', 'wrong')
        scene = ends(done, 'wrong code')
        told = done.change?.notices.map(each => each.kind) ?? []
      }
    }
    assert(told.includes('device_off'))
    scene = later(scene, 6 * hour)
    ends(hands.send(begun(scene), 'theo', 'sign-in', 'n1'), 'device_off')
    assert(warningsOf(scene.account, scene.now, rows).includes('device_off'))
    let anna = ends(hands.password(scene, 'anna', password), 'second_step_needed')
    anna = ends(hands.send(anna, 'anna', 'sign-in', 'n1'), 'sent')
    anna = ends(hands.code(anna, 'anna', 'code'), 'signed_in')
    assert.equal(deviceOf(anna.account, 'n1')?.failures.stranger, failuresInARow, 'her code forgives her side alone')
    const again = hands.inSession(anna, 'anna', (account, session, _, now) =>
      theAccountCore.turnDevicesOn(account, session, now, rows),
    )
    assert.equal(deviceOf(ends(again, 'on_again').account, 'n1')?.failures.stranger, 0)
    const changed = ends(hands.changePassword(anna, 'anna'), 'changed')
    assert.equal(deviceOf(changed.account, 'n1')?.failures.stranger, 0)
  })

  test(`${profile}: a code is right on the diagonal of purposes and nowhere else`, () => {
    // One open challenge for each purpose that two-step has, each with a code of its own.
    let scene = sent()
    scene = withPerson(scene, 'theo', { signIn: personOf(scene, 'theo').signIn })
    scene = ends(hands.key(scene, 'theo', 'reset key', personOf(scene, 'anna').key ?? ''), 'begun')
    scene = ends(hands.send(later(scene, minute), 'theo', 'reset-password', 'n1'), 'sent')
    const session = scene.account.sessions[0]
    assert(session)
    const fresh = {
      ...session,
      proofs: { P: scene.now, D: scene.now, K: undefined },
      lastUsedAt: scene.now,
      beganAt: scene.now,
    }
    scene = withPerson({ ...scene, account: { ...scene.account, sessions: [fresh] } }, 'theo', { session: session.id })
    scene = ends(hands.send(scene, 'theo', 'step-up', 'n1'), 'sent')
    scene = ends(hands.sendNew(scene, 'theo', aNumber('n3')), 'sent')
    const whats = ['code', 'reset code', 'step-up code', 'device code'] as const
    const purposeOf = {
      code: 'sign-in',
      'reset code': 'reset-password',
      'step-up code': 'step-up',
      'device code': 'add-device',
    }
    for (const typed of whats) {
      const code = scene.account.challenges.find(each => each.purpose === purposeOf[typed])?.verifier ?? ''
      for (const asked of whats) {
        const { ending } = hands.code(scene, 'theo', asked, code)
        assert.equal(!ending.startsWith('wrong'), typed === asked, `a ${typed} as a ${asked}: ${ending}`)
      }
    }
  })
}

test('what a code’s verifier is made for differs in purpose, channel, account, device, side and resource', () => {
  const slot: Slot = { purpose: 'sign-in', side: 'known', of: 'one' }
  const n1 = { id: 'n1', kind: 'number' } as const
  const all = [
    ...purposes.map(purpose => codeBinding('a', { ...slot, purpose }, n1)),
    codeBinding('b', slot, n1),
    codeBinding('a', { ...slot, side: 'stranger' }, n1),
    codeBinding('a', { ...slot, of: 'two' }, n1),
    codeBinding('a', slot, { id: 'n1', kind: 'device' }),
    codeBinding('a', slot, { id: 'n2', kind: 'number' }),
  ]
  assert.equal(new Set(all).size, all.length)
})
