// Signing in to an account: the password, then a code to a device of the person's choice, or the Recovery Key.
//
//     find ──▶ spend the try ──commit──▶ look at the password ──right──▶ session, or SIGN-IN ──commit──▶
//       └ nobody ──▶ the same steps on somebody who is not there
//     SIGN-IN ──▶ code sent ──▶ spend the check ──commit──▶ look ──right──▶ session ──commit──▶
//             └─▶ Recovery Key: spend the try ──commit──▶ look ──right──▶ limited session ──commit──▶
//
// Stay indistinguishable: an unknown account and a wrong password are one ending, at the same reads, commits and hashes,
// and their waits grow alike.

import type { Account, AccountId } from '#core/account/account.ts'
import { type CodeLeft, codeLeft } from '#core/account/challenge.ts'
import { passwordWasWrong, spendPasswordTry } from '#core/account/password.ts'
import { keyWasWrong } from '#core/account/recovery-key.ts'
import type { Session } from '#core/account/session.ts'
import {
  chooseDevice,
  liveSignIn,
  passwordWasRight,
  type SignedIn,
  type SignIn,
  signInCodeRight,
  signInCodeWrong,
  signInKeyRight,
  slotOf,
  spendSignInCheck,
  spendSignInKey,
} from '#core/account/sign-in.ts'
import { deviceOf, devicesOf, masked } from '#core/account/trusted-device.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { watched } from '../runner.ts'
import type { CodesPaused } from '../sending/leave.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { accountOfToken, callerOf, changeAccount, type Presenting } from './account.ts'
import { type CodeRefusal, checkDeviceCode } from './code-check.ts'
import { changeAndSend } from './code-sending.ts'
import { codeOnItsWay, newCode } from './codes.ts'
import { accountOrNobody } from './nobody.ts'
import { lookAtPassword } from './passwords.ts'
import { keyIsRight } from './recovery-key-verifier.ts'
import { type NewToken, newToken } from './tokens.ts'

/** A session that was just begun: the only time that its token is told. */
export type Opened = {
  readonly account: Account
  readonly session: Session
  readonly token: Secret
  /** What the browser is known by from now on; `undefined` where it keeps what it has. */
  readonly browser: Secret | undefined
  readonly now: Instant
}

type Tokens = { readonly signIn: NewToken; readonly session: NewToken; readonly browser: NewToken }

/** Tokens that a first step may hand out. */
export const signInTokens = (world: World, account: AccountId): Tokens => ({
  signIn: newToken(world, 'signIn', account),
  session: newToken(world, 'session', account),
  browser: newToken(world, 'browser', account),
})

/** What a completed sign-in is answered with. */
export function openedBy(account: Account, tokens: Tokens, signedIn: SignedIn, now: Instant): Opened {
  const browser = signedIn.browserGiven ? tokens.browser.token : undefined
  return { account, session: sessionOf(account, signedIn.session), token: tokens.session.token, browser, now }
}

function sessionOf(account: Account, id: string): Session {
  const session = account.sessions.find(each => each.id === id)
  assert(session !== undefined, 'a session that was begun is listed')
  return session
}

/** A first step that was right, where the second one is asked for. It opens nothing but that. */
export type SecondStepNeeded = {
  readonly kind: 'second_step_needed'
  readonly account: AccountId
  readonly signIn: string
  readonly token: Secret
  readonly devices: readonly ReturnType<typeof masked>[]
  readonly expires: Instant
}

// ——— P

export type SignInCommand = {
  readonly identifier: string
  readonly password: Secret
  readonly presenting: Presenting
  /** Trust this browser, where the sign-in ends here. */
  readonly trust: boolean
}

