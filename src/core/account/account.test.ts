// The rest of an account: addresses, devices, app-specific passwords, an application's own first step, and its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore as core } from '#test/simulation/account-core.ts'
import { aDevice, aNumber, callerOf, handsOn, personOf, type Scene } from '#test/simulation/account-hands.ts'
import { ends, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { createAccount, tidied } from './account.ts'
import { describeActivity } from './activity.ts'
import { appPasswordsFor, appPasswordUsed, revokeAppPasswords } from './app-password.ts'
import { assertFirstStep, assertStepUp } from './asserted-first-step.ts'
import { addAddress, confirmAddress, removeAddress } from './email-address.ts'
import { supportedRegions, whyNoCodes } from './mobile-number.ts'
import { setQuestions, spendBirthDateTry } from './security-questions.ts'
import { deviceOf, deviceShown, removeDevice, renameDevice } from './trusted-device.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(core, rows)
  const password = '§password 0'
  const notMe = '§not me'
  const idOf = (scene: Scene) => personOf(scene, 'anna').session ?? ''
  const signedIn = (from: Scene = later(onScene(rows), day)) => {
    let scene = ends(hands.password(from, 'anna', password), 'second_step_needed')
    scene = ends(hands.send(scene, 'anna', 'sign-in', 'n1'), 'sent')
    return ends(hands.code(scene, 'anna', 'code'), 'signed_in')
  }
  const oneStep = () => ends(hands.password(newScene(rows), 'anna', password), 'signed_in')

  test(`${profile}: an address counts once its link was used within a day, to the millisecond, and all are told`, () => {
    const scene = oneStep()
    const add = { session: idOf(scene), address: 'b@example.org', verifier: '§link' }
    const mailed = addAddress(scene.account, add, scene.now, rows)
    assert(mailed.kind === 'mailed' && mailed.next.addresses.length === 1)
    const confirm = (span: number, link = '§link') =>
      confirmAddress(mailed.next, { link, notMe }, later(scene, span).now, rows)
    assert.equal(confirm(day), undefined)
    assert.equal(confirm(0, '§other'), undefined)
    const change = confirm(day - 1)
    assert.deepEqual(change?.notices[0]?.to, ['anna@example.org', 'b@example.org'])
    assert(change && change.next.changedAt !== undefined)
    assert.equal(confirmAddress(change.next, { link: '§link', notMe }, scene.now, rows), undefined, 'once')
    const removal = { session: idOf(scene), address: 'anna@example.org', notMe }
    const removed = removeAddress(change.next, removal, scene.now, rows)
    assert(removed.kind === 'removed')
    assert.deepEqual(removed.notices[0]?.to, ['anna@example.org', 'b@example.org'], 'it is told of its own end')
    const last = { ...removal, address: 'b@example.org' }
    assert.equal(removeAddress(removed.next, last, scene.now, rows).kind, 'last_address')
  })

  test(`${profile}: five addresses at most, five links a day`, () => {
    let scene = oneStep()
    const add = (at: Scene, address: string) =>
      addAddress(at.account, { session: idOf(at), address, verifier: '§link' }, at.now, rows)
    for (let each = 1; each <= 5; each += 1) {
      const mailed = add(scene, `${each}@example.org`)
      assert.equal(mailed.kind, 'mailed')
      if (mailed.kind === 'mailed') scene = later({ ...scene, account: mailed.next }, minute)
    }
    assert.equal(add(scene, 'x@example.org').kind, 'too_many_mails')
    assert.equal(add(scene, 'anna@example.org').kind, 'known_already')
    const many = [1, 2, 3, 4, 5].map(each => ({ address: `${each}@example.org`, confirmedAt: scene.now }))
    assert.equal(
      add({ ...scene, account: { ...scene.account, addresses: many } }, 'x@example.org').kind,
      'too_many_addresses',
    )
  })

  test(`${profile}: the last SMS number stays; other devices go at once, with the codes that went there`, () => {
    let scene = signedIn()
    const remove = (at: Scene, device: string) => removeDevice(at.account, { session: idOf(at), device }, at.now, rows)
    assert.equal(remove(scene, 'n1').kind, 'last_number')
    assert.equal(remove(scene, 'n9').kind, 'no_device')
    assert.equal(remove(later(scene, 10 * minute + 1), 'd2').kind, 'step_up')
    scene = ends(hands.send(scene, 'anna', 'step-up', 'd2'), 'sent')
    const gone = remove(scene, 'd2')
    assert(gone.kind === 'removed')
    assert.deepEqual([gone.warnings, gone.next.challenges], [['one_device_left'], []])
    assert.deepEqual(
      gone.notices.map(each => each.kind),
      ['device_removed'],
    )
    scene = ends(hands.sendNew(scene, 'anna', aNumber('n3')), 'sent')
    scene = ends(hands.code(scene, 'anna', 'device code'), 'verified')
    assert.equal(deviceOf(scene.account, 'n3')?.sends.known.length, 1, 'what was sent to it goes on counting')
    assert.equal(remove(scene, 'n1').kind, 'removed')
    ends(hands.sendNew(scene, 'anna', aNumber('n3')), 'already_trusted')
    const named = renameDevice(scene.account, { session: idOf(scene), device: 'n3', name: 'office' }, scene.now, rows)
    assert(named.kind === 'renamed' && deviceOf(named.next, 'n3')?.name === 'office')
  })

  test(`${profile}: a new number gets an ownership code: ten minutes, to the millisecond, and five checks with waits`, () => {
    const scene = ends(hands.sendNew(signedIn(), 'anna', aNumber('n3')), 'sent')
    ends(hands.code(later(scene, 10 * minute - 1), 'anna', 'device code'), 'verified')
    ends(hands.code(later(scene, 10 * minute), 'anna', 'device code'), 'no_code')
    let wrong = scene
    for (const wait of [0, 0, minute, 2 * minute]) {
      wrong = ends(hands.code(wrong, 'anna', 'device code', 'no'), 'wrong device code')
      if (wait > 0) ends(hands.code(later(wrong, wait - 1), 'anna', 'device code'), 'too_soon +1')
      wrong = later(wrong, wait)
    }
    wrong = ends(hands.code(wrong, 'anna', 'device code', 'no'), 'wrong device code')
    ends(hands.code(wrong, 'anna', 'device code'), `checks_spent +${7 * minute}`)
  })

  test(`${profile}: ten devices at most`, () => {
    let scene = signedIn()
    for (let each = 3; each <= 10; each += 1) {
      // Three notifications an hour; proofs are kept fresh by hand.
      scene = later(scene, hour)
      const sessions = scene.account.sessions.map(session => ({
        ...session,
        ...{ lastUsedAt: scene.now, proofs: { P: scene.now, D: scene.now, K: undefined } },
      }))
      scene = { ...scene, account: { ...scene.account, sessions } }
      scene = ends(hands.sendNew(scene, 'anna', aDevice(`d${each}`)), 'sent')
      const typed = scene.account.challenges[0]?.verifier
      scene = ends(hands.code(scene, 'anna', 'device code', typed), 'verified')
    }
    ends(hands.sendNew(scene, 'anna', aDevice('d11')), 'too_many_devices')
  })

  test(`${profile}: a device restored from a backup is not trusted, and the owner told`, () => {
    const { account, now } = onScene(rows)
    const shown = (installation: string | undefined) => deviceShown(account, { device: 'd2', installation }, now)
    assert.equal(shown('installation of d2'), undefined)
    for (const copy of [undefined, 'another']) {
      const change = shown(copy)
      assert.deepEqual(
        change?.notices.map(each => each.kind),
        ['device_restored'],
      )
      assert.equal(change && deviceOf(change.next, 'd2'), undefined)
    }
    assert.equal(deviceShown(account, { device: 'n1', installation: undefined }, now), undefined)
  })

  test(`${profile}: 25 app-specific passwords, each for its own service, gone with any change of P`, () => {
    let scene = signedIn()
    const make = (at: Scene, id: string, label = id, service = 'mail') =>
      core.makeAppPassword(at.account, { session: idOf(at), id, label, service, verifier: `§${id}` }, at.now, rows)
    assert.equal(make(scene, 'x', ' ').kind, 'label_needed')
    for (let each = 1; each <= 25; each += 1) {
      const made = make(scene, `p${each}`, `program ${each}`, each === 1 ? 'calendar' : 'mail')
      assert(made.kind === 'made')
      assert.deepEqual(
        made.notices.map(({ kind, about }) => [kind, about]),
        [['app_password_made', `program ${each}`]],
      )
      scene = { ...scene, account: made.next }
    }
    assert.equal(make(scene, 'p26').kind, 'too_many_app_passwords')
    assert.equal(make(oneStep(), 'p1').kind, 'not_on')
    assert.deepEqual(
      appPasswordsFor(scene.account, 'calendar').map(each => each.id),
      ['p1'],
    )
    assert.equal(appPasswordsFor(scene.account, 'mail').length, 24)
    const from = { place: 'Lisbon', agent: 'mail' }
    const used = appPasswordUsed(scene.account, { id: 'p1', from }, scene.now)
    assert(used)
    assert.equal(appPasswordUsed(used.next, { id: 'p1', from }, later(scene, minute - 1).now), undefined)
    assert.deepEqual(appPasswordUsed(used.next, { id: 'p1', from }, later(scene, minute).now)?.events, [])
    const gone = revokeAppPasswords(scene.account, { session: idOf(scene), which: { id: 'p1' } }, scene.now, rows)
    assert(gone.kind === 'revoked' && gone.count === 1 && gone.next.appPasswords.length === 24)
    assert.equal(appPasswordUsed(gone.next, { id: 'p1', from }, scene.now), undefined)
    const all = revokeAppPasswords(scene.account, { session: idOf(scene), which: 'all' }, scene.now, rows)
    assert(all.kind === 'revoked' && all.count === 25)
    assert.deepEqual(ends(hands.changePassword(scene, 'anna'), 'changed').account.appPasswords, [])
  })

  test(`${profile}: an application asserts the first step of its own users only, never where there is a password`, () => {
    const base = newScene(rows)
    const made = { id: '§theirs', application: { id: 'shop', user: 'u1' }, password: undefined }
    const account = createAccount({ ...made, addresses: base.account.addresses }, base.now, rows)
    const tokens = { signIn: made2('i'), session: made2('s'), browser: made2('b') }
    const step = { caller: callerOf(personOf(base, 'anna')), tokens, trust: false }
    const done = assertFirstStep(account, { ...step, application: 'shop' }, base.now, rows)
    assert.equal(done.kind, 'signed_in')
    assert.equal(assertFirstStep(account, { ...step, application: 'bank' }, base.now, rows).kind, 'not_your_user')
    const withPassword = { ...base.account, application: { id: 'shop', user: 'u1' } }
    assert.equal(assertFirstStep(withPassword, { ...step, application: 'shop' }, base.now, rows).kind, 'not_your_user')
    const on = { ...onScene(rows).account, application: { id: 'shop', user: 'u1' }, password: undefined }
    const second = assertFirstStep(on, { ...step, application: 'shop' }, base.now, rows)
    assert(second.kind === 'second_step_needed' && second.next.sessions.length === 1)
    if (done.kind !== 'signed_in') return
    const asserted = { application: 'shop', session: done.session }
    assert.equal(assertStepUp(done.next, asserted, base.now, rows).kind, 'stepped_up')
    assert.equal(assertStepUp(done.next, { ...asserted, application: 'bank' }, base.now, rows).kind, 'not_your_user')
  })

  test(`${profile}: a mailed reset works while two-step is off, for a day, once, and never signs in`, () => {
    const scene = oneStep()
    const mailed = core.mailReset(scene.account, '§link', scene.now, rows)
    assert(mailed.kind === 'mailed')
    assert.deepEqual(mailed.to, ['anna@example.org'])
    const reset = (span: number, account = mailed.next) =>
      core.resetByMail(account, { link: '§link', verifier: '§new', notMe }, later(scene, span).now, rows)
    assert.equal(reset(day), undefined)
    const done = reset(day - 1)
    assert.deepEqual([done?.next.sessions, done?.next.password?.verifier], [[], '§new'])
    assert.equal(done && reset(0, done.next), undefined)
    assert.equal(core.mailReset(mailed.next, '§link', later(scene, minute - 1).now, rows).kind, 'too_many_mails')
  })

  test(`${profile}: with two-step on a mailed reset tells the mailbox so, in the same budget, and opens nothing`, () => {
    const { account, now } = onScene(rows)
    const told = core.mailReset(account, '§link', now, rows)
    assert(told.kind === 'two_step_is_on')
    assert.deepEqual([told.to, told.next.mailedReset.out], [account.addresses.map(each => each.address), undefined])
    assert.equal(core.resetByMail(told.next, { link: '§link', verifier: '§new', notMe }, now, rows), undefined)
    assert.equal(core.mailReset(told.next, '§link', now, rows).kind, 'too_many_mails')
  })

  const questionsAre = profile === 'classic' ? 'are a significant change' : 'are refused'
  test(`${profile}: security questions ${questionsAre}, and none stand once it is on`, () => {
    const scene = oneStep()
    const questions = ['a', 'b', 'c'].map(question => ({ question, verifier: question }))
    const set = { session: idOf(scene), questions, birthDate: '§date', notMe }
    const done = setQuestions(scene.account, set, scene.now, rows)
    assert.equal(done.kind, profile === 'classic' ? 'set' : 'not_in_profile')
    if (done.kind !== 'set') return
    assert.deepEqual([done.next.changedAt, done.next.identity.birthDate], [scene.now, '§date'])
    const two = { ...set, questions: questions.slice(1) }
    assert.equal(setQuestions(scene.account, two, scene.now, rows).kind, 'three_questions')
    const on = signedIn()
    assert.equal(setQuestions(on.account, { ...set, session: idOf(on) }, on.now, rows).kind, 'two_step_is_on')
    let known = { ...on.account, identity: { ...on.account.identity, birthDate: '§date' } }
    for (let each = 0; each < 5; each += 1) {
      const spent = spendBirthDateTry(known, idOf(on), on.now, rows)
      assert(spent.kind === 'look')
      known = { ...spent.next, identity: { ...spent.next.identity, birthDate: '§date' } }
    }
    assert.equal(spendBirthDateTry(known, idOf(on), on.now, rows).kind, 'too_soon')
    assert.equal(spendBirthDateTry(on.account, idOf(on), on.now, rows).kind, 'none_known')
  })

  test(`${profile}: closed, an account holds nothing that opens anything, and all addresses are told`, () => {
    const scene = signedIn()
    assert.equal(core.closeAccount(scene.account, idOf(scene), later(scene, 10 * minute + 1).now, rows).kind, 'step_up')
    const done = core.closeAccount(scene.account, idOf(scene), scene.now, rows)
    assert(done.kind === 'closed')
    assert.deepEqual(
      done.notices.map(({ kind, to }) => [kind, ...to]),
      [['account_closed', 'anna@example.org']],
    )
    const text = JSON.stringify(done.next)
    assert.doesNotMatch(text, /§(?!account)|@|\+1631/)
    ends(hands.password({ ...scene, account: done.next }, 'anna', password), 'wrong password')
  })

  test(`${profile}: a document read back from where it was stored is the same document`, () => {
    const scene = signedIn()
    const stored = JSON.parse(JSON.stringify(scene.account))
    const done = [scene.account, stored].map(account => hands.changePassword({ ...scene, account }, 'anna'))
    assert.deepEqual(JSON.parse(JSON.stringify(done[0])), JSON.parse(JSON.stringify(done[1])))
    assert(
      JSON.stringify(tidied(scene.account, later(scene, 400 * day).now, rows)).length < JSON.stringify(stored).length,
    )
  })
}

