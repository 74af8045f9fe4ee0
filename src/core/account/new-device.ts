// Adding a trusted device, with two-step verification on.
//
//   full session, P and D fresh ──┐                                        ┌──▶ TRUSTED
//   limited session (P + K) ──────┴─▶ code to the draft ── right ──────────┴──▶ TRUSTED, and the session a full one
//
// For a limited session it is the one thing it may do, and what it is for: P and K are its own proofs.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import type { Origin } from './caller.ts'
import {
  type CheckCodeEnding,
  codeRight,
  type SendCodeEnding,
  type Slot,
  sendCode,
  spendCodeCheck,
} from './challenge.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { keyUsed } from './recovery-key.ts'
import { liveSession, permit, type Refusal, type Session, withSession } from './session.ts'
import { type DeviceDraft, devicesOf, hasAlready, onAgain, withTrusted } from './trusted-device.ts'

export type AddDeviceEnding =
  | SendCodeEnding
  | { readonly kind: 'not_on' }
  | { readonly kind: 'already_trusted' }
  | { readonly kind: 'too_many_devices' }
  | Refusal

/** Codes for a device that a session adds. */
export const newDeviceSlot = (session: string): Slot => ({ purpose: 'add-device', side: 'known', of: session })

// The one thing a limited session may do. Its P and K are its own; any other session needs fresh P and D.
function mayAdd(account: Account, id: string, now: Instant, limits: Limits) {
  const session = liveSession(account, id, now, limits)
  if (session?.level !== 'limited') return permit(account, id, 'fresh', now, limits)
  return keyStands(account, session) ? ({ kind: 'permitted', session } as const) : ({ kind: 'no_session' } as const)
}

const keyStands = ({ twoStep }: Account, session: Session): boolean =>
  twoStep.kind === 'on' && twoStep.key !== undefined && twoStep.key.verifier === session.key

/** Sends a code to a device that is to become trusted. */
export function addDevice(
  account: Account,
  add: {
    readonly session: string
    readonly draft: DeviceDraft
    readonly verifier: string
    readonly from: Origin
  },
  now: Instant,
  limits: Limits,
): AddDeviceEnding {
  const may = mayAdd(account, add.session, now, limits)
  if (may.kind !== 'permitted') return may
  if (account.twoStep.kind !== 'on') return { kind: 'not_on' }
  if (hasAlready(account, add.draft)) return { kind: 'already_trusted' }
  if (devicesOf(account).length >= limits.account.devices) return { kind: 'too_many_devices' }
  const { verifier, from } = add
  return sendCode(account, { ...newDeviceSlot(add.session), to: add.draft, verifier, from }, now, limits)
}

export const spendNewDeviceCheck = (
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): CheckCodeEnding | Refusal =>
  liveSession(account, session, now, limits) === undefined
    ? { kind: 'no_session' }
    : spendCodeCheck(account, newDeviceSlot(session), now, limits)

/**
 * The new device's own code was right: it is trusted, and a limited session is a full one. In profile `strict` the
 * Recovery Key that opened the limited session dies in this commit, and not before: a device that is lost half-way must
 * not cost its owner the key as well.
 */
export function newDeviceVerified(
  account: Account,
  right: { readonly session: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const session = liveSession(account, right.session, now, limits)
  if (session === undefined || account.twoStep.kind !== 'on') return undefined
  if (session.level === 'limited' && !keyStands(account, session)) return undefined
  const code = codeRight(account, { ...newDeviceSlot(session.id), verifier: right.verifier }, now, limits)
  const draft = code?.challenge.draft
  if (code === undefined || draft === undefined || hasAlready(account, draft)) return undefined
  if (devicesOf(account).length >= limits.account.devices) return undefined
  const trusted = withTrusted(code.next, draft, now)
  const added: Change = {
    next: trusted,
    events: [...code.events, { kind: 'device.added', device: draft.id, name: draft.name }],
    notices: [tell(account, 'device_added', now, { about: draft.name, from: session.from })],
  }
  if (session.level === 'full') return added
  const channel = code.challenge.channel
  const full: Session = { ...session, level: 'full', channel, key: undefined, proofs: { ...session.proofs, D: now } }
  const opened = quietly(withSession(onAgain(trusted), { ...full, lastUsedAt: now }), {
    kind: 'session.full',
    session: session.id,
  })
  const used = and(added, opened)
  return and(used, keyUsed(used.next, now, limits))
}
