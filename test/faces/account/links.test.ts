// The pages behind the links that an account's owner is mailed: looking changes nothing, pressing works once, nobody is signed
// in, and what is wrong is said in words.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, goodPassword, type Owner, openAccounts, otherPassword } from './door.ts'

let door: AccountsDoor
before(async () => {
  door = await openAccounts()
})
after(() => door[Symbol.asyncDispose]())

/** A link that is out for somebody. */
type Link = { readonly of: Owner; readonly path: string; readonly form: Readonly<Record<string, string>> }

async function mailed(of: Owner, to: string, ask: () => Promise<unknown>, form = {}): Promise<Link> {
  // Mails of one moment have no order.
  await door.advance('PT1S')
  await ask()
  return { of, path: `/links/${await door.mailedToken(to)}`, form }
}

let given = 0
const links: Readonly<Record<string, () => Promise<Link>>> = {
  async 'an address'() {
    given += 1
    const [of, email] = [await door.owner(), `more-${given}@home.example`]
    return mailed(of, email, () => expecting(202, door.post('/account/addresses', { email }, of.session)))
  },
  async 'not me'() {
    const of = await door.owner()
    await expecting(200, door.post('/account/password', { new_password: otherPassword }, of.session))
    return mailed(of, of.email, () => expecting(202, door.post('/account/two-step/begin', {}, of.session)))
  },
  async 'a reset'() {
    const of = await door.owner()
    const form = { new: otherPassword, again: otherPassword }
    return mailed(of, of.email, () => door.post('/password-resets/mail', { identifier: of.email }), form)
  },
  async 'a sign-up'() {
    given += 1
    const email = `new-${given}@home.example`
    const of: Owner = { id: '', email, password: goodPassword, session: '', browser: '' }
    return mailed(of, email, () => door.post('/sign-ups', { email }), { new: goodPassword, again: goodPassword })
  },
}

const look = (path: string, method = 'GET', language = 'en'): Promise<Reply> =>
  door.send(method, path, { headers: { 'accept-language': language } })
const press = ({ path, form }: Pick<Link, 'path' | 'form'>): Promise<Reply> =>
  door.send('POST', path, { form: { ...form } })

/** How many commits there are, of whatever. */
const commits = async () => {
  const { store } = door.sandbox.world.records
  const stored = await store.walk(undefined, 10_000)
  return stored.reduce((sum, each) => sum + each.stored.version, 0)
}

for (const [name, make] of Object.entries(links)) {
  test(`${name}: looking changes nothing, in both languages, and the page has no cookie and no script`, async () => {
    const { path } = await make()
    const before = await commits()
    for (const language of ['en', 'ar']) {
      const page = await look(path, 'GET', language)
      assert.equal(page.status, 200)
      assert.match(page.text, new RegExp(`<html lang="${language}"`))
      assert.match(page.text, new RegExp(`<form class="stack" method="post" action="${path}"`))
      assert(!/<script|@home\.example/.test(page.text))
      assert.equal(page.headers['set-cookie'], undefined)
      assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
    }
    assert.equal((await look(path, 'HEAD')).status, 200)
    assert.equal(await commits(), before)
  })

  test(`${name}: pressing works once, leads to a page without the token, and signs nobody in`, async () => {
    const link = await make()
    const [first, second] = await Promise.all([press(link), press(link)])
    const statuses = [first.status, second.status].toSorted()
    assert(statuses[0] === 303 && (statuses[1] ?? 0) >= 400, statuses.join())
    const done = first.status === 303 ? first : second
    const where = String(done.headers.location)
    assert(where.startsWith('/links/done/') && !where.includes(link.path.slice(7)))
    assert.equal(done.headers['set-cookie'], undefined)
    assert.equal((await look(where)).status, 200)
    assert.equal((await look(where, 'GET', 'ar')).status, 200)
    assert.equal((await look(link.path)).status, 410)
    assert.equal((await press(link)).status, 410)
  })
}

test('"not me" ends the wait and every session, and turning on waits anew', async () => {
  const link = await links['not me']?.()
  assert(link)
  await expecting(200, door.get('/account', link.of.session))
  assert.equal((await press(link)).status, 303)
  await expecting(401, door.get('/account', link.of.session))
  const again = await expecting(200, door.firstStep({ ...link.of, password: otherPassword }))
  const { token } = again.body.session as { token: string }
  assert.equal((await door.get('/account/two-step', token)).body.state, 'off')
  await expecting(202, door.post('/account/two-step/begin', {}, token))
})

test('a new password by link: empty, different and common ones are said in words, and nothing is lost', async () => {
  for (const name of ['a reset', 'a sign-up']) {
    const link = await links[name]?.()
    assert(link)
    const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{}, /Write the new password/],
      [{ new: otherPassword, again: goodPassword }, /not the same/],
      [{ new: 'Passw0rd', again: 'Passw0rd' }, /everybody tries first/],
      [{ new: 'zQ7x', again: 'zQ7x' }, /at least 8 characters/],
    ]
    for (const [form, words] of wrong) {
      const page = await press({ path: link.path, form })
      assert.equal(page.status, 422)
      assert.match(page.text, words)
      assert.match(page.text, /aria-invalid="true"/)
      if (form.new !== undefined) assert(!page.text.includes(form.new), 'no page shows a password')
    }
    assert.equal((await press(link)).status, 303)
    const password = link.form.new ?? ''
    await expecting(200, door.firstStep({ email: link.of.email, password }))
  }
})

test('a sign-up by link makes an account without a session or a known browser', async () => {
  const link = await links['a sign-up']?.()
  assert(link && (await press(link)).status === 303)
  const name = { purpose: 'account-address', value: link.of.email } as const
  const account = await door.sandbox.world.records.find('account', name)
  assert.deepEqual([account?.document.sessions, account?.document.browsers], [[], []])
})

test('an address that another account has by now is said to be taken, and stays theirs', async () => {
  const [of, other] = [await door.owner(), await door.owner()]
  const ask = () => expecting(202, door.post('/account/addresses', { email: other.email }, of.session))
  const link = await mailed(of, other.email, ask)
  const page = await press(link)
  assert.equal(page.status, 409)
  assert.match(page.text, /This address has an account/)
  await expecting(200, door.firstStep(other))
})

test('a link does what it was mailed for and nothing else', async () => {
  const calls: readonly (readonly [string, (token: string) => object])[] = [
    ['/account/addresses/confirm', token => ({ token })],
    ['/password-resets/mailed', token => ({ token, new_password: otherPassword })],
    ['/accounts', token => ({ sign_up: token, password: otherPassword })],
  ]
  const own: Readonly<Record<string, string>> = {
    'an address': '/account/addresses/confirm',
    'a reset': '/password-resets/mailed',
    'a sign-up': '/accounts',
  }
  for (const [name, make] of Object.entries(links)) {
    const link = await make()
    const token = link.path.split('/').at(-1) ?? ''
    for (const [path, body] of calls) {
      if (path !== own[name]) await expecting(410, door.post(path, body(token)))
    }
    assert.equal((await press(link)).status, 303, `${name}: it is still good for what it is`)
  }
})

test('what only looks like the link of an account is gone, and costs no commit', async () => {
  const link = await links['an address']?.()
  assert(link)
  const before = await commits()
  for (const path of [`${link.path}x`, link.path.slice(0, -1), link.path.replace('twca_', 'twnm_'), '/links/twsu_x']) {
    assert.equal((await look(path)).status, 410)
    assert.equal((await press({ path, form: {} })).status, 410)
  }
  assert.equal(await commits(), before)
})
