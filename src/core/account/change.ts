// What a decision about an account says: the account as it is next, what the journal will hold, and who must be told.

import type { Instant } from '../kernel/instant.ts'
import type { Account } from './account.ts'
import type { Origin, Side } from './caller.ts'
import type { Purpose } from './challenge.ts'
import type { SignificantChange } from './significant-change.ts'

export type SessionEnd =
  | 'signed_out'
  | 'ended'
  | 'turned_on'
  | 'turned_off'
  | 'password_changed'
  | 'password_reset'
  | 'not_me'
export type BrowserEnd = 'removed' | 'stolen' | 'turned_on' | 'turned_off' | 'password_reset'
export type WayIn = 'password' | 'code' | 'trusted_browser'
export type KeyUse = 'sign_in' | 'password_reset' | 'yearly_question'
export type Retreat = 'abandoned' | 'not_me'

/** What happened to an account, in the words of the journal. Carries no secret, number or address. */
export type AccountEvent =
  | { readonly kind: 'account.created' | 'account.closed' }
  | { readonly kind: 'password.guess_spent' | 'password.wrong'; readonly side: Side; readonly from: Origin }
  | { readonly kind: 'password.right' | 'first_step.asserted'; readonly side: Side; readonly from: Origin }
  | { readonly kind: 'password.changed' | 'password.reset' | 'password.reset_mailed' }
  | { readonly kind: 'significant_change'; readonly what: SignificantChange }
  | { readonly kind: 'sign_in.completed'; readonly by: WayIn; readonly from: Origin; readonly session: string }
  | { readonly kind: 'sign_in.limited'; readonly from: Origin; readonly session: string }
  | { readonly kind: 'sign_in.denied'; readonly device: string }
  | { readonly kind: 'session.full' | 'session.stepped_up'; readonly session: string }
  | { readonly kind: 'sessions.ended'; readonly count: number; readonly why: SessionEnd }
  | { readonly kind: 'browser.trusted' | 'browser.known'; readonly browser: string; readonly from: Origin }
  | { readonly kind: 'browsers.forgotten'; readonly count: number; readonly why: BrowserEnd }
  | {
      readonly kind: 'code.sent'
      readonly purpose: Purpose
      readonly side: Side
      readonly device: string
      readonly from: Origin
    }
  | {
      readonly kind: 'code.guess_spent' | 'code.right' | 'code.wrong'
      readonly purpose: Purpose
      readonly side: Side
      readonly device: string
    }
  | {
      readonly kind:
        | 'device.added'
        | 'device.removed'
        | 'device.renamed'
        | 'device.restored'
        | 'device.unreachable'
        | 'device.reachable'
        | 'device.moved'
      readonly device: string
      readonly name: string
    }
  | { readonly kind: 'device.off'; readonly device: string; readonly side: Side }
  | { readonly kind: 'devices.on_again' }
  | { readonly kind: 'key.guess_spent' | 'key.right' | 'key.wrong'; readonly for: KeyUse; readonly from: Origin }
  | { readonly kind: 'key.shown' | 'key.replaced' | 'key.used_up' }
  | { readonly kind: 'two_step.waiting'; readonly until: Instant }
  | {
      readonly kind:
        | 'two_step.begun'
        | 'two_step.skipped_devices'
        | 'two_step.key_retyped'
        | 'two_step.on'
        | 'two_step.off'
    }
  | { readonly kind: 'two_step.given_up'; readonly why: Retreat }
  | { readonly kind: 'app_password.made'; readonly label: string }
  | { readonly kind: 'app_password.used'; readonly label: string; readonly from: Origin }
  | { readonly kind: 'app_passwords.revoked'; readonly count: number }
  | { readonly kind: 'questions.set' | 'birth_date.guess_spent' | 'birth_date.wrong' }
  | { readonly kind: 'address.awaited' | 'address.added' | 'address.removed' }
  | { readonly kind: 'gate.passed'; readonly gate: string; readonly session: string }

export type NoticeKind =
  | 'waiting'
  | 'enrolment_begun'
  | 'turned_on'
  | 'turned_off'
  | 'password_changed'
  | 'password_reset'
  | 'second_step_failed'
  | 'sign_in_denied'
  | 'key_used'
  | 'key_replaced'
  | 'key_used_up'
  | 'device_added'
  | 'device_removed'
  | 'device_restored'
  | 'device_off'
  | 'devices_on_again'
  | 'browser_stolen'
  | 'app_password_made'
  | 'app_passwords_revoked'
  | 'address_added'
  | 'address_removed'
  | 'questions_set'
  | 'account_closed'

/** A mail to all addresses of the owner. The actions turn it into messages of the same commit. */
export type Notice = {
  readonly kind: NoticeKind
  /** Every address the account had before the change or has after it: who takes one away cannot silence it. */
  readonly to: readonly string[]
  readonly at: Instant
  /** What it is about: a device's name, an app-specific password's label. */
  readonly about: string | undefined
  readonly from: Origin | undefined
  /** The date that the mail names: the end of a wait. */
  readonly date: Instant | undefined
}

export type Change = {
  readonly next: Account
  readonly events: readonly AccountEvent[]
  readonly notices: readonly Notice[]
}

/** A change nobody needs to be told of. */
export const quietly = (next: Account, ...events: AccountEvent[]): Change => ({ next, events, notices: [] })

/** What came first, and then another change that was decided upon its outcome. */
export const and = (first: Change, then: Change): Change => ({
  next: then.next,
  events: [...first.events, ...then.events],
  notices: [...first.notices, ...then.notices],
})

/** A notice to everybody whom the account can reach. */
export function tell(
  account: Account,
  kind: NoticeKind,
  now: Instant,
  more: { readonly about?: string; readonly from?: Origin; readonly date?: Instant; readonly also?: Account } = {},
): Notice {
  const reached = [...account.addresses, ...(more.also?.addresses ?? [])].map(each => each.address)
  const to = [...new Set(reached)]
  return { kind, to, at: now, about: more.about, from: more.from, date: more.date }
}
