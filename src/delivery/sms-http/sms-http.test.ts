// Texts and calls over HTTP: the wire formats of Twilio, Vonage and a template, and hostile answers. Against real servers on
// this machine. What comes back is in receipts.test.ts.

import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { second } from '#core/kernel/instant.ts'
import { begin, code, type Got, httpServer, never } from '#test/delivery/house.ts'
import {
  account,
  application,
  call,
  callSid,
  here,
  id,
  json,
  type Kind,
  keys,
  production,
  providerAt,
  sending,
  sid,
  yes,
} from '#test/delivery/http-providers.ts'
import { ownershipCodeCall } from '../messages/ownership-code.ts'

const kinds = ['twilio', 'vonage', 'template'] as const

test('Twilio gets a message as its API describes it, good for as long as the code is', async () => {
  const { got, url } = await httpServer(yes.twilio)
  assert.deepEqual(await providerAt('twilio', url).send(sending(), never), { kind: 'taken', ref: sid })
  const [asked] = got
  assert.deepEqual([asked?.method, asked?.url], ['POST', `/2010-04-01/Accounts/${account}/Messages.json`])
  assert.equal(asked?.headers.authorization, `Basic ${Buffer.from(`${account}:auth-token`).toString('base64')}`)
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked?.body)), {
    ...{ To: code.to, From: 'Twostep', Body: code.text, ValidityPeriod: '600' },
    StatusCallback: `${here}/receipts/${id}`,
  })
})

test('Vonage gets a message as its API describes it, in Unicode only where it has to be', async () => {
  const { got, url } = await httpServer(yes.vonage)
  const provider = providerAt('vonage', url)
  assert.deepEqual(await provider.send(sending(), never), { kind: 'taken', ref: 'V1' })
  await provider.send(sending({ ...code, text: '验证码' }), never)
  assert.deepEqual([got[0]?.method, got[0]?.url], ['POST', '/sms/json'])
  const fields = Object.fromEntries(new URLSearchParams(got[0]?.body))
  assert.deepEqual(fields, {
    ...{ api_key: 'abcdef12', api_secret: 'the-secret', from: 'Twostep', to: '447700900123', text: code.text },
    ...{ type: 'text', ttl: '600000', 'status-report-req': '1', callback: `${here}/receipts/${id}`, 'client-ref': id },
  })
  assert.equal(new URLSearchParams(got[1]?.body).get('type'), 'unicode')
})

test('a template is filled in, each value escaped for where it stands, and none begins another', async () => {
  const { got, url } = await httpServer(yes.template)
  const text = '"}{to}\n\\ <&> 验证码 😀'
  assert.deepEqual(await providerAt('template', url).send(sending({ ...code, text }), never), {
    kind: 'taken',
    ref: '7',
  })
  assert.equal(got[0]?.url, '/send/447700900123?lang=')
  assert.equal(got[0]?.headers.authorization, 'Bearer key-of-the-template')
  assert.deepEqual(JSON.parse(got[0]?.body ?? ''), {
    ...{ to: code.to, text, callback: `${here}/receipts/${id}/proof`, ttl: 600 },
  })
})

test('a call asks for a key first, and neither Twilio nor Vonage is told the code before', async () => {
  const twilio = await httpServer(json(201, { sid: callSid, status: 'queued' }))
  const toTwilio = providerAt('twilio', twilio.url, { voice: true })
  assert.deepEqual(await toTwilio.send(sending(call), never), { kind: 'taken', ref: callSid })
  const fields = new URLSearchParams(twilio.got[0]?.body)
  const ask = '<Say language="en-GB">To hear your A&amp;B code, press any key.</Say>'
  const gather = `<Gather input="dtmf" numDigits="1" timeout="8" action="${here}/calls/${id}" method="POST">`
  assert.equal(
    fields.get('Twiml'),
    `<?xml version="1.0" encoding="UTF-8"?><Response>${gather}${ask}${ask}</Gather><Hangup/></Response>`,
  )
  assert.equal(twilio.got[0]?.url, `/2010-04-01/Accounts/${account}/Calls.json`)

  const vonage = await httpServer(json(201, { uuid: 'u-1', status: 'started' }))
  const toVonage = providerAt('vonage', vonage.url, { voice: true })
  assert.deepEqual(await toVonage.send(sending(call), never), { kind: 'taken', ref: 'u-1' })
  const asked = JSON.parse(vonage.got[0]?.body ?? '')
  assert.deepEqual(
    asked.ncco.map((each: { action: string }) => each.action),
    ['talk', 'input'],
  )
  assert.deepEqual(asked.ncco[1].eventUrl, [`${here}/calls/${id}`])
  assert.deepEqual(asked.to, [{ type: 'phone', number: '447700900123' }])
  for (const { body } of [...twilio.got, ...vonage.got]) assert(!/1, 2, 3|123456/.test(decodeURIComponent(body)))
})

test('a call in Arabic names the voice as each provider does', async () => {
  const arabic = { ...call, call: ownershipCodeCall({ language: 'ar', product: 'Twostep' }) }
  const twilio = await httpServer(json(201, { sid: callSid, status: 'queued' }))
  await providerAt('twilio', twilio.url, { voice: true }).send(sending(arabic), never)
  assert.match(new URLSearchParams(twilio.got[0]?.body).get('Twiml') ?? '', /<Say language="ar-XA">لسماع رمز Twostep/)
  const vonage = await httpServer(json(201, { uuid: 'u-1', status: 'started' }))
  await providerAt('vonage', vonage.url, { voice: true }).send(sending(arabic), never)
  assert.equal(JSON.parse(vonage.got[0]?.body ?? '').ncco[0].language, 'ar')
})

