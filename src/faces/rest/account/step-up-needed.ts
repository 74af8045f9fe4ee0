// What a session is refused with that does not reach: which proofs to give anew, and how old they may be (RFC 9470).
//
//     401  WWW-Authenticate: Bearer error="insufficient_user_authentication", acr_values="…", max_age="600"
//
// The same call is welcome again once POST /api/v1/account/step-up/… was answered 200.

import { type Acr, acrValues } from '#core/account/acr.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import type { Problem } from '#http/problem.ts'

export type StepUp = {
  readonly acr: Acr
  /** How old the proofs may be; `undefined` where their age does not matter. */
  readonly maxAge: Milliseconds | undefined
  readonly missing: readonly ('P' | 'D')[]
}

/** What each proof is called on the wire, and by which call it is given anew. */
const proofs = { P: 'password', D: 'device_code' } as const
export const proofNames = (missing: StepUp['missing']) => missing.map(each => proofs[each])

/** The challenge of RFC 9470 §3. Neither value can hold a quote. */
export const insufficient = (acr: Acr, maxAge: Milliseconds | undefined, description: string): string =>
  [
    'Bearer error="insufficient_user_authentication"',
    `error_description="${description}"`,
    `acr_values="${acr}"`,
    ...(maxAge === undefined ? [] : [`max_age="${Math.floor(maxAge / second)}"`]),
  ].join(', ')

/** Proofs are too few or too old. */
export function stepUpNeeded({ acr, maxAge, missing }: StepUp): Problem {
  const named = proofNames(missing)
  return {
    status: 401,
    kind: 'step_up_needed',
    title: 'This needs more recent proof that it is you.',
    detail: 'Prove what missing names with POST /api/v1/account/step-up/password or …/step-up/code, then ask again.',
    challenge: insufficient(acr, maxAge, 'more recent proof is needed'),
    members: { missing: named, acr_values: acr, max_age: maxAge === undefined ? null : Math.floor(maxAge / second) },
  }
}

/** Entered by password and Recovery Key: it may verify a new trusted device, and nothing else. */
export const limitedSession: Problem = {
  status: 401,
  kind: 'limited_session',
  title: 'This session can do one thing: verify a new trusted device.',
  detail: 'Send a code to one with POST /api/v1/account/devices. Once it is verified, this session is a full one.',
  challenge: insufficient(acrValues[2], undefined, 'a new trusted device is needed'),
  members: { missing: ['new_device'], acr_values: acrValues[2], max_age: null },
}
