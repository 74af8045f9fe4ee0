// A public client that nobody here wrote, unmodified, through the life of a number and its PIN.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api'
import { openDoor } from './door.ts'
import { holdToMeta } from './meta-schema.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

/** The client as its users make it. What comes back is looked at on the way. */
function clientOf(accessToken: string): WhatsAppClient {
  const watching: typeof fetch = async (input, init) => {
    const reply = await fetch(input, init)
    const path = new URL(String(input)).pathname
    const body = (await reply.clone().json()) as Record<string, unknown>
    holdToMeta({ method: init?.method ?? 'GET', path, status: reply.status, body })
    return reply
  }
  return new WhatsAppClient({ baseUrl: door.url, graphVersion: 'v24.0', accessToken, fetch: watching })
}

const json = { responseType: 'json' } as const

async function refusal(calling: Promise<unknown>): Promise<GraphApiError> {
  try {
    await calling
  } catch (error) {
    assert(error instanceof GraphApiError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the client reported no error' })
}

test('a public client adds, proves, locks, leaves and takes back a number, and writes from it', async () => {
  const business = await door.business()
  const client = clientOf(business.token)
  const { phoneNumbers, messages } = client
  const done = { success: true }

  const number = { cc: '44', phoneNumber: '7700901500', verifiedName: 'Public Bakery' }
  const { id: phoneNumberId } = await client.request<{ id: string }>('POST', `${business.waba}/phone_numbers`, {
    body: number,
    ...json,
  })
  const early = await refusal(phoneNumbers.register({ phoneNumberId, pin: '493816' }))
  assert.deepEqual([early.code, early.category, early.retry.action], [133006, 'phoneRegistration', 'fix_and_retry'])

  assert.deepEqual(await phoneNumbers.requestCode({ phoneNumberId, codeMethod: 'SMS', language: 'en_US' }), done)
  const code = await door.newestCode('+447700901500')
  assert.deepEqual(await phoneNumbers.verifyCode({ phoneNumberId, code }), { ...done, id: phoneNumberId })
  assert.deepEqual(await phoneNumbers.register({ phoneNumberId, pin: '493816' }), done)
  assert.deepEqual(await client.request('POST', phoneNumberId, { body: { pin: '058227' }, ...json }), done)

  assert.deepEqual(await phoneNumbers.deregister({ phoneNumberId }), done)
  const wrong = await refusal(phoneNumbers.register({ phoneNumberId, pin: '493816' }))
  assert.deepEqual([wrong.httpStatus, wrong.code, wrong.type], [400, 133005, 'OAuthException'])
  assert.equal(wrong.message, '(#133005) Two step verification PIN Mismatch')
  assert.equal(wrong.details, 'Two-step verification PIN incorrect.')
  assert.match(wrong.fbtraceId ?? '', /^A[0-9a-f]{22}$/)
  assert.deepEqual(await phoneNumbers.register({ phoneNumberId, pin: '058227', dataLocalizationRegion: 'DE' }), done)

  const fields = 'id,display_phone_number,status,is_pin_enabled'
  const list = await client.request<{ data: unknown[] }>('GET', `${business.waba}/phone_numbers`, {
    query: { fields },
    ...json,
  })
  assert.deepEqual(list.data, [
    { id: phoneNumberId, displayPhoneNumber: '+44 7700 901500', status: 'CONNECTED', isPinEnabled: true },
  ])

  const sent = await messages.sendText({ phoneNumberId, to: '+447700901501', body: 'Your cake is ready.' })
  assert.deepEqual(sent.contacts, [{ input: '+447700901501', waId: '447700901501' }])
  const [shown] = await door.outbox('+447700901501')
  assert.deepEqual([shown?.channel, shown?.from, shown?.text], ['whatsapp', '+447700901500', 'Your cake is ready.'])
})

test('a public client is told how long to wait after guesses that came too fast', async () => {
  const business = await door.business()
  const { id: phoneNumberId } = await door.registered(business, '493816')
  const { phoneNumbers } = clientOf(business.token)
  for (let guess = 0; guess < 5; guess += 1) {
    const wrong = await refusal(phoneNumbers.register({ phoneNumberId, pin: '604188' }))
    assert.equal(wrong.code, 133005)
  }
  const tooFast = await refusal(phoneNumbers.register({ phoneNumberId, pin: '604188' }))
  assert.equal(tooFast.code, 133009)
  assert.deepEqual(tooFast.retry, { action: 'retry_after', retryAfterMs: 60_000 })
})
