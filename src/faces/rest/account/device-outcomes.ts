// How the endings of a device's calls read on the wire, and those of a device that is to become one.

import type { DenyEnding, MoveEnding, NoDeviceEnding } from '#actions/account/device.ts'
import type { NewDevice } from '#actions/account/new-device.ts'
import * as problems from './device-problems.ts'
import { type Outcomes, one, success } from './outcomes.ts'

export const notADevice: Outcomes<NoDeviceEnding> = {
  not_a_device: one(problems.deviceNeeded),
  device_restored: one(problems.deviceRestored),
}

export const deny: Outcomes<DenyEnding> = { ended: success, nothing_open: one(problems.nothingOpen) }

export const move: Outcomes<MoveEnding> = {
  moved: success,
  not_a_device: one(problems.deviceNeeded),
  not_a_subscription: problems.notASubscription,
}

/** For whoever adds one: what is wrong with the number or the subscription that was given. */
export const draft: Outcomes<NewDevice> = {
  draft: success,
  not_a_number: ({ reason }) => problems.notANumber(reason),
  no_codes: problems.noCodes,
  not_a_subscription: problems.notASubscription,
}
