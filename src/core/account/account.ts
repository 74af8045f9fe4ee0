// An account as one subject: its addresses, its password, its two-step verification and everything that is open on it.
// All of it is in this one document, so that one compare-and-swap settles every race over it.
//
//     P, the password           ┐ with two-step on, any two open the account,
//     D, a code on a device     │ and no one of them does
//     K, the Recovery Key       ┘
//
// Every list has a bound, and no list is one that a stranger can fill. Secrets are never here: what they are checked
// against (verifiers) are opaque texts, made and compared outside. Time is looked at wherever something has a life, so
// nothing depends on old entries having been taken away; `tidied` only keeps the document small.

import { after, type Instant, type Milliseconds } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import type { E164 } from '../registration-lock/phone-number.ts'
import type { GrowingDelay } from '../throttle/growing-delay.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Window } from '../throttle/moving-window.ts'
import type { AppPassword } from './app-password.ts'
import type { Side } from './caller.ts'
import { type Challenge, runs } from './challenge.ts'
import type { Address, AwaitedAddress } from './email-address.ts'
import type { PasswordReset } from './forgotten-password.ts'
import type { MailedReset } from './mailed-reset.ts'
import type { Password } from './password.ts'
import type { KeyTries } from './recovery-key.ts'
import type { Identity } from './security-questions.ts'
import { isLive, type Session } from './session.ts'
import type { SignIn } from './sign-in.ts'
import type { TrustedBrowser } from './trusted-browser.ts'
import { stateAt, type TwoStep } from './two-step.ts'

export type AccountId = string

/** A new token for something: the id it is listed by and what its secret is checked against. */
export type Made = { readonly id: string; readonly verifier: string }

export type Account = {
  readonly id: AccountId
  readonly createdAt: Instant
  /** The latest moment this document was shown. Time never runs back for it, whatever a node's clock says. */
  readonly seen: Instant
  /** Whose user this is, where an application brings its own first step: its id, and its name for the user. */
  readonly application: { readonly id: string; readonly user: string } | undefined
  readonly addresses: readonly Address[]
  /** What the owner's mails are written in: a language tag. English where it is not known. */
  readonly language?: string | undefined
  /** An address that waits for the click on its mailed link. */
  readonly awaited: AwaitedAddress | undefined
  /** Links mailed to addresses that wait. */
  readonly addressMails: Window
  readonly password: Password | undefined
  /** Waits of strangers at the password, one for each of their buckets. Known browsers carry their own. */
  readonly strangers: readonly GrowingDelay[]
  readonly mailedReset: MailedReset
  readonly identity: Identity
  /** The last significant change: two-step verification cannot be begun for a while. */
  readonly changedAt: Instant | undefined
  readonly twoStep: TwoStep
  readonly sessions: readonly Session[]
  readonly browsers: readonly TrustedBrowser[]
  readonly signIns: readonly SignIn[]
  readonly resets: readonly PasswordReset[]
  readonly challenges: readonly Challenge[]
  /** Notifications sent with codes. */
  readonly notified: Readonly<Record<Side, Window>>
  /** Codes sent to numbers that are not trusted yet. */
  readonly newNumbers: readonly { readonly number: E164; readonly sends: Window }[]
  readonly keyTries: readonly KeyTries[]
  readonly appPasswords: readonly AppPassword[]
  /** Closed for good: nothing is left in the document that anything could open. */
  readonly closedAt: Instant | undefined
}

export type NewAccount = {
  readonly id: AccountId
  readonly application: Account['application']
  /** `undefined` where the application brings the first step. */
  readonly password: { readonly verifier: string; readonly weak: boolean } | undefined
  readonly addresses: readonly Address[]
  readonly language?: string | undefined
}

/** A new account, with two-step verification off. The caller makes sure that its names are free. */
export function createAccount(made: NewAccount, now: Instant, limits: Limits): Account {
  assert(made.addresses.length <= limits.account.addresses, 'an account begins with no more addresses than it may have')
  assert(made.password !== undefined || made.application !== undefined, 'somebody answers for the first step')
  return {
    id: made.id,
    createdAt: now,
    seen: now,
    application: made.application,
    addresses: made.addresses,
    language: made.language,
    awaited: undefined,
    addressMails: [],
    password: made.password && { ...made.password, setAt: now },
    strangers: [],
    mailedReset: { out: undefined, mailed: [] },
    identity: { questions: [], birthDate: undefined, tries: { tries: 0, lastAt: undefined } },
    changedAt: undefined,
    twoStep: { kind: 'off' },
    ...nothingOpen,
    closedAt: undefined,
  }
}

/** No session, no browser, no code, no app-specific password. */
export const nothingOpen = {
  sessions: [],
  browsers: [],
  signIns: [],
  resets: [],
  challenges: [],
  notified: { known: [], stranger: [], keyholder: [] },
  newNumbers: [],
  keyTries: [],
  appPasswords: [],
} as const

/** Whether two-step verification is on. */
export const isOn = (account: Account): boolean => account.twoStep.kind === 'on'

/** The account without what has run out. Secrets that were never confirmed are gone from storage with it. */
export function tidied(account: Account, now: Instant, limits: Limits): Account {
  const { life } = limits.account.mailedLink
  const sent = (window: Window) => window.filter(at => now < after(at, limits.ownershipCode.perNumber.span))
  const out = account.mailedReset.out
  const twoStep = stateAt(account.twoStep, now)
  return {
    ...account,
    twoStep,
    challenges: account.challenges.filter(
      each => runs(each, now, limits) && (each.purpose !== 'enrol' || twoStep.kind === 'enrolling'),
    ),
    awaited: account.awaited !== undefined && now < account.awaited.link.expires ? account.awaited : undefined,
    mailedReset: { ...account.mailedReset, out: out !== undefined && now < out.expires ? out : undefined },
    addressMails: account.addressMails.filter(at => now < after(at, life)),
    sessions: account.sessions.filter(each => isLive(each, now, limits)),
    signIns: account.signIns.filter(each => now < after(each.beganAt, limits.account.signIn.life)),
    resets: account.resets.filter(each => now < after(each.beganAt, limits.account.passwordReset.life)),
    newNumbers: account.newNumbers.filter(each => sent(each.sends).length > 0),
    keyTries: account.keyTries.filter(
      ({ delay: { lastAt } }) =>
        lastAt !== undefined && now < after(lastAt, limits.account.recoveryKey.delay.forgetsAfter),
    ),
  }
}

/**
 * What is begun on several sides, with one more: those that are over go, and each side makes room for its own. So whoever
 * has one proof cannot push out what began on the owner's browser.
 */
export function withOwn<T extends { readonly side: Side; readonly beganAt: Instant }>(
  list: readonly T[],
  entry: T,
  { life, most }: { readonly life: Milliseconds; readonly most: number },
): readonly T[] {
  const live = list.filter(each => entry.beganAt < after(each.beganAt, life))
  const own = live.filter(each => each.side === entry.side)
  const others = live.filter(each => each.side !== entry.side)
  return [...others, ...bounded(own, entry, most, (one, other) => one.beganAt - other.beganAt)]
}

/** A list with one more entry; where it is full, the entries that `first` puts first make room. */
export function bounded<T>(
  list: readonly T[],
  entry: T,
  most: number,
  first: (one: T, other: T) => number,
): readonly T[] {
  const over = list.length + 1 - most
  if (over <= 0) return [...list, entry]
  const leaving = new Set(list.toSorted(first).slice(0, over))
  return [...list.filter(each => !leaving.has(each)), entry]
}
