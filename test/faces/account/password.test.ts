// A new password from inside a session: fresh proofs, other sessions end, all addresses are told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expecting, openAccounts, opened, otherPassword, profiles } from './door.ts'

for (const profile of profiles) {
  test(`${profile}: proofs are fresh for ten minutes, the last millisecond included`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner()
    const change = (new_password: string) => door.post('/account/password', { new_password }, ada.session)
    await door.advance('PT10M0.001S')
    // Whoever may not change it does not even learn which ones are taken.
    assert.equal((await change('weak')).body.kind, 'step_up_needed')
    const refused = await expecting(401, change(otherPassword))
    assert.deepEqual([refused.body.kind, refused.body.missing], ['step_up_needed', ['password']])
    assert.equal(refused.body.max_age, 600)
    assert.match(String(refused.headers['www-authenticate']), /error="insufficient_user_authentication".*max_age="600"/)
    await door.freshen(ada)
    await door.advance('PT10M')
    await expecting(200, change(otherPassword))
    await expecting(422, door.firstStep(ada))
    await expecting(200, door.firstStep({ ...ada, password: otherPassword }))
  })

  test(`${profile}: with two-step on it takes the code as well, and every other session ends`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const change = () => door.post('/account/password', { new_password: otherPassword }, ada.session)
    assert.deepEqual((await expecting(401, change())).body.missing, ['device_code'])
    const other = await door.signedIn(ada)
    await door.advance('PT11M')
    assert.deepEqual((await expecting(401, change())).body.missing, ['password', 'device_code'])
    await door.freshen(ada)
    const begun = await door.begun(ada)
    await expecting(200, change())
    await expecting(401, door.get('/account', other.session))
    await expecting(200, door.get('/account', ada.session))
    // What the old password opened and did not finish is over.
    await expecting(401, door.get(`/sign-ins/${begun.id}`, begun.token))
    assert((await door.mails(ada.email)).some(({ subject }) => /password was changed/.test(subject ?? '')))
    // The second step is still asked.
    await expecting(201, door.firstStep({ ...ada, password: otherPassword }))
  })

  test(`${profile}: an easily guessed one is refused, and nothing is ended`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner()
    const other = opened(await door.firstStep(ada))
    for (const new_password of ['Zq8-x', ada.email, 'Password12345678']) {
      const reply = await expecting(422, door.post('/account/password', { new_password }, ada.session))
      assert.equal(reply.body.kind, 'weak_password')
      assert(!reply.text.includes(new_password))
    }
    await expecting(200, door.get('/account', other.session))
  })
}

test('of two new passwords at once, the one that came last stands and the other never half', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const passwords = [otherPassword, `${otherPassword}-2`]
  const change = (new_password: string) => door.post('/account/password', { new_password }, ada.session)
  await Promise.all(passwords.map(change))
  const opens = []
  for (const password of [ada.password, ...passwords]) opens.push((await door.firstStep({ ...ada, password })).status)
  assert.equal(opens[0], 422)
  assert.deepEqual(opens.slice(1).sort(), [200, 422])
})

test('the request that changes a password is repeated under its key without being done again', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const send = () =>
    door.post('/account/password', { new_password: otherPassword }, ada.session, {
      'idempotency-key': 'once-and-no-more',
    })
  await expecting(200, send())
  const again = await expecting(200, send())
  assert.equal(again.headers['idempotency-replayed'], 'true')
  const mails = await door.mails(ada.email)
  assert.equal(mails.filter(({ subject }) => /password was changed/.test(subject ?? '')).length, 1)
})
