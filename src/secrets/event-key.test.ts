import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemDice } from './dice.ts'
import { newEventKey, openEvent, sealEvent } from './event-key.ts'
import { Unopenable } from './sealed-box.ts'

const dice = systemDice

test('an event opens under its own key, in its own place, to the letter', () => {
  const key = newEventKey(dice)
  const text = '{"kind":"device.added","name":"Anna’s phone"}'
  const sealed = sealEvent(dice, key, 'journal/account/1/7', text)
  assert.equal(openEvent(key, 'journal/account/1/7', sealed), text)
  assert.ok(!Buffer.from(sealed, 'base64').toString('latin1').includes('device'))
  assert.notEqual(sealEvent(dice, key, 'journal/account/1/7', text), sealed)
})

test('under another key, in another place, or changed in any byte, it does not open', () => {
  const key = newEventKey(dice)
  const sealed = sealEvent(dice, key, 'place', 'text')
  assert.throws(() => openEvent(newEventKey(dice), 'place', sealed), Unopenable)
  assert.throws(() => openEvent(key, 'elsewhere', sealed), Unopenable)
  assert.throws(() => openEvent(key, 'place', ''), Unopenable)
  const bytes = Buffer.from(sealed, 'base64')
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => openEvent(key, 'place', changed.toString('base64')), Unopenable, `byte ${at}`)
  }
})
