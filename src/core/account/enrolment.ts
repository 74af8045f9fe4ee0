// Turning two-step verification on, step by step. It can be left half-way and gone on with on another browser.
//
//   begin ──▶ phone ── a number's own code right ──▶ devices ──┬── another device's own code right ──▶ devices
//                                                              └── skip ──▶ key
//   key ── K shown, retyped equal ──▶ confirm ── "I understand" and enable, one commit ──▶ ON
//
//   given up, deadline, significant change: nothing was enabled, and what was not confirmed is erased
//
// Every step asks for a fresh P. `two-step.ts` has the states before and after.

import { after, type Instant, later } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import type { Origin } from './caller.ts'
import {
  type CheckCodeEnding,
  codeRight,
  codeWasWrong,
  type SendCodeEnding,
  type Slot,
  sendCode,
  spendCodeCheck,
} from './challenge.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { withoutGivenAddress } from './email-address.ts'
import { type Permit, permit, type Refusal, sessionsEnded } from './session.ts'
import { waiting, withoutEnrolmentCodes } from './significant-change.ts'
import { forgetBrowsers } from './trusted-browser.ts'
import { type DeviceDraft, devicesOf, hasAlready, withTrusted } from './trusted-device.ts'
import { type Enrolling, type On, stateAt, type TwoStep } from './two-step.ts'

/** The account is not at the step that was asked for; it says where it is. */
export type WrongStep = { readonly kind: 'wrong_step'; readonly at: TwoStep['kind'] | Enrolling['step'] }

export type BeginEnrolmentEnding =
  | ({ readonly kind: 'begun'; readonly deadline: Instant } & Change)
  /** Something significant changed lately, or the thirty days ran out: from `until` on. */
  | ({ readonly kind: 'waiting'; readonly until: Instant } & Change)
  | { readonly kind: 'still_waiting'; readonly until: Instant }
  /** Mails to all addresses must reach the owner: one of them is to be confirmed first. */
  | { readonly kind: 'no_confirmed_address' }
  | WrongStep
  | Refusal

