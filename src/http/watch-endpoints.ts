// The three paths for machines that watch us: /healthz, /readyz, /metrics.

import { Hono } from 'hono'
import { readAuthorization } from '#http/bearer.ts'
import type { Exchange } from '#http/exchange.ts'
import { door } from '#http/observed.ts'
import { problem } from '#http/problem.ts'
import type { Health } from '#observe/health.ts'
import type { Metrics } from '#observe/metrics.ts'
import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'

/** Serves health and metrics. With a `token`, /metrics is told only to who sends it as Bearer. */
export function watchEndpoints(health: Health, metrics: Metrics, token: Secret | undefined): Hono<Exchange> {
  const app = new Hono<Exchange>()
  const watched = door('watch')

  app.get('/healthz', watched, c => {
    const { status, body } = health.alive()
    return c.json(body, status)
  })

  app.get('/readyz', watched, async c => {
    const { status, body } = await health.ready()
    return c.json(body, status)
  })

  app.get('/metrics', watched, async c => {
    const authorization = readAuthorization(c.req.header('authorization'))
    const allowed =
      token === undefined ||
      (authorization.kind === 'bearer' && equalText(authorization.token.reveal(), token.reveal()))
    if (!allowed) {
      c.header('WWW-Authenticate', 'Bearer realm="metrics"')
      return problem(c, { status: 401, kind: 'not_authenticated', title: 'The metrics need their token.' })
    }
    const { contentType, text } = await metrics.exposition()
    c.header('Content-Type', contentType)
    return c.body(text)
  })

  return app
}
