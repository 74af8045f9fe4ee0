// Mailed links: looking at one changes nothing, confirming it works once, for a day, on one lock, and signs nobody in.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { confirmLink, lookAtLink, requestTurnOff } from '#actions/mailed-links.ts'
import type { World } from '#actions/world.ts'
import { day } from '#core/kernel/instant.ts'
import { StoreAway } from '#storage/store.ts'
import { type Door, openDoor, type Reply } from './graph/door.ts'
import { type Application, openRest, otherPin, pin, type RestDoor } from './rest/door.ts'

// Addresses count without a confirmation in one of the two, and only with one in the other.
let classic: RestDoor
let strict: RestDoor
let graph: Door
let app: Application
let other: Application
before(async () => {
  classic = await openRest()
  strict = await openRest({ TWOSTEP_PROFILE: 'strict' })
  graph = await openDoor()
  app = await classic.application()
  other = await classic.application()
})
after(() => Promise.all([classic, strict, graph].map(door => door[Symbol.asyncDispose]())))

/** What every sandbox here can do. */
type AnyDoor = Pick<Door, 'url' | 'send' | 'outbox' | 'advance' | 'sandbox'>

let addresses = 0
const newAddress = (): string => {
  addresses += 1
  return `holder-${addresses}@mail.example`
}
const withAddress = (email: string) => ({ email, email_repeat: email })

/** The path of the newest link that was mailed to an address. */
async function linkTo(door: AnyDoor, address: string): Promise<string> {
  const [newest] = (await door.outbox(address)).filter(each => each.link !== undefined)
  assert(newest?.link !== undefined && newest.text.includes(newest.link), 'a link was mailed')
  assert(newest.link.startsWith(`${door.url}/links/`))
  return new URL(newest.link).pathname
}

type Given = {
  readonly door: AnyDoor
  readonly world: World
  readonly path: string
  /** The number's subject. */
  readonly id: string
  /** What is not so any more once the link was confirmed. */
  readonly stands: () => Promise<boolean>
}

async function subjectOf(door: AnyDoor, number: string) {
  const found = await door.sandbox.world.records.find('number', { purpose: 'number', value: number })
  assert(found !== undefined)
  return found
}

/** A holder with an address, somebody else who proved the number, and the link that was mailed for them. */
async function recovery(): Promise<
  Given & { readonly address: string; readonly waiting: Registered; readonly holder: Registered }
> {
  const address = newAddress()
  const holder = await classic.locked(app, withAddress(address))
  const waiting = await classic.proved(other, holder.number)
  assert.equal((await waiting.post('recovery-mail')).status, 202)
  const path = await linkTo(classic, address)
  return { ...(await given(classic, path, holder.number)), address, waiting, holder }
}
type Registered = Awaited<ReturnType<RestDoor['registered']>>

/** A business's number, and the link that turns its PIN off. */
async function turnOff() {
  const business = await graph.business()
  const phone = await graph.registered(business, pin)
  const { id } = await subjectOf(graph, phone.number)
  const asked = await requestTurnOff(graph.sandbox.world, manager, { number: id, claim: phone.id, requester: '615' })
  assert.deepEqual([asked.kind, 'toMasked' in asked && asked.toMasked], ['mailed', 'o•••@b•••.example'])
  const path = await linkTo(graph, business.email)
  return { ...(await given(graph, path, phone.number)), business, phone }
}
const manager = { door: 'manager', requestId: undefined, party: undefined, signal: undefined } as const

/** A new address that has to confirm itself. */
async function confirmation() {
  const address = newAddress()
  const strictApp = await strict.application()
  const holder = await strict.locked(strictApp, withAddress(address))
  const path = await linkTo(strict, address)
  const made = await given(strict, path, holder.number)
  const stands = async () => {
    const { lock } = (await subjectOf(strict, holder.number)).document
    return lock.kind === 'set' && lock.recoveryEmail?.confirmed === false
  }
  return { ...made, stands, address, holder, strictApp }
}

async function given(door: AnyDoor, path: string, number: string): Promise<Given> {
  const { id } = await subjectOf(door, number)
  const stands = async () => (await subjectOf(door, number)).document.lock.kind === 'set'
  return { door, world: door.sandbox.world, path, id, stands }
}

const purposes: readonly [string, () => Promise<Given>][] = [
  ['recovery', recovery],
  ['turning off', turnOff],
  ['an address', confirmation],
]

const look = ({ door, path }: Given, method = 'GET', headers = {}): Promise<Reply> =>
  door.send(method, path, { headers })
