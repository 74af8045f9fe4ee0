// Trusted devices of an account with two-step verification on: adding, removing, renaming, turning on again.

import type { Account } from '#core/account/account.ts'
import { codeWasWrong } from '#core/account/challenge.ts'
import { addDevice, newDeviceSlot, newDeviceVerified, spendNewDeviceCheck } from '#core/account/new-device.ts'
import type { Refusal } from '#core/account/session.ts'
import {
  type OnAgainEnding,
  type RemoveDeviceEnding,
  type RenameDeviceEnding,
  removeDevice,
  renameDevice,
  turnDevicesOn,
} from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { type AtSession, changeAccount } from './account.ts'
import { type CodeRefusal, checkDeviceCode } from './code-check.ts'
import { type AddDevice, type DraftCodeEnding, sendDraftCode } from './draft-code.ts'
import { type Told, told } from './ending.ts'

export type AddDeviceEnding = DraftCodeEnding<ReturnType<typeof addDevice>>

/** Sends a code to a device that is to be trusted. A limited session may do this, and nothing else. */
export const addTrustedDevice = (
  world: World,
  call: Call,
  at: AtSession,
  device: AddDevice,
): Promise<AddDeviceEnding> =>
  watched(world, 'add_device', () =>
    sendDraftCode(world, call, at, device, {
      slot: () => newDeviceSlot(at.session.id),
      decide: (account, send, now) => addDevice(account, send, now, world.limits),
    }),
  )

type Verified = { readonly kind: 'verified'; readonly account: Account; readonly now: Instant }
export type CheckNewDeviceEnding = Verified | CodeRefusal | Refusal

/** Checks the new device's own code; right, a limited session is a full one. Two commits. */
export const checkNewDevice = (
  world: World,
  call: Call,
  at: AtSession,
  code: Secret | undefined,
): Promise<CheckNewDeviceEnding> =>
  watched(world, 'check_new_device', () => {
    const session = at.session.id
    return checkDeviceCode<Verified, Refusal>(world, call, {
      account: at.id,
      code,
      spend: (account, now) => spendNewDeviceCheck(account, session, now, world.limits),
      right(account, verifier, now) {
        const change = newDeviceVerified(account, { session, verifier }, now, world.limits)
        return change && { ending: { kind: 'verified', account: change.next, now }, change }
      },
      wrong: (account, now) => codeWasWrong(account, newDeviceSlot(session), now, world.limits),
    })
  })

/** Takes a device away, at once. */
export const removeTrustedDevice = (
  world: World,
  call: Call,
  at: AtSession,
  device: string,
): Promise<Told<RemoveDeviceEnding>> =>
  watched(world, 'remove_device', () =>
    changeAccount(world, call, at.id, (account, now) =>
      told(removeDevice(account, { session: at.session.id, device }, now, world.limits), now),
    ),
  )

export const renameTrustedDevice = (
  world: World,
  call: Call,
  at: AtSession,
  rename: { readonly device: string; readonly name: string },
): Promise<Told<RenameDeviceEnding>> =>
  watched(world, 'rename_device', () =>
    changeAccount(world, call, at.id, (account, now) =>
      told(renameDevice(account, { session: at.session.id, ...rename }, now, world.limits), now),
    ),
  )

/** Devices that wrong codes turned off get codes again. */
export const turnDevicesOnAgain = (world: World, call: Call, at: AtSession): Promise<Told<OnAgainEnding>> =>
  watched(world, 'turn_devices_on', () =>
    changeAccount(world, call, at.id, (account, now) =>
      told(turnDevicesOn(account, at.session.id, now, world.limits), now),
    ),
  )
