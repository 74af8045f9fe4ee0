// Runs the vector files both ways: what was drawn makes the record, and the record gives back what it was made of.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { appPassword, readAppPassword } from '#secrets/app-password.ts'
import { handles } from '#secrets/blind-index.ts'
import { type KeyRing, KeyRingUnusable, memoryKeyRing } from '#secrets/key-ring.ts'
import { MalformedRecord } from '#secrets/malformed-record.ts'
import { checkCode, makeCodeVerifier } from '#secrets/one-time-code.ts'
import { checkPin, makePinVerifier } from '#secrets/pin-verifier.ts'
import { readRecoveryKey, recoveryKey } from '#secrets/recovery-key.ts'
import { open, seal, Unopenable } from '#secrets/sealed-box.ts'
import { Secret } from '#secrets/secret.ts'
import { sign, verify } from '#secrets/signature.ts'
import { makeToken, readToken, tokenMatches } from '#secrets/token.ts'
import { dealtDice } from './dealt-dice.ts'
import { madeVectors, vectorText } from './make.ts'
import { type KeyRingFile, keyRingText, readVectors, vectorFile } from './vectors.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const ringOf = (file: KeyRingFile, active?: string): KeyRing =>
  memoryKeyRing({ dice: dealtDice(''), now: instantAt(0), text: keyRingText(file, active) })
/** The key that a verifier names. */
const keyOf = (verifier: string): string => verifier.split('$')[2] ?? ''

/** How `act` ends: what it answers, or the name of what it throws (of a key ring's trouble, its reason). */
async function ending(act: () => unknown): Promise<string> {
  try {
    return String(await act())
  } catch (error) {
    if (error instanceof KeyRingUnusable) return error.reason
    if (error instanceof Unopenable || error instanceof MalformedRecord) return error.name
    throw error
  }
}

test('the vector files are what their maker makes, and there are no others', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(name => name.endsWith('.json'))
  assert.deepEqual(
    files.sort(),
    Object.keys(madeVectors)
      .map(name => `${name}.json`)
      .sort(),
  )
  for (const [name, vectors] of Object.entries(madeVectors)) {
    assert.equal(readFileSync(vectorFile(name), 'utf8'), vectorText(vectors), name)
  }
})

test('key ring: good files give the keys they should, bad ones are refused for their reason', async () => {
  const { good, bad } = readVectors('key-ring')
  for (const { file, indexing, derived } of good) {
    const ring = ringOf(file)
    assert.deepEqual(
      ring.indexing().map(key => key.id),
      indexing,
    )
    for (const { id, public: publicKey, sign, ...secret } of derived) {
      const key = ring.key(id)
      for (const purpose of ['seal', 'index', 'pepper', 'code'] as const) {
        assert.equal(hex(key[purpose].export()), secret[purpose], purpose)
      }
      assert.equal(hex(key.signing.export({ format: 'der', type: 'pkcs8' }).subarray(-32)), sign)
      assert.equal(hex(key.verifying.export({ format: 'der', type: 'spki' }).subarray(-32)), publicKey)
    }
  }
  for (const { text, ends, why } of bad) {
    assert.equal(await ending(() => memoryKeyRing({ dice: dealtDice(''), now: instantAt(0), text })), ends, why)
  }
})

test('sealed box: good ones are made and open, bad ones do not open', async () => {
  const { keyRing, good, bad } = readVectors('sealed-box')
  for (const { binding, plaintext, drawn, keyId, body } of good) {
    const sealed = seal(ringOf(keyRing, keyId), dealtDice(drawn), binding, Buffer.from(bytes(plaintext)).toString())
    assert.deepEqual({ keyId: sealed.keyId, body: hex(sealed.body) }, { keyId, body })
    assert.equal(hex(Buffer.from(open(ringOf(keyRing), binding, { keyId, body: bytes(body) }))), plaintext)
  }
  for (const { binding, keyId, body, ends, why } of bad) {
    assert.equal(await ending(() => open(ringOf(keyRing), binding, { keyId, body: bytes(body) })), ends, why)
  }
})

