// Trusted devices and the Recovery Key of an account with two-step verification on.

import {
  type KeyAtHandEnding,
  retypeRecoveryKey,
  showKeyAtHand,
  showRecoveryKey,
} from '#actions/account/recovery-key.ts'
import {
  type AddDeviceEnding,
  addTrustedDevice,
  type CheckNewDeviceEnding,
  checkNewDevice,
  removeTrustedDevice,
  renameTrustedDevice,
  turnDevicesOnAgain,
} from '#actions/account/trusted-devices.ts'
import { liveSession } from '#core/account/session.ts'
import { deviceOf } from '#core/account/trusted-device.ts'
import { second } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { Secret } from '#secrets/secret.ts'
import { done, refused } from '../answer.ts'
import * as factor from './factor-problems.ts'
import { type EndingOf, type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, changes, empty, looks, named, type Route } from './route.ts'
import { shown } from './shown.ts'
import { codeRefusals, newDevice } from './two-step.ts'
import { codeSentView, devicesView, deviceView, levelView, type Seen, twoStepView } from './two-step-views.ts'

const contract = () => import('#contract/account-two-step.ts')

const devices =
  ({ world }: Asking) =>
  (seen: Seen) =>
    done(devicesView(seen, world.limits))

// ——— how each ending reads

const add: Outcomes<AddDeviceEnding> = {
  not_a_number: newDevice.not_a_number,
  no_codes: newDevice.no_codes,
  not_a_subscription: newDevice.not_a_subscription,
  sent: success,
  already_trusted: newDevice.already_trusted,
  too_many_devices: newDevice.too_many_devices,
  too_many_codes: newDevice.too_many_codes,
  codes_paused: newDevice.codes_paused,
  device_off: newDevice.device_off,
  not_on: one(factor.twoStepOff),
  ...refusals,
}

const check: Outcomes<CheckNewDeviceEnding> = { ...refusals, ...codeRefusals, verified: success }

const remove: Outcomes<EndingOf<typeof removeTrustedDevice>> = {
  ...refusals,
  removed: success,
  no_device: one(problems.noDevice),
  last_number: one(factor.lastNumber),
}

const rename: Outcomes<EndingOf<typeof renameTrustedDevice>> = {
  ...refusals,
  renamed: success,
  no_device: one(problems.noDevice),
}

const onAgain: Outcomes<EndingOf<typeof turnDevicesOnAgain>> = { ...refusals, on_again: success }

const show: Outcomes<EndingOf<typeof showRecoveryKey>> = { ...refusals, shown: success, not_on: one(factor.twoStepOff) }

const retype: Outcomes<EndingOf<typeof retypeRecoveryKey>> = {
  ...refusals,
  replaced: success,
  wrong_key: one(problems.wrongRecoveryKey),
  not_shown: one(factor.notRetyped),
}

const atHand: Outcomes<KeyAtHandEnding> = {
  ...refusals,
  at_hand: success,
  wrong_key: one(problems.wrongRecoveryKey),
  key_too_soon: problems.keyTooSoon,
}

// ——— the calls

export const trustedDeviceRoutes: readonly Route[] = [
  looks('/account/devices', async asking => devices(asking)(asking.at)),

  changes(
    'POST',
    '/account/devices',
    async () => (await import('#contract/account-device.ts')).newDevice,
    async ({ world, call, at, presenting }, device) => {
      const ending = await addTrustedDevice(world, call, at, { device, from: presenting.from })
      const problem = problemOf(add, ending)
      if (problem !== undefined) return refused(problem)
      assert(ending.kind === 'sent', 'what is not refused was sent')
      return done(codeSentView(ending, device.kind), 202)
    },
    'nothing',
  ),

  changes(
    'POST',
    '/account/devices/check',
    async () => (await contract()).codeRequest,
    async ({ world, call, at }, { code }) =>
      shown(check, await checkNewDevice(world, call, at, Secret.of(code)), ({ account, now }) => {
        const session = liveSession(account, at.session.id, now, world.limits)
        assert(session !== undefined, 'a session that verified a device lives')
        return done({ ...devicesView({ account, now }, world.limits), session: levelView(account, session) })
      }),
  ),

  changes('POST', '/account/devices/turn-on', empty, async asking => {
    const { world, call, at } = asking
    return shown(onAgain, await turnDevicesOnAgain(world, call, at), devices(asking))
  }),

  changes(
    'PATCH',
    '/account/devices/:id',
    async () => (await import('#contract/accounts.ts')).renameRequest,
    async (asking, { name }) => {
      const { world, call, at } = asking
      const id = named(asking)
      return shown(rename, await renameTrustedDevice(world, call, at, { device: id, name }), ({ account }) => {
        const device = deviceOf(account, id)
        assert(device !== undefined, 'a device that was renamed is there')
        return done({ device: deviceView(device, world.limits) })
      })
    },
  ),

  changes('DELETE', '/account/devices/:id', empty, async asking => {
    const { world, call, at } = asking
    return shown(remove, await removeTrustedDevice(world, call, at, named(asking)), devices(asking))
  }),

  // ——— the Recovery Key

  changes(
    'POST',
    '/account/recovery-key',
    empty,
    async ({ world, call, at }) =>
      shown(show, await showRecoveryKey(world, call, at), ({ key }) => {
        const within = Math.floor(world.limits.account.recoveryKey.retypeWithin / second)
        return done({ recovery_key: key.reveal(), retype_within_s: within }, 201)
      }),
    'nothing',
  ),

  changes(
    'POST',
    '/account/recovery-key/retype',
    async () => (await import('#contract/accounts.ts')).recoveryKeyRequest,
    async ({ world, call, at }, { recovery_key }) => {
      const ending = await retypeRecoveryKey(world, call, at, Secret.of(recovery_key))
      return shown(retype, ending, seen => done(twoStepView(seen, world.limits)))
    },
  ),

  changes(
    'POST',
    '/account/recovery-key/at-hand',
    async () => (await import('#contract/accounts.ts')).recoveryKeyRequest,
    async ({ world, call, at, presenting }, { recovery_key }) => {
      const ending = await showKeyAtHand(world, call, at, { typed: Secret.of(recovery_key), presenting })
      return shown(atHand, ending, seen => done(twoStepView(seen, world.limits)))
    },
  ),
]
