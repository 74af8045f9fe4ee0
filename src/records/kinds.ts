// The kinds of subjects, with what each keeps and by what each is found. A handle that a document no longer has goes with
// the commit that changes it, so nothing else ever adds or removes one.

import type { Account } from '#core/account/account.ts'
import type { AccountEvent } from '#core/account/change.ts'
import type { Application, ApplicationEvent } from '#core/application/application.ts'
import type { Admin, AdminEvent } from '#core/business/admin.ts'
import type { Business, BusinessEvent } from '#core/business/business.ts'
import { endOfNumber, nameWords } from '#core/business/name-words.ts'
import type { Reservation } from '#core/idempotency/reservation.ts'
import type { DeadLetter } from '#core/message/dead-letter.ts'
import type { Delivery } from '#core/message/delivery.ts'
import type { Installation, InstallationEvent } from '#core/on-premises/installation.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Sandbox, SandboxEvent } from '#core/sandbox/sandbox.ts'
import type { Allowance } from '#core/sending/allowance.ts'
import { type Prefix, pausedUntil } from '#core/sending/prefix.ts'

export type Kinds = {
  readonly number: { readonly document: PhoneNumber; readonly event: NumberEvent }
  readonly business: { readonly document: Business; readonly event: BusinessEvent }
  readonly admin: { readonly document: Admin; readonly event: AdminEvent }
  readonly application: { readonly document: Application; readonly event: ApplicationEvent }
  /** Its id is its business's. */
  readonly on_premises: { readonly document: Installation; readonly event: InstallationEvent }
  readonly idempotency: { readonly document: Reservation; readonly event: never }
  readonly account: { readonly document: Account; readonly event: AccountEvent }
  readonly sandbox: { readonly document: Sandbox; readonly event: SandboxEvent }
  /** Its id is that of its first row in the outbox. It goes when the last one is settled. */
  readonly delivery: { readonly document: Delivery; readonly event: never }
  /** Its id is that of the row that died. */
  readonly dead_letter: { readonly document: DeadLetter; readonly event: never }
  /** What was sent to the numbers of one prefix, and came back. Strangers cause it: no journal, which they could fill. */
  readonly prefix: { readonly document: Prefix; readonly event: never }
  /** Its id is what it is of. */
  readonly allowance: { readonly document: Allowance; readonly event: never }
}
export type Kind = keyof Kinds
export type DocumentOf<K extends Kind> = Kinds[K]['document']
export type EventOf<K extends Kind> = Kinds[K]['event']

/** Kinds whose events can be forgotten: each says when its document has let go of them. */
export const forgotten = {
  account: ({ closedAt }: Account): boolean => closedAt !== undefined,
} as const
export type Forgetful = keyof typeof forgotten

/** A look-up value in the clear; only its blind index is stored. */
export type Name = {
  readonly purpose:
    | 'number'
    | 'claim'
    | 'business'
    | 'business-by-onboarding'
    /** A business's numbers by a word of their name, and by their last digits: what its people search for. */
    | 'business-by-word'
    | 'business-by-end'
    | 'admin-email'
    | 'idempotency'
    /** Reservations by when they run out: whoever needs one takes over the oldest that has. */
    | 'idempotency-by-expiry'
    | 'account-address'
    | 'account-user'
    | 'application-accounts'
    /** What a provider calls a message of ours. */
    | 'provider-message'
    | 'number-prefix'
    /** Prefixes that no codes are sent to, by when that ends. */
    | 'paused-prefixes'
    | 'allowances'
  readonly value: string
}
export type Listing = { readonly gathering: Name; readonly position: string; readonly member: string }
export type Found = { readonly names: readonly Name[]; readonly places: readonly Listing[] }

/** Found by nothing but its id. */
export const nowhere: Found = { names: [], places: [] }

/** Every reservation of an idempotency key, the first to run out first. */
export const reservationsByExpiry: Name = { purpose: 'idempotency-by-expiry', value: 'all' }

