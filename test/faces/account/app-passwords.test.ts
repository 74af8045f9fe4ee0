// App-specific passwords over REST: made and revoked by their owner, checked by services, and by HTTP Basic.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  appPasswordMadeAnswer,
  appPasswordRightAnswer,
  appPasswordsAnswer,
  appPasswordsRevokedAnswer,
} from '#contract/account-app-passwords.ts'
import { operatorToken } from '../sandbox.ts'
import {
  type AccountsDoor,
  alike,
  expecting,
  holdToPromises,
  openAccounts,
  otherPassword,
  profiles,
  type TurnedOn,
} from './door.ts'

async function application(door: AccountsDoor): Promise<string> {
  const json = { name: 'Mail service' }
  return String((await door.send('POST', '/api/v1/operator/applications', { token: operatorToken, json })).body.api_key)
}

/** Somebody who may make app-specific passwords now. */
async function proved(door: AccountsDoor): Promise<TurnedOn> {
  const on = await door.turnedOn()
  await door.advance('PT1M')
  await door.freshen(on)
  return on
}

async function made(door: AccountsDoor, of: TurnedOn, label = 'Mail on the tablet', service = 'mail') {
  const reply = await expecting(201, door.post('/account/app-passwords', { label, service }, of.session))
  assert.equal(appPasswordMadeAnswer.safeParse(reply.body).error?.message, undefined, reply.text)
  return { id: String(reply.body.id), password: String(reply.body.app_password) }
}

type Listed = {
  readonly id: string
  readonly label: string
  readonly service: string
  readonly last_used: { readonly from: object } | null
}

async function listed(door: AccountsDoor, of: TurnedOn) {
  const reply = await expecting(200, door.get('/account/app-passwords', of.session))
  assert.equal(appPasswordsAnswer.safeParse(reply.body).error?.message, undefined, reply.text)
  return reply.body.app_passwords as readonly Listed[]
}

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})

/** Asks as a proxy does. */
async function asks(door: AccountsDoor, headers: Readonly<Record<string, string>>, service = 'mail', method = 'GET') {
  const reply = await door.send(method, `/api/v1/app-passwords/basic?service=${service}`, { headers })
  if (reply.status !== 204) holdToPromises(reply)
  return reply
}

