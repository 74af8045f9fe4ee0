// The Graph door: WhatsApp's Cloud API for phone numbers, two-step verification and texts, as its clients speak it.
//
//     read ──▶ who asks ──▶ which number ──▶ may they ──▶ decode ──▶ action ──▶ Graph's own words
//              401 104/190   400 100/33       403 10       400 100
//
// A request that meant a guess and cannot be one is counted like a wrong guess, once it is known whose number it meant.

import type { Context } from 'hono'
import { Hono } from 'hono'
import { numberOfClaim } from '#actions/number.ts'
import { forOneRequest, Overdue, type World } from '#actions/world.ts'
import type { Permission } from '#core/business/business.ts'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { carry } from '#http/head.ts'
import { asError } from '#observe/log.ts'
import type { Met, OnNumber } from './calls.ts'
import * as calls from './calls.ts'
import * as errors from './errors.ts'
import { callerOf, nothing, refuse, unreadable } from './exchange.ts'
import { answerList } from './list.ts'
import { listSubscribed, subscribe, unsubscribe } from './subscribed-apps.ts'
import { createUsageMeter, usageHeaders } from './usage.ts'

export type GraphOptions = {
  readonly callsPerHour: number
  /** Where clients reach us, for the links of a list. */
  readonly publicUrl: () => string
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
  /** Told of a request that could not be read, by route. */
  readonly malformed: (route: string) => void
}

const manage: Permission = 'whatsapp_business_management'
const message: Permission = 'whatsapp_business_messaging'
const either = [manage, message]

type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Any one of these will do. */
  readonly needs: readonly Permission[]
  readonly answer: (on: OnNumber) => Promise<Response>
  /** What an unreadable request pays, where a guess was meant. */
  readonly pays?: (on: OnNumber) => Promise<unknown>
}

// Method, path, permission, handler: one line a call. Below them, the calls about a business account.
const routes: readonly Route[] = [
  { method: 'GET', path: '/:id{[0-9]+}', needs: either, answer: calls.readNode },
  { method: 'POST', path: '/:id{[0-9]+}', needs: either, answer: calls.changePin },
  { method: 'DELETE', path: '/:id{[0-9]+}', needs: [manage], answer: calls.remove, pays: calls.payRemoval },
  { method: 'POST', path: '/:id{[0-9]+}/request_code', needs: either, answer: calls.askCode },
  { method: 'POST', path: '/:id{[0-9]+}/verify_code', needs: either, answer: calls.checkCode, pays: calls.payCheck },
  { method: 'POST', path: '/:id{[0-9]+}/register', needs: either, answer: calls.register, pays: calls.payRegistration },
  {
    method: 'POST',
    path: '/:id{[0-9]+}/deregister',
    needs: either,
    answer: calls.deregister,
    pays: calls.payRegistration,
  },
  { method: 'POST', path: '/:id{[0-9]+}/messages', needs: [message], answer: calls.text },
]

type Handler = (c: Context<Exchange>) => Promise<Response>

