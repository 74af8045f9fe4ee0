// When a node says that it is ready.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHealth } from '#observe/health.ts'

test('it is ready when every check says ok', async () => {
  const health = createHealth({ store: async () => 'ok', key_ring: () => 'ok' }, 1_000)
  assert.deepEqual(await health.ready(), {
    status: 200,
    body: { status: 'ok', checks: { store: 'ok', key_ring: 'ok' } },
  })
})

test('what is wrong is one word, never an exception’s text', async () => {
  const checks = {
    store: () => Promise.reject(new Error('password "hunter2" refused')),
    key_ring: () => {
      throw new Error('/secret/path')
    },
    outbox: () => 'stopped',
    odd: () => 'free text, /secret/path',
  }
  assert.deepEqual(await createHealth(checks, 1_000).ready(), {
    status: 503,
    body: { status: 'not_ready', checks: { store: 'failed', key_ring: 'failed', outbox: 'stopped', odd: 'failed' } },
  })
})

test('a check that hangs is too slow, and is not started again while it hangs', async () => {
  let runs = 0
  const health = createHealth({ store: () => new Promise<string>(() => void runs++) }, 5)
  const replies = await Promise.all([health.ready(), health.ready()])
  replies.push(await health.ready())
  for (const { status, body } of replies) assert.deepEqual([status, body.checks], [503, { store: 'too_slow' }])
  assert.equal(runs, 1)
})

test('a check that failed is tried anew', async () => {
  let up = false
  const health = createHealth({ store: async () => (up ? 'ok' : 'away') }, 1_000)
  assert.equal((await health.ready()).status, 503)
  up = true
  assert.equal((await health.ready()).status, 200)
})

test('nothing is ready from the moment a stop begins, also for a probe that is under way; alive it stays', async () => {
  const { promise, resolve: finish } = Promise.withResolvers<string>()
  const health = createHealth({ store: () => promise }, 1_000)
  const underWay = health.ready()
  health.stopping()
  finish('ok')
  assert.deepEqual(await underWay, { status: 503, body: { status: 'stopping' } })
  assert.deepEqual(await health.ready(), { status: 503, body: { status: 'stopping' } })
  assert.deepEqual(health.alive(), { status: 200, body: { status: 'ok' } })
})
