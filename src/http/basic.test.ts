import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBasic } from './basic.ts'

const encoded = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')
const read = (header: string | undefined) => {
  const given = readBasic(header)
  return given.kind === 'basic' ? [given.name, given.password.reveal()] : given.kind
}

test('name and password part at the first colon, in any spelling of the scheme, padded or not', () => {
  // RFC 7617 §2.
  assert.deepEqual(read('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='), ['Aladdin', 'open sesame'])
  assert.deepEqual(read('bASIC  QWxhZGRpbjpvcGVuIHNlc2FtZQ '), ['Aladdin', 'open sesame'])
  // RFC 7617 §2.1: a pound sign in UTF-8.
  assert.deepEqual(read('Basic dGVzdDoxMjPCow=='), ['test', '123£'])
  assert.deepEqual(read(`Basic ${encoded('ada@example.com:a:b:')}`), ['ada@example.com', 'a:b:'])
  assert.deepEqual(read(`Basic ${encoded(':')}`), ['', ''])
})

test('a byte order mark is part of a name and is not swallowed', () => {
  assert.deepEqual(read(`Basic ${encoded('\ufeffada:x')}`), ['\ufeffada', 'x'])
})

test('what is no pair of UTF-8 texts in base64 is malformed', () => {
  for (const header of [
    'Basic',
    'Basic  ',
    `Basic ${encoded('no colon')}`,
    'Basic YWRhOng=YWRhOng=',
    'Basic YWRh_ng-',
    'Basic YWRhO',
    `Basic ${encoded(Uint8Array.of(0x61, 0x3a, 0xff))}`,
    `Basic ${encoded('ada:x\u0000')}`,
    `Basic ${encoded('ada\n:x')}`,
    `Basic ${encoded('ada:x\u0085')}`,
    `Basic ${encoded(`ada:${'x'.repeat(2_000)}`)}`,
    '(Basic) YWRhOng=',
  ]) {
    assert.equal(read(header), 'malformed', header)
  }
})

test('no header and another scheme are told apart', () => {
  assert.equal(read(undefined), 'absent')
  assert.equal(read('  '), 'absent')
  assert.equal(read('Bearer YWRhOng='), 'other')
})
