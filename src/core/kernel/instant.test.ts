import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt, secondsUntil } from './instant.ts'

test('a wait in seconds is rounded up, so that nobody comes back too early, and is never negative', () => {
  const waits = [1, 999, 1_000, 1_001, 0, -1, -5_000].map(ms => secondsUntil(instantAt(10_000 + ms), instantAt(10_000)))
  assert.deepEqual(waits, [1, 1, 1, 2, 0, 0, 0])
})
