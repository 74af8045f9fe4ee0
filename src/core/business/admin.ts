// An admin: a person who signs in to the manager pages and looks after business accounts there. One person, one document,
// however many business accounts they look after.
//
//   invited ── chooses a password by the mailed link (24 h, once) ──▶ ready ── password right ──▶ session
//                                                                      ▲                             │
//                                                                      └── signed out, idle, old ────┘
//
// A wrong password slows down who guesses, never the owner: each browser that has signed in before counts for itself, and
// all others together. No number of wrong guesses closes the account for good.

import { after, type Instant } from '../kernel/instant.ts'
import { fresh, type GuessBudget, guessDoor, spendGuess } from '../throttle/guess-budget.ts'
import type { Limits } from '../throttle/limits.ts'

/** Members see everything, admins also change it. */
export const roles = ['admin', 'member'] as const
export type Role = (typeof roles)[number]

export type Membership = { readonly business: string; readonly role: Role; readonly since: Instant }

/** A sign-in that stands. `verifier`: what its cookie is checked against. */
export type Session = {
  readonly verifier: string
  /** What every form of the session carries, so that no other site can make one up. */
  readonly formToken: string
  readonly began: Instant
  readonly lastUse: Instant
  /** Guesses at the password from inside: whoever finds a browser open must not try them all. */
  readonly guesses: GuessBudget
}

/** A browser that has signed in before, known by a cookie of its own that outlives its sessions. */
export type KnownBrowser = { readonly verifier: string; readonly lastUse: Instant; readonly guesses: GuessBudget }

export type Admin = {
  /** In its one spelling (see {@link addressOf}). Empty for those who are nobody (see actions/sign-in.ts). */
  readonly email: string
  readonly createdAt: Instant
  readonly seen: Instant
  readonly memberships: readonly Membership[]
  /** What a password is checked against; `undefined` until one was chosen. */
  readonly password: string | undefined
  readonly invitation: { readonly verifier: string; readonly expires: Instant } | undefined
  /** Guesses from browsers that are not known. */
  readonly strangers: GuessBudget
  readonly browsers: readonly KnownBrowser[]
  readonly sessions: readonly Session[]
}

export type AdminEvent =
  | { readonly kind: 'admin.joined' | 'admin.role_changed'; readonly business: string; readonly role: Role }
  | { readonly kind: 'admin.left'; readonly business: string }
  | { readonly kind: 'invitation.mailed' }
  | { readonly kind: 'password.chosen' | 'password.changed' }
  | { readonly kind: 'password.guess_spent'; readonly by: 'stranger' | 'known_browser' | 'session' }
  | { readonly kind: 'session.began'; readonly browser: 'new' | 'known' }
  | { readonly kind: 'session.ended'; readonly why: 'signed_out' | 'password_changed'; readonly sessions: number }

export type AdminChange = { readonly next: Admin; readonly events: readonly AdminEvent[] }

/** One spelling for each address: mailboxes that differ in case alone are nowhere two people's. */
export const addressOf = (text: string): string => text.trim().toLowerCase()

/** Somebody without a business account, a password or a session. */
export const nobody = (email: string, now: Instant): Admin => ({
  email,
  createdAt: now,
  seen: now,
  memberships: [],
  password: undefined,
  invitation: undefined,
  strangers: fresh,
  browsers: [],
  sessions: [],
})

export const roleIn = (admin: Admin, business: string): Role | undefined =>
  admin.memberships.find(each => each.business === business)?.role

// ——— business accounts

export type JoinEnding = ({ readonly kind: 'joined' } & AdminChange) | { readonly kind: 'too_many_businesses' }

/** Lets the person look after a business account, or changes what they may do there. */
export function join(
  admin: Admin,
  to: { readonly business: string; readonly role: Role },
  now: Instant,
  limits: Limits,
): JoinEnding {
  const had = roleIn(admin, to.business)
  if (had === to.role) return { kind: 'joined', next: admin, events: [] }
  const others = admin.memberships.filter(each => each.business !== to.business)
  if (others.length >= limits.businessesPerAdmin) return { kind: 'too_many_businesses' }
  return {
    kind: 'joined',
    next: { ...admin, memberships: [...others, { ...to, since: now }] },
    events: [{ kind: had === undefined ? 'admin.joined' : 'admin.role_changed', ...to }],
  }
}

