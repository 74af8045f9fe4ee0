import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appPassword, readAppPassword } from './app-password.ts'
import { systemDice } from './dice.ts'

test('a new app-specific password is sixteen letters in fours, and reads back with or without dashes', () => {
  const shown = appPassword(systemDice).reveal()
  assert.match(shown, /^[a-z]{4}(-[a-z]{4}){3}$/)
  const bare = shown.replaceAll('-', '')
  for (const spelling of [shown, bare, ` ${shown} `, shown.replaceAll('-', ' '), shown.toUpperCase()]) {
    assert.equal(readAppPassword(spelling)?.reveal(), bare)
  }
  assert.notEqual(appPassword(systemDice).reveal(), shown)
})

test('what cannot be an app-specific password is not read as one', () => {
  for (const entry of [
    '',
    'abcd-efgh-ijkl-mno',
    'abcdefghijklmnopq',
    'abcd-efgh-ijkl-mno1',
    'abcdefghijklmnoſ',
    'abcdefghijklmno\u212a',
  ]) {
    assert.equal(readAppPassword(entry), undefined, entry)
  }
})
