// What the account pages let whom do, to the millisecond and past every wrong input. What they look like is for the browser's
// tests.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { accountPageRoutes } from '#pages/account/routes.ts'
import { expecting, type Owner, opened, otherPassword, type TurnedOn } from '../../faces/account/door.ts'
import { otherThan } from '../../other-code.ts'
import { pass } from '../../still-time.ts'
import { cookies, openPages, type Pages } from './door.ts'

const pages = await openPages()
const strict = await openPages({ profile: 'strict' })
after(async () => {
  await pages[Symbol.asyncDispose]()
  await strict[Symbol.asyncDispose]()
})

const versionOf = async ({ id }: Owner) => (await pages.sandbox.world.records.load('account', id))?.version
const fill = (path: string) => path.replace(/:\w+(?:\{[^}]*\})?/g, '1')

/** Somebody without a browser, whose proofs are fresh. */
async function freshly(of: Owner, door: Pages = pages) {
  await door.advance('PT1M')
  await door.freshen(of)
  return door.entered(of)
}

/** One more session, on a browser that nobody knows. */
async function signedInAgain(of: TurnedOn) {
  await pages.advance('PT1M')
  const sign = await pages.begun(of)
  const reply = await expecting(200, sign.step('code/check', { code: await sign.code() }))
  return { ...opened(reply), browser: String(reply.body.browser) }
}

test('nothing of an account is shown or done for strangers, limited sessions and forgers: every route', async () => {
  const owner = await pages.turnedOn()
  const sign = await pages.begun(owner)
  const byKey = await expecting(200, sign.step('recovery-key', { recovery_key: owner.recoveryKey }))
  const limited = await pages.entered({ session: (byKey.body.session as { token: string }).token, browser: '' })
  const them = await freshly(owner)
  const stranger = pages.visit()
  await stranger.get('/account/sign-in')
  // That a session was used is noted once a minute.
  await limited.get('/account/new-device')
  const before = await versionOf(owner)
  const guarded = accountPageRoutes.filter(({ who }) => who !== 'anybody')
  assert.ok(guarded.length > 60)
  const open = guarded.filter(({ who }) => who === 'in_session').map(({ path }) => path)
  assert.deepEqual(
    open.filter(path => !/^\/account\/(?:new-device|sign-out)/.test(path)),
    [],
  )
  for (const { method, path, who, page } of guarded) {
    const where = `${method} ${path}`
    const ask = (one: typeof them, fields = {}) =>
      method === 'GET' ? one.get(fill(path)) : one.post(fill(path), fields)
    assert.match((await ask(stranger)).to ?? '', /^\/account\/sign-in/, `${where} by a stranger`)
    if (who === 'signed_in') assert.equal((await ask(limited)).to, '/account/new-device', `${where}, limited`)
    if (method === 'GET') continue
    const body = new URLSearchParams({ form: them.token(), understood: 'yes' }).toString()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const forgeries: readonly Record<string, string>[] = [
      { ...type, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { ...type, origin: 'null', 'sec-fetch-site': 'cross-site' },
      { ...type, 'sec-fetch-site': 'same-site' },
      type,
      { 'content-type': 'text/plain', origin: 'https://evil.example' },
    ]
    for (const headers of forgeries) {
      const refused = await them.send('POST', fill(path), { body, headers })
      assert.equal(refused.status, 403, `${where} ${JSON.stringify(headers)}`)
    }
    for (const form of ['', 'x', 'A'.repeat(32)]) {
      const refused = await ask(them, { form, understood: 'yes' })
      assert.equal(refused.to, `${page ?? fill(path)}?done=old_form`, where)
    }
  }
  assert.equal(await versionOf(owner), before, 'nothing was changed')
})

test('proofs are fresh for ten minutes and no millisecond more, and nobody is led to another site', async () => {
  const owner = await pages.owner()
  const them = await freshly(owner)
  pass(10 * 60_000)
  assert.equal((await them.get('/account/password')).status, 200)
  pass(1)
  assert.equal((await them.get('/account/password')).to, '/account/step-up?next=%2Faccount%2Fpassword')
  const late = await them.post('/account/password', { new: otherPassword, again: otherPassword })
  assert.equal(late.to, '/account/step-up?next=%2Faccount%2Fpassword')
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/account//evil',
    '/manager',
    '/account/sign-out',
    '',
  ]) {
    const asked = `/account/step-up/password?next=${encodeURIComponent(next)}`
    const wrong = await them.get(`/account/step-up?next=${encodeURIComponent(next)}`)
    assert.match(wrong.text, /action="\/account\/step-up\/password\?next=%2Faccount"/, asked)
  }
  const wrong = (password: string) => them.post('/account/step-up/password?next=/account/password', { password })
  assert.match((await wrong('')).text, /Fill this in/)
  for (let guess = 0; guess < 3; guess++) assert.match((await wrong('x')).text, /This password is not right/)
  const soon = await wrong(owner.password)
  assert.deepEqual([soon.status, /You can try again <time datetime="PT1S"/.test(soon.text)], [429, true])
  pass(1_000)
  assert.equal((await wrong(owner.password)).to, '/account/step-up?next=%2Faccount%2Fpassword')
  assert.equal((await them.get('/account/step-up?next=/account/password')).to, '/account/password')
  const changed = await them.post('/account/password', { new: otherPassword, again: otherPassword })
  assert.equal(changed.to, '/account?done=password_changed')
})

