// Signing up: the mailbox first, then the account. Whoever asks learns nothing of an address.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alike, expecting, goodPassword, network, openAccounts, opened, otherPassword, profiles } from './door.ts'

for (const profile of profiles) {
  test(`${profile}: a mailed link makes an account, and its owner is signed in`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner({ email: 'Ada@Home.Example' })
    const account = await expecting(200, door.get('/account', ada.session))
    assert.deepEqual(
      [account.body.two_step, account.body.addresses],
      ['off', [{ address: 'ada@home.example', confirmed_at: account.body.created_at }]],
    )
    const again = await expecting(200, door.firstStep({ email: 'ADA@home.example', password: goodPassword }))
    assert.notEqual(opened(again).session, ada.session)
  })

  test(`${profile}: asking for an account tells nobody but the mailbox whether there is one`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.owner()
    await door.advance('PT1M')
    const known = await door.post('/sign-ups', { email: ada.email })
    const unknown = await door.post('/sign-ups', { email: 'nobody@home.example' })
    assert.deepEqual([known.status, known.text], [202, '{"accepted":true}'])
    assert.equal(alike(known), alike(unknown))
    const [told] = await door.mails(ada.email)
    assert.match(told?.subject ?? '', /You have an account already/)
    assert.equal(told?.link, undefined)
    assert.match((await door.mails('nobody@home.example'))[0]?.link ?? '', /\/links\/twsu_/)
  })
}

test('a link makes one account, however often and however many at once it is used', async () => {
  await using door = await openAccounts()
  await expecting(202, door.post('/sign-ups', { email: 'eve@home.example' }))
  const sign_up = await door.mailedToken('eve@home.example')
  const use = (password: string) => door.post('/accounts', { sign_up, password })
  const replies = await Promise.all([use(goodPassword), use(otherPassword), use(goodPassword)])
  assert.deepEqual(replies.map(each => each.status).sort(), [201, 409, 409])
  assert.deepEqual((await use(otherPassword)).body.kind, 'account_exists')
})

test('a link lives for a day, to the millisecond, and is worth nothing when a sign of it is changed', async () => {
  await using door = await openAccounts()
  await expecting(202, door.post('/sign-ups', { email: 'day@home.example' }))
  const sign_up = await door.mailedToken('day@home.example')
  const use = (text: string) => door.post('/accounts', { sign_up: text, password: goodPassword })
  for (const at of [8, 20, sign_up.length - 2]) {
    const other = sign_up[at] === 'A' ? 'B' : 'A'
    const forged = await use(sign_up.slice(0, at) + other + sign_up.slice(at + 1))
    assert.deepEqual([forged.status, forged.body.kind], [410, 'sign_up_gone'])
  }
  await door.advance('PT23H59M59.999S')
  assert.equal((await use(sign_up)).status, 201)

  await expecting(202, door.post('/sign-ups', { email: 'late@home.example' }))
  const late = await door.mailedToken('late@home.example')
  await door.advance('PT24H')
  assert.equal((await use(late)).status, 410)
})

test('no address is in a link', async () => {
  await using door = await openAccounts()
  await expecting(202, door.post('/sign-ups', { email: 'hidden@home.example' }))
  const token = await door.mailedToken('hidden@home.example')
  const bytes = Buffer.from(token.split('.').at(-1) ?? '', 'base64url').toString('latin1')
  assert(!token.includes('hidden') && !bytes.includes('hidden'))
})

test('one mailbox is written to three times a day, and whoever asks for more is answered alike', async () => {
  await using door = await openAccounts()
  const ask = (at: number) => door.post('/sign-ups', { email: 'bombed@home.example' }, undefined, network(at))
  const replies = [await ask(1)]
  // Two within a minute are one.
  replies.push(await ask(2))
  for (let at = 3; at < 8; at += 1) {
    await door.advance('PT1M')
    replies.push(await ask(at))
  }
  assert.equal(new Set(replies.map(each => alike(each))).size, 1)
  assert.equal((await door.mails('bombed@home.example')).length, 3)
  await door.advance('P1D')
  await ask(1)
  assert.equal((await door.mails('bombed@home.example')).length, 4)
})

test('a network asks for sixty an hour, and the hour ends at its millisecond', async () => {
  await using door = await openAccounts()
  let people = 0
  const ask = (from: number) => {
    people += 1
    return door.post('/sign-ups', { email: `person-${people}@home.example` }, undefined, network(from))
  }
  for (let at = 0; at < 60; at += 1) await expecting(202, ask(1))
  const refused = await ask(1)
  assert.deepEqual(
    [refused.status, refused.body.kind, refused.headers['retry-after']],
    [429, 'too_many_sign_ups', '3600'],
  )
  assert.equal((await ask(2)).status, 202)
  await door.advance('PT59M59.999S')
  assert.equal((await ask(1)).status, 429)
  await door.advance('PT0.001S')
  assert.equal((await ask(1)).status, 202)
})

const refusedIn = {
  classic: {
    Short1a: 'too_short',
    baseball: 'common',
    'Metallica2024!': 'common',
    'quiet-harbour-41': 'not_mixed',
    'Quiet-Harbour-Lanterns': 'not_mixed',
    'Quiiiet-Harbour-41': 'same_signs',
    Abcdefghijklmno1: 'repeats',
    ['Qx7-'.repeat(65)]: 'too_long',
  },
  strict: {
    'Quiet-Harbour4': 'too_short',
    password1234567: 'common',
    'Metallica-92-92!': 'common',
    aaaabbbbaaaabbbb: 'repeats',
    'someone@home.example': 'about_you',
  },
} as const

for (const profile of profiles) {
  test(`${profile}: a password that thieves would try is refused with the reason, before anything is made`, async () => {
    await using door = await openAccounts({ profile })
    await expecting(202, door.post('/sign-ups', { email: 'someone@home.example' }))
    const sign_up = await door.mailedToken('someone@home.example')
    for (const [password, reason] of Object.entries(refusedIn[profile])) {
      const reply = await door.post('/accounts', { sign_up, password })
      assert.deepEqual([reply.status, reply.body.kind, reply.body.reason], [422, 'weak_password', reason], password)
      assert(!reply.text.includes(password))
    }
    // No rule about kinds of signs in `strict`: a passphrase of small letters will do.
    const password = profile === 'strict' ? 'quiet harbour lanterns' : goodPassword
    await expecting(201, door.post('/accounts', { sign_up, password }))
  })
}

test('mails are written in the language that was asked for', async () => {
  await using door = await openAccounts()
  await expecting(202, door.post('/sign-ups', { email: 'layla@home.example', locale: 'ar' }))
  assert.match((await door.mails('layla@home.example'))[0]?.text ?? '', /افتح الصفحة واختر كلمة مرور/)
})
