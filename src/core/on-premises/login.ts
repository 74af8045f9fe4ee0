// Logging in: how wrong passwords are limited, so that guessing is slow and nobody is locked out.
//
//                          known place ──▶ the user's own budget ──────────┐
//   username, password ───▶│                                              ├─▶ shut: wait, unseen
//                          other place ──▶ the budget of all strangers ───┘   open: spend, store, look at the password
//
// A place is where this user logged in from before. Strangers share one budget for all names, those that do not exist
// included: with one for each name, whoever gets "wait" instead of "wrong" would know which names exist. A right password
// gives a stranger's guess back and makes the place known; it does not start the strangers' budget over, or one user's
// logins would buy guesses at another's password. A day without a guess does. Waits grow to an hour and never to a lock
// (NIST SP 800-63B-4 §3.2.2). Live tokens are not touched by any of this.

import { after, type Instant } from '../kernel/instant.ts'
import { fresh, type GuessBudget, guessDoor, spendGuess } from '../throttle/guess-budget.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Installation, type InstallationEvent, type User, userOf, withToken, withUser } from './installation.ts'

/** What a decision about an installation comes to. */
export type InstallationChange = { readonly next: Installation; readonly events: readonly InstallationEvent[] }

export type Login = { readonly username: string; readonly caller: string }

export type LoginGuessEnding =
  /** Spent: store `next`, then compare. `user` is undefined when there is none of that name: compare with nothing. */
  | ({ readonly kind: 'look'; readonly user: User | undefined; readonly known: boolean } & InstallationChange)
  | { readonly kind: 'too_soon'; readonly retryAt: Instant }

/** Spends one guess at a password. */
export function spendLogin(installation: Installation, login: Login, now: Instant, limits: Limits): LoginGuessEnding {
  const user = userOf(installation, login.username)
  const known = user !== undefined && isKnownAt(user, login.caller, now, limits)
  const budget = known ? user.guesses : rested(installation.strangers, now, limits)
  const policy = limits.passwordGuesses
  const door = guessDoor(budget, now, policy)
  if (door.kind !== 'open') return { kind: 'too_soon', retryAt: door.kind === 'shut' ? door.until : now }
  const spent = spendGuess(budget, now, policy)
  return {
    kind: 'look',
    user,
    known,
    next: known ? withUser(installation, { ...user, guesses: spent }) : { ...installation, strangers: spent },
    events: [{ kind: 'login.guess_spent', known }],
  }
}

export type RightLogin = Login & {
  /** What the guess was compared with, and how it was paid for. */
  readonly verifier: string
  readonly known: boolean
  /** A new verifier: of a new password, or of the same one under a newer key. */
  readonly remade: { readonly verifier: string; readonly isNewPassword: boolean } | undefined
  /** What the login's token is checked against; `undefined` when the login opened nothing yet. */
  readonly token: string | undefined
}

/** The password was right. `undefined` when the user or the password changed in between: then it was not, after all. */
export function loginWasRight(
  installation: Installation,
  right: RightLogin,
  now: Instant,
  limits: Limits,
): InstallationChange | undefined {
  const user = userOf(installation, right.username)
  if (user === undefined || user.verifier !== right.verifier) return undefined
  const { remade } = right
  const settled: Installation = {
    ...installation,
    strangers: right.known ? installation.strangers : givenBack(installation.strangers),
  }
  const next = withUser(settled, {
    ...user,
    verifier: remade?.verifier ?? user.verifier,
    passwordIsFirst: user.passwordIsFirst && remade?.isNewPassword !== true,
    guesses: right.known ? fresh : user.guesses,
    knownAt: knownFrom(user, right.caller, now, limits),
  })
  const events: InstallationEvent[] = [{ kind: 'login.right', known: right.known }]
  if (remade?.isNewPassword === true) events.push({ kind: 'user.password_changed' })
  if (right.token === undefined) return { next, events }
  const token = { verifier: right.token, username: right.username, expires: after(now, limits.onPremises.tokenLife) }
  return { next: withToken(next, token, limits), events }
}

/** The password was wrong, and paid for already. */
export const loginWasWrong = (installation: Installation, known: boolean): InstallationChange => ({
  next: installation,
  events: [{ kind: 'login.wrong', known }],
})

function isKnownAt(user: User, caller: string, now: Instant, limits: Limits): boolean {
  return user.knownAt.some(each => each.caller === caller && now < after(each.at, limits.onPremises.placeIsKnown))
}

function knownFrom(user: User, caller: string, now: Instant, limits: Limits): User['knownAt'] {
  const others = user.knownAt.filter(each => each.caller !== caller)
  return [...others, { caller, at: now }].slice(-limits.onPremises.placesPerUser)
}

const rested = (budget: GuessBudget, now: Instant, limits: Limits): GuessBudget =>
  budget.lastAt !== undefined && now >= after(budget.lastAt, limits.onPremises.strangersRest) ? fresh : budget

const givenBack = (budget: GuessBudget): GuessBudget =>
  budget.inARow <= 1 ? fresh : { ...budget, inARow: budget.inARow - 1, owed: Math.max(0, budget.owed - 1) }