/** Begins to turn two-step verification on, or begins the wait before. */
export function beginEnrolment(
  account: Account,
  begin: { readonly session: string; readonly notMe: string },
  now: Instant,
  limits: Limits,
): BeginEnrolmentEnding {
  const may = permit(account, begin.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const state = stateAt(account.twoStep, now)
  if (state.kind === 'on' || state.kind === 'enrolling') return wrongStep(state)
  if (account.addresses.every(each => each.confirmedAt === undefined)) return { kind: 'no_confirmed_address' }
  if (state.kind === 'waiting') return { kind: 'still_waiting', until: state.until }
  const until = waitsUntil(account, state, now, limits)
  if (until !== undefined) return { kind: 'waiting', until, ...waiting(account, until, begin.notMe, now, limits) }
  const deadline = state.kind === 'ready' ? state.deadline : after(now, limits.account.waiting.toFinish)
  const enrolling: Enrolling = { kind: 'enrolling', step: 'phone', beganAt: now, deadline, devices: [], key: undefined }
  return {
    kind: 'begun',
    deadline,
    next: { ...account, twoStep: enrolling },
    events: [{ kind: 'two_step.begun' }],
    notices: [tell(account, 'enrolment_begun', now, { from: may.session.from })],
  }
}

function waitsUntil(account: Account, state: TwoStep, now: Instant, limits: Limits): Instant | undefined {
  const { period } = limits.account.waiting
  if (state.kind === 'ready') return now < state.deadline ? undefined : after(now, period)
  const until = account.changedAt === undefined ? now : after(account.changedAt, period)
  return until > now ? later(until, now) : undefined
}

export const wrongStep = (state: TwoStep): WrongStep => ({
  kind: 'wrong_step',
  at: state.kind === 'enrolling' ? state.step : state.kind,
})

type AtStep = { readonly kind: 'at'; readonly state: Enrolling; readonly from: Origin } | WrongStep | Refusal

function atStep(
  account: Account,
  session: string,
  steps: readonly Enrolling['step'][],
  now: Instant,
  limits: Limits,
): AtStep {
  const may: Permit = permit(account, session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const state = stateAt(account.twoStep, now)
  if (state.kind !== 'enrolling' || !steps.includes(state.step)) return wrongStep(state)
  return { kind: 'at', state, from: may.session.from }
}

const withState = (account: Account, state: Enrolling): Account => ({ ...account, twoStep: state })

// ——— phone, devices

/** Of the account, not of a session: a code asked for on one browser may be typed on another. */
export const enrolmentSlot = (account: Account): Slot => ({ purpose: 'enrol', side: 'known', of: account.id })

/** Sends a code to the number or device that is to be trusted. The first must be a number. */
export function enrolDevice(
  account: Account,
  enrol: {
    readonly session: string
    readonly draft: DeviceDraft
    readonly verifier: string
    readonly from: Origin
  },
  now: Instant,
  limits: Limits,
): SendCodeEnding | { readonly kind: 'number_first' | 'already_trusted' | 'too_many_devices' } | WrongStep | Refusal {
  const { draft, verifier, from } = enrol
  const at = atStep(account, enrol.session, ['phone', 'devices'], now, limits)
  if (at.kind !== 'at') return at
  if (at.state.step === 'phone' && draft.kind !== 'number') return { kind: 'number_first' }
  if (hasAlready(account, draft)) return { kind: 'already_trusted' }
  if (devicesOf(account).length >= limits.account.devices) return { kind: 'too_many_devices' }
  return sendCode(account, { ...enrolmentSlot(account), to: draft, verifier, from }, now, limits)
}

/** Spends a check of the code that was sent to the device. */
export function spendEnrolmentCheck(
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): CheckCodeEnding | WrongStep | Refusal {
  const at = atStep(account, session, ['phone', 'devices'], now, limits)
  return at.kind === 'at' ? spendCodeCheck(account, enrolmentSlot(account), now, limits) : at
}

/** The device's own code was right. */
export function enrolmentCodeRight(
  account: Account,
  right: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const at = atStep(account, right.session, ['phone', 'devices'], now, limits)
  if (at.kind !== 'at') return undefined
  const code = codeRight(account, { ...enrolmentSlot(account), verifier: right.verifier }, now, limits)
  const draft = code?.challenge.draft
  if (code === undefined || draft === undefined || hasAlready(account, draft)) return undefined
  const next = withTrusted(code.next, draft, now)
  const added = { kind: 'device.added', device: draft.id, name: draft.name } as const
  const stepped = next.twoStep.kind === 'enrolling' ? withState(next, { ...next.twoStep, step: 'devices' }) : next
  return and(code, quietly(stepped, added))
}

export const enrolmentCodeWrong = (account: Account, now: Instant, limits: Limits): Change =>
  codeWasWrong(account, enrolmentSlot(account), now, limits)

/** No more devices: on to the Recovery Key. */
export function skipDevices(
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'skipped' } & Change) | WrongStep | Refusal {
  const at = atStep(account, session, ['devices'], now, limits)
  if (at.kind !== 'at') return at
  const next = withState(withoutEnrolmentCodes(account), { ...at.state, step: 'key' })
  return { kind: 'skipped', ...quietly(next, { kind: 'two_step.skipped_devices' }) }
}

// ——— key

/** A Recovery Key is shown, once. Who lost it before retyping it is shown another one, and the first is worth nothing. */
export function showFirstKey(
  account: Account,
  shown: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'shown' } & Change) | WrongStep | Refusal {
  const at = atStep(account, shown.session, ['key', 'confirm'], now, limits)
  if (at.kind !== 'at') return at
  const next = withState(account, { ...at.state, step: 'key', key: shown.verifier })
  return { kind: 'shown', ...quietly(next, { kind: 'key.shown' }) }
}

