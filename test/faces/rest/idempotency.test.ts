// A request that comes twice under one key is done once and answered alike: in parallel, later, after a restart, and after
// a crash in the middle.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { beginRegistration } from '#actions/begin-registration.ts'
import { reserve } from '#actions/idempotency.ts'
import { requestCode } from '#actions/request-code.ts'
import type { Call } from '#actions/world.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { requestText } from '#faces/rest/idempotent.ts'
import { Secret } from '#secrets/secret.ts'
import type { Reply } from '../graph/door.ts'
import { dataFolder } from '../sandbox.ts'
import { type Application, openRest, otherPin, pin, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
before(async () => {
  door = await openRest()
  app = await door.application()
})
after(() => door[Symbol.asyncDispose]())

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const begin = (key: string, json: object, of = app, at = door): Promise<Reply> =>
  at.rest(of, 'POST', '/registrations', { json, ...keyed(key) })
const newNumber = () => ({ number: `+44${door.newNational()}` })
const replayed = ({ headers }: Reply) => headers['idempotency-replayed'] === 'true'

test('of many at once one is done; the others wait for it or get its answer', async () => {
  const [key, json] = [randomUUID(), newNumber()]
  const replies = await Promise.all(Array.from({ length: 20 }, () => begin(key, json)))
  const made = replies.filter(({ status }) => status === 201)
  assert.ok(made.length >= 1 && new Set(made.map(({ text }) => text)).size === 1)
  for (const { status, body } of replies.filter(each => !made.includes(each))) {
    assert.deepEqual([status, body.kind], [409, 'request_under_way'])
  }
  assert.equal((await door.outbox(json.number)).length, 1)
  const later = await begin(key, json)
  assert.deepEqual([later.text, replayed(later)], [made[0]?.text, true])
})

test('a key holds for one request: another body, path or method is refused', async () => {
  const [key, json] = [randomUUID(), newNumber()]
  const { body } = await begin(key, json)
  const registration = door.registrationOf(app, String(body.id), json.number)
  for (const reply of [
    await begin(key, newNumber()),
    await begin(key, { ...json, method: 'voice' }),
    await registration.post('code', {}, keyed(key).headers),
    await registration.put('two-step', { pin }, keyed(key).headers),
  ]) {
    assert.deepEqual([reply.status, reply.body.kind], [422, 'idempotency_key_reused'])
  }
})

test('a key is one key quoted and bare, with fields in any order, and with a slash at the end', async () => {
  const [key, json] = [randomUUID(), { ...newNumber(), method: 'sms' }]
  const first = await begin(`"${key}"`, json)
  const again = await door.rest(app, 'POST', '/registrations/', {
    json: { method: 'sms', number: json.number },
    ...keyed(key),
  })
  assert.deepEqual([again.text, replayed(again)], [first.text, true])
})

test("a key is its application's: the same one of another makes another registration", async () => {
  const key = randomUUID()
  const first = await begin(key, newNumber())
  const other = await begin(key, newNumber(), await door.application())
  assert.deepEqual([other.status, replayed(other)], [201, false])
  assert.notEqual(other.body.id, first.body.id)
})

test('a key that cannot be read is refused before anything is done', async () => {
  for (const key of ['', '"', '""', 'two words', 'a"b', '"a', '\u00ff', 'x'.repeat(256)]) {
    const json = newNumber()
    const reply = await begin(key, json)
    assert.deepEqual([reply.status, reply.body.kind], [400, 'malformed_idempotency_key'], JSON.stringify(key))
    assert.equal((await door.outbox(json.number)).length, 0)
  }
})

test('a guess that is sent again under its key is spent once', async () => {
  const holder = await door.locked(app)
  const newcomer = await door.proved(app, holder.number)
  const key = keyed(randomUUID()).headers
  const replies = await Promise.all(Array.from({ length: 8 }, () => newcomer.post('complete', { pin: otherPin }, key)))
  const looked = replies.filter(({ body }) => body.kind === 'wrong_pin')
  assert.ok(looked.length >= 1 && looked.every(({ body }) => body.guesses_left === 4))
  assert.equal((await newcomer.post('complete')).body.guesses_left, 4)
  assert.equal((await newcomer.post('complete', { pin }, key)).body.kind, 'idempotency_key_reused')
})

test('what was refused for now is not kept: the same request under the same key is done later', async () => {
  const json = newNumber()
  await begin(randomUUID(), json)
  const key = randomUUID()
  assert.equal((await begin(key, json)).body.kind, 'too_many_codes')
  await door.advance('PT1M')
  const later = await begin(key, json)
  assert.deepEqual([later.status, replayed(later)], [201, false])
})

test('an answer is kept for 24 hours to the millisecond', async () => {
  const [key, json] = [randomUUID(), newNumber()]
  const first = await begin(key, json)
  await door.advance('PT23H59M59.999S')
  assert.equal((await begin(key, json)).text, first.text)
  await door.advance('PT0.001S')
  const anew = await begin(key, json)
  assert.deepEqual([anew.status, replayed(anew)], [201, false])
  assert.notEqual(anew.body.id, first.body.id)
})

test('reservations that ran out are taken over, so there are never more than one day made', async () => {
  await using own = await openRest()
  const mine = await own.application()
  const asked = () => begin(randomUUID(), { number: `+44${own.newNational()}` }, mine, own)
  const count = async () => (await own.sandbox.store.count()).documents
  for (let at = 0; at < 4; at++) await asked()
  const before = await count()
  await own.advance('P1D')
  const replies = await Promise.all([asked(), asked(), asked(), asked()])
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]))
  // Four more numbers; of many who look for a free one at once, a few make their own.
  const made = (await count()) - before - 4
  assert.ok(made >= 0 && made <= 3, `${made} more`)
  await own.advance('P1D')
  for (let at = 0; at < 4; at++) await asked()
  assert.equal(await count(), before + 8 + made)
})

