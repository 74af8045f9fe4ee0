// Step-up and gates over REST (RFC 9470): what a session reaches, what is asked of it anew, and how.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  definedGateAnswer,
  definedGatesAnswer,
  gatePassedAnswer,
  gatesAnswer,
  stepUpAnswer,
} from '#contract/account-step-up.ts'
import type { Reply } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'
import { type AccountsDoor, expecting, network, openAccounts, opened, otherPassword, profiles } from './door.ts'

const kinds = (reply: Reply) => [reply.status, reply.body.kind]

async function application(door: AccountsDoor) {
  const json = { name: 'Shop' }
  const made = await door.send('POST', '/api/v1/operator/applications', { token: operatorToken, json })
  return { id: String(made.body.id), key: String(made.body.api_key) }
}

/** What a refusal for want of a step says, in its header and in its body. */
function challengeOf(reply: Reply) {
  assert.deepEqual(kinds(reply), [401, 'step_up_needed'], reply.text)
  const header = String(reply.headers['www-authenticate'])
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1]
  assert.match(header, /^Bearer error="insufficient_user_authentication", /)
  assert.equal(part('acr_values'), reply.body.acr_values)
  assert.equal(part('max_age'), reply.body.max_age === null ? undefined : String(reply.body.max_age))
  return { acr: part('acr_values'), maxAge: part('max_age'), missing: reply.body.missing }
}

for (const profile of profiles) {
  test(`${profile}: what changes a factor asks for proofs of ten minutes, and says which are missing`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    await door.advance('PT1M')
    const made = await door.signedIn(on)
    const show = () => door.post('/account/recovery-key', {}, made.session)
    await expecting(201, show())
    await door.advance('PT10M')
    await expecting(201, show())
    await door.advance('PT0.001S')
    const two = 'urn:twostep:acr:two-step'
    assert.deepEqual(challengeOf(await show()), { acr: two, maxAge: '600', missing: ['password', 'device_code'] })

    const password = await expecting(
      200,
      door.post('/account/step-up/password', { password: on.password }, made.session),
    )
    const seen = stepUpAnswer.parse(password.body)
    assert.deepEqual([seen.acr, seen.amr], [two, ['pwd', 'sms', 'mfa']])
    assert.deepEqual(challengeOf(await show()).missing, ['device_code'])
    const sent = await expecting(202, door.post('/account/step-up/code', { device: on.device }, made.session))
    assert.equal(sent.body.expires_in_s, profile === 'classic' ? 300 : 600)
    const code = await door.newestCode(on.number)
    assert.match(code, profile === 'classic' ? /^[0-9]{4}$/ : /^[0-9]{6}$/)
    await expecting(200, door.post('/account/step-up/code/check', { code }, made.session))
    await expecting(201, show())
    // Used up: once more, and in another session, it is wrong.
    assert.deepEqual(kinds(await door.post('/account/step-up/code/check', { code }, made.session)), [422, 'wrong_code'])
  })

  test(`${profile}: a step-up code counts in the session that asked for it only`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    await door.advance('PT1M')
    const other = await door.signedIn(on)
    await door.advance('PT1M')
    await expecting(202, door.post('/account/step-up/code', { device: on.device }, on.session))
    const code = await door.newestCode(on.number)
    assert.deepEqual(kinds(await door.post('/account/step-up/code/check', { code }, other.session)), [
      422,
      'wrong_code',
    ])
    await expecting(200, door.post('/account/step-up/code/check', { code }, on.session))
  })

  test(`${profile}: wrong passwords in a session wait longer and longer, and a stranger's tries do not count there`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    const wrong = { email: on.email, password: otherPassword }
    for (let tried = 0; tried < 6; tried += 1) await door.firstStep(wrong, {}, network(tried))
    const step = (password: string) => door.post('/account/step-up/password', { password }, on.session)
    for (let tried = 0; tried < 3; tried += 1)
      assert.deepEqual(kinds(await step(otherPassword)), [422, 'wrong_password'])
    const waits = await step(on.password)
    assert.deepEqual([...kinds(waits), waits.body.retry_after], [429, 'guess_too_soon', 1])
    await door.advance('PT1S')
    await expecting(200, step(on.password))
  })

  test(`${profile}: everyday gates are passed once a session and shown as passed; a limited session passes none`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    const gates = async (token: string) => {
      const reply = await expecting(200, door.get('/account/gates', token))
      return gatesAnswer.parse(reply.body).gates
    }
    const before = await gates(on.session)
    assert.deepEqual(before.map(({ gate }) => gate).sort(), [
      'account.factors',
      'account.manage',
      'messaging.sign-in',
      'sign-in.new-device',
      'sign-in.web',
      'store.purchase.new-device',
      'support',
    ])
    assert.deepEqual(before.find(({ gate }) => gate === 'account.factors')?.missing, ['device_code'])
    const passed = await expecting(200, door.post('/account/gates/support', {}, on.session))
    assert.deepEqual(gatePassedAnswer.parse(passed.body), {
      ...{ gate: 'support', passed: true, acr: 'urn:twostep:acr:two-step' },
      amr: ['pwd'],
    })
    assert.equal((await gates(on.session)).find(({ gate }) => gate === 'support')?.passed, true)
    const factors = challengeOf(await door.post('/account/gates/account.factors', {}, on.session))
    assert.deepEqual([factors.maxAge, factors.missing], ['600', ['device_code']])
    assert.deepEqual(kinds(await door.post('/account/gates/nothing', {}, on.session)), [404, 'no_such_gate'])

    const sign = await door.begun(on, {}, network(1))
    const limited = opened(await sign.step('recovery-key', { recovery_key: on.recoveryKey })).session
    const refused = challengeOf(await door.post('/account/gates/support', {}, limited))
    assert.deepEqual([refused.maxAge, refused.missing], [undefined, ['device_code']])
  })
}

