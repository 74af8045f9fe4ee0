import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededDice, systemDice } from './dice.ts'
import { readRecoveryKey, recoveryKey } from './recovery-key.ts'

test('a new Recovery Key is fourteen symbols in groups, reads back, and no two are alike', () => {
  const shown = new Set<string>()
  for (let round = 0; round < 200; round++) {
    const key = recoveryKey(systemDice).reveal()
    assert.match(key, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}-[0-9A-HJKMNP-TV-Z]{2}$/)
    assert.equal(readRecoveryKey(key)?.reveal(), key.replaceAll('-', ''))
    shown.add(key)
  }
  assert.equal(shown.size, 200)
})

test('however a person spells a Recovery Key, it reads as the same one', () => {
  const bare = '0123ABCDEFGH1J'
  const spellings = ['O1 23–abcd efgh ij', 'o123-abcd-efgh-lJ', ' 0I23—ABCD−EFGH\t1j\n', '0-1-2-3-A-B-C-D-E-F-G-H-1-J']
  for (const spelling of spellings) assert.equal(readRecoveryKey(spelling)?.reveal(), bare, spelling)
})

test('what cannot be a Recovery Key is not read as one', () => {
  const wrong = [
    '',
    '0123ABCDEFGH1',
    '0123ABCDEFGH1JJ',
    '0123ABCDEFGH1U',
    '0123ABCDEFGHß',
    '0123ABCDEFGHıJ',
    '-'.repeat(65),
  ]
  for (const entry of wrong) assert.equal(readRecoveryKey(entry), undefined, entry)
})

test('a Recovery Key takes every symbol of its alphabet', () => {
  const dice = seededDice('all symbols')
  const seen = new Set(Array.from({ length: 100 }, () => recoveryKey(dice).reveal()).join(''))
  seen.delete('-')
  assert.equal(seen.size, 32)
})
