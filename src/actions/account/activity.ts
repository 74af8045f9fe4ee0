// What happened to an account, for its owner: the journal's events in plain words, newest first, a page at a time.

import { describeActivity } from '#core/account/activity.ts'
import type { AccountEvent } from '#core/account/change.ts'
import { permit, type Refusal } from '#core/account/session.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { World } from '../world.ts'
import type { AtSession } from './account.ts'

export type Happening = {
  /** Counts from 1, in order. */
  readonly sequence: number
  readonly at: Instant
  readonly door: Door
  readonly kind: AccountEvent['kind']
  /** In English. Pages have words of their own languages for the event itself. */
  readonly words: string
  readonly event: AccountEvent
}

export type LookAtActivityEnding =
  | {
      readonly kind: 'activity'
      readonly happenings: readonly Happening[]
      /** Give it as `before` for the next page; `undefined` at the beginning of all. */
      readonly next: number | undefined
    }
  | Refusal

/** One page, at most `limit`. `before`: only what happened before that event. */
export async function lookAtActivity(
  world: World,
  at: AtSession,
  page: { readonly before: number | undefined; readonly limit: number },
): Promise<LookAtActivityEnding> {
  const may = permit(at.account, at.session.id, 'full', at.now, world.limits)
  if (may.kind !== 'permitted') return may
  const newest = (await world.records.load('account', at.id))?.head.sequence ?? 0
  const before = Math.min(page.before ?? Number.POSITIVE_INFINITY, newest + 1)
  const from = Math.max(1, before - page.limit)
  const happenings = before <= from ? [] : await happened(world, at.id, from, before - from)
  return { kind: 'activity', happenings: happenings.toReversed(), next: from > 1 ? from : undefined }
}

/** Events of an account in order, from the one with that number. */
export async function happened(world: World, account: string, from: number, limit: number): Promise<Happening[]> {
  const entries = await world.records.journal('account', account, from, limit)
  return entries.flatMap(({ sequence, at, door, event }) => {
    // Closed while it was read: the rest of it is gone.
    if (event.kind === 'forgotten') return []
    return { sequence, at, door, kind: event.kind, words: describeActivity(event), event }
  })
}
