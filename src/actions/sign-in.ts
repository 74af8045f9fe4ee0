// Signing in to the manager pages with a password, and what a session may do with itself.
//
//     find ──▶ spend the guess ──commit──▶ look at the password ──right──▶ session ──commit──▶
//       └ nobody ──▶ the same steps on somebody who is not there
//
// Stay indistinguishable: an unknown address, a wrong password and a guess that came too soon are one ending, and each
// costs one read, one commit and one hash. Else the time of the answer would tell who has an account here.

import {
  type Admin,
  addressOf,
  changePassword as changePasswordDecision,
  endSession,
  type Guesser,
  isLive,
  nobody,
  passwordWasRight,
  type Session,
  spendPasswordGuess,
  usedSession,
} from '#core/business/admin.ts'
import type { WeakPassword } from '#core/business/password.ts'
import { after, day, type Instant, later } from '#core/kernel/instant.ts'
import { passwordChangedMail } from '#delivery/messages/admin-mail.ts'
import type { Secret } from '#secrets/secret.ts'
import { checkPassword, makePassword, weaknessOf } from './admins.ts'
import { hashingPlace } from './hashing-place.ts'
import { change, create, type Step, watched } from './runner.ts'
import { type Call, type Overloaded, settling, type World } from './world.ts'

/** What the cookies of sessions and of known browsers begin with. */
export const sessionPrefix = 'twm_'
export const browserPrefix = 'twb_'

export type SignIn = {
  readonly email: string
  readonly password: Secret
  /** The cookie of a browser that has signed in before. */
  readonly browser: Secret | undefined
}

export type SignInEnding =
  /** `browser`: what the browser is known by from now on; `undefined` where it keeps what it has. */
  | { readonly kind: 'signed_in'; readonly session: Secret; readonly browser: Secret | undefined }
  /** `retryAt`: told only to a browser that proved before whose it is. */
  | { readonly kind: 'refused'; readonly retryAt: Instant | undefined; readonly now: Instant }
  | Overloaded

type Reached =
  | Exclude<SignInEnding, { kind: 'signed_in' }>
  | { readonly kind: 'look'; readonly verifier: string | undefined }

/** One commit to be refused, two to be signed in. */
export const signIn = (world: World, call: Call, command: SignIn): Promise<SignInEnding> =>
  watched(world, 'sign_in', async () => {
    const { limits, secrets } = world
    using place = hashingPlace(world)
    // As many reads whether or not there is somebody: the id, then the document.
    const known = await world.records.idOf('admin', { purpose: 'admin-email', value: addressOf(command.email) })
    const found = known === undefined ? undefined : await world.records.load('admin', known)
    const id = known ?? (await nobodyFor(world, call, command.email))
    const by = guesserOf(world, found, command.browser)

    const reached = await change<'admin', Reached>(world, call, 'admin', id, (admin, now): Step<'admin', Reached> => {
      const busy = place.missing()
      if (busy !== undefined) return { ending: busy }
      const guess = spendPasswordGuess(admin, by, now, limits)
      if (guess.kind === 'look') return { ending: { kind: 'look', verifier: guess.verifier }, change: guess }
      if (guess.kind === 'shut' && by.kind === 'known_browser') {
        return { ending: { kind: 'refused', retryAt: guess.until, now } }
      }
      // A commit like any other guess's, with nothing in it.
      return { ending: { kind: 'look', verifier: undefined }, change: { next: admin, events: [] } }
    })
    if (reached === undefined) return { kind: 'refused', retryAt: undefined, now: world.clock.now() }
    if (reached.kind !== 'look') return reached

    const { verifier } = reached
    const { right, remade } = await place.run(async () => {
      if (verifier === undefined) {
        await makePassword(world, id, command.password)
        return { right: false, remade: undefined }
      }
      const right = await checkPassword(world, id, verifier, command.password)
      const old = right && secrets.pinVerifierIsOld(verifier)
      return { right, remade: old ? await makePassword(world, id, command.password) : undefined }
    })
    if (!right || verifier === undefined) return { kind: 'refused', retryAt: undefined, now: world.clock.now() }

    const session = secrets.makeToken(sessionPrefix, id)
    const browser = secrets.makeToken(browserPrefix, id)
    const made = { verifier: session.verifier, formToken: secrets.newAlphanumeric(32).reveal() }
    const ending = await change<'admin', SignInEnding>(world, settling(call), 'admin', id, (admin, now) => {
      const began = passwordWasRight(
        admin,
        { by, verifier, remade, session: made, browser: browser.verifier },
        now,
        limits,
      )
      if (began === undefined) return { ending: { kind: 'refused', retryAt: undefined, now } }
      const isNew = began.next.browsers.some(each => each.verifier === browser.verifier)
      return {
        ending: { kind: 'signed_in', session: session.token, browser: isNew ? browser.token : undefined },
        change: began,
      }
    })
    return ending ?? { kind: 'refused', retryAt: undefined, now: world.clock.now() }
  })