test('an application defines gates of its own; its users pass them, and of equal names each counts for its own', async () => {
  await using door = await openAccounts()
  const [shop, bank] = [await application(door), await application(door)]
  const define = (of: { key: string }, gate: string, json: object = {}) =>
    door.api('PUT', `/gates/${gate}`, { token: of.key, json })
  const defined = await expecting(200, define(shop, 'orders.cancel', { max_age_s: 60 }))
  assert.deepEqual(definedGateAnswer.parse(defined.body), {
    ...{ gate: 'orders.cancel', needs: 'two-step', opens: 'change', max_age_s: 60 },
  })
  await expecting(200, define(shop, 'orders'))
  await expecting(200, define(bank, 'orders'))
  for (const [gate, json] of [
    ['account.manage', {}],
    ['Orders', {}],
    ['orders', { needs: 'first-step', opens: 'change' }],
    ['orders', { max_age_s: -1 }],
  ] as const) {
    assert.deepEqual(kinds(await define(shop, gate, json)), [400, 'invalid_request'], gate)
  }
  const listed = definedGatesAnswer.parse((await expecting(200, door.get('/gates', shop.key))).body)
  assert.deepEqual(
    listed.gates.map(({ gate }) => gate),
    ['orders', 'orders.cancel'],
  )

  const json = { email: 'ada@shop.example' }
  const user = opened(await expecting(200, door.api('POST', '/users/ada/sign-ins', { token: shop.key, json }))).session
  const pass = (gate: string, more: object = {}) => door.post(`/account/gates/${gate}`, more, user)
  await expecting(200, pass('orders'))
  const seen = gatesAnswer.parse((await door.get('/account/gates', user)).body).gates
  assert.deepEqual(
    seen.filter(({ passed }) => passed).map(({ gate }) => gate),
    ['orders'],
  )
  await expecting(200, pass('orders.cancel'))
  await door.advance('PT1M0.001S')
  assert.deepEqual(challengeOf(await pass('orders.cancel')), {
    ...{ acr: 'urn:twostep:acr:first-step', maxAge: '60', missing: ['password'] },
  })
  const { gates } = (await door.get('/account', user)).body.session as { readonly gates: readonly string[] }
  assert.deepEqual(gates, [`${shop.id}/orders`])
  await expecting(200, pass('orders', { application: bank.id }))

  await expecting(200, door.api('DELETE', '/gates/orders', { token: shop.key }))
  assert.deepEqual(kinds(await pass('orders')), [404, 'no_such_gate'])
  assert.deepEqual(kinds(await door.api('DELETE', '/gates/orders', { token: shop.key })), [404, 'no_such_gate'])
  // Its own proof is for the application to give anew.
  const password = await door.post('/account/step-up/password', { password: 'x' }, user)
  assert.deepEqual(kinds(password), [409, 'no_password'])
})

test('without a session there is no step-up, no gate and no look', async () => {
  await using door = await openAccounts()
  for (const token of [undefined, 'twas_nothing', 'garbage']) {
    const headers = token === undefined ? {} : { token }
    for (const [method, path] of [
      ['GET', '/account/gates'],
      ['POST', '/account/gates/support'],
      ['POST', '/account/step-up/password'],
      ['POST', '/account/step-up/code'],
      ['POST', '/account/step-up/code/check'],
      ['GET', '/account/two-step'],
      ['POST', '/account/two-step/begin'],
      ['GET', '/account/devices'],
      ['POST', '/account/recovery-key'],
      ['GET', '/account/app-passwords'],
    ] as const) {
      assert.deepEqual(kinds(await door.api(method, path, headers)), [401, 'session_needed'], path)
    }
  }
})
