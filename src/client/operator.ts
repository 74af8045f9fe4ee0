// The operator's calls: businesses and their tokens, applications, people who look after a business, keys. They take no
// idempotency key, so none is sent twice.

import type { CallOptions } from './exchange.ts'
import type { OperatorResult } from './problem.ts'
import { at, type Rest } from './rest.ts'
import type { Secret, SecretText } from './secret.ts'

/** What an access token may do. */
export type AccessTokenPermission = 'whatsapp_business_management' | 'whatsapp_business_messaging'

/** Where a rotation of the server's keys stands. */
export interface KeyRotation {
  readonly state: 'idle' | 'rotating' | 'broken'
  /** The key in force. */
  readonly active?: string
  readonly stage?: string
  readonly done?: number
  readonly total?: number
  /** The document that does not open, as `kind/id`. */
  readonly unreadable?: string
}

/** What the operator does. Needs `operatorToken`. */
export interface Operator {
  /** `email`: where notices go. `id` is the business account id of the Graph door. */
  createBusiness(
    request: { readonly name: string; readonly email: string },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly id: string }>>
  /** The token is told once. `expires_in`: seconds; left out, until it is revoked. */
  issueAccessToken(
    business: string,
    request: { readonly permissions: readonly AccessTokenPermission[]; readonly expires_in?: number | undefined },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly access_token: Secret }, 'no_such_business' | 'too_many_tokens'>>
  /** Revokes one token, or all of them when it is left out. */
  revokeAccessTokens(
    business: string,
    request?: { readonly access_token?: SecretText | undefined },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly revoked: number }, 'no_such_business' | 'no_such_token'>>
  /** Makes the secret that signs the business's webhooks. It is told once. */
  makeAppSecret(
    business: string,
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly app_secret: Secret }, 'no_such_business'>>
  /** `link` chooses the password, once, within 24 hours; `null` where there is one already. */
  inviteAdmin(
    business: string,
    request: {
      readonly email: string
      readonly role?: 'admin' | 'member' | undefined
      readonly language?: string | undefined
    },
    options?: CallOptions,
  ): Promise<
    OperatorResult<{ readonly id: string; readonly link: string | null }, 'no_such_business' | 'too_many_businesses'>
  >
  removeAdmin(
    business: string,
    request: { readonly email: string },
    options?: CallOptions,
  ): Promise<OperatorResult<undefined, 'no_such_business' | 'no_such_admin'>>
  /** The API key is told once. */
  createApplication(
    request: { readonly name: string },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly id: string; readonly api_key: Secret }>>
  keyRotation(options?: CallOptions): Promise<OperatorResult<KeyRotation>>
  /** Begins a rotation of the keys, unless one is under way. */
  startKeyRotation(options?: CallOptions): Promise<OperatorResult<KeyRotation>>
}

export function operatorOf({ read, changeOnce }: Rest): Operator {
  const send = (method: 'POST' | 'DELETE', edge: string) => {
    return async <Ends>(business: string, body: object | undefined, options?: CallOptions): Promise<Ends> =>
      changeOnce({ method, path: at('operator/businesses', business, edge), body, options })
  }
  const makeSecret = send('POST', 'app-secret')
  const revoke = send('DELETE', 'access-tokens')
  const rotation = 'operator/keys/rotation'
  return {
    createBusiness: (body, options) => changeOnce({ method: 'POST', path: 'operator/businesses', body, options }),
    issueAccessToken: send('POST', 'access-tokens'),
    revokeAccessTokens: (business, body, options) => revoke(business, body, options),
    makeAppSecret: (business, options) => makeSecret(business, {}, options),
    inviteAdmin: send('POST', 'admins'),
    removeAdmin: send('DELETE', 'admins'),
    createApplication: (body, options) => changeOnce({ method: 'POST', path: 'operator/applications', body, options }),
    keyRotation: options => read(rotation, options),
    startKeyRotation: options => changeOnce({ method: 'POST', path: rotation, options }),
  }
}
