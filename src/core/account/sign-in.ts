// Signing in, step by step. The steps are kept here, so no request can take them in another order.
//
//   password right ──┬── two-step off ─────────────────────────────────────────▶ session
//    (or asserted    ├── a trusted browser ────────────────────────────────────▶ session
//     by the         └──▶ SIGN-IN ── device chosen ─▶ code sent ─▶ code right ─▶ session (and the browser known, or trusted)
//     application)            ├── Recovery Key right ──────────────────────────▶ limited session
//                             └── fifteen minutes, "not me", a new password ───▶ gone
//
// A sign-in is not a session: it opens nothing but its own second step.

import { after, type Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn, type Made, withOwn } from './account.ts'
import { type Caller, type Origin, type Side, sideOf } from './caller.ts'
import {
  type CheckCodeEnding,
  codeRight,
  codeWasWrong,
  type Slot,
  spendCodeCheck,
  withoutCodesOf,
} from './challenge.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { type SendToChosenEnding, sendToChosen } from './chosen-device.ts'
import { passwordRight, passwordStillStands } from './password.ts'
import { keyRight, keyStillStands, type SpendKeyEnding, spendKeyTry } from './recovery-key.ts'
import { sessionsEnded, withNewSession } from './session.ts'
import { browserUsed, isTrusted, knownBrowser } from './trusted-browser.ts'
import { devicesOf, masked, wasShown } from './trusted-device.ts'

/** A sign-in whose first step is done. */
export type SignIn = {
  readonly id: string
  /** What its token's secret is checked against. */
  readonly verifier: string
  readonly beganAt: Instant
  readonly side: 'known' | 'stranger'
  readonly from: Origin
}

/** Tokens that may be handed out, made beforehand: which of them were used the ending says. */
export type SignInTokens = { readonly signIn: Made; readonly session: Made; readonly browser: Made }

export type SignedIn = {
  readonly kind: 'signed_in'
  readonly session: string
  /** Whether the new cookie is handed out; else the one that came along stays. */
  readonly browserGiven: boolean
} & Change

export type FirstStepEnding =
  | SignedIn
  | ({
      readonly kind: 'second_step_needed'
      readonly signIn: string
      readonly devices: readonly ReturnType<typeof masked>[]
      readonly expires: Instant
    } & Change)

export type FirstStep = {
  readonly caller: Caller
  readonly tokens: SignInTokens
  /** Trust this browser, where the sign-in ends here. */
  readonly trust: boolean
}

/** The password was right, if it is still that password. `undefined`: it was changed in between, so it was wrong. */
export function passwordWasRight(
  account: Account,
  right: FirstStep & { readonly verifier: string; readonly remade: string | undefined },
  now: Instant,
  limits: Limits,
): FirstStepEnding | undefined {
  if (!passwordStillStands(account, right.verifier)) return undefined
  return firstStepDone(passwordRight(account, right.caller, right.remade), right, now, limits)
}

/** The first step is done: by the password, or because the user's application says so. */
export function firstStepDone(first: Change, step: FirstStep, now: Instant, limits: Limits): FirstStepEnding {
  const { caller, tokens } = step
  const account = first.next
  const browser = knownBrowser(account, caller.browser)
  if (!isOn(account)) {
    const done = complete(account, { ...step, proofs: { P: now }, by: 'password', channel: undefined }, now, limits)
    return { ...done, ...and(first, done) }
  }
  if (isTrusted(browser, now)) {
    // Trust is not prolonged by use: D is asked for again when its days are over.
    const way = { ...step, trust: false, proofs: { P: now }, by: 'trusted_browser', channel: undefined } as const
    const done = complete(account, way, now, limits)
    return { ...done, ...and(first, done) }
  }
  const side = sideOf(account, caller)
  const { id, verifier } = tokens.signIn
  const signIn: SignIn = { id, verifier, beganAt: now, side, from: caller.from }
  const next = { ...account, signIns: withOwn(account.signIns, signIn, limits.account.signIn) }
  const devices = devicesOf(account).map(masked)
  const expires = after(now, limits.account.signIn.life)
  return { kind: 'second_step_needed', signIn: signIn.id, devices, expires, ...and(first, quietly(next)) }
}

/** The sign-in with this id, if it can still go on. */
export function liveSignIn(account: Account, id: string, now: Instant, limits: Limits): SignIn | undefined {
  const signIn = account.signIns.find(each => each.id === id)
  return signIn !== undefined && isOn(account) && now < after(signIn.beganAt, limits.account.signIn.life)
    ? signIn
    : undefined
}

type NoSignIn = { readonly kind: 'no_sign_in' }
const noSignIn: NoSignIn = { kind: 'no_sign_in' }

/** Which codes are for this sign-in. */
export const slotOf = ({ id, side }: { readonly id: string; readonly side: Side }): Slot => ({
  purpose: 'sign-in',
  side,
  of: id,
})

