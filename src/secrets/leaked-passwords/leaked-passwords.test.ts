// The list of leaked passwords: in order, so that searching it by halves finds all of it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isLeakedPassword } from './leaked-passwords.ts'

const lines = readFileSync(new URL('./passwords.txt', import.meta.url), 'utf8').split('\n')

test('the list is in the order of its bytes, each entry once, and ends with a line', () => {
  assert.equal(lines.at(-1), '')
  const words = lines.slice(0, -1)
  assert(words.length > 40_000)
  for (const [at, word] of words.entries()) {
    const before = words[at - 1]
    assert(before === undefined || Buffer.compare(Buffer.from(before), Buffer.from(word)) < 0, word)
    assert.equal(word, word.toLowerCase())
  }
})

test('every entry is found, the first and the last among them', async () => {
  for (const word of [lines[0], lines.at(-2), 'password', 'baseball', '1qaz2wsx']) {
    assert(await isLeakedPassword([word ?? '']), word)
  }
  for (let at = 0; at < lines.length - 1; at += 97) assert(await isLeakedPassword([lines[at] ?? '']), lines[at])
})

test('what is not on it is not found: nothing, parts of entries, and two of them', async () => {
  assert(!(await isLeakedPassword([])))
  for (const none of ['', '\n', 'passwor\nd', 'password\nbaseball', 'quiet-harbour-41', '\uffff', ' ', '~~~~~~~~~~']) {
    assert(!(await isLeakedPassword([none])), JSON.stringify(none))
  }
  assert(await isLeakedPassword(['quiet-harbour-41', 'baseball']))
})
