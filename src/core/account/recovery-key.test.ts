// The Recovery Key and the forgotten password: who is slowed down, what dies when, and in which order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore as core } from '#test/simulation/account-core.ts'
import { callerOf, handsOn, personOf, type Scene, withPerson } from '#test/simulation/account-hands.ts'
import { ends, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { newKeyToRetype } from './recovery-key.ts'
import { warningsOf } from './trusted-device.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(core, rows)
  const password = '§password 0'
  const keyOf = (scene: Scene) => personOf(scene, 'anna').key ?? ''
  const on = () => later(onScene(rows), day)
  const signedIn = (from: Scene) => {
    let scene = ends(hands.password(from, 'anna', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    return ends(hands.code(scene, 'anna', 'code'), 'signed_in')
  }

  test(`${profile}: ten wrong keys slow down their caller for a day, to the millisecond, and nobody else`, () => {
    let scene = on()
    for (let each = 0; each < 10; each += 1)
      scene = ends(hands.key(scene, 'theo', 'reset key', 'no'), 'wrong reset key')
    ends(hands.key(scene, 'theo', 'reset key', keyOf(scene)), `too_soon +${day}`)
    ends(hands.key(later(scene, day - 1), 'theo', 'reset key', keyOf(scene)), 'too_soon +1')
    ends(hands.key(later(scene, day), 'theo', 'reset key', 'no'), 'wrong reset key')
    ends(hands.key(scene, 'anna', 'reset key', keyOf(scene)), 'begun')
  })

  test(`${profile}: ten thousand callers with wrong keys keep the document small and hold up nobody`, () => {
    let scene = on()
    for (let each = 0; each < 10_000; each += 1) {
      scene = withPerson(scene, 'theo', { network: `network ${each}` })
      scene = hands.key(scene, 'theo', 'reset key', 'no').scene
    }
    assert.equal(scene.account.keyTries.length, rows.account.recoveryKey.callers)
    ends(hands.key(scene, 'anna', 'reset key', keyOf(scene)), 'begun')
  })

  test(`${profile}: an account without a key is met just like one with another key, and the try is spent`, () => {
    const [off, with2] = [newScene(rows), on()]
    const told = [off, with2].map(scene => {
      let next = scene
      const endings: string[] = []
      for (let each = 0; each < 11; each += 1) {
        const done = hands.key(next, 'theo', 'reset key', 'no')
        next = done.scene
        endings.push(done.ending)
      }
      return endings
    })
    assert.deepEqual(told[0], told[1])
  })

  test(`${profile}: K first, then a device, then its code, then a new password: sessions, browsers and app passwords go`, () => {
    let scene = signedIn(on())
    const make = {
      session: personOf(scene, 'anna').session ?? '',
      id: 'a',
      label: 'mail',
      service: 'mail',
      verifier: 'a',
    }
    const made = core.makeAppPassword(scene.account, make, scene.now, rows)
    assert(made.kind === 'made')
    scene = withPerson({ ...scene, account: made.next }, 'anna', { cookie: undefined })
    const begun = hands.key(scene, 'anna', 'reset key', keyOf(scene))
    assert.deepEqual(
      begun.change?.notices.map(each => each.kind),
      ['key_used'],
    )
    scene = ends(begun, 'begun')
    ends(hands.setPassword(scene, 'anna'), 'code_needed')
    scene = ends(hands.send(scene, 'anna', 'reset-password', 'd2'), 'sent')
    ends(hands.code(scene, 'anna', 'reset code', 'no'), 'wrong reset code')
    scene = ends(hands.code(scene, 'anna', 'reset code'), 'proved')
    const done = hands.setPassword(scene, 'anna')
    const { account } = ends(done, 'reset')
    assert.deepEqual([account.sessions, account.browsers, account.appPasswords, account.resets], [[], [], [], []])
    assert(done.change?.notices.some(each => each.kind === 'password_reset'))
    assert(account.twoStep.kind === 'on')
    assert.equal(account.twoStep.key === undefined, profile === 'strict', 'strict: a key is used once')
    ends(hands.setPassword(done.scene, 'anna'), 'no_reset')
    ends(hands.password(done.scene, 'anna', personOf(done.scene, 'anna').password ?? ''), 'second_step_needed')
  })

  test(`${profile}: a reset lives half an hour, to the millisecond`, () => {
    const scene = ends(hands.key(on(), 'anna', 'reset key', keyOf(on())), 'begun')
    ends(hands.send(later(scene, 30 * minute - 1), 'anna', 'reset-password', 'n1'), 'sent')
    ends(hands.send(later(scene, 30 * minute), 'anna', 'reset-password', 'n1'), 'no_reset')
  })

  test(`${profile}: no phone rings before the key was right`, () => {
    const scene = ends(hands.key(on(), 'theo', 'reset key', 'no'), 'wrong reset key')
    ends(hands.send(scene, 'theo', 'reset-password', 'n1'), 'no_reset')
  })

  test(`${profile}: a new key is shown and retyped in its session within the hour; until then the old one stands`, () => {
    const scene = signedIn(on())
    const session = personOf(scene, 'anna').session ?? ''
    const shown = core.showNewKey(scene.account, { session, verifier: '§new' }, scene.now, rows)
    assert(shown.kind === 'shown')
    ends(hands.key({ ...scene, account: shown.next }, 'theo', 'reset key', keyOf(scene)), 'begun')
    assert.equal(newKeyToRetype(shown.next, session, later(scene, hour - 1).now, rows), '§new')
    assert.equal(newKeyToRetype(shown.next, session, later(scene, hour).now, rows), undefined)
    assert.equal(newKeyToRetype(shown.next, 'another', scene.now, rows), undefined)
    const retype = (verifier: string, span = 0) =>
      core.newKeyRetyped(shown.next, { session, verifier }, later(scene, span).now, rows)
    assert.equal(retype('§other').kind, 'not_shown')
    assert.equal(retype('§new', 10 * minute + 1).kind, 'step_up')
    const replaced = retype('§new')
    assert(replaced.kind === 'replaced')
    ends(hands.key({ ...scene, account: replaced.next }, 'theo', 'reset key', keyOf(scene)), 'wrong reset key')
    ends(hands.key({ ...scene, account: replaced.next }, 'theo', 'reset key', '§new'), 'begun')
  })

  test(`${profile}: the key is asked for once a year, and answering is no use of it`, () => {
    const year = 365 * day
    const scene = onScene(rows)
    assert.deepEqual(warningsOf(scene.account, later(scene, year - 1).now, rows), [])
    assert.deepEqual(warningsOf(scene.account, later(scene, year).now, rows), ['recovery_key_at_hand'])
    const asked = signedIn(later(scene, year))
    const right = {
      session: personOf(asked, 'anna').session ?? '',
      caller: callerOf(personOf(asked, 'anna')),
      verifier: keyOf(asked),
    }
    const done = core.keyAtHand(asked.account, right, asked.now, rows)
    assert(done)
    assert.deepEqual(warningsOf(done.next, asked.now, rows), [])
    assert(done.next.twoStep.kind === 'on' && done.next.twoStep.key?.verifier === right.verifier)
    assert.equal(core.keyAtHand(asked.account, { ...right, verifier: '§other' }, asked.now, rows), undefined)
  })
}
