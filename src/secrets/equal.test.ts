import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes, equalText } from './equal.ts'

test('bytes are equal when all of them are', () => {
  assert.ok(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)))
  assert.ok(equalBytes(new Uint8Array(0), new Uint8Array(0)))
  assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)))
  assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0)))
  assert.ok(!equalBytes(new Uint8Array(0), Uint8Array.of(0)))
})

test('texts are equal when they are the same, whatever their lengths', () => {
  assert.ok(equalText('operator', 'operator'))
  assert.ok(equalText('', ''))
  assert.ok(!equalText('operator', 'operatoR'))
  assert.ok(!equalText('operator', 'operator '))
  assert.ok(!equalText('operator', ''))
  assert.ok(!equalText('\ud800', '\udfff'))
  assert.ok(!equalText('\ud800', '\ufffd'))
})
