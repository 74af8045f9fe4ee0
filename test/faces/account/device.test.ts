// Devices that fetch their notifications, over real HTTP: by event stream and by long poll, on whatever node they are.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { notification } from '#contract/account-device.ts'
import { openPushEndpoint } from '#test/delivery/push-endpoint.ts'
import { openDoor } from '../graph/door.ts'
import { openAccounts } from './door.ts'
import { headersOf, notifiedIn } from './notified.ts'

const settings = { TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '0' }

async function opened() {
  const door = await openDoor(settings)
  return { door, ...notifiedIn(door.sandbox.world), [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() }
}

type Event = { readonly id: string; readonly event: string; readonly data: Readonly<Record<string, unknown>> }

/** An event stream, read as a client reads it. */
function listen(url: string, headers: Readonly<Record<string, string>>) {
  const events: Event[] = []
  let wakes: (() => void)[] = []
  const wake = () => {
    for (const each of wakes) each()
    wakes = []
  }
  let status = 0
  let media = ''
  let over = false
  let text = ''
  const asking = request(`${url}/api/v1/device/events`, { headers, agent: false }, incoming => {
    status = incoming.statusCode ?? 0
    media = incoming.headers['content-type'] ?? ''
    incoming.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const fields = Object.fromEntries(frame.split('\n').map(line => line.split(/: (.*)/s).slice(0, 2)))
        if (fields.event !== undefined) events.push({ ...fields, data: JSON.parse(fields.data) } as Event)
      }
      wake()
    })
    incoming.on('close', () => {
      over = true
      wake()
    })
    wake()
  })
  asking.on('error', () => {
    over = true
    wake()
  })
  asking.end()
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>(resolve => wakes.push(resolve))
  }
  return {
    async begun() {
      await until(() => status !== 0)
      return { status, media }
    },
    async has(count: number): Promise<readonly Event[]> {
      await until(() => events.length >= count || over)
      return events
    },
    ended: () => until(() => over),
    leave: () => void asking.destroy(),
  }
}

test('a device that waits on a stream is told at once, once, and what it missed when it comes back', async () => {
  await using sandbox = await opened()
  const { door, registered, notify } = sandbox
  const of = await registered({ app: true })
  const stream = listen(door.url, of.headers)
  assert.deepEqual(await stream.begun(), { status: 200, media: 'text/event-stream; charset=utf-8' })
  const code = await notify(of, 'sign-in-1')
  const [event] = await stream.has(1)
  assert.equal(event?.event, 'notification')
  assert.deepEqual(notification.parse(event?.data), event?.data)
  assert.deepEqual([event?.data.code, event?.data.agent, event?.data.id], [code, 'Firefox on Linux', event?.id])
  stream.leave()

  const other = await notify(of, 'reset-1', 'reset-password')
  const again = listen(door.url, { ...of.headers, 'last-event-id': event?.id ?? '' })
  const missed = await again.has(1)
  assert.deepEqual(
    missed.map(each => each.data.code),
    [other],
  )
  again.leave()
})

test('a long poll answers as soon as something comes, and what is open at once', async () => {
  await using sandbox = await opened()
  const { door, registered, notify } = sandbox
  const of = await registered({ app: true })
  const poll = (query: Readonly<Record<string, string>>) =>
    door.send('GET', '/api/v1/device/notifications', { headers: of.headers, query })
  const empty = await poll({})
  assert.deepEqual([empty.status, empty.text], [200, '{"notifications":[]}'])
  const waiting = poll({ wait: '20' })
  const code = await notify(of, 'sign-in-1')
  const reply = await waiting
  const [shown] = reply.body.notifications as { readonly id: string; readonly code: string }[]
  assert.equal(shown?.code, code)
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal((await poll({ wait: '20' })).text, reply.text)
  const next = poll({ wait: '20', after: shown?.id ?? '' })
  const other = await notify(of, 'reset-1', 'reset-password')
  const codes = ((await next).body.notifications as { readonly code: string }[]).map(each => each.code)
  assert.deepEqual(codes, [other])
  assert.equal((await poll({ wait: '26' })).status, 400)
})

