// What the client knows of weak PINs, held to what the server knows. Over all of the million it is 73,045 of 73,943.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weakPin } from '#client/index.ts'
import { type WeakPinKind, weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'

test('of every seventh PIN the client warns about what the server refuses, for the same reason, but for its list of popular ones', () => {
  const counts = { server: 0, client: 0 }
  for (let number = 0; number < 1_000_000; number += 7) {
    const pin = String(number).padStart(6, '0')
    const theirs: WeakPinKind | undefined = weakness(pin, {})?.kind
    const ours = weakPin(pin)
    if (ours !== (theirs === 'popular' ? undefined : theirs)) assert.fail(`${pin}: ${ours}, the server says ${theirs}`)
    if (theirs !== undefined) counts.server += 1
    if (ours !== undefined) counts.client += 1
  }
  assert.deepEqual(counts, { server: 11_164, client: 11_029 })
})