/** The door as an app: mounted at the root, for every version and for none. */
export function graphDoor(world: World, options: GraphOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const meter = createUsageMeter(options.callsPerHour)

  // Around each call, rather than the app's own `use` and `onError`: Hono would wrap every handler on the way in both.
  const atThisDoor =
    (handle: Handler) =>
    async (c: Context<Exchange>): Promise<Response> => {
      c.set('door', 'graph')
      carry(c, {
        'facebook-api-version': c.req.path.match(/^\/(v[0-9]+\.[0-9]+)(?:\/|$)/)?.[1] ?? 'v25.0',
        'x-fb-request-id': c.get('requestId'),
        'x-fb-trace-id': c.get('requestId'),
      })
      try {
        return await handle(c)
      } catch (thrown) {
        if (thrown instanceof Overdue) return refuse(c, errors.serviceAway)
        const error = asError(thrown)
        options.report(error, c.get('requestId'))
        return refuse(c, error.name === 'StoreAway' ? errors.serviceAway : errors.serviceFault)
      }
    }

  // Read, who asks, how often: the same for every call. The handler gets what is left to decide.
  const met = (path: string, needs: readonly Permission[], handle: (met: Met) => Promise<Response>) =>
    atThisDoor(async c => {
      const read = await readParameters(c, { limit: 65_536 })
      if (read.kind !== 'read') options.malformed(path)
      const asking = await callerOf(c, world, read)
      if (asking.kind === 'refused') return refuse(c, asking.error)
      const { business, permissions } = asking.caller
      const usage = meter.call(business, world.clock.now())
      carry(c, usageHeaders(business, usage))
      if (usage.kind === 'over') return refuse(c, errors.callLimitReached(usage.retryAfter))
      const permitted = needs.some(each => permissions.includes(each))
      return handle({
        c,
        business,
        id: c.req.param('id') ?? '',
        parameters: read.kind === 'read' ? read.parameters : nothing,
        unreadable: read.kind === 'read' ? undefined : unreadable(read),
        forbidden: permitted ? undefined : errors.missingPermission(needs.join(' or ')),
      })
    })

  for (const prefix of ['', '/:version{v[0-9]+\\.[0-9]+}']) {
    for (const route of routes) {
      app.on(
        route.method,
        prefix + route.path,
        met(route.path, route.needs, async ({ c, business, id, parameters, ...met }) => {
          const own = forOneRequest(world)
          const subject = await numberOfClaim(own, business, id)
          if (subject === undefined) {
            if (route.method === 'GET' && id === business) return calls.readBusiness(c, world, business, parameters)
            return refuse(c, errors.noSuchObject(lower(route.method), id))
          }
          if (met.forbidden !== undefined) return refuse(c, met.forbidden)
          const on = { c, world: own, subject: subject.id, number: subject.document, claim: id, business, parameters }
          if (met.unreadable === undefined) return route.answer(on)
          await route.pays?.(on)
          return refuse(c, met.unreadable)
        }),
      )
    }
    const path = '/:id{[0-9]+}/phone_numbers'
    app.get(
      prefix + path,
      met(path, [manage], met => onBusiness('get', met, () => answerList(met, world, options.publicUrl()))),
    )
    app.post(
      prefix + path,
      met(path, [manage], met => onBusiness('post', met, () => calls.add(met, world))),
    )
    const apps = '/:id{[0-9]+}/subscribed_apps'
    app.get(
      prefix + apps,
      met(apps, [manage], met => onBusiness('get', met, () => listSubscribed(met, world, options.publicUrl()))),
    )
    app.post(
      prefix + apps,
      met(apps, [manage], met => onBusiness('post', met, () => subscribe(met, world))),
    )
    app.delete(
      prefix + apps,
      met(apps, [manage], met => onBusiness('delete', met, () => unsubscribe(met, world))),
    )
  }

  // Whatever begins like a Graph path is answered as one, or a client could not read what is wrong with it.
  for (const path of ['/:version{v[0-9]+\\.[0-9]+}/*', '/:id{[0-9][^/]*}', '/:id{[0-9][^/]*}/*']) {
    const unknown = (c: Context<Exchange>) => errors.unknownPath(c.req.path.replace(/^\/v[0-9]+\.[0-9]+/, ''))
    app.all(
      path,
      atThisDoor(async c => refuse(c, unknown(c))),
    )
  }
  return app
}

const lower = (method: Route['method']): 'get' | 'post' | 'delete' => method.toLowerCase() as 'get' | 'post' | 'delete'

async function onBusiness(
  method: 'get' | 'post' | 'delete',
  met: Met,
  handle: () => Promise<Response>,
): Promise<Response> {
  if (met.id !== met.business) return refuse(met.c, errors.noSuchObject(method, met.id))
  if (met.forbidden !== undefined) return refuse(met.c, met.forbidden)
  if (met.unreadable !== undefined) return refuse(met.c, met.unreadable)
  return handle()
}
