// The fence before the sign-in.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt, minute } from '#core/kernel/instant.ts'
import { createFence } from './fence.ts'

test('a caller tries sixty times in ten minutes; others are not in the way', () => {
  const fence = createFence()
  for (let at = 0; at < 60; at++) assert.ok(fence('192.0.2.1', instantAt(at)))
  assert.equal(fence('192.0.2.1', instantAt(100)), false)
  assert.ok(fence('192.0.2.2', instantAt(100)))
  assert.equal(fence('192.0.2.1', instantAt(10 * minute - 1)), false)
  assert.ok(fence('192.0.2.1', instantAt(10 * minute)))
})

test('a flood of callers does not grow without end, and pushes out the longest silent', () => {
  const fence = createFence()
  for (let at = 0; at < 60; at++) fence('patient', instantAt(0))
  assert.equal(fence('patient', instantAt(0)), false)
  for (let at = 0; at < 10_000; at++) fence(`caller ${at}`, instantAt(1))
  assert.ok(fence('patient', instantAt(2)), 'forgotten: the budgets of the account still know')
})
