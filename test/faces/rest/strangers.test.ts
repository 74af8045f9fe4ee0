// Who has not proved a number learns nothing of it, spends nothing and mails nothing, whatever they call.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Reply } from '../graph/door.ts'
import { type Application, openRest, otherPin, pin, type Registration, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
before(async () => {
  door = await openRest()
  app = await door.application()
})
after(() => door[Symbol.asyncDispose]())

const calls: readonly (readonly ['GET' | 'POST' | 'PUT', string, object?])[] = [
  ['GET', ''],
  ['POST', 'complete'],
  ['POST', 'complete', { pin }],
  ['POST', 'complete', { pin: otherPin }],
  ['POST', 'complete', { accept_reset: 'account' }],
  ['GET', 'two-step'],
  ['PUT', 'two-step', { pin: otherPin }],
  ['POST', 'two-step/pin', { current_pin: pin, pin: otherPin }],
  ['PUT', 'two-step/email', { pin, email: 'thief@example.com', email_repeat: 'thief@example.com' }],
  ['POST', 'two-step/off', { pin }],
  ['GET', 'recovery-mail'],
  ['POST', 'recovery-mail'],
  ['POST', 'use'],
  ['GET', 'reminder'],
  ['POST', 'reminder', { pin }],
  ['GET', 'contest'],
  ['POST', 'contest', { pin }],
  ['POST', 'deregister'],
  ['POST', 'code/check', { code: '000000' }],
  ['POST', 'code', { method: 'sms' }],
  ['GET', ''],
]

/** All that a stranger is told, without what is random in every reply and what they chose themselves. */
async function told(stranger: Registration): Promise<readonly string[]> {
  const replies: string[] = []
  for (const [method, edge, body] of calls) {
    const reply = await (method === 'GET'
      ? stranger.get(edge)
      : method === 'PUT'
        ? stranger.put(edge, body)
        : stranger.post(edge, body ?? {}))
    replies.push(anonymous(reply, stranger))
  }
  return replies
}

function anonymous(reply: Reply, { id, number }: Registration): string {
  const { date: _, 'x-request-id': requestId, ...headers } = reply.headers
  const text = JSON.stringify([reply.status, headers, reply.text])
  return [id, number, String(requestId)].reduce((shown, each) => shown.replaceAll(each, '…'), text)
}

test('a locked number, a registered one and one that nobody has look the same to a stranger', async () => {
  const mail = 'owner@example.com'
  const locked = await door.locked(app, { email: mail, email_repeat: mail })
  const open = await door.registered(app)
  const mails = (await door.outbox(mail)).length
  const before = [await locked.get(), await locked.get('two-step'), await open.get()].map(({ text }) => text)

  const stranger = await door.application()
  const nobodys = `+44${door.newNational()}`
  await door.advance('PT1M')
  const begun: Registration[] = []
  for (const number of [locked.number, open.number, nobodys]) {
    const { status, body } = await door.rest(stranger, 'POST', '/registrations', { json: { number } })
    assert.equal(status, 201)
    begun.push(door.registrationOf(stranger, String(body.id), number))
  }
  const answers = await Promise.all(begun.map(told))
  assert.deepEqual(answers[0], answers[2])
  assert.deepEqual(answers[1], answers[2])
  assert.ok(answers[0]?.every(each => !/guesses_left|wipe_wait/.test(each)))

  const after = [await locked.get(), await locked.get('two-step'), await open.get()].map(({ text }) => text)
  assert.deepEqual(after, before)
  assert.equal((await locked.get('contest')).body.contested, false)
  assert.equal((await door.outbox(mail)).length, mails)
})

test('whatever strangers spend, the holder has their own codes and guesses left', async () => {
  const holder = await door.locked(app)
  const stranger = await door.proved(await door.application(), holder.number)
  for (let guess = 0; guess < 6; guess++) await stranger.post('complete', { pin: otherPin })
  for (const wait of ['PT1M', 'PT2M', 'PT5M', 'PT10M']) {
    await door.advance(wait)
    await stranger.post('code')
  }
  assert.equal((await stranger.post('code')).status, 429)
  assert.equal((await holder.get('two-step')).body.guesses_left, 5)
  assert.equal((await holder.post('code')).status, 200)
  assert.equal((await holder.post('contest', { pin })).status, 200)
})

test("another application's registration is not told from one that never was", async () => {
  const mine = await door.locked(app)
  const stranger = await door.application()
  const theirs = door.registrationOf(stranger, mine.id, mine.number)
  const none = door.registrationOf(stranger, '123456789012345', mine.number)
  assert.deepEqual(await told(theirs), await told(none))
  const { body } = await theirs.get()
  assert.deepEqual([body.status, body.kind], [404, 'no_such_registration'])
})

test('a key that is none, was cut, or is of another kind opens nothing', async () => {
  const { token } = await door.business()
  for (const key of [undefined, '', 'twk_', `${app.key}x`, app.key.slice(0, -1), `${app.key.slice(0, -1)}0`, token]) {
    const of = key === undefined ? undefined : { id: '', key }
    const reply = await door.rest(of, 'POST', '/registrations', { json: { number: `+44${door.newNational()}` } })
    assert.deepEqual([reply.status, reply.body.kind], [401, 'api_key_needed'])
    assert.equal(reply.headers['www-authenticate'], 'Bearer realm="application"')
  }
})
