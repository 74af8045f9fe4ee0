// Turns two-step verification off, by its holder, with the PIN.

import { removePin } from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from './runner.ts'
import { type PinRefusal, withPin } from './with-pin.ts'
import type { Call, World } from './world.ts'

export type TurnOffTwoStep = { readonly number: string; readonly claim: ClaimId; readonly pin: Secret }

export type TurnOffTwoStepEnding = { readonly kind: 'turned_off' } | PinRefusal

/** Two commits: the guess, then what came of it. The recovery address goes with the PIN, and is told. */
export const turnOffTwoStep = (world: World, call: Call, command: TurnOffTwoStep): Promise<TurnOffTwoStepEnding> =>
  watched(world, 'turn_off_two_step', () =>
    withPin<TurnOffTwoStepEnding>(world, call, {
      ...command,
      use: 'removal',
      right: (number, now) => ({
        ending: { kind: 'turned_off' },
        change: removePin(number, { by: command.claim, door: call.door }, now),
      }),
    }),
  )