test('a call to Vonage is opened by a token that its application’s key signed, good for a minute', async () => {
  const { got, url } = await httpServer(json(201, { uuid: 'u-1', status: 'started' }))
  await providerAt('vonage', url, { voice: true }).send(sending(call), never)
  const [, head = '', claims = '', mac = ''] =
    /^Bearer (.+)\.(.+)\.(.+)$/.exec(got[0]?.headers.authorization ?? '') ?? []
  assert(verify('sha256', Buffer.from(`${head}.${claims}`), keys.publicKey, Buffer.from(mac, 'base64url')))
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString())
  assert.deepEqual([said.application_id, said.iat, said.exp - said.iat], [application, begin / 1_000, 60])
  assert.match(said.jti, /^[0-9a-f]{32}$/)
})

// ——— hostile answers

test('a 200 with an error inside is no yes, and says whether another number, another time or another provider', async () => {
  const vonage = (status: string) => json(200, { messages: [{ status, 'error-text': 'your code is 123456' }] })
  const cases: [Kind, (got: Got, response: ServerResponse) => void, object][] = [
    ['vonage', vonage('1'), { kind: 'later', fault: 'throttled', wait: second }],
    ['vonage', vonage('4'), { kind: 'failed', fault: 'vonage_4' }],
    ['vonage', vonage('9'), { kind: 'failed', fault: 'vonage_9' }],
    ['vonage', vonage('7'), { kind: 'declined', fault: 'vonage_7' }],
    ['vonage', vonage('0 OK'), { kind: 'failed', fault: 'garbage' }],
    ['template', json(202, { messages: [{ id: 1, state: 'no_credit' }] }), { kind: 'failed', fault: 'says_no' }],
    ['twilio', json(201, { sid, status: 'failed', error_code: 30_001 }), { kind: 'failed', fault: 'failed_at_once' }],
    ['twilio', json(400, { code: 21_211, message: code.text }), { kind: 'declined', fault: 'twilio_21211' }],
    ['twilio', json(401, { code: 20_003 }), { kind: 'failed', fault: 'twilio_20003' }],
    ['twilio', json(429, { code: 20_429 }), { kind: 'later', fault: 'throttled', wait: 2 * second }],
    ['template', json(429, {}), { kind: 'later', fault: 'throttled', wait: 2 * second }],
  ]
  for (const [kind, answer, ending] of cases) {
    const { url } = await httpServer(answer)
    assert.deepEqual(await providerAt(kind, url).send(sending(), never), ending, kind)
  }
})

test('garbage for an answer may mean that it was sent, and whatever stands in it goes nowhere', async () => {
  const garbage = ['', '<html>', '{', '[]', 'null', '{"messages":7}', '{"messages":[{}]}', '{"sid":7}', '\0'.repeat(99)]
  for (const kind of kinds) {
    for (const body of garbage) {
      const status = { twilio: 201, vonage: 200, template: 202 }[kind]
      const { url } = await httpServer((_, response) => void response.writeHead(status).end(body))
      assert.deepEqual(await providerAt(kind, url).send(sending(), never), { kind: 'silent', fault: 'garbage' }, body)
    }
  }
})

test('5xx, a redirect to anywhere, a refused connection and an inner address are failures, and nobody else is called', async () => {
  const inner = await httpServer(yes.twilio)
  for (const kind of kinds) {
    const redirect = await httpServer((_, response) => {
      response.writeHead(307, { location: `${inner.url}/latest/meta-data` }).end()
    })
    const broken = await httpServer((_, response) => void response.writeHead(503).end(code.text))
    const sent = (url: string, more = {}) => providerAt(kind, url, more).send(sending(), never)
    assert.deepEqual(await sent(redirect.url), { kind: 'failed', fault: 'http_307' })
    assert.deepEqual(await sent(broken.url), { kind: 'failed', fault: 'http_503' })
    assert.deepEqual(await sent('http://127.0.0.1:1'), { kind: 'failed', fault: 'unreachable' })
    assert.deepEqual(await sent(inner.url, { guard: production }), { kind: 'failed', fault: 'forbidden' })
  }
  assert.equal(inner.got.length, 0)
})

test('one that hangs, and one that never stops answering, are given up in time', async () => {
  for (const kind of kinds) {
    const hangs = await httpServer(() => {})
    const late = { kind: 'silent', fault: 'no_answer' }
    assert.deepEqual(await providerAt(kind, hangs.url, { timeLimit: 40 }).send(sending(), never), late)
    const endless = await httpServer((_, response) => {
      response.writeHead(201)
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(9_999), error => (error ? undefined : setImmediate(more)))
      }
      more()
    })
    const ending = await providerAt(kind, endless.url).send(sending(), never)
    assert(ending.kind === 'silent' || ending.kind === 'failed')
  }
})

test('nothing that a provider answers gets into a fault', async () => {
  const faults: string[] = []
  for (const kind of kinds) {
    for (const status of [200, 201, 202, 400, 404, 500]) {
      const said = {
        code: 'your code is 123456',
        status: code.text,
        messages: [{ status: code.text, state: code.text }],
      }
      const { url } = await httpServer(json(status, said))
      const ending = await providerAt(kind, url).send(sending(), never)
      if ('fault' in ending) faults.push(ending.fault)
    }
  }
  for (const fault of faults) assert.match(fault, /^[a-z_]+(?:_\d{1,5})?$/)
})
