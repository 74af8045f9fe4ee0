// Two-step verification turned on over REST: step by step, in order, resumed elsewhere, waited for, run out and left.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newDeviceAnswer, recoveryKeyAnswer, twoStepAnswer } from '#contract/account-two-step.ts'
import { otherThan } from '../../other-code.ts'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, type Owner, openAccounts, opened, otherPassword, profiles } from './door.ts'

const number = '+16315550901'
const second = '+16315550902'

/** The calls of one session about two-step verification; each view is held to the contract. */
function stepsOf(door: AccountsDoor, session: string) {
  const seen = (reply: Reply) => {
    const schema = reply.path.endsWith('/recovery-key')
      ? recoveryKeyAnswer
      : reply.status === 202 && reply.path.endsWith('/devices')
        ? newDeviceAnswer
        : twoStepAnswer
    if (reply.status < 400) assert.equal(schema.safeParse(reply.body).error?.message, undefined, reply.text)
    return reply
  }
  return {
    look: async () => seen(await door.get('/account/two-step', session)),
    step: async (path: string, json: object = {}) => seen(await door.post(`/account/two-step/${path}`, json, session)),
  }
}

/** As far as the Recovery Key's step. */
async function withNumber(door: AccountsDoor, session: string) {
  const steps = stepsOf(door, session)
  await expecting(200, steps.step('begin'))
  await expecting(202, steps.step('devices', { kind: 'number', number, name: 'Phone' }))
  await expecting(200, steps.step('devices/check', { code: await door.newestCode(number) }))
  return steps
}

const kinds = (reply: Reply) => [reply.status, reply.body.kind]

