// The Recovery Key, K: printed, kept at home, and good for two things: with P it opens a limited session, with D it resets a
// forgotten password.
//
//           shown, retyped (enrolment)              shown ── retyped within the hour
//   none ───────────────────────────▶ STANDS ◀───────────────────────────────────┐
//                                      │  └──▶ replacement shown (the old one still stands) ─┘ in that commit the old one dies
//                                      └── used, profile `strict` ──▶ none, until a new one is taken
//
// Wrong keys slow down the caller, never the account: seventy bits need no more. A try is spent before the key is looked
// at, whether or not there is a key, so that waiting does not tell whose account has one.

import { after, type Instant } from '../kernel/instant.ts'
import { delayOpens, type GrowingDelay, noDelay, spendTry } from '../throttle/growing-delay.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, bounded } from './account.ts'
import type { Caller } from './caller.ts'
import { type Change, type KeyUse, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'

export type RecoveryKey = {
  readonly verifier: string
  readonly since: Instant
  /** When the owner last showed that the key is at hand. */
  readonly confirmedAt: Instant
}

/** A key that was shown to replace the one there is, in one session. */
export type Replacement = { readonly verifier: string; readonly shownAt: Instant; readonly session: string }

/** Keys that one caller tried. */
export type KeyTries = { readonly network: string; readonly delay: GrowingDelay }

export type SpendKeyEnding =
  /** Spent: store `next`, compare with `verifier` (without one: compare with nothing, in the same time), then settle. */
  | ({ readonly kind: 'look'; readonly verifier: string | undefined } & Change)
  | { readonly kind: 'too_soon'; readonly retryAt: Instant }

/** Spends one of the caller's tries at the Recovery Key. */
export function spendKeyTry(
  account: Account,
  attempt: { readonly caller: Caller; readonly for: KeyUse },
  now: Instant,
  limits: Limits,
): SpendKeyEnding {
  const { delay: policy, callers } = limits.account.recoveryKey
  const { network, from } = attempt.caller
  const before = account.keyTries.find(each => each.network === network)?.delay ?? noDelay
  const retryAt = delayOpens(before, now, policy)
  if (retryAt > now) return { kind: 'too_soon', retryAt }
  const others = account.keyTries.filter(each => each.network !== network)
  const entry = { network, delay: spendTry(before, now, policy) }
  // Whoever tries longest ago makes room: many callers cost the account a few bytes, and seventy bits are out of reach.
  const first = (one: KeyTries, other: KeyTries) => (one.delay.lastAt ?? 0) - (other.delay.lastAt ?? 0)
  const next = { ...account, keyTries: bounded(others, entry, callers, first) }
  return {
    kind: 'look',
    verifier: keyOf(account)?.verifier,
    ...quietly(next, { kind: 'key.guess_spent', for: attempt.for, from }),
  }
}

export const keyOf = ({ twoStep }: Account): RecoveryKey | undefined =>
  twoStep.kind === 'on' ? twoStep.key : undefined

/** Whether the account still has the key that was compared. */
export const keyStillStands = (account: Account, verifier: string): boolean => keyOf(account)?.verifier === verifier

/** A right key starts the caller's tries over. */
export function keyRight(account: Account, right: { readonly caller: Caller; readonly for: KeyUse }): Change {
  const { network, from } = right.caller
  const keyTries = account.keyTries.filter(each => each.network !== network)
  return quietly({ ...account, keyTries }, { kind: 'key.right', for: right.for, from })
}

/** The key was wrong; the try was paid for already. */
export const keyWasWrong = (account: Account, wrong: { readonly caller: Caller; readonly for: KeyUse }): Change =>
  quietly(account, { kind: 'key.wrong', for: wrong.for, from: wrong.caller.from })

/** A pair with K was completed: in profile `strict` the key dies, and the owner is asked to take a new one. */
export function keyUsed(account: Account, now: Instant, limits: Limits): Change {
  const { twoStep } = account
  if (twoStep.kind !== 'on' || !limits.account.recoveryKey.diesOnUse) return quietly(account)
  return {
    next: withoutWhatItOpened({ ...account, twoStep: { ...twoStep, key: undefined, replacement: undefined } }),
    events: [{ kind: 'key.used_up' }],
    notices: [tell(account, 'key_used_up', now)],
  }
}

// Whatever an old key opened and did not finish goes with it.
function withoutWhatItOpened(account: Account): Account {
  const sessions = account.sessions.filter(each => each.level === 'full')
  const gone = [...account.sessions.filter(each => each.level !== 'full'), ...account.resets].map(each => each.id)
  const challenges = account.challenges.filter(each => !gone.includes(each.of))
  return { ...account, sessions, resets: [], challenges }
}

// ——— replacing it

export type ShowKeyEnding = ({ readonly kind: 'shown' } & Change) | { readonly kind: 'not_on' } | Refusal

/** A new key is shown. The old one stands until the new one was retyped. */
export function showNewKey(
  account: Account,
  shown: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): ShowKeyEnding {
  const may = permit(account, shown.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (account.twoStep.kind !== 'on') return { kind: 'not_on' }
  const replacement = { verifier: shown.verifier, shownAt: now, session: shown.session }
  const next = { ...account, twoStep: { ...account.twoStep, replacement } }
  return { kind: 'shown', ...quietly(next, { kind: 'key.shown' }) }
}

/** What the retyped key is to be compared with. No budget guards it: it was shown in this very session. */
export function newKeyToRetype(account: Account, session: string, now: Instant, limits: Limits): string | undefined {
  const replacement = account.twoStep.kind === 'on' ? account.twoStep.replacement : undefined
  if (replacement === undefined || replacement.session !== session) return undefined
  return now < after(replacement.shownAt, limits.account.recoveryKey.retypeWithin) ? replacement.verifier : undefined
}

export type ReplaceKeyEnding =
  | ({ readonly kind: 'replaced' } & Change)
  /** It is not that key that waits to be retyped, or it waited too long: show a new one. */
  | { readonly kind: 'not_shown' }
  | Refusal

/** The new key was retyped equal to `verifier`'s: in this commit the old one dies, with all it opened. */
export function newKeyRetyped(
  account: Account,
  retyped: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): ReplaceKeyEnding {
  const may = permit(account, retyped.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const { twoStep } = account
  if (twoStep.kind !== 'on' || newKeyToRetype(account, retyped.session, now, limits) !== retyped.verifier) {
    return { kind: 'not_shown' }
  }
  const key = { verifier: retyped.verifier, since: now, confirmedAt: now }
  return {
    kind: 'replaced',
    next: withoutWhatItOpened({ ...account, twoStep: { ...twoStep, key, replacement: undefined } }),
    events: [{ kind: 'key.replaced' }],
    notices: [tell(account, 'key_replaced', now, { from: may.session.from })],
  }
}

/**
 * The yearly question was answered with the right key: it is at hand, and asked for in a year again. This is no use of the
 * key: it stands in both profiles. `undefined` when that key was replaced in between, or the session is over.
 */
export function keyAtHand(
  account: Account,
  right: { readonly session: string; readonly caller: Caller; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const { twoStep } = account
  if (permit(account, right.session, 'full', now, limits).kind !== 'permitted') return undefined
  if (twoStep.kind !== 'on' || twoStep.key === undefined || !keyStillStands(account, right.verifier)) return undefined
  const next = { ...account, twoStep: { ...twoStep, key: { ...twoStep.key, confirmedAt: now } } }
  return keyRight(next, { caller: right.caller, for: 'yearly_question' })
}