test('answers outlive a restart', async () => {
  const folder = dataFolder()
  try {
    const settings = { TWOSTEP_DATA_DIR: folder }
    const first = await openRest(settings)
    const mine = await first.application()
    const [key, json] = [randomUUID(), newNumber()]
    const made = await begin(key, json, mine, first)
    await first[Symbol.asyncDispose]()
    await using second = await openRest(settings)
    const again = await begin(key, json, mine, second)
    assert.deepEqual([again.text, replayed(again)], [made.text, true])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

// ——— cut off in the middle: what a process that died left behind

const call: Call = { door: 'rest', requestId: undefined, party: undefined, signal: undefined }
async function cutOff(key: string, path: string, body: object, repeats: boolean) {
  const request = requestText('POST', `/api/v1${path}`, body)
  const reserved = await reserve(door.sandbox.world, call, {
    ...{ application: app.id, key: Secret.of(key), request },
    repeats,
  })
  assert.ok(reserved.kind === 'reserved')
  return reserved.ids
}

test('a registration that was begun and never answered is answered under the id it had, and no second code goes out', async () => {
  const [key, { number }] = [randomUUID(), newNumber()]
  const { claim } = await cutOff(key, '/registrations', { number }, true)
  const command = { application: app.id, number: number as E164, method: 'sms', language: 'en', claim } as const
  assert.equal((await beginRegistration(door.sandbox.world, call, command)).kind, 'begun')
  const soon = await begin(key, { number })
  assert.deepEqual([soon.status, soon.body.kind, soon.body.retry_after], [409, 'request_under_way', 60])
  await door.advance('PT1M')
  const replies = await Promise.all([begin(key, { number }), begin(key, { number })])
  const done = replies.find(({ status }) => status === 201)
  assert.equal(done?.body.id, claim)
  assert.equal((await door.outbox(number)).length, 1)
})

test('a registration that was cut off before it was begun is begun', async () => {
  const [key, { number }] = [randomUUID(), newNumber()]
  const { claim } = await cutOff(key, '/registrations', { number }, true)
  await door.advance('PT1M')
  assert.equal((await begin(key, { number })).body.id, claim)
  assert.equal((await door.outbox(number)).length, 1)
})

test('a code that was sent and never answered is not sent again', async () => {
  const registration = await door.begun(app)
  await door.advance('PT1M')
  const key = keyed(randomUUID()).headers
  const path = `/registrations/${registration.id}/code`
  const { mark } = await cutOff(key['idempotency-key'], path, {}, true)
  const { world } = door.sandbox
  const found = await world.records.find('number', { purpose: 'claim', value: registration.id })
  const ask = { number: found?.id ?? '', claim: registration.id, method: 'sms', language: 'en', mark } as const
  assert.equal((await requestCode(world, call, ask)).kind, 'sent')
  await door.advance('PT1M')
  assert.equal((await registration.post('code', {}, key)).status, 200)
  assert.equal((await door.outbox(registration.number)).length, 2)
})

test('a guess that was cut off is not made again: the client is told to look', async () => {
  const holder = await door.locked(app)
  const newcomer = await door.proved(app, holder.number)
  const key = keyed(randomUUID()).headers
  await cutOff(key['idempotency-key'], `/registrations/${newcomer.id}/complete`, { pin }, false)
  await door.advance('PT1M')
  for (let time = 0; time < 2; time++) {
    const reply = await newcomer.post('complete', { pin }, key)
    assert.deepEqual([reply.status, reply.body.kind], [409, 'outcome_unknown'])
  }
  assert.equal((await newcomer.get()).body.state, 'proved')
})
