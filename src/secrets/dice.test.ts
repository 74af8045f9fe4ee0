import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededDice, systemDice } from './dice.ts'

test('the system dice deal as many bytes as asked for, and never the same twice', () => {
  assert.equal(systemDice.bytes(32).length, 32)
  assert.notDeepEqual(systemDice.bytes(32), systemDice.bytes(32))
})

test('what is dealt comes once, also where one drawing ends and the next begins', () => {
  const dealt = Array.from({ length: 2_000 }, (_, at) => Buffer.from(systemDice.bytes(16 + (at % 9))).toString('hex'))
  assert.equal(new Set(dealt.map(each => each.slice(0, 32))).size, dealt.length)
  assert.equal(systemDice.bytes(5_000).length, 5_000)
  assert.ok(dealt.every(each => !/^0+$/.test(each)))
})

test('seeded dice are one stream per seed, however it is cut', () => {
  const whole = seededDice('a').bytes(10_000)
  const dice = seededDice('a')
  const pieces = [1, 0, 4095, 4097, 1807].map(count => dice.bytes(count))
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(whole))
  assert.notDeepEqual(seededDice('b').bytes(10_000), whole)
})

test('bytes that were dealt have memory of their own, and stay as they are when more are dealt', () => {
  for (const dice of [systemDice, seededDice('a')]) {
    dice.bytes(1)
    const dealt = dice.bytes(24)
    const copy = Uint8Array.from(dealt)
    assert.equal(dealt.buffer.byteLength, 24)
    dice.bytes(8192)
    assert.deepEqual(Uint8Array.from(dealt), copy)
  }
})
