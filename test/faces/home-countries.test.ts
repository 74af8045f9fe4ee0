// Codes go to the countries the operator named, and to no other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addNumber, call, newBusiness, startSandbox } from './sandbox.ts'

test('a code for a country that is not served is refused, costs nothing and is not sent', async () => {
  await using sandbox = await startSandbox({ TWOSTEP_HOME_COUNTRIES: 'FR,DE' })
  const { url } = sandbox
  const business = await newBusiness(url)
  const british = await addNumber(url, business, '7700900331')
  const body = { cc: '33', phone_number: '612345678', verified_name: 'Boulangerie' }
  const french = String(
    (await call(url, 'POST', `/${business.waba}/phone_numbers`, { token: business.token, body })).body.id,
  )
  const ask = (id: string) =>
    call(url, 'POST', `/${id}/request_code`, { token: business.token, body: { code_method: 'SMS', language: 'fr' } })

  const refused = await ask(british)
  assert.deepEqual([refused.status, (refused.body.error as { code: number }).code], [400, 136024])
  assert.equal((await ask(french)).status, 200)
  const sent = (await call(url, 'GET', '/sandbox/outbox')).body.messages as { to: string }[]
  assert.deepEqual(
    sent.map(each => each.to),
    ['+33612345678'],
  )
  const number = await sandbox.world.records.find('number', { purpose: 'number', value: '+447700900331' })
  assert.deepEqual(number?.document.sends, { keeper: [], others: [] })
})
