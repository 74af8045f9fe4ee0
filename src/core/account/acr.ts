// Authentication context classes: what a session amounts to, as its callers name it (RFC 9470's `acr`).

import { type Account, isOn } from './account.ts'

/** Weakest first. */
export const acrValues = ['urn:twostep:acr:first-step', 'urn:twostep:acr:limited', 'urn:twostep:acr:two-step'] as const
export type Acr = (typeof acrValues)[number]

/** What a full session of the account amounts to, and what is asked of one that is less. */
export const fullAcr = (account: Account): Acr => (isOn(account) ? acrValues[2] : acrValues[0])
