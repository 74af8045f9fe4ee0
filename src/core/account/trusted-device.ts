// Trusted devices: what codes are sent to. A number gets them by SMS, a device by notification. Each was verified by a code
// of its own.
//
//   draft ──its own code right──▶ TRUSTED ──┬── removed, or restored from a backup ──▶ gone, at once
//                                   ▲       └── too many wrong codes in a row from one side ──▶ off for that side
//                                   └────────── another pair of proofs ◀─────────────────────────┘
//
// The last SMS number cannot be removed. With one device left the owner is warned.

import { after, type Instant } from '../kernel/instant.ts'
import type { E164 } from '../registration-lock/phone-number.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Window } from '../throttle/moving-window.ts'
import type { Account } from './account.ts'
import { type Origin, type Side, sides } from './caller.ts'
import {
  type Challenge,
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
import type { On } from './two-step.ts'

/** A device that is to be verified. */
export type DeviceDraft =
  | {
      readonly kind: 'number'
      readonly id: string
      readonly name: string
      readonly model: string | undefined
      /** Made by numbering only: a mobile number of a supported region. */
      readonly number: E164
    }
  | {
      readonly kind: 'device'
      readonly id: string
      readonly name: string
      readonly model: string | undefined
      /** Where notifications go: opaque here. */
      readonly address: string
      /** What the installation's own secret is checked against. It is in no backup, so a restored device lacks it. */
      readonly installation: string
    }

export type TrustedDevice = DeviceDraft & {
  readonly addedAt: Instant
  readonly lastUsedAt: Instant
  /** Codes sent by SMS, for each side. */
  readonly sends: Readonly<Record<Side, Window>>
  /** Wrong codes in a row, from each side. */
  readonly failures: Readonly<Record<Side, number>>
}

const none = { known: 0, stranger: 0, keyholder: 0 } as const

/** Trusted devices of an account with two-step verification on, or those of an enrolment, which nothing is sent to yet. */
export const devicesOf = ({ twoStep }: Account): readonly TrustedDevice[] =>
  twoStep.kind === 'on' || twoStep.kind === 'enrolling' ? twoStep.devices : []

export const deviceOf = (account: Account, id: string): TrustedDevice | undefined =>
  devicesOf(account).find(each => each.id === id)

export const withDevices = (account: Account, devices: readonly TrustedDevice[]): Account =>
  account.twoStep.kind === 'on' || account.twoStep.kind === 'enrolling'
    ? { ...account, twoStep: { ...account.twoStep, devices } }
    : account

export const withDevice = (account: Account, device: TrustedDevice): Account =>
  withDevices(
    account,
    devicesOf(account).map(each => (each.id === device.id ? device : each)),
  )

/** Whether codes of this side go to the device no more. */
export const isOff = (device: TrustedDevice, side: Side, limits: Limits): boolean =>
  device.failures[side] >= limits.account.failuresInARow

/** Another pair of proofs was given: every device is on again for every side. */
export function onAgain(account: Account): Account {
  const devices = devicesOf(account)
  if (devices.every(each => sides.every(side => each.failures[side] === 0))) return account
  return withDevices(
    account,
    devices.map(each => ({ ...each, failures: none })),
  )
}

/** The draft became a trusted device. Codes sent to its number while it was a draft go on counting. */
export function withTrusted(account: Account, draft: DeviceDraft, now: Instant): Account {
  const sent = draft.kind === 'number' ? account.newNumbers.find(each => each.number === draft.number) : undefined
  const device: TrustedDevice = {
    ...draft,
    addedAt: now,
    lastUsedAt: now,
    sends: { known: sent?.sends ?? [], stranger: [], keyholder: [] },
    failures: none,
  }
  const newNumbers = account.newNumbers.filter(each => each !== sent)
  return withDevices({ ...account, newNumbers }, [...devicesOf(account), device])
}

/** Whether the account has this number or this device already. */
export const hasAlready = (account: Account, draft: DeviceDraft): boolean =>
  devicesOf(account).some(each =>
    each.kind === 'number'
      ? draft.kind === 'number' && each.number === draft.number
      : draft.kind === 'device' && each.address === draft.address,
  )

// ——— adding one

export type AddDeviceEnding =
  | SendCodeEnding
  | { readonly kind: 'not_on' }
  | { readonly kind: 'already_trusted' }
  | { readonly kind: 'too_many_devices' }
  | Refusal

const adding = (session: string): Slot => ({ purpose: 'add-device', side: 'known', of: session })

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
  return sendCode(account, { ...adding(add.session), to: add.draft, verifier, from }, now, limits)
}

export const spendNewDeviceCheck = (
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): CheckCodeEnding | Refusal =>
  liveSession(account, session, now, limits) === undefined
    ? { kind: 'no_session' }
    : spendCodeCheck(account, adding(session), now, limits)

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
  const code = codeRight(account, { ...adding(session.id), verifier: right.verifier }, now, limits)
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

// ——— removing, renaming, turning on again