for (const profile of profiles) {
  test(`${profile}: one is made with fresh proofs, shown once, listed with its use, and opens its service only`, async () => {
    await using door = await openAccounts({ profile })
    const key = await application(door)
    const on = await door.turnedOn()
    const early = await door.post('/account/app-passwords', { label: 'Mail', service: 'mail' }, on.session)
    assert.deepEqual([early.status, early.body.kind, early.body.missing], [401, 'step_up_needed', ['device_code']])
    await door.advance('PT1M')
    await door.freshen(on)
    const { id, password } = await made(door, on)
    assert.match(password, /^[a-z]{4}(-[a-z]{4}){3}$/)
    assert.match((await door.mails(on.email)).map(({ text }) => text).join(), /Mail on the tablet/)
    assert.deepEqual(
      (await listed(door, on)).map(each => [each.id, each.label, each.service, each.last_used]),
      [[id, 'Mail on the tablet', 'mail', null]],
    )
    assert.equal(JSON.stringify(await listed(door, on)).includes(password), false)

    const check = (more: object = {}) =>
      door.post(
        '/app-passwords/check',
        { identifier: on.email, app_password: password, service: 'mail', from: { ip: '192.0.2.7' }, ...more },
        key,
      )
    for (const spelling of [password, password.replaceAll('-', ''), password.toUpperCase().replaceAll('-', ' ')]) {
      const right = await expecting(200, check({ app_password: spelling }))
      assert.equal(appPasswordRightAnswer.safeParse(right.body).error?.message, undefined, right.text)
      assert.deepEqual([right.body.account, right.body.app_password], [on.id, { id }])
    }
    const [used] = await listed(door, on)
    assert.deepEqual(used?.last_used?.from, { place: '192.0.2.7', agent: '' })
    await expecting(200, check({ identifier: on.email.toUpperCase() }))

    const refusals = [
      await check({ service: 'calendar' }),
      await check({ app_password: 'abcd-efgh-ijkl-mnop' }),
      await check({ app_password: on.password }),
      await check({ identifier: 'nobody@home.example' }),
    ]
    for (const reply of refusals) {
      assert.deepEqual([reply.status, reply.body.kind], [422, 'app_password_refused'])
      const as = (each: typeof reply) => alike(each, String(each.headers['x-request-id']))
      assert.equal(as(reply), as(refusals[0] ?? reply))
    }
    // It is neither a password nor a code of the account.
    assert.equal((await door.firstStep({ email: on.email, password })).status, 422)
    assert.equal((await door.post('/account/step-up/password', { password }, on.session)).status, 422)
  })

  test(`${profile}: revoked one by one, all at once, by a new password or by turning off, it opens nothing at once`, async () => {
    await using door = await openAccounts({ profile })
    const key = await application(door)
    const on = await proved(door)
    const opens = async (password: string) =>
      (await door.post('/app-passwords/check', { identifier: on.email, app_password: password, service: 'mail' }, key))
        .status === 200
    const [one, two, three] = [await made(door, on), await made(door, on, 'Two'), await made(door, on, 'Three')]
    const gone = await expecting(200, door.api('DELETE', `/account/app-passwords/${one.id}`, { token: on.session }))
    assert.equal(appPasswordsRevokedAnswer.safeParse(gone.body).data?.revoked, 1)
    assert.deepEqual([await opens(one.password), await opens(two.password)], [false, true])
    const again = await door.api('DELETE', `/account/app-passwords/${one.id}`, { token: on.session })
    assert.deepEqual([again.status, again.body.kind], [404, 'no_such_app_password'])
    const all = await expecting(200, door.api('DELETE', '/account/app-passwords', { token: on.session }))
    assert.deepEqual([all.body.revoked, await opens(two.password), await opens(three.password)], [2, false, false])

    const four = await made(door, on, 'Four')
    await expecting(200, door.post('/account/password', { new_password: otherPassword }, on.session))
    assert.deepEqual([await opens(four.password), (await listed(door, on)).length], [false, 0])
  })
}

test('at most twenty-five are active, and none without two-step verification', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  const off = await door.post('/account/app-passwords', { label: 'Mail', service: 'mail' }, owner.session)
  assert.deepEqual([off.status, off.body.kind], [409, 'two_step_off'])
  const on = await proved(door)
  for (let count = 0; count < 25; count += 1) await made(door, on, `Program ${count}`)
  const full = await door.post('/account/app-passwords', { label: 'One more', service: 'mail' }, on.session)
  assert.deepEqual([full.status, full.body.kind], [409, 'too_many_app_passwords'])
})

test('HTTP Basic: right is 204 with who it is, everything else is one 401 that asks for the service', async () => {
  await using door = await openAccounts()
  const on = await proved(door)
  const { id, password } = await made(door, on)
  for (const method of ['GET', 'HEAD', 'POST']) {
    const right = await asks(door, basic(on.email, password), 'mail', method)
    assert.deepEqual(
      [right.status, right.headers['twostep-account'], right.headers['twostep-app-password'], right.text],
      [204, on.id, id, ''],
    )
  }
  const wrong = [
    await asks(door, {}),
    await asks(door, { authorization: 'Basic ???' }),
    await asks(door, { authorization: `Bearer ${on.session}` }),
    await asks(door, basic(on.email, 'abcd-efgh-ijkl-mnop')),
    await asks(door, basic(on.email, on.password)),
    await asks(door, basic('nobody@home.example', password)),
    await asks(door, basic('', '')),
    await asks(door, basic('a'.repeat(300), password)),
  ]
  for (const reply of wrong) {
    const { headers, status } = reply
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Basic realm="mail", charset="UTF-8"'])
    const as = (each: typeof reply) => alike(each, String(each.headers['x-request-id']))
    assert.equal(as(reply), as(wrong[0] ?? reply))
  }
  assert.equal((await asks(door, basic(on.email, password), 'calendar')).status, 401)
})

