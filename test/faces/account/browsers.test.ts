// Known and trusted browsers: trust skips the code and never the password, for so many days; the secret rotates, and an old
// one that comes back tells of a thief.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, network, openAccounts, profiles, type TurnedOn } from './door.ts'

const days = { classic: 60, strict: 30 } as const

/** Signs in on a browser and trusts it; answers what it keeps. */
async function trusted(door: AccountsDoor, of: TurnedOn, browser?: string): Promise<string> {
  const shown = browser === undefined ? {} : { browser }
  const sign = await door.begun(of, shown)
  const done = await expecting(200, sign.step('code/check', { code: await sign.code(), trust_browser: true, ...shown }))
  return String(done.body.browser)
}

const signInWith = (door: AccountsDoor, of: TurnedOn, browser: string): Promise<Reply> =>
  door.firstStep(of, { browser })

for (const profile of profiles) {
  test(`${profile}: a trusted browser skips the code and never the password, for its days to the millisecond`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    let browser = await trusted(door, ada)
    const wrong = await door.firstStep({ ...ada, password: 'something-else-entirely' }, { browser })
    assert.equal(wrong.status, 422)
    const first = await expecting(200, signInWith(door, ada, browser))
    const { level, amr } = first.body.session as Record<string, unknown>
    assert.deepEqual([first.body.kind, level, amr], ['signed_in', 'full', ['pwd', 'trusted-browser']])
    // Somebody else's browser with the same password is asked.
    await expecting(201, door.firstStep(ada, {}, network(3)))
    browser = String(first.body.browser)

    // Use does not prolong trust.
    await door.advance(`P${days[profile] - 1}DT23H59M59.999S`)
    const last = await expecting(200, signInWith(door, ada, browser))
    await door.advance('PT0.001S')
    const over = await signInWith(door, ada, String(last.body.browser))
    assert.deepEqual([over.status, over.body.kind], [201, 'second_step_needed'])
  })

  test(`${profile}: trust is worth no fresh proof: whoever finds the browser open changes no factor`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const entered = await expecting(200, signInWith(door, ada, await trusted(door, ada)))
    const token = (entered.body.session as { token: string }).token
    const refused = await expecting(401, door.post('/account/password', { new_password: 'Quiet-Harbour-42' }, token))
    assert.deepEqual([refused.body.kind, refused.body.missing], ['step_up_needed', ['device_code']])
  })
}

test('an old secret that comes back ends the trust of both, and tells the owner', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const first = await trusted(door, ada)
  const second = String((await expecting(200, signInWith(door, ada, first))).body.browser)
  // The new one comes back: from here on the first is nobody's.
  const third = String((await expecting(200, signInWith(door, ada, second))).body.browser)
  const thief = await signInWith(door, ada, first)
  assert.equal(thief.status, 201)
  assert((await door.mails(ada.email)).some(({ subject }) => /browser of yours was copied/.test(subject ?? '')))
  for (const browser of [second, third]) assert.equal((await signInWith(door, ada, browser)).status, 201)
})

test('a lost answer and a second tab accuse nobody', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const first = await trusted(door, ada)
  // The answer to this one is lost.
  await expecting(200, signInWith(door, ada, first))
  const tab = await expecting(200, signInWith(door, ada, first))
  assert.equal(tab.body.browser, null)
  await door.advance('PT59.999S')
  assert.equal((await expecting(200, signInWith(door, ada, first))).body.browser, null)
  await door.advance('PT0.001S')
  const anew = await expecting(200, signInWith(door, ada, first))
  assert.notEqual(anew.body.browser, null)
  await expecting(200, signInWith(door, ada, String(anew.body.browser)))
})

test('the secret of one account’s browser is worth nothing at another', async () => {
  await using door = await openAccounts()
  const [ada, bob] = [await door.turnedOn(), await door.turnedOn()]
  const browser = await trusted(door, ada)
  await expecting(201, signInWith(door, bob, browser))
  await expecting(201, signInWith(door, ada, `${browser.slice(0, -1)}${browser.endsWith('A') ? 'B' : 'A'}`))
})

test('browsers are listed, named, and taken away one by one or all; what was taken away is asked again', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
  const sign = await door.begun(ada, {}, agent)
  const reply = await expecting(200, sign.step('code/check', { code: await sign.code(), trust_browser: true }))
  const firefox = String(reply.body.browser)
  const token = (reply.body.session as { token: string }).token

  type Listed = {
    readonly id: string
    readonly name: string
    readonly current: boolean
    readonly trusted_until: string
  }
  const list = async () =>
    (await expecting(200, door.get('/account/browsers', token))).body.browsers as readonly Listed[]
  const [own, current] = await list()
  assert.deepEqual([own?.current, own?.trusted_until], [false, null])
  assert.deepEqual([current?.name, current?.current], ['Firefox on Linux', true])
  assert.match(current?.trusted_until ?? '', /Z$/)

  const at = `/account/browsers/${current?.id}`
  const renamed = await expecting(200, door.api('PATCH', at, { token, json: { name: 'Office' } }))
  assert.equal(renamed.body.name, 'Office')
  assert.equal((await list())[1]?.name, 'Office')
  await expecting(400, door.api('PATCH', at, { token, json: { name: 'two\nlines' } }))
  await expecting(404, door.api('DELETE', '/account/browsers/all', { token }))
  await expecting(400, door.api('DELETE', '/account/browsers', { token }))

  await expecting(200, signInWith(door, ada, firefox))
  assert.deepEqual((await expecting(200, door.api('DELETE', at, { token }))).body, { removed: 1 })
  await expecting(404, door.api('DELETE', at, { token }))
  await expecting(201, signInWith(door, ada, firefox))
  assert.deepEqual((await expecting(200, door.api('DELETE', '/account/browsers?which=all', { token }))).body, {
    removed: 1,
  })
  assert.deepEqual(await list(), [])
})

test('a page’s cookie says what an app says in the body', async () => {
  await using door = await openAccounts()
  const ada = await door.turnedOn()
  const browser = await trusted(door, ada)
  await expecting(200, door.firstStep(ada, {}, { cookie: `__Host-twostep-browser=${browser}` }))
  await expecting(201, door.firstStep(ada, {}, { cookie: `twostep-browser=${browser}` }))
})
