// The door of accounts: for people, through apps and pages.
//
//     how often ──▶ who asks ──▶ decode ──▶ once for its key ──▶ action ──▶ answer
//     429           401           400        409 422
//
// GET changes nothing. Each noun has a file of routes; this one knows only guards, and lists them.

import { type Context, Hono } from 'hono'
import { accountOfSession } from '#actions/account/account.ts'
import { authorizeApplication } from '#actions/authorize.ts'
import { type Call, forOneRequest, type World } from '#actions/world.ts'
import type { Arrivals } from '#http/arrivals.ts'
import { readAuthorization } from '#http/bearer.ts'
import type { TrustedProxies } from '#http/client-address.ts'
import type { Exchange } from '#http/exchange.ts'
import { answerNotFound, problem } from '#http/problem.ts'
import { createCallLimit } from '../call-limit.ts'
import { apiKeyNeeded, methodNotAllowed } from '../problems.ts'
import { accountNounRoutes } from './account.ts'
import { addressRoutes } from './addresses.ts'
import { appPasswordRoutes } from './app-passwords.ts'
import { deviceRoutes } from './device.ts'
import { historyRoutes } from './history.ts'
import { accountNouns } from './nouns.ts'
import { passwordResetRoutes } from './password-resets.ts'
import { presentedBy } from './presented.ts'
import * as problems from './problems.ts'
import type { Asking, Route } from './route.ts'
import { signInRoutes } from './sign-ins.ts'
import { signUpRoutes } from './sign-ups.ts'
import { stepUpRoutes } from './step-up.ts'
import { trustedDeviceRoutes } from './trusted-devices.ts'
import { twoStepRoutes } from './two-step.ts'
import { userRoutes } from './users.ts'

export type AccountsOptions = {
  readonly proxies: TrustedProxies
  /** For one account, one application, or one network of people who are not signed in; 0 is no limit. */
  readonly callsPerMinute: number
  /** Where devices wait for notifications. */
  readonly arrivals: Arrivals
}

const base = '/api/v1'

/** Every call of this door. */
export const accountRoutes: readonly Route[] = [
  ...signUpRoutes,
  ...signInRoutes,
  ...accountNounRoutes,
  ...addressRoutes,
  ...historyRoutes,
  ...passwordResetRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...twoStepRoutes,
  ...trustedDeviceRoutes,
  ...stepUpRoutes,
  ...appPasswordRoutes,
]

/** Mounted at the root. */
export function accountsDoor(shared: World, { proxies, callsPerMinute, arrivals }: AccountsOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const limit = createCallLimit(callsPerMinute)

  const met = (route: Route) => async (c: Context<Exchange>) => {
    c.set('door', 'rest')
    const world = forOneRequest(shared)
    const presenting = presentedBy(c, proxies)
    const call = callOf(c, `network/${presenting.network}`)
    const asking: Asking = { world, call, c, presenting, arrivals }
    // Strangers are counted by their network, and whoever shows a token by what it is of: none stands in another's way.
    const counted = async (who: string, serve: () => Promise<Response>, count = route.counted !== false) => {
      const wait = count ? limit.call(who, world.clock.now()) : undefined
      return wait === undefined ? serve() : problem(c, problems.tooManyCalls(wait))
    }
    const given = readAuthorization(c.req.header('authorization'))
    switch (route.guard) {
      case 'open':
      case 'bare':
        return counted(`network/${presenting.network}`, () => route.serve(asking))
      case 'session': {
        const at = given.kind === 'bearer' ? await accountOfSession(world, call, given.token) : undefined
        if (at === undefined) {
          return counted(`network/${presenting.network}`, async () => problem(c, problems.sessionNeeded))
        }
        const own = { ...asking, at, call: callOf(c, `session/${at.session.id}`) }
        return counted(`account/${at.id}`, () => route.serve(own))
      }
      case 'application': {
        const caller = given.kind === 'bearer' ? await authorizeApplication(world, given.token) : undefined
        if (caller?.kind !== 'authorized') {
          const challenge = { challenge: 'Bearer realm="application"' }
          return counted(
            `network/${presenting.network}`,
            async () => problem(c, { ...apiKeyNeeded, ...challenge }),
            true,
          )
        }
        const { application } = caller
        const own = { ...asking, application, call: callOf(c, application) }
        return counted(`application/${application}`, () => route.serve(own))
      }
    }
  }
  for (const route of accountRoutes) app.on(route.method, base + route.path, met(route))

  for (const path of new Set(accountRoutes.map(each => each.path))) {
    const allowed = accountRoutes.filter(each => each.path === path).map(({ method }) => method)
    app.all(base + path, c => {
      c.set('door', 'rest')
      c.header('Allow', allowed.map(method => (method === 'GET' ? 'GET, HEAD' : method)).join(', '))
      return problem(c, methodNotAllowed)
    })
  }
  for (const path of accountNouns.map(noun => `/${noun}/*`)) {
    app.all(base + path, c => {
      c.set('door', 'rest')
      return answerNotFound(c)
    })
  }
  return app
}

const callOf = (c: Context<Exchange>, party: string): Call => ({
  door: 'rest',
  party,
  requestId: c.get('requestId'),
  signal: c.get('deadline'),
})
