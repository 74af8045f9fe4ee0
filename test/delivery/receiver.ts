// A receiver of webhooks, as somebody would write one: it keeps what came, and answers as it is told.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Got = {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Record<string, unknown>
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>

/** Answers the handshake when it has `verifyToken`, and posts with `status`, which may be changed. */
export async function openReceiver(verifyToken = 'verify me') {
  const got: Got[] = []
  const waiting = new Set<() => void>()
  const state = { status: 200, posts: 0 }
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://receiver').searchParams
    if (request.method === 'GET') {
      const known = asked.get('hub.mode') === 'subscribe' && asked.get('hub.verify_token') === verifyToken
      response.writeHead(known ? 200 : 403).end(known ? asked.get('hub.challenge') : '')
      return
    }
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.once('end', () => {
      state.posts += 1
      const text = Buffer.concat(chunks).toString()
      if (state.status < 300) got.push({ headers: request.headers, text, body: JSON.parse(text) })
      response.writeHead(state.status).end()
      for (const wake of waiting) wake()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  /** Resolves as soon as it is so. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise(resolve => {
      const look = () => {
        if (!isSo()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    got,
    state,
    until,
    /** Resolves with what came once there are so many. */
    async first(count: number): Promise<readonly Got[]> {
      await until(() => got.length >= count)
      return got
    },
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
