// The Twostep client and accounts, against a running sandbox: everything a developer's app does for a person, and that no
// secret is printed on the way.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { type Account, Secret, Twostep, type TwostepConfig } from '#client/index.ts'
import * as history from '#contract/account-history.ts'
import * as twoStepContract from '#contract/account-two-step.ts'
import * as contract from '#contract/accounts.ts'
import { goodPassword, openAccounts, otherPassword } from '../faces/account/door.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { otherThan } from '../other-code.ts'
import { toldFetch, watchedFetch } from './wires.ts'

const door = await openAccounts()
after(() => door[Symbol.asyncDispose]())

const clientOf = (config: TwostepConfig = {}): Twostep => new Twostep({ baseUrl: door.url, operatorToken, ...config })

async function applicationOf(): Promise<Twostep> {
  const made = valued(await clientOf().operator.createApplication({ name: 'Shop' }))
  return clientOf({ apiKey: made.api_key })
}

type Ended<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: { readonly kind: string; readonly detail?: string } }

function valued<Value>(result: Ended<Value>): Value {
  if (!result.ok) assert.fail(`${result.problem.kind}: ${result.problem.detail}`)
  return result.value
}

function problemOf<Problem extends { readonly kind: string }, Kind extends Problem['kind']>(
  result: { readonly ok: true } | { readonly ok: false; readonly problem: Problem },
  kind: Kind,
): Extract<Problem, { readonly kind: Kind }> {
  assert(!result.ok && result.problem.kind === kind, JSON.stringify(result))
  return result.problem as Extract<Problem, { readonly kind: Kind }>
}

/** Whatever prints it: nothing of the secret is seen. */
function assertSealed(secret: Secret, within: object): void {
  const text = secret.reveal()
  assert(text.length > 8)
  for (const printed of [`${secret}`, JSON.stringify(within), inspect(within, { depth: 9, showHidden: true })]) {
    assert(!printed.includes(text) && printed.includes('[sealed]'), printed)
  }
  assert(!JSON.stringify(structuredClone(Object.fromEntries(Object.entries(secret)))).includes(text))
}

let people = 0
async function signedUp(twostep: Twostep): Promise<{ readonly email: string; readonly account: Account }> {
  people += 1
  const email = `grace-${people}@home.example`
  valued(await twostep.signUps.request({ email, locale: 'en' }))
  const sign_up = await door.mailedToken(email)
  const signed = valued(await twostep.signUps.complete({ sign_up, password: goodPassword }))
  assertSealed(signed.session.token, signed)
  return { email, account: twostep.account(signed.session.token) }
}

/** Turns two-step verification on; answers its one device and the Recovery Key. */
async function turnOn(account: Account, number: string) {
  assert.equal(valued(await account.twoStep.begin()).next, 'add_number')
  problemOf(await account.twoStep.addDevice({ kind: 'device', name: 'Laptop', app: true }), 'number_first')
  valued(await account.twoStep.addDevice({ kind: 'number', number, name: 'Phone' }))
  const checked = valued(await account.twoStep.checkDevice({ code: await door.newestCode(number) }))
  valued(await account.twoStep.skipDevices())
  const shown = valued(await account.twoStep.showRecoveryKey())
  assertSealed(shown.recovery_key, shown)
  problemOf(await account.twoStep.retypeRecoveryKey({ recovery_key: 'AAAA-AAAA-AAAA-AA' }), 'wrong_recovery_key')
  valued(await account.twoStep.retypeRecoveryKey({ recovery_key: shown.recovery_key }))
  assert.equal(problemOf(await account.twoStep.skipDevices(), 'wrong_step').at, 'confirm')
  const on = valued(await account.twoStep.confirm({ understood: true }))
  twoStepContract.twoStepAnswer.parse(on)
  assert.equal(on.state, 'on')
  valued(await clientOf().sandbox.advanceClock({ advance: 'PT1M' }))
  return { device: checked.devices[0]?.id ?? '', recoveryKey: shown.recovery_key }
}

