// Signing in over real HTTP: both steps, in order; unknown and wrong alike; waits to the millisecond; many guesses at once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costOf } from '../cost.ts'
import { alike, expecting, network, openAccounts, opened, otherPassword, profiles, type TurnedOn } from './door.ts'

const wrong = 'not-the-password-of-anybody'

for (const profile of profiles) {
  test(`${profile}: with two-step on, a password opens the second step and nothing else`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const { kind, devices } = sign.reply.body
    assert.deepEqual(
      [kind, devices],
      ['second_step_needed', [{ id: ada.device, kind: 'number', label: `•••• ••${ada.number.slice(-2)}` }]],
    )
    assert(!sign.reply.text.includes(ada.number))
    for (const path of ['/account', '/account/sessions', '/account/devices', '/account/activity']) {
      await expecting(401, door.get(path, sign.token))
    }
    // Another sign-in's token does not open this one's steps, nor does a session's.
    const other = await door.begun(ada)
    for (const token of [other.token, ada.session, '']) {
      await expecting(401, door.post(`/sign-ins/${sign.id}/code`, { device: ada.device }, token))
      await expecting(401, door.get(`/sign-ins/${sign.id}`, token))
    }
    await expecting(200, door.get(`/sign-ins/${sign.id}`, sign.token))
  })

  test(`${profile}: a right code makes the sign-in a session, and the sign-in is over`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const code = await sign.code()
    assert.equal(code.length, profile === 'classic' ? 4 : 6)
    const done = await expecting(200, sign.step('code/check', { code }))
    const { level, acr, amr } = done.body.session as Record<string, unknown>
    assert.deepEqual([level, acr, amr], ['full', 'urn:twostep:acr:two-step', ['pwd', 'sms', 'mfa']])
    await expecting(200, door.get('/account', opened(done).session))
    assert.equal((await expecting(401, sign.step('code/check', { code }))).body.kind, 'sign_in_over')
    await expecting(401, door.get(`/sign-ins/${sign.id}`, sign.token))
  })

  test(`${profile}: no order of steps gets in without the code`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const digits = profile === 'classic' ? '0000' : '000000'
    assert.equal((await expecting(422, sign.step('code/check', { code: digits }))).body.kind, 'wrong_code')
    assert.equal((await expecting(404, sign.step('code', { device: '123' }))).body.kind, 'no_such_device')
    // A second tab takes the request over: its code is the newest of this side, and the first tab's request is void.
    const first = await sign.code()
    await door.advance('PT1M')
    const second = await door.begun(ada)
    const newest = await second.code()
    assert.equal((await expecting(422, sign.step('code/check', { code: newest }))).body.kind, 'wrong_code')
    if (first !== newest) await expecting(422, second.step('code/check', { code: first }))
    await expecting(200, second.step('code/check', { code: newest }))
  })

  test(`${profile}: a request carries its checks and no more, and of a hundred at once no more are looked at`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const checks = profile === 'classic' ? 3 : 5
    const sign = await door.begun(ada)
    const code = await sign.code()
    const others = Array.from({ length: 40 }, (_, at) => String(at).padStart(code.length, '0')).filter(
      each => each !== code,
    )
    const replies = await Promise.all(others.map(each => sign.step('code/check', { code: each })))
    const kinds = replies.map(each => each.body.kind)
    assert.deepEqual(
      [kinds.filter(each => each === 'wrong_code').length, kinds.filter(each => each === 'checks_spent').length],
      [checks, others.length - checks],
    )
    // The right one is not looked at either.
    assert.equal((await expecting(429, sign.step('code/check', { code }))).body.kind, 'checks_spent')
    const mails = await door.mails(ada.email)
    assert.equal(mails.filter(each => /knew your password/.test(each.subject ?? '')).length, 1)
  })

  test(`${profile}: one right code sent fifty times at once opens one session`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const code = await sign.code()
    const replies = await Promise.all(Array.from({ length: 50 }, () => sign.step('code/check', { code })))
    assert.equal(replies.filter(each => each.status === 200).length, 1)
    const listed = await expecting(200, door.get('/account/sessions', ada.session))
    assert.equal((listed.body.sessions as unknown[]).length, 2)
  })

  test(`${profile}: a sign-in lives for a quarter of an hour, to the millisecond`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const [one, other] = [await door.begun(ada), await door.begun(ada)]
    await door.advance('PT14M59.999S')
    await expecting(200, door.get(`/sign-ins/${one.id}`, one.token))
    const code = await other.code()
    await door.advance('PT0.001S')
    await expecting(401, door.get(`/sign-ins/${one.id}`, one.token))
    assert.equal((await expecting(401, other.step('code/check', { code }))).body.kind, 'sign_in_over')
  })
}

// ——— unknown and wrong

