// Step-up: P or D proved anew in a session, because what is asked for needs fresher proofs (RFC 9470).

import type { Account } from '#core/account/account.ts'
import type { Origin } from '#core/account/caller.ts'
import { passwordWasWrong } from '#core/account/password.ts'
import { liveSession, type Refusal, type Session } from '#core/account/session.ts'
import {
  chooseStepUpDevice,
  spendStepUpCheck,
  spendStepUpPassword,
  stepUpCodeRight,
  stepUpCodeWrong,
  stepUpPasswordRight,
  stepUpSlot,
} from '#core/account/step-up.ts'
import { deviceOf } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { watched } from '../runner.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { type AtSession, callerAtSession, changeAccount, type Presenting } from './account.ts'
import { type CodeRefusal, checkDeviceCode } from './code-check.ts'
import { type CodeSending, changeAndSend, sendStep } from './code-sending.ts'
import { newCode } from './codes.ts'
import { lookAtPassword } from './passwords.ts'

/** The session with its fresher proof. */
export type SteppedUp = {
  readonly kind: 'stepped_up'
  readonly account: Account
  readonly session: Session
  readonly now: Instant
}

export type StepUpPasswordEnding =
  | SteppedUp
  | { readonly kind: 'wrong_password' }
  | { readonly kind: 'password_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  /** The application that the user belongs to says that the first step was passed anew. */
  | { readonly kind: 'no_password' }
  | Refusal
  | Overloaded

type Spent =
  | Exclude<StepUpPasswordEnding, { readonly kind: 'stepped_up' | 'wrong_password' }>
  | { readonly kind: 'look'; readonly verifier: string }

/** The password once more. Two commits, and argon2 between them. */
export const stepUpByPassword = (
  world: World,
  call: Call,
  at: AtSession,
  command: { readonly password: Secret; readonly presenting: Presenting },
): Promise<StepUpPasswordEnding> =>
  watched(world, 'step_up_password', async () => {
    const { limits } = world
    const session = at.session.id
    const callerOn = (account: Account) => callerAtSession(world, account, session, command.presenting)
    using place = hashingPlace(world)
    const spent = await changeAccount<Spent>(world, call, at.id, (account, now) => {
      if (account.password === undefined) return { ending: { kind: 'no_password' } }
      const ending = spendStepUpPassword(account, { session, caller: callerOn(account) }, now, limits)
      if (ending.kind === 'too_soon') {
        // Only a stolen cookie changes anything: waiting costs no commit.
        const change = ending.next === account ? undefined : ending
        return { ending: { kind: 'password_too_soon', retryAt: ending.retryAt, now }, change }
      }
      if (ending.kind !== 'look') return { ending }
      const busy = place.missing()
      if (busy !== undefined) return { ending: busy }
      assert(ending.verifier !== undefined, 'an account with a password has its verifier')
      return { ending: { kind: 'look', verifier: ending.verifier }, change: ending }
    })
    if (spent.kind !== 'look') return spent
    const { verifier } = spent
    const { right, remade } = await lookAtPassword(world, place, at.id, verifier, command.password)
    return changeAccount<StepUpPasswordEnding>(world, settling(call), at.id, (account, now) => {
      const caller = callerOn(account)
      const change = right
        ? stepUpPasswordRight(account, { session, caller, verifier, remade }, now, limits)
        : undefined
      if (change === undefined) return { ending: { kind: 'wrong_password' }, change: passwordWasWrong(account, caller) }
      return { ending: steppedUp(world, change.next, session, now), change }
    })
  })

export type StepUpCodeEnding = CodeSending | (({ readonly kind: 'no_device' } | Refusal) & { readonly now: Instant })

/** Sends a code to a trusted device of the person's choice, for this session. */
export const sendStepUpCode = (
  world: World,
  call: Call,
  at: AtSession,
  command: { readonly device: string; readonly from: Origin },
): Promise<StepUpCodeEnding> =>
  watched(world, 'send_step_up_code', () =>
    changeAndSend<StepUpCodeEnding>(world, call, at.id, (account, now) => {
      const session = at.session.id
      const to = deviceOf(account, command.device) ?? { id: command.device, kind: 'number' as const }
      const code = newCode(world, account, stepUpSlot(session), to)
      const ending = chooseStepUpDevice(account, { session, verifier: code.verifier, ...command }, now, world.limits)
      return sendStep(world, ending, code, now)
    }),
  )

export type CheckStepUpEnding = SteppedUp | CodeRefusal | Refusal

/** Checks the code that was sent for this session. Two commits. */
export const checkStepUpCode = (
  world: World,
  call: Call,
  at: AtSession,
  code: Secret | undefined,
): Promise<CheckStepUpEnding> =>
  watched(world, 'check_step_up_code', () => {
    const session = at.session.id
    return checkDeviceCode<SteppedUp, Refusal>(world, call, {
      account: at.id,
      code,
      spend: (account, now) => spendStepUpCheck(account, session, now, world.limits),
      right(account, verifier, now) {
        const change = stepUpCodeRight(account, { session, verifier }, now, world.limits)
        return change && { ending: steppedUp(world, change.next, session, now), change }
      },
      wrong: (account, now) => stepUpCodeWrong(account, session, now, world.limits),
    })
  })

function steppedUp(world: World, account: Account, id: string, now: Instant): SteppedUp {
  const session = liveSession(account, id, now, world.limits)
  assert(session !== undefined, 'a session that was stepped up lives')
  return { kind: 'stepped_up', account, session, now }
}
