import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Dice, seededDice } from './dice.ts'
import { alphanumeric, base62, digits, hexId, numericId, symbols } from './generate.ts'

/** Pearson's chi-square of how often each symbol of `alphabet` stands in `text`, against all being equally likely. */
function chiSquare(text: string, alphabet: string): number {
  const counts = new Map<string, number>()
  for (const symbol of text) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
  const expected = text.length / alphabet.length
  return [...alphabet].reduce((sum, symbol) => sum + ((counts.get(symbol) ?? 0) - expected) ** 2 / expected, 0)
}

/** Dice that deal 0, 1, 2 … 255 in turn: every byte equally often. */
function countingDice(): Dice {
  let next = 0
  return { bytes: count => Uint8Array.from({ length: count }, () => next++ % 256) }
}

// Bounds are the chi-square quantiles at 99.9 % for 9, 61 and 25 degrees of freedom. Seeds are fixed.
const fair: readonly [string, number][] = [
  ['0123456789', 27.88],
  [base62, 100.89],
  ['abcdefghijklmnopqrstuvwxyz', 52.62],
]
for (const [alphabet, bound] of fair) {
  test(`each of ${alphabet.length} symbols is as likely as any other`, () => {
    for (const seed of ['fair 1', 'fair 2', 'fair 3']) {
      const dice = seededDice(seed)
      const drawn = Array.from({ length: 200 }, () => symbols(dice, alphabet, 1000)).join('')
      const found = chiSquare(drawn, alphabet)
      assert.ok(found < bound, `seed ${seed}: chi-square ${found} of at most ${bound}`)
    }
  })

  test(`of all 256 bytes, each of ${alphabet.length} symbols comes from equally many`, () => {
    const each = Math.floor(256 / alphabet.length)
    const drawn = symbols(countingDice(), alphabet, each * alphabet.length)
    for (const symbol of alphabet) assert.equal(drawn.split(symbol).length - 1, each)
  })
}

test('the two places of a two-digit code are independent', () => {
  const dice = seededDice('pairs')
  const seen = new Map<string, number>()
  for (let round = 0; round < 20_000; round++) {
    const code = digits(dice, 2)
    seen.set(code, (seen.get(code) ?? 0) + 1)
  }
  const found = [...seen.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
  assert.equal(seen.size, 100)
  assert.ok(found < 148.23, `chi-square ${found}`)
})

test('codes keep their leading zeros and ids have their shapes', () => {
  const dice = seededDice('shapes')
  const codes = Array.from({ length: 200 }, () => digits(dice, 6))
  for (const code of codes) assert.match(code, /^\d{6}$/)
  assert.ok(codes.some(code => code.startsWith('0')))
  for (let round = 0; round < 200; round++) assert.match(numericId(dice), /^[1-9]\d{14}$/)
  assert.match(hexId(dice), /^[0-9a-f]{32}$/)
  assert.match(alphanumeric(dice, 22), /^[0-9A-Za-z]{22}$/)
})

test('a count that is no count is refused', () => {
  for (const count of [0, -1, 1.5, Number.NaN, 1025]) assert.throws(() => digits(seededDice('none'), count))
})