for (const profile of profiles) {
  test(`${profile}: an unknown account, a wrong password and a wait look the same and cost the same, try after try`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const bob = await door.owner()
    const waits = ['PT0S', 'PT0S', 'PT0S', 'PT0.999S', 'PT0.001S', 'PT2S', 'PT3.999S', 'PT0.001S', 'P1D', 'PT0S']
    const seen: number[] = []
    for (const wait of waits) {
      if (wait !== 'PT0S') await door.advance(wait)
      const tries = []
      for (const email of [ada.email, bob.email, 'ghost@home.example']) {
        tries.push(await costOf(door.sandbox.world, () => door.firstStep({ email, password: wrong }, {}, network(1))))
      }
      const [known, plain, unknown] = tries
      assert.equal(alike(known?.reply ?? fail()), alike(unknown?.reply ?? fail()))
      assert.equal(alike(known?.reply ?? fail()), alike(plain?.reply ?? fail()))
      assert.deepEqual(known?.cost, unknown?.cost, wait)
      assert.deepEqual(known?.cost, plain?.cost, wait)
      seen.push(known?.reply.status ?? 0)
    }
    // Three tries are free; then a second, two, four …, and a day of rest forgets them.
    assert.deepEqual(seen, [422, 422, 422, 429, 422, 422, 429, 422, 422, 422])
  })
}

const fail = (): never => assert.fail('there is a reply')

test('a refused sign-in costs two commits and one hash; a wait costs neither', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const guess = () =>
    costOf(door.sandbox.world, () => door.firstStep({ email: ada.email, password: wrong }, {}, network(1)))
  assert.deepEqual({ ...(await guess()).cost, reads: 0 }, { commits: 2, hashes: 1, reads: 0 })
  await guess()
  await guess()
  const waiting = await guess()
  assert.equal(waiting.reply.headers['retry-after'], '1')
  assert.deepEqual({ ...waiting.cost, reads: 0 }, { commits: 0, hashes: 0, reads: 0 })
})

test('waits grow to an hour and no further, at an account and at nobody alike', async () => {
  await using door = await openAccounts()
  const ada = await door.owner()
  const guess = async () => {
    const replies = []
    for (const email of [ada.email, 'ghost@home.example']) {
      replies.push(await door.firstStep({ email, password: wrong }, {}, network(1)))
    }
    assert.equal(alike(replies[0] ?? fail()), alike(replies[1] ?? fail()))
    return replies[0] ?? fail()
  }
  for (let tries = 0; tries < 3; tries += 1) assert.equal((await guess()).status, 422)
  const told: string[] = []
  while (told.length < 15) {
    told.push(String((await guess()).headers['retry-after']))
    await door.advance(`PT${told.at(-1)}S`)
    assert.equal((await guess()).status, 422)
  }
  assert.deepEqual(
    told,
    Array.from({ length: 15 }, (_, at) => String(Math.min(3600, 2 ** at))),
  )
})

for (const who of ['a real account', 'nobody'] as const) {
  test(`of forty guesses at once at ${who}, three are looked at`, async () => {
    await using door = await openAccounts()
    const ada = await door.owner()
    const email = who === 'nobody' ? 'ghost@home.example' : ada.email
    const guess = (_: unknown, at: number) => door.firstStep({ email, password: `${wrong}-${at}` }, {}, network(1))
    const replies = await Promise.all(Array.from({ length: 40 }, guess))
    const looked = replies.filter(each => each.status === 422).length
    const waited = replies.filter(each => each.status === 429 || each.status === 503).length
    assert.deepEqual([looked, waited], [3, 37])
  })
}

test('a stranger who guesses from everywhere costs the known browser nothing, and hides nothing from the owner', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  for (let from = 0; from < 40; from += 1) {
    await door.firstStep({ email: ada.email, password: wrong }, {}, network(from))
    if (from % 4 === 3) await door.advance('PT1S')
  }
  // All four buckets wait by now.
  const strange = await Promise.all([50, 51, 52, 53, 54, 55, 56, 57].map(at => door.firstStep(ada, {}, network(at))))
  assert(strange.some(each => each.status === 429))
  const known = await expecting(201, door.firstStep(ada, { browser: ada.browser }))
  assert.equal(known.body.kind, 'second_step_needed')
})

test('a server that is busy hashing turns guesses away before they are spent, at an account and at nobody', async () => {
  await using door = await openAccounts({ TWOSTEP_HASHING_PARALLEL: '1', TWOSTEP_HASHING_WAITING: '1' })
  const ada = await door.owner()
  for (const email of [ada.email, 'ghost@home.example']) {
    // The two places there are, taken.
    const { hashing } = door.sandbox.world.secrets
    const [one, other] = [hashing.reserve(), hashing.reserve()]
    assert(one !== undefined && other !== undefined)
    for (let at = 0; at < 5; at += 1) {
      const busy = await door.firstStep({ email, password: wrong }, {}, network(1))
      assert.deepEqual([busy.status, busy.body.kind], [503, 'overloaded'])
      assert.match(String(busy.headers['retry-after']), /^[1-9][0-9]*$/)
    }
    one.release()
    other.release()
    const looked = []
    for (let at = 0; at < 4; at += 1) {
      looked.push((await door.firstStep({ email, password: wrong }, {}, network(1))).status)
    }
    assert.deepEqual(looked, [422, 422, 422, 429])
  }
})

