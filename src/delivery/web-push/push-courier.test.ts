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

const messageTo = (address: string): Message => ({
  channel: 'push',
  to: 'd1',
  text: 'for people',
  device: {
    ...{ account: 'a1', id: 'd1', address, payload: '{"code":"1234"}', topic: 'a1/sign-in/known/d1' },
    ...{ expires: instantAt(now + 300_000) },
  },
})

/** Sends one message to a service that answers so; answers the ending, what was called, and what the account was told. */
async function sent(answer: CallEnding, message = messageTo(subscribed()), wanted = true) {
  const calls: Called[] = []
  const told: string[] = []
  const woken: string[] = []
  const courier = pushCourier({
    call: async called => {
      calls.push(called)
      return answer
    },
    secrets: { vapidKeys: id => vapidKeys(id === undefined ? ring.active() : ring.key(id)) },
    clock: { now: () => now },
    contact: () => 'https://twostep.example',
    gone: async ({ id }) => void told.push(id),
    isWanted: async () => wanted,
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

test('the account is told when nobody is there any more, and never else', async () => {
  const toldBy = async (status: number) => (await sent(answered(status))).told
  for (const status of [404, 410]) assert.deepEqual(await toldBy(status), ['d1'])
  for (const status of [201, 500, 400, 429]) assert.deepEqual(await toldBy(status), [])
})

test('a code that a newer one took the place of, or that was right, is not sent', async () => {
  const { ending, calls } = await sent(answered(201), messageTo(subscribed()), false)
  assert.deepEqual([ending, calls], [{ kind: 'refused', reason: 'replaced' }, []])
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
