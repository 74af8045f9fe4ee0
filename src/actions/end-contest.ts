// The holder ends a contest from the registered device, with the PIN.

import { contestAnswered } from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from './runner.ts'
import { type PinRefusal, withPin } from './with-pin.ts'
import type { Call, World } from './world.ts'

export type EndContest = { readonly number: string; readonly claim: ClaimId; readonly pin: Secret }

export type EndContestEnding =
  | { readonly kind: 'contest_ended' }
  /** Nobody contests the number. Nothing was spent. */
  | { readonly kind: 'no_contest' }
  | PinRefusal

/** Two commits: the guess, then what came of it. The end of a contest is use. */
export const endContest = (world: World, call: Call, command: EndContest): Promise<EndContestEnding> =>
  watched(world, 'end_contest', () =>
    withPin<EndContestEnding>(world, call, {
      ...command,
      use: 'contest',
      unless: ({ lock }) => (lock.contest === undefined ? { kind: 'no_contest' } : undefined),
      right: (number, now) => {
        const change = contestAnswered(number, command.claim, now)
        return { ending: { kind: change === undefined ? 'no_contest' : 'contest_ended' }, change }
      },
    }),
  )
