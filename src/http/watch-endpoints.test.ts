// The three paths for machines that watch us.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchEndpoints } from '#http/watch-endpoints.ts'
import { createHealth } from '#observe/health.ts'
import { createMetrics } from '#observe/metrics.ts'
import { Secret } from '#secrets/secret.ts'

test('liveness does not depend on the checks, readiness does', async () => {
  const app = watchEndpoints(createHealth({ store: () => 'away' }, 1_000), createMetrics(), undefined)
  const alive = await app.request('/healthz')
  assert.deepEqual([alive.status, await alive.json()], [200, { status: 'ok' }])
  const ready = await app.request('/readyz')
  assert.deepEqual([ready.status, await ready.json()], [503, { status: 'not_ready', checks: { store: 'away' } }])
})

test('with a token set, the metrics are told to its bearer only', async () => {
  const health = createHealth({}, 1_000)
  const open = watchEndpoints(health, createMetrics(), undefined)
  assert.equal((await open.request('/metrics')).status, 200)
  const guarded = watchEndpoints(health, createMetrics(), Secret.of('right-token'))
  const asked = (authorization?: string) =>
    guarded.request('/metrics', authorization === undefined ? {} : { headers: { authorization } })
  assert.equal((await asked('bearer right-token')).status, 200)
  for (const wrong of [undefined, 'Bearer wrong-token', 'Basic right-token', 'Bearer right-token2', 'right-token']) {
    const refused = await asked(wrong)
    assert.equal(refused.status, 401)
    assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer/)
    assert.doesNotMatch(await refused.text(), /twostep_/)
  }
})
