// Turning two-step verification on: the waiting period and the thirty days to the millisecond, each step, and what is left
// when it is left.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore as core } from '#test/simulation/account-core.ts'
import { aDevice, aNumber, type Done, handsOn, type Scene, withPerson } from '#test/simulation/account-hands.ts'
import { ends, enrolled, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { createAccount, tidied } from './account.ts'
import { turnOff } from './turning-off.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(core, rows)
  const inOne = (scene: Scene) =>
    ends(hands.password(scene, 'anna', scene.account.password?.verifier ?? ''), 'signed_in')
  const begin = (scene: Scene): Done =>
    hands.inSession(scene, 'anna', (account, session, _, now) =>
      core.beginEnrolment(account, { session, notMe: '§not me' }, now, rows),
    )
  const changed = () => ends(hands.changePassword(inOne(newScene(rows)), 'anna'), 'changed')

  test(`${profile}: with nothing changed lately it begins at once`, () => {
    const done = begin(inOne(newScene(rows)))
    assert.equal(ends(done, 'begun').account.twoStep.kind, 'enrolling')
    assert.deepEqual(
      done.change?.notices.map(each => each.kind),
      ['enrolment_begun'],
    )
  })

  test(`${profile}: 72 hours after a significant change, to the millisecond`, () => {
    const wait = 72 * hour
    const early = begin(inOne(later(changed(), wait - 1)))
    assert.deepEqual(
      early.change?.notices.map(({ kind, to, date }) => [kind, ...to, date]),
      [['waiting', 'anna@example.org', early.scene.now + 1]],
    )
    assert.equal(ends(early, 'waiting').account.twoStep.kind, 'waiting')
    ends(begin(inOne(later(changed(), wait))), 'begun')
    const waits = ends(begin(changed()), 'waiting')
    ends(begin(inOne(later(waits, wait - 1))), 'still_waiting')
    ends(begin(inOne(later(waits, wait))), 'begun')
  })

  test(`${profile}: thirty days to begin and to finish, to the millisecond, then another wait`, () => {
    const waits = ends(begin(changed()), 'waiting')
    const deadline = 72 * hour + 30 * day
    ends(begin(inOne(later(waits, deadline - 1))), 'begun')
    ends(begin(inOne(later(waits, deadline))), 'waiting')
    const begun = ends(begin(inOne(later(waits, deadline - 2))), 'begun')
    ends(hands.sendNew(later(begun, 1), 'anna', aNumber('n1')), 'sent')
    ends(hands.sendNew(later(begun, 2), 'anna', aNumber('n1')), 'wrong_step')
    ends(begin(later(begun, 2)), 'waiting')
  })

  test(`${profile}: a significant change in the wait, or while enrolling, begins the wait anew and erases what was shown`, () => {
    const waits = later(ends(begin(changed()), 'waiting'), hour)
    const again = ends(hands.changePassword(inOne(waits), 'anna'), 'changed').account.twoStep
    assert(again.kind === 'waiting' && again.until === waits.now + 72 * hour)
    let scene = ends(begin(inOne(newScene(rows))), 'begun')
    scene = ends(hands.sendNew(scene, 'anna', aNumber('n1')), 'sent')
    const { account } = ends(hands.changePassword(scene, 'anna'), 'changed')
    assert.deepEqual([account.twoStep.kind, account.challenges], ['waiting', []])
  })

  test(`${profile}: "not me" ends the wait and every session, once, and signs nobody in`, () => {
    const waits = ends(begin(changed()), 'waiting')
    const late = later(waits, 72 * hour)
    assert.equal(core.notMe(late.account, '§not me', late.now), undefined)
    assert.equal(core.notMe(waits.account, '§another', waits.now), undefined)
    const change = core.notMe(waits.account, '§not me', waits.now)
    assert.deepEqual([change?.next.twoStep.kind, change?.next.sessions], ['off', []])
    assert.equal(change && core.notMe(change.next, '§not me', waits.now), undefined)
  })

  test(`${profile}: it can be gone on with on another browser, and needs a fresh password there`, () => {
    let scene = ends(begin(inOne(newScene(rows))), 'begun')
    scene = ends(hands.sendNew(scene, 'anna', aNumber('n1')), 'sent')
    const elsewhere = inOne(withPerson(scene, 'anna', { cookie: undefined }))
    ends(hands.code(elsewhere, 'anna', 'enrolment code'), 'verified')
    ends(hands.sendNew(later(elsewhere, 10 * minute), 'anna', aDevice('d2')), 'number_first')
    ends(hands.sendNew(later(elsewhere, 10 * minute + 1), 'anna', aDevice('d2')), 'step_up')
  })

  test(`${profile}: given up, it leaves nothing behind, and can be begun again`, () => {
    let scene = ends(begin(inOne(newScene(rows))), 'begun')
    scene = ends(hands.sendNew(scene, 'anna', aNumber('n1')), 'sent')
    scene = ends(
      hands.inSession(scene, 'anna', (account, session, _, now) => core.abandonEnrolment(account, session, now, rows)),
      'abandoned',
    )
    assert.deepEqual(scene.account.challenges, [])
    ends(begin(scene), 'begun')
    const late = tidied(ends(begin(scene), 'begun').account, later(scene, 31 * day).now, rows)
    assert.equal(late.twoStep.kind, 'ready')
  })

  test(`${profile}: enabling ends other sessions, forgets browsers, voids mailed resets, erases questions`, () => {
    // Somebody else knew the password, a reset was mailed, and there are questions.
    let scene = ends(hands.password(newScene(rows), 'theo', '§password 0'), 'signed_in')
    const mailed = core.mailReset(scene.account, '§link', scene.now, rows)
    assert(mailed.kind === 'mailed')
    const identity = { ...mailed.next.identity, questions: [{ question: 'a', verifier: 'b' }] }
    scene = enrolled(hands, rows, { ...scene, account: { ...mailed.next, identity } })
    const { account } = scene
    assert.deepEqual(
      account.sessions.map(each => each.id),
      [scene.people.anna?.session],
    )
    assert.deepEqual(
      account.browsers.map(each => each.id),
      [scene.people.anna?.cookie?.id],
    )
    assert.deepEqual(account.identity.questions, [])
    assert.equal(core.resetByMail(account, { link: '§link', verifier: 'x', notMe: 'y' }, scene.now, rows), undefined)
    assert.equal(account.mailedReset.out, undefined)
  })

  const more = profile === 'classic' ? ', new questions and the date of birth' : ''
  test(`${profile}: it is turned off with fresh P and D only${more}`, () => {
    let scene = later(onScene(rows), hour - 1)
    const questions = ['a', 'b', 'c'].map(question => ({ question, verifier: question }))
    const identity = { questions, birthDate: '§date' }
    const off = (from: Scene, given: typeof identity | undefined): Done =>
      hands.inSession(from, 'anna', (account, session, _, now) =>
        turnOff(account, { session, identity: given }, now, rows),
      )
    ends(off(scene, identity), 'step_up')
    scene = ends(hands.password(scene, 'anna', '§password 0'), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    scene = ends(hands.code(scene, 'anna', 'code', undefined, true), 'signed_in')
    ends(off(scene, undefined), profile === 'classic' ? 'identity_needed' : 'turned_off')
    const { account } = ends(off(scene, identity), 'turned_off')
    assert.deepEqual([account.twoStep, account.browsers, account.challenges], [{ kind: 'off' }, [], []])
    assert.equal(account.identity.questions.length, profile === 'classic' ? 3 : 0)
    const known = {
      ...scene,
      account: { ...scene.account, identity: { ...scene.account.identity, birthDate: '§other' } },
    }
    ends(off(known, identity), profile === 'classic' ? 'wrong_birth_date' : 'turned_off')
  })

  test(`${profile}: an account whose first address nobody confirmed cannot begin`, () => {
    const made = { id: '§account', application: undefined, password: { verifier: '§password 0', weak: false } }
    const scene = newScene(rows)
    const addresses = [{ address: 'anna@example.org', confirmedAt: undefined }]
    const account = createAccount({ ...made, addresses }, scene.now, rows)
    ends(begin(inOne({ ...scene, account })), 'no_confirmed_address')
  })
}
