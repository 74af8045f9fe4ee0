// The raw limit of HTTP: Node's own server, which reads each request whole and answers with a constant.

import { createServer } from 'node:http'
import { speak } from '../child.ts'

const body = '{"success":true}'
const head = { 'Content-Type': 'application/json; charset=UTF-8', 'Content-Length': String(body.length) }

const server = createServer((incoming, outgoing) => {
  incoming.on('data', () => {})
  incoming.on('end', () => outgoing.writeHead(200, head).end(body))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  speak({ ready: { port: typeof address === 'object' && address !== null ? address.port : 0 }, answer: {} })
})
