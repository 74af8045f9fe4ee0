// Every door in one app. What each request meets first stands first.

import { type Context, Hono } from 'hono'
import type { KeyRotation } from '#actions/key-rotation.ts'
import { Overdue, type World } from '#actions/world.ts'
import type { Config } from '#config'
import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import type { Desk } from '#delivery/providers/desk.ts'
import { serviceAway } from '#faces/graph/errors.ts'
import { refuse } from '#faces/graph/exchange.ts'
import { graphDoor } from '#faces/graph/graph.ts'
import * as onPremises from '#faces/on-premises/errors.ts'
import { refuse as refuseOnPremises } from '#faces/on-premises/exchange.ts'
import { installDoor } from '#faces/on-premises/install.ts'
import { onPremisesDoor } from '#faces/on-premises/on-premises.ts'
import { providersDoor } from '#faces/providers/providers.ts'
import { accountsDoor } from '#faces/rest/account/door.ts'
import { appSecretDoor } from '#faces/rest/app-secret.ts'
import { applicationsDoor } from '#faces/rest/applications.ts'
import { deadLettersDoor } from '#faces/rest/dead-letters.ts'
import { maintenanceDoor } from '#faces/rest/maintenance.ts'
import { operatorDoor } from '#faces/rest/operator.ts'
import { sendingDoor } from '#faces/rest/sending.ts'
import { sandboxDoor } from '#faces/sandbox/sandbox.ts'
import type { Arrivals } from '#http/arrivals.ts'
import { readTrustedProxies } from '#http/client-address.ts'
import { deadline, tooLong } from '#http/deadline.ts'
import type { Exchange } from '#http/exchange.ts'
import { observed, type Served } from '#http/observed.ts'
import { answerErrors, answerNotFound, type Problem } from '#http/problem.ts'
import { requestId } from '#http/request-id.ts'
import { securityHeaders } from '#http/security-headers.ts'
import { watchEndpoints } from '#http/watch-endpoints.ts'
import type { Health } from '#observe/health.ts'
import { idForLog, type Log } from '#observe/log.ts'
import type { Metrics } from '#observe/metrics.ts'
import { accountIsLate } from '#pages/account/routes.ts'
import { brandOf } from '#pages/brand.ts'
import { linkPages } from '#pages/links/links.ts'
import { managerIsLate } from '#pages/manager/routes.ts'
import { pages } from '#pages/pages.ts'
import type { Secret } from '#secrets/secret.ts'
import { StoreAway } from '#storage/store.ts'
import { monotonic } from './clock.ts'

/** What the doors are made of. */
export type AppParts = {
  readonly world: World
  readonly health: Health
  readonly metrics: Metrics
  readonly log: Log
  readonly rotation: KeyRotation
  readonly operatorToken: Secret
  readonly advance: (by: Milliseconds) => Instant
  readonly address: () => string
  /** Who waits for notifications. */
  readonly arrivals: Arrivals
  /** Whose On-Premises client answers at /v1. */
  readonly onPremisesBusiness: string | undefined
  /** Where providers report; `undefined` when there are none. */
  readonly desk: Desk | undefined
}

/** Makes the app. */
export function appOf(config: Config, parts: AppParts): Hono<Exchange> {
  const { world, health, metrics, log } = parts
  const report = (error: Error, id: string) => log.error('a request broke', { error, requestId: idForLog(id) })
  const app = new Hono<Exchange>({ strict: false })
  app.use(requestId())
  app.use(observed(served => tell(served, metrics, log), monotonic))
  const https = config.publicUrl?.startsWith('https:') ?? config.tls !== undefined
  app.use(securityHeaders('program', https))
  const { proxies } = readTrustedProxies(config.trustedProxies)
  const forPeople = {
    ...{ https, proxies, report, ownOrigin: () => new URL(parts.address()).origin },
    brand: brandOf(config),
    tryIt: config.mode === 'sandbox',
    ...{ accountCallsPerMinute: config.accountCallsPerMinute, arrivals: parts.arrivals },
  }
  const isLate = (c: Context<Exchange>) => {
    const door = c.get('door')
    if (door === 'account') return accountIsLate(c, world, forPeople)
    return door === 'manager' ? managerIsLate(c, world, forPeople) : late(c)
  }
  app.use(deadline(config.requestDeadline, isLate))
  app.onError(answerErrors((error, c) => report(error, c.get('requestId')), asProblem))
  app.notFound(answerNotFound)
  app.route('/', watchEndpoints(health, metrics, config.metricsToken))
  app.route('/', operatorDoor(world, parts.operatorToken))
  app.route('/', applicationsDoor(world, { callsPerMinute: config.restCallsPerMinute }))
  app.route(
    '/',
    accountsDoor(world, { proxies, callsPerMinute: config.accountCallsPerMinute, arrivals: parts.arrivals }),
  )
  app.route('/', maintenanceDoor(parts.rotation))
  app.route('/', appSecretDoor(world))
  app.route('/', installDoor(world))
  app.route('/', deadLettersDoor(world))
  app.route('/', sendingDoor(world))
  if (parts.desk !== undefined) app.route('/', providersDoor(parts.desk, parts.address))
  if (config.mode === 'sandbox')
    app.route('/', sandboxDoor(world, { advance: parts.advance, onlyHosts: hostsOf(config) }))
  app.route('/', linkPages(world, { https, report }))
  app.route('/', pages(world, forPeople))
  const graph = graphDoor(world, {
    callsPerHour: config.graphCallsPerHour,
    publicUrl: parts.address,
    report,
    malformed: route => metrics.malformedRequest(withoutPatterns(route)),
  })
  app.route('/', graph)
  const door = onPremisesDoor(world, {
    business: parts.onPremisesBusiness,
    proxies,
    report,
    malformed: route => metrics.malformedRequest(withoutPatterns(route)),
  })
  app.route('/', door)
  metrics.declareRoutes(app.routes.map(route => withoutPatterns(route.path)))
  return app
}

// The 503 of a request that took too long, in the words of its door.
function late(c: Context<Exchange>): Response {
  if (c.get('door') === 'graph') return refuse(c, serviceAway)
  return c.get('door') === 'on-premises' ? refuseOnPremises(c, onPremises.serviceAway) : tooLong(c)
}

// On a loopback address nobody else may ask; on any other, the operator opened the door.
function hostsOf({ host, publicUrl }: Config): readonly string[] | undefined {
  if (!/^(?:localhost|127\..*|::1)$/.test(host)) return undefined
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).hostname]
  return ['localhost', '127.0.0.1', '[::1]', host, ...own]
}

function tell({ requestId, door, route, status, milliseconds }: Served, metrics: Metrics, log: Log): void {
  const template = withoutPatterns(route)
  metrics.request(door, template, status, milliseconds)
  log.info('request', {
    requestId: idForLog(requestId),
    door: idForLog(door),
    route: idForLog(template),
    status,
    milliseconds: Math.round(milliseconds * 100) / 100,
  })
}

// `/:id{[0-9]+}/register` reads `/:id/register`.
const withoutPatterns = (route: string): string => route.replace(/\{[^}]*\}/g, '')

function asProblem(error: Error): Problem | undefined {
  if (!(error instanceof Overdue || error instanceof StoreAway)) return undefined
  return { status: 503, kind: 'unavailable', title: 'The server cannot do this right now.', retryAfter: 1 }
}
