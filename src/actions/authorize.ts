// Who is behind an access token, and what it may do. One read, and none for garbage: the token carries its business's id
// and a checksum.

import type { Permission } from '#core/business/business.ts'
import { type Instant, later } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from './world.ts'

/** What Graph access tokens begin with. */
export const accessTokenPrefix = 'EAA'

export type AuthorizeEnding =
  | { readonly kind: 'authorized'; readonly business: string; readonly permissions: readonly Permission[] }
  | { readonly kind: 'no_such_token' }
  | { readonly kind: 'expired'; readonly at: Instant; readonly now: Instant }

/** Checks an access token. A wrong, revoked and made-up one look alike. */
export async function authorize(world: World, token: Secret): Promise<AuthorizeEnding> {
  const presented = world.secrets.readToken(accessTokenPrefix, token.reveal())
  if (presented === undefined) return { kind: 'no_such_token' }
  const business = await world.records.load('business', presented.subjectId)
  const found = business?.document.tokens.find(each => world.secrets.tokenMatches(each.verifier, presented.secret))
  if (found === undefined) return { kind: 'no_such_token' }
  // A clock that was set back does not bring a token back that had run out.
  const now = later(world.clock.now(), business?.document.seen ?? world.clock.now())
  if (found.expires !== undefined && now >= found.expires) return { kind: 'expired', at: found.expires, now }
  return { kind: 'authorized', business: presented.subjectId, permissions: found.permissions }
}
