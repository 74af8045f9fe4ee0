import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice } from './dice.ts'
import { createHashingQueue } from './hashing-queue.ts'
import { memoryKeyRing } from './key-ring.ts'
import { Secret } from './secret.ts'
import { createSecrets } from './secrets.ts'

function newSecrets() {
  const dice = seededDice('secrets')
  const ring = memoryKeyRing({ dice, now: instantAt(0) })
  const hashing = createHashingQueue({ parallel: 1, waiting: 1, now: () => instantAt(0) })
  return createSecrets({ ring, dice, pinParameters: { memoryKiB: 8, passes: 1, lanes: 1 }, hashing })
}

test('everything a verb makes with the secrets, it can check with them', async () => {
  const secrets = newSecrets()
  const box = secrets.seal('number 1', 'document')
  assert.equal(secrets.open('number 1', box), 'document')

  const pin = secrets.newCode(6)
  const pinVerifier = await secrets.hashing.reserve()?.run(() => secrets.makePinVerifier(pin, 'number 1'))
  assert.ok(pinVerifier !== undefined)
  assert.equal(await secrets.checkPin(pinVerifier, 'number 1', pin), true)
  assert.equal(await secrets.checkPin(pinVerifier, 'number 2', pin), false)
  assert.equal(secrets.pinVerifierIsOld(pinVerifier), false)

  const codeVerifier = secrets.makeCodeVerifier('ownership', pin)
  assert.equal(secrets.checkCode(codeVerifier, 'ownership', pin), true)
  assert.equal(secrets.checkCode(codeVerifier, 'ownership', Secret.of('none')), false)

  const { token, verifier } = secrets.makeToken('EAA', secrets.newNumericId())
  const read = secrets.readToken('EAA', token.reveal())
  assert.ok(read !== undefined && secrets.tokenMatches(verifier, read.secret))

  const signed = secrets.sign('checkpoint', Buffer.from('heads'))
  assert.equal(secrets.verify('checkpoint', Buffer.from('heads'), signed), true)
  assert.equal(secrets.publicKeys()[0]?.keyId, signed.keyId)

  const [handle] = secrets.handles('number', '+15550100')
  assert.deepEqual(secrets.keyIds(), { active: handle?.keyId, indexing: [handle?.keyId] })
})

test('printing the secrets, the ring or a key shows no key', () => {
  const secrets = newSecrets()
  const shown =
    inspect(secrets, { depth: 9, showHidden: true }) + inspect(secrets.ring.keys(), { depth: 9, showHidden: true })
  const key = secrets.ring.active()
  for (const { seal } of [key]) {
    const bytes = seal.export()
    assert.ok(!shown.includes(bytes.toString('hex').slice(0, 8)))
    assert.ok(!shown.includes(bytes.toString('base64').slice(0, 8)))
  }
  assert.ok(!/<Buffer|Uint8Array/.test(shown))
  assert.equal(JSON.stringify(key.seal), '{}')
})
