// What a claim may see of the lock on its number. Reads, and changes nothing.

import { type Instant, later } from '#core/kernel/instant.ts'
import { type LockNotice, lockNotice } from '#core/registration-lock/lock.ts'
import { type ClaimId, hasProved, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { openRecoveryLink, reachableAddress } from '#core/registration-lock/recovery-mail.ts'
import { reminderIsDue } from '#core/registration-lock/reminder.ts'
import { maskAddress } from '#delivery/email/mail-address.ts'
import type { World } from './world.ts'

export type TwoStepSeen =
  | { readonly kind: 'not_registered' }
  | { readonly kind: 'off'; readonly now: Instant }
  | {
      readonly kind: 'on'
      readonly setAt: Instant
      /** Masked. `counts`: whether a link would be sent there. */
      readonly recoveryEmail:
        | { readonly address: string; readonly confirmed: boolean; readonly counts: boolean }
        | undefined
      readonly notice: LockNotice
      readonly reminder: { readonly due: boolean; readonly at: Instant }
      /** Since when somebody contests the number. */
      readonly contestedSince: Instant | undefined
      readonly now: Instant
    }

/** The lock as its holder sees it. Nobody else learns whether there is one. */
export function lookAtTwoStep(world: World, number: PhoneNumber, claim: ClaimId): TwoStepSeen {
  const now = later(world.clock.now(), number.seen)
  const { lock } = number
  if (number.holder?.claim !== claim) return { kind: 'not_registered' }
  if (lock.kind === 'none') return { kind: 'off', now }
  const email = lock.recoveryEmail
  const counts = reachableAddress(lock, world.limits) !== undefined
  return {
    kind: 'on',
    setAt: lock.setAt,
    recoveryEmail: email && { address: maskAddress(email.address), confirmed: email.confirmed, counts },
    notice: lockNotice(number, lock, claim, now, world.limits),
    reminder: { due: reminderIsDue(lock.reminder, now), at: lock.reminder.due },
    contestedSince: lock.contest?.since,
    now,
  }
}

export type RecoverySeen =
  | { readonly kind: 'not_proved' }
  /** There is no PIN, or no more: the registration can be completed. */
  | { readonly kind: 'lock_removed' }
  | { readonly kind: 'mailed'; readonly expires: Instant; readonly now: Instant }
  | { readonly kind: 'none' }

/** How a claim that has proved the number stands with its way back by mail. */
export function lookAtRecovery(world: World, number: PhoneNumber, claim: ClaimId): RecoverySeen {
  const now = later(world.clock.now(), number.seen)
  if (!hasProved(number, claim)) return { kind: 'not_proved' }
  if (number.lock.kind === 'none') return { kind: 'lock_removed' }
  const out = openRecoveryLink(number, now)
  return out === undefined ? { kind: 'none' } : { kind: 'mailed', expires: out.expires, now }
}
