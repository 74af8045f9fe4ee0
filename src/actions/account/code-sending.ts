// Sends a code to a device, once a decision says that one may go: the change and the message that carries it, in one commit.

import type { Account } from '#core/account/account.ts'
import type { SendCodeEnding } from '#core/account/challenge.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { World } from '../world.ts'
import type { AccountStep } from './account.ts'
import { codeOnItsWay, type NewCode } from './codes.ts'

/** What asking for a code comes to, whatever it is for. */
export type CodeSending =
  | { readonly kind: 'sent'; readonly account: Account; readonly expires: Instant; readonly now: Instant }
  /** Nothing was sent, and nothing was counted. */
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant; readonly now: Instant }
  | { readonly kind: 'device_off'; readonly now: Instant }

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
