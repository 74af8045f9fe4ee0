// The wait before two-step verification is turned on, and the time there is to finish: 72 hours and 30 days, to the
// millisecond, whatever changed and wherever it was met.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour } from '#core/kernel/instant.ts'
import { type AccountsDoor, expecting, type Owner, openAccounts, opened, otherPassword, profiles } from './door.ts'

type Person = { readonly id: string; readonly email: string; readonly password: string }

/** The newest session of each person: signing in once a moment is enough, for a session of `strict` does not live for a wait. */
const sessions = new Map<string, { readonly at: number; readonly session: string }>()

async function sessionOf(door: AccountsDoor, of: Person): Promise<string> {
  const known = sessions.get(of.id)
  if (known?.at === now(door)) {
    const { status } = await door.get('/account', known.session)
    if (status === 200) return known.session
  }
  const { session } = opened(await expecting(200, door.firstStep(of)))
  sessions.set(of.id, { at: now(door), session })
  return session
}

const at = async (door: AccountsDoor, of: Person, method: string, path: string, json: object = {}) =>
  door.api(method, `/account${path}`, { token: await sessionOf(door, of), ...(method === 'GET' ? {} : { json }) })

const twoStep = async (door: AccountsDoor, of: Person) =>
  (await expecting(200, at(door, of, 'GET', '/two-step'))).body as {
    readonly state: string
    readonly waits_until: string | null
    readonly deadline: string | null
    readonly devices: readonly unknown[]
  }

const begin = (door: AccountsDoor, of: Person) => at(door, of, 'POST', '/two-step/begin')
const iso = (moment: number): string => new Date(moment).toISOString()
const now = (door: AccountsDoor): number => door.sandbox.world.clock.now()

const questions = ['First pet?', 'First street?', 'First song?'].map(question => ({ question, answer: 'Rex' }))

type Change = (door: AccountsDoor, of: Person) => Promise<Person>

/** Everything that is a significant change, as it is done at the door; answers the person as they are after it. */
const changes: Readonly<Record<string, Change>> = {
  async 'a changed password'(door, of) {
    await expecting(200, at(door, of, 'POST', '/password', { new_password: otherPassword }))
    return { ...of, password: otherPassword }
  },
  async 'a password reset by mail'(door, of) {
    await expecting(202, door.post('/password-resets/mail', { identifier: of.email }))
    const token = await door.mailedToken(of.email)
    await expecting(200, door.post('/password-resets/mailed', { token, new_password: otherPassword }))
    return { ...of, password: otherPassword }
  },
  async 'a new address'(door, of) {
    // Another one each time.
    const email = `at-${now(door)}-${of.email}`
    await expecting(202, at(door, of, 'POST', '/addresses', { email }))
    const token = await door.mailedToken(email)
    await expecting(200, door.post('/account/addresses/confirm', { token }))
    return of
  },
  async 'an address that was taken away'(door, of) {
    const { addresses } = (await expecting(200, at(door, of, 'GET', '/addresses'))).body
    const [, second] = addresses as readonly { readonly id: string }[]
    await expecting(200, at(door, of, 'DELETE', `/addresses/${second?.id}`))
    return of
  },
}

const inClassic: Readonly<Record<string, Change>> = {
  async 'new security questions'(door, of) {
    const json = { security_questions: questions, birth_date: '1990-01-01' }
    await expecting(200, at(door, of, 'PUT', '/security-questions', json))
    return of
  },
}

/** Ways to where a change can be met. */
const states: Readonly<Record<string, (door: AccountsDoor, of: Person) => Promise<void>>> = {
  off: async () => {},
  async waiting(door, of) {
    await changes['a new address']?.(door, of)
    await expecting(202, begin(door, of))
    await door.advance('PT71H')
  },
  async ready(door, of) {
    await states.waiting?.(door, of)
    await door.advance('PT1H')
    assert.equal((await twoStep(door, of)).state, 'ready')
  },
  async enrolling(door, of) {
    await expecting(200, begin(door, of))
    const session = await sessionOf(door, of)
    const number = '+16315556600'
    await expecting(202, door.post('/account/two-step/devices', { kind: 'number', number }, session))
    const code = await door.newestCode(number)
    await expecting(200, door.post('/account/two-step/devices/check', { code }, session))
  },
}

/** Somebody with a second address, who changed nothing for a long time. */
async function settled(door: AccountsDoor): Promise<Owner> {
  const of = await door.owner()
  await changes['a new address']?.(door, of)
  await door.advance('P40D')
  return of
}

