// What the manager pages let whom do with a number, to the millisecond and past every wrong input. What they look like is
// for the browser's tests.

import assert from 'node:assert/strict'
import { after, mock, test } from 'node:test'
import { day, minute } from '#core/kernel/instant.ts'
import { managerRoutes } from '#pages/manager/routes.ts'
import { call, newestCode } from '../faces/sandbox.ts'
import { otherThan } from '../other-code.ts'
import { pass } from '../still-time.ts'
import { openManager } from './sandbox-with-people.ts'

const logged: string[] = []
const manager = await openManager({}, line => logged.push(line))
after(() => manager[Symbol.asyncDispose]())
const bakery = await manager.business()
const rival = await manager.business('Rival Bakery')
const rival2 = await manager.business('Second Rival Bakery')
const anna = await manager.signedIn(bakery.waba)

const pin = '837465'
const graph = (token: string, path: string, body: unknown) =>
  call(manager.url, 'POST', `/v25.0/${path}`, { token, body })

test('nothing that changes something is open to members, strangers, other businesses or forgers: every route', async () => {
  const phone = await manager.held(bakery, pin)
  const member = await manager.signedIn(bakery.waba, 'member')
  const other = await manager.signedIn(rival.waba)
  const stranger = manager.visit()
  const before = (await manager.world.records.find('number', { purpose: 'claim', value: phone.id }))?.version
  const fill = (path: string) =>
    path
      .replace(/:business\{[^}]*\}/, bakery.waba)
      .replace(/:claim\{[^}]*\}/, phone.id)
      .replace(/:token\{[^}]*\}/, 'twi_0')
  const everything = {
    current: pin,
    pin: '902847',
    'pin-again': '902847',
    code: '123456',
    number: '+447700900999',
    name: 'X',
  }
  const guarded = managerRoutes.filter(({ who }) => who === 'admin' || who === 'member')
  assert.ok(guarded.length > 12)
  for (const { method, path, who } of guarded) {
    const ask = (them: typeof stranger) => (method === 'GET' ? them.get(fill(path)) : them.post(fill(path), everything))
    const asMember = await ask(member)
    if (who === 'admin') assert.equal(asMember.status, 403, `${method} ${path} by a member`)
    else assert.ok([200, 303].includes(asMember.status))
    assert.equal((await ask(other)).status, 404, `${method} ${path} by another business`)
    assert.match((await ask(stranger)).to ?? '', /^\/manager\/sign-in/, `${method} ${path} by a stranger`)
    if (method === 'GET') continue
    const body = new URLSearchParams({ form: anna.token(), ...everything }).toString()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const forgeries: readonly Record<string, string>[] = [
      { ...type, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { ...type, origin: 'null', 'sec-fetch-site': 'cross-site' },
      { ...type, 'sec-fetch-site': 'same-site' },
      type,
      { 'content-type': 'text/plain', origin: 'https://evil.example' },
    ]
    for (const headers of forgeries) {
      assert.equal((await anna.send('POST', fill(path), { body, headers })).status, 403, JSON.stringify(headers))
    }
    for (const form of ['', 'x', member.token()]) {
      assert.equal((await anna.post(fill(path), { ...everything, form })).status, 403)
    }
  }
  const after = (await manager.world.records.find('number', { purpose: 'claim', value: phone.id }))?.version
  assert.equal(after, before, 'nothing was changed and no guess was spent')
  const page = await member.get(`${phone.path}/two-step`)
  assert.doesNotMatch(page.text, /type="password"|closure/, 'members see no controls')
})

