// A house with an outbox and providers: real records over the memory store, a clock that is moved by hand.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after as afterTests } from 'node:test'
import type { Clock } from '#core/kernel/clock.ts'
import { after, type Instant, instantAt, minute } from '#core/kernel/instant.ts'
import type { Message, Outgoing } from '#core/message/message.ts'
import { startOutbox } from '#delivery/outbox.ts'
import { createDesk } from '#delivery/providers/desk.ts'
import type { Provider } from '#delivery/providers/provider.ts'
import { providersCourier } from '#delivery/providers/providers-courier.ts'
import { createStandings } from '#delivery/providers/standings.ts'
import { createRecords } from '#records/records.ts'
import { seededDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { memoryKeyRing } from '#secrets/key-ring.ts'
import { createSecrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'

export const begin = instantAt(1_800_000_000_000)
export const never = new AbortController().signal
export const code: Message = { channel: 'sms', to: '+447700900123', text: '123-456 is your code', code: '123456' }

export function records(clock: Clock) {
  const dice = seededDice('house')
  const ring = memoryKeyRing({ dice, now: clock.now() })
  const hashing = createHashingQueue({ parallel: 1, waiting: 1, now: clock.now })
  const secrets = createSecrets({ ring, dice, pinParameters: { memoryKiB: 8, passes: 1, lanes: 1 }, hashing })
  return createRecords(openMemoryStore(), secrets)
}

export type House = ReturnType<typeof houseWith>

/** `isWanted`: whether a code is still of use, at the moment it is asked. */
export function houseWith(
  providers: readonly Provider[],
  more: { readonly isWanted?: () => Promise<boolean>; readonly clock?: Clock; readonly patience?: number } = {},
) {
  let now = begin
  const clock = more.clock ?? { now: () => now }
  const house = records(clock)
  const faults: string[] = []
  const broke: unknown[] = []
  const standings = createStandings(seededDice('choice'), { opened: name => faults.push(`${name} open`) })
  const courier = providersCourier({
    ...{ providers, records: house, clock, standings },
    countryOf: () => 'GB',
    isWanted: more.isWanted ?? (async () => true),
    onFault: (name, fault) => faults.push(`${name} ${fault}`),
    nudge: () => outbox.nudge(),
    ...(more.patience === undefined ? {} : { patience: more.patience }),
  })
  for (const { name, listen } of providers) listen?.(async each => void (await courier.receive(name, each)))
  const dead: string[] = []
  const outbox = startOutbox({
    ...{ store: house.store, secrets: house.secrets, clock, dice: seededDice('outbox') },
    couriers: { sms: courier, voice: courier },
    keepsSent: 0,
    watch: {
      sent: () => {},
      dead: channel => dead.push(channel),
      broke: error => broke.push(error),
      waiting: () => {},
    },
  })
  afterTests(async () => {
    await outbox.stop()
    courier.close?.()
  })
  return {
    ...{ outbox, courier, standings, faults, broke, dead, store: house.store, records: house },
    desk: createDesk(providers, courier),
    async put(message = code, expires: Instant = after(clock.now(), 10 * minute)): Promise<string> {
      const id = house.secrets.newHexId()
      const subject = house.unborn('application', house.secrets.newHexId(), {
        ...{ name: 'x', createdAt: clock.now(), seen: clock.now(), keyVerifier: '' },
      })
      const messages: Outgoing[] = [{ message, due: clock.now(), expires, id }]
      const changes = { document: subject.document, events: [], messages }
      await house.commit(subject, changes, { at: clock.now(), door: 'rest', requestId: undefined })
      return id
    },
    /** Moves the clock, and lets the outbox do what is due by then. */
    async at(moment: Instant) {
      now = moment
      await outbox.drain()
    },
    states: async () => (await house.store.keptMessages(99)).map(({ state, reason }) => reason ?? state).sort(),
    deliveries: async () =>
      (await house.store.walk(undefined, 99)).filter(each => each.subject.kind === 'delivery').length,
  }
}

export type Got = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An HTTP server that notes what it gets, and answers as told. */
export async function httpServer(answer: (got: Got, response: ServerResponse) => void) {
  const got: Got[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.once('end', () => {
      const { method = '', url = '', headers } = request
      const each = { method, url, headers, body: Buffer.concat(chunks).toString() }
      got.push(each)
      answer(each, response)
    })
  }
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTests(() => {
    server.closeAllConnections()
    server.close()
  })
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
