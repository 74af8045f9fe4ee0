// Sends a code to a device, once a decision says that one may go: the change and the message that carries it, in one commit.

import type { Account, AccountId } from '#core/account/account.ts'
import type { SendCodeEnding } from '#core/account/challenge.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { type CodesPaused, type NoLeave, withLeave } from '../sending/leave.ts'
import type { Call, World } from '../world.ts'
import { type AccountStep, accountNow, changeAccount } from './account.ts'
import { codeOnItsWay, type NewCode } from './codes.ts'

/** What asking for a code comes to, whatever it is for. */
export type CodeSending =
  | { readonly kind: 'sent'; readonly account: Account; readonly expires: Instant; readonly now: Instant }
  /** Nothing was sent, and nothing was counted. */
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant; readonly now: Instant }
  | { readonly kind: 'device_off'; readonly now: Instant }
  | CodesPaused

type Others<E> = Exclude<E, SendCodeEnding> & { readonly now: Instant }

/** What to commit of a decision about a code, with the message; `made` is the code whose verifier it was handed. */
export function sendStep<E extends { readonly kind: string }>(
  world: World,
  ending: E | SendCodeEnding,
  made: NewCode,
  now: Instant,
): AccountStep<CodeSending | Others<E>> {
  if (isSent(ending)) {
    const { change, messages } = codeOnItsWay(world, ending, made, now)
    return { ending: { kind: 'sent', account: change.next, expires: ending.expires, now }, change, messages }
  }
  return { ending: { ...ending, now } as CodeSending | Others<E> }
}

const isSent = (ending: { readonly kind: string }): ending is Extract<SendCodeEnding, { readonly kind: 'sent' }> =>
  ending.kind === 'sent'

/**
 * Changes an account by a decision that may send a code, with leave where it goes to a phone. To a number that is trusted and
 * no longer sent to, too: the operator may have changed the countries since.
 */
export async function changeAndSend<E>(
  world: World,
  call: Call,
  id: AccountId,
  decide: (account: Account, now: Instant) => AccountStep<E>,
  /** Done with leave, before the change; what it answers ends it. */
  first: () => Promise<E | undefined> = async () => undefined,
): Promise<E | CodesPaused> {
  const { account, now } = await accountNow(world, id)
  const ending = await withLeave<E, AccountStep<E>>(world, call, decide(account, now), async step => {
    const stopped = await first()
    return stopped ?? changeAccount<E>(world, call, id, (account, now) => step(decide(account, now)))
  })
  return isNotServed(ending) ? { kind: 'codes_paused', retryAt: undefined, now, ways: [] } : ending
}

const isNotServed = (ending: unknown): ending is Exclude<NoLeave, CodesPaused> => {
  const kind = (ending as NoLeave | undefined)?.kind
  return kind === 'country_not_served' || kind === 'line_not_served'
}
