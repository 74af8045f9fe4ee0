import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration } from './duration.ts'

test('a duration is read to the millisecond', () => {
  const known = { P7D: 604_800_000, PT30M: 1_800_000, P1W: 604_800_000, 'PT0.001S': 1, P1DT1H1M1S: 90_061_000, PT0S: 0 }
  for (const [text, milliseconds] of Object.entries(known)) assert.equal(readDuration(text), milliseconds, text)
})

test('what has no certain length, or is no duration, is refused', () => {
  for (const text of [
    '',
    'P',
    'PT',
    'P1Y',
    'P1M',
    'P1DT',
    '7D',
    'P-1D',
    '-P1D',
    'P1.5D',
    'PT1H ',
    'P40000D',
    'p7d',
    'PT1.2345S',
  ]) {
    assert.equal(readDuration(text), undefined, text)
  }
})
