// Bring your own first step: an application asserts, challenges and verifies. Its API key passes nobody's second step, and is
// worth nothing at another application's users.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { assertUser } from '#actions/account/users.ts'
import * as contract from '#contract/account-users.ts'
import { otherThan } from '../../other-code.ts'
import type { Reply } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'
import { type AccountsDoor, expecting, openAccounts, profiles } from './door.ts'

type Application = { readonly id: string; readonly key: string }

async function application(door: AccountsDoor): Promise<Application> {
  const made = await door.send('POST', '/api/v1/operator/applications', {
    token: operatorToken,
    json: { name: 'Shop' },
  })
  return { id: String(made.body.id), key: String(made.body.api_key) }
}

const from = { ip: '203.0.113.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }

/** The three calls, in the hands of an application. */
function callsOf(door: AccountsDoor, { key }: Application) {
  const at = (user: string, path = '') => `/users/${encodeURIComponent(user)}/sign-ins${path}`
  return {
    assert: (user: string, more: object = {}) => door.post(at(user), { from, ...more }, key),
    challenge: (user: string, signIn: string, device: string) =>
      door.post(at(user, `/${signIn}/code`), { device }, key),
    verify: (user: string, signIn: string, code: string, more: object = {}) =>
      door.post(at(user, `/${signIn}/code/check`), { code, from, ...more }, key),
  }
}

const read = <T>(schema: z.ZodType<T>, reply: Reply): T => schema.parse(reply.body)

/** A user of the application who has turned two-step verification on, by the session that an assertion opened. */
async function turnedOnUser(door: AccountsDoor, of: Application, user: string) {
  const email = `${user.replaceAll(/\W/g, '-')}@home.example`
  const reply = await expecting(200, callsOf(door, of).assert(user, { email }))
  const { session, account_id, browser } = read(contract.signedInUserAnswer, reply)
  const on = await door.turnOn({ id: account_id, email, password: '', session: session.token, browser: browser ?? '' })
  await door.advance('PT1M')
  return { ...on, user, sessionId: session.id }
}

for (const profile of profiles) {
  test(`${profile}: a user is made by the first assertion; with two-step off it is a session of one step`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    await expecting(404, door.get('/users/ada', app.key))
    const first = await expecting(200, calls.assert('ada'))
    const { acr, amr, user, session } = read(contract.signedInUserAnswer, first)
    assert.deepEqual([acr, amr, user], ['urn:twostep:acr:first-step', ['asserted'], 'ada'])
    const account = await expecting(200, door.get('/account', session.token))
    assert.deepEqual(account.body.application, { id: app.id, user: 'ada' })
    assert.equal(account.body.password, null)
    const again = read(contract.signedInUserAnswer, await expecting(200, calls.assert('ada')))
    assert.equal(again.account_id, first.body.account_id)
    assert.equal(read(contract.userAnswer, await door.get('/users/ada', app.key)).two_step, 'off')
  })

  test(`${profile}: assert, challenge, verify: with two-step on a code is asked for, and then it is two steps`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    const of = await turnedOnUser(door, app, 'ada lovelace/1')
    const { user } = of
    const asserted = read(contract.secondStepOfUserAnswer, await expecting(201, calls.assert(user)))
    assert.deepEqual(
      asserted.devices.map(each => each.label),
      [`•••• ••${of.number.slice(-2)}`],
    )
    const path = `/users/${encodeURIComponent(user)}/sign-ins/${asserted.id}`
    assert.equal(read(contract.userSignInAnswer, await door.get(path, app.key)).code, null)
    await expecting(202, calls.challenge(user, asserted.id, of.device))
    const code = await door.newestCode(of.number)
    const wrong = otherThan(code)
    await expecting(422, calls.verify(user, asserted.id, wrong))
    const done = read(contract.signedInUserAnswer, await expecting(200, calls.verify(user, asserted.id, code)))
    assert.deepEqual([done.acr, done.amr], ['urn:twostep:acr:two-step', ['asserted', 'sms', 'mfa']])
    await expecting(200, door.get('/account', done.session.token))
    // Over: the same code opens no second session.
    await expecting(404, calls.verify(user, asserted.id, code))
    await expecting(404, door.get(path, app.key))
    assert((await door.mails(of.email)).some(each => /had no code/.test(each.subject ?? '')))
  })

  test(`${profile}: the user's own app goes on with the token of the sign-in, without the API key`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const of = await turnedOnUser(door, app, 'ada')
    const { id, token } = read(contract.secondStepOfUserAnswer, await callsOf(door, app).assert('ada'))
    await expecting(202, door.post(`/sign-ins/${id}/code`, { device: of.device }, token))
    const code = await door.newestCode(of.number)
    await expecting(200, door.post(`/sign-ins/${id}/code/check`, { code }, token))
  })

  test(`${profile}: a trusted browser skips the code for its user, never the assertion, and only its own`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    const [of, other] = [await turnedOnUser(door, app, 'ada'), await turnedOnUser(door, app, 'grace')]
    const { id } = read(contract.secondStepOfUserAnswer, await calls.assert('ada'))
    await expecting(202, calls.challenge('ada', id, of.device))
    const trust = { trust_browser: true }
    const done = await expecting(200, calls.verify('ada', id, await door.newestCode(of.number), trust))
    const { browser } = read(contract.signedInUserAnswer, done)
    const skipped = read(contract.signedInUserAnswer, await expecting(200, calls.assert('ada', { browser })))
    assert.deepEqual(skipped.amr, ['asserted', 'trusted-browser'])
    await expecting(201, calls.assert(other.user, { browser }))
    await expecting(201, calls.assert('ada'))
  })

  test(`${profile}: an API key is worth nothing at users of others, at sign-ins of other users, or at /account`, async () => {
    await using door = await openAccounts({ profile })
    const [app, thief] = [await application(door), await application(door)]
    const calls = callsOf(door, app)
    const of = await turnedOnUser(door, app, 'ada')
    const { id } = read(contract.secondStepOfUserAnswer, await calls.assert('ada'))
    await expecting(202, calls.challenge('ada', id, of.device))
    const code = await door.newestCode(of.number)
    // Another application's `ada` is somebody else.
    await expecting(404, door.get('/users/ada', thief.key))
    await expecting(404, callsOf(door, thief).verify('ada', id, code))
    const anothers = await expecting(200, callsOf(door, thief).assert('ada'))
    assert.notEqual(anothers.body.account_id, of.id)
    await expecting(404, calls.verify('grace', id, code))
    await expecting(404, door.post(`/users/ada/sessions/${of.sessionId}/first-step`, {}, thief.key))
    for (const path of ['/account', '/account/devices', '/account/export'])
      await expecting(401, door.get(path, app.key))
    await expecting(401, door.post('/users/ada/sign-ins', {}, of.session))
    await expecting(401, door.api('GET', '/users'))
    // What was tried elsewhere cost its owner nothing.
    await expecting(200, calls.verify('ada', id, code))
  })

  test(`${profile}: an account with a password of its own takes no application's word`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const of = await door.turnedOn()
    for (const user of [of.id, of.email]) {
      const reply = await expecting(200, callsOf(door, app).assert(user, { email: of.email }))
      assert.notEqual(reply.body.account_id, of.id)
    }
    await expecting(201, door.firstStep(of))
  })

  test(`${profile}: P is fresh again when the application says so in the session, and D is not`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const of = await turnedOnUser(door, app, 'ada')
    await door.advance('PT10M0.001S')
    const anew = () => door.post(`/users/ada/sessions/${of.sessionId}/first-step`, {}, app.key)
    const remove = () => door.api('DELETE', `/account/devices/${of.device}`, { token: of.session, json: {} })
    assert.deepEqual((await expecting(401, remove())).body.missing, ['password', 'device_code'])
    read(contract.assertedAnewAnswer, await expecting(200, anew()))
    assert.deepEqual((await expecting(401, remove())).body.missing, ['device_code'])
    await expecting(404, door.post('/users/ada/sessions/1/first-step', {}, app.key))
  })

  test(`${profile}: the Recovery Key in place of a device opens a limited session`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const of = await turnedOnUser(door, app, 'ada')
    const { id } = read(contract.secondStepOfUserAnswer, await callsOf(door, app).assert('ada'))
    const path = `/users/ada/sign-ins/${id}/recovery-key`
    await expecting(422, door.post(path, { recovery_key: '0000-0000-0000-00' }, app.key))
    const reply = await expecting(200, door.post(path, { recovery_key: of.recoveryKey, from }, app.key))
    const limited = read(contract.signedInUserAnswer, reply)
    assert.deepEqual([limited.kind, limited.acr], ['limited', 'urn:twostep:acr:limited'])
    // Wrong keys slow down the address that the application names, and no other.
    const { id: again } = read(contract.secondStepOfUserAnswer, await callsOf(door, app).assert('ada'))
    const wrong = (ip: string) => {
      const body = { recovery_key: '0000-0000-0000-00', from: { ip } }
      return door.post(`/users/ada/sign-ins/${again}/recovery-key`, body, app.key)
    }
    for (let tries = 0; tries < 10; tries += 1) await expecting(422, wrong('198.51.100.1'))
    await expecting(429, wrong('198.51.100.1'))
    await expecting(422, wrong('198.51.100.2'))
    await expecting(401, door.get('/account/export', limited.session.token))
  })

  test(`${profile}: eight first assertions at once make one user, and many are listed a page at a time`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    const call = { door: 'rest', requestId: undefined, party: undefined, signal: undefined } as const
    const presenting = { network: '203.0.113.7', from: { place: '', agent: '' }, browser: undefined }
    const said = { application: app.id, user: 'ada', presenting, trust: false, email: undefined, language: undefined }
    const eight = await Promise.all(Array.from({ length: 8 }, () => assertUser(door.sandbox.world, call, said)))
    const accounts = new Set<string>()
    for (const each of eight) {
      assert(each.kind === 'signed_in')
      const { body } = await expecting(200, door.get('/account', each.token.reveal()))
      accounts.add(String(body.id))
    }
    assert.equal(accounts.size, 1)
    const names = ['ada']
    for (const name of ['grace', 'mary', 'hedy', 'joan']) {
      await door.advance('PT1S')
      await expecting(200, calls.assert(name))
      names.push(name)
    }
    const seen: string[] = []
    for (let after = ''; ; ) {
      const page = read(contract.usersAnswer, await expecting(200, door.get(`/users?limit=2${after}`, app.key)))
      seen.push(...page.users.map(each => each.user))
      if (page.next_after === null) break
      after = `&after=${encodeURIComponent(page.next_after)}`
    }
    assert.deepEqual(seen, names)
  })

  test(`${profile}: what cannot be read is refused by name, and makes nobody`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    for (const more of [
      { from: { ip: 'here' } },
      { email: 'nobody' },
      { email: 'a"b@home.example' },
      { password: 'x' },
    ]) {
      assert.equal((await expecting(400, calls.assert('ada', more))).body.kind, 'invalid_request')
    }
    for (const user of ['x'.repeat(129), 'a\nb']) await expecting(404, calls.assert(user))
    assert.deepEqual(read(contract.usersAnswer, await door.get('/users', app.key)).users, [])
  })

  test(`${profile}: a user's account is exported and closed like any other, and the next assertion makes another`, async () => {
    await using door = await openAccounts({ profile })
    const app = await application(door)
    const calls = callsOf(door, app)
    const first = read(contract.signedInUserAnswer, await calls.assert('ada', { email: 'ada@home.example' }))
    const token = first.session.token
    const reply = await expecting(200, door.get('/account/export', token))
    assert.deepEqual((reply.body.account as { application: unknown }).application, { id: app.id, user: 'ada' })
    await expecting(200, door.api('DELETE', '/account', { token, json: {} }))
    await expecting(404, door.get('/users/ada', app.key))
    const again = read(contract.signedInUserAnswer, await calls.assert('ada'))
    assert.notEqual(again.account_id, first.account_id)
  })
}
