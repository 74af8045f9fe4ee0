// The door of applications: the registration lock for a consumer app, over REST with an API key.
//
//     who asks ──▶ how often ──▶ decode ──▶ once for its key ──▶ which registration ──▶ action ──▶ answer
//     401           429           400        409 422              404
//
// GET changes nothing. Everything else takes an Idempotency-Key.

import { type Context, Hono } from 'hono'
import { authorizeApplication } from '#actions/authorize.ts'
import { forOneRequest, type World } from '#actions/world.ts'
import { readAuthorization } from '#http/bearer.ts'
import type { Exchange } from '#http/exchange.ts'
import { answerNotFound, problem } from '#http/problem.ts'
import { createCallLimit } from './call-limit.ts'
import * as problems from './problems.ts'
import { registrationRoutes } from './registrations.ts'
import type { Route } from './route.ts'
import { twoStepRoutes } from './two-step.ts'
import { webhookRoutes } from './webhook.ts'

export type ApplicationsOptions = {
  /** For one application; 0 is no limit. */
  readonly callsPerMinute: number
}

const base = '/api/v1'
const routes: readonly Route[] = [...registrationRoutes, ...twoStepRoutes, ...webhookRoutes]

/** Mounted at the root. */
export function applicationsDoor(world: World, { callsPerMinute }: ApplicationsOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const limit = createCallLimit(callsPerMinute)

  const met = (route: Route) => async (c: Context<Exchange>) => {
    c.set('door', 'rest')
    const given = readAuthorization(c.req.header('authorization'))
    const caller = given.kind === 'bearer' ? await authorizeApplication(world, given.token) : undefined
    if (caller?.kind !== 'authorized') {
      c.header('WWW-Authenticate', 'Bearer realm="application"')
      return problem(c, problems.apiKeyNeeded)
    }
    const { application } = caller
    const wait = limit.call(application, world.clock.now())
    if (wait !== undefined) return problem(c, problems.tooManyCalls(wait))
    const call = { door: 'rest', party: application, requestId: c.get('requestId'), signal: c.get('deadline') } as const
    return route.serve(c, { world: forOneRequest(world), call, application, place: undefined })
  }
  for (const route of routes) app.on(route.method, base + route.path, met(route))

  for (const path of new Set(routes.map(each => each.path))) {
    const allowed = routes.filter(each => each.path === path).map(({ method }) => method)
    app.all(base + path, c => {
      c.set('door', 'rest')
      c.header('Allow', allowed.map(method => (method === 'GET' ? 'GET, HEAD' : method)).join(', '))
      return problem(c, problems.methodNotAllowed)
    })
  }
  for (const path of ['/registrations/*', '/webhook/*']) {
    app.all(base + path, c => {
      c.set('door', 'rest')
      return answerNotFound(c)
    })
  }
  return app
}
