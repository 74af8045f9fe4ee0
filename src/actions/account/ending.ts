// The endings of the core as actions tell them: the change is committed and not told; what is told has the account as it is
// then, to be shown, and the moment, to count waits from.

import type { Account } from '#core/account/account.ts'
import type { Change } from '#core/account/change.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { AccountStep } from './account.ts'

type Ending = { readonly kind: string }

/** An ending without its change. Where there was one, `account` is what came of it. */
export type Told<E> = E extends Change
  ? Omit<E, keyof Change> & { readonly account: Account; readonly now: Instant }
  : E & { readonly now: Instant }

/** What to commit of an ending, and what to tell of it. */
export function told<E extends Ending>(ending: E, now: Instant): AccountStep<Told<E>> {
  if (!isChange(ending)) return { ending: { ...ending, now } as Told<E> }
  const { next, events, notices, ...rest } = ending
  return { ending: { ...rest, account: next, now } as unknown as Told<E>, change: { next, events, notices } }
}

const isChange = <E extends Ending>(ending: E): ending is E & Change => 'next' in ending
