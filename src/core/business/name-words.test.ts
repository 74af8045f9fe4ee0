// By which words a number is found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfNumber, nameWords } from './name-words.ts'

test('a word has one spelling, whatever its case, accents and width', () => {
  for (const name of ['Café  Zürich', 'CAFE, zurich!', 'ｃａｆé–Zürich', 'Cafe\u0301 Zu\u0308rich']) {
    assert.deepEqual(nameWords(name), ['cafe', 'zurich'])
  }
  assert.deepEqual(nameWords('مخبز الرياض'), ['مخبز', 'الرياض'])
  assert.deepEqual(nameWords('东京 店'), ['东京', '店'])
})

test('a name is found by four words at most, each once, and single letters are none', () => {
  assert.deepEqual(nameWords('a b one two two three four five'), ['one', 'two', 'three', 'four'])
  assert.deepEqual(nameWords(' !? '), [])
})

test('a number is found by its last four digits', () => {
  assert.equal(endOfNumber('+447700900977'), '0977')
})
