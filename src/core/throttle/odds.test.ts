// The odds that people are told, held against the table and against counting by hand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, classic, strict } from '#test/simulation/a-number.ts'
import { day, hour } from '../kernel/instant.ts'
import { delayOpens, noDelay, spendTry } from './growing-delay.ts'
import type { Limits } from './limits.ts'
import { type Guessable, guessable, odds, pinGuessesIn, triesIn } from './odds.ts'

const of = (limits: Limits, secret: Guessable) => {
  const found = odds(limits).find(each => each.secret === secret)
  assert(found !== undefined)
  return found
}

test('every secret has its odds in both profiles, between nothing and certainty, and a year is no shorter than a challenge', () => {
  for (const limits of [classic, strict]) {
    assert.deepEqual(
      odds(limits).map(each => each.secret),
      guessable,
    )
    for (const { perChallenge, perYear } of odds(limits)) {
      assert(perChallenge.chance > 0 && perChallenge.chance <= perYear.chance && perYear.chance < 1)
      assert(perChallenge.guesses <= perYear.guesses)
    }
  }
})

test('classic: three looks at four digits are 3 in 10 000, and thirty in a row, the most, are 3 in 1 000', () => {
  const { perChallenge, perYear } = of(classic, 'device code')
  assert.deepEqual(perChallenge, { guesses: 3, chance: 3 / 10_000 })
  assert.equal(perYear.guesses, 30)
  assert(Math.abs(perYear.chance - 0.002996) < 1e-6)
})

test('strict: five looks at six digits are 1 in 200 000, and a hundred in a row 1 in 10 000', () => {
  const { perChallenge, perYear } = of(strict, 'device code')
  assert.deepEqual(perChallenge, { guesses: 5, chance: 5 / 1_000_000 })
  assert.equal(perYear.guesses, 100)
  assert(Math.abs(perYear.chance - 0.0001) < 1e-8)
})

test('the PIN: five or ten at once, then a hundred at most in all the years', () => {
  assert.deepEqual([of(classic, 'PIN').perChallenge.guesses, of(strict, 'PIN').perChallenge.guesses], [5, 10])
  for (const limits of [classic, strict]) assert.equal(of(limits, 'PIN').perYear.guesses, 100)
  assert.equal(pinGuessesIn(1, classic), 5)
  assert.equal(pinGuessesIn(day, strict), 10)
  assert.equal(pinGuessesIn(day + 1, strict), 11)
})

test('an ownership code: five codes a day with five looks each', () => {
  assert.equal(of(classic, 'ownership code').perYear.guesses, 365 * 25)
})

test('tries behind a growing delay are counted as the delay lets them through', () => {
  const policy = classic.account.password.delay
  for (const span of [1, 10_000, hour, 5 * hour, 3 * day]) {
    let delay = noDelay
    let now = at(0)
    let tries = 0
    for (;;) {
      now = delayOpens(delay, now, policy)
      if (now >= at(span)) break
      delay = spendTry(delay, now, policy)
      tries += 1
    }
    assert.equal(triesIn(span, policy), tries, `in ${span} ms`)
  }
  assert.equal(triesIn(10 * day, classic.account.recoveryKey.delay), 100)
})

test('a year of blind guessing at a password, a Recovery Key or an app-specific password comes to nothing', () => {
  assert(of(classic, 'password').perYear.chance < 1e-6)
  assert(of(strict, 'password').perYear.chance < 1e-15)
  assert(of(classic, 'Recovery Key').perYear.chance < 1e-7)
  assert(of(classic, 'app-specific password').perYear.chance < 1e-11)
})
