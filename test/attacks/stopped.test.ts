// A server that is told to stop while a guess is being looked at, and nobody waits for the answer any more.

import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { registerNumber } from '#actions/register-number.ts'
import { Secret } from '#secrets/secret.ts'
import { call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'

test('a stop waits until what came of a spent guess is stored, also when its client has hung up', async () => {
  const sandbox = await startSandbox()
  const business = await newBusiness(sandbox.url)
  const claim = await verifiedNumber(sandbox.url, business, '7700900341')
  const body = { messaging_product: 'whatsapp', pin: '837465' }
  assert.equal((await call(sandbox.url, 'POST', `/${claim}/register`, { token: business.token, body })).status, 200)
  const number = await sandbox.world.records.find('number', { purpose: 'claim', value: claim })

  // Every hashing place is taken, so the guess is spent and then waits for as long as we like.
  const gate = Promise.withResolvers<void>()
  const { hashing } = sandbox.world.secrets
  const places = Array.from({ length: availableParallelism() }, () => hashing.reserve()?.run(() => gate.promise))
  const asking = { door: 'graph', requestId: undefined, party: undefined, signal: undefined } as const
  const guess = { number: number?.id ?? '', claim, pin: Secret.of('111111') }
  const guessed = registerNumber(sandbox.world, asking, guess)
  const stopped = sandbox.stop()
  // A stop that does not wait is over long before the loop has gone round so often.
  for (let turn = 0; turn < 20_000; turn += 1) await new Promise(resolve => setImmediate(resolve))
  gate.resolve()
  await Promise.all([...places, stopped])
  assert.equal((await guessed).kind, 'wrong_pin')

  await using again = await startSandbox({}, { folder: sandbox.folder })
  const events = (await again.world.records.journal('number', number?.id ?? '')).map(entry => entry.event.kind)
  assert.deepEqual(events.slice(-3), ['registration.attempted', 'pin.guess_spent', 'pin.wrong'])
})
