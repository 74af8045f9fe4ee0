// A forgotten password: Recovery Key, then a code, then the new password; or, while two-step is off, a mailed link. A stranger
// makes no phone ring, learns nothing, and no link signs anybody in.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contract from '#contract/account-password-resets.ts'
import { day } from '#core/kernel/instant.ts'
import { costOf } from '../cost.ts'
import {
  type AccountsDoor,
  alike,
  expecting,
  network,
  openAccounts,
  otherPassword,
  profiles,
  type TurnedOn,
} from './door.ts'

const newPassword = otherPassword

/** A reset that the right Recovery Key began. */
async function begun(door: AccountsDoor, of: TurnedOn) {
  const reply = await expecting(
    201,
    door.post('/password-resets', { identifier: of.email, recovery_key: of.recoveryKey }),
  )
  const { id, token, devices } = contract.begunAnswer.parse(reply.body)
  const step = (path: string, json: object = {}, by = token) => door.post(`/password-resets/${id}/${path}`, json, by)
  return { id, token, devices, step }
}

for (const profile of profiles) {
  test(`${profile}: key, code, new password: every session ends, both steps are asked for again, all are told`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    const reset = await begun(door, of)
    assert.deepEqual(
      reset.devices.map(each => each.label),
      [`•••• ••${of.number.slice(-2)}`],
    )
    assert.equal((await reset.step('password', { new_password: newPassword })).body.kind, 'code_needed')
    await door.advance('PT1M')
    contract.codeSentAnswer.parse((await expecting(202, reset.step('code', { device: of.device }))).body)
    const code = await door.newestCode(of.number)
    const proved = await expecting(200, reset.step('code/check', { code }))
    assert.equal(contract.resetAnswer.parse(proved.body).next, 'password')
    const weak = await expecting(422, reset.step('password', { new_password: 'password1234567' }))
    assert.equal(weak.body.kind, 'weak_password')
    contract.resetDoneAnswer.parse((await expecting(200, reset.step('password', { new_password: newPassword }))).body)

    await expecting(401, door.get('/account', of.session))
    await expecting(422, door.firstStep(of))
    const again = await expecting(201, door.firstStep({ ...of, password: newPassword }))
    assert.equal(again.body.kind, 'second_step_needed')
    // Used up: neither its token nor, in `strict`, its key opens anything more.
    await expecting(401, reset.step('password', { new_password: of.password }))
    const second = await door.post('/password-resets', { identifier: of.email, recovery_key: of.recoveryKey })
    assert.equal(second.status, profile === 'strict' ? 422 : 201)
    const subjects = (await door.mails(of.email)).map(each => each.subject ?? '')
    for (const said of [/password was reset/, /Recovery Key was used/]) assert(subjects.some(each => said.test(each)))
    assert.equal(
      subjects.some(each => /works no more/.test(each)),
      profile === 'strict',
    )
  })

  test(`${profile}: no account, no two-step, a wrong key: one answer, and after ten one wait, for one caller`, async () => {
    await using door = await openAccounts({ profile })
    const [on, off] = [await door.turnedOn(), await door.owner()]
    const wrong = '0000-0000-0000-00'
    const answers = new Set<string>()
    for (const identifier of [on.email, off.email, 'nobody@home.example']) {
      const attempt = (headers = network(1)) =>
        door.post('/password-resets', { identifier, recovery_key: wrong }, undefined, headers)
      for (let tries = 0; tries < 10; tries += 1) answers.add(alike(await expecting(422, attempt())))
      answers.add(alike(await expecting(429, attempt())))
      // Another caller goes on.
      answers.add(alike(await expecting(422, attempt(network(2)))))
    }
    assert.equal(answers.size, 2)
    const right = { identifier: on.email, recovery_key: on.recoveryKey.toLowerCase().replaceAll('-', ' ') }
    await expecting(429, door.post('/password-resets', right, undefined, network(1)))
    await expecting(201, door.post('/password-resets', right, undefined, network(3)))
    assert.equal((await door.outbox(on.number)).length, 1, 'no phone rang but for the enrolment')
  })

  test(`${profile}: whoever has an account or not, asking costs as many commits, reads and hashes`, async () => {
    await using door = await openAccounts({ profile })
    const [on, off] = [await door.turnedOn(), await door.owner()]
    for (const [path, as, more] of [
      ['/password-resets', 'identifier', { recovery_key: '0000-0000-0000-00' }],
      ['/password-resets/mail', 'identifier', {}],
      ['/sign-ups', 'email', {}],
    ] as const) {
      const spent = []
      for (const who of [on.email, off.email, 'nobody@home.example', 'somebody@home.example']) {
        spent.push((await costOf(door.sandbox.world, () => door.post(path, { [as]: who, ...more }))).cost)
      }
      for (const each of spent) assert.deepEqual(each, spent[0], path)
      assert.ok((spent[0]?.commits ?? 0) > 0)
    }
  })

  test(`${profile}: one code, tried at once by many, proves once; one reset, used at once by two, resets once`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    const reset = await begun(door, of)
    await door.advance('PT1M')
    await expecting(202, reset.step('code', { device: of.device }))
    const code = await door.newestCode(of.number)
    const checks = await Promise.all([1, 2, 3].map(() => reset.step('code/check', { code })))
    assert.equal(checks.filter(each => each.status === 200).length, 1)
    const passwords = [otherPassword, 'Copper-Glacier-19-Orchard']
    const sets = await Promise.all(passwords.map(each => reset.step('password', { new_password: each })))
    assert.deepEqual(sets.map(each => each.status).toSorted(), [200, 401])
    const stands = passwords[sets.findIndex(each => each.status === 200)] ?? ''
    for (const password of passwords) {
      await expecting(password === stands ? 201 : 422, door.firstStep({ ...of, password }))
    }
  })

  test(`${profile}: a reset goes on by its own token only, and half an hour, to the millisecond`, async () => {
    await using door = await openAccounts({ profile })
    const [of, other] = [await door.turnedOn(), await door.turnedOn()]
    const reset = await begun(door, of)
    const foreign = await begun(door, other)
    // In `strict` too the key stands until its use is completed.
    const second = await begun(door, of)
    const sign = await door.begun(of)
    for (const token of [foreign.token, second.token, sign.token, of.session, `${reset.token}x`]) {
      assert.equal((await expecting(401, reset.step('code', { device: of.device }, token))).body.kind, 'reset_over')
    }
    await expecting(404, reset.step('code', { device: other.device }))
    await door.advance('PT29M59.999S')
    await expecting(200, door.get(`/password-resets/${reset.id}`, reset.token))
    await door.advance('PT0.001S')
    await expecting(401, door.get(`/password-resets/${reset.id}`, reset.token))
  })

  test(`${profile}: a code for a reset opens no sign-in, and a code for a sign-in no reset`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    const reset = await begun(door, of)
    const sign = await door.begun(of)
    await door.advance('PT1M')
    await expecting(202, reset.step('code', { device: of.device }))
    const forReset = await door.newestCode(of.number)
    assert.equal((await sign.step('code/check', { code: forReset })).status, 422)
    await door.advance('PT1M')
    const forSignIn = await sign.code()
    assert.equal((await reset.step('code/check', { code: forSignIn })).status, forSignIn === forReset ? 200 : 422)
  })

  test(`${profile}: with two-step off a link is mailed, works once and for a day, and signs nobody in`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    await door.advance('PT1S')
    await expecting(202, door.post('/password-resets/mail', { identifier: of.email.toUpperCase() }))
    const token = await door.mailedToken(of.email)
    const use = (with_: string) => door.post('/password-resets/mailed', { token: with_, new_password: newPassword })
    await expecting(410, use(`${token}x`))
    await expecting(410, use(of.session))
    assert.equal((await door.post('/password-resets/mailed', { token, new_password: 'password' })).status, 422)
    const done = contract.resetDoneAnswer.parse((await expecting(200, use(token))).body)
    assert.equal(done.next, 'sign_in')
    await expecting(410, use(token))
    await expecting(401, door.get('/account', of.session))
    await expecting(200, door.firstStep({ ...of, password: newPassword }))

    await door.advance('PT1M')
    await expecting(202, door.post('/password-resets/mail', { identifier: of.email }))
    const late = await door.mailedToken(of.email)
    await door.advance(`PT${day / 1_000}S`)
    await expecting(410, use(late))
  })

  test(`${profile}: who asks for a link learns nothing; with two-step on the mailbox is told what it takes`, async () => {
    await using door = await openAccounts({ profile })
    const [on, off] = [await door.turnedOn(), await door.owner()]
    await door.advance('PT1S')
    const answers = new Set<string>()
    for (const identifier of [on.email, off.email, 'nobody@home.example', 'no address at all']) {
      for (const _ of [1, 2]) {
        answers.add(alike(await expecting(202, door.post('/password-resets/mail', { identifier }))))
      }
    }
    assert.equal(answers.size, 1)
    const [told] = await door.mails(on.email)
    assert.match(told?.subject ?? '', /takes your Recovery Key/)
    assert.equal(told?.link, undefined)
    const links = (await door.mails(off.email)).filter(each => /Choose a new password/.test(each.subject ?? ''))
    assert.equal(links.length, 1, 'one mail, though two were asked for in a minute')
  })
}