test('a notification is shown while its code lives, and is gone when it is used, replaced or denied', async () => {
  await using sandbox = await opened()
  const { door, registered, notify } = sandbox
  const of = await registered({ app: true })
  const shown = async () => {
    const reply = await door.send('GET', '/api/v1/device/notifications', { headers: of.headers })
    return (reply.body.notifications as { readonly code: string; readonly challenge: string }[]).map(each => each.code)
  }
  await notify(of, 'sign-in-1')
  await door.advance('PT1M')
  const newest = await notify(of, 'sign-in-1')
  assert.deepEqual(await shown(), [newest])
  await door.advance('PT4M59.999S')
  assert.deepEqual(await shown(), [newest])
  await door.advance('PT0.001S')
  assert.deepEqual(await shown(), [])

  await door.advance('PT1H')
  await notify(of, 'sign-in-2')
  const denied = { headers: of.headers, json: { challenge: 'sign-in-2' } }
  assert.equal((await door.send('POST', '/api/v1/device/not-me', denied)).status, 200)
  assert.deepEqual(await shown(), [])
  assert.equal((await door.send('POST', '/api/v1/device/not-me', denied)).status, 404)
})

test('what comes by another node is found by looking', async () => {
  await using sandbox = await opened()
  const { door, registered, commitSilently } = sandbox
  const of = await registered({ app: true })
  const stream = listen(door.url, of.headers)
  await stream.begun()
  const code = await commitSilently(of, 'sign-in-1')
  assert.deepEqual(
    (await stream.has(1)).map(each => each.data.code),
    [code],
  )
  stream.leave()
})

test('a device that came back from a backup is trusted no more, and all addresses are told', async () => {
  for (const installation of [undefined, 'twdi_wrong', 'another']) {
    await using sandbox = await opened()
    const { door, registered, notify, drafted, stored } = sandbox
    const of = await registered({ app: true })
    await notify(of, 'sign-in-1')
    const other = headersOf(drafted(of.account, { app: true }).credentials)['device-installation'] ?? ''
    const shown = installation === 'another' ? other : installation
    const headers = {
      authorization: of.headers.authorization ?? '',
      ...(shown === undefined ? {} : { 'device-installation': shown }),
    }
    const reply = await door.send('GET', '/api/v1/device/notifications', { headers })
    assert.deepEqual([reply.status, reply.body.kind], [401, 'device_restored'])
    const { twoStep, challenges } = await stored(of.account)
    assert.deepEqual(twoStep.kind === 'on' ? twoStep.devices : undefined, [])
    assert.deepEqual(challenges, [])
    const mails = await door.outbox(`${of.account}@example.org`)
    assert.equal(mails.length, 1)
    const after = await door.send('GET', '/api/v1/device', { headers: of.headers })
    assert.deepEqual([after.status, after.body.kind], [401, 'device_needed'])
  }
})

test('no other token, and no other account’s, is a device’s', async () => {
  await using sandbox = await opened()
  const { door, registered } = sandbox
  const [of, other] = [await registered({ app: true }), await registered({ app: true })]
  const mixed = { ...of.headers, 'device-installation': other.headers['device-installation'] ?? '' }
  const nothing = ['', 'Bearer x', 'Bearer twdv_x', 'Basic YTpi', `Bearer ${of.credentials.installation.reveal()}`]
  for (const authorization of nothing) {
    for (const path of ['/device', '/device/events', '/device/notifications']) {
      const reply = await door.send('GET', `/api/v1${path}`, { headers: { ...of.headers, authorization } })
      assert.deepEqual([reply.status, reply.body.kind], [401, 'device_needed'], authorization + path)
      assert.match(String(reply.headers['www-authenticate']), /^Bearer /)
    }
  }
  assert.equal((await door.send('GET', '/api/v1/device', { headers: mixed })).body.kind, 'device_restored')
  assert.equal((await door.send('GET', '/api/v1/device', { headers: other.headers })).status, 200)
})

