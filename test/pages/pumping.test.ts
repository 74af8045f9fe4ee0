// What somebody in front of a paused prefix or country is told, at every door and in its own words: when it will work again,
// and what else they can do. And what the operator sees of it and does about it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expecting } from '../faces/account/door.ts'
import { errorOf, expectWait as expectGraphWait } from '../faces/graph/door.ts'
import { expectError, newClient, registration } from '../faces/on-premises/client.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { openPages, type Pages } from './account/door.ts'
import { visitor } from './visitor.ts'

/** The prefix of numbers whose codes never come back. */
const range = '+44740021'
const national = (last: number): string => `740021${String(last).padStart(4, '0')}`
const half = 12 * 3600

let pages: Pages
let key = ''
before(async () => {
  pages = await openPages({ TWOSTEP_LEAST_RIGHT_CODES: '10' })
  key = String((await operate('POST', 'applications', { name: 'App' })).body.api_key)
  for (let each = 0; each < 20; each++) assert.equal((await begin(national(each))).status, 201)
  await pages.advance('PT20M')
  // The one that finds too few come back begins the block.
  assert.equal((await begin(national(20))).status, 429)
})
after(() => pages[Symbol.asyncDispose]())

const operate = (method: string, path: string, json?: object) =>
  pages.send(method, `/api/v1/operator/${path}`, { token: operatorToken, ...(json === undefined ? {} : { json }) })
const begin = (to: string, method = 'sms') =>
  pages.api('POST', '/registrations', { token: key, json: { number: `+44${to}`, method } })

/** What a person reads of a page. */
const read = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')

type Shown = { readonly paused: readonly Readonly<Record<string, unknown>>[] }
const paused = async () => (await operate('GET', 'sending')).body as unknown as Shown

test('an application is told how long, and that a call or another number goes; and the call does go', async () => {
  const reply = await begin(national(100))
  assert.deepEqual(
    [reply.status, reply.body.kind, reply.headers['retry-after'], reply.body.other_ways],
    [429, 'codes_paused', String(half), ['voice', 'other_number']],
  )
  assert.match(String(reply.body.detail), /in a call \(method voice\)/)
  assert.equal((await pages.outbox(`+44${national(100)}`)).length, 0)
  assert.equal((await begin(national(100), 'voice')).status, 201)
  assert.equal((await begin('7400220001')).status, 201)
})

test('Graph says 136024 with the wait in its details, and that VOICE goes', async () => {
  const phone = await pages.added(await pages.business(), national(200))
  const ask = (code_method: string) => phone.post('request_code', { json: { code_method, language: 'en_US' } })
  const reply = await ask('SMS')
  expectGraphWait(reply, 400, 136024, half)
  const error = errorOf(reply) as { is_transient?: boolean; error_data?: { details: string } }
  assert.match(String(error.error_data?.details), /code_method VOICE/)
  assert.equal(error.is_transient, false)
  assert.equal((await ask('VOICE')).status, 200)
})

test('the On-Premises client says 1015, and that voice goes', async () => {
  const { client, admin } = await newClient(pages)
  const ask = (method: string) =>
    client.send('POST', '/account', { token: admin, json: registration(national(300), { method }) })
  expectError(await ask('sms'), 429, 1015, /paused\. Ask for it with method voice\..* Try again in 43200 seconds\.$/)
  assert.ok((await ask('voice')).status < 300)
})

test('the manager pages say when, and to have oneself called, in the language of the person', async () => {
  const business = await pages.business()
  const phone = await pages.added(business, national(400))
  const invited = await operate('POST', `businesses/${business.waba}/admins`, { email: 'anna@bakery.example' })
  for (const [language, words] of [
    ['en', /That works again in 12 hours.*? \([^)]*\)\. Have yourself called instead/],
    ['ar', /اطلب مكالمة/],
  ] as const) {
    const them = visitor(pages.url, language)
    const link = new URL(String(invited.body.link)).pathname
    if (language === 'en') {
      await them.get(link)
      await them.post(link, { new: 'seven quiet rivers', again: 'seven quiet rivers' })
    }
    assert.equal((await them.signIn('anna@bakery.example', 'seven quiet rivers')).status, 303)
    await them.get(`/manager/numbers/${phone.id}`)
    const answer = await them.post(`/manager/numbers/${phone.id}/code`, { method: 'sms' })
    assert.deepEqual([answer.status, words.test(read(answer.text))], [429, true], read(answer.text))
  }
})