export type SignInEnding =
  | ({ readonly kind: 'signed_in' } & Opened)
  | SecondStepNeeded
  /** No such account, or another password: it does not say which. */
  | { readonly kind: 'refused' }
  /** Not looked at, at a real account or at nobody. */
  | { readonly kind: 'guess_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  | Overloaded

type Reached =
  | Exclude<SignInEnding, { readonly kind: 'signed_in' | 'second_step_needed' | 'refused' }>
  | { readonly kind: 'look'; readonly verifier: string | undefined }

/** Two commits, one of them before the password is looked at. */
export const signIn = (world: World, call: Call, command: SignInCommand): Promise<SignInEnding> =>
  watched(world, 'account_sign_in', async () => {
    const { limits } = world
    const { password, presenting, trust } = command
    using place = hashingPlace(world)
    const id = await accountOrNobody(world, 'sign-in', command.identifier)
    const reached = await changeAccount<Reached>(world, call, id, (account, now) => {
      const spent = spendPasswordTry(account, callerOf(world, account, presenting), now, limits)
      if (spent.kind === 'too_soon') {
        const { retryAt, events } = spent
        // A stolen cookie is noticed all the same.
        const change = events.length === 0 ? {} : { change: spent }
        return { ending: { kind: 'guess_too_soon', retryAt, now }, ...change }
      }
      const busy = place.missing()
      if (busy !== undefined) return { ending: busy }
      return { ending: { kind: 'look', verifier: spent.verifier }, change: spent }
    })
    if (reached.kind !== 'look') return reached

    const { verifier } = reached
    const { right, remade } = await lookAtPassword(world, place, id, verifier, password)
    const tokens = signInTokens(world, id)
    return changeAccount<SignInEnding>(world, settling(call), id, (account, now) => {
      const caller = callerOf(world, account, presenting)
      const given = { caller, tokens, trust, remade }
      const done = right && verifier !== undefined && passwordWasRight(account, { ...given, verifier }, now, limits)
      if (!done) return { ending: { kind: 'refused' }, change: passwordWasWrong(account, caller) }
      if (done.kind === 'signed_in') {
        return { ending: { kind: 'signed_in', ...openedBy(done.next, tokens, done, now) }, change: done }
      }
      const { devices, expires } = done
      const { id: signIn, token } = tokens.signIn
      return { ending: { kind: 'second_step_needed', account: id, signIn, token, devices, expires }, change: done }
    })
  })

// ——— the sign-in as a resource

/** A sign-in of an account. Whoever names one has shown its token, or is the application that asserted it. */
export type OfSignIn = { readonly account: AccountId; readonly signIn: string }

export type SignInSeen = OfSignIn & {
  readonly devices: readonly ReturnType<typeof masked>[]
  readonly expires: Instant
  /** The code that is out for it, if one is. */
  readonly code: CodeOut | undefined
}

/** A code that is out: where it went, how many checks it has left, from when on, and until when. */
export type CodeOut = Pick<CodeLeft, 'left' | 'opensAt' | 'ends'> & {
  readonly device: string
  readonly sentAt: Instant
}

export const codeOut = ({ challenge: { device, lastSentAt }, ...rest }: CodeLeft): CodeOut => {
  const { left, opensAt, ends } = rest
  return { device, sentAt: lastSentAt, left, opensAt, ends }
}

/** What a sign-in that can go on shows of itself. */
export function lookAtSignIn(world: World, account: Account, id: string, now: Instant): SignInSeen | undefined {
  const signIn = liveSignIn(account, id, now, world.limits)
  if (signIn === undefined) return undefined
  const code = codeLeft(account, slotOf(signIn), now, world.limits)
  return {
    account: account.id,
    signIn: id,
    devices: devicesOf(account).map(masked),
    expires: after(signIn.beganAt, world.limits.account.signIn.life),
    code: code && codeOut(code),
  }
}

/** Whose sign-in a token is of; `undefined` when it is over, or never was. One read, and none for garbage. */
export async function signInOfToken(world: World, token: Secret): Promise<SignInSeen | undefined> {
  const found = await accountOfToken(world, 'signIn', token)
  const signIn: SignIn | undefined = found?.account.signIns.find(each => found.matches(each.verifier))
  return found && signIn && lookAtSignIn(world, found.account, signIn.id, found.now)
}

export type NoSignIn = { readonly kind: 'no_sign_in' }

// ——— D

export type SendSignInCodeEnding =
  | { readonly kind: 'sent'; readonly device: string; readonly expires: Instant; readonly now: Instant }
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant; readonly now: Instant }
  | { readonly kind: 'device_off' | 'no_device' }
  | CodesPaused
  | NoSignIn