test('a device that is taken away hears nothing more on the stream it has, and a stopping server ends all streams', async () => {
  await using sandbox = await opened()
  const { door, registered, notify } = sandbox
  const [of, other] = [await registered({ app: true }), await registered({ app: true })]
  const stream = listen(door.url, of.headers)
  const kept = listen(door.url, other.headers)
  await Promise.all([stream.begun(), kept.begun()])
  // A copy shows itself: the device is gone with it.
  await door.send('GET', '/api/v1/device', { headers: { authorization: of.headers.authorization ?? '' } })
  await stream.ended()
  await notify(other, 'sign-in-1')
  assert.equal((await kept.has(1)).length, 1)
  const began = performance.now()
  await door.sandbox.stop()
  await kept.ended()
  assert.ok(performance.now() - began < 4_000, 'nobody waits for who waits')
})

test('one device holds a few streams at most, and has room again when one is left', async () => {
  await using sandbox = await opened()
  const { door, registered } = sandbox
  const of = await registered({ app: true })
  const streams = Array.from({ length: 4 }, () => listen(door.url, of.headers))
  for (const each of streams) assert.equal((await each.begun()).status, 200)
  const refused = await door.send('GET', '/api/v1/device/events', { headers: of.headers })
  assert.deepEqual([refused.status, refused.body.kind], [503, 'too_many_waiting'])
  const heads = await Promise.all(
    Array.from({ length: 8 }, () => door.send('HEAD', '/api/v1/device/events', { headers: of.headers })),
  )
  assert.ok(heads.every(each => each.status === 200))
  streams[0]?.leave()
  for (;;) {
    const again = listen(door.url, of.headers)
    const { status } = await again.begun()
    again.leave()
    if (status === 200) break
  }
  for (const each of streams) each.leave()
})

test('a device moves from fetching to Web Push and back, and never takes another device’s place', async () => {
  await using sandbox = await opened()
  await using push = await openPushEndpoint()
  const { door, registered, notify } = sandbox
  const of = await registered({ app: true })
  const move = (json: unknown) => door.send('PUT', '/api/v1/device/push', { headers: of.headers, json })
  assert.equal((await move({ push: push.subscription })).status, 200)
  const code = await notify(of, 'sign-in-1')
  assert.equal((await push.has(1))[0]?.payload.code, code)
  assert.equal((await move({ app: true })).status, 200)

  const { endpoint, keys } = push.subscription
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ endpoint: 'ftp://push.example', keys }, 'push.endpoint'],
    [{ endpoint, keys: { ...keys, p256dh: `${keys.p256dh.slice(0, -4)}AAAA` } }, 'push.keys.p256dh'],
    [{ endpoint, keys: { ...keys, auth: 'AAAA' } }, 'push.keys.auth'],
    [{ endpoint, keys, application_server_key: keys.p256dh }, 'push.application_server_key'],
  ]
  for (const [subscription, field] of wrong) {
    const reply = await move({ push: subscription })
    assert.equal(reply.status, 400, reply.text)
    assert.deepEqual(
      (reply.body.errors as { field: string }[]).map(each => each.field),
      [field],
    )
  }
})

test('codes go to numbers of the operator’s regions and home countries only, and the refusal says which it was', async () => {
  for (const setting of ['TWOSTEP_CODE_REGIONS', 'TWOSTEP_HOME_COUNTRIES']) {
    await using door = await openAccounts({ [setting]: 'PT, ES' })
    const { session } = await door.owner()
    await door.post('/account/two-step/begin', {}, session)
    const give = (number: string) => door.post('/account/two-step/devices', { kind: 'number', number }, session)
    const refused = await give('+16315550123')
    assert.deepEqual(
      [refused.status, refused.body.kind, refused.body.reason],
      [422, 'number_not_supported', 'region_not_supported'],
    )
    assert.equal((await door.outbox('+16315550123')).length, 0)
    assert.equal((await give('+351912345678')).status, 202)
  }
})
