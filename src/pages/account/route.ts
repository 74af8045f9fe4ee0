// What a route of the account pages is.

import type { Answer, SignedVisit, Visit } from './visit.ts'

export type Route = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Of a POST without a page of its own at this path: the page that has the form. Left out, the path above. */
  readonly page?: string
  /** A GET that shows no form: no cookie is set for it. */
  readonly bare?: true
} & (
  | {
      readonly who: 'anybody'
      readonly answer: (visit: Visit) => Answer
      /** A POST that carries its own proof, and no form's token. */
      readonly unsigned?: true
    }
  /** Any session, a limited one too. */
  | { readonly who: 'in_session'; readonly answer: (visit: SignedVisit) => Answer }
  /** A session with two proofs of three. */
  | { readonly who: 'signed_in'; readonly answer: (visit: SignedVisit) => Answer }
)