function guesserOf(
  world: World,
  found: { readonly id: string; readonly document: Admin } | undefined,
  browser: Secret | undefined,
): Guesser {
  const presented = browser === undefined ? undefined : world.secrets.readToken(browserPrefix, browser.reveal())
  if (found === undefined || presented?.subjectId !== found.id) return { kind: 'stranger' }
  const known = found.document.browsers.find(each => world.secrets.tokenMatches(each.verifier, presented.secret))
  return known === undefined ? { kind: 'stranger' } : { kind: 'known_browser', verifier: known.verifier }
}

// A few subjects who are nobody, so that guesses at addresses that are not here queue and commit as real ones do. Which one
// an address meets is keyed, so that nobody can tell by making two addresses meet the same.
async function nobodyFor(world: World, call: Call, email: string): Promise<string> {
  const [index] = world.secrets.handles('nobody', addressOf(email))
  const id = `nobody-${(index?.index[0] ?? 0) % 32}`
  if ((await world.records.load('admin', id)) === undefined) {
    await create(world, call, 'admin', id, { next: nobody('', world.clock.now()), events: [] })
  }
  return id
}

// ——— sessions

export type SignedIn = {
  readonly id: string
  readonly admin: Admin
  readonly session: Session
}

/** Who a session's cookie is of; `undefined` when it ended, or never was. One read, and none for garbage. */
export async function signedIn(world: World, call: Call, cookie: Secret): Promise<SignedIn | undefined> {
  const presented = world.secrets.readToken(sessionPrefix, cookie.reveal())
  const subject = presented && (await world.records.load('admin', presented.subjectId))
  if (presented === undefined || subject === undefined) return undefined
  const session = subject.document.sessions.find(each => world.secrets.tokenMatches(each.verifier, presented.secret))
  // A clock that was set back does not bring a session back that had ended.
  const now = later(world.clock.now(), subject.document.seen)
  if (session === undefined || !isLive(session, now, world.limits)) return undefined
  if (usedSession(subject.document, session.verifier, now, world.limits) !== undefined) {
    await change<'admin', undefined>(world, call, 'admin', subject.id, (admin, now) => {
      return { ending: undefined, change: usedSession(admin, session.verifier, now, world.limits) }
    })
  }
  return { id: subject.id, admin: subject.document, session }
}

/** Ends the session. */
export const signOut = (world: World, call: Call, who: SignedIn): Promise<{ readonly kind: 'signed_out' }> =>
  watched(world, 'sign_out', async () => {
    await change<'admin', undefined>(world, settling(call), 'admin', who.id, admin => {
      return { ending: undefined, change: endSession(admin, who.session.verifier) }
    })
    return { kind: 'signed_out' }
  })

export type ChangePasswordEnding =
  | { readonly kind: 'changed' | 'wrong_password' }
  | { readonly kind: 'guess_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  | { readonly kind: 'weak_password'; readonly weakness: WeakPassword | 'same' }
  | Overloaded

type Spent = Exclude<ChangePasswordEnding, { kind: 'changed' }> | { readonly kind: 'look'; readonly verifier: string }

/** Replaces the password from inside a session; every other session ends, and the person is told. Two commits. */
export const changePassword = (
  world: World,
  call: Call,
  who: SignedIn,
  command: { readonly current: Secret; readonly next: Secret },
): Promise<ChangePasswordEnding> =>
  watched(world, 'change_password', async () => {
    const { limits } = world
    const same = command.current.reveal() === command.next.reveal()
    const weakness = same ? 'same' : await weaknessOf(world, { admin: who.id, email: who.admin.email }, command.next)
    if (weakness !== undefined) return { kind: 'weak_password', weakness }
    using place = hashingPlace(world)
    const by = { kind: 'session', verifier: who.session.verifier } as const
    const spent = await change<'admin', Spent>(world, call, 'admin', who.id, (admin, now): Step<'admin', Spent> => {
      const guess = spendPasswordGuess(admin, by, now, limits)
      if (guess.kind === 'shut') return { ending: { kind: 'guess_too_soon', retryAt: guess.until, now } }
      if (guess.kind === 'no_password') return { ending: { kind: 'wrong_password' } }
      const busy = place.missing()
      return busy === undefined
        ? { ending: { kind: 'look', verifier: guess.verifier }, change: guess }
        : { ending: busy }
    })
    if (spent?.kind !== 'look') return spent ?? { kind: 'wrong_password' }
    const password = await place.run(async () =>
      (await checkPassword(world, who.id, spent.verifier, command.current))
        ? makePassword(world, who.id, command.next)
        : undefined,
    )
    if (password === undefined) return { kind: 'wrong_password' }
    const ending = await change<'admin', ChangePasswordEnding>(world, settling(call), 'admin', who.id, (admin, now) => {
      const changed = changePasswordDecision(admin, { session: by.verifier, verifier: spent.verifier, password })
      if (changed === undefined) return { ending: { kind: 'wrong_password' } }
      const mail = passwordChangedMail({ language: 'en', product: world.policy.product, when: now })
      const message = { channel: 'email', to: admin.email, ...mail } as const
      return {
        ending: { kind: 'changed' },
        change: { ...changed, messages: async () => [{ message, due: now, expires: after(now, 7 * day) }] },
      }
    })
    return ending ?? { kind: 'wrong_password' }
  })
