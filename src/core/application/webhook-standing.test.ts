// How a webhook fares: from its first call to the 410 that switches it off.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, type Instant, instantAt, minute } from '../kernel/instant.ts'
import type { Application } from './application.ts'
import { placeWebhook } from './webhook.ts'
import { brokenAfter, type WebhookTold, webhookState, webhookTold } from './webhook-standing.ts'

const now = instantAt(1_800_000_000_000)
const url = 'https://app.example/hooks'
const bare: Application = { name: 'App', createdAt: now, seen: now, keyVerifier: '' }
const placed = placeWebhook(bare, { url, secret: 'whsec_AAAA' }, now)

/** What comes of calls at their moments, each with its status; 0: nobody there. */
function called(calls: readonly (readonly [number, Instant])[], from = placed) {
  return calls.reduce(
    (application, [status, at]) => webhookTold(application, told(status), at)?.next ?? application,
    from,
  )
}

function told(status: number): WebhookTold {
  if (status === 0) return { url, fault: 'unreachable' }
  if (status === 410) return { url, fault: 'gone', status }
  return status < 300 ? { url, fault: undefined, status } : { url, fault: 'rejected', status }
}

function state(application: Application, at: Instant) {
  assert(application.webhook !== undefined)
  return webhookState(application.webhook, at)
}

test('a webhook works, fails since its first failure, is broken after three days to the millisecond, and works again', () => {
  assert.equal(state(placed, now), 'new')
  const fails = called([
    [200, now],
    [500, after(now, minute)],
    [0, after(now, 2 * minute)],
  ])
  const { failing, lastSuccess } = fails.webhook?.standing ?? {}
  assert.deepEqual([lastSuccess, failing?.since, failing?.fault], [now, after(now, minute), 'unreachable'])
  const since = after(now, minute)
  assert.equal(state(fails, after(since, brokenAfter - 1)), 'failing')
  assert.equal(state(fails, after(since, brokenAfter)), 'broken')
  const mended = called([[204, after(since, brokenAfter)]], fails)
  assert.deepEqual(mended.webhook?.standing, { lastSuccess: after(since, brokenAfter) })
})

test('what goes on as before is written once a minute, and what turns at once', () => {
  for (const status of [200, 500]) {
    const first = called([[status, now]])
    assert.equal(webhookTold(first, told(status), after(now, minute - 1)), undefined)
    assert(webhookTold(first, told(status), after(now, minute)) !== undefined)
    assert(webhookTold(first, told(status === 200 ? 500 : 200), now) !== undefined)
  }
  assert(webhookTold(called([[500, now]]), told(503), now) !== undefined, 'another status')
})

test('410 switches it off once; whatever a late answer says, only placing it switches it on', () => {
  const off = webhookTold(placed, told(410), now)
  assert.deepEqual(off?.events, [{ kind: 'webhook.switched_off' }])
  const gone = off?.next ?? placed
  assert.equal(state(gone, now), 'off')
  for (const status of [200, 500, 410]) assert.equal(webhookTold(gone, told(status), after(now, minute)), undefined)
  const anew = placeWebhook(gone, { url, secret: 'x' }, now)
  assert.deepEqual([state(anew, now), anew.webhook?.secret], ['new', 'whsec_AAAA'])
})

test('what is said of the URL from before counts for nothing', () => {
  const moved = placeWebhook(called([[500, now]]), { url: 'https://other.example/', secret: 'x' }, now)
  assert.equal(state(moved, now), 'new')
  assert.equal(webhookTold(moved, told(410), now), undefined)
  assert.equal(webhookTold(bare, told(410), now), undefined)
  assert.equal(placeWebhook(called([[500, now]]), { url, secret: 'x' }, now).webhook?.standing?.failing?.since, now)
})
