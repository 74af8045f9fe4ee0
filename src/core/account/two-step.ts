// Two-step verification of an account, and where it stands.
//
//            begin, nothing changed lately
//   OFF ───────────────────────────────────────────────────────────────┐
//    │ begin, a significant change in the last 72 h                     ▼
//    └──────▶ WAITING(until) ──date──▶ READY(deadline) ──begin──▶ ENROLLING ──enable──▶ ON ──turn off──▶ OFF
//                ▲  ▲                     │  ▲                     │  │
//                │  └─ begin too late ────┘  └─ given up, too late ┘  │
//                └───── significant change (from READY, ENROLLING, and from WAITING anew) ─┘
//
//   ENROLLING:  phone ──code right──▶ devices ──skip──▶ key ──retyped──▶ confirm ──"I understand"──▶ ON
//
// Until the last arrow nothing is enabled: what a half-done enrolment holds opens nothing and is erased with it.

import type { Instant } from '../kernel/instant.ts'
import type { MailedLink } from '../registration-lock/recovery-mail.ts'
import type { RecoveryKey, Replacement } from './recovery-key.ts'
import type { TrustedDevice } from './trusted-device.ts'

export type Waiting = {
  readonly kind: 'waiting'
  readonly until: Instant
  /** How long there is to finish once the wait is over. */
  readonly deadline: Instant
  /** The "not me" link in the mail about the wait. */
  readonly notMe: MailedLink
}

export type Enrolling = {
  readonly kind: 'enrolling'
  readonly step: 'phone' | 'devices' | 'key' | 'confirm'
  readonly beganAt: Instant
  readonly deadline: Instant
  readonly devices: readonly TrustedDevice[]
  /** What the Recovery Key that was shown last is checked against when it is retyped. */
  readonly key: string | undefined
}

export type On = {
  readonly kind: 'on'
  readonly since: Instant
  readonly devices: readonly TrustedDevice[]
  /** `undefined` in profile `strict` after it was used, until a new one is taken. */
  readonly key: RecoveryKey | undefined
  /** A new key that was shown and is to be retyped. */
  readonly replacement: Replacement | undefined
}

export type TwoStep =
  | { readonly kind: 'off' }
  | Waiting
  | { readonly kind: 'ready'; readonly deadline: Instant }
  | Enrolling
  | On

/** Where it stands at `now`: a wait ends and an enrolment runs out at the exact millisecond. */
export function stateAt(state: TwoStep, now: Instant): TwoStep {
  if (state.kind === 'waiting' && now >= state.until) return { kind: 'ready', deadline: state.deadline }
  if (state.kind === 'enrolling' && now >= state.deadline) return { kind: 'ready', deadline: state.deadline }
  return state
}
