// Turning two-step verification off by an admin's token, as the On-Premises documents have it: the only door with such a
// switch. The PIN is not asked, so the business and the recovery address are told.

import { maySetPin, removePin } from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import { changeNumber } from '../number.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'

/** `off`: now, or already. Who may not turn it off is not told whether it is on. */
export type TurnOffTwoStepEnding = { readonly kind: 'off' | 'not_proved' | 'not_keeper' }

/** One commit. */
export const turnOffTwoStep = (
  world: World,
  call: Call,
  command: { readonly number: string; readonly claim: ClaimId },
): Promise<TurnOffTwoStepEnding> =>
  watched(world, 'on_premises_turn_off_two_step', () =>
    changeNumber<TurnOffTwoStepEnding>(world, call, command.number, (number, now) => {
      const { claim } = command
      const may = maySetPin(number, claim)
      if (may !== 'yes') return { ending: { kind: may } }
      if (number.lock.kind === 'none') return { ending: { kind: 'off' } }
      return { ending: { kind: 'off' }, change: removePin(number, { by: claim, door: call.door }, now) }
    }),
  )
