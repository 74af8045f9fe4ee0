// Node's own HTTP server, which reads each request whole and answers with a constant. What it has to do before it answers is
// all that the raw limits differ in.

import { createServer } from 'node:http'
import { speak } from '../child.ts'

const body = '{"success":true}'
const head = { 'Content-Type': 'application/json; charset=UTF-8', 'Content-Length': String(body.length) }

/** Starts it as a child of the bench, on a port of its own. `duty` gets the last part of the path, and answers at its end. */
export function serveBare(duty: (verb: string, answer: () => void) => void): void {
  const server = createServer((incoming, outgoing) => {
    const verb = incoming.url?.split('/').at(-1) ?? ''
    incoming.on('data', () => {})
    incoming.on('end', () => duty(verb, () => outgoing.writeHead(200, head).end(body)))
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    speak({ ready: { port }, answer: {} })
  })
}
