// Ends a claim's registration of its number. The PIN and the proof of ownership stay.

import type { Instant } from '#core/kernel/instant.ts'
import { doorRules } from '#core/registration-lock/doors.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import { countAttempt, deregister } from '#core/registration-lock/registration.ts'
import { both, changeNumber } from './number.ts'
import { watched } from './runner.ts'
import type { Call, World } from './world.ts'

export type DeregisterNumberEnding =
  | { readonly kind: 'deregistered' | 'not_registered' }
  | { readonly kind: 'attempts_spent'; readonly retryAt: Instant; readonly now: Instant }

/** One commit. Where registrations are counted, this counts as one, whether it succeeds or not. */
export const deregisterNumber = (
  world: World,
  call: Call,
  command: { readonly number: string; readonly claim: ClaimId },
): Promise<DeregisterNumberEnding> =>
  watched(world, 'deregister_number', () =>
    changeNumber<DeregisterNumberEnding>(world, call, command.number, (number, now) => {
      const counts = doorRules[call.door].countsRegistrations
      const attempt = counts ? countAttempt(number, command.claim, now, world.limits) : undefined
      if (attempt?.kind === 'attempts_spent') return { ending: { ...attempt, now } }
      const left = deregister(attempt?.next ?? number, command.claim, now)
      if (left.kind === 'not_registered') return { ending: left, change: attempt }
      return { ending: { kind: 'deregistered' }, change: attempt === undefined ? left : both(attempt, left) }
    }),
  )
