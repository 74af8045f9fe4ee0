// What is counted, and that nobody can grow a series.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, type Metrics } from '#observe/metrics.ts'

const seriesOf = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.exposition()).text.split('\n').filter(line => line.startsWith(`twostep_${name}`))

test('what callers tell is counted under its labels, times in seconds', async () => {
  const metrics = createMetrics()
  metrics.declareRoutes(['/api/v1/x/:id'])
  metrics.request('rest', '/api/v1/x/:id', 201, 250)
  metrics.request('rest', '/api/v1/x/:id', 201, 250)
  metrics.action('register-number', 'registered', 1_500)
  metrics.commit('lost_race')
  metrics.commitRetry()
  metrics.guess('graph', 'spent')
  metrics.hashingRefused()
  metrics.messageSent('sms')
  metrics.messageDead('email')
  metrics.malformedRequest('/api/v1/x/:id')
  const expected = {
    http_requests_total: 'twostep_http_requests_total{door="rest",route="/api/v1/x/:id",status="201"} 2',
    http_request_duration_seconds_sum: 'twostep_http_request_duration_seconds_sum{route="/api/v1/x/:id"} 0.5',
    actions_total: 'twostep_actions_total{action="register-number",ending="registered"} 1',
    action_duration_seconds_sum: 'twostep_action_duration_seconds_sum{action="register-number"} 1.5',
    commits_total: 'twostep_commits_total{ending="lost_race"} 1',
    commit_retries_total: 'twostep_commit_retries_total 1',
    guesses_total: 'twostep_guesses_total{door="graph",ending="spent"} 1',
    hashing_refused_total: 'twostep_hashing_refused_total 1',
    outbox_sent_total: 'twostep_outbox_sent_total{channel="sms"} 1',
    outbox_dead_total: 'twostep_outbox_dead_total{channel="email"} 1',
    http_malformed_requests_total: 'twostep_http_malformed_requests_total{route="/api/v1/x/:id"} 1',
  }
  for (const [name, line] of Object.entries(expected)) assert.deepEqual(await seriesOf(metrics, name), [line])
})

test('no caller can grow a series', async () => {
  const metrics = createMetrics()
  for (let n = 0; n < 2_000; n++) {
    metrics.request(`door-${n}`, `/+4915112345678/${n}`, n * 1_000, 1)
    metrics.action(`action-${n}`, `ending ${n}`, 1)
    metrics.messageSent(`channel-${n}@x`)
  }
  assert.equal((await seriesOf(metrics, 'http_requests_total')).length, 201)
  assert.equal((await seriesOf(metrics, 'http_request_duration_seconds_count')).length, 1)
  assert.equal((await seriesOf(metrics, 'actions_total')).length, 201)
  assert.equal((await seriesOf(metrics, 'outbox_sent_total')).length, 1)
  assert(!(await metrics.exposition()).text.includes('49151'))
})

test('a gauge is what was set, or what is read when it is asked for', async () => {
  const metrics = createMetrics()
  let waiting = 1
  metrics.set('store_up', 1)
  metrics.watch('hashing_waiting', () => waiting)
  assert.deepEqual(await seriesOf(metrics, 'store_up'), ['twostep_store_up 1'])
  assert.deepEqual(await seriesOf(metrics, 'hashing_waiting'), ['twostep_hashing_waiting 1'])
  waiting = 7
  assert.deepEqual(await seriesOf(metrics, 'hashing_waiting'), ['twostep_hashing_waiting 7'])
})

test('two metrics share nothing, and the process’s own come only on request', async () => {
  const [one, other] = [createMetrics(), createMetrics(true)]
  one.hashingRefused()
  assert.deepEqual(await seriesOf(other, 'hashing_refused_total'), ['twostep_hashing_refused_total 0'])
  assert.doesNotMatch((await one.exposition()).text, /nodejs_eventloop_lag/)
  const { text, contentType } = await other.exposition()
  assert.match(text, /nodejs_eventloop_lag_p99_seconds/)
  assert.match(contentType, /^text\/plain; version=0\.0\.4/)
})
