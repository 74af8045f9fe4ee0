// Who is behind an access token or an API key, and what it may do. One read, and none for garbage: both carry the id of
// their business or application, and a checksum.

import type { Permission } from '#core/business/business.ts'
import { type Instant, later } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from './world.ts'

/** What Graph access tokens begin with. */
export const accessTokenPrefix = 'EAA'

/** What an application's API key begins with. */
export const apiKeyPrefix = 'twk_'

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

export type AuthorizeApplicationEnding =
  | { readonly kind: 'authorized'; readonly application: string }
  | { readonly kind: 'no_such_key' }

/** Checks an application's API key. A wrong and a made-up one look alike. */
export async function authorizeApplication(world: World, key: Secret): Promise<AuthorizeApplicationEnding> {
  const presented = world.secrets.readToken(apiKeyPrefix, key.reveal())
  if (presented === undefined) return { kind: 'no_such_key' }
  const verifier = (await world.records.load('application', presented.subjectId))?.document.keyVerifier
  if (verifier === undefined || !world.secrets.tokenMatches(verifier, presented.secret)) return { kind: 'no_such_key' }
  return { kind: 'authorized', application: presented.subjectId }
}
