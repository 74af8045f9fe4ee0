// The odds of a blind guesser, reckoned from the table of limits: somebody who knows everything but the secret, asks at every
// moment that is open, and guesses every value alike. What a leak or a habit tells them is not in it.
//
// A guess is counted before it is looked at, so these are bounds and not estimates. Per year, one authenticator or subject
// is guessed at from one side; a right entry of the owner's from that very side starts a row over.

import { after, type Instant, instantAt, type Milliseconds } from '../kernel/instant.ts'
import { delayOpens, noDelay, spendTry } from './growing-delay.ts'
import { fresh, guessDoor, spendGuess } from './guess-budget.ts'
import type { CodePolicy, Limits } from './limits.ts'
import type { WindowPolicy } from './moving-window.ts'

export const guessable = [
  'device code',
  'ownership code',
  'PIN',
  'password',
  'Recovery Key',
  'app-specific password',
] as const
export type Guessable = (typeof guessable)[number]

export type Odds = {
  readonly secret: Guessable
  /** How many values there are. For a password: as many as its least length has in small letters alone. */
  readonly values: number
  /** Guesses, and the chance that one is right: until the challenge is over or the first wait that is felt. */
  readonly perChallenge: Chance
  readonly perYear: Chance
}

export type Chance = {
  readonly guesses: number
  /** From 0 to 1. */
  readonly chance: number
}

const day = 86_400_000
const year: Milliseconds = 365 * day

// Nothing charges a guess at an app-specific password; a server that answers a thousand a second, all year, is the bound.
const unchargedPerSecond = 1_000

/** The odds for every secret that can be guessed at. */
export function odds(limits: Limits): readonly Odds[] {
  const { account, ownershipCode } = limits
  const perNumber = codesPerYear(ownershipCode.perNumber)
  return [
    // Failures in a row turn the device off, whatever codes were sent in between.
    changing('device code', 10 ** account.deviceCode.digits, checksOf(account.deviceCode), account.failuresInARow),
    changing(
      'ownership code',
      10 ** ownershipCode.digits,
      checksOf(ownershipCode),
      perNumber * checksOf(ownershipCode),
    ),
    standing('PIN', 10 ** 6, atOnce(limits), pinGuessesIn(year, limits)),
    standing(
      'password',
      26 ** account.password.leastLength,
      account.password.delay.free,
      triesIn(year, account.password.delay) * account.password.strangerBuckets,
    ),
    standing(
      'Recovery Key',
      2 ** 70,
      account.recoveryKey.delay.free,
      // As many callers as there are IPv4 addresses.
      triesIn(year, account.recoveryKey.delay) * 2 ** 32,
    ),
    standing('app-specific password', 26 ** 16, 1, unchargedPerSecond * (year / 1_000)),
  ]
}

// A secret that is another one each time: every guess has the same chance.
const changing = (secret: Guessable, values: number, once: number, inAYear: number): Odds => ({
  secret,
  values,
  perChallenge: { guesses: once, chance: once / values },
  perYear: { guesses: inAYear, chance: -Math.expm1(inAYear * Math.log1p(-1 / values)) },
})

// A secret that stays: no value is tried twice.
const standing = (secret: Guessable, values: number, once: number, inAYear: number): Odds => ({
  secret,
  values,
  perChallenge: { guesses: once, chance: Math.min(1, once / values) },
  perYear: { guesses: inAYear, chance: Math.min(1, inAYear / values) },
})

const checksOf = (policy: CodePolicy): number => policy.checkWaits.length + 1

const codesPerYear = ({ limit, span }: WindowPolicy): number => Math.ceil(year / span) * limit

function atOnce(limits: Limits): number {
  const door = guessDoor(fresh, instantAt(0), limits.pinGuesses)
  return door.kind === 'open' ? door.left : 0
}

/** The most guesses at a PIN that fit into a span. */
export function pinGuessesIn(span: Milliseconds, { pinGuesses }: Limits): number {
  const ends = instantAt(span)
  let budget = fresh
  let now = instantAt(0)
  for (let guesses = 0; ; ) {
    const door = guessDoor(budget, now, pinGuesses)
    if (door.kind === 'closed') return guesses
    if (door.kind === 'shut') now = door.until
    else {
      budget = spendGuess(budget, now, pinGuesses)
      guesses += 1
    }
    if (now >= ends) return guesses
  }
}

/** The most tries that a growing delay leaves room for in a span. */
export function triesIn(span: Milliseconds, policy: Parameters<typeof delayOpens>[2]): number {
  const ends = instantAt(span)
  let delay = noDelay
  let now: Instant = instantAt(0)
  for (let tries = 0; ; tries += 1) {
    now = delayOpens(delay, now, policy)
    if (now >= ends) return tries
    // Once the longest wait is reached, the rest is a division.
    if (delay.lastAt !== undefined && now === after(delay.lastAt, policy.most) && policy.most < policy.forgetsAfter) {
      return tries + Math.ceil((ends - now) / policy.most)
    }
    delay = spendTry(delay, now, policy)
  }
}
