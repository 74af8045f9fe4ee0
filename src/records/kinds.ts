// The kinds of subjects, with what each keeps and by what each is found. A handle that a document no longer has goes with
// the commit that changes it, so nothing else ever adds or removes one.

import type { Application, ApplicationEvent } from '#core/application/application.ts'
import type { Business, BusinessEvent } from '#core/business/business.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Sandbox, SandboxEvent } from '#core/sandbox/sandbox.ts'

export type Kinds = {
  readonly number: { readonly document: PhoneNumber; readonly event: NumberEvent }
  readonly business: { readonly document: Business; readonly event: BusinessEvent }
  readonly application: { readonly document: Application; readonly event: ApplicationEvent }
  readonly sandbox: { readonly document: Sandbox; readonly event: SandboxEvent }
}
export type Kind = keyof Kinds
export type DocumentOf<K extends Kind> = Kinds[K]['document']
export type EventOf<K extends Kind> = Kinds[K]['event']

/** A look-up value in the clear; only its blind index is stored. */
export type Name = {
  readonly purpose: 'number' | 'claim' | 'business' | 'business-by-onboarding'
  readonly value: string
}
export type Listing = { readonly gathering: Name; readonly position: string; readonly member: string }
export type Found = { readonly names: readonly Name[]; readonly places: readonly Listing[] }

/** Found by nothing but its id. */
export const nowhere: Found = { names: [], places: [] }

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
          ]
        : [],
    ),
  }),
  business: () => nowhere,
  application: () => nowhere,
  sandbox: () => nowhere,
}

// Sorts as text in order of time until the year 33658.
const at = (milliseconds: number): string => String(milliseconds).padStart(15, '0')
