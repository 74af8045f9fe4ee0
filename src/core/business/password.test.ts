// Which passwords are refused, and that long ones of one's own are not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestPassword, weakPassword } from './password.ts'

const about = ['anna.jones@cornerbakery.example', 'Twostep', 'Corner Bakery']
const weak = (password: string, least = 10) => weakPassword(password, { least, about })

test('length is counted in characters, whatever they are made of', () => {
  assert.equal(weak('ninechars'), 'too_short')
  assert.equal(weak('🦊🐢🌵🎺🍋🧭🪁🛶🧶'), 'too_short')
  assert.equal(weak('🦊🐢🌵🎺🍋🧭🪁🛶🧶🥁'), undefined)
  assert.equal(weak('fourteen chars', 15), 'too_short')
  assert.equal(weak('ab cd'.repeat(60)), 'too_long')
  assert.equal(longestPassword, 256)
})

test('repeats, runs and what everybody takes are refused, with all the tricks that everybody knows', () => {
  for (const password of ['aaaaaaaaaa', 'abababababab', 'abcabcabcabc', '112211221122'])
    assert.equal(weak(password), 'repeats')
  for (const password of ['abcdefghijkl', '0987654321', 'qwertyuiop', 'asdfghjkl;', 'zyxwvutsrq']) {
    assert.equal(weak(password), 'repeats', password)
  }
  for (const password of [
    'Password123',
    'P@ssw0rd!!!',
    '!!letmein!!',
    '1Welcome2024',
    'iloveyou99',
    'ＰＡＳＳＷＯＲＤ１２３',
  ]) {
    assert.equal(weak(password), 'common', password)
  }
})

test('what is made of the person, the business or the service is refused', () => {
  for (const password of [
    'CornerBakery1',
    'anna.jones@cornerbakery.example',
    'twostep2026',
    'C0rner-Bakery',
    'annajones77',
  ]) {
    assert.equal(weak(password), 'about_you', password)
  }
})

test('a passphrase may hold a common word, and nothing asks for digits or signs', () => {
  for (const password of [
    'seven quiet rivers',
    'my password is a poem',
    'the corner where nobody bakes',
    'kv7-TTq2-pd81',
    'сорок два ежа',
  ]) {
    assert.equal(weak(password), undefined, password)
  }
})
