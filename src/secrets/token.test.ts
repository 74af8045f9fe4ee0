import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededDice, systemDice } from './dice.ts'
import { MalformedRecord } from './malformed-record.ts'
import { Secret } from './secret.ts'
import { makeToken, readToken, tokenMatches } from './token.ts'

const symbol = (allowed: string) => fc.constantFrom(...allowed)
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefixes = fc.string({ unit: symbol(`${letters}_`), minLength: 1, maxLength: 16 })
const ids = fc.string({ unit: symbol(`${letters}-`), minLength: 1, maxLength: 20 })

test('a token reads back to its subject and matches its verifier and no other', () => {
  fc.assert(
    fc.property(prefixes, ids, fc.string(), (prefix, id, seed) => {
      const { token, verifier } = makeToken(seededDice(seed), prefix, id)
      assert.match(token.reveal().slice(prefix.length), /^[0-9A-Za-z]{1,77}$/)
      const read = readToken(prefix, token.reveal())
      assert.ok(read !== undefined)
      assert.equal(read.subjectId, id)
      assert.equal(tokenMatches(verifier, read.secret), true)
      assert.equal(tokenMatches(makeToken(systemDice, prefix, id).verifier, read.secret), false)
    }),
  )
})

test('a token with one symbol changed, dropped or added is not read', () => {
  const { token } = makeToken(seededDice('typed wrong'), 'EAA', '104829481029381')
  const text = token.reveal()
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === 'x' ? 'y' : 'x'
    assert.equal(readToken('EAA', text.slice(0, at) + other + text.slice(at + 1)), undefined)
    assert.equal(readToken('EAA', text.slice(0, at) + text.slice(at + 1)), undefined)
    assert.equal(readToken('EAA', text.slice(0, at) + other + text.slice(at)), undefined)
  }
})

test('garbage, other prefixes and endless texts are not read', () => {
  const { token } = makeToken(systemDice, 'EAA', '1')
  const text = token.reveal()
  const garbage = ['', 'EAA', 'EAA0', 'EAAé', `EAA0${text.slice(3)}`, ` ${text}`, `${text}\n`, 'EAA'.repeat(2_000_000)]
  for (const wrong of garbage) assert.equal(readToken('EAA', wrong), undefined)
  assert.equal(readToken('twk_', text), undefined)
  assert.equal(readToken('EA', text), undefined)
  assert.equal(readToken('twk_', `twk_${text.slice(3)}`), undefined)
})

test('any text at all is either read or not, and never throws', () => {
  const texts = fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: symbol(letters), maxLength: 80 }))
  fc.assert(fc.property(texts, text => assert.equal(readToken('EAA', `EAA${text}`), undefined)))
})

test('the secret of a token is nowhere in its verifier, and does not print', () => {
  const { token, verifier } = makeToken(systemDice, 'EAA', '1')
  const read = readToken('EAA', token.reveal())
  assert.ok(read !== undefined)
  assert.ok(!verifier.includes(read.secret.reveal()))
  assert.equal(JSON.stringify({ token, read }), '{"token":"[sealed]","read":{"subjectId":"1","secret":"[sealed]"}}')
})

test('an id or prefix that does not fit is refused when making', () => {
  for (const id of ['', 'a'.repeat(21), 'a_b', 'é']) assert.throws(() => makeToken(systemDice, 'EAA', id))
  for (const prefix of ['', 'a'.repeat(17), 'a-b']) assert.throws(() => makeToken(systemDice, prefix, '1'))
})

test('a record that is not a verifier throws, and a secret that is none does not match', () => {
  const { verifier } = makeToken(systemDice, 'EAA', '1')
  for (const secret of ['', 'x', '\ud800']) assert.equal(tokenMatches(verifier, Secret.of(secret)), false)
  for (const wrong of ['', verifier.slice(0, -1), `${verifier}A`, `${verifier}\n`, verifier.replace('$1$', '$2$')]) {
    assert.throws(() => tokenMatches(wrong, Secret.of('x')), MalformedRecord)
  }
})
