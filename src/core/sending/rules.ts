// The rules against pumping: thieves rent ranges of numbers and are paid for each message that reaches them, so they have
// ours sent there. Every figure that such a thief meets is here, or is a setting that these are the defaults of.

import { day, hour, type Milliseconds, minute } from '../kernel/instant.ts'
import type { CodeMethod } from '../registration-lock/ownership-code.ts'

/** What the operator decided about codes to phones. Numbers of codes and amounts: 0 is no limit. */
export type SendingPolicy = {
  /** Numbers that no range of their country's plan has: test numbers, and where hijacked routes end. */
  readonly unassigned: 'refuse' | 'send'
  /** Codes in a moving day to the numbers that differ in their last four digits only, texts and calls together. */
  readonly perPrefix: number
  /** Of the codes to such numbers, how many in a hundred have to come back right. */
  readonly leastRight: number
  /** Codes to one country in a day of UTC. */
  readonly perCountry: number
  /** What may be spent in an hour of the clock, in ten-thousandths of the currency of `prices`. */
  readonly budget: number
  readonly prices: Prices
}

/** What one code costs, in ten-thousandths: by `GB`, `GB/voice`, and `*` for the rest. */
export type Prices = Readonly<Record<string, number>>

export const defaultSending: SendingPolicy = {
  unassigned: 'refuse',
  // Ten thousand people who each want a code in three months.
  perPrefix: 100,
  // Of honest people's codes, seven to nine in ten come back; of a thief's, none.
  leastRight: 10,
  perCountry: 5_000,
  // A thousand codes at the price of one: the most that a night costs, counted in hours.
  budget: 1_000 * 10_000,
  prices: { '*': 10_000 },
}

/** Where nothing is paid for: nothing stops, but what is stopped by hand. */
export const freeSending: SendingPolicy = {
  ...{ unassigned: 'send', perPrefix: 0, leastRight: 0, perCountry: 0, budget: 0, prices: defaultSending.prices },
}

/** The figures that are not for the operator to choose. Times in milliseconds. */
export type SendingRules = {
  /** So many codes are too few to judge a prefix by. */
  readonly volume: number
  /** The same once it was blocked before: there is reason to think ill of it. */
  readonly trial: number
  /** How long a blocked prefix stays so; whatever comes then is on trial, so the block renews itself. */
  readonly block: Milliseconds
  /** How far back is looked. */
  readonly window: Milliseconds
  /** How long a code is waited for: no code lives longer. */
  readonly life: Milliseconds
  /** How many parts of what is left of a country's day, or of an hour, one node takes at once. */
  readonly shares: number
  readonly day: Milliseconds
  readonly hour: Milliseconds
}

export const sendingRules: SendingRules = {
  volume: 20,
  trial: 5,
  block: 12 * hour,
  window: day,
  life: 10 * minute,
  shares: 20,
  day,
  hour,
}

/** What a code to a country costs, in ten-thousandths. What has no price costs as much as the dearest. */
export function priceOf(prices: Prices, region: string, method: CodeMethod): number {
  const price = prices[`${region}/${method}`] ?? prices[region] ?? prices[`*/${method}`] ?? prices['*']
  return price ?? Math.max(1, ...Object.values(prices))
}
