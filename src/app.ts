// Every door. What each request meets first stands first.

import { Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import type { KeyRotation } from '#actions/key-rotation.ts'
import { Overdue, type World } from '#actions/world.ts'
import type { Config } from '#config'
import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import type { Desk } from '#delivery/providers/desk.ts'
import { serviceAway } from '#faces/graph/errors.ts'
import { refuse } from '#faces/graph/exchange.ts'
import { graphDoor } from '#faces/graph/graph.ts'
import { providersDoor } from '#faces/providers/providers.ts'
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
import { brandOf } from '#pages/brand.ts'
import type { Secret } from '#secrets/secret.ts'
import { StoreAway } from '#storage/store.ts'
import { monotonic } from './clock.ts'
import { type Assemble, type Doors, withLateDoors } from './late-doors.ts'

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
export function appOf(config: Config, parts: AppParts): Doors {
  const { world, health, metrics, log } = parts
  const report = (error: Error, id: string) => log.error('a request broke', { error, requestId: idForLog(id) })
  const malformed = (route: string) => metrics.malformedRequest(withoutPatterns(route))
  const https = config.publicUrl?.startsWith('https:') ?? config.tls !== undefined
  const { proxies } = readTrustedProxies(config.trustedProxies)
  const { arrivals, onPremisesBusiness } = parts
  const forPeople = {
    ...{ https, proxies, report, ownOrigin: () => new URL(parts.address()).origin },
    brand: brandOf(config),
    tryIt: config.mode === 'sandbox',
    ...{ accountCallsPerMinute: config.accountCallsPerMinute, arrivals },
  }
  const assemble: Assemble = (doors, late) => {
    // Named, because it is the one that takes our routes: left to choose, Hono builds another first, with the first request.
    const app = new Hono<Exchange>({ strict: false, router: new TrieRouter() })
    app.use(requestId())
    app.use(observed(served => tell(served, metrics, log), monotonic))
    app.use(securityHeaders('program', https))
    app.use(deadline(config.requestDeadline, late))
    app.onError(answerErrors((error, c) => report(error, c.get('requestId')), asProblem))
    app.notFound(answerNotFound)
    for (const door of doors) app.route('/', door)
    metrics.declareRoutes(app.routes.map(route => withoutPatterns(route.path)))
    return app
  }
  const doors = [watchEndpoints(health, metrics, config.metricsToken)]
  if (parts.desk !== undefined) doors.push(providersDoor(parts.desk, parts.address))
  if (config.mode === 'sandbox') doors.push(sandboxDoor(world, { advance: parts.advance, onlyHosts: hostsOf(config) }))
  const callsPerHour = config.graphCallsPerHour
  doors.push(graphDoor(world, { callsPerHour, publicUrl: parts.address, report, malformed }))
  const here = assemble(doors, c => (c.get('door') === 'graph' ? refuse(c, serviceAway) : tooLong(c)))
  const { operatorToken, rotation } = parts
  const callsPerMinute = { account: config.accountCallsPerMinute, application: config.restCallsPerMinute }
  return withLateDoors(here, assemble, {
    ...{ world, forPeople, proxies, callsPerMinute, arrivals, onPremisesBusiness, report, malformed },
    ...{ operatorToken, rotation },
  })
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