/** What the retyped key is to be compared with. It guards nothing yet, so no budget guards it. */
export function firstKeyToRetype(account: Account, now: Instant): string | undefined {
  const state = stateAt(account.twoStep, now)
  return state.kind === 'enrolling' && state.step === 'key' ? state.key : undefined
}

/** The key was retyped equal to `verifier`'s. */
export function firstKeyRetyped(
  account: Account,
  retyped: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'retyped' } & Change) | { readonly kind: 'not_shown' } | WrongStep | Refusal {
  const at = atStep(account, retyped.session, ['key'], now, limits)
  if (at.kind !== 'at') return at
  if (at.state.key !== retyped.verifier) return { kind: 'not_shown' }
  const next = withState(account, { ...at.state, step: 'confirm' })
  return { kind: 'retyped', ...quietly(next, { kind: 'two_step.key_retyped' }) }
}

// ——— confirm

/**
 * "I understand": two-step verification is on, in one commit. Security questions are erased, other sessions end, browsers
 * that were known by the password alone are forgotten, mailed resets are void, and all addresses are told.
 */
export function enable(
  account: Account,
  confirmed: { readonly session: string; readonly understood: true },
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'enabled' } & Change) | WrongStep | Refusal {
  const at = atStep(account, confirmed.session, ['confirm'], now, limits)
  if (at.kind !== 'at') return at
  const { devices, key } = at.state
  if (key === undefined || !devices.some(each => each.kind === 'number')) return wrongStep(at.state)
  const on: On = {
    kind: 'on',
    since: now,
    devices,
    key: { verifier: key, since: now, confirmedAt: now },
    replacement: undefined,
  }
  const ended = sessionsEnded(withoutEnrolmentCodes(account), each => each.id === confirmed.session, 'turned_on')
  const browser = ended.next.sessions.find(each => each.id === confirmed.session)?.browser
  const forgotten = forgetBrowsers(ended.next, browser, 'turned_on')
  const next: Account = {
    ...withoutGivenAddress(forgotten.next),
    twoStep: on,
    identity: { ...account.identity, questions: [] },
    mailedReset: { ...account.mailedReset, out: undefined },
    ...{ signIns: [], resets: [], newNumbers: [] },
  }
  const done: Change = {
    next,
    events: [{ kind: 'two_step.on' }],
    notices: [tell(account, 'turned_on', now, { from: at.from })],
  }
  return { kind: 'enabled', ...and(and(ended, forgotten), done) }
}

// ——— giving it up

/** The owner leaves the enrolment or the wait: nothing was enabled, and what was not confirmed is erased. */
export function abandonEnrolment(
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): ({ readonly kind: 'abandoned' } & Change) | WrongStep | Refusal {
  const may = permit(account, session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const state = stateAt(account.twoStep, now)
  if (state.kind !== 'enrolling') return wrongStep(state)
  return { kind: 'abandoned', ...givenUp(account, { kind: 'ready', deadline: state.deadline }, 'abandoned') }
}

/**
 * "Not me", by the link in the mail about the wait: the wait is over, every session ends, and nobody is signed in. Somebody
 * knows the password; the owner is told to change it. `undefined` when that link is no longer out.
 */
export function notMe(account: Account, link: string, now: Instant): Change | undefined {
  const state = account.twoStep
  if (state.kind !== 'waiting' || state.notMe.verifier !== link || now >= state.notMe.expires) return undefined
  const left = givenUp(account, { kind: 'off' }, 'not_me')
  // To begin again takes another wait: whoever asked for this one has the password still.
  const next = { ...withoutGivenAddress(left.next), changedAt: now }
  return and(
    { ...left, next },
    sessionsEnded(next, () => false, 'not_me'),
  )
}

const givenUp = (account: Account, twoStep: TwoStep, why: 'abandoned' | 'not_me'): Change =>
  quietly({ ...withoutEnrolmentCodes(account), twoStep }, { kind: 'two_step.given_up', why })
