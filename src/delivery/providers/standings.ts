// What this node knows of its providers: a breaker for each, and how each has done in each country. Kept in memory: it is
// learnt again within a minute, and what others learnt meanwhile is theirs.

import type { Instant } from '#core/kernel/instant.ts'
import type { Dice } from '#secrets/dice.ts'
import * as breaker from './breaker.ts'
import * as choice from './choice.ts'
import type { Provider, ProviderEnding } from './provider.ts'

export type Standings = ReturnType<typeof createStandings>

export function createStandings(dice: Dice, watch: { readonly opened: (provider: string) => void }) {
  const breakers = new Map<string, breaker.Breaker>()
  const records = new Map<string, choice.TrackRecord>()
  const breakerOf = (name: string) => breakers.get(name) ?? breaker.closedBreaker
  const recordOf = (name: string, country: string) => records.get(`${name}/${country}`) ?? choice.unknownRecord
  const note = (name: string, country: string, change: (record: choice.TrackRecord) => choice.TrackRecord) =>
    records.set(`${name}/${country}`, change(recordOf(name, country)))

  return {
    /** Draws one of those that may be asked now. It is asked: an open breaker lets one through. */
    draw(providers: readonly Provider[], country: string, now: Instant): Provider | undefined {
      const candidates = providers
        .filter(({ name }) => breaker.lets(breakerOf(name), now))
        .map(provider => ({ provider, rank: provider.rank, record: recordOf(provider.name, country) }))
      const drawn = candidates.length === 0 ? undefined : choice.draw(candidates, dice)
      if (drawn !== undefined) breakers.set(drawn.name, breaker.goes(breakerOf(drawn.name), now))
      return drawn
    },

    /** What an answer says about the provider. That one number is wrong says nothing bad about it. */
    answered({ name, receiptWait }: Provider, country: string, ending: ProviderEnding, now: Instant): void {
      const before = breakerOf(name)
      if (ending.kind === 'taken' || ending.kind === 'declined') breakers.set(name, breaker.succeeded())
      else if (ending.kind === 'later') breakers.set(name, breaker.held(before, now, ending.wait))
      else breakers.set(name, breaker.failed(before, now))
      if (before.kind === 'closed' && breakerOf(name).kind === 'open') watch.opened(name)
      if (ending.kind === 'failed' || ending.kind === 'silent') note(name, country, choice.wentWrong)
      if (ending.kind === 'taken' && receiptWait === undefined) note(name, country, choice.arrived)
    },

    /** What a receipt says, or that none came. */
    heard(name: string, country: string, state: 'delivered' | 'undelivered' | 'none'): void {
      note(name, country, state === 'none' ? choice.noReceiptCame : choice.receiptCame)
      if (state === 'delivered') note(name, country, choice.arrived)
      else if (state === 'undelivered' || choice.usuallyTells(recordOf(name, country))) {
        note(name, country, choice.wentWrong)
      }
    },

    usuallyTells: (name: string, country: string): boolean => choice.usuallyTells(recordOf(name, country)),
    rate: (name: string, country: string): number => choice.rateOf(recordOf(name, country)),
    isOpen: (name: string): boolean => breakerOf(name).kind !== 'closed',
  }
}