/** Prefixes that are paused, the first to open again first; and every country's day, with the hour of all. */
export const pausedPrefixes: Name = { purpose: 'paused-prefixes', value: 'all' }
export const everyAllowance: Name = { purpose: 'allowances', value: 'all' }
const endOfTime = 10 ** 15 - 1

/** By what a document is found, and where it is listed. */
export const foundBy: { readonly [K in Kind]: (document: DocumentOf<K>) => Found } = {
  number: number => ({
    names: [
      { purpose: 'number', value: number.number },
      ...number.claims.map(claim => ({ purpose: 'claim', value: claim.id }) as const),
    ],
    places: number.claims.flatMap(({ by, id, addedAt, registeredAt }) =>
      by.kind === 'business'
        ? [
            { gathering: { purpose: 'business', value: by.business } as const, position: at(addedAt), member: id },
            {
              gathering: { purpose: 'business-by-onboarding', value: by.business } as const,
              position: at(registeredAt ?? 0),
              member: id,
            },
            ...sought(number.number, by.business, by.verifiedName).map(gathering => {
              return { gathering, position: at(addedAt), member: id }
            }),
          ]
        : [],
    ),
  }),
  business: () => nowhere,
  admin: ({ email }) => (email === '' ? nowhere : { names: [{ purpose: 'admin-email', value: email }], places: [] }),
  application: () => nowhere,
  on_premises: () => nowhere,
  idempotency: ({ name, expires }) => ({
    names: [{ purpose: 'idempotency', value: name }],
    places: [{ gathering: reservationsByExpiry, position: at(expires), member: name }],
  }),
  account: ({ id, application, addresses, password, createdAt }) => ({
    names: [
      // An address is a name only where a password of ours goes with it; and never before it was confirmed, but for the
      // first, so that nobody takes a stranger's address by asking for it.
      ...(password === undefined
        ? []
        : addresses.map(({ address }) => ({ purpose: 'account-address', value: address }) as const)),
      ...(application === undefined ? [] : [{ purpose: 'account-user', value: userName(application) } as const]),
    ],
    places:
      application === undefined
        ? []
        : [
            {
              gathering: { purpose: 'application-accounts', value: application.id },
              position: at(createdAt),
              member: id,
            },
          ],
  }),
  sandbox: () => nowhere,
  delivery: ({ attempts }) => ({
    names: attempts.flatMap(({ provider, ref }) =>
      ref === undefined ? [] : [{ purpose: 'provider-message', value: providerMessage(provider, ref) } as const],
    ),
    places: [],
  }),
  dead_letter: () => nowhere,
  prefix: prefix => {
    const until = Math.min(pausedUntil(prefix), endOfTime)
    return {
      names: [{ purpose: 'number-prefix', value: prefix.prefix }],
      places: until === 0 ? [] : [{ gathering: pausedPrefixes, position: at(until), member: prefix.id }],
    }
  },
  allowance: ({ of }) => ({ names: [], places: [{ gathering: everyAllowance, position: of, member: of }] }),
}

/** A provider's name for a message as a look-up value. Names of providers have no slash. */
export const providerMessage = (provider: string, ref: string): string => `${provider}/${ref}`

/** A moment as a place in a gathering. Sorts as text in order of time until the year 33658. */
export const positionAt = (milliseconds: number): string => String(milliseconds).padStart(15, '0')
const at = positionAt

// What a business's people look a number up by. The business is in each value, so that equal words of two businesses have
// nothing in common in the database.
const sought = (number: string, business: string, name: string): readonly Name[] => [
  { purpose: 'business-by-end', value: `${business}/${endOfNumber(number)}` },
  ...nameWords(name).map(word => ({ purpose: 'business-by-word', value: `${business}/${word}` }) as const),
]

/** An application's user as a look-up value. Ids have no slash; what the application calls its user may have any. */
export const userName = ({ id, user }: { readonly id: string; readonly user: string }): string => `${id}/${user}`
