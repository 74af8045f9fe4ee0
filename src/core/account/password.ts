// The password, P: what signing in begins with.
//
//   try ──▶ waits too long yet ──▶ too soon
//     └───▶ spent ──commit──▶ looked at ──┬── right: the waits of this side start over
//                                         └── wrong: the next wait is longer, up to an hour, never for good
//
// A known browser has waits of its own, strangers have theirs: a stranger's tries cost the owner's browsers nothing.

import type { Instant } from '../kernel/instant.ts'
import { delayOpens, type GrowingDelay, noDelay, spendTry } from '../throttle/growing-delay.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn } from './account.ts'
import { appPasswordsRevoked } from './app-password.ts'
import { type Caller, sideOf } from './caller.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { withoutGivenAddress } from './email-address.ts'
import { permit, type Refusal, sessionsEnded } from './session.ts'
import { changed } from './significant-change.ts'
import { knownBrowser, stolenCookie, withBrowser } from './trusted-browser.ts'
import { onAgain } from './trusted-device.ts'

export type Password = {
  readonly verifier: string
  readonly setAt: Instant
  /** Set before it was found in the list of common passwords: the owner is asked to replace it. */
  readonly weak: boolean
}

export type SpendPasswordEnding =
  /** Spent: store `next`, compare with `verifier` (without one: in the same time with nothing), then settle. */
  | ({ readonly kind: 'look'; readonly verifier: string | undefined } & Change)
  /** Not looked at. The change is there for a stolen cookie, which is noticed all the same. */
  | ({ readonly kind: 'too_soon'; readonly retryAt: Instant } & Change)

/** Spends one try at the password, for the browser or for the strangers' bucket it comes from. */
export function spendPasswordTry(account: Account, caller: Caller, now: Instant, limits: Limits): SpendPasswordEnding {
  // A cookie that was replaced long ago is a stranger's, and gives away that somebody copied it.
  const stolen = stolenCookie(account, caller, now) ?? quietly(account)
  const before = delayOf(stolen.next, caller)
  const retryAt = delayOpens(before, now, limits.account.password.delay)
  if (retryAt > now) return { kind: 'too_soon', retryAt, ...stolen }
  const side = sideOf(stolen.next, caller)
  const next = withDelay(stolen.next, caller, spendTry(before, now, limits.account.password.delay))
  const spent = quietly(next, { kind: 'password.guess_spent', side, from: caller.from })
  return { kind: 'look', verifier: account.password?.verifier, ...and(stolen, spent) }
}

/** Whether the account still has the password that a try was compared with. */
export const passwordStillStands = (account: Account, verifier: string): boolean =>
  account.password?.verifier === verifier

/** A right password starts the waits of its side over. `remade` replaces a verifier of an older key or cost. */
export function passwordRight(account: Account, caller: Caller, remade: string | undefined): Change {
  const cleared = withDelay(account, caller, noDelay)
  const password = cleared.password && { ...cleared.password, verifier: remade ?? cleared.password.verifier }
  const side = sideOf(account, caller)
  return quietly({ ...cleared, password }, { kind: 'password.right', side, from: caller.from })
}

/** The password was wrong; the try was paid for already. */
export const passwordWasWrong = (account: Account, caller: Caller): Change =>
  quietly(account, { kind: 'password.wrong', side: sideOf(account, caller), from: caller.from })

const delayOf = (account: Account, caller: Caller): GrowingDelay =>
  knownBrowser(account, caller.browser)?.delay ?? account.strangers[caller.bucket] ?? noDelay

function withDelay(account: Account, caller: Caller, delay: GrowingDelay): Account {
  const browser = knownBrowser(account, caller.browser)
  if (browser !== undefined) return withBrowser(account, { ...browser, delay })
  const buckets = Math.max(account.strangers.length, caller.bucket + 1)
  const strangers = Array.from({ length: buckets }, (_, at) =>
    at === caller.bucket ? delay : (account.strangers[at] ?? noDelay),
  )
  return { ...account, strangers }
}

// ——— changing it

export type NewPassword = {
  readonly verifier: string
  /** A significant change mails a "not me" link where it makes the account wait: what its secret is checked against. */
  readonly notMe: string
}

export type ChangePasswordEnding =
  | ({ readonly kind: 'changed' } & Change)
  /** The application keeps its users' passwords. */
  | { readonly kind: 'no_password' }
  | Refusal

/** The owner changes the password: fresh P, and fresh D too while two-step is on. Other sessions end. */
export function changePassword(
  account: Account,
  change: NewPassword & { readonly session: string },
  now: Instant,
  limits: Limits,
): ChangePasswordEnding {
  const may = permit(account, change.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (account.password === undefined) return { kind: 'no_password' }
  const done = withNewPassword(account, change, 'password_changed', now, limits)
  const ended = sessionsEnded(done.next, each => each.id === change.session, 'password_changed')
  const notice = tell(account, 'password_changed', now, { from: may.session.from })
  return { kind: 'changed', ...and({ ...done, notices: [...done.notices, notice] }, ended) }
}

/**
 * The account with a new password, however it came about. App-specific passwords go with the old one, and so does
 * everything that it opened and that is not finished; strangers' waits start over, for what they tried is worth nothing.
 */
export function withNewPassword(
  account: Account,
  made: NewPassword,
  why: 'password_changed' | 'password_reset',
  now: Instant,
  limits: Limits,
): Change {
  const revoked = appPasswordsRevoked(account, now)
  const next: Account = {
    ...withoutGivenAddress(isOn(account) ? onAgain(revoked.next) : revoked.next),
    password: { verifier: made.verifier, setAt: now, weak: false },
    strangers: [],
    signIns: [],
    challenges: account.challenges.filter(each => each.purpose !== 'sign-in'),
    mailedReset: { ...account.mailedReset, out: undefined },
  }
  const event = { kind: why === 'password_reset' ? 'password.reset' : 'password.changed' } as const
  const done = and(revoked, quietly(next, event))
  return and(done, changed(done.next, why, made.notMe, now, limits))
}