test('a number goes from added to registered, and each wrong step says what is wrong', async () => {
  const path = `/manager/businesses/${bakery.waba}/numbers/new`
  const wrong = [
    [{ number: '', name: 'X' }, /Write the phone number/],
    [{ number: '07700', name: 'X' }, /country code is missing/],
    [{ number: '+44 abc', name: 'X' }, /belongs in no phone number/],
    [{ number: '+44 770', name: 'X' }, /too short or too long/],
    [{ number: '+999 123456', name: 'X' }, /no such country code/],
    [{ number: '+447700900555', name: 'Two\r\nlines\u0007' }, /Write a name of 1 to 100/],
    [{ number: '+447700900555', name: ' ' }, /Write a name of 1 to 100/],
  ] as const
  for (const [fields, words] of wrong) {
    const refused = await anna.post(path, fields)
    assert.equal(refused.status, 422)
    assert.match(refused.text, words)
  }
  const added = await anna.post(path, { number: '００44 (7700) 900-555', name: 'Corner <b>Bakery</b>' })
  assert.match(added.to ?? '', /^\/manager\/numbers\/\d+\?done=added$/)
  const number = (added.to ?? '').replace(/\?.*/, '')
  assert.match((await anna.get(number)).text, /Corner &lt;b&gt;Bakery/)
  const twice = await anna.post(path, { number: '+44 7700 900555', name: 'X' })
  assert.deepEqual([twice.status, twice.text.includes(`href="${number}"`)], [409, true])

  assert.equal((await anna.post(`${number}/registration`, { pin, 'pin-again': pin })).status, 422, 'not proved')
  assert.equal((await anna.post(`${number}/code`, { method: 'sms' })).to, `${number}?done=code_sent`)
  const again = await anna.post(`${number}/code`, { method: 'voice' })
  assert.deepEqual([again.status, /the next one <time datetime="PT60S"/.test(again.text)], [429, true])
  for (const code of ['', '12345', '１２３４５６', '12345６', 'abcdef']) {
    assert.match((await anna.post(`${number}/code/check`, { code })).text, /The code has six digits/)
  }
  const sent = await newestCode(manager.url, '+447700900555')
  const other = otherThan(sent)
  assert.match((await anna.post(`${number}/code/check`, { code: other })).text, /This code is not right/)
  const spelled = `${sent.slice(0, 3)}-${sent.slice(3)}`
  assert.equal((await anna.post(`${number}/code/check`, { code: spelled })).to, `${number}?done=proved`)

  assert.match((await anna.post(`${number}/registration`, { pin, 'pin-again': '' })).text, /not the same/)
  assert.match(
    (await anna.post(`${number}/registration`, { pin: '111111', 'pin-again': '111111' })).text,
    /repeats its digits/,
  )
  assert.match(
    (await anna.post(`${number}/registration`, { pin: '９０２８４７', 'pin-again': '９０２８４７' })).text,
    /six digits, 0 to 9/,
  )
  assert.equal((await anna.post(`${number}/registration`, { pin, 'pin-again': pin })).to, `${number}?done=registered`)
  assert.match((await anna.get(number)).text, /Two-step verification: On/)
})

test('the PIN is changed with the PIN: guesses are counted, waits are exact, and what is refused anyway costs none', async () => {
  const phone = await manager.held(bakery, pin)
  const change = (current: string, next = '902847', again = next) =>
    anna.post(`${phone.path}/two-step/pin/change`, { current, pin: next, 'pin-again': again })
  for (let at = 0; at < 7; at++) {
    assert.match((await change(pin, '123123')).text, /repeats its digits/)
    assert.match((await change(pin, pin)).text, /This is the current PIN/)
    assert.match((await change('')).text, /<a href="#current">Current PIN: Fill this in/)
    assert.match((await change(pin, '902847', '902848')).text, /not the same/)
  }
  for (const left of [
    '4 more tries, then the next one in 1 minute.',
    '3 more tries',
    '2 more tries',
    '1 more try, then the next one in 1 minute.',
    'You can try again <time datetime="PT60S"',
  ]) {
    const refused = await change('111111')
    assert.equal(refused.status, 422)
    assert.ok(refused.text.includes(left), left)
  }
  pass(minute - 1)
  assert.equal((await change(pin)).status, 429, 'the right one, too soon')
  pass(1)
  assert.equal((await change(pin)).to, `${phone.path}/two-step?done=pin_changed`)
  assert.match((await change(pin)).text, /This PIN is not right. 4 more tries/, 'the old one is gone')
  const set = await anna.post(`${phone.path}/two-step/pin`, { pin: '605172', 'pin-again': '605172' })
  assert.equal(set.status, 409, 'a form for the first PIN does not go past the one there is')
  const [mail] = await manager.mails('owner@bakery.example')
  assert.match(mail?.subject ?? '', /PIN was changed/)
})

test('two-step verification is turned off by a link mailed to the business, and set anew', async () => {
  const phone = await manager.held(bakery, pin)
  const tab = `${phone.path}/two-step`
  assert.equal((await anna.post(`${tab}/closure`)).to, `${tab}#off`)
  const page = await anna.get(tab)
  assert.match(page.text, /An e-mail with a link went to <bdi>o•+@b•+\.example<\/bdi>/)
  assert.match((await anna.post(`${tab}/closure`)).text, /An e-mail was sent already/)
  const mail = (await manager.mails('owner@bakery.example')).find(({ link }) => link !== undefined)
  const link = new URL(mail?.link ?? '').pathname
  const opened = manager.visit()
  await opened.get(link)
  assert.match((await anna.get(tab)).text, /Two-step verification is on/)
  assert.equal((await opened.post(link)).status, 303)
  assert.match((await anna.get(tab)).text, /Two-step verification is off/)
  assert.equal((await anna.post(`${tab}/closure`)).status, 409)
  assert.match(
    (await anna.post(`${tab}/pin/change`, { current: pin, pin: '902847', 'pin-again': '902847' })).to ?? '',
    /two-step$/,
  )
  assert.equal((await anna.post(`${tab}/pin`, { pin: '902847', 'pin-again': '902847' })).to, `${tab}?done=pin_set`)
})

