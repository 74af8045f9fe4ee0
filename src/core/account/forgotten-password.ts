// A forgotten password, with two-step verification on: K first, then D.
//
//   identifier ──▶ Recovery Key right ──▶ RESET ── device chosen ─▶ code right ──▶ RESET, proved ── new password ──▶ done
//                                          └── half an hour, "not me", another key, another reset ──▶ gone
//
// K comes first so that a stranger can make no phone ring. A reset signs nobody in: it ends every session and forgets every
// browser, and the next sign-in asks for both steps. There is no other way to a new password, for operators neither.

import { after, type Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn, type Made, withOwn } from './account.ts'
import type { Caller, Origin } from './caller.ts'
import { type CheckCodeEnding, codeRight, codeWasWrong, type Slot, spendCodeCheck } from './challenge.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { type SendToChosenEnding, sendToChosen } from './chosen-device.ts'
import { type NewPassword, withNewPassword } from './password.ts'
import { keyRight, keyStillStands, keyUsed } from './recovery-key.ts'
import { sessionsEnded } from './session.ts'
import { forgetBrowsers, knownBrowser } from './trusted-browser.ts'
import { devicesOf, masked } from './trusted-device.ts'

/** A reset that a right Recovery Key began. */
export type PasswordReset = {
  readonly id: string
  /** What its token's secret is checked against. */
  readonly verifier: string
  readonly beganAt: Instant
  readonly side: 'known' | 'keyholder'
  /** The key it was begun with. It counts only while that key stands. */
  readonly key: string
  readonly codeRightAt: Instant | undefined
  readonly from: Origin
}

export type BeginResetEnding = {
  readonly kind: 'begun'
  readonly reset: string
  readonly devices: readonly ReturnType<typeof masked>[]
  readonly expires: Instant
} & Change

/** The Recovery Key was right (spent by `spendKeyTry` for `password_reset`), if it still stands. All addresses are told. */
export function resetKeyRight(
  account: Account,
  right: { readonly caller: Caller; readonly verifier: string; readonly reset: Made },
  now: Instant,
  limits: Limits,
): BeginResetEnding | undefined {
  if (!keyStillStands(account, right.verifier) || account.password === undefined) return undefined
  const { caller } = right
  const key = keyRight(account, { caller, for: 'password_reset' })
  const side = knownBrowser(account, caller.browser) === undefined ? 'keyholder' : 'known'
  const reset: PasswordReset = {
    ...{ id: right.reset.id, verifier: right.reset.verifier },
    ...{ beganAt: now, side, key: right.verifier, codeRightAt: undefined, from: caller.from },
  }
  return {
    kind: 'begun',
    reset: reset.id,
    devices: devicesOf(account).map(masked),
    expires: after(now, limits.account.passwordReset.life),
    next: { ...key.next, resets: withOwn(account.resets, reset, limits.account.passwordReset) },
    events: key.events,
    notices: [tell(account, 'key_used', now, { from: caller.from })],
  }
}

/** The reset with this id, if it can still go on: two-step is on, and its key stands. */
export function liveReset(account: Account, id: string, now: Instant, limits: Limits): PasswordReset | undefined {
  const reset = account.resets.find(each => each.id === id)
  if (reset === undefined || !isOn(account) || !keyStillStands(account, reset.key)) return undefined
  return now < after(reset.beganAt, limits.account.passwordReset.life) ? reset : undefined
}

type NoReset = { readonly kind: 'no_reset' }
const noReset: NoReset = { kind: 'no_reset' }

const slotOf = ({ id, side }: PasswordReset): Slot => ({ purpose: 'reset-password', side, of: id })

/** The person chose a device: a code goes there, for this reset. */
export function chooseResetDevice(
  account: Account,
  choice: { readonly reset: string; readonly device: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): SendToChosenEnding | NoReset {
  const reset = liveReset(account, choice.reset, now, limits)
  if (reset === undefined) return noReset
  const { device, verifier } = choice
  return sendToChosen(account, { ...slotOf(reset), device, verifier, from: reset.from }, now, limits)
}

/** Spends a check of the code that was sent for this reset. */
export function spendResetCheck(account: Account, id: string, now: Instant, limits: Limits): CheckCodeEnding | NoReset {
  const reset = liveReset(account, id, now, limits)
  return reset === undefined ? noReset : spendCodeCheck(account, slotOf(reset), now, limits)
}

/** The code was right: a new password may be set. */
export function resetCodeRight(
  account: Account,
  right: { readonly reset: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const reset = liveReset(account, right.reset, now, limits)
  if (reset === undefined) return undefined
  const code = codeRight(account, { ...slotOf(reset), verifier: right.verifier }, now, limits)
  if (code === undefined) return undefined
  const resets = code.next.resets.map(each => (each.id === reset.id ? { ...each, codeRightAt: now } : each))
  return and(code, quietly({ ...code.next, resets }))
}

export function resetCodeWrong(account: Account, id: string, now: Instant, limits: Limits): Change {
  const reset = account.resets.find(each => each.id === id)
  return reset === undefined ? quietly(account) : codeWasWrong(account, slotOf(reset), now, limits)
}

export type ResetPasswordEnding = ({ readonly kind: 'reset' } & Change) | NoReset | { readonly kind: 'code_needed' }

/** The new password is set, in one commit with everything that falls because of it. */
export function resetPassword(
  account: Account,
  reset: NewPassword & { readonly reset: string },
  now: Instant,
  limits: Limits,
): ResetPasswordEnding {
  const live = liveReset(account, reset.reset, now, limits)
  if (live === undefined) return noReset
  if (live.codeRightAt === undefined) return { kind: 'code_needed' }
  const done = afterReset(account, reset, now, limits, live.from)
  return { kind: 'reset', ...and(done, keyUsed(done.next, now, limits)) }
}

/** A password was reset: every session ends, every browser is forgotten, and all addresses are told. */
export function afterReset(
  account: Account,
  made: NewPassword,
  now: Instant,
  limits: Limits,
  from: Origin | undefined,
): Change {
  const set = withNewPassword(account, made, 'password_reset', now, limits)
  const ended = sessionsEnded(set.next, () => false, 'password_reset')
  const forgotten = forgetBrowsers(ended.next, undefined, 'password_reset')
  // A request that ran goes on counting its checks; what asked for it is gone.
  const cleared = quietly({ ...forgotten.next, resets: [] })
  const notice = tell(account, 'password_reset', now, from === undefined ? {} : { from })
  const all = and(and(and(set, ended), forgotten), cleared)
  return { ...all, notices: [...all.notices, notice] }
}