/** Takes a business account away, at once and in every session; `undefined` when they did not look after it. */
export function leave(admin: Admin, business: string): AdminChange | undefined {
  if (roleIn(admin, business) === undefined) return undefined
  const memberships = admin.memberships.filter(each => each.business !== business)
  return { next: { ...admin, memberships }, events: [{ kind: 'admin.left', business }] }
}

// ——— the invitation

/** Puts an invitation out, in place of an earlier one. Only while no password is chosen: a link never resets one. */
export function invite(admin: Admin, verifier: string, now: Instant, limits: Limits): AdminChange {
  const invitation = { verifier, expires: after(now, limits.invitationLife) }
  return { next: { ...admin, invitation }, events: [{ kind: 'invitation.mailed' }] }
}

/** The invitation that can still be used. */
export const openInvitation = (admin: Admin, now: Instant) =>
  admin.invitation !== undefined && now < admin.invitation.expires ? admin.invitation : undefined

/** The invited person chose a password. `undefined` when that invitation is no longer out. */
export function choosePassword(
  admin: Admin,
  chosen: { readonly invitation: string; readonly password: string },
  now: Instant,
): AdminChange | undefined {
  if (openInvitation(admin, now)?.verifier !== chosen.invitation) return undefined
  return {
    next: { ...admin, password: chosen.password, invitation: undefined, strangers: fresh },
    events: [{ kind: 'password.chosen' }],
  }
}

// ——— the password

/** Who guesses: a browser that is known, a session, or anybody else. Named by the verifier. */
export type Guesser =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'known_browser' | 'session'; readonly verifier: string }

export type PasswordGuessEnding =
  /** Spent: store `next`, then compare with `verifier`. */
  | ({ readonly kind: 'look'; readonly verifier: string } & AdminChange)
  | { readonly kind: 'shut'; readonly until: Instant }
  | { readonly kind: 'no_password' }

/** Spends one guess at the password from the budget of whoever guesses. */
export function spendPasswordGuess(admin: Admin, by: Guesser, now: Instant, limits: Limits): PasswordGuessEnding {
  if (admin.password === undefined) return { kind: 'no_password' }
  const budget = budgetOf(admin, by)
  const door = guessDoor(budget, now, limits.passwordGuesses)
  if (door.kind !== 'open') return { kind: 'shut', until: door.kind === 'shut' ? door.until : after(now, 0) }
  return {
    kind: 'look',
    verifier: admin.password,
    next: withBudget(admin, by, spendGuess(budget, now, limits.passwordGuesses)),
    events: [{ kind: 'password.guess_spent', by: by.kind }],
  }
}

function budgetOf(admin: Admin, by: Guesser): GuessBudget {
  if (by.kind === 'stranger') return admin.strangers
  const among: readonly (KnownBrowser | Session)[] = by.kind === 'session' ? admin.sessions : admin.browsers
  // A browser that was pushed out of the list in between is a stranger again.
  return among.find(each => each.verifier === by.verifier)?.guesses ?? admin.strangers
}

function withBudget(admin: Admin, by: Guesser, guesses: GuessBudget): Admin {
  const spend = <T extends { readonly verifier: string }>(all: readonly T[], verifier: string) =>
    all.map(each => (each.verifier === verifier ? { ...each, guesses } : each))
  switch (by.kind) {
    case 'stranger':
      return { ...admin, strangers: guesses }
    case 'session':
      return { ...admin, sessions: spend(admin.sessions, by.verifier) }
    case 'known_browser': {
      const known = admin.browsers.some(each => each.verifier === by.verifier)
      return known ? { ...admin, browsers: spend(admin.browsers, by.verifier) } : { ...admin, strangers: guesses }
    }
  }
}

