// Who gets in to the manager pages, and for how long: invitations, passwords, sessions.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { day, hour, minute } from '#core/kernel/instant.ts'
import { costOf } from '../faces/cost.ts'
import { pass } from '../still-time.ts'
import { openManager, password } from './sandbox-with-people.ts'

const manager = await openManager()
after(() => manager[Symbol.asyncDispose]())
const strict = await openManager({ TWOSTEP_PROFILE: 'strict', TWOSTEP_PUBLIC_URL: 'https://two-step.example' })
after(() => strict[Symbol.asyncDispose]())
const { waba } = await manager.business()

test('an invitation is mailed, told to the operator, chooses a password once, and signs nobody in', async () => {
  const link = await manager.invited(waba, 'New.Person@Bakery.example')
  const [mail] = await manager.mails('new.person@bakery.example')
  assert.equal(mail?.link, manager.url + link)
  assert.match(mail?.text ?? '', /You were made an admin of Test Bakery/)

  const them = manager.visit()
  for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await them.send(method, link)).status, 200)
  const refusals = [
    ['tiny-one', 'tiny-one', /too short: take at least 10/],
    ['aaaabbbbaaaa', 'aaaabbbbaaaa', /repeats a few characters/],
    ['P@ssw0rd2026!', 'P@ssw0rd2026!', /everybody tries first/],
    ['TestBakery99', 'TestBakery99', /made of your address/],
    [password, 'seven quiet river', /not the same/],
    ['', '', /Fill this in/],
  ] as const
  for (const [first, again, words] of refusals) {
    const refused = await them.post(link, { new: first, again })
    assert.equal(refused.status, 422)
    assert.match(refused.text, words)
    assert.ok(first === '' || !refused.text.includes(first), 'no page repeats a password')
  }
  const many = await Promise.all([1, 2, 3].map(() => them.post(link, { new: password, again: password })))
  assert.deepEqual(many.map(({ status }) => status).toSorted(), [303, 404, 404])
  assert.equal((await them.get(link)).status, 404)
  assert.match((await them.get('/manager')).to ?? '', /sign-in/)
  assert.equal((await them.signIn('NEW.PERSON@bakery.example ', password)).to, '/manager')
})

test('an invitation works until its last millisecond, and a newer one replaces it', async () => {
  const first = await manager.invited(waba, 'late@bakery.example')
  const second = await manager.invited(waba, 'late@bakery.example')
  const them = manager.visit()
  assert.equal((await them.get(first)).status, 404)
  pass(day - 1)
  assert.equal((await them.get(second)).status, 200)
  pass(1)
  assert.equal((await them.get(second)).status, 404)
  assert.equal((await them.post(second, { new: password, again: password })).status, 404)
})

test('whoever has a password keeps it: the operator gives and takes businesses, and never a way past the password', async () => {
  const email = await manager.admin(waba)
  const other = (await manager.business('Second Bakery')).waba
  const given = await manager.operate('POST', `businesses/${other}/admins`, { email, role: 'member' })
  assert.deepEqual([given.status, given.body.link], [201, null])
  const them = manager.visit()
  await them.signIn(email, password)
  const list = await them.get('/manager')
  assert.match(list.text, /Second Bakery/)
  assert.match(list.text, /Test Bakery/)
  assert.equal((await manager.operate('DELETE', `businesses/${other}/admins`, { email })).status, 204)
  assert.equal((await manager.operate('DELETE', `businesses/${other}/admins`, { email })).status, 404)
  assert.equal((await them.get(`/manager/businesses/${other}`)).status, 404)
  assert.equal((await them.get('/manager')).to, `/manager/businesses/${waba}`)
  assert.equal((await manager.operate('POST', 'businesses/1/admins', { email })).status, 404)
  for (const body of [{ email: 'x' }, { email, role: 'owner' }, { email: 'a@b.example\r\nBcc: c@d.example' }, {}]) {
    assert.equal((await manager.operate('POST', `businesses/${waba}/admins`, body)).status, 400)
  }
})

