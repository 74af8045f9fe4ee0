// Trusted devices and the Recovery Key over REST, once two-step verification is on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  deviceAnswer,
  devicesAnswer,
  deviceVerifiedAnswer,
  newDeviceAnswer,
  recoveryKeyAnswer,
  twoStepAnswer,
} from '#contract/account-two-step.ts'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, network, openAccounts, opened, profiles, type TurnedOn } from './door.ts'

const second = '+16315550902'
const kinds = (reply: Reply) => [reply.status, reply.body.kind]
type Device = { readonly id: string; readonly name: string; readonly off_for: readonly string[] }
const devicesIn = (reply: Reply) => reply.body.devices as readonly Device[]

/** Somebody with fresh proofs. */
async function proved(door: AccountsDoor): Promise<TurnedOn> {
  const on = await door.turnedOn()
  await door.advance('PT1M')
  await door.freshen(on)
  return on
}

function handsOf(door: AccountsDoor, session: string) {
  return {
    add: async (device: object = { kind: 'number', number: second, name: 'Spare phone' }) => {
      const reply = await door.post('/account/devices', device, session)
      if (reply.status < 400) assert.equal(newDeviceAnswer.safeParse(reply.body).error?.message, undefined, reply.text)
      return reply
    },
    check: async (code: string) => {
      const reply = await door.post('/account/devices/check', { code }, session)
      if (reply.status < 400) {
        assert.equal(deviceVerifiedAnswer.safeParse(reply.body).error?.message, undefined, reply.text)
      }
      return reply
    },
    list: async () => {
      const reply = await expecting(200, door.get('/account/devices', session))
      assert.equal(devicesAnswer.safeParse(reply.body).error?.message, undefined, reply.text)
      return reply
    },
    remove: (id: string) => door.api('DELETE', `/account/devices/${id}`, { token: session }),
    rename: (id: string, name: string) =>
      door.api('PATCH', `/account/devices/${id}`, { token: session, json: { name } }),
    key: (path = '', json: object = {}) => door.post(`/account/recovery-key${path}`, json, session),
  }
}

