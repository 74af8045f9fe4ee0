// Every door in one app. What each request meets first stands first.

import { Hono } from 'hono'
import type { KeyRotation } from '#actions/key-rotation.ts'
import { Overdue, type World } from '#actions/world.ts'
import type { Config } from '#config'
import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import { serviceAway } from '#faces/graph/errors.ts'
import { refuse } from '#faces/graph/exchange.ts'
import { graphDoor } from '#faces/graph/graph.ts'
import { maintenanceDoor } from '#faces/rest/maintenance.ts'
import { operatorDoor } from '#faces/rest/operator.ts'
import { sandboxDoor } from '#faces/sandbox/sandbox.ts'
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
}

/** Makes the app. */
export function appOf(config: Config, parts: AppParts): Hono<Exchange> {
  const { world, health, metrics, log } = parts
  const report = (error: Error, id: string) => log.error('a request broke', { error, requestId: idForLog(id) })
  const app = new Hono<Exchange>({ strict: false })
  app.use(requestId())
  app.use(observed(served => tell(served, metrics, log), monotonic))
  app.use(securityHeaders('program', config.publicUrl?.startsWith('https:') ?? config.tls !== undefined))
  app.use(deadline(config.requestDeadline, c => (c.get('door') === 'graph' ? refuse(c, serviceAway) : tooLong(c))))
  app.onError(answerErrors((error, c) => report(error, c.get('requestId')), asProblem))
  app.notFound(answerNotFound)
  app.route('/', watchEndpoints(health, metrics, config.metricsToken))
  app.route('/', operatorDoor(world, parts.operatorToken))
  app.route('/', maintenanceDoor(parts.rotation))
  if (config.mode === 'sandbox')
    app.route('/', sandboxDoor(world, { advance: parts.advance, onlyHosts: hostsOf(config) }))
  const graph = graphDoor(world, {
    callsPerHour: config.graphCallsPerHour,
    publicUrl: parts.address,
    report,
    malformed: route => metrics.malformedRequest(withoutPatterns(route)),
  })
  app.route('/', graph)
  metrics.declareRoutes(app.routes.map(route => withoutPatterns(route.path)))
  return app
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
