// What a device that receives notifications is shown of the requests that codes were sent to it for. What it is shown is
// sealed outside and lies with the request: it goes when the code is used, replaced or denied, or runs out.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import { type Challenge, ends, runs } from './challenge.ts'

/** A request that a device shows. */
export type Shown = { readonly challenge: Challenge; readonly notification: string; readonly expires: Instant }

/** The newest code, told by its verifier, comes with what the device is shown. */
export const withNotification = (account: Account, verifier: string, notification: string): Account => ({
  ...account,
  challenges: account.challenges.map(each => (each.verifier === verifier ? { ...each, notification } : each)),
})

/** What a device is to show at this moment, oldest first. */
export const notificationsFor = (account: Account, device: string, now: Instant, limits: Limits): readonly Shown[] =>
  account.challenges
    .filter(each => each.device === device && each.channel === 'notification' && runs(each, now, limits))
    .toSorted((one, other) => one.lastSentAt - other.lastSentAt)
    .flatMap(challenge =>
      challenge.notification === undefined
        ? []
        : [{ challenge, notification: challenge.notification, expires: ends(challenge, limits) }],
    )