// What differs from page to page, and says nothing: tokens, ids, the address that was typed, the clock.
const bare = (text: string, email: string) =>
  text
    .replaceAll(email, '…')
    .replace(/value="[0-9A-Za-z]{32}"/g, '')
    .replace(/data-now="\d+"/, '')

test('an unknown address, a wrong password and a guess too soon are one answer, at the same cost', async () => {
  const email = await manager.admin(waba)
  const commits = async () => {
    const text = await (await fetch(`${manager.url}/metrics`)).text()
    return Number(/^twostep_commits_total\{[^}]*committed[^}]*\} (\d+)/m.exec(text)?.[1])
  }
  const answers = new Set<string>()
  const costs: number[] = []
  const readsOf = new Map<string, number>()
  // The first guess at somebody who is not there makes that nobody: once in the life of a database.
  await manager.visit().signIn('warm@bakery.example', password)
  for (const address of [email, 'warm@bakery.example']) {
    for (let round = 0; round < 7; round++) {
      const before = await commits()
      const guess = () => manager.visit().signIn(address, 'not the password')
      const { reply: refused, cost } = await costOf(manager.world, guess)
      readsOf.set(address, (readsOf.get(address) ?? 0) + cost.reads)
      costs.push((await commits()) - before)
      answers.add(`${refused.status} ${[...refused.headers.keys()].toSorted()} ${bare(refused.text, address)}`)
    }
  }
  assert.equal(answers.size, 1, [...answers].join('\n———\n'))
  assert.deepEqual(new Set(costs), new Set([1]))
  const [somebody = 0, nobody] = readsOf.values()
  assert(somebody > 0)
  assert.equal(somebody, nobody, 'reads of the database')
})

test('wrong passwords slow strangers down to one in an hour; a browser that is known is not slowed by them', async () => {
  const email = await manager.admin(waba)
  const owner = manager.visit()
  await owner.signIn(email, password)
  await owner.get('/manager/password')
  await owner.post('/manager/sign-out')

  const stranger = manager.visit()
  for (let guess = 0; guess < 5; guess++) await stranger.signIn(email, `guess number ${guess}`)
  for (const wait of [1, 2, 5, 15, 30, 60, 60].map(minutes => minutes * minute)) {
    pass(wait - 1)
    assert.equal((await stranger.signIn(email, password)).status, 422, 'right, but too soon: it was not looked at')
    pass(1)
    assert.equal((await stranger.signIn(email, 'again not the password')).status, 422)
  }
  assert.equal((await owner.signIn(email, password)).to, '/manager', 'the owner never waits for what strangers did')

  // The known browser has a budget of its own, and is told how long.
  await owner.get('/manager/password')
  await owner.post('/manager/sign-out')
  for (let guess = 0; guess < 5; guess++) await owner.signIn(email, 'my cat is on the keys')
  const told = await owner.signIn(email, password)
  assert.equal(told.status, 429)
  assert.match(told.text, /You can try again <time datetime="PT60S"/)
  pass(minute)
  assert.equal((await owner.signIn(email, password)).status, 303)
  pass(hour)
  assert.equal((await stranger.signIn(email, password)).status, 303, 'never a lock-out')
})

test('of many guesses at once five are looked at', async () => {
  const email = await manager.admin(waba)
  const tries = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const them = manager.visit()
      return them.signIn(email, at === 39 ? password : `wrong ${at}`)
    }),
  )
  assert.ok(tries.every(({ status }) => [303, 422, 429, 503].includes(status)))
  const found = await manager.world.records.find('admin', { purpose: 'admin-email', value: email })
  assert.ok((found?.document.strangers.inARow ?? 99) <= 5)
})

test('a session ends when it is idle or old, to the millisecond, and with a sign-out everywhere at once', async () => {
  pass(day)
  const them = await manager.signedIn(waba)
  const page = `/manager/businesses/${waba}`
  pass(7 * day - 1)
  assert.equal((await them.get(page)).status, 200)
  pass(7 * day)
  assert.match((await them.get(page)).to ?? '', /next=%2Fmanager%2Fbusinesses%2F\d+&done=expired$/)

  await them.signIn(them.email, password)
  for (let week = 0; week < 5; week++) {
    pass(6 * day - 1)
    assert.equal((await them.get(page)).status, week < 5 ? 200 : 303)
  }
  pass(5)
  assert.equal((await them.get(page)).status, 303, 'thirty days are over')

  await them.signIn(them.email, password)
  await them.get(page)
  const copied = manager.visit()
  for (const [name, value] of them.cookies) copied.cookies.set(name, value)
  assert.equal((await copied.get(page)).status, 200)
  assert.equal((await them.post('/manager/sign-out')).to, '/manager/sign-in?done=signed_out')
  assert.equal((await copied.get(page)).status, 303)
})

