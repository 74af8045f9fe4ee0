// One installation of the On-Premises client: it belongs to one business and to one phone number, and has users of its own.
//
//   users     admin, with a first password ── first login brings a new one ──▶ in use; makes and removes the others
//   number    none ── code sent ──▶ asked ── code right, lock met ──▶ named (its claim is in the number's own document)
//
// Everything in it is bounded: the document is read whole for every call.

import { after, type Instant } from '../kernel/instant.ts'
import { fresh, type GuessBudget } from '../throttle/guess-budget.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Settings } from './settings.ts'

export type Installation = {
  readonly createdAt: Instant
  /** The latest moment this document was shown. */
  readonly seen: Instant
  readonly users: readonly User[]
  readonly tokens: readonly LoginToken[]
  /** Wrong passwords from places that the named user never logged in from, whoever was named. See login.ts. */
  readonly strangers: GuessBudget
  readonly number: string | undefined
  /** How many shards the client was told to run, as documented. */
  readonly shards: number
  readonly asked: AskedCode | undefined
  readonly settings: Settings
  readonly healthKey: HealthKey
}

export type User = {
  readonly username: string
  /** What the password is checked against. A new password makes a new one. */
  readonly verifier: string
  /** The password is the one the installation came with, and opens nothing but its own replacement. */
  readonly passwordIsFirst: boolean
  /** Wrong passwords from places this user is known at. */
  readonly guesses: GuessBudget
  readonly knownAt: readonly KnownPlace[]
}

/** A place a user has logged in from: an IPv4 address or an IPv6 /64. */
export type KnownPlace = { readonly caller: string; readonly at: Instant }

export type LoginToken = {
  readonly verifier: string
  readonly username: string
  readonly expires: Instant
}

/** A code is out, for this claim; the PIN that came with the request waits for it, sealed. */
export type AskedCode = { readonly claim: string; readonly pin: string | undefined; readonly expires: Instant }

/** What a monitor shows instead of a token. `shown` is kept in the sandbox only, which prints it at each start. */
export type HealthKey = { readonly verifier: string; readonly shown: string | undefined }

export type InstallationEvent =
  | { readonly kind: 'on_premises.installed' }
  | { readonly kind: 'login.guess_spent' | 'login.right' | 'login.wrong'; readonly known: boolean }
  | { readonly kind: 'login.ended' }
  | { readonly kind: 'user.created' | 'user.deleted' | 'user.password_changed' }
  | { readonly kind: 'account.asked' | 'account.named' | 'account.dropped'; readonly claim: string }
  | { readonly kind: 'account.sharded'; readonly shards: number }
  | { readonly kind: 'settings.changed' | 'settings.reset' }

/** The one user who may do everything; there is always exactly one, of this name. */
export const adminName = 'admin'

export type Role = 'admin' | 'user'
export const roleOf = (username: string): Role => (username === adminName ? 'admin' : 'user')

/** A new installation: its admin has the first password. */
export const installed = (
  first: { readonly verifier: string; readonly healthKey: HealthKey; readonly number: string | undefined },
  now: Instant,
): Installation => ({
  createdAt: now,
  seen: now,
  users: [newUser(adminName, first.verifier, true)],
  tokens: [],
  strangers: fresh,
  number: first.number,
  shards: 1,
  asked: undefined,
  settings: {},
  healthKey: first.healthKey,
})

const newUser = (username: string, verifier: string, passwordIsFirst: boolean): User => ({
  username,
  verifier,
  passwordIsFirst,
  guesses: fresh,
  knownAt: [],
})

/** The installation as it is once time has passed: what has run out is gone, the sealed PIN first of all. */
export function current(installation: Installation, now: Instant): Installation {
  return {
    ...installation,
    tokens: installation.tokens.filter(token => now < token.expires),
    asked: installation.asked !== undefined && now < installation.asked.expires ? installation.asked : undefined,
  }
}

export const userOf = (installation: Installation, username: string): User | undefined =>
  installation.users.find(each => each.username === username)

export const withUser = (installation: Installation, user: User): Installation => ({
  ...installation,
  users: installation.users.map(each => (each.username === user.username ? user : each)),
})

// ——— what users may be called, and their passwords

/** 4 to 32 characters that mean the same in a URL (RFC 3986 §2.3). */
export const isUsername = (text: string): boolean => /^[A-Za-z0-9._~-]{4,32}$/.test(text)

/** 8 to 64 characters, counted as people count them, none of them a control character. */
export const isPassword = (text: string): boolean => {
  const length = [...text].length
  return length >= 8 && length <= 64 && !/\p{Cc}/u.test(text)
}

/** What the documents ask of the admin's password: a digit, an upper and a lower case letter, and something else. */
export const isAdminPassword = (text: string): boolean =>
  isPassword(text) && [/[0-9]/, /\p{Lu}/u, /\p{Ll}/u, /[^0-9\p{L}]/u].every(kind => kind.test(text))

// ——— users

export type AddUserEnding =
  | { readonly kind: 'created'; readonly next: Installation }
  | { readonly kind: 'exists_already' | 'too_many_users' }

export function addUser(
  installation: Installation,
  user: { readonly username: string; readonly verifier: string },
  limits: Limits,
): AddUserEnding {
  if (userOf(installation, user.username) !== undefined) return { kind: 'exists_already' }
  if (installation.users.length >= limits.onPremises.users) return { kind: 'too_many_users' }
  const users = [...installation.users, newUser(user.username, user.verifier, false)]
  return { kind: 'created', next: { ...installation, users } }
}

/** A new password. Live tokens stay, as documented: they are ended by logout, or with the user. */
export const passwordReplaced = (installation: Installation, user: User, verifier: string): Installation =>
  withUser(installation, { ...user, verifier, passwordIsFirst: false, guesses: fresh })

/** Removes a user and all their tokens. Never the admin. */
export const withoutUser = (installation: Installation, username: string): Installation => ({
  ...installation,
  users: installation.users.filter(each => each.username !== username),
  tokens: installation.tokens.filter(each => each.username !== username),
})

/** Adds a login's token; the user's own oldest makes room, so that nobody's logins end anybody else's. */
export function withToken(installation: Installation, token: LoginToken, limits: Limits): Installation {
  const own = installation.tokens.filter(each => each.username === token.username)
  const oldest = own.length >= limits.onPremises.tokensPerUser ? own[0] : undefined
  return { ...installation, tokens: [...installation.tokens.filter(each => each !== oldest), token] }
}

// ——— the number

export const asked = (installation: Installation, code: Omit<AskedCode, 'expires'>, now: Instant, limits: Limits) => ({
  ...installation,
  asked: { ...code, expires: after(now, limits.ownershipCode.life) },
})

/** The claim has registered its number: it is this installation's from now on. */
export const named = (installation: Installation, claim: string): Installation => ({
  ...answered(installation, claim),
  number: claim,
})

/** The request for this claim is answered: the PIN that waited with it has no more use. */
export const answered = (installation: Installation, claim: string): Installation =>
  installation.asked?.claim === claim ? { ...installation, asked: undefined } : installation