/** Sends a code to the device that the person chose. One commit, the message in it. */
export const sendSignInCode = (
  world: World,
  call: Call,
  { account: id, signIn, device }: OfSignIn & { readonly device: string },
): Promise<SendSignInCodeEnding> =>
  watched(world, 'send_sign_in_code', () =>
    changeAndSend<SendSignInCodeEnding>(world, call, id, (account, now) => {
      const live = liveSignIn(account, signIn, now, world.limits)
      const to = deviceOf(account, device)
      if (live === undefined) return { ending: { kind: 'no_sign_in' } }
      if (to === undefined) return { ending: { kind: 'no_device' } }
      const made = newCode(world, account, slotOf(live), to)
      const sent = chooseDevice(account, { signIn, device, verifier: made.verifier }, now, world.limits)
      if (sent.kind === 'too_many_codes') return { ending: { ...sent, now } }
      if (sent.kind !== 'sent') return { ending: sent }
      const ending = { kind: 'sent', device, expires: sent.expires, now } as const
      return { ending, ...codeOnItsWay(world, sent, made, now) }
    }),
  )

export type CheckSignInCode = OfSignIn & {
  /** `undefined`: a code was meant, and what came cannot be one. It pays like a wrong one. */
  readonly code: Secret | undefined
  readonly presenting: Presenting
  readonly trust: boolean
}

export type CheckSignInCodeEnding = ({ readonly kind: 'signed_in' } & Opened) | CodeRefusal | NoSignIn

/** Checks the code: right, the sign-in is a session. Two commits. */
export const checkSignInCode = (world: World, call: Call, command: CheckSignInCode): Promise<CheckSignInCodeEnding> =>
  watched(world, 'check_sign_in_code', () => {
    const { limits } = world
    const { account: id, signIn, code, presenting, trust } = command
    const tokens = signInTokens(world, id)
    return checkDeviceCode<Extract<CheckSignInCodeEnding, { readonly kind: 'signed_in' }>, NoSignIn>(world, call, {
      ...{ account: id, code },
      spend: (account, now) => spendSignInCheck(account, signIn, now, limits),
      right: (account, verifier, now) => {
        const caller = callerOf(world, account, presenting)
        const done = signInCodeRight(account, { caller, tokens, trust, signIn, verifier }, now, limits)
        return done && { ending: { kind: 'signed_in', ...openedBy(done.next, tokens, done, now) }, change: done }
      },
      wrong: (account, now) => signInCodeWrong(account, signIn, now, limits),
    })
  })

// ——— K

export type SignInByKeyEnding =
  /** Limited: it may verify a new trusted device, and nothing else. */
  | ({ readonly kind: 'limited' } & Opened)
  | { readonly kind: 'wrong_key' }
  | { readonly kind: 'key_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  | NoSignIn

type KeySpent =
  | Extract<SignInByKeyEnding, { readonly kind: 'key_too_soon' | 'no_sign_in' }>
  | { readonly kind: 'look'; readonly verifier: string | undefined }

/** The Recovery Key in place of a code. Two commits, one of them before the key is looked at. */
export const signInByKey = (
  world: World,
  call: Call,
  command: OfSignIn & { readonly key: Secret; readonly presenting: Presenting },
): Promise<SignInByKeyEnding> =>
  watched(world, 'sign_in_by_key', async () => {
    const { limits } = world
    const { account: id, signIn, key, presenting } = command
    const spent = await changeAccount<KeySpent>(world, call, id, (account, now) => {
      const caller = callerOf(world, account, presenting)
      const ending = spendSignInKey(account, { signIn, caller }, now, limits)
      if (ending.kind === 'too_soon') return { ending: { kind: 'key_too_soon', retryAt: ending.retryAt, now } }
      if (ending.kind === 'no_sign_in') return { ending }
      return { ending: { kind: 'look', verifier: ending.verifier }, change: ending }
    })
    if (spent.kind !== 'look') return spent
    const { verifier } = spent
    const right = keyIsRight(world, id, verifier, key)
    const session = newToken(world, 'session', id)
    return changeAccount<SignInByKeyEnding>(world, settling(call), id, (account, now) => {
      const caller = callerOf(world, account, presenting)
      const given = { signIn, caller, session }
      const done = right && verifier !== undefined && signInKeyRight(account, { ...given, verifier }, now, limits)
      if (!done) return { ending: { kind: 'wrong_key' }, change: keyWasWrong(account, { caller, for: 'sign_in' }) }
      const opened = { account: done.next, session: sessionOf(done.next, done.session), token: session.token }
      return { ending: { kind: 'limited', ...opened, browser: undefined, now }, change: done }
    })
  })
