// Two-step verification turned off over REST, and the security questions and date of birth of profile `classic`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { securityQuestionsAnswer, twoStepAnswer } from '#contract/account-two-step.ts'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, network, openAccounts, profiles, type TurnedOn } from './door.ts'

const kinds = (reply: Reply) => [reply.status, reply.body.kind]
const questions = ['First pet?', 'First street?', 'First teacher?'].map(question => ({ question, answer: 'Rex' }))
const identity = { security_questions: questions, birth_date: '1815-12-10' }

async function proved(door: AccountsDoor): Promise<TurnedOn> {
  const on = await door.turnedOn()
  await door.advance('PT1M')
  await door.freshen(on)
  return on
}

const turnOff = (door: AccountsDoor, of: TurnedOn, json: object = {}) =>
  door.api('DELETE', '/account/two-step', { token: of.session, json })

for (const profile of profiles) {
  test(`${profile}: turned off with fresh proofs, in one moment everything that it kept is void`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    const given = profile === 'classic' ? identity : {}
    const early = await turnOff(door, on, given)
    assert.deepEqual([early.status, early.body.kind, early.body.missing], [401, 'step_up_needed', ['device_code']])
    await door.advance('PT1M')
    await door.freshen(on)
    await expecting(201, door.post('/account/app-passwords', { label: 'Mail', service: 'mail' }, on.session))
    const sign = await door.begun(on, {}, network(1))
    const off = await expecting(200, turnOff(door, on, given))
    const seen = twoStepAnswer.parse(off.body)
    assert.deepEqual([seen.state, seen.devices, seen.recovery_key], ['off', [], null])
    assert.deepEqual((await door.get('/account/app-passwords', on.session)).body.app_passwords, [])
    assert.deepEqual((await door.get('/account/browsers', on.session)).body.browsers, [])
    assert.deepEqual(kinds(await sign.step('recovery-key', { recovery_key: on.recoveryKey })), [401, 'sign_in_over'])
    assert.equal((await door.firstStep(on)).status, 200)
    assert.equal((await door.mails(on.email)).filter(({ subject }) => /off/i.test(subject ?? '')).length, 1)
    assert.deepEqual(kinds(await turnOff(door, on, given)), [409, 'two_step_off'])
    // The questions are new: turning on again waits, where there are any.
    const again = await door.post('/account/two-step/begin', {}, on.session)
    assert.equal(again.status, profile === 'classic' ? 202 : 200)
  })
}

test('classic: turning off asks for three questions, and verifies the date of birth that was given first', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  const set = (json: object) => door.api('PUT', '/account/security-questions', { token: owner.session, json })
  const done = await expecting(200, set(identity))
  assert.deepEqual(securityQuestionsAnswer.parse(done.body), {
    security_questions: questions.map(({ question }) => ({ question })),
    birth_date_known: true,
  })
  assert.deepEqual(kinds(await set(identity)), [409, 'birth_date_known'])
  await expecting(200, set({ security_questions: questions }))
  // A significant change: it waits.
  await expecting(202, door.post('/account/two-step/begin', {}, owner.session))
  await door.advance('PT72H')
  await door.freshen(owner)
  const on = await door.turnOn(owner)
  assert.deepEqual((await door.get('/account/security-questions', on.session)).body.security_questions, [])
  await door.advance('PT1M')
  await door.freshen(on)
  assert.deepEqual(kinds(await set({ security_questions: questions })), [409, 'two_step_on'])

  assert.deepEqual(kinds(await turnOff(door, on)), [422, 'identity_needed'])
  for (const wrong of [
    { security_questions: questions },
    { birth_date: '1815-12-10' },
    { ...identity, security_questions: questions.slice(1) },
    { ...identity, security_questions: [...questions.slice(1), questions[1]] },
    { ...identity, birth_date: '1815-02-30' },
    { ...identity, birth_date: 'yesterday' },
  ]) {
    assert.deepEqual(kinds(await turnOff(door, on, wrong)), [400, 'invalid_request'], JSON.stringify(wrong))
  }
  for (let tried = 0; tried < 5; tried += 1) {
    const reply = await turnOff(door, on, { ...identity, birth_date: '1815-12-11' })
    assert.deepEqual(kinds(reply), [422, 'wrong_birth_date'])
  }
  const waits = await turnOff(door, on, identity)
  assert.deepEqual([...kinds(waits), waits.body.retry_after], [429, 'birth_date_too_soon', 86_400])
  await door.advance('P1D')
  await door.freshen(on)
  await expecting(200, turnOff(door, on, identity))
})

test('classic: many dates of birth that come at once pay each for itself', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  await expecting(200, door.api('PUT', '/account/security-questions', { token: owner.session, json: identity }))
  await door.advance('PT72H')
  await door.freshen(owner)
  const on = await door.turnOn(owner)
  await door.advance('PT1M')
  await door.freshen(on)
  const wrong = { ...identity, birth_date: '1815-12-11' }
  const replies = await Promise.all(Array.from({ length: 12 }, () => turnOff(door, on, wrong)))
  const looked = replies.filter(reply => reply.body.kind === 'wrong_birth_date').length
  assert.deepEqual([looked, replies.filter(reply => reply.status === 429).length], [5, 7])
})

test('strict: there are no security questions and no date of birth, ever', async () => {
  await using door = await openAccounts({ profile: 'strict' })
  const on = await proved(door)
  assert.deepEqual(kinds(await turnOff(door, on, identity)), [409, 'not_in_profile'])
  assert.deepEqual((await door.get('/account/two-step', on.session)).body.turning_off_asks_for, [])
  const owner = await door.owner()
  const set = await door.api('PUT', '/account/security-questions', { token: owner.session, json: identity })
  assert.deepEqual(kinds(set), [409, 'not_in_profile'])
})
