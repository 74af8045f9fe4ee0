// A forgotten password while two-step verification is off: a link is mailed, and its holder sets a new password.
//
//   none ── asked for ──▶ out (24 h, once; a new one replaces it) ── new password, by POST ──▶ none
//
// With two-step on there is no such link: a mailbox is none of the three proofs. The mail says so instead, for whoever asks is
// answered alike. One that was out when two-step was turned on is void. A link never signs in.

import { after, type Instant } from '../kernel/instant.ts'
import type { MailedLink } from '../registration-lock/recovery-mail.ts'
import type { Limits } from '../throttle/limits.ts'
import { take, type Window } from '../throttle/moving-window.ts'
import { type Account, isOn } from './account.ts'
import { type Change, quietly } from './change.ts'
import { afterReset } from './forgotten-password.ts'
import type { NewPassword } from './password.ts'

export type MailedReset = { readonly out: MailedLink | undefined; readonly mailed: Window }

export type MailResetEnding =
  | ({ readonly kind: 'mailed'; readonly to: readonly string[]; readonly expires: Instant } & Change)
  /** Two-step is on: K, then D. Nobody is told but the owner's mailbox, in a mail without a link. */
  | ({ readonly kind: 'two_step_is_on'; readonly to: readonly string[] } & Change)
  | { readonly kind: 'no_password' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant }

/** Mails a link to all confirmed addresses. */
export function mailReset(account: Account, verifier: string, now: Instant, limits: Limits): MailResetEnding {
  if (account.password === undefined) return { kind: 'no_password' }
  const { life, perAccount } = limits.account.mailedLink
  const taken = take(account.mailedReset.mailed, now, perAccount)
  if (taken.kind === 'full') return { kind: 'too_many_mails', retryAt: taken.until }
  // An account has one address that nobody confirmed at most: its first. Then that is where the owner is.
  const confirmed = account.addresses.filter(each => each.confirmedAt !== undefined)
  const to = (confirmed.length > 0 ? confirmed : account.addresses).map(each => each.address)
  if (isOn(account)) {
    const told = { ...account, mailedReset: { out: undefined, mailed: taken.next } }
    return { kind: 'two_step_is_on', to, ...quietly(told) }
  }
  const expires = after(now, life)
  const mailedReset = { out: { verifier, expires }, mailed: taken.next }
  return { kind: 'mailed', to, expires, ...quietly({ ...account, mailedReset }, { kind: 'password.reset_mailed' }) }
}

/** The link that can still be used. */
export function openReset(account: Account, now: Instant): MailedLink | undefined {
  const { out } = account.mailedReset
  return out !== undefined && !isOn(account) && now < out.expires ? out : undefined
}

/** The holder of the mailbox set a new password. `undefined` when that link is no longer out. */
export function resetByMail(
  account: Account,
  reset: NewPassword & { readonly link: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  if (openReset(account, now)?.verifier !== reset.link) return undefined
  return afterReset(account, reset, now, limits, undefined)
}
