// The On-Premises door: WhatsApp's On-Premises API for users, registration and two-step verification, as its clients speak
// it. One installation a business: at /v1 the one that the settings name, at /on-premises/{business}/v1 each.
//
//     which business ──▶ read ──▶ who asks ──▶ how often ──▶ may they ──▶ decode ──▶ action ──▶ the door's own words
//        404 1006                 401 1005     429 1015      403 1005     400 1008/9
//
// The PIN at POST /v1/account. On this wire it comes before the number is proved, with the request for a code. It is kept,
// sealed, and asked when the code was right, at POST /v1/account/verify; a PIN that is missing is missed there (400 1008),
// a wrong one refused there (403 1005). Only a business that has proved the number already is answered at once. So nobody
// spends the owner's guesses, learns whether a lock is set or makes mails go out without the number in hand.

import type { Context } from 'hono'
import { Hono } from 'hono'
import { healthKeyHolds } from '#actions/on-premises/health-key.ts'
import { whoHolds } from '#actions/on-premises/login.ts'
import { forOneRequest, Overdue, type World } from '#actions/world.ts'
import { readParameters } from '#http/body.ts'
import { callerOfRequest, type TrustedProxies } from '#http/client-address.ts'
import type { Exchange } from '#http/exchange.ts'
import { readShown } from './authorization.ts'
import type { Known } from './calls.ts'
import * as calls from './calls.ts'
import * as errors from './errors.ts'
import { nothing, refuse, unreadable } from './exchange.ts'
import { createRate } from './rate.ts'

export type OnPremisesOptions = {
  /** Whose client answers at /v1; `undefined`: nobody's. */
  readonly business: string | undefined
  readonly proxies: TrustedProxies
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
  /** Told of a request that could not be read, by route. */
  readonly malformed: (route: string) => void
}

type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** `monitor`: any user, or the health key. */
  readonly who: 'admin' | 'user' | 'monitor'
  readonly answer: (known: Known) => Promise<Response>
  /** What an unreadable request pays, where a guess was meant. */
  readonly pays?: (known: Known) => Promise<void>
}

// Method, path, who may, handler: one line a call. POST /users/login stands apart: it finds out who asks.
const routes: readonly Route[] = [
  { method: 'POST', path: '/users/logout', who: 'user', answer: calls.logout },
  { method: 'POST', path: '/users', who: 'admin', answer: calls.addUser },
  { method: 'GET', path: '/users/:username', who: 'user', answer: calls.readUser },
  { method: 'PUT', path: '/users/:username', who: 'user', answer: calls.changePassword },
  { method: 'DELETE', path: '/users/:username', who: 'admin', answer: calls.removeUser },
  { method: 'POST', path: '/account', who: 'admin', answer: calls.account },
  { method: 'POST', path: '/account/verify', who: 'admin', answer: calls.verify, pays: calls.payCheck },
  { method: 'POST', path: '/account/shards', who: 'admin', answer: calls.shards },
  { method: 'POST', path: '/settings/account/two-step', who: 'admin', answer: calls.turnOn },
  { method: 'DELETE', path: '/settings/account/two-step', who: 'admin', answer: calls.turnOff },
  { method: 'GET', path: '/settings/application', who: 'admin', answer: calls.readSettings },
  { method: 'PATCH', path: '/settings/application', who: 'admin', answer: calls.patchSettings },
  { method: 'DELETE', path: '/settings/application', who: 'admin', answer: calls.deleteSettings },
  { method: 'GET', path: '/health', who: 'monitor', answer: calls.health },
]

/** The door as an app: mounted at the root. */
export function onPremisesDoor(world: World, options: OnPremisesOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const rate = createRate()
  const allowed = (party: string) => rate.request(party, world.clock.now())

  const met =
    (route: Route) =>
    async (c: Context<Exchange>, business: string): Promise<Response> => {
      const own = forOneRequest(world)
      const read = await readParameters(c, { limit: 65_536 })
      if (read.kind !== 'read') options.malformed(route.path)
      const asking = await askingOf(c, own, business, route.who)
      const wait = allowed(
        asking === undefined ? `caller ${callerOfRequest(c, options.proxies).group}` : `business ${business}`,
      )
      if (wait !== undefined) return refuse(c, errors.tooManyRequests(wait))
      if (asking === undefined) return refuse(c, errors.tokenNeeded)
      if (route.who === 'admin' && asking.who?.role !== 'admin') return refuse(c, errors.adminsOnly)
      const known = { c, world: own, business, ...asking }
      if (read.kind === 'read') return route.answer({ ...known, parameters: read.parameters })
      await route.pays?.({ ...known, parameters: nothing })
      return refuse(c, unreadable(read))
    }

  const login = async (c: Context<Exchange>, business: string): Promise<Response> => {
    const caller = callerOfRequest(c, options.proxies).group
    const wait = allowed(`caller ${caller}`)
    if (wait !== undefined) return refuse(c, errors.tooManyRequests(wait))
    const read = await readParameters(c, { limit: 65_536 })
    if (read.kind === 'read') return calls.login({ c, world, business, caller, parameters: read.parameters }, rate)
    options.malformed('/users/login')
    return refuse(c, unreadable(read))
  }

  const bases = [
    { base: '/v1', businessOf: () => options.business },
    { base: '/on-premises/:business{[0-9]{1,20}}/v1', businessOf: (c: Context<Exchange>) => c.req.param('business') },
  ]
  for (const { base, businessOf } of bases) {
    app.use(`${base}/*`, async (c, next) => {
      c.set('door', 'on-premises')
      await next()
    })
    const at = (answer: (c: Context<Exchange>, business: string) => Promise<Response>) => (c: Context<Exchange>) => {
      const business = businessOf(c)
      return business === undefined ? refuse(c, errors.nothingHere) : answer(c, business)
    }
    app.post(`${base}/users/login`, at(login))
    for (const route of routes) app.on(route.method, base + route.path, at(met(route)))
    app.all(`${base}/*`, c => refuse(c, errors.nothingHere))
  }

  app.onError((error, c) => {
    if (error instanceof Overdue) return refuse(c, errors.serviceAway)
    options.report(error, c.get('requestId'))
    return refuse(c, error.name === 'StoreAway' ? errors.serviceAway : errors.fault)
  })
  return app
}

/** Who asks, with the installation; `undefined` for a stranger. */
async function askingOf(
  c: Context<Exchange>,
  world: World,
  business: string,
  who: Route['who'],
): Promise<Pick<Known, 'who' | 'installation'> | undefined> {
  const shown = readShown(c.req.header('authorization'))
  if (shown.kind === 'token') return whoHolds(world, business, shown.secret)
  if (shown.kind !== 'key' || who !== 'monitor') return undefined
  const installation = await healthKeyHolds(world, business, shown.secret)
  return installation && { who: undefined, installation }
}
