// What nobody holds any more is given back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { giveBackMemory } from './give-back.ts'

const unheld = (): WeakRef<object> => new WeakRef({})

test('what nobody holds is gone once memory was given back, and the collector is out of reach again', async () => {
  const gone = unheld()
  // A weak reference keeps what it shows until the turn ends.
  await setImmediate()
  giveBackMemory()
  assert.equal(gone.deref(), undefined)
  assert.equal(globalThis.gc, undefined)
})
