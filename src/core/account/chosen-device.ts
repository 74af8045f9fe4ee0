// The person chooses which of their devices a code goes to: to sign in, to step up, to reset a password.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import { type SendCode, type SendCodeEnding, sendCode } from './challenge.ts'
import { deviceOf } from './trusted-device.ts'

export type SendToChosenEnding = SendCodeEnding | { readonly kind: 'no_device' }

/** Sends a code to the trusted device that a person chose. Those of an enrolment that goes on are not trusted yet. */
export function sendToChosen(
  account: Account,
  { device, ...send }: Omit<SendCode, 'to'> & { readonly device: string },
  now: Instant,
  limits: Limits,
): SendToChosenEnding {
  const to = account.twoStep.kind === 'on' ? deviceOf(account, device) : undefined
  return to === undefined ? { kind: 'no_device' } : sendCode(account, { ...send, to }, now, limits)
}