const press = ({ door, path }: Given): Promise<Reply> => door.send('POST', path)

/** All that is stored of a number, and every message that ever went out. */
async function stateOf({ world, id }: Given): Promise<string> {
  const subject = await world.records.load('number', id)
  const journal = await world.records.journal('number', id)
  const messages = await world.records.store.keptMessages(10_000)
  return JSON.stringify([subject?.version, subject?.document, journal.length, messages.length])
}

for (const [what, make] of purposes) {
  test(`${what}: GET and HEAD change nothing, however often, and POST does it once`, async () => {
    const link = await make()
    const state = await stateOf(link)
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS', 'PUT', 'DELETE']) {
      const reply = await look(link, method)
      if (method === 'GET' || method === 'HEAD') assert.equal(reply.status, 200, method)
    }
    assert.equal(await stateOf(link), state)
    assert.equal(await link.stands(), true)

    const done = await press(link)
    assert.deepEqual([done.status, await link.stands()], [303, false])
    const after = await stateOf(link)
    for (const reply of [await press(link), await look(link)]) assert.equal(reply.status, 410)
    assert.equal(await stateOf(link), after)
  })

  test(`${what}: the link lives for 24 hours, to the millisecond`, async () => {
    for (const [moment, works] of [
      ['PT23H59M59.999S', true],
      ['P1D', false],
      ['PT24H0.001S', false],
    ] as const) {
      const link = await make()
      await link.door.advance(moment)
      assert.equal((await look(link)).status, works ? 200 : 410, moment)
      assert.equal((await press(link)).status, works ? 303 : 410, moment)
      assert.equal(await link.stands(), !works, moment)
    }
  })

  test(`${what}: of twenty at once one has an effect, and it is told once`, async () => {
    const link = await make()
    const messages = async () => (await link.world.records.store.keptMessages(10_000)).length
    const before = await messages()
    const replies = await Promise.all(Array.from({ length: 20 }, () => press(link)))
    assert.deepEqual(replies.map(each => each.status).toSorted(), [303, ...Array.from({ length: 19 }, () => 410)])
    const journal = await link.world.records.journal('number', link.id)
    const kinds = journal.map(({ event }) => event.kind)
    const told = kinds.filter(kind => kind === 'pin.removed' || kind === 'recovery.address_confirmed')
    assert.equal(told.length, 1)
    const mails = { recovery: 1, 'turning off': 1, 'an address': 0 }[what]
    assert.equal((await messages()) - before, mails)
  })

  test(`${what}: a server that dies in between has done all of it or nothing`, async () => {
    const link = await make()
    const token = link.path.split('/').at(-1) ?? ''
    const { records } = link.world
    const state = await stateOf(link)
    const dies = (commit: World['records']['commit']): World => ({ ...link.world, records: { ...records, commit } })
    const early = dies(async () => {
      throw new StoreAway('died before')
    })
    await assert.rejects(confirmLink(early, byMail, token), StoreAway)
    assert.equal(await stateOf(link), state)
    const late = dies(async (...parts) => {
      await records.commit(...parts)
      throw new StoreAway('died after')
    })
    await assert.rejects(confirmLink(late, byMail, token), StoreAway)
    assert.deepEqual([await link.stands(), (await press(link)).status], [false, 410])
  })

  test(`${what}: the page says what will happen, in the reader's language, with the number masked and no script`, async () => {
    const link = await make()
    const page = await look(link, 'GET', { 'accept-language': 'de, en;q=0.5' })
    assert.match(page.text, /<html lang="en" dir="ltr">/)
    assert.match(
      page.text,
      /<form method="post" action="\/links\/tw[rc]_\w+"|<form method="post" action="\/links\/twt_\w+"/,
    )
    assert.match(page.text, /\+44 [• ]+\d\d</)
    const { number } = (await link.world.records.load('number', link.id))?.document ?? {}
    assert(!page.text.replaceAll(/[\s-]/g, '').includes(String(number).slice(3)), 'the number is masked')
    assert.doesNotMatch(page.text, /<script|style=|mail\.example|bakery\.example/)
    const arabic = await look(link, 'GET', { 'accept-language': 'ar-EG' })
    assert.match(arabic.text, /<html lang="ar" dir="rtl">/)
    const policy = String(page.headers['content-security-policy'])
    assert(policy.includes("default-src 'none'") && policy.includes("form-action 'self'"), policy)
    assert.deepEqual([page.headers['cache-control'], page.headers['set-cookie']], ['no-store', undefined])

    const done = await press(link)
    assert.equal(done.headers['set-cookie'], undefined, 'it signs nobody in')
    const where = String(done.headers.location)
    assert(where.startsWith('/links/done/') && !where.includes(link.path.slice(7)), 'no token is left in an address')
    const after = await link.door.send('GET', where)
    assert.deepEqual([after.status, /<h1/.test(after.text), /tw[rc]_|twt_/.test(after.text)], [200, true, false])
  })
}
const byMail = { door: 'mail', requestId: undefined, party: undefined, signal: undefined } as const