test('the steps of the set-up are taken in order, on the server, whatever a form says', async () => {
  const owner = await pages.owner()
  const them = await freshly(owner)
  const step = (name: string, fields = {}) => them.post(`/account/set-up/${name}`, fields)
  const number = { number: '+16315550911', 'number-name': 'Phone' }
  const gone = '/account/set-up?done=step_gone'
  const retyped = { 'recovery-key': '0123-4567-89AB-CD' }
  const understood = { understood: 'yes' }
  const refuses = async (...names: readonly ('skip' | 'key' | 'retype' | 'confirm')[]) => {
    for (const name of names) assert.equal((await step(name, { ...retyped, ...understood })).to, gone, name)
  }
  await refuses('skip', 'key', 'retype', 'confirm')
  assert.equal((await step('number', number)).to, gone)
  await step('begin')
  await refuses('skip', 'key', 'retype', 'confirm')
  for (const [wrong, words] of [
    [{ ...number, number: '' }, /Fill this in/],
    [{ ...number, number: '07700' }, /country code is missing/],
    [{ ...number, number: '+44 20 7946 0123' }, /landline/],
    [{ ...number, 'number-name': 'two\nlines' }, /Write a name of 1 to 64/],
  ] as const) {
    const refused = await step('number', wrong)
    assert.deepEqual([refused.status, words.test(refused.text)], [422, true], JSON.stringify(wrong))
  }
  assert.equal((await step('browser', { name: 'Here' })).to, gone, 'a number first')
  assert.equal((await step('number', number)).to, '/account/set-up')
  const landline = await step('number', { ...number, number: '+44 20 7946 0123' })
  assert.match(landline.text, /landline[\s\S]*value="\+44 20 7946 0123"/, 'mended in its own form')
  const again = await step('again')
  assert.deepEqual([again.status, /newest one counts/.test(again.text)], [429, true])
  assert.match((await step('code', { code: '' })).text, /Fill this in/)
  const sent = await pages.newestCode(number.number)
  const other = otherThan(sent)
  for (const left of ['4 tries left', '3 tries left', '2 tries left']) {
    const wrong = (await step('code', { code: other })).text
    assert.ok(wrong.includes(left), left)
    if (left === '2 tries left') assert.match(wrong, /next try is possible <time datetime="PT60S"/)
  }
  assert.equal((await step('code', { code: sent })).status, 429)
  pass(60_000)
  assert.equal(
    (await step('code', { code: ` ${sent.slice(0, 3)} ${sent.slice(3)}` })).to,
    '/account/set-up?done=verified',
  )
  await refuses('key', 'retype', 'confirm')
  await step('skip')
  await refuses('skip', 'confirm')
  assert.equal((await step('retype', retyped)).to, '/account/set-up?done=key_not_shown')
  const shown = await step('key')
  const key = /data-once="[^"]*"\s*>([0-9A-Z-]{17})</.exec(shown.text)?.[1] ?? ''
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  assert.doesNotMatch((await them.get('/account/set-up')).text, new RegExp(key))
  assert.equal((await step('retype', { 'recovery-key': key })).to, '/account/set-up')
  assert.match((await step('confirm')).text, /Tick “I understand”/)
  assert.equal((await step('confirm', understood)).to, '/account/set-up/done')
  assert.equal((await them.get('/account/set-up')).to, '/account')
  assert.equal((await them.get('/account/set-up/calendar.ics')).status, 404)
})