test('a person signs up, turns two-step on, signs in with it, proves themself anew and closes the account', async () => {
  const twostep = clientOf()
  const { email, account } = await signedUp(twostep)
  const number = '+16315550190'
  const weak = problemOf(await account.changePassword({ new_password: 'short' }), 'weak_password')
  assert.deepEqual([weak.reason, weak.least_length], ['too_short', 8])
  const { device, recoveryKey } = await turnOn(account, number)

  const first = valued(await twostep.signIns.begin({ identifier: email, password: goodPassword }))
  assert(first.kind === 'second_step_needed')
  assertSealed(first.token, first)
  assert.equal(valued(await twostep.signIns.get(first)).code, null)
  problemOf(await twostep.signIns.sendCode(first, { device: 'none' }), 'no_such_device')
  valued(await twostep.signIns.sendCode(first, { device }))
  const code = await door.newestCode(number)
  problemOf(await twostep.signIns.checkCode(first, { code: otherThan(code) }), 'wrong_code')
  const signed = valued(await twostep.signIns.checkCode(first, { code, trust_browser: true }))
  assert(signed.browser !== null)
  assertSealed(signed.browser, signed)
  problemOf(await twostep.signIns.get(first), 'sign_in_over')
  const again = valued(
    await twostep.signIns.begin({ identifier: email, password: goodPassword, browser: signed.browser }),
  )
  assert(again.kind === 'signed_in', 'a trusted browser skips the code')

  const own = twostep.account(signed.session.token)
  contract.accountAnswer.parse(valued(await own.get()))
  assert.equal(valued(await own.sessions.list()).sessions.length, 3)
  const name = { name: 'Kitchen' }
  assert.equal(valued(await own.sessions.rename(signed.session.id, name)).name, 'Kitchen')
  assert.equal(valued(await own.sessions.endAll({ which: 'others' })).ended, 2)
  problemOf(await account.get(), 'session_needed')
  const [browser] = valued(await own.browsers.list()).browsers
  assert.equal(valued(await own.browsers.rename(browser?.id ?? '', name)).name, 'Kitchen')
  valued(await own.browsers.forgetAll())
  assert.equal(valued(await own.addresses.list()).addresses.length, 1)

  valued(await twostep.sandbox.advanceClock({ advance: 'PT11M' }))
  const needed = problemOf(await own.export(), 'step_up_needed')
  assert.deepEqual([needed.missing, needed.max_age], [['password', 'device_code'], 600])
  problemOf(await own.stepUp.password({ password: otherPassword }), 'wrong_password')
  valued(await own.stepUp.password({ password: goodPassword }))
  valued(await own.stepUp.sendCode({ device }))
  const fresh = valued(await own.stepUp.checkCode({ code: await door.newestCode(number) }))
  assert.notEqual(fresh.device_code_at, null)
  const everything = history.exportAnswer.parse(valued(await own.export()))
  assert.equal(everything.account.addresses[0]?.address, email)

  const made = valued(await own.appPasswords.make({ label: 'Mail', service: 'mail' }))
  assertSealed(made.app_password, made)
  const shop = await applicationOf()
  const check = { identifier: email, app_password: made.app_password, service: 'mail' }
  assert.equal(valued(await shop.appPasswords.check(check)).app_password.id, made.id)
  problemOf(await shop.appPasswords.check({ ...check, service: 'chat' }), 'app_password_refused')
  assert.equal(valued(await own.appPasswords.revoke(made.id)).revoked, 1)
  problemOf(await own.appPasswords.revoke(made.id), 'no_such_app_password')

  const reset = valued(await twostep.passwordResets.begin({ identifier: email, recovery_key: recoveryKey }))
  valued(await twostep.sandbox.advanceClock({ advance: 'PT1M' }))
  valued(await twostep.passwordResets.sendCode(reset, { device }))
  problemOf(await twostep.passwordResets.setPassword(reset, { new_password: otherPassword }), 'code_needed')
  const right = await twostep.passwordResets.checkCode(reset, { code: await door.newestCode(number) })
  assert.equal(valued(right).next, 'password')
  valued(await twostep.passwordResets.setPassword(reset, { new_password: otherPassword }))
  problemOf(await own.get(), 'session_needed')
})

test('without a device: a limited session, which a new device makes a full one; the device fetches what it is to show', async () => {
  const twostep = clientOf()
  const { email, account } = await signedUp(twostep)
  const { recoveryKey } = await turnOn(account, '+16315550191')
  const first = valued(await twostep.signIns.begin({ identifier: email, password: goodPassword }))
  assert(first.kind === 'second_step_needed')
  const limited = valued(await twostep.signIns.useRecoveryKey(first, { recovery_key: recoveryKey.reveal() }))
  assert.equal(limited.kind, 'limited')
  const own = twostep.account(limited.session.token)
  assert.deepEqual(problemOf(await own.get(), 'limited_session').missing, ['new_device'])
  const added = valued(await own.devices.add({ kind: 'device', name: 'Laptop', app: true }))
  const { device_token, installation } = added
  assert(device_token !== undefined && installation !== undefined)
  assertSealed(device_token, added)
  assertSealed(installation, added)
  const laptop = twostep.device({ device_token, installation })
  const [shown] = valued(await laptop.notifications()).notifications
  const checked = valued(await own.devices.check({ code: shown?.code ?? '' }))
  assert.equal(checked.devices.length, 2)
  assert.equal(valued(await laptop.get()).device.trusted, true)
  assert.equal(valued(await own.get()).two_step, 'on')
  problemOf(await laptop.notMe({ challenge: 'none' }), 'nothing_open')
  assert.match(valued(await twostep.pushKey()).application_server_key, /./)
  const copy = twostep.device({ device_token, installation: 'twdi_none' })
  problemOf(await copy.get(), 'device_restored')
})

