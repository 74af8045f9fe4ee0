// Sessions: how long they last, who sees and names and ends them, and that an end is an end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expecting, network, openAccounts, opened, profiles } from './door.ts'

const lasting = {
  classic: { idle: 'P6DT23H59M59.999S', life: 30 },
  strict: { idle: 'PT59M59.999S', life: 1 },
} as const

for (const profile of profiles) {
  test(`${profile}: a session ends when it was not used for its time, to the millisecond`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner()
    await door.advance(lasting[profile].idle)
    await expecting(200, door.get('/account', ada.session))
    await door.advance(lasting[profile].idle)
    await expecting(200, door.get('/account', ada.session))
    await door.advance(lasting[profile].idle)
    await door.advance('PT0.001S')
    assert.equal((await expecting(401, door.get('/account', ada.session))).body.kind, 'session_needed')
  })

  test(`${profile}: however much it is used, a session ends after its life, to the millisecond`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner()
    const steps = profile === 'classic' ? 29 : 47
    for (let at = 0; at < steps; at += 1) {
      await door.advance(profile === 'classic' ? 'P1D' : 'PT30M')
      await expecting(200, door.get('/account', ada.session))
    }
    const { expires_at } = (await door.get('/account', ada.session)).body.session as { expires_at: string }
    const last = await door.advance(profile === 'classic' ? 'PT23H59M59.999S' : 'PT29M59.999S')
    assert.equal(Date.parse(expires_at) - Date.parse(last), 1)
    await expecting(200, door.get('/account', ada.session))
    await door.advance('PT0.001S')
    await expecting(401, door.get('/account', ada.session))
  })

  test(`${profile}: sessions are listed with where they are from, named, and ended one by one`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1'
    const headers = { 'user-agent': agent, ...network(7) }
    const sign = await door.begun(ada, {}, headers)
    const phone = opened(await expecting(200, sign.step('code/check', { code: await sign.code() })))

    type Listed = Readonly<Record<'id' | 'name', string>> & { readonly current: boolean; readonly from: object }
    const list = async () =>
      (await expecting(200, door.get('/account/sessions', ada.session))).body.sessions as readonly Listed[]
    const listed = (await list()).find(each => each.id === phone.sessionId)
    assert.deepEqual(
      [listed?.name, listed?.current, listed?.from],
      ['Safari on iPhone', false, { place: '198.51.0.8', agent: 'Safari on iPhone' }],
    )
    const at = `/account/sessions/${phone.sessionId}`
    const named = await expecting(200, door.api('PATCH', at, { token: ada.session, json: { name: 'Kitchen' } }))
    assert.deepEqual(
      [named.body.name, (await list()).find(each => each.id === phone.sessionId)?.name],
      ['Kitchen', 'Kitchen'],
    )

    await expecting(200, door.get('/account', phone.session))
    assert.deepEqual((await expecting(200, door.api('DELETE', at, { token: ada.session }))).body, { ended: 1 })
    await expecting(401, door.get('/account', phone.session))
    assert.equal((await expecting(404, door.api('DELETE', at, { token: ada.session }))).body.kind, 'no_such_session')
    await expecting(404, door.api('PATCH', at, { token: ada.session, json: { name: 'Kitchen' } }))
  })
}

test('all others end, or all, and only when the URL says which', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const others = [opened(await door.firstStep(ada)), opened(await door.firstStep(ada))]
  await expecting(400, door.api('DELETE', '/account/sessions', { token: ada.session }))
  await expecting(400, door.api('DELETE', '/account/sessions?which=some', { token: ada.session }))
  const ended = await expecting(200, door.api('DELETE', '/account/sessions?which=others', { token: ada.session }))
  assert.deepEqual(ended.body, { ended: 2 })
  for (const { session } of others) await expecting(401, door.get('/account', session))
  await expecting(200, door.get('/account', ada.session))
  const last = opened(await door.firstStep(ada))
  await expecting(200, door.api('DELETE', '/account/sessions?which=all', { token: last.session }))
  for (const token of [ada.session, last.session]) await expecting(401, door.get('/account', token))
})

test('signing out ends that session and no other, once', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const other = opened(await door.firstStep(ada))
  await expecting(200, door.post('/account/sign-out', {}, other.session))
  await expecting(401, door.post('/account/sign-out', {}, other.session))
  await expecting(200, door.get('/account', ada.session))
})

test('one account’s session names, sees and ends nothing of another’s', async () => {
  await using door = await openAccounts()
  const [ada, bob] = [await door.owner(), await door.owner()]
  const [own] = (await door.get('/account/sessions', ada.session)).body.sessions as readonly { readonly id: string }[]
  const at = `/account/sessions/${own?.id}`
  await expecting(404, door.api('DELETE', at, { token: bob.session }))
  await expecting(404, door.api('PATCH', at, { token: bob.session, json: { name: 'mine' } }))
  await expecting(200, door.get('/account', ada.session))
})

test('a session that is busy makes room last: of too many, the one unused longest goes', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const idle = opened(await door.firstStep(ada))
  await door.advance('PT2M')
  await expecting(200, door.get('/account', ada.session))
  for (let at = 0; at < 31; at += 1) await expecting(200, door.firstStep(ada))
  await expecting(200, door.get('/account', ada.session))
  await expecting(401, door.get('/account', idle.session))
})
