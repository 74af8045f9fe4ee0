// A connection held open by hand: what is sent, when, and whether it is ever answered, is up to the test.

import { connect, type Socket } from 'node:net'

export type Line = {
  readonly socket: Socket
  /** Sends a request and waits for its whole answer, which must say how long it is. Rejects when the line is cut. */
  readonly ask: (request: string) => Promise<string>
}

/** Connects to a server on this machine. */
export function openLine(url: string): Line {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  return {
    socket,
    ask: request =>
      new Promise((resolve, reject) => {
        let text = ''
        const take = (chunk: Buffer) => {
          text += chunk.toString('latin1')
          const [head = '', body] = text.split('\r\n\r\n')
          const length = Number(/^content-length: (\d+)/im.exec(head)?.[1])
          if (body !== undefined && body.length >= length) settle(() => resolve(text))
        }
        const cut = () => settle(() => reject(new Error(`the line was cut after: ${text}`)))
        const settle = (end: () => void) => {
          socket.off('data', take).off('close', cut)
          end()
        }
        socket.on('data', take).once('close', cut)
        socket.on('error', () => {})
        socket.write(request)
      }),
  }
}

/** A request with a JSON body, as it is on the wire. */
export function onTheWire(
  url: string,
  { method, path, token, body }: { method: string; path: string; token?: string; body?: unknown },
): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n')
}