export type RemoveDeviceEnding =
  | ({ readonly kind: 'removed'; readonly warnings: readonly Warning[] } & Change)
  | { readonly kind: 'no_device' }
  /** Codes must be able to reach the owner by SMS: add another number first. */
  | { readonly kind: 'last_number' }
  | Refusal

/** Takes a device away, at once: no code goes to it, and those that did are void. */
export function removeDevice(
  account: Account,
  removal: { readonly session: string; readonly device: string },
  now: Instant,
  limits: Limits,
): RemoveDeviceEnding {
  const may = permit(account, removal.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const device = account.twoStep.kind === 'on' ? deviceOf(account, removal.device) : undefined
  if (device === undefined) return { kind: 'no_device' }
  const numbers = devicesOf(account).filter(each => each.kind === 'number')
  if (device.kind === 'number' && numbers.length === 1) return { kind: 'last_number' }
  const change = removed(account, device, 'device_removed', may.session.from, now)
  return { kind: 'removed', ...change, warnings: warningsOf(change.next, now, limits) }
}

function removed(
  account: Account,
  device: TrustedDevice,
  kind: 'device_removed' | 'device_restored',
  from: Origin | undefined,
  now: Instant,
): Change {
  const devices = devicesOf(account).filter(each => each !== device)
  const challenges = account.challenges.filter(each => each.device !== device.id)
  const event = kind === 'device_removed' ? 'device.removed' : 'device.restored'
  return {
    next: { ...withDevices(account, devices), challenges },
    events: [{ kind: event, device: device.id, name: device.name }],
    notices: [tell(account, kind, now, { about: device.name, ...(from === undefined ? {} : { from }) })],
  }
}

/**
 * A device showed itself without the secret of its installation: it is a copy from a backup and not trusted. `undefined`
 * when the installation is the one that was verified, or there is no such device.
 */
export function deviceShown(
  account: Account,
  shown: { readonly device: string; readonly installation: string | undefined },
  now: Instant,
): Change | undefined {
  const device = deviceOf(account, shown.device)
  if (device?.kind !== 'device' || device.installation === shown.installation) return undefined
  if (account.twoStep.kind !== 'on') return undefined
  return removed(account, device, 'device_restored', undefined, now)
}

export type RenameDeviceEnding = ({ readonly kind: 'renamed' } & Change) | { readonly kind: 'no_device' } | Refusal

/** Gives a device a name of the owner's choice. */
export function renameDevice(
  account: Account,
  rename: { readonly session: string; readonly device: string; readonly name: string },
  now: Instant,
  limits: Limits,
): RenameDeviceEnding {
  const may = permit(account, rename.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const device = account.twoStep.kind === 'on' ? deviceOf(account, rename.device) : undefined
  if (device === undefined) return { kind: 'no_device' }
  const next = withDevice(account, { ...device, name: rename.name })
  return { kind: 'renamed', ...quietly(next, { kind: 'device.renamed', device: device.id, name: rename.name }) }
}

export type OnAgainEnding = ({ readonly kind: 'on_again' } & Change) | Refusal

/** The owner, with fresh P and D, turns on again what strangers' wrong codes turned off. */
export function turnDevicesOn(account: Account, id: string, now: Instant, limits: Limits): OnAgainEnding {
  const may = permit(account, id, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const next = onAgain(account)
  if (next === account) return { kind: 'on_again', ...quietly(account) }
  const notices = [tell(account, 'devices_on_again', now, { from: may.session.from })]
  return { kind: 'on_again', next, events: [{ kind: 'devices.on_again' }], notices }
}

// ——— what the owner is warned of

export type Warning = 'one_device_left' | 'device_off' | 'no_recovery_key' | 'recovery_key_at_hand'

/** What the account page says in plain words. `recovery_key_at_hand` is the yearly question. */
export function warningsOf(account: Account, now: Instant, limits: Limits): readonly Warning[] {
  const { twoStep } = account
  return twoStep.kind === 'on' ? warnings(twoStep, now, limits) : []
}

function warnings({ devices, key }: On, now: Instant, limits: Limits): readonly Warning[] {
  const found: Warning[] = []
  if (devices.length === 1) found.push('one_device_left')
  if (devices.some(each => sides.some(side => isOff(each, side, limits)))) found.push('device_off')
  if (key === undefined) found.push('no_recovery_key')
  else if (now >= after(key.confirmedAt, limits.account.recoveryKey.askEvery)) found.push('recovery_key_at_hand')
  return found
}

/** A device as it is shown before the second step is passed: a number has its last two digits only. */
export const masked = (
  device: TrustedDevice,
): { readonly id: string; readonly kind: string; readonly label: string } => ({
  id: device.id,
  kind: device.kind,
  label: device.kind === 'number' ? `•••• ••${device.number.slice(-2)}` : device.name,
})

/** Whether a challenge is one that this device was shown, so that it may say "not me". */
export const wasShown = (challenge: Challenge, device: string): boolean =>
  challenge.device === device && challenge.channel === 'notification'
