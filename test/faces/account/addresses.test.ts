// The e-mail addresses of an account: none counts before its mailbox said so, none is taken from another account, and the
// last one stays.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contract from '#contract/account-addresses.ts'
import { expecting, openAccounts, profiles } from './door.ts'

for (const profile of profiles) {
  test(`${profile}: a new address counts once its link was confirmed, and everybody is told`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    const email = 'Second@Home.Example'
    const list = async () => contract.addressesAnswer.parse((await door.get('/account/addresses', of.session)).body)
    await door.advance('PT10M0.001S')
    const stale = await expecting(401, door.post('/account/addresses', { email }, of.session))
    assert.match(String(stale.headers['www-authenticate']), /insufficient_user_authentication.*max_age="600"/)
    await door.freshen(of)
    contract.mailedAnswer.parse((await expecting(202, door.post('/account/addresses', { email }, of.session))).body)
    assert.equal((await list()).awaited?.address, 'second@home.example')
    assert.equal((await list()).addresses.length, 1)
    const token = await door.mailedToken('second@home.example')
    await expecting(410, door.post('/account/addresses/confirm', { token: of.session }))
    contract.confirmedAnswer.parse((await expecting(200, door.post('/account/addresses/confirm', { token }))).body)
    await expecting(410, door.post('/account/addresses/confirm', { token }))
    assert.deepEqual(
      (await list()).addresses.map(each => each.address),
      [of.email, 'second@home.example'],
    )
    assert.equal((await list()).awaited, null)
    for (const to of [of.email, 'second@home.example']) {
      assert(
        (await door.mails(to)).some(each => /address was added/.test(each.subject ?? '')),
        to,
      )
    }
    await expecting(200, door.firstStep({ ...of, email: 'second@HOME.example' }))
    const again = await expecting(409, door.post('/account/addresses', { email }, of.session))
    assert.equal(again.body.kind, 'address_known')

    // It is a significant change: turning two-step on has to wait, and the mail about the wait carries "not me".
    await expecting(202, door.post('/account/two-step/begin', {}, of.session))
    const state = await door.get('/account/two-step', of.session)
    assert.equal(state.body.state, 'waiting')
  })

  test(`${profile}: an address of another account is mailed, and told to nobody but its mailbox`, async () => {
    await using door = await openAccounts({ profile })
    const [of, other] = [await door.owner(), await door.owner()]
    await door.advance('PT1S')
    await expecting(202, door.post('/account/addresses', { email: other.email }, of.session))
    const token = await door.mailedToken(other.email)
    const taken = await expecting(409, door.post('/account/addresses/confirm', { token }))
    assert.equal(taken.body.kind, 'account_exists')
    const { addresses } = contract.addressesAnswer.parse((await door.get('/account/addresses', of.session)).body)
    assert.equal(addresses.length, 1)
    await expecting(200, door.firstStep(other))
  })

  test(`${profile}: two accounts that confirm one address at the same moment: one has it`, async () => {
    await using door = await openAccounts({ profile })
    const both = [await door.owner(), await door.owner()]
    const email = 'shared@home.example'
    const tokens: string[] = []
    for (const { session } of both) {
      await door.advance('PT1S')
      await expecting(202, door.post('/account/addresses', { email }, session))
      tokens.push(await door.mailedToken(email))
    }
    const replies = await Promise.all(tokens.map(token => door.post('/account/addresses/confirm', { token })))
    assert.deepEqual(replies.map(each => each.status).toSorted(), [200, 409])
  })

  test(`${profile}: an address is removed by its id, is told so, and the last confirmed one stays`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    const email = 'second@home.example'
    await door.advance('PT1S')
    await expecting(202, door.post('/account/addresses', { email }, of.session))
    await expecting(200, door.post('/account/addresses/confirm', { token: await door.mailedToken(email) }))
    const list = async () =>
      contract.addressesAnswer.parse((await door.get('/account/addresses', of.session)).body).addresses
    const [first, second] = await list()
    const remove = (id: string | undefined) =>
      door.api('DELETE', `/account/addresses/${id}`, { token: of.session, json: {} })
    await expecting(404, remove('0123456789abcdef01234567'))
    await expecting(200, remove(first?.id))
    await expecting(404, remove(first?.id))
    assert.equal((await expecting(409, remove(second?.id))).body.kind, 'last_address')
    assert.deepEqual(
      (await list()).map(each => each.address),
      [email],
    )
    assert((await door.mails(of.email)).some(each => /address was removed/.test(each.subject ?? '')))
    // Its name is free again, and opens nothing of the account it was of.
    await expecting(422, door.firstStep(of))
    await expecting(200, door.firstStep({ ...of, email }))
  })

  test(`${profile}: links are a minute apart, and none outlives its day`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    const add = () => door.post('/account/addresses', { email: 'new@home.example' }, of.session)
    await expecting(202, add())
    assert.equal((await expecting(429, add())).headers['retry-after'], '60')
    const token = await door.mailedToken('new@home.example')
    await door.advance('PT23H59M59.999S')
    const still = await door.send('GET', `/links/${token}`)
    assert.equal(still.status, 200)
    await door.advance('PT0.001S')
    await expecting(410, door.post('/account/addresses/confirm', { token }))
  })
}
