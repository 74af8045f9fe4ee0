// The table of all that can hand out a session, a token or a cookie, walked by everybody who has one proof and not two. To an
// account with two-step verification on, nothing yields more than "first step done".

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { accountRoutes } from '#faces/rest/account/door.ts'
import type { Reply, Sent } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'
import { type AccountsDoor, expecting, holdToPromises, openAccounts, opened, profiles, type TurnedOn } from './door.ts'
import { type Given, type Hands, type Position, table } from './mint-table.ts'

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`

test('every call of the accounts’ door stands in the table, and nothing else does', () => {
  assert.deepEqual(Object.keys(table).toSorted(), accountRoutes.map(nameOf).toSorted())
})

test('accounts are reached by this door, the pages of links, and account pages with a table of their own', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const reach = files.filter(file => {
    const what = file.startsWith('actions/') ? /'\.{1,2}\/account\// : /'#actions\/account\//
    return what.test(readFileSync(join('src', file), 'utf8'))
  })
  const elsewhere = reach.filter(
    file => !/^(?:actions\/account|faces\/rest\/account|pages\/account|pages\/links)\//.test(file),
  )
  // The server itself hears what push services say of a device.
  assert.deepEqual(elsewhere, ['serve.ts'])
})

const kinds: Readonly<Record<string, Given>> = {
  twas_: 'session',
  twsi_: 'sign-in',
  twab_: 'browser',
  twpr_: 'reset',
  twdv_: 'device',
  twdi_: 'device',
}

/** Everything in a reply that could be shown again: tokens, Recovery Keys, app-specific passwords, cookies. */
function handedOut({ text, headers }: Reply, sent: string): readonly string[] {
  const secrets = [
    ...text.matchAll(/\btw[a-z]{1,2}_[0-9A-Za-z._-]{8,}/g),
    ...text.matchAll(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b|\b[a-z]{4}(?:-[a-z]{4}){3}\b/g),
  ].map(([found]) => found)
  return [...new Set(secrets.filter(each => !sent.includes(each))), ...(headers['set-cookie'] ?? [])]
}

const wrongs: Hands = {
  password: 'Wrong-Compass-19-Orchard',
  recoveryKey: '2345-6789-ABCD-EF',
  browser: undefined,
  mailed: 'twmr_none',
  appPassword: 'aaaa-bbbb-cccc-dddd',
}

/** Somebody who walks: what they know, and what they can show as `Authorization`. */
type Walker = {
  readonly position: Position
  readonly hands: Partial<Hands>
  readonly shows: readonly Readonly<Record<string, string>>[]
  /** The ids that fill the paths. */
  readonly ids: Readonly<Record<string, string>>
}

/** Walks the whole table; answers every secret that was handed out, by the call that did. */
async function walk(door: AccountsDoor, of: TurnedOn, { position, hands, shows, ids }: Walker) {
  const found: { readonly call: string; readonly secret: string }[] = []
  const calls = Object.entries(table).toSorted(([, one], [, other]) => Number(one.last ?? 0) - Number(other.last ?? 0))
  for (const [call, { body, query, gives, streams }] of calls) {
    const [method = '', path = ''] = call.split(' ')
    const filled = path.replace(/:\w+/g, part =>
      encodeURIComponent(ids[`${path.split('/')[1]}${part}`] ?? ids[part] ?? part),
    )
    for (const headers of [{}, ...shows]) {
      const sent: Sent = {
        headers,
        ...(query === undefined ? {} : { query }),
        ...(method === 'GET' ? {} : { json: body?.({ ...wrongs, ...hands }, of) ?? {} }),
      }
      const where = `/api/v1${filled}`
      const reply = await door.send(streams ? 'HEAD' : method, where, sent)
      if (!streams) holdToPromises(reply)
      const secrets = handedOut(reply, JSON.stringify(sent) + where)
      const may = [...(gives?.[position] ?? [])].toSorted()
      const got = secrets.map(each => kinds[each.slice(0, 5)] ?? each).toSorted()
      if (got.length > 0) assert.deepEqual(got, may, `${position}: ${call} → ${reply.status} ${reply.text}`)
      found.push(...secrets.map(secret => ({ call, secret })))
    }
  }
  for (const [call, { gives }] of calls) {
    const hands = found.some(each => each.call === call)
    assert.equal(hands, gives?.[position] !== undefined, `${position}: ${call} hands out what the table says`)
  }
  return found.map(({ secret }) => secret)
}

/** What must be as it was, whoever walked. */
async function standing(door: AccountsDoor, id: string) {
  const subject = await door.sandbox.world.records.load('account', id)
  assert(subject !== undefined)
  const { password, addresses, sessions, browsers, twoStep } = subject.document
  const appPasswords = subject.document.appPasswords.map(each => each.verifier)
  assert(twoStep.kind === 'on')
  const devices = twoStep.devices.map(({ failures: _, sends: __, ...device }) => device)
  const full = sessions.filter(each => each.level === 'full').map(each => each.id)
  const key = { verifier: twoStep.key?.verifier, replacement: twoStep.replacement }
  return {
    password: password?.verifier,
    addresses,
    full,
    browsers: browsers.map(each => each.id),
    appPasswords,
    devices,
    key,
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** An owner with all there is: a number, an app's device, a trusted browser, an app-specific password. */
async function furnished(door: AccountsDoor) {
  const email = 'grace@home.example'
  const before = await door.owner({ email })
  await expecting(202, door.post('/password-resets/mail', { identifier: email }))
  const mailedReset = await door.mailedToken(email)
  const of = await door.turnOn(before)
  const { session, sessionId, browser } = await door.signedIn(of, { trust_browser: true })
  const at = (path: string, json: object = {}) => door.post(path, json, session)
  const added = await expecting(202, at('/account/devices', { kind: 'device', name: 'Tablet', app: true }))
  const device = {
    authorization: `Bearer ${added.body.device_token}`,
    'device-installation': String(added.body.installation),
  }
  const shown = await expecting(200, door.api('GET', '/device/notifications', { headers: device }))
  const [notification] = shown.body.notifications as readonly { readonly code: string }[]
  await expecting(200, at('/account/devices/check', { code: notification?.code }))
  const made = await expecting(201, at('/account/app-passwords', { label: 'Mail', service: 'mail' }))
  await expecting(202, at('/account/addresses', { email: 'grace@second.example' }))
  const mailedAddress = await door.mailedToken('grace@second.example')
  // Ended, but its token is still known to somebody.
  await door.advance('PT1M')
  const ended = await door.signedIn(of)
  await expecting(200, door.post('/account/sign-out', {}, ended.session))
  return {
    of: { ...of, session, sessionId },
    ...{ device, browser, mailedReset, mailedAddress, ended: ended.session },
    appPassword: String(made.body.app_password),
    ids: { ':id': sessionId, 'account:id': sessionId, ':user': email, ':gate': 'account.manage' },
  }
}

/** A user of an application, with two-step verification on. */
async function userOf(door: AccountsDoor) {
  const made = (
    await door.send('POST', '/api/v1/operator/applications', { token: operatorToken, json: { name: 'App' } })
  ).body
  const key = String(made.api_key)
  const assertion = { email: 'ida@shop.example', from: { ip: '192.0.2.7' } }
  const first = await expecting(200, door.post('/users/ida/sign-ins', assertion, key))
  const owner = { ...opened(first), id: String(first.body.account_id), email: 'ida', password: '', browser: '' }
  return { of: await door.turnOn(owner), key, sessionId: owner.sessionId }
}

const theOther = async (door: AccountsDoor): Promise<string> =>
  String(
    (await door.send('POST', '/api/v1/operator/applications', { token: operatorToken, json: { name: 'B' } })).body
      .api_key,
  )

for (const profile of profiles) {
  test(`${profile}: whoever has one proof gets no further than "first step done", by any call, and nothing changes`, async () => {
    await using door = await openAccounts({ profile })
    const { of, device, browser, mailedReset, mailedAddress, appPassword, ended, ids } = await furnished(door)
    const basic = { authorization: `Basic ${Buffer.from(`${of.email}:${appPassword}`).toString('base64')}` }
    const { password, recoveryKey } = of
    const signIn = await door.begun(of)
    const reset = await expecting(
      201,
      door.post('/password-resets', { identifier: of.email, recovery_key: recoveryKey }),
    )
    const before = await standing(door, of.id)
    const walkers: readonly Omit<Walker, 'ids'>[] = [
      { position: 'password', hands: { password }, shows: [bearer(signIn.token), bearer(password)] },
      {
        position: 'recovery key',
        hands: { recoveryKey },
        shows: [bearer(String(reset.body.token)), bearer(recoveryKey)],
      },
      // Those who know nothing come last: strangers' wrong passwords make strangers wait.
      { position: 'nothing', hands: {}, shows: [bearer('twas_nothing'), bearer(of.id), bearer(of.email)] },
      { position: 'device', hands: {}, shows: [device] },
      { position: 'trusted browser', hands: { browser }, shows: [bearer(browser)] },
      { position: 'mailbox', hands: { mailed: mailedReset }, shows: [bearer(mailedReset), bearer(mailedAddress)] },
      { position: 'app-specific password', hands: { appPassword, password: appPassword }, shows: [basic] },
      { position: 'an ended session', hands: {}, shows: [bearer(ended)] },
      { position: 'operator token', hands: {}, shows: [bearer(operatorToken)] },
      { position: 'another application', hands: {}, shows: [bearer(await theOther(door))] },
    ]
    for (const walker of walkers) {
      const own = { 'sign-ins:id': signIn.id, 'password-resets:id': String(reset.body.id) }
      const secrets = await walk(door, of, { ...walker, ids: { ...ids, ...own } })
      assert.deepEqual(await standing(door, of.id), before, walker.position)
      for (const secret of secrets.filter(each => each.startsWith('twas_'))) {
        // Another application's user of that name is another person.
        assert.notEqual((await expecting(200, door.get('/account', secret))).body.id, of.id, walker.position)
      }
    }
  })

  test(`${profile}: no link in a mail signs anybody in, whenever it was mailed`, async () => {
    await using door = await openAccounts({ profile })
    const { of, mailedReset, mailedAddress } = await furnished(door)
    const { addresses: _, ...before } = await standing(door, of.id)
    for (const token of [mailedReset, mailedAddress]) {
      for (const method of ['GET', 'POST']) {
        const form = { new_password: 'Copper-Lagoon-58-Violets', new_password_again: 'Copper-Lagoon-58-Violets' }
        const sent: Sent = method === 'GET' ? {} : { form, headers: { origin: door.url } }
        const reply = await door.send(method, `/links/${token}`, sent)
        assert.deepEqual(handedOut(reply, token), [], `${method} ${reply.status}`)
      }
    }
    const { addresses, ...after } = await standing(door, of.id)
    assert.deepEqual(after, before)
    // The one link that does something lets its mailbox hear of what happens.
    assert.deepEqual(
      addresses.map(each => each.address),
      ['grace@home.example', 'grace@second.example'],
    )
  })

  test(`${profile}: who has password and Recovery Key gets in to verify a new device, and no further`, async () => {
    await using door = await openAccounts({ profile })
    const { of, ids } = await furnished(door)
    const { password, recoveryKey } = of
    const limitedIn = async () => {
      const sign = await door.begun(of)
      return opened(await expecting(200, sign.step('recovery-key', { recovery_key: recoveryKey })))
    }
    const { session, sessionId } = await limitedIn()
    const signIn = await door.begun(of)
    const reset = await expecting(
      201,
      door.post('/password-resets', { identifier: of.email, recovery_key: recoveryKey }),
    )
    const before = await standing(door, of.id)
    const shows = [bearer(session), bearer(signIn.token), bearer(String(reset.body.token))]
    const own = { 'sign-ins:id': signIn.id, 'password-resets:id': String(reset.body.id) }
    const walker = { position: 'password and recovery key', hands: { password, recoveryKey }, shows } as const
    const secrets = await walk(door, of, { ...walker, ids: { ...ids, ...own } })
    assert.deepEqual(await standing(door, of.id), before)
    const sessions = secrets.filter(each => each.startsWith('twas_'))
    assert.equal(sessions.length, 1)
    for (const each of sessions) {
      assert.equal((await expecting(401, door.get('/account', each))).body.kind, 'limited_session')
    }
    assert.notEqual(sessionId, of.sessionId)
  })

  test(`${profile}: an application that asserts the first step of a user gets no further than that`, async () => {
    await using door = await openAccounts({ profile })
    const { of, key, sessionId } = await userOf(door)
    const first = await expecting(201, door.post('/users/ida/sign-ins', {}, key))
    const [id, token] = [String(first.body.id), String(first.body.token)]
    const before = await standing(door, of.id)
    const ids = { ':user': 'ida', ':id': id, 'account:id': sessionId, ':gate': 'shop.pay' }
    const hands = { password: 'anything' }
    const found = await walk(door, of, { position: 'application', hands, shows: [bearer(key), bearer(token)], ids })
    assert.deepEqual([...new Set(found.map(each => each.slice(0, 5)))], ['twsi_'])
    assert.deepEqual(await standing(door, of.id), before)
  })

  test(`${profile}: with two proofs exactly those calls open a session of which the table says so`, async () => {
    await using door = await openAccounts({ profile })
    const openers = new Set<string>()
    const opens = (call: string, reply: Reply) => {
      const kind = handedOut(reply, '').map(each => kinds[each.slice(0, 5)])
      assert.ok(kind.includes('session'), `${call} → ${reply.text}`)
      openers.add(call)
    }
    const email = 'mary@home.example'
    await expecting(202, door.post('/sign-ups', { email }))
    const sign_up = await door.mailedToken(email)
    const made = await expecting(201, door.post('/accounts', { sign_up, password: 'Copper-Lagoon-58-Violets' }))
    opens('POST /accounts', made)
    const of = await door.turnOn({ ...opened(made), email, password: 'Copper-Lagoon-58-Violets', id: '', browser: '' })
    const { reply, browser } = await door.signedIn(of, { trust_browser: true })
    opens('POST /sign-ins/:id/code/check', reply)
    opens('POST /sign-ins', await expecting(200, door.firstStep(of, { browser })))
    const key = (await door.begun(of)).step('recovery-key', { recovery_key: of.recoveryKey })
    opens('POST /sign-ins/:id/recovery-key', await expecting(200, key))

    const user = await userOf(door)
    const asserted = async () => {
      const { body } = await expecting(201, door.post('/users/ida/sign-ins', {}, user.key))
      return (path: string, json: object) => door.post(`/users/ida/sign-ins/${body.id}/${path}`, json, user.key)
    }
    const step = await asserted()
    await expecting(202, step('code', { device: user.of.device }))
    const checked = await expecting(
      200,
      step('code/check', { code: await door.newestCode(user.of.number), trust_browser: true }),
    )
    opens('POST /users/:user/sign-ins/:id/code/check', checked)
    const trusted = { browser: String(checked.body.browser) }
    opens('POST /users/:user/sign-ins', await expecting(200, door.post('/users/ida/sign-ins', trusted, user.key)))
    const byKey = await (await asserted())('recovery-key', { recovery_key: user.of.recoveryKey })
    opens('POST /users/:user/sign-ins/:id/recovery-key', await expecting(200, Promise.resolve(byKey)))

    const said = Object.entries(table).filter(([, { opens }]) => opens === true)
    assert.deepEqual([...openers].toSorted(), said.map(([call]) => call).toSorted())
  })
}