for (const profile of profiles) {
  test(`${profile}: a device is added with fresh proofs and its own code, renamed, and removed at once`, async () => {
    await using door = await openAccounts({ profile })
    const on = await door.turnedOn()
    const hands = handsOf(door, on.session)
    const early = await hands.add()
    assert.deepEqual([early.status, early.body.kind, early.body.missing], [401, 'step_up_needed', ['device_code']])
    assert.equal((await door.outbox(second)).length, 0)
    await door.advance('PT1M')
    await door.freshen(on)
    await expecting(202, hands.add())
    assert.deepEqual(kinds(await hands.check('000000')), [422, 'wrong_code'])
    const verified = await expecting(200, hands.check(await door.newestCode(second)))
    const spare = devicesIn(verified).find(({ name }) => name === 'Spare phone')?.id ?? ''
    assert.deepEqual(verified.body.warnings, [])
    assert.deepEqual(kinds(await hands.add()), [409, 'already_trusted'])

    const renamed = await expecting(200, hands.rename(spare, "Grandmother's phone"))
    assert.equal(deviceAnswer.safeParse(renamed.body).data?.device.name, "Grandmother's phone")
    assert.deepEqual(kinds(await hands.rename('nobody', 'X')), [404, 'no_such_device'])
    assert.deepEqual(kinds(await hands.rename(spare, ' ')), [400, 'invalid_request'])

    // A code that is out for a device dies with it.
    const sign = await door.begun(on)
    await expecting(202, sign.step('code', { device: spare }))
    const code = await door.newestCode(second)
    const removed = await expecting(200, hands.remove(spare))
    assert.deepEqual([devicesIn(removed).length, removed.body.warnings], [1, ['one_device_left']])
    assert.deepEqual(kinds(await sign.step('code/check', { code })), [422, 'wrong_code'])
    assert.deepEqual(kinds(await hands.remove(on.device)), [409, 'last_number'])
    assert.equal((await hands.list()).text.includes(on.number), false)
    const told = (await door.mails(on.email)).filter(({ text }) => /Grandmother's phone|Spare phone/.test(text))
    assert.equal(told.length, 2)
  })

  test(`${profile}: password and Recovery Key open one thing, a new device; its code makes the session a full one`, async () => {
    await using door = await openAccounts({ profile })
    const on = await proved(door)
    const sign = await door.begun(on, {}, network(3))
    const limited = opened(await sign.step('recovery-key', { recovery_key: on.recoveryKey })).session
    const hands = handsOf(door, limited)
    for (const [method, path] of [
      ['GET', '/account/devices'],
      ['GET', '/account/two-step'],
      ['GET', '/account/app-passwords'],
      ['POST', '/account/recovery-key'],
      ['POST', '/account/devices/turn-on'],
      ['DELETE', '/account/two-step'],
      ['DELETE', `/account/devices/${on.device}`],
    ] as const) {
      const reply = await door.api(method, path, { token: limited, ...(method === 'GET' ? {} : { json: {} }) })
      assert.deepEqual(
        [reply.status, reply.body.kind, reply.body.missing],
        [401, 'limited_session', ['new_device']],
        path,
      )
      assert.match(String(reply.headers['www-authenticate']), /acr_values="urn:twostep:acr:two-step"$/)
    }
    await expecting(202, hands.add())
    const verified = await expecting(200, hands.check(await door.newestCode(second)))
    assert.deepEqual((verified.body.session as { acr: string }).acr, 'urn:twostep:acr:two-step')
    assert.equal(devicesIn(await hands.list()).length, 2)
    // In `strict` the key died with its use, and the owner is asked to take a new one.
    const state = (await door.get('/account/two-step', limited)).body
    assert.deepEqual(
      [state.recovery_key === null, state.warnings],
      profile === 'strict' ? [true, ['no_recovery_key']] : [false, []],
    )
  })

  test(`${profile}: the Recovery Key is replaced when the new one is retyped; in that moment the old one dies`, async () => {
    await using door = await openAccounts({ profile })
    const on = await proved(door)
    const hands = handsOf(door, on.session)
    assert.deepEqual(kinds(await hands.key('/retype', { recovery_key: on.recoveryKey })), [409, 'no_key_to_retype'])
    const shown = await expecting(201, hands.key())
    assert.equal(recoveryKeyAnswer.safeParse(shown.body).data?.retype_within_s, 3600)
    const { recovery_key } = shown.body
    assert.deepEqual(kinds(await hands.key('/retype', { recovery_key: on.recoveryKey })), [422, 'wrong_recovery_key'])
    const opensWith = async (key: unknown, from: number) =>
      (await (await door.begun(on, {}, network(from))).step('recovery-key', { recovery_key: key })).status
    assert.equal(await opensWith(on.recoveryKey, 1), 200)
    assert.equal(await opensWith(recovery_key, 2), 422)
    const replaced = await expecting(200, hands.key('/retype', { recovery_key }))
    assert.equal(twoStepAnswer.safeParse(replaced.body).error?.message, undefined)
    assert.equal(await opensWith(on.recoveryKey, 3), 422)
    assert.equal(await opensWith(recovery_key, 4), 200)
    assert.equal((await door.mails(on.email)).filter(({ text }) => text.includes(String(recovery_key))).length, 0)
  })

  test(`${profile}: ten wrong keys of one caller wait a day; the owner's device and other callers do not`, async () => {
    await using door = await openAccounts({ profile })
    const on = await proved(door)
    const wrong = { recovery_key: '0123-4567-89AB-CD' }
    const key = (json: object, from: number) =>
      door.post('/account/recovery-key/at-hand', json, on.session, network(from))
    for (let tried = 0; tried < 10; tried += 1)
      assert.deepEqual(kinds(await key(wrong, 1)), [422, 'wrong_recovery_key'])
    const waits = await key({ recovery_key: on.recoveryKey }, 1)
    assert.deepEqual([...kinds(waits), waits.body.retry_after], [429, 'recovery_key_too_soon', 86_400])
    await expecting(200, key({ recovery_key: on.recoveryKey }, 2))
  })
}

test('once a year the owner is asked whether the Recovery Key is at hand; typing it answers', async () => {
  await using door = await openAccounts()
  const on = await door.turnedOn()
  const warnings = async () => {
    const { session } = await door.signedIn(on)
    return { session, seen: (await door.get('/account/two-step', session)).body.warnings as readonly string[] }
  }
  await door.advance('P364DT23H59M59.999S')
  assert.deepEqual((await warnings()).seen, ['one_device_left'])
  await door.advance('PT0.001S')
  await door.advance('PT1M')
  const { session, seen } = await warnings()
  assert.deepEqual(seen, ['one_device_left', 'recovery_key_at_hand'])
  const answered = await handsOf(door, session).key('/at-hand', { recovery_key: on.recoveryKey.toLowerCase() })
  assert.deepEqual(twoStepAnswer.parse(answered.body).warnings, ['one_device_left'])
  // That was no use of it: it stands.
  const sign = await door.begun(on, {}, network(9))
  await expecting(200, sign.step('recovery-key', { recovery_key: on.recoveryKey }))
})

test("strangers' wrong codes turn a device off for strangers only, and its owner turns it on again", async () => {
  await using door = await openAccounts()
  const on = await door.turnedOn()
  const hands = handsOf(door, on.session)
  for (let request = 0; request < 10; request += 1) {
    // Five codes a day, and a request ends with its code.
    await door.advance(request === 5 ? 'P1D' : 'PT6M')
    const sign = await door.begun(on)
    await sign.code()
    for (let check = 0; check < 3; check += 1) {
      assert.deepEqual(kinds(await sign.step('code/check', { code: '00000' })), [422, 'wrong_code'])
    }
  }
  await door.advance('P1D')
  const stranger = await door.begun(on)
  assert.deepEqual(kinds(await stranger.step('code', { device: on.device })), [409, 'device_off'])
  const seen = await hands.list()
  assert.deepEqual(
    [devicesIn(seen)[0]?.off_for, seen.body.warnings],
    [['new_browsers'], ['one_device_left', 'device_off']],
  )
  const own = await door.begun(on, { browser: on.browser })
  assert.match(await own.code(), /^[0-9]{4}$/)

  assert.deepEqual(kinds(await door.post('/account/devices/turn-on', {}, on.session)), [401, 'step_up_needed'])
  await door.advance('PT6M')
  await door.freshen(on)
  const again = await expecting(200, door.post('/account/devices/turn-on', {}, on.session))
  assert.deepEqual(devicesIn(again)[0]?.off_for, [])
  await expecting(202, (await door.begun(on)).step('code', { device: on.device }))
})

test('an account has ten trusted devices, and no eleventh', async () => {
  await using door = await openAccounts()
  const on = await proved(door)
  const hands = handsOf(door, on.session)
  for (let count = 2; count <= 10; count += 1) {
    if (count % 3 === 2) await door.advance('PT1H')
    if (count % 3 === 2) await door.freshen(on)
    const sent = await expecting(202, hands.add({ kind: 'device', name: `Laptop ${count}`, app: true }))
    const { id } = sent.body.device as { readonly id: string }
    await expecting(200, hands.check(await door.newestCode(id)))
  }
  assert.equal(devicesIn(await hands.list()).length, 10)
  assert.deepEqual(kinds(await hands.add({ kind: 'device', name: 'Laptop', app: true })), [409, 'too_many_devices'])
})
