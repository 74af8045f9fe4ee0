// Steps again, at once, in two tabs, and out of order: at every place where a code is asked for, and between the places.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '#core/account/account.ts'
import { limits } from '#core/throttle/limits.ts'
import { otherThan } from '../../other-code.ts'
import { type AccountsDoor, expecting, openAccounts, opened, otherPassword, profiles } from './door.ts'
import { documentOf, type Place, placesOf, putBack } from './places.ts'

/** What could have been opened by a code. */
async function openIn(door: AccountsDoor, id: string) {
  const { sessions, twoStep, resets } = (await documentOf(door, id)).document
  const devices = twoStep.kind === 'on' || twoStep.kind === 'enrolling' ? twoStep.devices.length : 0
  const [proved, steppedUp] = [
    resets.filter(each => each.codeRightAt !== undefined),
    sessions.map(each => each.proofs.D),
  ]
  return { sessions: sessions.length, devices, proved: proved.length, steppedUp }
}

const spentIn = async (door: AccountsDoor, id: string): Promise<number> => {
  const entries = await door.sandbox.world.records.journal('account', id)
  return entries.filter(({ event }) => event.kind === 'code.guess_spent').length
}

/** Runs a test at each place of one person, each time from the same moment. */
async function atEachPlace(
  profile: (typeof profiles)[number],
  act: (door: AccountsDoor, place: Place) => Promise<void>,
): Promise<void> {
  await using door = await openAccounts({ profile })
  const places = await placesOf(door, 'ada')
  await door.advance('PT1M')
  const ids = [...new Set(places.map(each => each.account))]
  const before = await Promise.all(ids.map(async id => (await documentOf(door, id)).document))
  for (const place of places) {
    for (const document of before) await putBack(door, document)
    await act(door, place)
  }
}

