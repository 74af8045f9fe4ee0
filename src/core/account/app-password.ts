// App-specific passwords: for programs that cannot ask for a code.
//
//   none ── made (label, service; shown once) ──▶ ACTIVE ── used ──▶ ACTIVE
//                                                   └── revoked, P changed, two-step off ──▶ gone
//
// One opens the service it was made for and nothing else; it is neither P nor D. Its letters carry 75 bits, so a check is
// not charged: NIST SP 800-63B-4 §3.1.1.2 asks for a limit below 64, and a charge would make every mail program write.

import { after, type Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn } from './account.ts'
import type { Origin } from './caller.ts'
import { type Change, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'

export type AppPassword = {
  readonly id: string
  readonly label: string
  /** The one service it opens. */
  readonly service: string
  readonly verifier: string
  readonly createdAt: Instant
  readonly lastUsed: { readonly at: Instant; readonly from: Origin } | undefined
}

export type MakeAppPasswordEnding =
  | ({ readonly kind: 'made' } & Change)
  | { readonly kind: 'not_on' }
  | { readonly kind: 'label_needed' }
  | { readonly kind: 'too_many_app_passwords' }
  | Refusal

/** Makes one more, with fresh P and D. */
export function makeAppPassword(
  account: Account,
  make: {
    readonly session: string
    readonly id: string
    readonly label: string
    readonly service: string
    readonly verifier: string
  },
  now: Instant,
  limits: Limits,
): MakeAppPasswordEnding {
  const may = permit(account, make.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (!isOn(account)) return { kind: 'not_on' }
  if (make.label.trim() === '') return { kind: 'label_needed' }
  if (account.appPasswords.length >= limits.account.appPasswords) return { kind: 'too_many_app_passwords' }
  const { session: _, ...made } = make
  const appPasswords = [...account.appPasswords, { ...made, createdAt: now, lastUsed: undefined }]
  return {
    kind: 'made',
    next: { ...account, appPasswords },
    events: [{ kind: 'app_password.made', label: make.label }],
    notices: [tell(account, 'app_password_made', now, { about: make.label, from: may.session.from })],
  }
}

/** Those that a password for this service may be compared with. None unless two-step is on. */
export const appPasswordsFor = (account: Account, service: string): readonly AppPassword[] =>
  isOn(account) ? account.appPasswords.filter(each => each.service === service) : []

const noteEvery = 60_000

/**
 * One was right: notes when and from where. `undefined` when the note that is stored is less than a minute old and of the
 * same origin, or the password was revoked: a mail program asks often, and need not write each time.
 */
export function appPasswordUsed(
  account: Account,
  used: { readonly id: string; readonly from: Origin },
  now: Instant,
): Change | undefined {
  const found = account.appPasswords.find(each => each.id === used.id)
  if (found === undefined || !isOn(account)) return undefined
  const { lastUsed } = found
  const same = lastUsed?.from.place === used.from.place && lastUsed.from.agent === used.from.agent
  if (lastUsed !== undefined && same && now < after(lastUsed.at, noteEvery)) return undefined
  const noted = { ...found, lastUsed: { at: now, from: used.from } }
  const appPasswords = account.appPasswords.map(each => (each === found ? noted : each))
  const next = { ...account, appPasswords }
  // The journal has the news, not the routine.
  return same ? quietly(next) : quietly(next, { kind: 'app_password.used', label: found.label, from: used.from })
}

export type RevokeAppPasswordsEnding = ({ readonly kind: 'revoked'; readonly count: number } & Change) | Refusal

/** Revokes one or all, at once. A full session is enough: it only takes away. */
export function revokeAppPasswords(
  account: Account,
  revoke: { readonly session: string; readonly which: { readonly id: string } | 'all' },
  now: Instant,
  limits: Limits,
): RevokeAppPasswordsEnding {
  const may = permit(account, revoke.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const { which } = revoke
  const change = appPasswordsRevoked(account, now, each => which === 'all' || each.id === which.id)
  return { kind: 'revoked', count: account.appPasswords.length - change.next.appPasswords.length, ...change }
}

/** Those that go are gone, and all addresses are told. */
export function appPasswordsRevoked(
  account: Account,
  now: Instant,
  goes: (each: AppPassword) => boolean = () => true,
): Change {
  const going = account.appPasswords.filter(goes)
  if (going.length === 0) return quietly(account)
  const about = going.map(each => each.label).join(', ')
  return {
    next: { ...account, appPasswords: account.appPasswords.filter(each => !goes(each)) },
    events: [{ kind: 'app_passwords.revoked', count: going.length }],
    notices: [tell(account, 'app_passwords_revoked', now, { about })],
  }
}
