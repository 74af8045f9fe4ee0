// A forgotten password, with two-step verification on: the Recovery Key, then a code, then the new password. A reset signs
// nobody in; the next sign-in asks for both steps.
//
//     find ──▶ spend the try ──commit──▶ look at the key ──right──▶ RESET ──commit──▶ code ──▶ new password
//       └ nobody ──▶ the same steps on somebody who is not there
//
// Stay indistinguishable: an unknown account, one without a Recovery Key and a wrong key are one ending, and each costs two
// commits. A stranger makes no phone ring, for the key comes first.

import type { AccountId } from '#core/account/account.ts'
import { codeLeft } from '#core/account/challenge.ts'
import {
  chooseResetDevice,
  liveReset,
  type PasswordReset,
  resetCodeRight,
  resetCodeWrong,
  resetKeyRight,
  resetPassword as resetPasswordDecision,
  spendResetCheck,
} from '#core/account/forgotten-password.ts'
import { keyWasWrong, spendKeyTry } from '#core/account/recovery-key.ts'
import { deviceOf, devicesOf, masked } from '#core/account/trusted-device.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import type { CodesPaused } from '../sending/leave.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { accountOfToken, callerOf, changeAccount, type Presenting } from './account.ts'
import { type CodeRefusal, checkDeviceCode } from './code-check.ts'
import { changeAndSend } from './code-sending.ts'
import { codeOnItsWay, newCode } from './codes.ts'
import { withNewPassword } from './new-password.ts'
import { accountOrNobody } from './nobody.ts'
import { keyIsRight } from './recovery-key-verifier.ts'
import { type CodeOut, codeOut } from './sign-in.ts'
import { newToken } from './tokens.ts'
import type { RefusedPassword } from './weak-password.ts'

// ——— K

export type BeginResetEnding =
  | {
      readonly kind: 'begun'
      readonly reset: string
      readonly token: Secret
      readonly devices: readonly ReturnType<typeof masked>[]
      readonly expires: Instant
    }
  /** Or there is no such account, or it has no key: it does not say which. */
  | { readonly kind: 'wrong_key' }
  | { readonly kind: 'key_too_soon'; readonly retryAt: Instant; readonly now: Instant }

type Spent = Exclude<BeginResetEnding, { readonly kind: 'begun' }> | Look
type Look = { readonly kind: 'look'; readonly verifier: string | undefined }

/** Two commits: the try at the key, then what came of it. All addresses are told of a right one. */
export const beginReset = (
  world: World,
  call: Call,
  command: { readonly identifier: string; readonly key: Secret; readonly presenting: Presenting },
): Promise<BeginResetEnding> =>
  watched(world, 'begin_password_reset', async () => {
    const { limits } = world
    const id = await accountOrNobody(world, 'reset-by-key', command.identifier)
    const spent = await changeAccount<Spent>(world, call, id, (account, now) => {
      const attempt = { caller: callerOf(world, account, command.presenting), for: 'password_reset' } as const
      const ending = spendKeyTry(account, attempt, now, limits)
      if (ending.kind === 'too_soon') return { ending: { kind: 'key_too_soon', retryAt: ending.retryAt, now } }
      return { ending: { kind: 'look', verifier: ending.verifier }, change: ending }
    })
    if (spent.kind !== 'look') return spent
    const { verifier } = spent
    const right = keyIsRight(world, id, verifier, command.key)
    const reset = newToken(world, 'reset', id)
    return changeAccount<BeginResetEnding>(world, settling(call), id, (account, now) => {
      const caller = callerOf(world, account, command.presenting)
      const began =
        right && verifier !== undefined ? resetKeyRight(account, { caller, verifier, reset }, now, limits) : undefined
      if (began === undefined) {
        return { ending: { kind: 'wrong_key' }, change: keyWasWrong(account, { caller, for: 'password_reset' }) }
      }
      const { devices, expires } = began
      return { ending: { kind: 'begun', reset: reset.id, token: reset.token, devices, expires }, change: began }
    })
  })

// ——— a reset that is under way

/** A reset, in the hands of who holds its token. */
export type OnReset = { readonly account: AccountId; readonly reset: string }