function made2(id: string) {
  return { id: `§${id}`, verifier: `§${id} token` }
}

test('numbers that cannot get codes are refused with the reason', () => {
  for (const type of ['fixed_line', 'voip', 'premium_rate', 'toll_free', 'pager', 'voicemail', 'unknown'] as const) {
    assert.equal(whyNoCodes({ type, region: 'US' }, supportedRegions), type)
  }
  assert.equal(whyNoCodes({ type: 'mobile', region: 'KP' }, supportedRegions), 'region_not_supported')
  assert.equal(whyNoCodes({ type: 'mobile', region: undefined }, supportedRegions), 'region_not_supported')
  assert.equal(whyNoCodes({ type: 'mobile', region: 'PT' }, supportedRegions), undefined)
  assert.equal(whyNoCodes({ type: 'fixed_line_or_mobile', region: 'US' }, supportedRegions), undefined)
  assert.equal(new Set(supportedRegions).size, supportedRegions.length)
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  for (const region of supportedRegions) assert(names.of(region), region)
})

test('an event is a phrase with what the owner needs to know it again', () => {
  const from = { place: 'Lisbon', agent: 'Firefox on Linux' }
  assert.equal(
    describeActivity({ kind: 'sign_in.completed', by: 'code', from, session: 's' }),
    'signed in with the password and a code (Firefox on Linux, Lisbon)',
  )
  assert.equal(
    describeActivity({ kind: 'sessions.ended', count: 2, why: 'password_reset' }),
    '2 sessions ended: the password was reset',
  )
  assert.equal(
    describeActivity({ kind: 'password.wrong', side: 'stranger', from: { place: '', agent: '' } }),
    'the password was wrong on a new browser',
  )
})
