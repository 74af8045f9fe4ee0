// Authorization headers, well formed and not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestToken, readAuthorization } from '#http/bearer.ts'

test('a bearer token is read, whatever the scheme’s case and the space around it', () => {
  for (const header of [
    'Bearer abc.-_~+/1==',
    'bearer abc.-_~+/1==',
    'BEARER   abc.-_~+/1== ',
    '\tBearer\tabc.-_~+/1==',
  ]) {
    const read = readAuthorization(header)
    assert(read.kind === 'bearer', header)
    assert.equal(read.token.reveal(), 'abc.-_~+/1==')
  }
})

test('nothing sent is absent, another scheme is named, anything else is malformed', () => {
  assert.deepEqual(readAuthorization(undefined), { kind: 'absent' })
  assert.deepEqual(readAuthorization('  '), { kind: 'absent' })
  assert.deepEqual(readAuthorization('Basic dTpw'), { kind: 'other', scheme: 'basic' })
  for (const odd of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer ü',
    'Bearer "a"',
    '"',
    `Bearer ${'a'.repeat(longestToken + 1)}`,
  ]) {
    assert.deepEqual(readAuthorization(odd), { kind: 'malformed' }, odd)
  }
  assert.equal(readAuthorization(`Bearer ${'a'.repeat(longestToken)}`).kind, 'bearer')
})

test('a door may know other words for bearer', () => {
  assert.equal(readAuthorization('OAuth abc', ['bearer', 'oauth']).kind, 'bearer')
  assert.deepEqual(readAuthorization('OAuth abc'), { kind: 'other', scheme: 'oauth' })
})

test('a token that was read does not print', () => {
  assert(!JSON.stringify(readAuthorization('Bearer abcdef')).includes('abcdef'))
})
