// Providers from end to end: a real server, its settings, its doors and its log, and providers that are not what they should
// be on the other end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twilioSignature } from '#delivery/sms-http/twilio.ts'
import { Secret } from '#secrets/secret.ts'
import { expecting, openAccounts } from '../faces/account/door.ts'
import { openRest, type RestDoor } from '../faces/rest/door.ts'
import { addNumber, call, newBusiness, newestCode, operatorToken, startSandbox } from '../faces/sandbox.ts'
import { type Got, httpServer } from './house.ts'

const account = `AC${'a'.repeat(32)}`
const twilioAt = (base: string, more = '') =>
  `twilio://${account}:twilio-auth-token@api.twilio.com?from=Twostep&base=${base}${more}`

type Answer = { readonly status: number; readonly body: object }
const taken = (count: number): Answer => ({
  status: 201,
  body: { sid: `SM${String(count).padStart(32, '0')}`, status: 'queued' },
})
const down: Answer = { status: 503, body: { message: 'your code is' } }

/** A provider that answers as told, each message for itself. */
async function provider(answer: (count: number) => Answer) {
  let count = 0
  const server = await httpServer((_, response) => {
    count += 1
    const { status, body } = answer(count)
    response.writeHead(status).end(JSON.stringify(body))
  })
  const texts = () => server.got.map(({ body }) => new URLSearchParams(body).get('Body') ?? '')
  return { ...server, texts }
}

/** Lets everything else go on until it is so: nothing here waits for the clock, which stands still. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const late = AbortSignal.timeout(10_000)
  while (!(await holds())) {
    assert.ok(!late.aborted, 'it should be so by now')
    await new Promise(resolve => setImmediate(resolve))
  }
}

const path = '/api/v1/operator/dead-letters'
const asOperator = { token: operatorToken }
const deadLetters = async (rest: Pick<RestDoor, 'send'>) =>
  (await rest.send('GET', path, asOperator)).body.dead_letters as Record<string, unknown>[]

/** An account's code, of as many digits as its profile has it. */
const codeOf = (text: string) => /^[0-9-]+/.exec(text)?.[0].replace('-', '')
const codeIn = (text: string) => text.slice(0, 7).replace('-', '')
const addressOf = (got: Got | undefined) => new URLSearchParams(got?.body).get('StatusCallback') ?? ''

test('a code leaves while the request is long answered; a person gets no code that a newer one took the place of', async () => {
  let up = false
  const only = await provider(count => (up ? taken(count) : down))
  await using rest = await openRest({ TWOSTEP_SMS_PROVIDERS: twilioAt(only.url) })
  const registration = await rest.begun(await rest.application())
  await until(() => only.got.length === 1)
  await rest.advance('PT1M')
  await until(() => only.got.length === 2)
  up = true
  assert.equal((await registration.post('code')).status, 200)
  const newest = await rest.newestCode(registration.number)
  await until(() => only.got.length === 3)
  await rest.advance('PT5M')
  await until(async () => (await deadLetters(rest))[0]?.reason === 'replaced')
  const sent = only.texts().slice(2).map(codeIn)
  assert.deepEqual(sent, [newest])
  assert.equal((await registration.post('code/check', { code: newest })).status, 200)
})

test('a code of an account leaves by the providers, and not once a newer one took its place or it was right', async () => {
  let up = true
  const only = await provider(count => (up ? taken(count) : down))
  await using door = await openAccounts({ TWOSTEP_SMS_PROVIDERS: twilioAt(only.url) })
  const ada = await door.turnedOn()
  await until(() => only.got.length === 1)
  await door.advance('PT10M')
  up = false
  const reasons = async () => (await deadLetters(door)).map(({ channel, reason }) => `${channel} ${reason}`)
  assert.deepEqual(await reasons(), [])

  const sign = await door.begun(ada)
  const first = await sign.code()
  await until(() => only.got.length === 2)
  await door.advance('PT1M')
  await until(() => only.got.length === 3)
  up = true
  const second = await sign.code()
  await until(() => only.got.length === 4)
  await door.advance('PT2M')
  await until(async () => (await reasons()).length === 1)
  assert.deepEqual(await reasons(), ['sms replaced'])
  assert.deepEqual(only.texts().map(codeOf).slice(1), [first, first, second])
  await expecting(200, sign.step('code/check', { code: second }))

  up = false
  await door.advance('PT10M')
  const other = await door.begun(ada)
  const third = await other.code()
  await until(() => only.got.length === 5)
  await expecting(200, other.step('code/check', { code: third }))
  up = true
  await door.advance('PT2M')
  await until(async () => (await reasons()).length === 2)
  assert.deepEqual(await reasons(), ['sms replaced', 'sms replaced'])
  assert.equal(only.got.length, 5)
})

test('a provider that is down for a day delays nobody, and its place is taken by the next one', async () => {
  const [dead, alive] = [await provider(() => down), await provider(taken)]
  const list = `${twilioAt(dead.url, '&name=dead')} ${twilioAt(alive.url, '&name=alive')}`
  await using rest = await openRest({ TWOSTEP_SMS_PROVIDERS: list })
  const application = await rest.application()
  for (let time = 0; time < 8; time += 1) {
    const registration = await rest.begun(application)
    await until(() => alive.got.length === time + 1)
    const [newest] = alive.texts().slice(-1)
    const code = await rest.newestCode(registration.number)
    assert.equal(codeIn(newest ?? ''), code)
    assert.equal((await registration.post('code/check', { code })).status, 200)
    await rest.advance('PT3H')
  }
  assert.equal(alive.got.length, 8)
  assert(dead.got.length <= 8)
})

