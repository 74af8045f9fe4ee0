// An application begins to register a number: a claim on it, and the code that will prove it, in one commit.

import { type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { CodeMethod } from '#core/registration-lock/ownership-code.ts'
import {
  addClaim,
  type ClaimId,
  claimOf,
  type E164,
  type PhoneNumber,
  unclaimed,
} from '#core/registration-lock/phone-number.ts'
import { asOfNow, changeNumber, type NumberStep } from './number.ts'
import { codeSender, type RequestCodeEnding } from './request-code.ts'
import { create, watched } from './runner.ts'
import { withLeave } from './sending/leave.ts'
import { type Call, Overdue, type World } from './world.ts'

export type BeginRegistration = {
  readonly application: string
  readonly number: E164
  readonly method: CodeMethod
  readonly language: string
  /** The id of the new registration. Begun twice under the same id, it is begun once and one code goes out. */
  readonly claim: ClaimId
}

export type BeginRegistrationEnding =
  | { readonly kind: 'begun'; readonly claim: ClaimId }
  | Exclude<RequestCodeEnding, { readonly kind: 'sent' }>

/**
 * Two commits: the code is counted, then claim and code. Whether the number is locked or registered changes nothing in what
 * happens here: who begins has proved nothing yet. Where no code may be sent, nothing is added either.
 */
export const beginRegistration = (
  world: World,
  call: Call,
  command: BeginRegistration,
): Promise<BeginRegistrationEnding> =>
  watched(world, 'begin_registration', async () => {
    const found = await world.records.find('number', { purpose: 'number', value: command.number })
    const now = later(world.clock.now(), found?.document.seen ?? world.clock.now())
    const number = found === undefined ? unclaimed(command.number, now) : asOfNow(world, found.document)
    const would = beginner(world, command, found?.id ?? '')(number, now)
    return withLeave<BeginRegistrationEnding, NumberStep<BeginRegistrationEnding>>(world, call, would, step =>
      begin(world, call, command, step),
    )
  })

async function begin(
  world: World,
  call: Call,
  command: BeginRegistration,
  watchedStep: (step: NumberStep<BeginRegistrationEnding>) => NumberStep<BeginRegistrationEnding>,
): Promise<BeginRegistrationEnding> {
  for (;;) {
    if (call.signal?.aborted) throw new Overdue('the time for this call is up')
    const found = await world.records.find('number', { purpose: 'number', value: command.number })
    if (found !== undefined) {
      const decide = beginner(world, command, found.id)
      return changeNumber(world, call, found.id, (number, now) => watchedStep(decide(number, now)))
    }
    const now = world.clock.now()
    const id = world.secrets.newHexId()
    const decided = watchedStep(beginner(world, command, id)(unclaimed(command.number, now), now))
    const { ending, change, messages = [] } = decided
    if (change === undefined) return ending
    const begun = { next: change.next, events: change.events, messages: async () => messages }
    // When somebody else was first, the number is there now and is found in the next round.
    if (await create(world, call, 'number', id, begun)) return ending
  }
}

function beginner(world: World, command: BeginRegistration, id: string) {
  const { application, claim } = command
  const send = codeSender(world, { ...command, number: id })
  return (number: PhoneNumber, now: Instant): NumberStep<BeginRegistrationEnding> => {
    if (claimOf(number, claim) !== undefined) return { ending: { kind: 'begun', claim } }
    const added = addClaim(number, { id: claim, by: { kind: 'application', application } }, now, world.limits)
    assert(added.kind === 'added', 'an application may claim a number again and again')
    const sent = send(added.next, now)
    if (sent.ending.kind !== 'sent' || sent.change === undefined) {
      assert(sent.ending.kind !== 'sent', 'a code that is sent is remembered')
      return { ending: sent.ending }
    }
    const gone = added.evicted === undefined ? [] : [{ kind: 'number.evicted', claim: added.evicted } as const]
    const events = [...gone, { kind: 'number.claimed', claim } as const, ...sent.change.events]
    return { ...sent, ending: { kind: 'begun', claim }, change: { ...sent.change, events } }
  }
}
