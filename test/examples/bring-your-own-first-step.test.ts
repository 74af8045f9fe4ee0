// The example shop, with users and passwords of its own, over real HTTP: its second step is ours.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type AccountsDoor, expecting, openAccounts, profiles } from '#test/faces/account/door.ts'
import { operatorToken } from '#test/faces/sandbox.ts'
import { shop } from '../../examples/bring-your-own-first-step/shop.ts'

const users = { ada: 'difference engine', grace: 'nanosecond <wire>' }

/** The shop beside a sandbox, and browsers that visit it. */
async function openShop(door: AccountsDoor) {
  const made = await door.send('POST', '/api/v1/operator/applications', {
    token: operatorToken,
    json: { name: 'Shop' },
  })
  const apiKey = String(made.body.api_key)
  const server = shop({ twostep: door.url, apiKey, users })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** A browser: it keeps cookies and posts forms. */
  function browser() {
    const jar = new Map<string, string>()
    async function visit(path: string, form?: Readonly<Record<string, string>>) {
      const headers = { cookie: [...jar].map(pair => pair.join('=')).join('; '), 'user-agent': 'Firefox/140.0 (Linux)' }
      const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
      const reply = await fetch(url + path, { headers, ...sent })
      for (const line of reply.headers.getSetCookie()) {
        const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
        assert.match(line, /HttpOnly; SameSite=Strict/)
        jar.set(name, value)
      }
      return { status: reply.status, page: await reply.text() }
    }
    const signIn = (name: string, password: string) => visit('/sign-in', { name, password })
    return { visit, signIn, jar }
  }

  /** Turns two-step on for a user of the shop, by the session of an assertion: what its settings page would do. */
  async function turnOn(user: string) {
    const email = `${user}@shop.example`
    const reply = await expecting(200, door.post(`/users/${user}/sign-ins`, { email }, apiKey))
    const { token } = reply.body.session as { token: string }
    const of = await door.turnOn({ id: '', email, password: '', session: token, browser: '' })
    await door.advance('PT1M')
    return of
  }

  return { browser, turnOn, [Symbol.asyncDispose]: async () => void server.close() }
}

for (const profile of profiles) {
  test(`${profile}: with two-step off a password is enough, and a wrong one reads as an unknown name`, async () => {
    await using door = await openAccounts({ profile })
    await using open = await openShop(door)
    const visitor = open.browser()
    assert.match((await visitor.visit('/')).page, /Sign in to the shop/)
    const [wrong, unknown] = [await visitor.signIn('ada', 'x'), await visitor.signIn('nobody', 'x')]
    assert.deepEqual(wrong, unknown)
    assert.equal(wrong.status, 422)
    assert.match((await visitor.signIn('grace', users.grace)).page, /Welcome, grace/)
    assert.match((await visitor.visit('/')).page, /Welcome, grace/)
    assert.match((await open.browser().visit('/')).page, /Sign in to the shop/)
  })

  test(`${profile}: with two-step on: password, device, code; and no step can be left out`, async () => {
    await using door = await openAccounts({ profile })
    await using open = await openShop(door)
    const of = await open.turnOn('ada')
    const visitor = open.browser()
    const asked = await visitor.signIn('ada', users.ada)
    assert.match(asked.page, /Where shall the code go/)
    assert.match((await visitor.visit('/')).page, /Sign in to the shop/, 'half-way is not in')
    assert.equal((await visitor.visit('/code', { code: '0000' })).status, 422)
    const device = /name="device" value="([^"]+)"/.exec(asked.page)?.[1] ?? ''
    assert.match((await visitor.visit('/device', { device })).page, /Type the code/)
    const code = await door.newestCode(of.number)
    const wrong = await visitor.visit('/code', { code: code === '1234' ? '4321' : '1234' })
    assert.equal(wrong.status, 422)
    assert.match((await visitor.visit('/code', { code, trust: 'yes' })).page, /Welcome, ada/)

    // This browser is trusted now: the password is still asked for, the code is not. Another browser's is.
    assert.match((await visitor.signIn('ada', users.ada)).page, /Welcome, ada/)
    assert.equal((await visitor.signIn('ada', 'x')).status, 422)
    assert.match((await open.browser().signIn('ada', users.ada)).page, /Where shall the code go/)
  })
}