/** The person chose a device: a code goes there, for this sign-in. */
export function chooseDevice(
  account: Account,
  choice: { readonly signIn: string; readonly device: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): SendToChosenEnding | NoSignIn {
  const signIn = liveSignIn(account, choice.signIn, now, limits)
  if (signIn === undefined) return noSignIn
  const { device, verifier } = choice
  return sendToChosen(account, { ...slotOf(signIn), device, verifier, from: signIn.from }, now, limits)
}

/** Spends a check of the code that was sent for this sign-in. */
export function spendSignInCheck(
  account: Account,
  id: string,
  now: Instant,
  limits: Limits,
): CheckCodeEnding | NoSignIn {
  const signIn = liveSignIn(account, id, now, limits)
  return signIn === undefined ? noSignIn : spendCodeCheck(account, slotOf(signIn), now, limits)
}

/** The code was right: the sign-in is a session. `undefined` when it cannot be any more: then it was wrong after all. */
export function signInCodeRight(
  account: Account,
  right: FirstStep & { readonly signIn: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): SignedIn | undefined {
  const signIn = liveSignIn(account, right.signIn, now, limits)
  if (signIn === undefined) return undefined
  const code = codeRight(account, { ...slotOf(signIn), verifier: right.verifier }, now, limits)
  if (code === undefined) return undefined
  const { channel } = code.challenge
  const proofs = { P: signIn.beganAt, D: now }
  const done = complete(without(code.next, signIn.id), { ...right, proofs, by: 'code', channel }, now, limits)
  return { ...done, ...and(code, done) }
}

/** The code was wrong: its check is paid for, and the owner is told that somebody has the password. */
export function signInCodeWrong(account: Account, id: string, now: Instant, limits: Limits): Change {
  const signIn = account.signIns.find(each => each.id === id)
  return signIn === undefined ? quietly(account) : codeWasWrong(account, slotOf(signIn), now, limits)
}

type Completion = FirstStep & {
  readonly proofs: { readonly P: Instant; readonly D?: Instant }
  readonly by: 'password' | 'code' | 'trusted_browser'
  readonly channel: 'sms' | 'notification' | undefined
}

function complete(account: Account, way: Completion, now: Instant, limits: Limits): SignedIn {
  const { caller, tokens, proofs, by, channel, trust } = way
  const name = caller.from.agent
  const used = browserUsed(account, { caller, made: tokens.browser, name, trust: trust && isOn(account) }, now, limits)
  const session = {
    ...{ made: tokens.session, name, from: caller.from, browser: used.browser },
    ...({ level: 'full', proofs, channel, key: undefined } as const),
  }
  const next = withNewSession(used.next, session, now, limits)
  const event = { kind: 'sign_in.completed', by, from: caller.from, session: tokens.session.id } as const
  return {
    kind: 'signed_in',
    session: tokens.session.id,
    browserGiven: used.given,
    ...and(used, quietly(next, event)),
  }
}

const without = (account: Account, signIn: string): Account => ({
  ...withoutCodesOf(account, signIn),
  signIns: account.signIns.filter(each => each.id !== signIn),
})

// ——— P + K: in without a device

/** Spends one of the caller's tries at the Recovery Key, after a right password. */
export function spendSignInKey(
  account: Account,
  attempt: { readonly signIn: string; readonly caller: Caller },
  now: Instant,
  limits: Limits,
): SpendKeyEnding | NoSignIn {
  if (liveSignIn(account, attempt.signIn, now, limits) === undefined) return noSignIn
  return spendKeyTry(account, { caller: attempt.caller, for: 'sign_in' }, now, limits)
}

export type LimitedEnding = { readonly kind: 'limited'; readonly session: string } & Change

/** The Recovery Key was right: a limited session, in which a new device can be verified. All addresses are told. */
export function signInKeyRight(
  account: Account,
  right: { readonly signIn: string; readonly caller: Caller; readonly verifier: string; readonly session: Made },
  now: Instant,
  limits: Limits,
): LimitedEnding | undefined {
  const signIn = liveSignIn(account, right.signIn, now, limits)
  if (signIn === undefined || !keyStillStands(account, right.verifier)) return undefined
  const { caller, session: made } = right
  const key = keyRight(without(account, signIn.id), { caller, for: 'sign_in' })
  const session = {
    ...{ made, name: caller.from.agent, from: caller.from, browser: undefined, channel: undefined },
    ...({ level: 'limited', proofs: { P: signIn.beganAt, K: now }, key: right.verifier } as const),
  }
  return {
    kind: 'limited',
    session: made.id,
    next: withNewSession(key.next, session, now, limits),
    events: [...key.events, { kind: 'sign_in.limited', from: caller.from, session: made.id }],
    notices: [tell(account, 'key_used', now, { from: caller.from })],
  }
}

// ——— "not me"

/**
 * The owner, on a device that showed the request, says that it was not theirs: the sign-in or reset is over, or the session
 * that asked to be stepped up, and all addresses are told. `undefined` when nothing of the kind is open. Whoever holds the
 * device can end, and can begin nothing.
 */
export function denied(
  account: Account,
  denial: { readonly device: string; readonly of: string },
  now: Instant,
): Change | undefined {
  const challenge = account.challenges.find(each => each.of === denial.of && wasShown(each, denial.device))
  if (challenge === undefined) return undefined
  const resets = account.resets.filter(each => each.id !== challenge.of)
  const answered = { ...challenge, notification: undefined }
  const challenges = account.challenges.map(each => (each === challenge ? answered : each))
  const over: Change = {
    // The request stays, without its sign-in: what was spent of it is spent.
    next: { ...account, signIns: account.signIns.filter(each => each.id !== challenge.of), resets, challenges },
    events: [{ kind: 'sign_in.denied', device: denial.device }],
    notices: [tell(account, 'sign_in_denied', now, { from: challenge.from })],
  }
  if (challenge.purpose !== 'step-up') return over
  // Somebody else is in already: a code that is dead would leave them there to ask for the next one.
  return and(
    over,
    sessionsEnded(over.next, each => each.id !== challenge.of, 'not_me'),
  )
}