export type RightPassword = {
  readonly by: Guesser
  /** What the guess was compared with. */
  readonly verifier: string
  /** A new verifier of the same password, when the old one was made with an older key or a lower cost. */
  readonly remade: string | undefined
  readonly session: { readonly verifier: string; readonly formToken: string }
  /** What the browser is known by from now on, where it was not known. */
  readonly browser: string
}

/** The password was right: a session begins, the browser is known. `undefined` when the password changed meanwhile. */
export function passwordWasRight(
  admin: Admin,
  right: RightPassword,
  now: Instant,
  limits: Limits,
): AdminChange | undefined {
  if (admin.password !== right.verifier) return undefined
  const forgiven = withBudget(admin, right.by, fresh)
  const session: Session = { ...right.session, began: now, lastUse: now, guesses: fresh }
  const known = forgiven.browsers.find(({ verifier }) => right.by.kind !== 'stranger' && verifier === right.by.verifier)
  const browser: KnownBrowser = { verifier: known?.verifier ?? right.browser, lastUse: now, guesses: fresh }
  const others = forgiven.browsers.filter(each => each !== known)
  const live = forgiven.sessions.filter(each => isLive(each, now, limits))
  return {
    next: {
      ...forgiven,
      password: right.remade ?? forgiven.password,
      // The least lately used make room: the lists are read with every page.
      sessions: [...newest(live, limits.sessionsPerAdmin - 1), session],
      browsers: [...newest(others, limits.browsersPerAdmin - 1), browser],
    },
    events: [{ kind: 'session.began', browser: known === undefined ? 'new' : 'known' }],
  }
}

const newest = <T extends { readonly lastUse: Instant }>(all: readonly T[], count: number): readonly T[] =>
  all.toSorted((one, other) => one.lastUse - other.lastUse).slice(-count)

/** A new password from inside a session. Every other session ends. `undefined` when password or session went meanwhile. */
export function changePassword(
  admin: Admin,
  change: { readonly session: string; readonly verifier: string; readonly password: string },
): AdminChange | undefined {
  const own = admin.sessions.filter(each => each.verifier === change.session)
  if (admin.password !== change.verifier || own.length === 0) return undefined
  const ended = admin.sessions.length - own.length
  return {
    next: { ...admin, password: change.password, sessions: own.map(each => ({ ...each, guesses: fresh })) },
    events: [
      { kind: 'password.changed' },
      ...(ended === 0 ? [] : [{ kind: 'session.ended', why: 'password_changed', sessions: ended } as const]),
    ],
  }
}

// ——— sessions

/** Whether a session still stands: not too old, and not idle for too long. At the millisecond itself it has ended. */
export const isLive = (session: Session, now: Instant, limits: Limits): boolean =>
  now < after(session.began, limits.session.life) && now < after(session.lastUse, limits.session.idle)

/**
 * The session was used. Written down now and then only: a commit for every page would be the dearest part of it. So a
 * session ends up to a twelfth of its idle time early, never late. `undefined` when there is nothing to write yet.
 */
export function usedSession(admin: Admin, verifier: string, now: Instant, limits: Limits): AdminChange | undefined {
  const used = admin.sessions.find(each => each.verifier === verifier)
  if (used === undefined || !isLive(used, now, limits)) return undefined
  if (now < after(used.lastUse, limits.session.idle / 12)) return undefined
  const sessions = admin.sessions.map(each => (each === used ? { ...each, lastUse: now } : each))
  return { next: { ...admin, sessions }, events: [] }
}

/** Ends one session; `undefined` when it is not there. */
export function endSession(admin: Admin, verifier: string): AdminChange | undefined {
  const sessions = admin.sessions.filter(each => each.verifier !== verifier)
  if (sessions.length === admin.sessions.length) return undefined
  return { next: { ...admin, sessions }, events: [{ kind: 'session.ended', why: 'signed_out', sessions: 1 }] }
}