test('a number with a PIN is deleted with the PIN only', async () => {
  const phone = await manager.held(bakery, pin)
  const remove = (given: string) => anna.post(`${phone.path}/deletion`, { pin: given })
  assert.match((await remove('')).text, /Fill this in/)
  assert.match((await remove('111111')).text, /This PIN is not right. 4 more tries/)
  assert.equal((await remove(pin)).to, `/manager/businesses/${bakery.waba}?done=deleted`)
  assert.equal((await anna.get(phone.path)).status, 404)
})

test('what others did is in the history of who holds the number, and of nobody who merely lists it', async () => {
  pass(day)
  const phone = await manager.held(bakery, pin)
  const theirs = await manager.listed(rival, phone.national)
  pass(minute)
  await graph(rival.token, `${theirs.id}/request_code`, { code_method: 'SMS', language: 'en' })
  await graph(rival.token, `${theirs.id}/verify_code`, { code: await newestCode(manager.url, phone.number) })
  await graph(rival.token, `${theirs.id}/register`, { messaging_product: 'whatsapp', pin: '111111' })

  const bob = await manager.signedIn(rival.waba)
  const [own, listed] = await Promise.all([anna.get(`${phone.path}/history`), bob.get(`${theirs.path}/history`)])
  assert.match(own.text, /did not have the PIN. The PIN held/)
  assert.match(own.text, /Somebody else, through <bdi>the Graph API/)
  assert.doesNotMatch(listed.text, /A PIN was set|The number was registered/)
  assert.match(listed.text, /A wrong PIN was entered to register/)
  assert.match((await anna.get(`${phone.path}/two-step`)).text, /Somebody else has proved this number/)
  assert.match((await bob.get(`${theirs.path}/two-step`)).text, /not yours to see/)
  assert.doesNotMatch((await bob.get(theirs.path)).text, /Two-step verification: /)
  assert.match((await bob.get(`/manager/businesses/${rival.waba}`)).text, /Not known yet/)

  // With the PIN the number changes hands: what was before is nobody's to see any more.
  await graph(rival.token, `${theirs.id}/register`, { messaging_product: 'whatsapp', pin })
  const taken = await bob.get(`${theirs.path}/history`)
  assert.doesNotMatch(taken.text, /A PIN was set/)
  assert.match((await anna.get(`${phone.path}/history`)).text, /somebody else registered the number/)
  assert.match((await anna.get(phone.path)).text, /Prove it again/)

  for (const before of ['0', '-1', 'x', '1e3'])
    assert.equal((await anna.get(`${phone.path}/history?before=${before}`)).status, 404)
  for (let at = 0; at < 20; at++) {
    const third = await manager.listed(rival2, phone.national)
    await call(manager.url, 'DELETE', `/v25.0/${third.id}`, { token: rival2.token })
  }
  const newest = await anna.get(`${phone.path}/history`)
  assert.match(newest.text, /Nothing of yours among these/)
  const older = /href="([^"]*\/history\?before=\d+)"/.exec(newest.text)?.[1]
  assert.match((await anna.get((older ?? '').replaceAll('&amp;', '&'))).text, /The number was added/)
})