test('a proxy that was set up wrong is told so, and asks no person for a password', async () => {
  await using door = await openAccounts()
  for (const service of ['', 'UPPER', '"', 'a'.repeat(70)]) {
    const reply = await asks(door, {}, encodeURIComponent(service))
    assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], service)
  }
  const reply = await asks(door, { 'twostep-api-key': 'twk_nothing' })
  assert.deepEqual([reply.status, reply.body.kind], [400, 'unknown_api_key'])
  assert.equal((await door.api('PUT', '/app-passwords/basic?service=mail')).status, 405)
  assert.equal(
    (await door.post('/app-passwords/check', { identifier: 'a', app_password: 'b', service: 'mail' })).status,
    401,
  )
})

test("an application's user is found with that application's key only", async () => {
  await using door = await openAccounts()
  const [key, other] = [await application(door), await application(door)]
  const json = { email: 'ada@shop.example' }
  const asserted = await expecting(200, door.api('POST', '/users/ada/sign-ins', { token: key, json }))
  const { token } = asserted.body.session as { readonly token: string }
  const id = String(asserted.body.account_id)
  const on = await door.turnOn({ id, email: 'ada', password: '', session: token, browser: '' })
  await door.advance('PT1M')
  await expecting(202, door.post('/account/step-up/code', { device: on.device }, token))
  await expecting(200, door.post('/account/step-up/code/check', { code: await door.newestCode(on.number) }, token))
  const { password } = await made(door, on)
  const check = (by: string) =>
    door.post('/app-passwords/check', { identifier: 'ada', app_password: password, service: 'mail' }, by)
  assert.deepEqual([(await check(key)).status, (await check(other)).status], [200, 422])
  assert.equal((await asks(door, { ...basic('ada', password), 'twostep-api-key': key })).status, 204)
  assert.equal((await asks(door, basic('ada', password))).status, 401)
})

test('a check commits nothing, but for a note of its use once a minute', async () => {
  await using door = await openAccounts()
  const on = await proved(door)
  const { password } = await made(door, on)
  const { store } = door.sandbox
  const version = async () => (await store.read({ kind: 'account', id: on.id }))?.version ?? 0
  await asks(door, basic(on.email, password))
  const noted = await version()
  for (let poll = 0; poll < 20; poll += 1) assert.equal((await asks(door, basic(on.email, password))).status, 204)
  for (let poll = 0; poll < 20; poll += 1) {
    assert.equal((await asks(door, basic(on.email, 'abcd-efgh-ijkl-mnop'))).status, 401)
  }
  assert.equal(await version(), noted)
  await door.advance('PT1M')
  await asks(door, basic(on.email, password))
  assert.equal(await version(), noted + 1)
})

test('a check takes less than two milliseconds of processor time, however many passwords there are', async () => {
  await using door = await openAccounts()
  const on = await proved(door)
  for (let count = 1; count < 25; count += 1) await made(door, on, `Program ${count}`)
  const { password } = await made(door, on, 'The last')
  const right = basic(on.email, password)
  // A server that has served for a moment: its code is compiled by then.
  for (let round = 0; round < 400; round += 1) await asks(door, right)
  for (const headers of [right, basic(on.email, 'abcd-efgh-ijkl-mnop'), basic('nobody@home.example', password)]) {
    const rounds = 200
    const before = process.cpuUsage()
    for (let round = 0; round < rounds; round += 1) await asks(door, headers)
    const { user, system } = process.cpuUsage(before)
    // The whole of it: the asking client runs in this process as well.
    const each = (user + system) / 1_000 / rounds
    assert.ok(each < 2, `${each} ms of processor time`)
  }
})
