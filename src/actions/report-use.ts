// An application reports that the holder has used their registration: the days without use begin anew.

import type { Instant } from '#core/kernel/instant.ts'
import { quietly } from '#core/registration-lock/change.ts'
import { isContested, used } from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import { changeNumber } from './number.ts'
import { watched } from './runner.ts'
import type { Call, World } from './world.ts'

export type ReportUseEnding =
  /** `counted`: false while the number is contested; its days run on until the contest is over. */
  | { readonly kind: 'reported'; readonly counted: boolean; readonly lastUse: Instant }
  | { readonly kind: 'not_registered' }

/** One commit; none in a contest, and none within the same millisecond. */
export const reportUse = (
  world: World,
  call: Call,
  command: { readonly number: string; readonly claim: ClaimId },
): Promise<ReportUseEnding> =>
  watched(world, 'report_use', () =>
    changeNumber<ReportUseEnding>(world, call, command.number, (number, now) => {
      if (number.holder?.claim !== command.claim) return { ending: { kind: 'not_registered' } }
      const next = used(number, command.claim, now)
      const { lastUse } = next
      const ending = { kind: 'reported', counted: !isContested(number), lastUse } as const
      return lastUse === number.lastUse ? { ending } : { ending, change: quietly(next) }
    }),
  )