test('blind index: a value gives its indexes and no others', () => {
  const { keyRing, good, bad } = readVectors('blind-index')
  const found = (purpose: string, value: string) =>
    handles(ringOf(keyRing), purpose, value).map(({ keyId, index }) => ({ keyId, index: hex(index) }))
  for (const { purpose, value, handles } of good) assert.deepEqual(found(purpose, value), handles)
  for (const { purpose, value, index, why } of bad) {
    assert.ok(!found(purpose, value).some(handle => handle.index === index), why)
  }
})

test('PIN verifier: good ones are made and match, bad ones do not', async () => {
  const { keyRing, good, bad } = readVectors('pin-verifier')
  for (const { owner, pin, parameters, drawn, verifier } of good) {
    const ring = ringOf(keyRing, keyOf(verifier))
    assert.equal(await makePinVerifier(ring, dealtDice(drawn), parameters, owner, Secret.of(pin)), verifier)
    assert.equal(await checkPin(ringOf(keyRing), verifier, owner, Secret.of(pin)), true)
  }
  for (const { verifier, owner, pin, ends, why } of bad) {
    assert.equal(await ending(() => checkPin(ringOf(keyRing), verifier, owner, Secret.of(pin))), ends, why)
  }
})

test('one-time code: good verifiers are made and match, bad ones do not', async () => {
  const { keyRing, good, bad } = readVectors('one-time-code')
  for (const { purpose, code, drawn, verifier } of good) {
    const ring = ringOf(keyRing, keyOf(verifier))
    assert.equal(makeCodeVerifier(ring, dealtDice(drawn), purpose, Secret.of(code)), verifier)
    assert.equal(checkCode(ringOf(keyRing), verifier, purpose, Secret.of(code)), true)
  }
  for (const { verifier, purpose, code, ends, why } of bad) {
    assert.equal(await ending(() => checkCode(ringOf(keyRing), verifier, purpose, Secret.of(code))), ends, why)
  }
})

test('token: good ones are made, read and match, bad ones are unread or do not match', () => {
  const { good, bad } = readVectors('token')
  for (const { prefix, subjectId, drawn, token, verifier } of good) {
    const made = makeToken(dealtDice(drawn), prefix, subjectId)
    assert.deepEqual([made.token.reveal(), made.verifier], [token, verifier])
    const read = readToken(prefix, token)
    assert.ok(read !== undefined)
    assert.equal(read.subjectId, subjectId)
    assert.equal(tokenMatches(verifier, read.secret), true)
  }
  for (const { prefix, token, verifier, ends, why } of bad) {
    const read = readToken(prefix, token)
    assert.equal(read === undefined ? 'unread' : 'read', ends === 'unread' ? 'unread' : 'read', why)
    if (read !== undefined) assert.equal(tokenMatches(verifier, read.secret), false, why)
  }
})

const shown = {
  'recovery-key': [recoveryKey, readRecoveryKey],
  'app-password': [appPassword, readAppPassword],
} as const
for (const name of ['recovery-key', 'app-password'] as const) {
  test(`${name}: what was drawn is shown, every good entry reads the same, bad ones do not read`, () => {
    const [make, read] = shown[name]
    const { good, bad } = readVectors(name)
    for (const vector of good) {
      if (vector.drawn !== undefined) assert.equal(make(dealtDice(vector.drawn)).reveal(), vector.shown)
      for (const entry of vector.entries) assert.equal(read(entry)?.reveal(), vector.bare, entry)
    }
    for (const { entry, why } of bad) assert.equal(read(entry), undefined, why)
  })
}

test('signature: good ones are made and hold, bad ones do not', async () => {
  const { keyRing, good, bad } = readVectors('signature')
  const holds = (ring: KeyRing, { purpose, message, keyId, signature }: (typeof good)[number]): boolean =>
    verify(ring, purpose, bytes(message), { keyId, signature: bytes(signature) })
  for (const vector of good) {
    const signed = sign(ringOf(keyRing, vector.keyId), vector.purpose, bytes(vector.message))
    assert.deepEqual([signed.keyId, hex(signed.signature)], [vector.keyId, vector.signature])
    assert.equal(holds(ringOf(keyRing), vector), true)
  }
  for (const vector of bad) assert.equal(await ending(() => holds(ringOf(keyRing), vector)), vector.ends, vector.why)
})
