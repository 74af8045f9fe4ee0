// The shop's tests. They run against a sandbox that ./with-sandbox starts: offline, with nothing to clean up.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { goLive, goOff, type Line, type Refused, tellReady } from './orders.ts'

const baseUrl = process.env.WA_BASE_URL ?? ''
const operator = process.env.TWOSTEP_OPERATOR_TOKEN ?? ''

async function call(path: string, token: string, body: object | undefined): Promise<Record<string, string>> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return (await fetch(baseUrl + path, { ...sent, headers })).json()
}

type Message = { readonly to: string; readonly text: string; readonly code?: string }

async function outbox(to: string): Promise<readonly Message[]> {
  const reply = await fetch(`${baseUrl}/sandbox/outbox?to=${encodeURIComponent(to)}`)
  return ((await reply.json()) as { messages: readonly Message[] }).messages
}

const refusedWith = (code: number) => (error: Refused) => error.code === code

let line: Line

// A business and a number of its own for this file: tests that run beside it are not in its way.
before(async () => {
  const { id: waba } = await call('/api/v1/operator/businesses', operator, {
    name: 'Shop',
    email: 'owner@shop.example',
  })
  const { access_token: token = '' } = await call(`/api/v1/operator/businesses/${waba}/access-tokens`, operator, {
    permissions: ['whatsapp_business_management', 'whatsapp_business_messaging'],
  })
  const added = { cc: '44', phone_number: '7700900345', verified_name: 'Shop' }
  const { id: phoneNumberId = '' } = await call(`/v25.0/${waba}/phone_numbers`, token, added)
  line = { baseUrl, token, phoneNumberId }
  await call(`/v25.0/${phoneNumberId}/request_code`, token, { code_method: 'SMS', language: 'en_US' })
  const [message] = await outbox('+447700900345')
  await call(`/v25.0/${phoneNumberId}/verify_code`, token, { code: message?.code })
})

test('a shop that is live tells its customers', async () => {
  await goLive(line, '837465')
  await tellReady(line, '+447700900678', '1017')
  const [message] = await outbox('+447700900678')
  assert.equal(message?.text, 'Order 1017 is ready to be picked up.')
})

test('with a wrong PIN the shop does not go live, and says why', async () => {
  await goOff(line)
  await assert.rejects(goLive(line, '111222'), refusedWith(133005))
  await goLive(line, '837465')
})

test('whoever tries too often is stopped, and three days later may go on', async () => {
  const tries = Array.from({ length: 10 }, () => goLive(line, '837465').catch((error: Refused) => error.code))
  assert((await Promise.all(tries)).includes(133016))
  await call('/sandbox/clock', '', { advance: 'P3D' })
  await goLive(line, '837465')
})
