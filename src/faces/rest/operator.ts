// The operator's door: business accounts, their access tokens, applications. One bearer token opens it.

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { type InviteAdminEnding, inviteAdmin, type RemoveAdminEnding, removeAdmin } from '#actions/admins.ts'
import {
  createApplication,
  createBusiness,
  type IssueAccessTokenEnding,
  issueAccessToken,
  type RevokeAccessTokensEnding,
  revokeAccessTokens,
} from '#actions/operate.ts'
import type { Call, World } from '#actions/world.ts'
import { second } from '#core/kernel/instant.ts'
import { readAuthorization } from '#http/bearer.ts'
import type { Exchange } from '#http/exchange.ts'
import { type Problem, problem } from '#http/problem.ts'
import { equalText } from '#secrets/equal.ts'
import { Secret } from '#secrets/secret.ts'
import { decodeBy } from './decode.ts'

const base = '/api/v1/operator'
const contract = () => import('#contract/operator.ts')

/** Mounted at the root. */
export function operatorDoor(world: World, operatorToken: Secret): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.use(`${base}/*`, async (c, next) => {
    c.set('door', 'rest')
    await next()
  })
  app.use(`${base}/*`, operatorsOnly(operatorToken))

  app.post(`${base}/businesses`, async c => {
    const read = await decodeBy(c, async () => (await contract()).createBusinessRequest)
    if (read.kind === 'refused') return read.reply
    const { business } = await createBusiness(world, callOf(c), read.value)
    return c.json({ id: business }, 201)
  })

  app.post(`${base}/businesses/:id/access-tokens`, async c => {
    const read = await decodeBy(c, async () => (await contract()).issueAccessTokenRequest)
    if (read.kind === 'refused') return read.reply
    const { permissions, expires_in } = read.value
    const expiresIn = expires_in === undefined ? undefined : expires_in * second
    const business = c.req.param('id')
    const ending = await issueAccessToken(world, callOf(c), { business, permissions, expiresIn })
    return ending.kind === 'issued'
      ? c.json({ access_token: ending.token.reveal() }, 201)
      : problem(c, tokenProblems[ending.kind])
  })

  app.delete(`${base}/businesses/:id/access-tokens`, async c => {
    const read = await decodeBy(c, async () => (await contract()).revokeAccessTokensRequest)
    if (read.kind === 'refused') return read.reply
    const { access_token } = read.value
    const token = access_token === undefined ? undefined : Secret.of(access_token)
    const ending = await revokeAccessTokens(world, callOf(c), { business: c.req.param('id'), token })
    return ending.kind === 'revoked' ? c.json({ revoked: ending.tokens }) : problem(c, tokenProblems[ending.kind])
  })

  app.post(`${base}/businesses/:id/admins`, async c => {
    const read = await decodeBy(c, async () => (await contract()).inviteAdminRequest)
    if (read.kind === 'refused') return read.reply
    const ending = await inviteAdmin(world, callOf(c), { business: c.req.param('id'), ...read.value })
    if (ending.kind !== 'invited') return problem(c, adminProblems[ending.kind])
    // Told here too, so that the first admin can begin before any mail can be sent.
    return c.json({ id: ending.admin, link: ending.link ?? null }, 201)
  })

  app.delete(`${base}/businesses/:id/admins`, async c => {
    const read = await decodeBy(c, async () => (await contract()).removeAdminRequest)
    if (read.kind === 'refused') return read.reply
    const ending = await removeAdmin(world, callOf(c), { business: c.req.param('id'), ...read.value })
    return ending.kind === 'removed' ? c.body(null, 204) : problem(c, adminProblems[ending.kind])
  })

  app.post(`${base}/applications`, async c => {
    const read = await decodeBy(c, async () => (await contract()).createApplicationRequest)
    if (read.kind === 'refused') return read.reply
    const { application, apiKey } = await createApplication(world, callOf(c), read.value)
    return c.json({ id: application, api_key: apiKey.reveal() }, 201)
  })
  return app
}

const tokenProblems = {
  no_such_business: {
    status: 404,
    kind: 'no_such_business',
    title: 'There is no such business.',
    detail: 'Create it with POST /api/v1/operator/businesses and use the id of its answer.',
  },
  no_such_token: {
    status: 404,
    kind: 'no_such_token',
    title: 'There is no such access token.',
    detail: 'It is not one of this business, or it was revoked before. Leave it out to revoke all.',
  },
  too_many_tokens: {
    status: 409,
    kind: 'too_many_tokens',
    title: 'This business has as many access tokens as it may.',
    detail: 'Revoke with DELETE on the same path, and give new ones an expires_in.',
  },
} as const satisfies Record<
  Exclude<IssueAccessTokenEnding['kind'] | RevokeAccessTokensEnding['kind'], 'issued' | 'revoked'>,
  Problem
>

const adminProblems = {
  no_such_business: tokenProblems.no_such_business,
  no_such_admin: {
    status: 404,
    kind: 'no_such_admin',
    title: 'Nobody with this address looks after this business.',
    detail: 'They were removed before, or were invited with another address.',
  },
  too_many_businesses: {
    status: 409,
    kind: 'too_many_businesses',
    title: 'This person looks after as many businesses as they may.',
    detail: 'Remove them from one with DELETE on its admins, or invite them with another address.',
  },
} as const satisfies Record<Exclude<(InviteAdminEnding | RemoveAdminEnding)['kind'], 'invited' | 'removed'>, Problem>

/** Lets the operator's token through, compared in constant time, and nobody else. */
export function operatorsOnly(operatorToken: Secret): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const given = readAuthorization(c.req.header('authorization'))
    if (given.kind === 'bearer' && equalText(given.token.reveal(), operatorToken.reveal())) return next()
    c.header('WWW-Authenticate', 'Bearer realm="operator"')
    return problem(c, {
      status: 401,
      kind: 'operator_token_needed',
      title: 'This needs the operator token.',
      detail: 'Send it as Authorization: Bearer <token>. In the sandbox, npm start prints it.',
    })
  }
}

/** The call that actions are handed. */
export const callOf = (c: Context<Exchange>): Call => ({
  door: 'operator',
  party: 'operator',
  requestId: c.get('requestId'),
  signal: c.get('deadline'),
})
