// Step-up: P or D proved anew in a session that is open, because what is asked for needs fresher proofs.
//
//   session ──┬── password spent, looked at, right ──▶ P fresh
//             └── device chosen, code right ─────────▶ D fresh
//
// RFC 9470 is how a caller learns that it must. A limited session is stepped up by a new device only.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import type { Caller, Origin } from './caller.ts'
import { type CheckCodeEnding, codeRight, codeWasWrong, type Slot, spendCodeCheck } from './challenge.ts'
import { and, type Change, quietly } from './change.ts'
import { type SendToChosenEnding, sendToChosen } from './chosen-device.ts'
import { passwordRight, passwordStillStands, type SpendPasswordEnding, spendPasswordTry } from './password.ts'
import { permit, proved, type Refusal, withSession } from './session.ts'

/** Spends a try at the password in a session. */
export function spendStepUpPassword(
  account: Account,
  attempt: { readonly session: string; readonly caller: Caller },
  now: Instant,
  limits: Limits,
): SpendPasswordEnding | Refusal {
  const may = permit(account, attempt.session, 'full', now, limits)
  return may.kind === 'permitted' ? spendPasswordTry(account, attempt.caller, now, limits) : may
}

/** The password was right, if it and the session still stand. */
export function stepUpPasswordRight(
  account: Account,
  right: {
    readonly session: string
    readonly caller: Caller
    readonly verifier: string
    readonly remade: string | undefined
  },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const may = permit(account, right.session, 'full', now, limits)
  if (may.kind !== 'permitted' || !passwordStillStands(account, right.verifier)) return undefined
  const done = passwordRight(account, right.caller, right.remade)
  return and(done, steppedUp(withSession(done.next, proved(may.session, 'P', now)), right.session))
}

/** Codes for a session's step-up. */
export const stepUpSlot = (session: string): Slot => ({ purpose: 'step-up', side: 'known', of: session })

/** The person chose a device: a code goes there, for this session. */
export function chooseStepUpDevice(
  account: Account,
  choice: {
    readonly session: string
    readonly device: string
    readonly verifier: string
    readonly from: Origin
  },
  now: Instant,
  limits: Limits,
): SendToChosenEnding | Refusal {
  const may = permit(account, choice.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const { session, ...chosen } = choice
  return sendToChosen(account, { ...stepUpSlot(session), ...chosen }, now, limits)
}

/** Spends a check of the code that was sent for this session's step-up. */
export function spendStepUpCheck(
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): CheckCodeEnding | Refusal {
  const may = permit(account, session, 'full', now, limits)
  return may.kind === 'permitted' ? spendCodeCheck(account, stepUpSlot(session), now, limits) : may
}

/** The code was right, if it and the session still stand. */
export function stepUpCodeRight(
  account: Account,
  right: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const may = permit(account, right.session, 'full', now, limits)
  if (may.kind !== 'permitted') return undefined
  const code = codeRight(account, { ...stepUpSlot(right.session), verifier: right.verifier }, now, limits)
  if (code === undefined) return undefined
  const session = { ...proved(may.session, 'D', now), channel: code.challenge.channel }
  return and(code, steppedUp(withSession(code.next, session), right.session))
}

export const stepUpCodeWrong = (account: Account, session: string, now: Instant, limits: Limits): Change =>
  codeWasWrong(account, stepUpSlot(session), now, limits)

const steppedUp = (next: Account, session: string): Change => quietly(next, { kind: 'session.stepped_up', session })
