// Attacks on accounts that got through once, over HTTP: what was given out before is tried after, and strangers' mailboxes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expecting, goodPassword, openAccounts, opened, otherPassword } from '#test/faces/account/door.ts'

const thiefs = 'thief@elsewhere.example'

/** An account whose thief, while they were in, gave an address of theirs; and the link that went there. */
async function withThiefsAddress(door: Awaited<ReturnType<typeof openAccounts>>) {
  const owner = await door.owner()
  await expecting(202, door.post('/account/addresses', { email: thiefs }, owner.session))
  const token = await door.mailedToken(thiefs)
  await door.advance('PT2M')
  return { owner, confirm: () => door.post('/account/addresses/confirm', { token }) }
}

test('an address that a thief gave is none any more once the password is reset, so the next reset is not mailed there', async () => {
  await using door = await openAccounts()
  const { owner, confirm } = await withThiefsAddress(door)
  await expecting(202, door.post('/password-resets/mail', { identifier: owner.email }))
  const token = await door.mailedToken(owner.email)
  await expecting(200, door.post('/password-resets/mailed', { token, new_password: otherPassword }))

  assert.equal((await confirm()).body.kind, 'link_gone')
  await door.advance('PT2M')
  await expecting(202, door.post('/password-resets/mail', { identifier: owner.email }))
  assert.equal((await door.mails(thiefs)).length, 1, 'the link to confirm it, and nothing since')
})

test('an address that a thief gave is none any more once the password is changed, or two-step is turned on', async () => {
  await using door = await openAccounts()
  const changed = await withThiefsAddress(door)
  await expecting(200, door.post('/account/password', { new_password: otherPassword }, changed.owner.session))
  assert.equal((await changed.confirm()).body.kind, 'link_gone')

  const on = await withThiefsAddress(door)
  await door.turnOn(on.owner)
  assert.equal((await on.confirm()).body.kind, 'link_gone')
})

test('an address that a thief gave is none any more once the owner said "not me" to a wait', async () => {
  await using door = await openAccounts()
  const owner = await door.owner()
  // At one moment no mail is newer than another.
  await door.advance('PT1M')
  await expecting(200, door.post('/account/password', { new_password: otherPassword }, owner.session))
  await expecting(202, door.post('/account/two-step/begin', {}, owner.session))
  const notMe = await door.mailedToken(owner.email)
  await expecting(202, door.post('/account/addresses', { email: thiefs }, owner.session))
  const token = await door.mailedToken(thiefs)
  const said = await door.send('POST', `/links/${notMe}`, { form: {} })
  assert.equal(said.status, 303, said.text)
  assert.equal((await door.post('/account/addresses/confirm', { token })).body.kind, 'link_gone')
})

test('the link of a sign-up makes one account, and none when that one is closed; the address may sign up anew', async () => {
  await using door = await openAccounts()
  const email = 'ada@home.example'
  await expecting(202, door.post('/sign-ups', { email }))
  const sign_up = await door.mailedToken(email)
  await door.advance('PT1M')
  const make = (link: string, password = goodPassword) => door.post('/accounts', { sign_up: link, password })
  const { session } = opened(await expecting(201, make(sign_up)))
  await expecting(200, door.api('DELETE', '/account', { token: session }))
  await door.advance('PT1M')

  assert.equal((await make(sign_up, otherPassword)).body.kind, 'sign_up_gone')
  assert.match((await door.send('GET', `/links/${sign_up}`)).text, /does not work/)
  await expecting(202, door.post('/sign-ups', { email }))
  await expecting(201, make(await door.mailedToken(email)))
})

test('accounts that all give one address have its mailbox get ten mails a day, and not five each', async () => {
  await using door = await openAccounts()
  const kinds = new Map<unknown, number>()
  for (let account = 0; account < 3; account += 1) {
    const { session } = await door.owner()
    for (let mail = 0; mail < 5; mail += 1) {
      const { status, body } = await door.post('/account/addresses', { email: 'victim@home.example' }, session)
      kinds.set(body.kind ?? status, (kinds.get(body.kind ?? status) ?? 0) + 1)
      await door.advance('PT1M')
    }
  }
  assert.deepEqual(
    [...kinds],
    [
      [202, 10],
      ['too_many_mails', 5],
    ],
  )
  assert.equal((await door.mails('victim@home.example')).length, 10)
})

test('a gate is looked at anew under an Idempotency-Key that passed it: proofs that were fresh then are not now', async () => {
  await using door = await openAccounts()
  const owner = await door.turnedOn()
  await door.advance('PT1M')
  const { session } = await door.signedIn(owner)
  const pass = (token: string) => door.post('/account/gates/account.factors', {}, token, { 'idempotency-key': 'key-1' })
  await expecting(200, pass(session))
  await door.advance('PT20M')
  assert.equal((await pass(session)).body.kind, 'step_up_needed')
})

test('a session is answered nothing that another one was, under any Idempotency-Key', async () => {
  await using door = await openAccounts()
  const owner = await door.turnedOn()
  await door.advance('PT1M')
  const full = await door.signedIn(owner)
  const prove = (token: string) =>
    door.post('/account/step-up/password', { password: owner.password }, token, { 'idempotency-key': 'key-1' })
  await expecting(200, prove(full.session))
  const sign = await door.begun(owner)
  const limited = opened(await expecting(200, sign.step('recovery-key', { recovery_key: owner.recoveryKey })))
  assert.equal((await prove(limited.session)).body.kind, 'limited_session')
})

test('"not me" to a step-up: its code opens nothing, and the session that asked for it is over', async () => {
  await using door = await openAccounts()
  const owner = await door.turnedOn()
  await door.advance('PT1M')
  const thief = await door.signedIn(owner)
  await door.advance('PT6M')
  const own = await door.signedIn(owner)
  const device = { kind: 'device', name: 'Laptop', app: true }
  const asked = (await expecting(202, door.post('/account/devices', device, own.session))).body
  const headers = {
    authorization: `Bearer ${asked.device_token}`,
    'device-installation': String(asked.installation),
  }
  const shown = async () => {
    const { notifications } = (await expecting(200, door.api('GET', '/device/notifications', { headers }))).body
    const [first] = notifications as readonly { readonly code: string; readonly challenge: string }[]
    assert(first !== undefined)
    return first
  }
  await expecting(200, door.post('/account/devices/check', { code: (await shown()).code }, own.session))
  const { id } = asked.device as { readonly id: string }
  await expecting(202, door.post('/account/step-up/code', { device: id }, thief.session))
  const { code, challenge } = await shown()
  await expecting(200, door.api('POST', '/device/not-me', { headers, json: { challenge } }))

  const checked = await door.post('/account/step-up/code/check', { code }, thief.session)
  assert.equal(checked.body.kind, 'session_needed')
  await expecting(200, door.get('/account', own.session))
})
