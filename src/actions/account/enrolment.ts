// Turning two-step verification on: one verb for each step of core/account/enrolment.ts. Each is one commit, but for a code,
// which is paid for in a commit of its own before it is looked at.

import type { Account } from '#core/account/account.ts'
import {
  abandonEnrolment,
  type BeginEnrolmentEnding,
  beginEnrolment,
  enable,
  enrolDevice,
  enrolmentCodeRight,
  enrolmentCodeWrong,
  enrolmentSlot,
  firstKeyRetyped,
  firstKeyToRetype,
  showFirstKey,
  skipDevices,
  spendEnrolmentCheck,
  type WrongStep,
} from '#core/account/enrolment.ts'
import type { Refusal } from '#core/account/session.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { type AtSession, changeAccount } from './account.ts'
import { type CodeRefusal, checkDeviceCode } from './code-check.ts'
import { type AddDevice, type DraftCodeEnding, sendDraftCode } from './draft-code.ts'
import { type Told, told } from './ending.ts'
import { keyIsRight, newKey } from './recovery-key-verifier.ts'
import { newToken } from './tokens.ts'

/** The account as it is after a step. */
export type Stepped<K extends string> = { readonly kind: K; readonly account: Account; readonly now: Instant }

type AtNow<E> = E & { readonly now: Instant }

/** Begins, or begins the wait before: then all addresses are mailed the date and a "not me" link. */
export const beginTwoStep = (world: World, call: Call, at: AtSession): Promise<Told<BeginEnrolmentEnding>> =>
  watched(world, 'begin_two_step', () => {
    const notMe = newToken(world, 'notMe', at.id)
    return changeAccount(world, call, at.id, (account, now) => {
      const ending = beginEnrolment(account, { session: at.session.id, notMe: notMe.verifier }, now, world.limits)
      return { ...told(ending, now), notMe: notMe.token }
    })
  })

export type EnrolDeviceEnding = DraftCodeEnding<ReturnType<typeof enrolDevice>>

/** Sends a code to the number or device that is to be trusted. */
export const sendEnrolmentCode = (
  world: World,
  call: Call,
  at: AtSession,
  device: AddDevice,
): Promise<EnrolDeviceEnding> =>
  watched(world, 'send_enrolment_code', () =>
    sendDraftCode(world, call, at, device, {
      slot: enrolmentSlot,
      decide: (account, send, now) => enrolDevice(account, send, now, world.limits),
    }),
  )

export type CheckEnrolmentEnding = Stepped<'verified'> | CodeRefusal | WrongStep | Refusal

/** Checks the device's own code. Two commits. */
export const checkEnrolmentCode = (
  world: World,
  call: Call,
  at: AtSession,
  code: Secret | undefined,
): Promise<CheckEnrolmentEnding> =>
  watched(world, 'check_enrolment_code', () => {
    const session = at.session.id
    return checkDeviceCode<Stepped<'verified'>, WrongStep | Refusal>(world, call, {
      account: at.id,
      code,
      spend: (account, now) => spendEnrolmentCheck(account, session, now, world.limits),
      right(account, verifier, now) {
        const change = enrolmentCodeRight(account, { session, verifier }, now, world.limits)
        return change && { ending: { kind: 'verified', account: change.next, now }, change }
      },
      wrong: (account, now) => enrolmentCodeWrong(account, now, world.limits),
    })
  })

export type StepEnding<K extends string> = Stepped<K> | AtNow<WrongStep | Refusal>

/** No more devices. */
export const endDevices = (world: World, call: Call, at: AtSession): Promise<StepEnding<'skipped'>> =>
  watched(world, 'end_devices', () =>
    changeAccount<StepEnding<'skipped'>>(world, call, at.id, (account, now) =>
      told(skipDevices(account, at.session.id, now, world.limits), now),
    ),
  )

/** The key, which is shown this once. */
export type KeyShown = Stepped<'shown'> & { readonly key: Secret }

/** Shows a Recovery Key. What was shown before it is worth nothing. */
export const showEnrolmentKey = (
  world: World,
  call: Call,
  at: AtSession,
): Promise<KeyShown | AtNow<WrongStep | Refusal>> =>
  watched(world, 'show_enrolment_key', async () => {
    const { key, verifier } = newKey(world, at.id)
    const ending = await changeAccount(world, call, at.id, (account, now) =>
      told(showFirstKey(account, { session: at.session.id, verifier }, now, world.limits), now),
    )
    return ending.kind === 'shown' ? { ...ending, key } : ending
  })

export type RetypeEnding =
  | Stepped<'retyped'>
  | AtNow<{ readonly kind: 'wrong_key' | 'not_shown' } | WrongStep | Refusal>

/** The key is retyped, so that nobody turns two-step on with one that was never written down. */
export const retypeEnrolmentKey = (world: World, call: Call, at: AtSession, typed: Secret): Promise<RetypeEnding> =>
  watched(world, 'retype_enrolment_key', () =>
    changeAccount<RetypeEnding>(world, call, at.id, (account, now) => {
      const verifier = firstKeyToRetype(account, now)
      const ending = firstKeyRetyped(account, { session: at.session.id, verifier: verifier ?? '' }, now, world.limits)
      // It was shown in this session a moment ago and guards nothing yet: no guess is paid for.
      if (ending.kind === 'retyped' && !keyIsRight(world, at.id, verifier, typed)) {
        return { ending: { kind: 'wrong_key', now } }
      }
      return told(ending, now)
    }),
  )

/** "I understand": on, in this commit. */
export const enableTwoStep = (world: World, call: Call, at: AtSession): Promise<StepEnding<'enabled'>> =>
  watched(world, 'enable_account_two_step', () =>
    changeAccount<StepEnding<'enabled'>>(world, call, at.id, (account, now) =>
      told(enable(account, { session: at.session.id, understood: true }, now, world.limits), now),
    ),
  )

/** Leaves it half-way: nothing was turned on. */
export const abandonTwoStep = (world: World, call: Call, at: AtSession): Promise<StepEnding<'abandoned'>> =>
  watched(world, 'abandon_two_step', () =>
    changeAccount<StepEnding<'abandoned'>>(world, call, at.id, (account, now) =>
      told(abandonEnrolment(account, at.session.id, now, world.limits), now),
    ),
  )