// ——— the Recovery Key

for (const profile of profiles) {
  test(`${profile}: password and Recovery Key open a limited session, which opens nothing`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const sign = await door.begun(ada)
    const typed = ` ${ada.recoveryKey.toLowerCase().replaceAll('-', ' ')} `
    const entered = await expecting(200, sign.step('recovery-key', { recovery_key: typed }))
    assert.equal(entered.body.kind, 'limited')
    const { session } = opened(entered)
    for (const path of ['/account', '/account/sessions', '/account/browsers']) {
      const reply = await expecting(401, door.get(path, session))
      assert.equal(reply.body.kind, 'limited_session')
      assert.match(String(reply.headers['www-authenticate']), /insufficient_user_authentication.*acr_values=/)
    }
    await expecting(401, door.post('/account/password', { new_password: otherPassword }, session))
    await expecting(401, door.api('DELETE', '/account/sessions?which=all', { token: session }))
    assert((await door.mails(ada.email)).some(({ subject }) => /Recovery Key was used to sign in/.test(subject ?? '')))
    // It may end itself, and it ends in an hour.
    const other = await door.begun(ada)
    const again = opened(await expecting(200, other.step('recovery-key', { recovery_key: ada.recoveryKey })))
    await expecting(200, door.post('/account/sign-out', {}, again.session))
    await expecting(401, door.post('/account/sign-out', {}, again.session))
    await door.advance('PT59M59.999S')
    assert.equal((await door.get('/account', session)).body.kind, 'limited_session')
    await door.advance('PT0.001S')
    assert.equal((await door.get('/account', session)).body.kind, 'session_needed')
  })
}

test('ten wrong Recovery Keys make their caller wait for a day, and nobody else', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const wrongKey = 'AAAA-BBBB-CCCC-DD'
  const from = async (at: number) => door.begun(ada, {}, network(at))
  const sign = await from(1)
  const replies = await Promise.all(
    Array.from({ length: 25 }, () => sign.step('recovery-key', { recovery_key: wrongKey })),
  )
  assert.deepEqual(
    [422, 429].map(status => replies.filter(each => each.status === status).length),
    [10, 15],
  )
  const refused = await sign.step('recovery-key', { recovery_key: ada.recoveryKey })
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '86400'])
  const other = await from(2)
  await expecting(200, other.step('recovery-key', { recovery_key: ada.recoveryKey }))
  await door.advance('PT23H59M59.999S')
  const [late, key] = [await from(1), { recovery_key: ada.recoveryKey }]
  assert.equal((await late.step('recovery-key', key)).status, 429)
  await door.advance('PT0.001S')
  await expecting(200, late.step('recovery-key', key))
})

test('what no sign-in is made of is refused by field, and no password or token is said again', async () => {
  await using door = await openAccounts()
  const lists: readonly (readonly [object, string])[] = [
    [{ identifier: 'ada@home.example' }, 'password'],
    [{ password: 'x' }, 'identifier'],
    [{ identifier: 'a', password: 'x', remember: true }, 'remember'],
    [{ identifier: 'a', password: 'x', trust_browser: 'yes' }, 'trust_browser'],
  ]
  for (const [json, field] of lists) {
    const reply = await expecting(400, door.post('/sign-ins', json))
    assert.deepEqual(
      (reply.body.errors as { field: string }[]).map(each => each.field),
      [field],
    )
  }
  await expecting(400, door.api('POST', '/sign-ins?password=secret', { json: {} }))
  // What is no Unicode would be compared without a hash: it comes no further than here.
  await expecting(400, door.post('/sign-ins', { identifier: 'a', password: '\ud800' }))
  await expecting(405, door.api('GET', '/sign-ins'))
  await expecting(404, door.api('GET', '/sign-ins/1/2/3'))
})

test('a session that a stranger names, makes up, or cuts short is none', async () => {
  await using door = await openAccounts()
  const ada: TurnedOn = await door.turnedOn()
  for (const token of [
    '',
    'twas_',
    `${ada.session}0`,
    ada.session.slice(0, -1),
    ada.browser,
    `twk_${ada.session.slice(5)}`,
  ]) {
    const reply = await expecting(401, door.get('/account', token))
    assert.equal(reply.body.kind, 'session_needed')
    assert.match(String(reply.headers['www-authenticate']), /^Bearer realm="account", error="invalid_token"$/)
  }
})
