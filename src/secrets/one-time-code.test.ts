import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice, systemDice } from './dice.ts'
import { KeyRingUnusable, memoryKeyRing } from './key-ring.ts'
import { MalformedRecord } from './malformed-record.ts'
import { checkCode, makeCodeVerifier } from './one-time-code.ts'
import { Secret } from './secret.ts'

const ring = memoryKeyRing({ dice: seededDice('one-time code'), now: instantAt(0) })
const code = Secret.of('012345')

test('the right code for the right purpose is right, any other is not', () => {
  const verifier = makeCodeVerifier(ring, systemDice, 'ownership 1', code)
  assert.equal(checkCode(ring, verifier, 'ownership 1', code), true)
  assert.equal(checkCode(ring, verifier, 'ownership 2', code), false)
  for (const wrong of ['012346', '12345', '0123450', '', ' 012345', '\ud800']) {
    assert.equal(checkCode(ring, verifier, 'ownership 1', Secret.of(wrong)), false, wrong)
  }
})

test('the same code twice gives two verifiers, and neither holds it', () => {
  const one = makeCodeVerifier(ring, systemDice, 'ownership 1', code)
  assert.notEqual(one, makeCodeVerifier(ring, systemDice, 'ownership 1', code))
  assert.match(one, /^twostep-code\$1\$k[0-9a-z]{5}\$[\w-]{22}\$[\w-]{43}$/)
  assert.ok(!one.includes('012345'))
})

test('purpose and code do not run into one another', () => {
  const verifier = makeCodeVerifier(ring, systemDice, 'a1', Secret.of('23'))
  assert.equal(checkCode(ring, verifier, 'a', Secret.of('123')), false)
})

test('a code outlives a rotation, and a key that is gone is not a wrong code', () => {
  const rotating = memoryKeyRing({ dice: seededDice('rotating'), now: instantAt(0) })
  const first = rotating.active().id
  const verifier = makeCodeVerifier(rotating, systemDice, 'a', code)
  rotating.promote(rotating.addJoining(instantAt(1)))
  rotating.retire(first)
  assert.equal(checkCode(rotating, verifier, 'a', code), true)
  rotating.remove(first)
  assert.throws(() => checkCode(rotating, verifier, 'a', code), KeyRingUnusable)
})

test('a record that is not a verifier throws', () => {
  const verifier = makeCodeVerifier(ring, systemDice, 'a', code)
  const respelled = verifier.slice(0, -1) + String.fromCharCode(verifier.charCodeAt(verifier.length - 1) + 1)
  for (const wrong of [
    '',
    verifier.slice(0, -1),
    `${verifier}A`,
    `${verifier}\n`,
    respelled,
    verifier.replace('code', 'pin'),
  ]) {
    assert.throws(() => checkCode(ring, wrong, 'a', code), MalformedRecord, wrong)
  }
})