for (const profile of profiles) {
  test(`${profile}: one right code, sent many times at once and once more after, opens one thing once`, () =>
    atEachPlace(profile, async (door, { name, account, ask, check }) => {
      const code = await ask()
      const before = await openIn(door, account)
      const replies = await Promise.all(Array.from({ length: 12 }, () => check(code)))
      const passed = replies.filter(each => each.status === 200)
      assert.equal(passed.length, 1, `${name}: ${replies.map(each => `${each.status} ${each.body.kind}`)}`)
      const opened = await openIn(door, account)
      assert.notDeepEqual(opened, before, name)
      const again = await check(code)
      assert.ok([401, 409, 422].includes(again.status), `${name}: ${again.status} ${again.text}`)
      assert.deepEqual(await openIn(door, account), opened, name)
    }))

  test(`${profile}: of thirty wrong codes at once no more are looked at than a request carries, and the right one is not`, () =>
    atEachPlace(profile, async (door, { name, account, ask, check }) => {
      const code = await ask()
      const before = await openIn(door, account)
      const spent = await spentIn(door, account)
      const replies = await Promise.all(Array.from({ length: 30 }, () => check(otherThan(code))))
      const isNumber = /^(?:enrol|add-device)\/sms/.test(name)
      const { checkWaits } = isNumber ? limits[profile].ownershipCode : limits[profile].account.deviceCode
      const looks = 1 + checkWaits.filter(wait => wait === 0).length
      assert.equal((await spentIn(door, account)) - spent, looks, name)
      assert.equal(replies.filter(each => each.status === 422).length, looks, name)
      assert.equal(replies.filter(each => each.status === 429).length, 30 - looks, name)
      const late = await check(code)
      assert.deepEqual([late.status, late.headers['retry-after'] !== undefined], [429, true], name)
      assert.deepEqual(await openIn(door, account), before, name)
    }))

  test(`${profile}: a code before any was sent is wrong like any other, and nothing is counted`, () =>
    atEachPlace(profile, async (door, { name, account, check }) => {
      const spent = await spentIn(door, account)
      const reply = await check('123456')
      assert.deepEqual([reply.status, reply.body.kind], [422, 'wrong_code'], name)
      assert.equal(await spentIn(door, account), spent, name)
    }))

  test(`${profile}: a new code is the only one, and brings back no checks`, async () => {
    await using door = await openAccounts({ profile })
    const places = await placesOf(door, 'ada')
    await door.advance('PT1M')
    const asked: { place: Place; old: string; document: Account }[] = []
    for (const place of places) {
      const before = (await documentOf(door, place.account)).document
      const old = await place.ask()
      const wrong = await place.check(otherThan(old))
      assert.equal(wrong.status, 422, wrong.text)
      asked.push({ place, old, document: (await documentOf(door, place.account)).document })
      await putBack(door, before)
    }
    await door.advance('PT1M')
    for (const { place, old, document } of asked) {
      await putBack(door, document)
      const spent = await spentIn(door, place.account)
      const code = await place.ask()
      if (code !== old) await expecting(422, place.check(old))
      const [challenge] = (await documentOf(door, place.account)).document.challenges
      assert.equal(challenge?.checks, code === old ? 1 : 2, place.name)
      assert.equal((await spentIn(door, place.account)) - spent, code === old ? 0 : 1, place.name)
      await expecting(200, place.check(code))
    }
  })

  test(`${profile}: two tabs: each signs in by its own sign-in with the newest code, and nobody is accused`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const known = { browser: ada.browser }
    await door.advance('PT1M')
    const [one, other] = [await door.begun(ada, known), await door.begun(ada, known)]
    const first = await one.code()
    await door.advance('PT1M')
    const second = await other.code()
    if (first !== second) await expecting(422, one.step('code/check', { code: first, ...known }))
    await expecting(422, one.step('code/check', { code: second, ...known }))
    const signedIn = await expecting(200, other.step('code/check', { code: second, ...known }))
    await door.advance('PT1M')
    const third = await one.code()
    await expecting(200, one.step('code/check', { code: third, ...known }))
    const browsers = await expecting(200, door.get('/account/browsers', opened(signedIn).session))
    assert.equal((browsers.body.browsers as readonly unknown[]).length, 1)
    assert.ok(!(await door.mails(ada.email)).some(({ subject }) => /copied/.test(subject ?? '')))
  })

  test(`${profile}: the token of one thing opens no step of another`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const other = await door.begun(ada)
    const begun = await expecting(
      201,
      door.post('/password-resets', { identifier: ada.email, recovery_key: ada.recoveryKey }),
    )
    const reset = { id: String(begun.body.id), token: String(begun.body.token) }
    const bob = await door.turnedOn()
    const theirs = await door.begun(bob)
    const wrongs: readonly (readonly [string, readonly string[]])[] = [
      [`/sign-ins/${sign.id}`, [reset.token, ada.session, ada.browser, other.token, theirs.token, sign.id]],
      [`/password-resets/${reset.id}`, [sign.token, ada.session, ada.browser, theirs.token, reset.id]],
    ]
    const bodies = {
      code: { device: ada.device },
      'code/check': { code: '123456' },
      password: { new_password: otherPassword },
    }
    for (const [path, tokens] of wrongs) {
      for (const token of tokens) {
        await expecting(401, door.get(path, token))
        for (const [step, json] of Object.entries(bodies)) {
          if (step === 'password' && path.startsWith('/sign-ins')) continue
          await expecting(401, door.post(`${path}/${step}`, json, token))
        }
      }
    }
    for (const token of [sign.token, reset.token, ada.browser, ada.recoveryKey]) {
      assert.equal((await expecting(401, door.get('/account', token))).body.kind, 'session_needed')
    }
  })

  test(`${profile}: what was under way does not outlive what it was begun with`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const at = (method: string, path: string, json: object = {}) =>
      door.api(method, `/account${path}`, { token: ada.session, json })
    const fresh = async () => {
      await door.advance('PT1M')
      await door.freshen(ada)
      await door.advance('PT1M')
    }
    // A reset dies with the key it was begun with.
    await fresh()
    const begun = await expecting(
      201,
      door.post('/password-resets', { identifier: ada.email, recovery_key: ada.recoveryKey }),
    )
    const reset = (step: string, json: object) =>
      door.post(`/password-resets/${begun.body.id}/${step}`, json, String(begun.body.token))
    await expecting(409, reset('password', { new_password: otherPassword }))
    await expecting(202, reset('code', { device: ada.device }))
    const code = await door.newestCode(ada.number)
    const shown = await expecting(201, at('POST', '/recovery-key'))
    await expecting(200, at('POST', '/recovery-key/retype', { recovery_key: shown.body.recovery_key }))
    await expecting(401, reset('code/check', { code }))

    // A sign-in dies with the password it was begun with.
    const sign = await door.begun(ada)
    const sent = await sign.code()
    await expecting(200, at('POST', '/password', { new_password: otherPassword }))
    await expecting(401, sign.step('code/check', { code: sent }))
    const changed = { ...ada, password: otherPassword }

    // A code dies with its device, and every sign-in with two-step itself.
    const number = '+16315557700'
    await expecting(202, at('POST', '/devices', { kind: 'number', number }))
    await expecting(200, at('POST', '/devices/check', { code: await door.newestCode(number) }))
    await door.advance('PT1M')
    const second = await door.begun(changed)
    const toRemoved = await second.code()
    await expecting(200, at('DELETE', `/devices/${ada.device}`))
    await expecting(422, second.step('code/check', { code: toRemoved }))
    const questions = ['First pet?', 'First street?', 'First song?'].map(question => ({ question, answer: 'Rex' }))
    const identity = profile === 'classic' ? { security_questions: questions, birth_date: '1990-01-01' } : {}
    await expecting(200, at('DELETE', '/two-step', identity))
    await expecting(401, second.step('code', { device: ada.device }))
    await expecting(401, second.step('recovery-key', { recovery_key: String(shown.body.recovery_key) }))
  })

  test(`${profile}: a call that is repeated under one Idempotency-Key sends one code, and answers as before`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    await door.advance('PT1M')
    const ask = () =>
      door.post('/account/step-up/code', { device: ada.device }, ada.session, { 'idempotency-key': 'once' })
    const count = async () => (await door.outbox(ada.number)).length
    const before = await count()
    const first = await expecting(202, ask())
    const again = await expecting(202, ask())
    assert.deepEqual([again.text, again.headers['idempotency-replayed']], [first.text, 'true'])
    assert.equal((await count()) - before, 1)
  })
}
