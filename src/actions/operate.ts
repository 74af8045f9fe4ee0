// What the operator makes: business accounts, their access tokens, and applications.

import { issueToken, type Permission } from '#core/business/business.ts'
import { after, type Milliseconds } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Secret } from '#secrets/secret.ts'
import { accessTokenPrefix } from './authorize.ts'
import { change, create, watched } from './runner.ts'
import type { Call, World } from './world.ts'

/** What an application's API key begins with. */
export const apiKeyPrefix = 'twk_'

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