test('a link that was never mailed looks like one that is gone, and costs no read', async () => {
  const link = await recovery()
  await press(link)
  const gone = await look(link)
  const readless: World = {
    ...link.world,
    records: {
      ...link.world.records,
      find: async () => {
        throw new Error('it read')
      },
    },
  }
  const token = link.path.slice('/links/'.length)
  const garbage = [
    'x',
    token.slice(0, -1),
    `${token}x`,
    token.replace('twr_', 'twt_'),
    token.replace('twr_', 'twc_'),
    '%00',
  ]
  for (const each of garbage) {
    const reply = await classic.send('GET', `/links/${each}`)
    assert.deepEqual([reply.status, reply.text.includes('<h1>')], [410, gone.text.includes('<h1>')], each)
    assert.deepEqual(await lookAtLink(readless, each), { kind: 'gone' })
    assert.equal((await classic.send('POST', `/links/${each}`)).status, 410)
  }
  const long = await classic.send('GET', `/links/${'x'.repeat(4_000)}`)
  assert.equal(long.status, 410)
})

test('a new PIN, a new link, or another address ends the link that is out', async () => {
  const changed = await recovery()
  assert.equal((await changed.holder.post('two-step/pin', { current_pin: pin, pin: otherPin })).status, 200)
  assert.deepEqual([(await press(changed)).status, await changed.stands()], [410, true])

  const newer = await recovery()
  await classic.advance('PT1M')
  assert.equal((await newer.waiting.post('recovery-mail')).status, 202)
  assert.deepEqual([(await press(newer)).status, await newer.stands()], [410, true])
  assert.equal((await press({ ...newer, path: await linkTo(classic, newer.address) })).status, 303)

  const moved = await recovery()
  const next = newAddress()
  assert.equal((await moved.holder.put('two-step/email', { pin, ...withAddress(next) })).status, 200)
  assert.deepEqual([(await press(moved)).status, await moved.stands()], [410, true])
})

test('a turn-off link ends with a new PIN, and with the keeper it was mailed to', async () => {
  const changed = await turnOff()
  assert.equal((await changed.phone.post('', { json: { pin: otherPin } })).status, 200)
  assert.deepEqual([(await press(changed)).status, await changed.stands()], [410, true])

  const taken = await turnOff()
  await graph.advance('PT1M')
  const rival = await graph.business()
  const theirs = await graph.proved(rival, taken.phone.number.slice(3))
  assert.equal((await theirs.register(pin)).status, 200)
  assert.deepEqual([(await press(taken)).status, await taken.stands()], [410, true], 'the PIN is theirs now')
})

test('turning off is for the keeper of a PIN; five mails a day, and nobody else can use them up', async () => {
  const first = await turnOff()
  const { world, id, phone, business } = first
  const rival = await graph.business()
  await graph.advance('PT1M')
  const theirs = await graph.proved(rival, phone.number.slice(3))
  const ask = (claim: string) => requestTurnOff(world, manager, { number: id, claim, requester: '1' })
  const rivalsMails = (await graph.outbox(rival.email)).length
  for (let tries = 0; tries < 6; tries += 1) assert.equal((await ask(theirs.id)).kind, 'not_keeper')
  assert.equal((await ask('999999999999999')).kind, 'not_keeper')
  assert.equal((await graph.outbox(rival.email)).length, rivalsMails)
  const soon = await ask(phone.id)
  assert(soon.kind === 'mailed')
  assert.equal((await ask(phone.id)).kind, 'too_many_mails')
  for (let mails = 2; mails < 5; mails += 1) {
    await graph.advance('PT1M')
    assert.equal((await ask(phone.id)).kind, 'mailed')
  }
  await graph.advance('PT1M')
  const spent = await ask(phone.id)
  assert(spent.kind === 'too_many_mails' && spent.retryAt > spent.now && spent.retryAt - spent.now < day)
  assert.equal((await press({ ...first, path: await linkTo(graph, business.email) })).status, 303)
  await graph.advance('PT1M')
  assert.equal((await ask(phone.id)).kind, 'no_lock')
})