test('an account holder whose country is paused is told to use another device or the Recovery Key, by API and page', async () => {
  const owner = await pages.turnedOn()
  const them = await pages.entered(owner)
  await pages.advance('PT2M')
  assert.equal((await operate('POST', 'sending/pauses', { country: 'US', for: 3600 })).status, 200)
  const sign = await pages.begun(owner)
  const reply = await sign.step('code', { device: owner.device })
  assert.deepEqual(
    [reply.status, reply.body.kind, reply.headers['retry-after'], reply.body.other_ways],
    [429, 'codes_paused', '3600', ['other_device', 'other_number', 'recovery_key']],
  )
  await them.get('/account/step-up')
  const page = await them.post('/account/step-up/device', { device: owner.device })
  assert.equal(page.status, 429, page.text)
  assert.match(read(page.text), /No codes are sent to this number for now\. That works again in 60 minutes/)
  assert.match(read(page.text), /or your Recovery Key/)
  // The Recovery Key does open.
  await expecting(200, sign.step('recovery-key', { recovery_key: owner.recoveryKey }))
  assert.equal((await operate('DELETE', 'sending/pauses', { country: 'US' })).status, 204)
  const again = await pages.begun(owner)
  await expecting(202, again.step('code', { device: owner.device }))
})

test('the operator sees what is paused, why, since and until when, stops by hand and releases', async () => {
  const [block] = (await paused()).paused.filter(each => each.prefix === range)
  assert.deepEqual([block?.why, block?.method], ['few_came_back', 'sms'])
  assert.equal(Date.parse(String(block?.until)) - Date.parse(String(block?.since)) >= half * 1000, true)

  assert.equal((await operate('POST', 'sending/pauses', {})).status, 200)
  const held = await begin('7400220002')
  assert.deepEqual([held.status, held.body.kind, held.headers['retry-after']], [429, 'codes_paused', undefined])
  assert.deepEqual(held.body.other_ways, ['other_number'])
  const all = (await paused()).paused.find(each => each.all === true)
  assert.deepEqual([all?.why, all?.until], ['held', null])
  assert.equal((await operate('DELETE', 'sending/pauses')).status, 204)
  assert.equal((await begin('7400220002')).status, 201)

  assert.equal((await operate('POST', 'sending/pauses', { prefix: '+44740055' })).status, 200)
  assert.equal((await begin('7400550001', 'voice')).status, 429)
  assert.equal((await operate('DELETE', 'sending/pauses', { prefix: range })).status, 204)
  assert.deepEqual(
    (await paused()).paused.map(each => each.prefix),
    ['+44740055'],
  )
  assert.equal((await begin(national(500))).status, 201)
})

test('what names no country or prefix is refused by its field, and nobody but the operator sees or stops anything', async () => {
  for (const json of [
    { country: 'XX' },
    { country: 'gb' },
    { prefix: '44740021' },
    { prefix: '+4' },
    { prefix: '+999999' },
    { prefix: '+44740021', country: 'GB' },
    { for: 0 },
    { for: 'P1D' },
    { everything: true },
  ]) {
    const reply = await operate('POST', 'sending/pauses', json)
    assert.deepEqual([reply.status, reply.body.kind], [400, 'invalid_request'], JSON.stringify(json))
  }
  assert.equal((await pages.send('GET', '/api/v1/operator/sending', { token: key })).status, 401)
  assert.equal((await pages.send('POST', '/api/v1/operator/sending/pauses', { token: key, json: {} })).status, 401)
})

test('the metrics count what was sent, what came back, and each reason for which nothing was', async () => {
  const { text } = await pages.send('GET', '/metrics')
  for (const what of ['sent', 'came_back', 'few_came_back', 'held']) {
    assert.match(text, new RegExp(`twostep_phone_codes_total\\{what="${what}"\\} [1-9]`))
  }
  assert.match(text, /twostep_phone_code_pauses_total\{what="prefix"\} 1\b/)
  assert.doesNotMatch(text, /\+?44740021/)
})
