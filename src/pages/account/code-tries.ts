// How many tries are left with a code that was just entered wrong, in words.

import { html } from 'hono/html'
import { asOfNow } from '#actions/account/account.ts'
import { type CodeLeft, codeLeft, type Slot } from '#core/account/challenge.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Html } from '../layout.ts'
import type { SignedVisit } from './visit.ts'

/** As it is after the try, which was counted by a commit of its own. */
export async function triesLeft(visit: Pick<SignedVisit, 't' | 'world' | 'at'>, slot: Slot): Promise<Html> {
  const { t, world, at } = visit
  const stored = await world.records.load('account', at.id)
  if (stored === undefined) return html``
  const { account, now } = asOfNow(world, stored.document)
  const code = codeLeft(account, slot, now, world.limits)
  return code === undefined ? html`` : leftWords(t, code, now)
}

/** How many tries are left with a code, and when the next one is. */
export function leftWords(
  t: SignedVisit['t'],
  { left, opensAt, ends }: Pick<CodeLeft, 'left' | 'opensAt' | 'ends'>,
  now: Instant,
): Html {
  if (left === 0) return t.say('code.spent', { wait: t.wait(ends, now) })
  const words = t.say('code.left', { count: left })
  return opensAt > now ? html`${words} ${t.say('code.next', { wait: t.wait(opensAt, now) })}` : words
}