test('who has not proved the number mails nothing and learns nothing', async () => {
  const address = newAddress()
  const holder = await classic.locked(app, withAddress(address))
  const stranger = await classic.begun(other, holder.number)
  const free = await classic.begun(other)
  const before = (await classic.outbox(address)).length
  const replies = [await stranger.post('recovery-mail'), await free.post('recovery-mail')]
  const shown = replies.map(({ status, body: { instance: _, ...body } }) => ({ status, body }))
  assert.equal(replies[0]?.status, 409)
  assert.deepEqual(shown[0], shown[1], 'locked or not, it looks the same')
  assert.equal((await classic.outbox(address)).length, before)
})

test("the mail of an address that is not the owner's does nothing: it never counts until it is confirmed", async () => {
  const link = await confirmation()
  const waiting = await strict.proved(link.strictApp, link.holder.number)
  const refused = await waiting.post('recovery-mail')
  assert.equal(refused.body.kind, 'no_recovery_address', refused.text)
  const links = (await strict.outbox(link.address)).filter(each => each.link !== undefined)
  assert.deepEqual([links.length, await link.stands()], [1, true])
  await press(link)
  assert.equal((await waiting.post('recovery-mail')).status, 202)
})

test("the mail of an address that is not the owner's any more does nothing, and the owner's own is not touched by it", async () => {
  const one = await recovery()
  const two = await recovery()
  assert.equal((await one.holder.put('two-step/email', { pin, email: null })).status, 200)
  assert.deepEqual([(await press(one)).status, await one.stands(), await two.stands()], [410, true, true])
  const told = (await classic.outbox(one.address)).at(0)
  assert.match(told?.subject ?? '', /recovery address was changed/)
})

test('after the link the number is registered without a PIN by whoever proved it; the link itself registers nobody', async () => {
  const link = await recovery()
  assert.equal((await link.waiting.post('complete')).body.kind, 'pin_needed')
  const before = (await subjectOf(classic, link.holder.number)).document.holder
  await press(link)
  assert.deepEqual((await subjectOf(classic, link.holder.number)).document.holder, before)
  assert.equal((await link.waiting.post('complete')).body.state, 'registered')
})

test('confirmation mails are five a day for a number, so nobody floods a stranger', async () => {
  const { holder } = await confirmation()
  const give = (email: string) => holder.put('two-step/email', { pin, ...withAddress(email) })
  for (let mails = 1; mails < 5; mails += 1) assert.equal((await give(newAddress())).status, 200)
  const refused = await give('victim@mail.example')
  assert.equal(refused.status, 429, refused.text)
  assert.deepEqual(await strict.outbox('victim@mail.example'), [])
  assert.equal((await holder.put('two-step/email', { pin, email: null })).status, 200, 'taking it away needs no mail')
})

test('mails are in the language that the codes were asked for in', async () => {
  const address = newAddress()
  const number = `+44${classic.newNational()}`
  const begun = await classic.rest(app, 'POST', '/registrations', { json: { number, locale: 'de_DE' } })
  const holder = classic.registrationOf(app, String(begun.body.id), number)
  await holder.post('code/check', { code: await classic.newestCode(number) })
  await holder.post('complete')
  await holder.put('two-step', { pin, ...withAddress(address) })
  await holder.post('two-step/pin', { current_pin: pin, pin: otherPin })
  assert.match((await classic.outbox(address))[0]?.text ?? '', /Die PIN wurde geändert/)
  const waiting = await classic.proved(other, number)
  await waiting.post('recovery-mail')
  assert.match((await classic.outbox(address))[0]?.text ?? '', /Verifizierung in zwei Schritten ausschalten/)
})

test("tokens that somebody made up about a claim do not stand in its owner's way", async () => {
  const link = await recovery()
  const { claims = [] } = (await link.world.records.load('number', link.id))?.document ?? {}
  const laneless: World = {
    ...link.world,
    lanes: async () => {
      throw new Error('it waited')
    },
  }
  for (const prefix of ['twr_', 'twt_', 'twc_']) {
    const { token } = link.world.secrets.makeToken(prefix, claims[0]?.id ?? '')
    assert.deepEqual(await confirmLink(laneless, byMail, token.reveal()), { kind: 'gone' })
  }
})
