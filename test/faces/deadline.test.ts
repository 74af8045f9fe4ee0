// A deadline that passes: each door says so in its own words, and nothing is left half done.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownMessages } from '#actions/sandbox.ts'
import { addNumber, call, newBusiness, operatorToken, startSandbox } from './sandbox.ts'

test('when the time for a request is up, each door answers 503 in its own words, and nothing was done', async () => {
  // Made on a patient server: only the two requests that are to be late meet the short deadline.
  const patient = await startSandbox()
  const { waba, token } = await newBusiness(patient.url)
  const id = await addNumber(patient.url, { waba, token }, '7700900321')
  await patient.stop()
  await using sandbox = await startSandbox({ TWOSTEP_REQUEST_DEADLINE: '100' }, { folder: patient.folder })
  const { url, world } = sandbox
  const number = await world.records.find('number', { purpose: 'claim', value: id })

  // Somebody else's change of the same subjects takes for ever, so these requests wait for their turn until they are late.
  const gate = Promise.withResolvers<void>()
  const held = [`number/${number?.id}`, `business/${waba}`].map(lane =>
    world.lanes(lane, undefined, () => gate.promise),
  )
  const asked = { code_method: 'SMS', language: 'en' }
  const graph = await call(url, 'POST', `/${id}/request_code`, { token, body: asked })
  const body = { permissions: ['whatsapp_business_management'] }
  const rest = await call(url, 'POST', `/api/v1/operator/businesses/${waba}/access-tokens`, {
    token: operatorToken,
    body,
  })
  gate.resolve()
  await Promise.all(held)

  assert.deepEqual([graph.status, rest.status], [503, 503])
  assert.equal(graph.headers.get('content-type'), 'application/json; charset=UTF-8')
  assert.deepEqual([(graph.body.error as { code: number }).code, rest.body.kind], [2, 'deadline_passed'])
  for (const reply of [graph, rest]) assert.equal(reply.headers.get('retry-after'), '1')
  await world.lanes(`number/${number?.id}`, undefined, async () => {})
  assert.deepEqual(await shownMessages(world, { to: ['+447700900321'], channel: undefined }), [])
})
