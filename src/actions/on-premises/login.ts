// Logging in to an installation, showing the token, and logging out.
//
//     spend the guess ──commit──▶ look at the password ──▶ settle, with a token ──commit──▶
//
// An unknown name takes as long as a wrong password and pays from the same budget: nothing tells one from the other.

import type { Instant } from '#core/kernel/instant.ts'
import {
  type Installation,
  isAdminPassword,
  type LoginToken,
  type Role,
  roleOf,
  type User,
} from '#core/on-premises/installation.ts'
import { loginWasRight, loginWasWrong, spendLogin } from '#core/on-premises/login.ts'
import { binding } from '#secrets/joined.ts'
import type { Secret } from '#secrets/secret.ts'
import { type HashingPlace, hashingPlace } from '../hashing-place.ts'
import { watched } from '../runner.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { changeInstallation, installationOf } from './installation.ts'

/** What the tokens of a login begin with. */
export const loginTokenPrefix = 'two_'

/** Binds a password to whom it belongs to, so that a verifier that is copied to another user never matches. */
export const passwordOwner = (business: string, username: string): string => binding('on-premises', business, username)

export type LogIn = {
  readonly business: string
  readonly username: string
  readonly password: Secret
  /** What the first login must bring. Without meaning later. */
  readonly newPassword: Secret | undefined
  /** Where the call comes from: an address, or the /64 it is in. */
  readonly caller: string
}

export type LogInEnding =
  | { readonly kind: 'logged_in'; readonly token: Secret; readonly expires: Instant }
  /** Wrong password, or no such user: it does not say which. */
  | { readonly kind: 'wrong_login' | 'no_installation' }
  /** The password was right, and it is the first one: a new one must come along. */
  | { readonly kind: 'password_change_required' | 'weak_password' }
  | { readonly kind: 'login_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  | Overloaded

type Spent = LogInEnding | { readonly kind: 'look'; readonly user: User | undefined; readonly known: boolean }

/** Two commits: the guess, then what came of it. */
export const logIn = (world: World, call: Call, command: LogIn): Promise<LogInEnding> =>
  watched(world, 'on_premises_log_in', async () => {
    const { business } = command
    using place = hashingPlace(world)
    const spent = await changeInstallation<Spent>(world, call, business, (installation, now) => {
      const guess = spendLogin(installation, command, now, world.limits)
      if (guess.kind === 'too_soon') return { ending: { kind: 'login_too_soon', retryAt: guess.retryAt, now } }
      const busy = place.missing()
      if (busy !== undefined) return { ending: busy }
      return { ending: { kind: 'look', user: guess.user, known: guess.known }, change: guess }
    })
    if (spent === undefined) return { kind: 'no_installation' }
    if (spent.kind !== 'look') return spent
    return settle(world, call, command, spent, place)
  })

async function settle(
  world: World,
  call: Call,
  command: LogIn,
  spent: { readonly user: User | undefined; readonly known: boolean },
  place: HashingPlace,
): Promise<LogInEnding> {
  const { business, username, caller } = command
  const { user, known } = spent
  const { right, remade } = await place.run(() => look(world, command, user))
  const mustReplace = user?.passwordIsFirst === true && remade === undefined
  const made = world.secrets.makeToken(loginTokenPrefix, business)
  const ending = await changeInstallation<LogInEnding>(world, settling(call), business, (installation, now) => {
    const opened =
      right && user !== undefined
        ? loginWasRight(
            installation,
            {
              username,
              caller,
              known,
              verifier: user.verifier,
              remade: remade === undefined ? undefined : { verifier: remade, isNewPassword: user.passwordIsFirst },
              token: mustReplace ? undefined : made.verifier,
            },
            now,
            world.limits,
          )
        : undefined
    if (opened === undefined) return { ending: { kind: 'wrong_login' }, change: loginWasWrong(installation, known) }
    if (mustReplace) {
      const kind = command.newPassword === undefined ? 'password_change_required' : 'weak_password'
      return { ending: { kind }, change: opened }
    }
    const expires = opened.next.tokens.at(-1)?.expires ?? now
    return { ending: { kind: 'logged_in', token: made.token, expires }, change: opened }
  })
  return ending ?? { kind: 'no_installation' }
}

/** Compares, and makes the verifier that takes the old one's place if one has to. Two hashes at most. */
async function look(
  { secrets }: World,
  { business, username, password, newPassword }: LogIn,
  user: User | undefined,
): Promise<{ readonly right: boolean; readonly remade: string | undefined }> {
  const owner = passwordOwner(business, username)
  if (user === undefined) {
    // As long as a comparison takes.
    await secrets.makePinVerifier(password, owner)
    return { right: false, remade: undefined }
  }
  if (!(await secrets.checkPin(user.verifier, owner, password))) return { right: false, remade: undefined }
  if (user.passwordIsFirst) {
    const good = newPassword !== undefined && isAdminPassword(newPassword.reveal()) && differs(newPassword, password)
    return { right: true, remade: good ? await secrets.makePinVerifier(newPassword, owner) : undefined }
  }
  const old = secrets.pinVerifierIsOld(user.verifier)
  return { right: true, remade: old ? await secrets.makePinVerifier(password, owner) : undefined }
}

// Both are known to whoever sent them, so the time that this takes tells nobody anything.
const differs = (one: Secret, other: Secret): boolean => one.reveal() !== other.reveal()

/** `token`: what this login can be ended by. */
export type Who = { readonly username: string; readonly role: Role; readonly token: LoginToken }

/**
 * Who holds a token; `undefined` for a wrong, ended, expired or made-up one, which look alike. One read, and none for
 * garbage.
 */
export async function whoHolds(
  world: World,
  business: string,
  token: Secret,
): Promise<{ readonly who: Who; readonly installation: Installation } | undefined> {
  const presented = world.secrets.readToken(loginTokenPrefix, token.reveal())
  if (presented?.subjectId !== business) return undefined
  const installation = await installationOf(world, business)
  const found = installation?.tokens.find(each => world.secrets.tokenMatches(each.verifier, presented.secret))
  if (installation === undefined || found === undefined) return undefined
  return { who: { username: found.username, role: roleOf(found.username), token: found }, installation }
}

/** Ends the one login that the token came from. */
export const logOut = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly token: LoginToken },
): Promise<{ readonly kind: 'logged_out' }> =>
  watched(world, 'on_premises_log_out', async () => {
    await changeInstallation(world, call, command.business, installation => {
      const tokens = installation.tokens.filter(each => each.verifier !== command.token.verifier)
      if (tokens.length === installation.tokens.length) return { ending: 'gone' }
      return { ending: 'ended', change: { next: { ...installation, tokens }, events: [{ kind: 'login.ended' }] } }
    })
    return { kind: 'logged_out' }
  })
