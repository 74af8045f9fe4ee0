// Signing in: every way in and each boundary, in both profiles.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore } from '#test/simulation/account-core.ts'
import { aDevice, aNumber, callerOf, handsOn, personOf, withPerson } from '#test/simulation/account-hands.ts'
import { ends, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { hour, minute, second } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { devicesOf } from './trusted-device.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(theAccountCore, rows)
  const account = rows.account
  const newBrowser = () => withPerson(later(onScene(rows), minute), 'anna', { cookie: undefined })
  const password = '§password 0'

  test(`${profile}: with two-step off the password signs in`, () => {
    const scene = ends(hands.password(newScene(rows), 'anna', password), 'signed_in')
    assert.equal(scene.account.sessions[0]?.level, 'full')
    assert.equal(scene.account.browsers[0]?.trustedUntil, undefined)
  })

  test(`${profile}: with two-step on it opens nothing but the choice of a device, whose numbers are masked`, () => {
    const done = hands.password(newBrowser(), 'anna', password)
    const scene = ends(done, 'second_step_needed')
    assert.equal(scene.account.sessions.length, 1, 'the session it was turned on in, and no other')
    const caller = callerOf(personOf(scene, 'anna'))
    const tokens = ['signIn', 'session', 'browser'].map(id => ({ id, verifier: id }))
    const [signIn, session, browser] = tokens
    assert(signIn && session && browser)
    const step = { caller, tokens: { signIn, session, browser }, trust: false, verifier: password, remade: undefined }
    const ended = theAccountCore.passwordWasRight(scene.account, step, scene.now, rows)
    assert(ended?.kind === 'second_step_needed')
    assert.deepEqual(
      ended.devices.map(each => each.label),
      ['•••• ••01', 'd2'],
    )
  })

  test(`${profile}: password, device, code: a full session, and a browser that is known`, () => {
    let scene = ends(hands.password(newBrowser(), 'anna', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'd2'), 'sent')
    scene = ends(hands.code(scene, 'anna', 'code'), 'signed_in')
    const session = scene.account.sessions.at(-1)
    assert.deepEqual([session?.level, session?.channel], ['full', 'notification'])
    assert.deepEqual([session?.proofs.P, session?.proofs.D], [scene.now, scene.now])
    assert.deepEqual([scene.account.signIns, scene.account.challenges], [[], []])
    ends(hands.code(scene, 'anna', 'code', '§code again'), 'no_sign_in')
  })

  test(`${profile}: a trusted browser skips D until its days are over, to the millisecond, and never P`, () => {
    let scene = ends(hands.password(newBrowser(), 'anna', password, true), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    scene = ends(hands.code(scene, 'anna', 'code', undefined, true), 'signed_in')
    const { trust } = account.browser
    ends(hands.password(later(scene, trust - 1), 'anna', password), 'signed_in')
    ends(hands.password(later(scene, trust), 'anna', password), 'second_step_needed')
    ends(hands.password(later(scene, hour), 'anna', 'wrong'), 'wrong password')
    const used = ends(hands.password(later(scene, trust - 1), 'anna', password, true), 'signed_in')
    ends(hands.password(later(used, 1), 'anna', password), 'second_step_needed')
  })

  test(`${profile}: a sign-in lives fifteen minutes, to the millisecond`, () => {
    const scene = ends(hands.password(newBrowser(), 'anna', password), 'second_step_needed')
    ends(hands.send(later(scene, 15 * minute - 1), 'anna', 'sign-in', 'd2'), 'sent')
    ends(hands.send(later(scene, 15 * minute), 'anna', 'sign-in', 'd2'), 'no_sign_in')
  })

  test(`${profile}: steps out of order are refused, and change nothing`, () => {
    const scene = newBrowser()
    for (const done of [
      hands.send(scene, 'anna', 'sign-in', 'n1'),
      hands.code(scene, 'anna', 'code', '§code'),
      hands.key(scene, 'anna', 'key', personOf(scene, 'anna').key ?? ''),
      hands.setPassword(scene, 'anna'),
      hands.send(scene, 'anna', 'reset-password', 'n1'),
    ]) {
      assert.match(done.ending, /^no_/)
      assert.equal(done.scene.account, scene.account)
    }
    const begun = ends(hands.password(scene, 'anna', password), 'second_step_needed')
    ends(hands.code(begun, 'anna', 'code', '§code'), 'no_code')
    ends(hands.send(begun, 'anna', 'sign-in', 'n9'), 'no_device')
  })

  test(`${profile}: wrong passwords wait longer and longer, apart for a known browser and for strangers`, () => {
    let scene = newBrowser()
    const known = withPerson(scene, 'anna', { cookie: personOf(onScene(rows), 'anna').cookie })
    for (const wait of ['', '', '', ' +1000']) {
      const ending = wait === '' ? 'wrong password' : `too_soon${wait}`
      scene = ends(hands.password(scene, 'anna', 'wrong'), ending)
    }
    ends(hands.password(later(scene, second - 1), 'anna', password), 'too_soon +1')
    ends(hands.password(later(scene, second), 'anna', password), 'second_step_needed')
    const other = withPerson(scene, 'theo', { bucket: 2 })
    ends(hands.password(other, 'theo', 'wrong'), 'wrong password')
    ends(hands.password({ ...scene, people: known.people }, 'anna', password), 'second_step_needed')
  })

  test(`${profile}: a password that was changed while it was looked at is wrong`, () => {
    const looking = hands.spendPassword(newBrowser(), 'anna', password).scene
    const changed = { ...looking.account, password: { verifier: '§other', setAt: looking.now, weak: false } }
    ends(hands.settle({ ...looking, account: changed }), 'wrong password')
  })

  test(`${profile}: the first wrong code of a request tells all addresses that somebody has the password`, () => {
    let scene = ends(hands.password(newBrowser(), 'theo', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'theo', 'sign-in', 'n1'), 'sent')
    const first = hands.code(scene, 'theo', 'code')
    const second = hands.code(first.scene, 'theo', 'code')
    assert.deepEqual(
      [first, second].map(each => each.change?.notices.map(({ kind, to }) => `${kind} → ${to}`)),
      [['second_step_failed → anna@example.org'], []],
    )
  })

  test(`${profile}: password and Recovery Key: a limited session, full once a new device was verified`, () => {
    let scene = ends(hands.password(newBrowser(), 'anna', password), 'second_step_needed')
    const entered = hands.key(scene, 'anna', 'key', personOf(scene, 'anna').key ?? '')
    scene = ends(entered, 'limited')
    assert(entered.change?.notices.some(each => each.kind === 'key_used'))
    ends(hands.changePassword(scene, 'anna'), 'limited_session')
    ends(hands.replaceKey(scene, 'anna'), 'limited_session')
    const old = scene
    scene = ends(hands.sendNew(scene, 'anna', aNumber('n3')), 'sent')
    scene = ends(hands.code(scene, 'anna', 'device code'), 'verified')
    assert.equal(scene.account.sessions.at(-1)?.level, 'full')
    assert.equal(devicesOf(scene.account).length, 3)
    const { twoStep } = scene.account
    assert.equal(twoStep.kind === 'on' && twoStep.key === undefined, account.recoveryKey.diesOnUse)
    ends(hands.replaceKey(scene, 'anna'), 'replaced')
    ends(hands.sendNew(later(old, account.session.limitedLife - 1), 'anna', aDevice('d4')), 'sent')
    ends(hands.sendNew(later(old, account.session.limitedLife), 'anna', aDevice('d4')), 'no_session')
  })

  test(`${profile}: a replaced Recovery Key takes the limited sessions and resets with it that it opened`, () => {
    let scene = ends(hands.password(newBrowser(), 'theo', password), 'second_step_needed')
    scene = ends(hands.key(scene, 'theo', 'key', personOf(scene, 'anna').key ?? ''), 'limited')
    scene = ends(hands.key(scene, 'theo', 'reset key', personOf(scene, 'anna').key ?? ''), 'begun')
    scene = ends(hands.password(scene, 'anna', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    scene = ends(hands.code(scene, 'anna', 'code'), 'signed_in')
    scene = ends(hands.replaceKey(scene, 'anna'), 'replaced')
    ends(hands.sendNew(scene, 'theo', aNumber('n9')), 'no_session')
    ends(hands.send(scene, 'theo', 'reset-password', 'n1'), 'no_reset')
    assert(scene.account.sessions.every(each => each.level === 'full'))
    assert.deepEqual(scene.account.resets, [])
  })

  test(`${profile}: "not me" on the device ends the sign-in and tells; another device cannot say it`, () => {
    let scene = ends(hands.password(newBrowser(), 'theo', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'theo', 'sign-in', 'd2'), 'sent')
    const of = personOf(scene, 'theo').signIn ?? ''
    assert.equal(theAccountCore.denied(scene.account, { device: 'n1', of }, scene.now), undefined)
    const denied = theAccountCore.denied(scene.account, { device: 'd2', of }, scene.now)
    assert.deepEqual(
      denied?.notices.map(each => each.kind),
      ['sign_in_denied'],
    )
    assert(denied)
    ends(hands.code({ ...scene, account: denied.next }, 'theo', 'code'), 'no_sign_in')
  })
}