for (const profile of profiles) {
  const all = Object.entries(profile === 'classic' ? { ...changes, ...inClassic } : changes)

  for (const [state, reach] of Object.entries(states)) {
    test(`${profile}: from ${state}, every significant change is followed by 72 hours, to the millisecond`, async () => {
      await using door = await openAccounts({ profile })
      for (const [name, change] of all) {
        const before = await settled(door)
        await reach(door, before)
        const of = await change(door, before)
        const changedAt = now(door)
        const met = await twoStep(door, of)
        assert.deepEqual([met.state, met.devices], [state === 'off' ? 'off' : 'waiting', []], name)
        const ending = await begin(door, of)
        assert.equal(ending.status, state === 'off' ? 202 : 409, `${name}: ${ending.text}`)
        const until = iso(changedAt + 72 * hour)
        const seen = await twoStep(door, of)
        assert.deepEqual([seen.waits_until, seen.deadline], [until, iso(changedAt + 72 * hour + 30 * day)], name)
        const mails = (await door.mails(before.email)).filter(({ link }) => link?.includes('twnm_') === true)
        assert.ok(mails.length > 0, `${name}: the mail about the wait has a link`)

        await door.advance('PT71H59M59.999S')
        assert.equal((await begin(door, of)).body.kind, 'waiting_period', name)
        await door.advance('PT0.001S')
        assert.equal((await twoStep(door, of)).state, 'ready', name)
        await expecting(200, begin(door, of))
      }
    })
  }

  test(`${profile}: there are 30 days to finish, to the millisecond, and what was half done is erased with them`, async () => {
    await using door = await openAccounts({ profile })
    const of = await settled(door)
    const beganAt = now(door)
    await states.enrolling?.(door, of)
    assert.equal((await twoStep(door, of)).deadline, iso(beganAt + 30 * day))
    await door.advance('PT719H59M59.999S')
    const last = await twoStep(door, of)
    assert.deepEqual([last.state, last.devices.length], ['enrolling', 1])
    await expecting(200, at(door, of, 'POST', '/two-step/skip-devices'))
    await door.advance('PT0.001S')
    const over = await twoStep(door, of)
    assert.deepEqual([over.state, over.devices], ['ready', []])
    await expecting(409, at(door, of, 'POST', '/two-step/recovery-key'))
    // Begun too late, it waits anew.
    const again = await expecting(202, begin(door, of))
    assert.equal(again.body.waits_until, iso(now(door) + 72 * hour))
  })

  test(`${profile}: after a wait, ready is ready for 30 days and not a millisecond more`, async () => {
    await using door = await openAccounts({ profile })
    for (const late of [false, true]) {
      const of = await settled(door)
      await states.ready?.(door, of)
      await door.advance(late ? 'P30D' : 'PT719H59M59.999S')
      const ending = await begin(door, of)
      assert.deepEqual([ending.status, ending.body.state], late ? [202, 'waiting'] : [200, 'enrolling'])
    }
  })

  test(`${profile}: while it waits the account works, and so does "not me", which signs nobody in`, async () => {
    await using door = await openAccounts({ profile })
    for (const [left, works] of [
      ['PT71H59M59.999S', true],
      ['PT72H', false],
    ] as const) {
      const of = await settled(door)
      await changes['a changed password']?.(door, of)
      const after = { ...of, password: otherPassword }
      await expecting(202, begin(door, after))
      const mail = (await door.mails(of.email)).find(({ link }) => link?.includes('twnm_') === true)
      assert(mail?.link !== undefined)
      await door.advance(left)
      const session = await sessionOf(door, after)
      await expecting(200, door.get('/account', session))
      const path = new URL(mail.link).pathname
      assert.equal((await door.send('GET', path)).status, works ? 200 : 410)
      assert.equal((await twoStep(door, after)).state, works ? 'waiting' : 'ready', 'opening a link changes nothing')
      const said = await door.send('POST', path, { headers: { origin: door.url }, form: {} })
      assert.equal(said.status, works ? 303 : 410)
      assert.equal(said.headers['set-cookie'], undefined)
      assert.equal((await door.get('/account', session)).status, works ? 401 : 200, 'every session ends')
      const seen = await twoStep(door, after)
      assert.equal(seen.state, works ? 'off' : 'ready')
      if (!works) continue
      // Whoever asked for the wait still has the password: to begin again takes another one.
      const again = await expecting(202, begin(door, after))
      assert.equal(again.body.waits_until, iso(now(door) + 72 * hour))
      assert.equal((await door.send('POST', path, { headers: { origin: door.url }, form: {} })).status, 410)
    }
  })
}