test('strict: an hour idle, a day in all, fifteen characters; and over https the cookies are bound to the host', async () => {
  const { waba } = await strict.business()
  const link = await strict.invited(waba, 'strict@bakery.example')
  const them = strict.visit()
  const page = await them.get(link)
  assert.match(page.text, /At least 15 characters/)
  assert.match(
    page.headers.get('set-cookie') ?? '',
    /^__Host-twostep-manager-form=\w+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  assert.match(page.headers.get('strict-transport-security') ?? '', /max-age/)
  await them.post(link, { new: password, again: password })
  const signedIn = await them.signIn('strict@bakery.example', password)
  const kept = signedIn.headers.getSetCookie().filter(line => !/Max-Age=0/.test(line))
  assert.equal(kept.length, 2)
  for (const line of kept) {
    assert.match(
      line,
      /^__Host-twostep-manager-(?:session|browser)=\w{60,}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  }
  pass(hour - 1)
  assert.equal((await them.get(`/manager/businesses/${waba}`)).status, 200)
  for (let at = 0; at < 23; at++) {
    pass(hour - 1)
    assert.equal((await them.get(`/manager/businesses/${waba}`)).status, 200)
  }
  pass(24)
  assert.equal((await them.get(`/manager/businesses/${waba}`)).status, 303)
})

test('a changed password ends every other session, is told by mail, and its guesses are counted', async () => {
  const them = await manager.signedIn(waba)
  const elsewhere = manager.visit()
  await elsewhere.signIn(them.email, password)
  const next = 'eight loud mountains'
  const change = (current: string, chosen = next) =>
    them.post('/manager/password', { current, new: chosen, again: chosen })
  assert.match((await change(password, password)).text, /This is your current password/)
  for (let guess = 0; guess < 5; guess++)
    assert.match((await change('no idea at all')).text, /current password is not right/)
  assert.equal((await change(password)).status, 429)
  pass(minute)
  assert.equal((await change(password)).to, '/manager/password?done=password_changed')
  assert.equal((await them.get('/manager/password')).status, 200)
  assert.equal((await elsewhere.get('/manager/password')).status, 303)
  assert.match((await manager.mails(them.email))[0]?.subject ?? '', /Your password was changed/)
  assert.equal((await elsewhere.signIn(them.email, password)).status, 422)
  assert.equal((await elsewhere.signIn(them.email, next)).status, 303)
})

test('somebody with many browsers has a bounded list of sessions, and the oldest goes', async () => {
  pass(hour)
  const email = await manager.admin(waba)
  const all = []
  for (let at = 0; at < 22; at++) {
    const them = manager.visit()
    assert.equal((await them.signIn(email, password)).status, 303)
    all.push(them)
    pass(minute)
  }
  const found = await manager.world.records.find('admin', { purpose: 'admin-email', value: email })
  assert.equal(found?.document.sessions.length, 20)
  assert.equal(found?.document.browsers.length, 10)
  assert.equal((await all[0]?.get('/manager/password'))?.status, 303)
  assert.equal((await all[21]?.get('/manager/password'))?.status, 200)
})

test('one caller tries so often and no more, whoever they try', async () => {
  pass(hour)
  const them = manager.visit()
  await them.get('/manager/sign-in')
  // Empty forms count too, and cost nothing to refuse.
  const statuses = []
  for (let at = 0; at < 61; at++) statuses.push((await them.post('/manager/sign-in')).status)
  assert.deepEqual([...new Set(statuses.slice(0, 60)), statuses[60]], [422, 429])
  pass(10 * minute)
  assert.equal((await them.post('/manager/sign-in')).status, 422)
})
