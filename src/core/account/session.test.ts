// Sessions and gates: how long they live, what they may do, and how old a proof may be; all to the millisecond.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore } from '#test/simulation/account-core.ts'
import { handsOn, personOf, type Scene, withPerson } from '#test/simulation/account-hands.ts'
import { ends, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { hour, minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { acrValues } from './acr.ts'
import { amrOf, gates, passGate, whyNoGate } from './gate.ts'
import { endSessions, liveSession, permit, renameSession, sessionUsed } from './session.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(theAccountCore, rows)
  const { life, idle } = rows.account.session
  const password = '§password 0'
  const idOf = (scene: Scene, who = 'anna') => personOf(scene, who).session ?? ''
  const signedIn = (from: Scene) => {
    // Codes to one number are a minute apart.
    let scene = ends(hands.password(later(from, minute), 'anna', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    return ends(hands.code(scene, 'anna', 'code', undefined, true), 'signed_in')
  }

  test(`${profile}: a session ends ${idle / hour} h after its last use and ${life / hour} h after its beginning`, () => {
    const scene = onScene(rows)
    const id = idOf(scene)
    assert(liveSession(scene.account, id, later(scene, idle - 1).now, rows))
    assert.equal(liveSession(scene.account, id, later(scene, idle).now, rows), undefined)
    let kept = scene
    while (kept.now + idle / 2 < scene.now + life) {
      kept = later(kept, idle / 2)
      const used = sessionUsed(kept.account, id, kept.now, rows)
      if (used) kept = { ...kept, account: used.next }
    }
    assert(liveSession(kept.account, id, later(scene, life - 1).now, rows))
    assert.equal(liveSession(kept.account, id, later(scene, life).now, rows), undefined)
    assert.equal(
      sessionUsed(scene.account, id, later(scene, minute - 1).now, rows),
      undefined,
      'no commit for each call',
    )
  })

  test(`${profile}: proofs are fresh for ten minutes, the last millisecond included; step-up makes them fresh again`, () => {
    let scene = signedIn(onScene(rows))
    const need = (at: Scene) => permit(at.account, idOf(at), 'fresh', at.now, rows)
    assert.equal(need(later(scene, 10 * minute)).kind, 'permitted')
    scene = later(scene, 10 * minute + 1)
    const stale = need(scene)
    assert.deepEqual(stale, { kind: 'step_up', acr: acrValues[2], missing: ['P', 'D'], maxAge: 10 * minute })
    const caller = { network: 'x', bucket: 0, from: { place: '', agent: '' }, browser: undefined }
    const session = idOf(scene)
    const spent = theAccountCore.spendStepUpPassword(scene.account, { session, caller }, scene.now, rows)
    assert(spent.kind === 'look')
    const right = { session, caller, verifier: password, remade: undefined }
    const done = theAccountCore.stepUpPasswordRight(spent.next, right, scene.now, rows)
    assert(done)
    scene = { ...scene, account: done.next }
    assert.deepEqual(need(scene), { kind: 'step_up', acr: acrValues[2], missing: ['D'], maxAge: 10 * minute })
    scene = ends(hands.send(scene, 'anna', 'step-up', 'd2'), 'sent')
    scene = ends(hands.code(scene, 'anna', 'step-up code'), 'stepped up')
    assert.equal(need(scene).kind, 'permitted')
  })

  test(`${profile}: sessions are listed, named, and ended one by one, all others, or all`, () => {
    const one = signedIn(onScene(rows))
    const two = signedIn(withPerson(later(one, hour / 2), 'anna', { cookie: undefined }))
    const [own, other] = [idOf(two), idOf(one)]
    const named = renameSession(two.account, { session: own, which: other, name: 'kitchen' }, two.now, rows)
    assert(named.kind === 'renamed' && named.next.sessions.some(each => each.name === 'kitchen'))
    const end = (which: Parameters<typeof endSessions>[1]['which'], session = own) =>
      endSessions(two.account, { session, which }, two.now, rows)
    const left = (ended: ReturnType<typeof end>) =>
      ended.kind === 'ended' ? ended.next.sessions.map(each => each.id) : []
    assert(!left(end({ id: other })).includes(other) && left(end({ id: other })).includes(own))
    assert.deepEqual(left(end('others')), [own])
    assert.deepEqual(left(end('all')), [])
    assert(!left(end({ id: own })).includes(own))
    assert.equal(end({ id: 'another' }).kind, 'no_such_session')
    assert.equal(end('all', 'nobody').kind, 'no_session')
  })

  test(`${profile}: the second step is asked for at every gate, and a gate is passed once until sign-out`, () => {
    const scene = signedIn(onScene(rows))
    const pass = (at: Scene, name: keyof typeof gates, session = idOf(at)) =>
      passGate(at.account, { session, name, rule: gates[name] }, at.now, rows)
    for (const name of Object.keys(gates) as (keyof typeof gates)[]) {
      const passed = pass(scene, name)
      assert(passed.kind === 'passed' && passed.acr === acrValues[2], name)
      assert.deepEqual(passed.amr, ['pwd', 'sms', 'mfa'])
      assert.equal(passed.events.length, name === 'account.factors' ? 0 : 1)
      assert.equal(pass({ ...scene, account: passed.next }, name).kind, 'passed')
      const again = pass({ ...scene, account: passed.next }, name)
      assert(again.kind === 'passed' && again.events.length === 0)
    }
    const stale = pass(later(scene, 10 * minute + 1), 'account.factors')
    assert.deepEqual(stale, { kind: 'step_up', acr: acrValues[2], maxAge: 10 * minute, missing: ['P', 'D'] })
    assert.equal(pass(scene, 'support', 'nobody').kind, 'no_session')
  })

  test(`${profile}: a trusted browser passes everyday gates and no gate that asks for fresh proofs`, () => {
    const trusted = ends(hands.password(later(signedIn(onScene(rows)), hour), 'anna', password), 'signed_in')
    const pass = (name: 'account.manage' | 'account.factors') =>
      passGate(trusted.account, { session: idOf(trusted), name, rule: gates[name] }, trusted.now, rows)
    const everyday = pass('account.manage')
    assert(everyday.kind === 'passed')
    assert.deepEqual(everyday.amr, ['pwd', 'trusted-browser'])
    const factors = pass('account.factors')
    assert(factors.kind === 'step_up')
    assert.deepEqual(factors.missing, ['D'])
  })

  test(`${profile}: a limited session passes no gate`, () => {
    let scene = withPerson(onScene(rows), 'anna', { cookie: undefined })
    scene = ends(hands.password(scene, 'anna', password), 'second_step_needed')
    scene = ends(hands.key(scene, 'anna', 'key', personOf(scene, 'anna').key ?? ''), 'limited')
    for (const [name, rule] of Object.entries(gates)) {
      assert.equal(passGate(scene.account, { session: idOf(scene), name, rule }, scene.now, rows).kind, 'step_up')
    }
    const session = liveSession(scene.account, idOf(scene), scene.now, rows)
    assert(session)
    assert.deepEqual(amrOf(scene.account, session), ['pwd', 'recovery-key', 'mfa'])
  })

  test(`${profile}: methods say what was proved: a browser only where it was trusted, no password where there is none`, () => {
    const on = onScene(rows)
    const [session] = on.account.sessions
    assert(session)
    const [first] = on.account.browsers
    const alone = { ...session, browser: first?.id, proofs: { P: on.now, D: undefined, K: undefined } }
    assert.deepEqual(amrOf(on.account, alone), ['pwd'])
    const browsers = on.account.browsers.map(each => ({ ...each, trustedUntil: later(on, minute).now }))
    const trusting = { ...on.account, browsers }
    assert.deepEqual(amrOf(trusting, alone), ['pwd', 'trusted-browser'])
    assert.deepEqual(amrOf({ ...trusting, twoStep: { kind: 'off' } }, alone), ['pwd'])
    const shop = { ...on.account, application: { id: 'shop', user: 'u1' } }
    assert.deepEqual(amrOf(shop, { ...alone, proofs: { P: on.now, D: on.now, K: undefined }, channel: 'sms' }), [
      'asserted',
      'sms',
      'mfa',
    ])
  })
}

test('with two-step off, a gate asks for the password alone', () => {
  const rows = limits.classic
  const scene = ends(handsOn(theAccountCore, rows).password(newScene(rows), 'anna', '§password 0'), 'signed_in')
  const session = personOf(scene, 'anna').session ?? ''
  const passed = passGate(scene.account, { session, name: 'support', rule: gates.support }, scene.now, rows)
  assert(passed.kind === 'passed' && passed.acr === acrValues[0])
})

test('an application defines gates of its own: none that is built in, and none without a second step that does more than read', () => {
  const rule = { needs: 'two-step', opens: 'change', maxAge: undefined } as const
  assert.equal(whyNoGate('payments.large', rule), undefined)
  assert.equal(whyNoGate('account.manage', rule), 'taken')
  assert.equal(whyNoGate('Payments', rule), 'name')
  assert.equal(whyNoGate('payments.read', { ...rule, needs: 'first-step' }), 'reads_only')
  assert.equal(whyNoGate('payments.read', { ...rule, needs: 'first-step', opens: 'read' }), undefined)
  assert.equal(whyNoGate('payments', { ...rule, maxAge: -1 }), 'max_age')
  for (const each of Object.values(gates)) assert.equal(each.needs, 'two-step')
})
