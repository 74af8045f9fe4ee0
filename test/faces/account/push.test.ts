// Codes that travel by Web Push, over real HTTP, to an endpoint that decrypts what it gets.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notification } from '#contract/account-device.ts'
import { openPushEndpoint } from '#test/delivery/push-endpoint.ts'
import { openDoor } from '../graph/door.ts'
import { operatorToken } from '../sandbox.ts'
import { notifiedIn } from './notified.ts'

async function opened(settings: Readonly<Record<string, string>> = {}) {
  const door = await openDoor({ TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '0', ...settings })
  const push = await openPushEndpoint()
  const { world } = door.sandbox
  return {
    ...{ door, push, world },
    ...notifiedIn(world),
    async [Symbol.asyncDispose]() {
      await push[Symbol.asyncDispose]()
      await door[Symbol.asyncDispose]()
    },
  }
}

test('a notification comes encrypted and signed, and shows who asks, for what, and the code', async () => {
  await using sandbox = await opened({ TWOSTEP_PRODUCT_NAME: 'Acme' })
  const { door, push, registered, notify } = sandbox
  const key = String((await door.send('GET', '/api/v1/push-key')).body.application_server_key)
  const of = await registered({ push: { ...push.subscription, application_server_key: key } })
  const code = await notify(of, 'sign-in-1')
  const [pushed] = await push.has(1)
  assert(pushed !== undefined)

  assert.ok(!pushed.body.includes(code) && !pushed.body.includes('Lisbon'), 'the push service sees nothing of it')
  const { payload, headers, claims } = pushed
  assert.deepEqual(notification.parse(payload), payload)
  assert.equal(payload.code, code)
  assert.equal(payload.title, `${code} is your Acme code`)
  assert.match(
    String(payload.text),
    /^Somebody with your password is signing in\. Asked from: Firefox on Linux, Lisbon/,
  )
  assert.deepEqual([payload.place, payload.agent, payload.purpose], ['Lisbon, Portugal', 'Firefox on Linux', 'sign-in'])
  assert.equal(payload.challenge, 'sign-in-1')

  assert.equal(pushed.key, key, 'signed with the key that the browser was told')
  assert.equal(claims.aud, push.origin)
  assert.match(String(claims.sub), /^mailto:/)
  const now = Date.now() / 1_000
  assert.ok(Number(claims.exp) > now && Number(claims.exp) <= now + 24 * 3_600)
  assert.equal(headers.ttl, '300', 'it lives as long as its code')
  assert.equal(headers['content-encoding'], 'aes128gcm')
  assert.equal(headers.urgency, 'high')
  assert.match(String(headers.topic), /^[\w-]{32}$/)
})

test('of a request the newest notification replaces the one that still waits, and of another it does not', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: push.subscription })
  await notify(of, 'sign-in-1')
  // Once it is settled: a message whose lease runs out under a moved clock may be handed over twice.
  await untilShown(async () => /outbox_sent_total\{channel="push"\} 1/.test((await door.send('GET', '/metrics')).text))
  await door.advance('PT1M')
  await notify(of, 'sign-in-1')
  await notify(of, 'reset-1', 'reset-password', 'stranger')
  const arrived = await push.has(3)
  const topics = (purpose: string) =>
    arrived.filter(each => each.payload.purpose === purpose).map(each => each.headers.topic)
  const [first, second] = topics('sign-in')
  assert.equal(first, second)
  assert.notEqual(first, topics('reset-password')[0])
  assert.equal(new Set(arrived.map(each => each.payload.id)).size, 3)
})

test('a subscription that is gone goes in one commit, its device is shown as unreachable, and the device mends it', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify, stored, world } = sandbox
  const of = await registered({ push: push.subscription })
  for (const status of [404, 410]) {
    push.answers(status)
    await notify(of, `sign-in-${status}`)
    await untilShown(async () => (await shownDevice(door, of)).unreachable)
    const events = await world.records.journal('account', of.account)
    assert.equal(events.at(-1)?.event.kind, 'device.unreachable')
    const { twoStep } = await stored(of.account)
    assert(twoStep.kind === 'on')
    const kept = twoStep.devices.map(each => each.kind === 'device' && each.address)
    assert.ok(!JSON.stringify(kept).includes(push.subscription.endpoint), 'nobody is called there again')

    const moved = await door.send('PUT', '/api/v1/device/push', {
      headers: of.headers,
      json: { push: push.subscription },
    })
    assert.deepEqual([moved.status, (moved.body.device as { unreachable: boolean }).unreachable], [200, false])
    await door.advance('PT6M')
  }
})

