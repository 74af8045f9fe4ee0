// Which provider is asked: the first rank that can be, and within it a draw by how much of what each took arrived.
//
// What has been heard lately weighs most: every ending makes those before it count a fiftieth less. A provider that nothing
// is known of counts as good, and one that is bad still gets a little, or it could never show that it has mended.

import type { Dice } from '#secrets/dice.ts'

/** What came of a provider's messages to a country, each ending weighted by how long ago it was. */
export type TrackRecord = {
  readonly good: number
  readonly bad: number
  /** Of those it took: how many a receipt came for, and how many none. */
  readonly told: number
  readonly untold: number
}

export const unknownRecord: TrackRecord = { good: 0, bad: 0, told: 0, untold: 0 }

const fades = 0.98
const leastWeight = 0.02

export const arrived = (record: TrackRecord): TrackRecord => ({
  ...record,
  good: record.good * fades + 1,
  bad: record.bad * fades,
})
export const wentWrong = (record: TrackRecord): TrackRecord => ({
  ...record,
  good: record.good * fades,
  bad: record.bad * fades + 1,
})
export const receiptCame = (record: TrackRecord): TrackRecord => ({
  ...record,
  told: record.told * fades + 1,
  untold: record.untold * fades,
})
export const noReceiptCame = (record: TrackRecord): TrackRecord => ({
  ...record,
  told: record.told * fades,
  untold: record.untold * fades + 1,
})

/** From 0 to 1; two endings' worth of good will for whom little is known of. */
export const rateOf = ({ good, bad }: TrackRecord): number => (good + 2) / (good + bad + 2)

/** Whether receipts come for most of what it takes, and have for a while. */
export const usuallyTells = ({ told, untold }: TrackRecord): boolean => told >= 5 && told >= 2 * untold

export type Candidate<P> = { readonly provider: P; readonly rank: number; readonly record: TrackRecord }

/** Draws one of the lowest rank there is; `undefined` when there is none. */
export function draw<P>(candidates: readonly Candidate<P>[], dice: Dice): P | undefined {
  const lowest = Math.min(...candidates.map(({ rank }) => rank))
  const first = candidates.filter(({ rank }) => rank === lowest)
  // Cubed, so that what is a little worse gets noticeably less.
  const weights = first.map(({ record }) => Math.max(leastWeight, rateOf(record) ** 3))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const [high = 0, middle = 0, low = 0] = dice.bytes(3)
  let at = (all * (high * 65_536 + middle * 256 + low)) / 16_777_216
  for (const [index, weight] of weights.entries()) {
    at -= weight
    if (at < 0) return first[index]?.provider
  }
  return first.at(-1)?.provider
}
