// A connection of the load generator: HTTP/1.1, kept open, one request under way. As little as can be, because what the
// generator costs is what it cannot ask of the server.

import { connect, type Socket } from 'node:net'

/** What came back. `body` is the text behind the head. */
export type Answer = { readonly status: number; readonly body: string }

export type Wire = {
  /** Sends a whole request (see {@link request}) and reads the answer. Throws when the line breaks. */
  ask(request: string): Promise<Answer>
  close(): void
}

/** Opens a connection to a server on this machine. */
export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return overSocket(socket)
}

function overSocket(socket: Socket): Wire {
  let waiting: { answer: (answer: Answer) => void; refuse: (error: Error) => void } | undefined
  let read = ''
  const broke = (error: Error) => {
    waiting?.refuse(error)
    waiting = undefined
  }
  socket.setEncoding('latin1')
  socket.on('error', broke)
  socket.on('close', () => broke(new Error('the server closed the connection')))
  socket.on('data', (chunk: string) => {
    read = read === '' ? chunk : read + chunk
    const head = read.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(read.slice(0, head))?.[1] ?? 0)
    if (read.length < head + 4 + length) return
    const answer = { status: Number(read.slice(9, 12)), body: read.slice(head + 4) }
    read = ''
    const asked = waiting
    waiting = undefined
    asked?.answer(answer)
  })
  return {
    ask(text) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      waiting = { answer: resolve, refuse: reject }
      socket.write(text, 'latin1')
      return promise
    },
    close: () => socket.destroy(),
  }
}

/** A request as it goes over the line. */
export function request(method: 'GET' | 'POST', path: string, token: string, body?: Record<string, string>): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  if (body === undefined) return `${head}\r\n`
  const text = JSON.stringify(body)
  return `${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}
