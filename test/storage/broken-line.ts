// A line to a server that breaks when it is told to: between the sending of a statement and its answer, with a bang or
// without a sound.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type BrokenLine = {
  readonly port: number
  /** Cuts the connection that carries `text` next, once the server has answered and before we hear it. */
  cutAnswerTo(text: string): Promise<void>
  /** Lets nothing through any more on the connection that carries `text` next, from the answer on. Nobody hangs up. */
  swallowAnswerTo(text: string): Promise<void>
  /** New connections wait until what this gives is called. */
  hold(): () => void
  /** How often `text` was sent. */
  sent(text: string): number
  close(): Promise<void>
}

type Trap = { readonly text: string; readonly how: 'cut' | 'swallow'; readonly sprung: () => void }

export async function breakableLineTo(port: number): Promise<BrokenLine> {
  let traps: Trap[] = []
  let wire = ''
  let gate = Promise.resolve()
  const sockets = new Set<Socket>()

  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
    let trap: Trap | undefined
    let isDead = false

    client.pause()
    void gate.then(() => client.resume())
    client.on('data', chunk => {
      const text = chunk.toString('latin1')
      wire += text
      const hit = traps.find(each => text.includes(each.text))
      if (hit !== undefined) {
        trap = hit
        traps = traps.filter(each => each !== hit)
      }
      upstream.write(chunk)
    })
    upstream.on('data', chunk => {
      if (trap === undefined) {
        if (!isDead) client.write(chunk)
        return
      }
      isDead = true
      // An answer leaves the server after the transaction that it is about was ended.
      if (trap.how === 'cut') client.resetAndDestroy()
      trap.sprung()
      trap = undefined
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const set = (text: string, how: Trap['how']) =>
    new Promise<void>(sprung => {
      traps.push({ text, how, sprung })
    })

  return {
    port: (server.address() as AddressInfo).port,
    cutAnswerTo: text => set(text, 'cut'),
    swallowAnswerTo: text => set(text, 'swallow'),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    sent: text => wire.split(text).length - 1,
    async close() {
      assert.deepEqual(traps, [], 'every trap was sprung')
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
