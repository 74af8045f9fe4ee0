import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice, systemDice } from './dice.ts'
import { KeyRingUnusable, memoryKeyRing } from './key-ring.ts'
import { MalformedRecord } from './malformed-record.ts'
import { checkPin, makePinVerifier, owaspPinParameters, type PinParameters, pinVerifierIsOld } from './pin-verifier.ts'
import { Secret } from './secret.ts'

const tiny: PinParameters = { memoryKiB: 8, passes: 1, lanes: 1 }
const newRing = () => memoryKeyRing({ dice: seededDice('pin verifier'), now: instantAt(0) })
const pin = Secret.of('493017')

test('the right PIN of the right owner is right, any other is not', async () => {
  const ring = newRing()
  const verifier = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  assert.equal(await checkPin(ring, verifier, 'number 1', pin), true)
  assert.equal(await checkPin(ring, verifier, 'number 1', Secret.of('493018')), false)
  assert.equal(await checkPin(ring, verifier, 'number 1', Secret.of('')), false)
  assert.equal(await checkPin(ring, verifier, 'number 1', Secret.of('\ud800')), false)
  assert.equal(await checkPin(ring, verifier, 'number 2', pin), false)
  const other = memoryKeyRing({ dice: seededDice('another ring'), now: instantAt(0) })
  await assert.rejects(checkPin(other, verifier, 'number 1', pin), KeyRingUnusable)
})

test('the same PIN twice gives two verifiers, and neither holds it', async () => {
  const ring = newRing()
  const one = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  const other = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  assert.notEqual(one, other)
  assert.ok(!one.includes('493017'))
  assert.match(one, /^twostep-pin\$1\$k[0-9a-z]{5}\$m=8,t=1,p=1\$[\w-]{22}\$[\w-]{43}$/)
})

test('without the pepper the right PIN does not match: the verifier of one ring fails under another with the same id', async () => {
  const ring = newRing()
  const verifier = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  const { id } = ring.active()
  const root = Buffer.alloc(32, 7).toString('base64')
  const text = JSON.stringify({
    format: 'twostep-key-ring',
    version: 1,
    keys: [{ id, state: 'active', createdAt: 0, root }],
  })
  const stranger = memoryKeyRing({ dice: systemDice, now: instantAt(0), text })
  assert.equal(await checkPin(stranger, verifier, 'number 1', pin), false)
})

test('a verifier is old by an older key or by cheaper parameters, and goes on to work', async () => {
  const ring = newRing()
  const cost = { memoryKiB: 16, passes: 2, lanes: 1 }
  const verifier = await makePinVerifier(ring, systemDice, cost, 'number 1', pin)
  assert.equal(pinVerifierIsOld(ring, verifier, cost), false)
  assert.equal(pinVerifierIsOld(ring, verifier, tiny), false)
  assert.equal(pinVerifierIsOld(ring, verifier, { ...cost, memoryKiB: 17 }), true)
  assert.equal(pinVerifierIsOld(ring, verifier, { ...cost, passes: 3 }), true)
  assert.equal(pinVerifierIsOld(ring, verifier, { ...cost, lanes: 2 }), true)
  ring.promote(ring.addJoining(instantAt(1)))
  assert.equal(pinVerifierIsOld(ring, verifier, cost), true)
  assert.equal(await checkPin(ring, verifier, 'number 1', pin), true)
})

test('parameters out of bounds are refused when making and when reading, before any memory is taken', async () => {
  const ring = newRing()
  const verifier = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  for (const wrong of [
    { memoryKiB: 7 },
    { memoryKiB: 262_145 },
    { passes: 0 },
    { passes: 17 },
    { lanes: 5 },
    { passes: 1.5 },
  ]) {
    await assert.rejects(makePinVerifier(ring, systemDice, { ...tiny, ...wrong }, 'number 1', pin))
  }
  for (const bomb of [
    'm=999999,t=1,p=1',
    'm=4194304,t=1,p=1',
    'm=8,t=99,p=1',
    'm=8,t=1,p=2',
    'm=7,t=1,p=1',
    'm=64,t=1,p=8',
  ]) {
    await assert.rejects(checkPin(ring, verifier.replace('m=8,t=1,p=1', bomb), 'number 1', pin), MalformedRecord, bomb)
  }
})

test('a record that is not a verifier throws, and its message does not repeat it', async () => {
  const ring = newRing()
  const verifier = await makePinVerifier(ring, systemDice, tiny, 'number 1', pin)
  const last = verifier.slice(-1)
  const respelled = verifier.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1)
  const wrong = ['', 'x', verifier.slice(0, -1), `${verifier}A`, ` ${verifier}`, `${verifier}\n`, respelled]
  for (const record of [...wrong, verifier.replace('$1$', '$2$'), verifier.replace('t=1', 't=01')]) {
    await assert.rejects(checkPin(ring, record, 'number 1', pin), (error: unknown) => {
      assert.ok(error instanceof MalformedRecord, record)
      assert.ok(!error.message.includes(verifier.slice(-20, -1)))
      return true
    })
    assert.throws(() => pinVerifierIsOld(ring, record, tiny), MalformedRecord)
  }
})

test('the default cost is the one OWASP names, and works', async () => {
  const ring = newRing()
  const verifier = await makePinVerifier(ring, systemDice, owaspPinParameters, 'number 1', pin)
  assert.ok(verifier.includes('$m=19456,t=2,p=1$'))
  assert.equal(await checkPin(ring, verifier, 'number 1', pin), true)
})
