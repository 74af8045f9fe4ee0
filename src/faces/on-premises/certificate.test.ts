import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificate } from '#test/faces/on-premises/client.ts'
import { verifiedNameOf } from './certificate.ts'

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')

test('the verified name is read out of a certificate, or out of its own base64', () => {
  assert.equal(verifiedNameOf(certificate('Test Bakery')), 'Test Bakery')
  assert.equal(verifiedNameOf(`${certificate('Bäckerei 🥖')}\n`), 'Bäckerei 🥖')
  assert.equal(verifiedNameOf(certificate('Test Bakery').replaceAll('+', '-').replaceAll('/', '_')), 'Test Bakery')
  assert.equal(verifiedNameOf(base64('Corner Bakery')), 'Corner Bakery')
})

test('what holds no name that could be shown is refused, whatever its bytes are', () => {
  const bytes = [
    [],
    [0x0a],
    [0x0a, 0xff],
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0xff, 0xfe],
  ]
  const texts = ['', '*', 'a b', '%%%%', 'A'.repeat(4_097), base64('x'), base64('x'.repeat(76)), base64('a\r\nb')]
  const inside = [certificate('x'), certificate('a\u202eb'), certificate('a\nb')]
  const cut = Buffer.from(certificate('Test Bakery'), 'base64').subarray(0, 12)
  for (const text of [...texts, ...inside, ...bytes.map(each => base64(Uint8Array.from(each))), base64(cut)]) {
    assert.equal(verifiedNameOf(text), undefined, text.slice(0, 40))
  }
})
