// Turning two-step verification off: fresh P and D, in one commit.
//
//   ON ── strict: nothing more ─────────────────────────────────────────────┬──▶ OFF
//      └─ classic: new security questions, and the date of birth verified ──┘
//
// K, devices, app-specific passwords and browsers are void. There is no other way to OFF, and none for operators.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Account } from './account.ts'
import { appPasswordsRevoked } from './app-password.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { areThree, birthDateKnown, type SecurityQuestion } from './security-questions.ts'
import { permit, type Refusal, sessionsEnded } from './session.ts'
import { forgetBrowsers } from './trusted-browser.ts'

export type TurnOff = {
  readonly session: string
  /** Profile `classic` only. */
  readonly identity:
    | {
        readonly questions: readonly SecurityQuestion[]
        /**
         * The verifier that the given date matched (spent by `spendBirthDateTry`), or one made of it where none is known.
         */
        readonly birthDate: string
      }
    | undefined
}

export type TurnOffEnding =
  | ({ readonly kind: 'turned_off' } & Change)
  | { readonly kind: 'not_on' }
  /** Three new security questions and the date of birth are asked for. */
  | { readonly kind: 'identity_needed' }
  | { readonly kind: 'wrong_birth_date' }
  | Refusal

/** Turns two-step verification off. */
export function turnOff(account: Account, off: TurnOff, now: Instant, limits: Limits): TurnOffEnding {
  const may = permit(account, off.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (account.twoStep.kind !== 'on') return { kind: 'not_on' }
  const asks = limits.account.securityQuestions
  if (asks && (off.identity === undefined || !areThree(off.identity.questions))) return { kind: 'identity_needed' }
  const { birthDate } = account.identity
  if (asks && birthDate !== undefined && birthDate !== off.identity?.birthDate) return { kind: 'wrong_birth_date' }

  const revoked = appPasswordsRevoked(account, now)
  const ended = sessionsEnded(revoked.next, each => each.id === off.session, 'turned_off')
  const forgotten = forgetBrowsers(ended.next, undefined, 'turned_off')
  const identity =
    asks && off.identity !== undefined
      ? { ...birthDateKnown(account.identity, off.identity.birthDate), questions: off.identity.questions }
      : account.identity
  const bare: Account = {
    ...forgotten.next,
    twoStep: { kind: 'off' },
    identity,
    // New security questions are a significant change: turning on again waits.
    changedAt: asks ? now : account.changedAt,
    ...{ challenges: [], signIns: [], resets: [], keyTries: [] },
  }
  const done: Change = {
    next: bare,
    events: [{ kind: 'two_step.off' }],
    notices: [tell(account, 'turned_off', now, { from: may.session.from })],
  }
  const set = asks
    ? quietly(bare, { kind: 'questions.set' }, { kind: 'significant_change', what: 'questions_set' })
    : quietly(bare)
  return { kind: 'turned_off', ...and(and(and(and(revoked, ended), forgotten), done), set) }
}
