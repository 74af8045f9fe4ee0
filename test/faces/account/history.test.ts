// What happened, all that is known, and the end of an account: told to its owner and nobody else, without a secret in it, and
// nothing is left once it is closed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contract from '#contract/account-history.ts'
import { expecting, goodPassword, openAccounts, profiles, type TurnedOn } from './door.ts'

/** Everything in an account that opens something, or that something is checked against. */
const secretsOf = (of: TurnedOn, document: unknown): readonly string[] => {
  const stored = JSON.stringify(document)
  const verifiers = [...stored.matchAll(/"(?:verifier|installation|token|notification)":"([^"]+)"/g)]
  assert(verifiers.length > 3, 'an account holds verifiers')
  const key = of.recoveryKey
  return [...verifiers.map(each => each[1] ?? ''), of.password, of.session, of.browser, key, key.replaceAll('-', '')]
}

for (const profile of profiles) {
  test(`${profile}: the activity history is told newest first, in words, a page at a time`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    const read = async (query: string) => {
      const reply = await expecting(200, door.get(`/account/activity${query}`, of.session))
      return contract.activityAnswer.parse(reply.body)
    }
    const all = await read('?limit=100')
    assert.equal(all.next_before, null)
    assert.deepEqual(
      all.events.map(each => each.sequence),
      all.events.map((_, at) => all.events.length - at),
    )
    assert.equal(all.events.at(-1)?.words, 'the account was created')
    assert.equal(
      all.events.filter(({ words }) => words === 'two-step verification is on').length,
      1,
      all.events.map(each => each.words).join('\n'),
    )
    const paged: typeof all.events = []
    for (let query = '?limit=3'; ; ) {
      const page = await read(query)
      paged.push(...page.events)
      assert(page.events.length === 3 || page.next_before === null, 'a page is as long as it was asked for')
      if (page.next_before === null) break
      query = `?limit=3&before=${page.next_before}`
    }
    assert.deepEqual(paged, all.events)
    for (const query of ['?limit=0', '?limit=101', '?before=x', '?other=1']) {
      await expecting(400, door.get(`/account/activity${query}`, of.session))
    }
  })

  test(`${profile}: the export has all of the account and its journal, and no secret`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    await door.advance('PT1M')
    await door.freshen(of)
    const made = { label: 'Mail', service: 'mail' }
    await expecting(201, door.post('/account/app-passwords', made, of.session))
    const sign = await door.begun(of)
    await door.advance('PT1M')
    await sign.code()
    const reply = await expecting(200, door.get('/account/export', of.session))
    assert.equal(reply.headers['content-disposition'], 'attachment; filename="account.json"')
    const { account, events } = contract.exportAnswer.parse(reply.body)
    for (const known of [of.id, of.email, of.number, 'Mail', 'Phone']) assert(JSON.stringify(account).includes(known))
    const activity = await door.get('/account/activity?limit=100', of.session)
    const newestFirst = contract.activityAnswer.parse(activity.body).events
    assert.deepEqual(events, newestFirst.toReversed())
    const subject = await door.sandbox.world.records.load('account', of.id)
    for (const secret of secretsOf(of, subject?.document)) assert(!reply.text.includes(secret), secret)
    // Every part of the document is told of, by its name.
    const parts = Object.keys(account)
    for (const part of Object.keys(subject?.document ?? {})) {
      assert(parts.includes(part.replace(/[A-Z]/g, each => `_${each.toLowerCase()}`)), part)
    }
    await door.advance('PT10M0.001S')
    await expecting(401, door.get('/account/export', of.session))
  })

  test(`${profile}: an export that is longer than a page of the journal is whole`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    for (let times = 0; times < 205; times += 1) {
      const { body } = await door.get('/account/sessions', of.session)
      const [session] = body.sessions as readonly { readonly id: string }[]
      const gate = { session: session?.id ?? '', kind: 'gate.passed', gate: `g${times}` } as const
      const records = door.sandbox.world.records
      const subject = await records.load('account', of.id)
      assert(subject)
      const changes = { document: subject.document, events: [gate], messages: [] }
      await records.commit(subject, changes, { at: subject.document.seen, door: 'rest', requestId: undefined })
    }
    const reply = await expecting(200, door.get('/account/export', of.session))
    const { events } = contract.exportAnswer.parse(reply.body)
    assert.deepEqual(
      events.map(each => each.sequence),
      events.map((_, at) => at + 1),
    )
    assert(events.length > 205)
  })

  test(`${profile}: closing takes fresh proofs, and in one commit nothing is left that anything opens`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.turnedOn()
    const sign = await door.begun(of)
    await door.advance('PT10M0.001S')
    const close = () => door.api('DELETE', '/account', { token: of.session, json: {} })
    const stale = await expecting(401, close())
    assert.deepEqual(stale.body.missing, ['password', 'device_code'])
    await door.freshen(of)
    contract.closedAnswer.parse((await expecting(200, close())).body)

    for (const path of ['/account', '/account/export', '/account/activity']) {
      await expecting(401, door.get(path, of.session))
    }
    await expecting(401, sign.step('code', { device: of.device }))
    const reset = { identifier: of.email, recovery_key: of.recoveryKey }
    await expecting(422, door.post('/password-resets', reset))
    await expecting(422, door.firstStep(of, { browser: of.browser }))
    const subject = await door.sandbox.world.records.load('account', of.id)
    const kept = JSON.stringify(subject?.document)
    for (const gone of [of.email, of.number, of.device, 'verifier', '198.51']) assert(!kept.includes(gone), kept)
    assert.equal(subject?.document.closedAt, subject?.document.seen)
    // What happened is read by nobody any more, with every key that there is.
    const told = (await door.sandbox.world.records.journal('account', of.id)).map(({ event }) => event.kind)
    assert.deepEqual([...new Set(told)], ['forgotten', 'account.closed'])
    assert((await door.mails(of.email)).some(each => /account is closed/.test(each.subject ?? '')))

    // The address is free, and what is made with it is another account.
    const anew = await door.owner({ email: of.email })
    assert.notEqual(anew.id, of.id)
    await expecting(200, door.firstStep({ email: of.email, password: goodPassword }))
  })

  test(`${profile}: a row of before the closing, put back under the new version, does not open`, async () => {
    await using door = await openAccounts({ profile })
    const of = await door.owner()
    const { records } = door.sandbox.world
    const before = await records.store.read({ kind: 'account', id: of.id })
    await expecting(200, door.api('DELETE', '/account', { token: of.session, json: {} }))
    const after = await records.store.read({ kind: 'account', id: of.id })
    assert(before && after && after.version === before.version + 1)
    const binding = (version: number) => `document/account/${of.id}/${version}`
    assert.throws(() => records.secrets.open(binding(after.version), before), { name: 'Unopenable' })
    assert(!records.secrets.open(binding(after.version), after).includes(of.email))
  })
}