for (const profile of profiles) {
  test(`${profile}: two-step is turned on step by step, and each step says what to call next`, async () => {
    await using door = await openAccounts({ profile })
    const owner = await door.owner()
    const other = opened(await expecting(200, door.firstStep(owner)))
    const { look, step } = stepsOf(door, owner.session)
    const off = await look()
    assert.deepEqual([off.body.state, off.body.next, off.body.devices], ['off', 'begin', []])

    const begun = await expecting(200, step('begin'))
    assert.deepEqual([begun.body.state, begun.body.next], ['enrolling', 'add_number'])
    const sent = await expecting(202, step('devices', { kind: 'number', number, name: 'Phone' }))
    assert.deepEqual([(sent.body.device as { kind: string }).kind, sent.body.device_token], ['number', undefined])
    const code = await door.newestCode(number)
    assert.match(code, /^[0-9]{6}$/)
    const verified = await expecting(200, step('devices/check', { code: `${code.slice(0, 3)}-${code.slice(3)}` }))
    assert.equal(verified.body.next, 'add_device_or_skip')
    const [device] = verified.body.devices as readonly Record<string, unknown>[]
    assert.deepEqual([device?.number, device?.receives, device?.name], ['+1 ••• ••• ••01', 'sms', 'Phone'])
    assert.equal(verified.text.includes(number), false)

    assert.equal((await expecting(200, step('skip-devices'))).body.next, 'show_recovery_key')
    const first = String((await expecting(201, step('recovery-key'))).body.recovery_key)
    assert.match(first, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}-[0-9A-HJKMNP-TV-Z]{2}$/)
    assert.equal((await look()).body.next, 'retype_recovery_key')
    const key = String((await expecting(201, step('recovery-key'))).body.recovery_key)
    // Whoever had another one shown has lost the first.
    assert.deepEqual(kinds(await step('recovery-key/retype', { recovery_key: first })), [422, 'wrong_recovery_key'])
    const loosely = key.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
    assert.equal((await expecting(200, step('recovery-key/retype', { recovery_key: loosely }))).body.next, 'confirm')
    assert.deepEqual(kinds(await step('confirm', {})), [400, 'invalid_request'])
    const on = await expecting(200, step('confirm', { understood: true }))
    assert.deepEqual([on.body.state, on.body.next, on.body.warnings], ['on', 'none', ['one_device_left']])

    // Other sessions ended, this one lives, and whoever signs in is asked for a code.
    assert.equal((await door.get('/account', other.session)).status, 401)
    assert.equal((await look()).body.state, 'on')
    assert.equal((await door.firstStep(owner)).status, 201)
    const subjects = (await door.mails(owner.email)).map(({ subject }) => subject)
    assert.equal(subjects.filter(each => /two-step/i.test(each ?? '')).length, 2, String(subjects))
  })

  test(`${profile}: no step can be taken out of order, twice, or once it is on`, async () => {
    await using door = await openAccounts({ profile })
    const owner = await door.owner()
    const { step } = stepsOf(door, owner.session)
    const all: readonly (readonly [string, object, boolean])[] = [
      ['devices', { kind: 'number', number: second, name: 'Phone' }, false],
      ['devices/check', { code: '123456' }, false],
      ['skip-devices', {}, false],
      ['recovery-key', {}, false],
      ['recovery-key/retype', { recovery_key: '0123-4567-89AB-CD' }, false],
      ['confirm', { understood: true }, false],
      ['abandon', {}, true],
      ['begin', {}, true],
    ]
    async function refuses(at: string, taken: readonly string[]) {
      for (const [path, json, leaves] of all) {
        if (taken.includes(path) || (leaves && !['off', 'on'].includes(at))) continue
        if (at === 'off' && path === 'begin') continue
        const reply = await step(path, json)
        assert.deepEqual([reply.status, reply.body.kind, reply.body.at], [409, 'wrong_step', at], `${at}: ${path}`)
      }
    }
    await refuses('off', [])
    await step('begin')
    await refuses('phone', ['devices', 'devices/check'])
    await step('devices', { kind: 'number', number, name: 'Phone' })
    await step('devices/check', { code: await door.newestCode(number) })
    await refuses('devices', ['devices', 'devices/check', 'skip-devices'])
    await step('skip-devices')
    assert.deepEqual(kinds(await step('recovery-key/retype', { recovery_key: '0123-4567-89AB-CD' })), [
      409,
      'no_key_to_retype',
    ])
    await refuses('key', ['recovery-key', 'recovery-key/retype'])
    const { recovery_key } = (await step('recovery-key')).body
    await step('recovery-key/retype', { recovery_key })
    await refuses('confirm', ['recovery-key', 'confirm'])
    await step('confirm', { understood: true })
    // Turned on with the password alone: the first change of a factor asks for a code.
    const unproved = await step('skip-devices')
    assert.deepEqual([unproved.status, unproved.body.missing], [401, ['device_code']])
    const [device] = (await door.get('/account/devices', owner.session)).body.devices as readonly {
      readonly id: string
    }[]
    // A number gets a code a minute.
    await door.advance('PT1M')
    await door.freshen({ ...owner, number, device: device?.id ?? '', recoveryKey: '' })
    await refuses('on', [])
  })

  test(`${profile}: what was begun on one browser is gone on with on another, and needs the password there`, async () => {
    await using door = await openAccounts({ profile })
    const owner = await door.owner()
    const here = stepsOf(door, owner.session)
    await here.step('begin')
    await here.step('devices', { kind: 'number', number, name: 'Phone' })
    const elsewhere = opened(await expecting(200, door.firstStep(owner))).session
    const there = stepsOf(door, elsewhere)
    assert.equal((await there.look()).body.next, 'add_number')
    await expecting(200, there.step('devices/check', { code: await door.newestCode(number) }))
    await door.advance('PT10M0.001S')
    const old = await there.step('skip-devices')
    assert.deepEqual([old.status, old.body.kind, old.body.missing], [401, 'step_up_needed', ['password']])
    assert.match(
      String(old.headers['www-authenticate']),
      /error="insufficient_user_authentication".*acr_values="urn:twostep:acr:first-step", max_age="600"$/,
    )
    await door.freshen({ ...owner, session: elsewhere })
    await expecting(200, there.step('skip-devices'))
  })

  test(`${profile}: left half-way nothing was turned on, what was shown opens nothing, and it begins again`, async () => {
    await using door = await openAccounts({ profile })
    const owner = await door.owner()
    const { step, look } = await withNumber(door, owner.session)
    await step('skip-devices')
    const { recovery_key } = (await step('recovery-key')).body
    const left = await expecting(200, step('abandon'))
    assert.deepEqual([left.body.state, left.body.devices, left.body.recovery_key], ['ready', [], null])
    assert.equal((await door.firstStep(owner)).status, 200)
    await expecting(200, step('begin'))
    assert.equal((await look()).body.next, 'add_number')
    assert.deepEqual(kinds(await step('recovery-key/retype', { recovery_key })), [409, 'wrong_step'])
  })

  test(`${profile}: after a significant change it waits 72 hours, has 30 days, and then waits again`, async () => {
    await using door = await openAccounts({ profile })
    const owner = await door.owner()
    await expecting(200, door.post('/account/password', { new_password: otherPassword }, owner.session))
    const changed: Owner = { ...owner, password: otherPassword }
    const { step } = stepsOf(door, owner.session)
    const wait = await expecting(202, step('begin'))
    assert.deepEqual([wait.body.state, wait.body.next], ['waiting', 'wait'])
    const until = Date.parse(String(wait.body.waits_until))
    const links = (await door.mails(owner.email)).map(({ link }) => link)
    assert.equal(links.filter(each => each?.includes('/links/twnm_')).length, 1)

    const anew = async () => stepsOf(door, opened(await expecting(200, door.firstStep(changed))).session)
    await door.advance('PT71H59M59.999S')
    const early = await (await anew()).step('begin')
    assert.deepEqual([early.status, early.body.kind, early.body.retry_after], [409, 'waiting_period', 1])
    assert.equal(Date.parse(String(early.body.waits_until)), until)
    await door.advance('PT0.001S')
    const ready = await (await anew()).look()
    assert.deepEqual([ready.body.state, Date.parse(String(ready.body.deadline)) - until], ['ready', 30 * 86_400_000])

    await door.advance('P29DT23H59M59.999S')
    const last = await anew()
    await expecting(200, last.step('begin'))
    await door.advance('PT0.001S')
    const late = await last.step('devices', { kind: 'number', number, name: 'Phone' })
    assert.deepEqual([late.status, late.body.kind, late.body.at], [409, 'wrong_step', 'ready'])
    const again = await expecting(202, last.step('begin'))
    assert.equal(again.body.state, 'waiting')
  })
}