test('a push service is not called again for a subscription that is gone; the codes wait here', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: push.subscription })
  push.answers(410)
  await notify(of, 'sign-in-1')
  await untilShown(async () => (await shownDevice(door, of)).unreachable)
  await door.advance('PT6M')
  const { arrived } = push
  const before = arrived.length
  await notify(of, 'sign-in-2')
  const waiting = await door.send('GET', '/api/v1/device/notifications', { headers: of.headers })
  assert.equal((waiting.body.notifications as readonly unknown[]).length, 1, waiting.text)
  await untilShown(async () => /outbox_sent_total\{channel="push"\} 1/.test((await door.send('GET', '/metrics')).text))
  assert.equal(push.arrived.length, before)
  assert.equal((await shownDevice(door, of)).unreachable, true)
})

test('a code that a newer one took the place of is not offered for sending again, and is not sent again', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: push.subscription })
  const letters = async () => {
    const reply = await door.send('GET', '/api/v1/operator/dead-letters', { token: operatorToken })
    return reply.body.dead_letters as readonly { id: string; reason: string; can_be_sent_again: boolean }[]
  }
  push.answers(400)
  await notify(of, 'sign-in-1')
  await untilShown(async () => (await letters()).length === 1)
  const [first] = await letters()
  assert.deepEqual([first?.reason, first?.can_be_sent_again], ['rejected', true])
  await door.advance('PT1M')
  push.answers(400)
  await notify(of, 'sign-in-1')
  await untilShown(async () => (await letters()).length === 2)
  const offered = new Map((await letters()).map(each => [each.id === first?.id, each.can_be_sent_again]))
  assert.deepEqual([offered.get(true), offered.get(false)], [false, true])
  const path = `/api/v1/operator/dead-letters/${first?.id}/sending`
  const again = await door.send('POST', path, { token: operatorToken })
  assert.deepEqual([again.status, again.body.kind], [409, 'replaced'])
  assert.equal(push.arrived.length, 2)
})

test('a push service that is down is asked again, as long as the code lives', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: push.subscription })
  push.answers(503)
  await notify(of, 'sign-in-1')
  await push.has(1)
  await door.advance('PT30S')
  const [, again] = await push.has(2)
  assert.equal(again?.headers.ttl, '270')
  assert.equal((await shownDevice(door, of)).unreachable, false)
})

test('"not me", said with what the notification carries, ends the request once and tells the owner', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify, stored } = sandbox
  const of = await registered({ push: push.subscription })
  await notify(of, 'sign-in-1')
  const [pushed] = await push.has(1)
  const json = { not_me: pushed?.payload.not_me }
  const said = () => door.send('POST', '/api/v1/device/not-me', { json })
  const first = await said()
  assert.deepEqual([first.status, first.text], [200, '{"ended":true}'])
  assert.equal((await said()).status, 404)
  const { challenges } = await stored(of.account)
  assert.deepEqual(
    challenges.map(each => each.notification),
    [undefined],
  )
  const mails = await door.outbox(`${of.account}@example.org`)
  assert.equal(mails.length, 1)
  assert.match(mails[0]?.text ?? '', /Firefox on Linux/)
})

test('a "not me" that was made up, cut short or changed is nothing', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: push.subscription })
  await notify(of, 'sign-in-1')
  const token = String((await push.has(1))[0]?.payload.not_me)
  // Each other last sign: the spare bits of base64 must not make one token of several texts.
  const signs = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
    each => !token.endsWith(each),
  )
  const others = signs.map(each => `${token.slice(0, -1)}${each}`)
  for (const not_me of ['', 'x', 'twdn_', 'twdn_k00000.AAAA', token.slice(5), token.slice(0, -2), ...others]) {
    const reply = await door.send('POST', '/api/v1/device/not-me', { json: { not_me } })
    assert.deepEqual([reply.status, reply.body.kind], [404, 'nothing_open'], not_me)
  }
})

test('an endpoint inside the house is never called, whoever registered it', async () => {
  await using sandbox = await opened()
  const { door, push, registered, notify } = sandbox
  const of = await registered({ push: { ...push.subscription, endpoint: 'http://169.254.169.254/latest/meta-data' } })
  await notify(of, 'sign-in-1')
  const metrics = async () => String((await door.send('GET', '/metrics')).text)
  await untilShown(async () => /twostep_outbox_dead_total\{[^}]*push[^}]*\} 1/.test(await metrics()))
})

type Sandbox = Awaited<ReturnType<typeof opened>>

async function shownDevice(door: Sandbox['door'], of: { headers: Readonly<Record<string, string>> }) {
  const reply = await door.send('GET', '/api/v1/device', { headers: of.headers })
  assert.equal(reply.status, 200, reply.text)
  return reply.body.device as { readonly trusted: boolean; readonly unreachable: boolean }
}

// What is handed over after an answer was given is seen by looking again: each look is a whole request.
async function untilShown(holds: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 1_000; looks += 1) if (await holds()) return
  assert.fail('it was never shown')
}
