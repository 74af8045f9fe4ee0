// Changing a phone number: the runner's four steps, with the notices of a change written into the same commit.

import { type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { Change } from '#core/registration-lock/change.ts'
import { aged, type ClaimId, claimOf, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Subject } from '#records/records.ts'
import { composeNotices } from './notices.ts'
import { change } from './runner.ts'
import type { Call, World } from './world.ts'

/** What a decision about a number comes to. */
export type NumberStep<E> = {
  readonly ending: E
  readonly change?: Change | undefined
  /** Messages beside the notices of the change. */
  readonly messages?: readonly Outgoing[]
}

/** Changes the number with this subject id. It was looked up, so it is there: numbers are never removed. */
export async function changeNumber<E>(
  world: World,
  call: Call,
  id: string,
  decide: (number: PhoneNumber, now: Instant) => NumberStep<E>,
): Promise<E> {
  const ending = await change<'number', { readonly told: E }>(world, call, 'number', id, (stored, now) => {
    const number = aged(stored, now, world.limits)
    const { ending, change, messages = [] } = decide(number, now)
    if (change === undefined) return { ending: { told: ending } }
    const compose = async () => [
      ...messages,
      ...(await composeNotices(world, number, change, { door: call.door, at: now })),
    ]
    return { ending: { told: ending }, change: { next: change.next, events: change.events, messages: compose } }
  })
  assert(ending !== undefined, 'a number that was looked up is there')
  return ending.told
}

/** The number that a claim is on, if the business may see it. What it may not see looks exactly like what is not there. */
export async function numberOfClaim(
  world: World,
  business: string,
  claim: ClaimId,
): Promise<Subject<'number'> | undefined> {
  const subject = await world.records.find('number', { purpose: 'claim', value: claim })
  const by = subject === undefined ? undefined : claimOf(subject.document, claim)?.by
  if (subject === undefined || by?.kind !== 'business' || by.business !== business) return undefined
  return { ...subject, document: asOfNow(world, subject.document) }
}

/** A number as it is at this moment, for reading. */
export const asOfNow = (world: World, number: PhoneNumber): PhoneNumber =>
  aged(number, later(world.clock.now(), number.seen), world.limits)

/** Two changes as one, the second made upon the first. */
export const both = (first: Change, second: Change): Change => ({
  next: second.next,
  events: [...first.events, ...second.events],
  notices: [...first.notices, ...second.notices],
})