test('a set-up that is left holds nothing, and the date of a wait is kept to the millisecond', async () => {
  const owner = await pages.owner()
  const them = await freshly(owner)
  await them.post('/account/set-up/begin')
  await them.post('/account/set-up/number', { number: '+16315550912', 'number-name': 'Phone' })
  assert.equal((await them.post('/account/set-up/abandon')).to, '/account?done=set_up_left')
  assert.match((await them.get('/account')).text, /can be turned on now/)
  await them.post('/account/password', { new: otherPassword, again: otherPassword })
  assert.match((await them.get('/account')).text, /waiting period/)
  pass(72 * 3_600_000 - 1)
  assert.match((await them.get('/account/set-up')).text, /You can go on after a wait/)
  pass(1)
  assert.match((await them.get('/account/set-up')).text, /Why two steps/)
})

const questions = {
  ...{ 'question-1': 'First pet?', 'answer-1': 'Rex', 'question-2': 'First school?', 'answer-2': 'Hill' },
  ...{ 'question-3': 'First street?', 'answer-3': 'Elm' },
}

test('classic: turning off asks for three new questions and the date of birth; strict: for neither, ever', async () => {
  const owner = await pages.owner()
  const asks = await freshly(owner)
  assert.match((await asks.post('/account/security-questions', questions)).text, /Write it as year, month, day/)
  const twice = { ...questions, 'question-2': 'First pet?', 'birth-date': '1990-04-23' }
  assert.match((await asks.post('/account/security-questions', twice)).text, /three different questions/)
  const set = await asks.post('/account/security-questions', { ...questions, 'birth-date': '1990-04-23' })
  assert.equal(set.to, '/account?done=questions_set')
  await pages.advance('P3D')
  await pages.freshen(owner)
  const on = await pages.turnOn(owner)
  const them = await freshly(on)
  assert.match((await them.get('/account/security-questions')).text, /there are no security questions/)
  assert.match(
    (await them.post('/account/two-step/off', { ...questions, 'birth-date': '1990-02-31' })).text,
    /year, month/,
  )
  const wrong = await them.post('/account/two-step/off', { ...questions, 'birth-date': '1990-04-24' })
  assert.match(wrong.text, /not the date of birth that was given before/)
  const off = await them.post('/account/two-step/off', { ...questions, 'birth-date': '1990-04-23' })
  assert.equal(off.to, '/account?done=two_step_off')
  assert.ok((await pages.mails(owner.email)).some(({ subject }) => /Two-step verification is off/.test(subject ?? '')))
  assert.equal((await them.post('/account/two-step/off', questions)).to, '/account?done=is_off')

  const careful = await strict.turnedOn()
  const they = await freshly(careful, strict)
  assert.equal((await they.get('/account/security-questions')).status, 404)
  assert.doesNotMatch((await they.get('/account/two-step/off')).text, /question|birth/)
  assert.equal((await they.post('/account/two-step/off')).to, '/account?done=two_step_off')
})

test('strict: a Recovery Key that was used is gone, the page says so, and a new one is taken', async () => {
  const owner = await strict.turnedOn()
  const sign = await strict.begun(owner)
  const { body } = await expecting(200, sign.step('recovery-key', { recovery_key: owner.recoveryKey }))
  const { token } = body.session as { readonly token: string }
  const number = '+16315550921'
  await expecting(202, strict.post('/account/devices', { kind: 'number', number }, token))
  await expecting(200, strict.post('/account/devices/check', { code: await strict.newestCode(number) }, token))
  const them = await strict.entered({ session: token, browser: '' })
  assert.match((await them.get('/account')).text, /You have no Recovery Key\. If you lose/)
  assert.match((await them.get('/account/recovery-key')).text, /good for one use, and it was used/)
  assert.match((await them.get('/account/recovery-key/new')).text, /<h1>Take a Recovery Key/)
  const shown = await them.post('/account/recovery-key/new')
  const key = /data-once="[^"]*"\s*>([0-9A-Z-]{17})</.exec(shown.text)?.[1] ?? ''
  assert.match(
    (await them.post('/account/recovery-key/retype', { 'recovery-key': owner.recoveryKey })).text,
    /not the key/,
  )
  const taken = await them.post('/account/recovery-key/retype', { 'recovery-key': key })
  assert.equal(taken.to, '/account/recovery-key?done=key_replaced')
  assert.equal((await them.get('/account/recovery-key/retype')).to, '/account/recovery-key/new?done=key_not_shown')
})

