// What the operator makes: business accounts, their access tokens, and applications.

import { issueToken, type Permission, revokeTokens } from '#core/business/business.ts'
import { after, type Milliseconds } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Secret } from '#secrets/secret.ts'
import { accessTokenPrefix, apiKeyPrefix } from './authorize.ts'
import { change, create, watched } from './runner.ts'
import type { Call, World } from './world.ts'

export const createBusiness = (
  world: World,
  call: Call,
  command: { readonly name: string; readonly email: string },
): Promise<{ readonly kind: 'created'; readonly business: string }> =>
  watched(world, 'create_business', async () => {
    const now = world.clock.now()
    const business = world.secrets.newNumericId()
    const next = { ...command, createdAt: now, seen: now, tokens: [] }
    const created = await create(world, call, 'business', business, { next, events: [{ kind: 'business.created' }] })
    assert(created, 'a random id is new')
    return { kind: 'created', business }
  })

export type IssueAccessToken = {
  readonly business: string
  readonly permissions: readonly Permission[]
  readonly expiresIn: Milliseconds | undefined
}

export type IssueAccessTokenEnding =
  | { readonly kind: 'issued'; readonly token: Secret }
  | { readonly kind: 'no_such_business' | 'too_many_tokens' }

/** The token is told once; what is kept can check it and no more. */
export const issueAccessToken = (
  world: World,
  call: Call,
  command: IssueAccessToken,
): Promise<IssueAccessTokenEnding> =>
  watched(world, 'issue_access_token', async () => {
    const { permissions, expiresIn } = command
    const { token, verifier } = world.secrets.makeToken(accessTokenPrefix, command.business)
    const ending = await change<'business', IssueAccessTokenEnding>(
      world,
      call,
      'business',
      command.business,
      (business, now) => {
        const expires = expiresIn === undefined ? undefined : after(now, expiresIn)
        const issued = issueToken(business, { verifier, permissions, issuedAt: now, expires }, now, world.limits)
        if (issued.kind === 'too_many_tokens') return { ending: issued }
        return {
          ending: { kind: 'issued', token },
          change: { next: issued.next, events: [{ kind: 'access_token.issued', permissions }] },
        }
      },
    )
    return ending ?? { kind: 'no_such_business' }
  })

export type RevokeAccessTokensEnding =
  | { readonly kind: 'revoked'; readonly tokens: number }
  | { readonly kind: 'no_such_business' | 'no_such_token' }

/** Ends one access token of a business, or all of them; at once, on every node. */
export const revokeAccessTokens = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly token: Secret | undefined },
): Promise<RevokeAccessTokensEnding> =>
  watched(world, 'revoke_access_tokens', async () => {
    const { business: id, token } = command
    const presented = token === undefined ? undefined : world.secrets.readToken(accessTokenPrefix, token.reveal())
    if (token !== undefined && presented?.subjectId !== id) return { kind: 'no_such_token' }
    const ending = await change<'business', RevokeAccessTokensEnding>(world, call, 'business', id, business => {
      const found =
        presented && business.tokens.find(each => world.secrets.tokenMatches(each.verifier, presented.secret))
      if (presented !== undefined && found === undefined) return { ending: { kind: 'no_such_token' } }
      const { next, revoked } = revokeTokens(business, found?.verifier)
      const events = [{ kind: 'access_token.revoked', tokens: revoked }] as const
      return { ending: { kind: 'revoked', tokens: revoked }, change: revoked === 0 ? undefined : { next, events } }
    })
    return ending ?? { kind: 'no_such_business' }
  })

export const createApplication = (
  world: World,
  call: Call,
  command: { readonly name: string },
): Promise<{ readonly kind: 'created'; readonly application: string; readonly apiKey: Secret }> =>
  watched(world, 'create_application', async () => {
    const now = world.clock.now()
    const application = world.secrets.newNumericId()
    const { token, verifier } = world.secrets.makeToken(apiKeyPrefix, application)
    const next = { ...command, createdAt: now, seen: now, keyVerifier: verifier }
    const events = [{ kind: 'application.created' }] as const
    assert(await create(world, call, 'application', application, { next, events }), 'a random id is new')
    return { kind: 'created', application, apiKey: token }
  })
