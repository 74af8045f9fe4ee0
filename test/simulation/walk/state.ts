// Where a walk stands: the number, the guess that is being looked at, and what the world outside remembers.
//
// The memory is the yardstick. It is kept in the plainest way (lists of moments, the newest secret of each kind) from what
// happened, never from what the core stored, so that the two can be held against each other.

import { type Instant, instantAt } from '#core/kernel/instant.ts'
import type { Change, PinUse } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { someClaim, someNumber } from '#test/simulation/a-number.ts'

/** A, the first owner; B, a stranger who can read the number's codes; X, a stranger who cannot. */
export type Party = 'A' | 'B' | 'X'

export type Side = 'keeper' | 'others'

/** A guess or a check that was spent and stored, and whose secret is being looked at. */
export type Flight =
  | {
      readonly kind: 'pin'
      readonly by: Party
      readonly use: PinUse
      readonly door: Door
      readonly given: string
      readonly verifier: string
    }
  | { readonly kind: 'code'; readonly by: Party; readonly given: string; readonly verifier: string }

export type Moments = readonly Instant[]

export type Memory = {
  /** The verifier of the PIN that somebody entitled set last, and the PIN before it. */
  readonly pin: string | undefined
  readonly oldPin: string | undefined
  /** Looks at the PIN since the last right one or the last new one. */
  readonly looks: Readonly<Record<Side, Moments>>
  readonly lastUse: Instant
  readonly deletedAt: Instant | undefined
  /** The newest removal link; `dead` once it must not work any more. */
  readonly link: { readonly secret: string; readonly at: Instant; readonly dead: boolean } | undefined
  readonly codes: Readonly<Record<Party, CodeMemory>>
  /** Codes sent on behalf of either side. */
  readonly sends: Readonly<Record<Side, Moments>>
  readonly attempts: Readonly<Record<Party, Moments>>
}

export type CodeMemory = {
  readonly newest: { readonly secret: string; readonly at: Instant; readonly used: boolean } | undefined
  readonly before: string | undefined
  /** Codes sent and looks made in the request that the newest code belongs to. */
  readonly sent: Moments
  readonly looks: Moments
}

export type State = {
  readonly now: Instant
  readonly number: PhoneNumber
  readonly flight: Flight | undefined
  readonly memory: Memory
  /** How many secrets and accounts were made on the way here; each gets the next number. */
  readonly serial: number
}

/** What one step says that it did. */
export type Deed =
  | 'refused'
  | 'time'
  | 'added'
  | 'counted'
  | 'code_sent'
  | 'code_looked'
  | 'code_right'
  | 'code_wrong'
  | 'pin_looked'
  | 'pin_wrong'
  | 'contested'
  | 'registered'
  | 'deregistered'
  | 'deleted'
  | 'pin_set'
  | 'pin_changed'
  | 'pin_removed'
  | 'link_mailed'
  | 'link_confirmed'
  | 'address_given'
  | 'answered'
  | 'reminded'
  | 'used'
  | 'died'

export type Step = {
  readonly by: Party | undefined
  readonly deed: Deed
  /** What the caller is told, with the waits that are told along. */
  readonly ending: string
  readonly change: Change
  readonly now: Instant
  readonly flight: Flight | undefined
  readonly serial: number
  readonly detail: Detail
}

export type Detail = {
  readonly use?: PinUse | undefined
  readonly door?: Door | undefined
  /** How a registration was reached, or with what PIN it was tried. */
  readonly how?: 'open' | 'lapsed' | 'pin' | undefined
  readonly pin?: 'missing' | 'given' | undefined
  /** The secret that the step made, looked at or opened. */
  readonly secret?: string | undefined
  /** Whether a door counted this step among registrations and deregistrations. */
  readonly counted?: boolean | undefined
}

const noCode: CodeMemory = { newest: undefined, before: undefined, sent: [], looks: [] }

const beginning = instantAt(1_000_000)

/** Every walk begins here: the number is known because X, who never proves it, has claimed it. */
export const firstState: State = {
  now: beginning,
  number: someNumber({
    seen: beginning,
    lastUse: beginning,
    claims: [someClaim('X', { addedAt: beginning })],
  }),
  flight: undefined,
  memory: {
    pin: undefined,
    oldPin: undefined,
    looks: { keeper: [], others: [] },
    lastUse: beginning,
    deletedAt: undefined,
    link: undefined,
    codes: { A: noCode, B: noCode, X: noCode },
    sends: { keeper: [], others: [] },
    attempts: { A: [], B: [], X: [] },
  },
  serial: 0,
}

/** Whose number it is, read from the drawing and not from the core. */
export function keeperOf(number: PhoneNumber): string | undefined {
  return number.holder?.claim ?? (number.lock.kind === 'set' ? number.lock.keeper : undefined)
}

export const sideOf = (number: PhoneNumber, by: Party): Side => (keeperOf(number) === by ? 'keeper' : 'others')

export function proofOf(number: PhoneNumber, by: string): 'gone' | 'none' | 'proved' | 'ended' {
  for (const claim of number.claims) if (claim.id === by) return claim.proof.kind
  return 'gone'
}

export const contestOf = (number: PhoneNumber) => (number.lock.kind === 'set' ? number.lock.contest : undefined)