test('sessions and browsers end at once, and what is not there is said to be not there', async () => {
  const owner = await pages.turnedOn()
  const other = await signedInAgain(owner)
  const [them, elsewhere] = [await freshly(owner), await pages.entered(other)]
  assert.equal((await elsewhere.get('/account')).status, 200)
  const listed = (await them.get('/account/sessions')).text
  const ids = [...listed.matchAll(/sessions\/(\d+)\/end"/g)].map(([, id]) => id)
  assert.equal(ids.length, 2)
  assert.equal(
    (await them.post(`/account/sessions/${ids[1]}/name`, { name: 'Old laptop' })).to,
    '/account/sessions?done=renamed',
  )
  assert.match((await them.get(`/account/sessions/${ids[1]}/end`)).text, /End Old laptop\?/)
  assert.equal((await them.post(`/account/sessions/${ids[1]}/end`)).to, '/account/sessions?done=session_ended')
  assert.match((await elsewhere.get('/account')).to ?? '', /sign-in/)
  assert.equal((await them.post(`/account/sessions/${ids[1]}/end`)).status, 404)
  assert.equal((await them.post('/account/sessions/end-others')).to, '/account/sessions?done=sessions_ended')
  assert.equal((await them.post('/account/browsers/removal')).to, '/account/browsers?done=browsers_removed')
  assert.match((await them.get('/account/browsers')).text, /No browser is known/)
  for (const path of [
    'browsers/1/removal',
    'devices/1/removal',
    'addresses/0f/removal',
    'app-passwords/1/revocation',
    'devices/1/name',
  ]) {
    assert.equal((await them.get(`/account/${path}`)).status, 404, path)
    assert.equal((await them.post(`/account/${path}`, { name: 'X' })).status, 404, path)
  }
  for (const before of ['0', '-1', 'x', '1e3']) {
    assert.equal((await them.get(`/account/activity?before=${before}`)).status, 404)
  }
  assert.equal((await them.post('/account/devices/on-again')).to, '/account/devices?done=devices_on')
  assert.equal((await them.post(`/account/sessions/${ids[0]}/end`)).to, '/account/sign-in?done=signed_out')
  assert.equal(them.cookies.has(cookies.session), false)
})

test('the export is whole and for fresh proofs only; once a year the Recovery Key is asked for; a closed account is gone', async () => {
  const owner = await pages.turnedOn()
  const them = await freshly(owner)
  const file = await them.get('/account/export/account.json')
  assert.equal(file.headers.get('content-disposition'), 'attachment; filename="account.json"')
  const told = JSON.parse(file.text)
  assert.equal(told.account.addresses[0].address, owner.email)
  assert.ok(told.events.length > 5 && told.events.every((each: object) => !('event' in each)))
  assert.match((await them.get('/account/activity')).text, /Two-step verification is on/)
  pass(11 * 60_000)
  assert.match((await them.get('/account/export/account.json')).to ?? '', /step-up\?next=%2Faccount%2Fexport$/)

  await pages.advance('P366D')
  const later = await pages.entered(await signedInAgain(owner))
  assert.match((await later.get('/account')).text, /Is your Recovery Key still where you put it/)
  const answered = await later.post('/account/recovery-key/at-hand', {
    'recovery-key': owner.recoveryKey.toLowerCase(),
  })
  assert.equal(answered.to, '/account/recovery-key?done=key_at_hand')
  assert.doesNotMatch((await later.get('/account')).text, /still where you put it/)
  assert.match((await later.post('/account/closing')).text, /Tick the box/)
  assert.equal((await later.post('/account/closing', { understood: 'yes' })).to, '/account/closed')
  assert.equal(later.cookies.size, 1, 'only what forms carry is left')
  assert.ok((await pages.mails(owner.email)).some(({ subject }) => /Your account is closed/.test(subject ?? '')))
})
