// What a device that receives notifications may do itself: fetch them, say "not me", say where they go from now on. It can
// end what was asked for, and begin nothing.
//
//   its token ──▶ the account and the device          its installation's secret ──▶ it is that device, and no copy
//
// A token without the secret is a device that came back from a backup: it is trusted no more, whatever it asks for.

import type { Account, AccountId } from '#core/account/account.ts'
import { notificationsFor } from '#core/account/notification.ts'
import { denied } from '#core/account/sign-in.ts'
import {
  type DeviceDraft,
  deviceGone,
  deviceMoved,
  deviceOf,
  deviceShown,
  devicesOf,
} from '#core/account/trusted-device.ts'
import type { NotifiedDevice } from '#core/message/message.ts'
import { appAddress } from '#delivery/web-push/address.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import { type Call, settling, type World } from '../world.ts'
import { accountOfToken, changeAccount } from './account.ts'
import { type Notification, openNotification, readDenial } from './codes.ts'
import { addressFor, type NotASubscription, type Reached } from './new-device.ts'
import { prefixes } from './tokens.ts'

/** What a device shows when it calls. */
export type Shown = { readonly token: Secret; readonly installation: Secret | undefined }

type Installed = DeviceDraft & { readonly kind: 'device' }

/** A device that calls. `account` is as it was read. */
export type AtDevice = {
  readonly kind: 'device'
  readonly id: AccountId
  readonly account: Account
  readonly device: Installed
  /** False until its own code came back. */
  readonly trusted: boolean
  readonly unreachable: boolean
}

export type NoDeviceEnding =
  /** Never registered, taken away, or not proved in time. It does not say which. */
  | { readonly kind: 'not_a_device' }
  /** It came without the secret of its installation: a copy from a backup. The owner was told. */
  | { readonly kind: 'device_restored' }

/** The device that shows itself. One read, and none for garbage; a copy costs the device its place, in one commit. */
export async function deviceOfShown(world: World, call: Call, shown: Shown): Promise<AtDevice | NoDeviceEnding> {
  const found = await accountOfToken(world, 'device', shown.token)
  const device = found && installedIn(found.account).find(each => found.matches(each.token))
  if (found === undefined || device === undefined) return { kind: 'not_a_device' }
  const { id, account } = found
  const trusted = deviceOf(account, device.id)
  if (isInstallation(world, id, device, shown.installation)) {
    return {
      kind: 'device',
      id,
      account,
      device,
      trusted: trusted !== undefined,
      unreachable: trusted?.unreachable ?? false,
    }
  }
  if (trusted === undefined) return { kind: 'not_a_device' }
  return changeAccount<NoDeviceEnding>(world, settling(call), id, (now, at) => {
    const copy = deviceShown(now, { device: device.id, installation: undefined }, at)
    return copy === undefined
      ? { ending: { kind: 'not_a_device' } }
      : { ending: { kind: 'device_restored' }, change: copy }
  })
}

// Those that are trusted, and those that wait for their own code.
const installedIn = (account: Account): readonly Installed[] =>
  [...devicesOf(account), ...account.challenges.flatMap(each => each.draft ?? [])].filter(
    each => each.kind === 'device',
  )

function isInstallation(world: World, account: AccountId, device: Installed, secret: Secret | undefined): boolean {
  const presented = secret && world.secrets.readToken(prefixes.installation, secret.reveal())
  if (presented?.subjectId !== account) return false
  return world.secrets.tokenMatches(device.installation, presented.secret)
}

/** What the device is to show at this moment, oldest first. */
export function notificationsOf(world: World, at: AtDevice): readonly Notification[] {
  const { id, account, device } = at
  return notificationsFor(account, device.id, world.clock.now(), world.limits).flatMap(({ notification }) => {
    const opened = openNotification(world, id, { device: device.id, notification })
    return opened === undefined ? [] : [opened]
  })
}

// ——— "not me"

export type DenyEnding =
  | { readonly kind: 'ended' }
  /** Over already, denied before, or never there. */
  | { readonly kind: 'nothing_open' }

/** The device says "not me" to a request it was shown: what asked for it is over, and all addresses are told. */
export const denyFromDevice = (world: World, call: Call, at: AtDevice, challenge: string): Promise<DenyEnding> =>
  deny(world, call, { account: at.id, device: at.device.id, challenge })

/** The same with what the notification itself carries, for a program that is shown nothing else. */
export async function denyByToken(world: World, call: Call, token: Secret): Promise<DenyEnding> {
  const denial = readDenial(world, token)
  return denial === undefined ? { kind: 'nothing_open' } : deny(world, call, denial)
}

type Denying = { readonly account: AccountId; readonly device: string; readonly challenge: string }

const deny = (world: World, call: Call, { account: id, device, challenge: of }: Denying): Promise<DenyEnding> =>
  watched(world, 'deny_request', () =>
    changeAccount<DenyEnding>(world, call, id, (account, now) => {
      const open = account.challenges.some(
        each => each.of === of && each.device === device && each.notification !== undefined,
      )
      // Said once. Who says it again and again fills no mailbox.
      const change = open ? denied(account, { device, of }, now) : undefined
      return change === undefined ? { ending: { kind: 'nothing_open' } } : { ending: { kind: 'ended' }, change }
    }),
  )

// ——— where its notifications go

export type MoveEnding = { readonly kind: 'moved' } | NotASubscription | { readonly kind: 'not_a_device' }

/** The device says where its notifications go from now on. Another device's address is not taken. */
export const moveDevice = (world: World, call: Call, at: AtDevice, reached: Reached): Promise<MoveEnding> =>
  watched(world, 'move_device', async () => {
    const address = addressFor(world, at.device.id, reached)
    if (typeof address !== 'string') return address
    return changeAccount<MoveEnding>(world, call, at.id, account => {
      const change = deviceMoved(account, { device: at.device.id, address })
      if (change === undefined) return { ending: { kind: 'not_a_device' } }
      return { ending: { kind: 'moved' }, ...(change.next === account ? {} : { change }) }
    })
  })

/**
 * A push service said that nobody is there any more. The subscription goes, in one commit: what comes waits here until the
 * device says where it is now, and the owner sees it at the device.
 */
export async function deviceIsGone(world: World, device: NotifiedDevice): Promise<void> {
  const call = { door: 'rest', requestId: undefined, party: undefined, signal: undefined } as const
  const { account: id, address } = device
  await changeAccount(world, call, id, account => {
    return {
      ending: undefined,
      change: deviceGone(account, { device: device.id, address, next: appAddress(device.id) }),
    }
  })
}