test('of hundreds of numbers each page reads a few, and a number is found in any spelling, by its end or its name', async () => {
  const many = await manager.business('Many Bakeries')
  const places = ['Zürich', 'Ōsaka', 'São Paulo', 'الرياض']
  await Promise.all(
    Array.from({ length: 300 }, (_, at) => {
      const body = {
        cc: '44',
        phone_number: `7911${String(100_000 + at * 7)}`,
        verified_name: `Bakery ${places[at % places.length]} No${at}`,
      }
      return graph(many.token, `${many.waba}/phone_numbers`, body)
    }),
  )
  const them = await manager.signedIn(many.waba)
  const path = `/manager/businesses/${many.waba}`
  const read = mock.method(manager.store, 'read')
  const numbersOn = (text: string) =>
    [...text.matchAll(/<th scope="row">.*?(\+44[\d ]+)</gs)].map(([, number]) => number)
  const linked = (text: string, way: 'after' | 'before') =>
    new RegExp(`href="([^"]*${way}=[^"]*)"`).exec(text)?.[1]?.replaceAll('&amp;', '&')

  const seen = new Set<string | undefined>()
  let next: string | undefined = path
  let last = ''
  while (next !== undefined) {
    read.mock.resetCalls()
    const { text } = await them.get(next)
    assert.ok(read.mock.callCount() <= 30, `${read.mock.callCount()} documents were read`)
    for (const number of numbersOn(text)) seen.add(number)
    last = next
    next = linked(text, 'after')
  }
  assert.equal(seen.size, 300)
  const back = linked((await them.get(last)).text, 'before')
  assert.equal(numbersOn((await them.get(back ?? '')).text).length, 25)

  const find = (sought: string) => them.post(`${path}/search`, { sought })
  const spellings = [
    '+44 7911 100700',
    '0044 7911-100700',
    '＋４４ (0)7911 100700',
    '07911 100700',
    '7911100700',
    ' 447911100700 ',
  ]
  for (const spelling of spellings) {
    read.mock.resetCalls()
    const found = await find(spelling)
    const opened = found.to === undefined ? found : await them.get(found.to)
    assert.match(opened.text, /\+44 7911 100700/, spelling)
    assert.ok(read.mock.callCount() <= 60)
    assert.doesNotMatch(found.to ?? '', /7911100700/, 'no address holds a number')
  }
  const by = async (sought: string) => {
    const { to } = await find(sought)
    return numbersOn((await them.get(to ?? '')).text)
  }
  assert.deepEqual(await by('0700'), ['+44 7911 100700'])
  assert.deepEqual(await by('NO42'), ['+44 7911 100294'])
  assert.deepEqual(await by('zurich no44'), ['+44 7911 100308'])
  assert.equal((await by('SAO')).length, 50)
  assert.deepEqual(await by('الرياض no3'), ['+44 7911 100021'])
  assert.match(
    (await find('+44 7700 900977')).text,
    /Nothing found/,
    'another business has it: it looks like nobody has',
  )
  assert.match((await find('+44 7700 900978')).text, /Nothing found/)
  assert.match((await find('12')).text, /at least four digits/)
  assert.equal((await find('  ')).to, path)
  for (const query of ['?after=x', '?before=1-2', '?end=<script>', '?words=%00', '?words=', '?end=']) {
    assert.equal((await them.get(path + query)).status, 200)
  }
})

test('bad input gets a clear answer everywhere, and never a fault of ours', async () => {
  const phone = await manager.held(bakery, pin)
  const texts = [
    '',
    ' ',
    'x'.repeat(5_000),
    '\u0000',
    '\r\nSet-Cookie: a=b',
    '٠١٢٣٤٥',
    '𝟎𝟏𝟐𝟑𝟒𝟓',
    '‮123456',
    '{"$ne":1}',
    '<b>',
  ]
  const fields = [
    'email',
    'password',
    'current',
    'new',
    'again',
    'pin',
    'pin-again',
    'code',
    'number',
    'name',
    'sought',
    'method',
    'next',
  ]
  for (const { method, path } of managerRoutes) {
    if (method === 'GET' || /sign-(?:in|out)$/.test(path)) continue
    const filled = path
      .replace(/:business\{[^}]*\}/, bakery.waba)
      .replace(/:claim\{[^}]*\}/, phone.id)
      .replace(/:token\{[^}]*\}/, 'twi_0')
    for (const text of texts) {
      const { status, headers } = await anna.post(filled, Object.fromEntries(fields.map(name => [name, text])))
      assert.ok(
        (status < 500 && status !== 200) || (status === 200 && /search/.test(path)),
        `${status} ${path} ${text.slice(0, 20)}`,
      )
      assert.equal(headers.get('set-cookie')?.includes('a=b') ?? false, false)
    }
    const origin = { origin: manager.url }
    const bodies = [
      { body: 'a'.repeat(1_000_000), headers: { ...origin, 'content-type': 'application/x-www-form-urlencoded' } },
      { body: '{"form":', headers: { ...origin, 'content-type': 'application/json' } },
      { body: '%ff=%fe', headers: { ...origin, 'content-type': 'application/x-www-form-urlencoded' } },
      { body: '--x\r\n', headers: { ...origin, 'content-type': 'multipart/form-data; boundary=x' } },
      {
        body: 'a=b',
        headers: { ...origin, 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
      },
    ]
    for (const sent of bodies) assert.equal((await anna.send('POST', filled, sent)).status, 403, filled)
  }
  for (const path of [
    '/manager/numbers/1',
    '/manager/numbers/x',
    `/manager/numbers/${'9'.repeat(400)}`,
    '/manager/%00',
    '/manager/businesses/%F0',
  ]) {
    assert.equal((await anna.get(path)).status, 404, path)
  }
  for (const path of [
    `${phone.path}/two-step/pin/change`,
    `${phone.path}/two-step/closure`,
    `${phone.path}/code/check`,
  ]) {
    assert.match((await anna.get(path)).to ?? '', new RegExp(`^${phone.path}(?:/two-step)?$`))
  }
})

test('no PIN and no number is in a log, and no PIN in an address or a page', () => {
  const all = logged.join('\n')
  for (const secret of [pin, '902847', '7700900', 'bakery.example']) assert.ok(!all.includes(secret), secret)
})