test('an application with users of its own asserts, challenges and verifies, and walks them in pages', async () => {
  const shop = await applicationOf()
  const odd = 'a/b?c#d%2e é'
  for (const user of ['ada', 'grace', odd]) {
    const signed = valued(await shop.users.assert(user, { email: 'x@shop.example', from: { ip: '203.0.113.7' } }))
    assert(signed.kind === 'signed_in' && signed.user === user && signed.amr.includes('asserted'))
    assertSealed(signed.session.token, signed)
    if (user === 'ada') await turnOn(shop.account(signed.session.token), '+16315550192')
  }
  const found: string[] = []
  for await (const page of shop.users.list({ limit: 2 })) found.push(...valued(page).users.map(({ user }) => user))
  assert.deepEqual(found.toSorted(), [odd, 'ada', 'grace'])
  assert.deepEqual(
    [valued(await shop.users.get('ada')).two_step, valued(await shop.users.get(odd)).two_step],
    ['on', 'off'],
  )
  problemOf(await shop.users.get('nobody'), 'no_such_user')

  const asserted = valued(await shop.users.assert('ada'))
  assert(asserted.kind === 'second_step_needed')
  const [device] = asserted.devices
  valued(await shop.users.sendCode('ada', asserted.id, { device: device?.id ?? '' }))
  assert.notEqual(valued(await shop.users.signIn('ada', asserted.id)).code, null)
  problemOf(await shop.users.signIn('grace', asserted.id), 'sign_in_over')
  const code = await door.newestCode('+16315550192')
  const signed = valued(await shop.users.checkCode('ada', asserted.id, { code }))
  assert.equal(signed.acr, 'urn:twostep:acr:two-step')
  valued(await shop.users.assertAnew('ada', signed.session.id))

  const rule = { needs: 'two-step', opens: 'change', max_age_s: 60 } as const
  assert.deepEqual(valued(await shop.gates.define('shop.refund', rule)), { gate: 'shop.refund', ...rule })
  assert.equal(valued(await shop.gates.list()).gates.length, 1)
  const own = shop.account(signed.session.token)
  assert.equal(valued(await own.gates.pass('shop.refund')).passed, true)
  problemOf(await own.gates.pass('no.such'), 'no_such_gate')
  assert.deepEqual(valued(await shop.gates.remove('shop.refund')), { removed: true })
  const kinds: string[] = []
  for await (const page of own.activity({ limit: 3 })) {
    const { events } = history.activityAnswer.parse(valued(page))
    assert(events.length <= 3)
    kinds.push(...events.map(({ sequence }) => String(sequence)))
  }
  assert(kinds.length > 6 && kinds.at(-1) === '1' && new Set(kinds).size === kinds.length)

  const stranger = clientOf({ apiKey: 'twk_nobody' })
  const refusals: string[] = []
  for await (const page of stranger.users.list()) refusals.push(problemOf(page, 'api_key_needed').kind)
  assert.deepEqual(refusals, ['api_key_needed'], 'a refusal is the last page')
})

test('a secret whose answer was lost was shown once: the repetition says so, and nothing is made twice', async () => {
  const cut = { at: -1 }
  const { fetch, sent } = watchedFetch(count => count === cut.at)
  const twostep = clientOf({ fetch })
  const { account } = await signedUp(twostep)
  const { device } = await turnOn(account, '+16315550193')
  valued(await account.stepUp.sendCode({ device }))
  valued(await account.stepUp.checkCode({ code: await door.newestCode('+16315550193') }))
  cut.at = sent.length + 1
  problemOf(await account.appPasswords.make({ label: 'Mail', service: 'mail' }), 'shown_once')
  assert.equal(valued(await account.appPasswords.list()).app_passwords.length, 1)
  cut.at = sent.length + 1
  const list = valued(await account.appPasswords.list()).app_passwords
  cut.at = sent.length + 1
  await assert.rejects(account.appPasswords.revoke(list[0]?.id ?? ''), { trouble: 'unreachable' })
  assert.equal(valued(await account.appPasswords.list()).app_passwords.length, 0, 'a DELETE takes no key: sent once')
})

test('what leads elsewhere or was never told is refused before anything is sent', async () => {
  const { fetch, sent } = toldFetch({})
  const twostep = clientOf({ fetch, apiKey: 'twk_x' })
  for (const user of ['', '.', '..']) await assert.rejects(twostep.users.get(user), /write a name/)
  await assert.rejects(twostep.users.assertAnew('ada', '..'), /write a name/)
  await assert.rejects(twostep.gates.define('..'), /write a name/)
  const account = twostep.account('twas_x')
  await assert.rejects(account.sessions.end('../..'), /write the id/)
  await assert.rejects(twostep.signIns.get({ id: '..', token: 'x' }), /write the id/)
  await assert.rejects(twostep.signIns.get({ id: 'x', token: 'a\r\nb: c' }), /token: write it as text/)
  await assert.rejects(account.devices.check({ code: 123456 as unknown as string }), /write it as text/)
  assert.throws(() => twostep.account(''), /session: write it as text/)
  assert.throws(() => twostep.account(undefined as unknown as string), /session is missing: give it\./)
  assert.equal(sent.length, 0)
  // A sealed secret of another copy of the package is one too.
  const theirs = { reveal: () => 'twas_theirs' } as unknown as Secret
  await twostep.account(theirs).changePassword({ new_password: new Secret('opened') })
  assert.equal(sent[0]?.headers.get('authorization'), 'Bearer twas_theirs')
  assert.equal(sent[0]?.body, '{"new_password":"opened"}')
})
