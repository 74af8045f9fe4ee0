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
import type { Challenge } from './challenge.ts'
import { type Change, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'
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
      /** What the token is checked against that names the device when it calls. Backups have it, so it proves no more. */
      readonly token: string
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
  /** Its address said that nobody is there any more. It stays trusted, for to take devices away is for the owner. */
  readonly unreachable: boolean
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
    unreachable: false,
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

// ——— where notifications go

/**
 * A device's address said that nobody is there any more. It goes, and `next` takes its place, where nobody is called.
 * `undefined`: known already, or the device moved meanwhile.
 */
export function deviceGone(
  account: Account,
  told: { readonly device: string; readonly address: string; readonly next: string },
): Change | undefined {
  const device = deviceOf(account, told.device)
  if (device?.kind !== 'device' || device.address !== told.address) return undefined
  return quietly(withDevice(account, { ...device, address: told.next, unreachable: true }), {
    kind: 'device.unreachable',
    device: device.id,
    name: device.name,
  })
}

/** The device itself says where its notifications go from now on. `undefined`: no trusted device, or another's address. */
export function deviceMoved(
  account: Account,
  moved: { readonly device: string; readonly address: string },
): Change | undefined {
  const device = deviceOf(account, moved.device)
  if (device?.kind !== 'device') return undefined
  const others = devicesOf(account).filter(each => each !== device)
  if (others.some(each => each.kind === 'device' && each.address === moved.address)) return undefined
  if (device.address === moved.address && !device.unreachable) return quietly(account)
  return quietly(withDevice(account, { ...device, address: moved.address, unreachable: false }), {
    kind: 'device.moved',
    device: device.id,
    name: device.name,
  })
}

// ——— what the owner is warned of

export type Warning =
  | 'one_device_left'
  | 'device_off'
  | 'device_unreachable'
  | 'no_recovery_key'
  | 'recovery_key_at_hand'

/** What the account page says in plain words. `recovery_key_at_hand` is the yearly question. */
export function warningsOf(account: Account, now: Instant, limits: Limits): readonly Warning[] {
  const { twoStep } = account
  return twoStep.kind === 'on' ? warnings(twoStep, now, limits) : []
}

function warnings({ devices, key }: On, now: Instant, limits: Limits): readonly Warning[] {
  const found: Warning[] = []
  if (devices.length === 1) found.push('one_device_left')
  if (devices.some(each => sides.some(side => isOff(each, side, limits)))) found.push('device_off')
  if (devices.some(each => each.unreachable)) found.push('device_unreachable')
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