test('the first device is a mobile number; landlines, dear numbers and others are refused with the reason', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  const { step } = stepsOf(door, owner.session)
  await step('begin')
  const laptop = await step('devices', { kind: 'device', name: 'Laptop', app: true })
  assert.deepEqual(kinds(laptop), [409, 'number_first'])
  for (const [given, reason] of [
    ['+442079460000', 'fixed_line'],
    ['+445600123456', 'voip'],
    ['+449090123456', 'premium_rate'],
    ['+448001111111', 'toll_free'],
    ['+447640123456', 'pager'],
    ['+447700900123', 'unknown'],
  ]) {
    const reply = await step('devices', { kind: 'number', number: given, name: 'Phone' })
    assert.deepEqual([reply.status, reply.body.kind, reply.body.reason], [422, 'number_not_supported', reason], given)
  }
  assert.deepEqual(kinds(await step('devices', { kind: 'number', number: 'call me', name: 'Phone' })), [
    400,
    'invalid_request',
  ])
  assert.equal((await door.outbox('+442079460000')).length, 0)
})

test('a second device is verified by its own code, has its secrets once, and is not added again', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  const { step } = await withNumber(door, owner.session)
  assert.deepEqual(kinds(await step('devices', { kind: 'number', number, name: 'Again' })), [409, 'already_trusted'])
  const json = { kind: 'device', name: 'Laptop', model: 'Firefox', app: true }
  const headers = { 'idempotency-key': '"laptop"' }
  const sent = await expecting(202, door.post('/account/two-step/devices', json, owner.session, headers))
  assert.match(String(sent.body.device_token), /^twdv_/)
  assert.match(String(sent.body.installation), /^twdi_/)
  const replayed = await door.post('/account/two-step/devices', json, owner.session, headers)
  assert.deepEqual(kinds(replayed), [409, 'shown_once'])
  const { id } = sent.body.device as { readonly id: string }
  const code = await door.newestCode(id)
  assert.deepEqual(kinds(await step('devices/check', { code: otherThan(code) })), [422, 'wrong_code'])
  const verified = await expecting(200, step('devices/check', { code }))
  const devices = verified.body.devices as readonly Record<string, unknown>[]
  assert.deepEqual(
    devices.map(each => [each.kind, each.name, each.model, each.receives]),
    [
      ['number', 'Phone', null, 'sms'],
      ['device', 'Laptop', 'Firefox', 'notification'],
    ],
  )
})

test('an owner with no confirmed address is asked to confirm one before it begins', async () => {
  await using door = await openAccounts()
  const made = await door.send('POST', '/api/v1/operator/applications', {
    token: 'operator-token-of-the-tests-0123456789',
    json: { name: 'Shop' },
  })
  const token = String(made.body.api_key)
  const asserted = await door.api('POST', '/users/ada/sign-ins', { token, json: {} })
  const { session } = opened(asserted)
  assert.deepEqual(kinds(await door.post('/account/two-step/begin', {}, session)), [409, 'no_confirmed_address'])
})

test("a stranger's number is sent ten codes a day, however many accounts ask", async () => {
  await using door = await openAccounts()
  const ask = (session: string) =>
    door.post('/account/two-step/devices', { kind: 'number', number, name: 'X' }, session)
  const ready = async () => {
    const { session } = await door.owner()
    await expecting(200, door.post('/account/two-step/begin', {}, session))
    return session
  }
  const [one, two, three] = [await ready(), await ready(), await ready()]
  for (const wait of [0, 1, 1, 3, 5]) {
    if (wait > 0) await door.advance(`PT${wait}M`)
    for (const session of [one, two]) await expecting(202, ask(session))
    // Refused, it counts for nobody.
    assert.deepEqual(kinds(await ask(one)), [429, 'too_many_codes'])
  }
  const full = await ask(three)
  assert.deepEqual([...kinds(full), full.body.retry_after], [429, 'too_many_codes', 86_400 - 600])
  assert.equal((await door.outbox(number)).length, 10)
})
