import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { seededDice } from '#secrets/dice.ts'
import { memoryKeyRing } from '#secrets/key-ring.ts'
import { vapidKeys } from '#secrets/vapid.ts'
import type { CallEnding, Called } from '../webhook/caller.ts'
import { appAddress, readSubscription } from './address.ts'
import { pushCourier } from './push-courier.ts'

const now = instantAt(1_000_000)
const ring = memoryKeyRing({ dice: seededDice('push'), now })
const { keyId } = vapidKeys(ring.active())

function subscribed(key = keyId): string {
  const p256dh = createECDH('prime256v1').generateKeys('base64url')
  const auth = randomBytes(16).toString('base64url')
  const read = readSubscription({ endpoint: 'https://push.example/abc', p256dh, auth, key }, { plainHttp: false })
  assert(read.kind === 'address')
  return read.address
}

const messageTo = (address: string, unreachable = false): Message => ({
  channel: 'push',
  to: 'd1',
  text: 'for people',
  device: {
    ...{ account: 'a1', id: 'd1', address, payload: '{"code":"1234"}', topic: 'a1/sign-in/known/d1' },
    ...{ expires: instantAt(now + 300_000), unreachable },
  },
})

/** Sends one message to a service that answers so; answers the ending, what was called, and what the account was told. */
async function sent(answer: CallEnding, message = messageTo(subscribed())) {
  const calls: Called[] = []
  const told: boolean[] = []
  const woken: string[] = []
  const courier = pushCourier({
    call: async called => {
      calls.push(called)
      return answer
    },
    secrets: { vapidKeys: id => vapidKeys(id === undefined ? ring.active() : ring.key(id)) },
    clock: { now: () => now },
    contact: () => 'https://twostep.example',
    reached: async (_device, reached) => void told.push(reached),
    wake: account => void woken.push(account),
  })
  return { ending: await courier.send(message, 'm1', new AbortController().signal), calls, told, woken }
}

const answered = (status: number): CallEnding => ({ kind: 'answered', status, body: '' })

test('each answer of a push service ends as it must: taken, tried again, or given up', async () => {
  const endings = {
    200: ['taken'],
    201: ['taken'],
    202: ['taken'],
    301: ['refused', 'rejected'],
    400: ['refused', 'rejected'],
    403: ['refused', 'rejected'],
    404: ['refused', 'gone'],
    408: ['failed', 'rejected'],
    410: ['refused', 'gone'],
    413: ['refused', 'rejected'],
    429: ['failed', 'rejected'],
    500: ['failed', 'rejected'],
    503: ['failed', 'rejected'],
  }
  for (const [status, expected] of Object.entries(endings)) {
    const { ending } = await sent(answered(Number(status)))
    assert.deepEqual([ending.kind, ...('reason' in ending ? [ending.reason] : [])], expected, status)
  }
  assert.deepEqual((await sent({ kind: 'timed_out' })).ending, { kind: 'failed', reason: 'timed_out' })
  assert.deepEqual((await sent({ kind: 'unreachable' })).ending, { kind: 'failed', reason: 'unreachable' })
  assert.deepEqual((await sent({ kind: 'forbidden' })).ending, { kind: 'refused', reason: 'forbidden' })
})

test('the account is told when nobody is there any more, when somebody is there again, and never else', async () => {
  const address = subscribed()
  const toldBy = async (status: number, unreachable: boolean) =>
    (await sent(answered(status), messageTo(address, unreachable))).told
  assert.deepEqual(await toldBy(404, false), [false])
  assert.deepEqual(await toldBy(410, true), [false])
  assert.deepEqual(await toldBy(201, true), [true])
  for (const [status, unreachable] of [
    [201, false],
    [500, true],
    [400, true],
    [429, false],
  ] as const) {
    assert.deepEqual(await toldBy(status, unreachable), [])
  }
})

test('an app is woken, and nobody else is called', async () => {
  const { ending, calls, woken } = await sent(answered(500), messageTo(appAddress('d1')))
  assert.deepEqual([ending, calls, woken], [{ kind: 'taken' }, [], ['a1']])
})

test('a subscription whose key was taken out of the ring is given up without a call', async () => {
  const { ending, calls } = await sent(answered(201), messageTo(subscribed('k99999')))
  assert.deepEqual([ending, calls], [{ kind: 'refused', reason: 'rejected' }, []])
})

test('what leaves shows nothing of the message, and asks to be kept no longer than the code lives', async () => {
  const { calls } = await sent(answered(201))
  const [called] = calls
  assert.equal(called?.url.href, 'https://push.example/abc')
  assert.equal(called?.headers.TTL, '300')
  assert.ok(called?.body instanceof Uint8Array && !Buffer.from(called.body).includes('1234'))
  assert.ok(!JSON.stringify(called?.headers).includes('a1/'))
})
