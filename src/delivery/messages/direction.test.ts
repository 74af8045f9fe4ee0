// Values keep their direction to themselves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isolated, oneLine } from './direction.ts'

const apart = (value: string) => `\u2068${value}\u2069`

test('a value with a direction of its own, or with none, stands apart; one that reads as the text does not', () => {
  for (const [value, inEnglish, inArabic] of [
    ['Twostep', 'Twostep', apart('Twostep')],
    ['متجر', apart('متجر'), 'متجر'],
    ['متجر Acme', apart('متجر Acme'), 'متجر Acme'],
    ['Acme متجر', apart('Acme متجر'), apart('Acme متجر')],
    ['בנק', apart('בנק'), 'בנק'],
    ['+1 ••• ••• ••55', '+1 ••• ••• ••55', apart('+1 ••• ••• ••55')],
    ['192.0.2.7', '192.0.2.7', apart('192.0.2.7')],
    ['123830', '123830', '123830'],
    ['', '', ''],
  ] as const) {
    assert.equal(isolated(value, 'ltr'), inEnglish)
    assert.equal(isolated(value, 'rtl'), inArabic)
  }
})

test('a value cannot turn what is around it, end its own isolate or begin a line', () => {
  assert.equal(oneLine('a\u202Eb\u2069c\u2066d\u200Fe\u061Cf'), 'abcdef')
  assert.equal(oneLine('a\r\nBcc: b\u2028c\u0000d\u0085e'), 'a Bcc: b c d e')
  // Joiners are part of how names are written.
  assert.equal(oneLine('क्\u200Dष 👩\u200D💻'), 'क्\u200Dष 👩\u200D💻')
})