test('a receipt at our door closes the loop or has another provider asked; a forged one does nothing', async () => {
  const [one, two] = [await provider(taken), await provider(taken)]
  const list = `${twilioAt(one.url, '&name=one')} ${twilioAt(two.url, '&name=two')}`
  await using rest = await openRest({ TWOSTEP_SMS_PROVIDERS: list })
  await rest.begun(await rest.application())
  await until(() => one.got.length === 1)
  const address = addressOf(one.got[0])
  assert.match(address, /\/delivery\/one\/receipts\/[0-9a-f]{32}$/)
  const report = async (MessageStatus: string, token: string) => {
    const form = new URLSearchParams({ MessageSid: String(taken(1).body['sid' as never]), MessageStatus })
    const headers = { 'x-twilio-signature': twilioSignature(address, form, Secret.of(token)) }
    return (await fetch(address, { method: 'POST', body: form, headers })).status
  }
  assert.equal(await report('undelivered', 'guessed'), 403)
  await rest.advance('PT1S')
  assert.equal(two.got.length, 0)
  assert.equal(await report('undelivered', 'twilio-auth-token'), 204)
  assert.equal(await report('undelivered', 'twilio-auth-token'), 204)
  await until(() => two.got.length === 1)
  assert.deepEqual(two.texts(), one.texts())
  await rest.advance('PT5M')
  assert.deepEqual([one.got.length, two.got.length], [1, 1])
  assert.equal((await fetch(`${rest.url}/delivery/nobody/receipts/${'0'.repeat(32)}`)).status, 404)
  const large = await fetch(address, { method: 'POST', body: 'x'.repeat(20_000) })
  assert.equal(large.status, 413)
})

test('dead letters are listed without what is in them, and sent again once, while they are good', async () => {
  let answer: Answer = { status: 400, body: { code: 21_211 } }
  const only = await provider(count => (answer.status === 201 ? taken(count) : answer))
  await using rest = await openRest({ TWOSTEP_SMS_PROVIDERS: twilioAt(only.url) })
  const registration = await rest.begun(await rest.application())
  const list = () => deadLetters(rest)
  await until(async () => (await list()).length === 1)
  const [letter] = await list()
  const code = await rest.newestCode(registration.number)
  assert.deepEqual([letter?.channel, letter?.reason, letter?.can_be_sent_again], ['sms', 'rejected', true])
  assert(!JSON.stringify(letter).includes(code) && !JSON.stringify(letter).includes(registration.number))
  assert.equal((await rest.send('GET', path)).status, 401)
  answer = taken(1)
  const again = (id: unknown) => rest.send('POST', `${path}/${String(id)}/sending`, asOperator)
  const both = await Promise.all([again(letter?.id), again(letter?.id)])
  assert.deepEqual(both.map(({ status }) => status).sort(), [202, 409])
  await until(() => only.got.length === 2)
  assert.deepEqual(only.texts().map(codeIn), [code, code])
  assert.deepEqual(
    (await list()).map(each => each.can_be_sent_again),
    [false],
  )
  assert.equal((await again('nobody')).body.kind, 'no_such_letter')

  answer = { status: 400, body: { code: 21_211 } }
  await rest.begun(await rest.application())
  await until(async () => (await list()).length === 2)
  const late = (await list()).find(({ id }) => id !== letter?.id)
  await rest.advance('PT10M')
  assert.equal((await again(late?.id)).body.kind, 'too_late')
  assert.equal(only.got.length, 3)
})

test('the log says which provider failed and why in a word, and nothing of who was written to, what, or by which password', async () => {
  const quoting = await httpServer(
    (got, response) => void response.writeHead(400).end(JSON.stringify({ code: got.body })),
  )
  const list = `${twilioAt(quoting.url, '&name=quoting')} smpp://user:smsc-password@127.0.0.1:1?from=Twostep`
  const lines: string[] = []
  await using sandbox = await startSandbox({ TWOSTEP_SMS_PROVIDERS: list }, { onLog: line => lines.push(line) })
  const business = await newBusiness(sandbox.url)
  const id = await addNumber(sandbox.url, business, '7700900789')
  const body = { code_method: 'SMS', language: 'en_US' }
  await call(sandbox.url, 'POST', `/v25.0/${id}/request_code`, { token: business.token, body })
  const failures = () => lines.filter(line => line.includes('a provider failed')).map(line => JSON.parse(line))
  await until(() => failures().some(({ fault }) => fault === 'not_bound'))
  const code = await newestCode(sandbox.url, '+447700900789')
  const said = new Set(failures().map(({ provider, fault }) => `${provider} ${fault}`))
  assert.deepEqual([...said].sort(), ['quoting http_400', 'smpp not_bound', 'smpp unreachable'])
  const log = lines.join('\n')
  const secrets = [
    code,
    `${code.slice(0, 3)}-${code.slice(3)}`,
    '7700900789',
    'twilio-auth-token',
    'smsc-password',
    account,
  ]
  for (const secret of secrets) assert(!log.includes(secret), secret)
})
