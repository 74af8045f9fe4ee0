// What the calls of an account's owner answer. Names are the wire's.

import type { AccountTwoStepState } from './account-two-step.ts'
import type { Origin, Session } from './sign-ins.ts'

/** The account, and what its owner should look after. */
export interface AccountState {
  readonly id: string
  readonly created_at: string
  /** Whose user this is, where it is one. */
  readonly application: { readonly id: string; readonly user: string } | null
  readonly language: string
  readonly addresses: readonly { readonly address: string; readonly confirmed_at: string | null }[]
  /** `null`: the application looks after it. */
  readonly password: { readonly set_at: string } | null
  readonly two_step: AccountTwoStepState['state']
  readonly warnings: readonly string[]
  readonly session: Session
}

/** A known browser. */
export interface KnownBrowser {
  readonly id: string
  readonly name: string
  readonly current: boolean
  readonly from: Origin
  readonly added_at: string
  readonly last_used_at: string
  /** Until when no code is asked for there. `null`: it is known, and not trusted. */
  readonly trusted_until: string | null
}

/** The e-mail addresses of an account. */
export interface AddressesState {
  readonly addresses: readonly { readonly id: string; readonly address: string; readonly confirmed_at: string | null }[]
  /** The address whose link was mailed and not used yet. */
  readonly awaited: { readonly address: string; readonly expires_at: string } | null
}

/** Something that happened. */
export interface Happening {
  readonly sequence: number
  readonly at: string
  /** By which door it came. */
  readonly door: string
  /** A stable word. */
  readonly kind: string
  /** The same for people, in English. */
  readonly words: string
}

/** What happened, newest first. */
export interface ActivityPage {
  readonly events: readonly Happening[]
  readonly next_before: number | null
}

/** Everything that is known. */
export interface AccountExport {
  readonly exported_at: string
  readonly account: Readonly<Record<string, unknown>>
  /** Oldest first. */
  readonly events: readonly Happening[]
}

/** An app-specific password: for a program that cannot ask for a code. */
export interface AppPassword {
  readonly id: string
  readonly label: string
  readonly service: string
  readonly created_at: string
  readonly last_used: { readonly at: string; readonly from: Origin } | null
}

/** How fresh the proofs of a session are. */
export interface FreshProofs {
  readonly acr: string
  readonly amr: readonly string[]
  readonly password_at: string | null
  readonly device_code_at: string | null
}

/** A gate, as a session meets it. */
export interface SeenGate {
  readonly gate: string
  readonly needs: 'first-step' | 'two-step'
  readonly opens: 'read' | 'change'
  readonly max_age_s: number | null
  /** In this session, before. */
  readonly passed: boolean
  /** Empty: it would be passed now. */
  readonly missing: readonly ('password' | 'device_code')[]
}