export type ResetSeen = OnReset & {
  readonly devices: readonly ReturnType<typeof masked>[]
  readonly codeRight: boolean
  /** The code that is out for it, if one is. */
  readonly code: CodeOut | undefined
  readonly expires: Instant
  readonly now: Instant
}

/** The reset with this id, by its token; `undefined` when it is over, or never was. One read, and none for garbage. */
export async function resetOfToken(world: World, id: string, token: Secret): Promise<ResetSeen | undefined> {
  const found = await accountOfToken(world, 'reset', token)
  const reset = found && liveReset(found.account, id, found.now, world.limits)
  if (found === undefined || reset === undefined || !found.matches(reset.verifier)) return undefined
  const code = codeLeft(found.account, slotOf(reset), found.now, world.limits)
  return {
    account: found.id,
    reset: reset.id,
    devices: devicesOf(found.account).map(masked),
    codeRight: reset.codeRightAt !== undefined,
    code: code && codeOut(code),
    expires: after(reset.beganAt, world.limits.account.passwordReset.life),
    now: found.now,
  }
}

export type SendResetCodeEnding =
  | { readonly kind: 'sent'; readonly device: string; readonly expires: Instant; readonly now: Instant }
  | { readonly kind: 'no_reset' }
  | { readonly kind: 'no_device' | 'device_off' }
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant; readonly now: Instant }
  | CodesPaused

const slotOf = ({ id, side }: PasswordReset) => ({ purpose: 'reset-password', side, of: id }) as const

/** One commit: the code's verifier and the message that carries the code. */
export const sendResetCode = (
  world: World,
  call: Call,
  command: OnReset & { readonly device: string },
): Promise<SendResetCodeEnding> =>
  watched(world, 'send_reset_code', () =>
    changeAndSend<SendResetCodeEnding>(world, call, command.account, (account, now) => {
      const reset = liveReset(account, command.reset, now, world.limits)
      const to = deviceOf(account, command.device)
      if (reset === undefined) return { ending: { kind: 'no_reset' } }
      if (to === undefined) return { ending: { kind: 'no_device' } }
      const code = newCode(world, account, slotOf(reset), to)
      const choice = { reset: reset.id, device: to.id, verifier: code.verifier }
      const ending = chooseResetDevice(account, choice, now, world.limits)
      if (ending.kind === 'too_many_codes') return { ending: { ...ending, now } }
      if (ending.kind !== 'sent') return { ending }
      const { expires } = ending
      return { ending: { kind: 'sent', device: to.id, expires, now }, ...codeOnItsWay(world, ending, code, now) }
    }),
  )

export type CheckResetCodeEnding = { readonly kind: 'proved' } | { readonly kind: 'no_reset' } | CodeRefusal

/** Two commits: the check, then what came of it. */
export const checkResetCode = (
  world: World,
  call: Call,
  /** `code` undefined: what came cannot be one. It pays like a wrong one. */
  command: OnReset & { readonly code: Secret | undefined },
): Promise<CheckResetCodeEnding> =>
  watched(world, 'check_reset_code', () => {
    const { reset } = command
    return checkDeviceCode<{ readonly kind: 'proved' }, { readonly kind: 'no_reset' }>(world, call, {
      ...command,
      spend: (account, now) => spendResetCheck(account, reset, now, world.limits),
      right(account, verifier, now) {
        const change = resetCodeRight(account, { reset, verifier }, now, world.limits)
        return change && { ending: { kind: 'proved' }, change }
      },
      wrong: (account, now) => resetCodeWrong(account, reset, now, world.limits),
    })
  })

export type ResetPasswordEnding = { readonly kind: 'reset' | 'no_reset' | 'code_needed' } | RefusedPassword | Overloaded

/** One commit, after hashing: the new password stands, and every session, browser and app-specific password goes. */
export const resetPassword = (
  world: World,
  call: Call,
  command: ResetSeen & { readonly password: Secret },
): Promise<ResetPasswordEnding> =>
  watched(world, 'reset_password', async () => {
    if (!command.codeRight) return { kind: 'code_needed' }
    return withNewPassword<ResetPasswordEnding>(world, call, command, (account, made, now) => {
      const ending = resetPasswordDecision(account, { ...made, reset: command.reset }, now, world.limits)
      return ending.kind === 'reset' ? { ending: { kind: 'reset' }, change: ending } : { ending }
    })
  })
