// Bring your own first step: an application with users of its own says that one of them passed it, and asks for the second.
//
//   application ── "my user has passed" ──▶ as after a right password: session (two-step off) or SIGN-IN ── code ──▶ session
//
// Then P means "asserted by the application". Only the application whose user this is may say so, and an account with a
// password of its own never takes its word: else an API key would be worth every password.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import { sideOf } from './caller.ts'
import { and, type Change, quietly } from './change.ts'
import { permit, proved, type Refusal, withSession } from './session.ts'
import { type FirstStep, type FirstStepEnding, firstStepDone } from './sign-in.ts'
import { stolenCookie } from './trusted-browser.ts'

type NotYours = { readonly kind: 'not_your_user' }

/** The application asserts that its user passed the first step just now. */
export function assertFirstStep(
  account: Account,
  asserted: FirstStep & { readonly application: string },
  now: Instant,
  limits: Limits,
): FirstStepEnding | NotYours {
  if (!isUserOf(account, asserted.application)) return { kind: 'not_your_user' }
  const { caller } = asserted
  const stolen = stolenCookie(account, caller, now) ?? quietly(account)
  const event = { kind: 'first_step.asserted', side: sideOf(stolen.next, caller), from: caller.from } as const
  return firstStepDone(and(stolen, quietly(stolen.next, event)), asserted, now, limits)
}

/** The application asserts that the person at this session passed the first step anew. */
export function assertStepUp(
  account: Account,
  asserted: { readonly application: string; readonly session: string },
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'stepped_up' } & Change) | NotYours | Refusal {
  if (!isUserOf(account, asserted.application)) return { kind: 'not_your_user' }
  const may = permit(account, asserted.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const next = withSession(account, proved(may.session, 'P', now))
  return { kind: 'stepped_up', ...quietly(next, { kind: 'session.stepped_up', session: asserted.session }) }
}

const isUserOf = ({ application, password, closedAt }: Account, id: string): boolean =>
  application?.id === id && password === undefined && closedAt === undefined
