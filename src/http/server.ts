// The listening socket: timeouts against slow clients, TLS, and an end that loses nothing that was accepted.
//
//   listening ──close──▶ stopping: takes no more, answers what came ──all answered, or the grace is over──▶ closed

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { isIPv6, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Secret } from '#secrets/secret.ts'

/** Anything that answers requests; a Hono app is one. */
export type App = { readonly fetch: (request: Request, bindings: HttpBindings) => Response | Promise<Response> }

/** A certificate chain and its private key, both PEM. */
export type Tls = { readonly cert: string; readonly key: Secret }

/** Bounds on what a client may cost. Times in milliseconds. */
export type ServerBounds = {
  /** From connecting, or the end of the last request, until all headers are in: the bound on a slow sender. */
  readonly headers: number
  /** Until the whole request is in, its body too. */
  readonly request: number
  /** How long a connection that is in use may stand still: the bound on a slow reader. */
  readonly idle: number
  /** How long a connection may wait for its next request. */
  readonly keepAlive: number
  /** How often the bounds on senders are checked. */
  readonly check: number
  /** Bytes of request line and headers. */
  readonly headerBytes: number
  /** Connections at once; more are closed as they come. */
  readonly connections: number
  /** After an early answer: how long, and how many bytes, what is still being sent is taken and thrown away. */
  readonly linger: number
  readonly lingerBytes: number
}

/** Our bounds. */
export const serverBounds: ServerBounds = {
  headers: 10_000,
  request: 20_000,
  idle: 60_000,
  // Longer than the 60 s that proxies keep a spare connection, or they would send into one that we just closed.
  keepAlive: 65_000,
  check: 1_000,
  headerBytes: 16_384,
  connections: 10_000,
  linger: 5_000,
  lingerBytes: 64 * 1024 * 1024,
}

/** What `listen` is told. */
export type ListenOptions = {
  readonly app: App
  /** An address or name of this machine. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly tls?: Tls | undefined
  readonly bounds?: Partial<ServerBounds>
  /** Told of each request that never became one, by the status it was refused with (400, 408, 413, 431). */
  readonly onMalformed?: (status: number) => void
  /** Told of an exception that came out of `app.fetch`: a bug, the client got a bare 500. */
  readonly onError?: (error: unknown) => void
}

/** A server that listens. */
export type Listening = {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Requests that were taken and are not answered yet. */
  inFlight(): number
  /**
   * Takes no more, lets what was accepted finish, and closes. What is not done after `graceMs` is cut off; `cut` says
   * how many requests that were. Calling again gives the first call's answer.
   */
  close(graceMs: number): Promise<{ readonly cut: number }>
}

/** The address cannot be listened on; `message` says what a person can do. Start-up stops on it. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
  /** Stable, for tests and exit codes. */
  readonly reason: 'port_in_use' | 'not_allowed' | 'no_such_address'
  constructor(reason: CannotListen['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** Starts to listen. Throws {@link CannotListen} when the address is not to be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const bounds = { ...serverBounds, ...options.bounds }
  const connections = new Map<string, Connection>()
  let stopping = false

  const answer = getRequestListener((request, bindings) => options.app.fetch(request, bindings as HttpBindings), {
    // Our own lingering below gives a slow sender the time to read its refusal.
    autoCleanupIncoming: false,
    errorHandler: error => {
      const ours = !(error instanceof Error) || error.name !== 'RequestError'
      if (ours) options.onError?.(error)
      else options.onMalformed?.(400)
      return new Response(null, { status: ours ? 500 : 400 })
    },
  })

  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const connection = connections.get(nameOf(incoming.socket))
    if (connection !== undefined) connection.asked = true
    connection?.exchanges.add(outgoing)
    // Said in the answer itself, so that a client does not send its next request into a closing connection.
    if (stopping) outgoing.shouldKeepAlive = false
    outgoing.once('close', () => {
      connection?.exchanges.delete(outgoing)
      if (incoming.complete) incoming.resume()
      else if (!incoming.socket.destroyed) linger(incoming, bounds)
    })
    void answer(incoming, outgoing)
  }

  const server = open(options.tls, bounds, onRequest)
  server.maxConnections = bounds.connections
  server.timeout = bounds.idle
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket)
    const connection: Connection = { socket, exchanges: new Set(), asked: false }
    connections.set(name, connection)
    socket.once('close', () => {
      if (connections.get(name) === connection) connections.delete(name)
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const status = refusals[error.code ?? ''] ?? (error.code?.startsWith('HPE_') === true ? 400 : undefined)
    const exchanges = connections.get(nameOf(socket))?.exchanges ?? new Set()
    const begun = [...exchanges].some(outgoing => outgoing.headersSent)
    // Nobody is left to read it, or the half of an answer that is out would be read on into this one.
    if (status === undefined || begun || !socket.writable) {
      socket.destroy()
      return
    }
    options.onMalformed?.(status)
    refuse(socket, status, bounds)
  })

  await listening(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port

  const stop = async (graceMs: number): Promise<{ cut: number }> => {
    stopping = true
    for (const { exchanges } of connections.values()) for (const outgoing of exchanges) outgoing.shouldKeepAlive = false
    await loopTurn()
    const closed = new Promise<void>(resolve => {
      server.close(() => resolve())
    })
    await loopTurn()
    // A connection that has not asked anything yet is not idle in Node's eyes, and would hold us for the whole grace.
    for (const { socket, asked } of connections.values()) {
      if (!asked && (socket.bytesRead === 0 || options.tls !== undefined)) socket.destroy()
    }
    server.closeIdleConnections()

    let cut = 0
    const timer = setTimeout(() => {
      for (const { socket, exchanges } of connections.values()) {
        cut += exchanges.size
        socket.destroy()
      }
    }, graceMs)
    await closed
    clearTimeout(timer)
    return { cut }
  }
  let stopped: Promise<{ cut: number }> | undefined

  return {
    url: urlOf(options.host, port, options.tls !== undefined),
    port,
    inFlight: () => connections.values().reduce((sum, { exchanges }) => sum + exchanges.size, 0),
    close: graceMs => {
      stopped ??= stop(graceMs)
      return stopped
    },
  }
}

/** Where a server on `host` and `port` is reached from its own machine: a wildcard address becomes the loopback one. */
export function urlOf(host: string, port: number, tls: boolean): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const [scheme, usual] = tls ? ['https', 443] : ['http', 80]
  return `${scheme}://${isIPv6(reached) ? `[${reached}]` : reached}${port === usual ? '' : `:${port}`}`
}

/** `asked`: whether a request ever came on it. */
type Connection = { readonly socket: Socket; readonly exchanges: Set<ServerResponse>; asked: boolean }

/** Names a connection by its far end: the TLS socket and the plain one beneath it have that in common. */
const nameOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`

const refusals: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

function open(tls: Tls | undefined, bounds: ServerBounds, onRequest: Parameters<typeof createServer>[1]): Server {
  const http = {
    headersTimeout: bounds.headers,
    requestTimeout: bounds.request,
    keepAliveTimeout: bounds.keepAlive,
    connectionsCheckingInterval: bounds.check,
    maxHeaderSize: bounds.headerBytes,
    insecureHTTPParser: false,
    requireHostHeader: true,
  }
  if (tls === undefined) return createServer(http, onRequest)
  return createTlsServer(
    // NIST SP 800-52 r2 §3.1: nothing older than TLS 1.2.
    { ...http, cert: tls.cert, key: tls.key.reveal(), minVersion: 'TLSv1.2', handshakeTimeout: bounds.headers },
    onRequest,
  )
}

/** Takes what is still being sent and throws it away: closing at once would reset the line and with it our answer. */
function linger(incoming: IncomingMessage, bounds: ServerBounds): void {
  const { socket } = incoming
  let bytes = 0
  const timer = setTimeout(() => socket.destroy(), bounds.linger)
  const settle = () => {
    clearTimeout(timer)
    socket.off('close', settle)
  }
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > bounds.lingerBytes) socket.destroy()
  })
  // Of the socket too: the request's own `close` may be over already.
  incoming.once('end', settle).on('error', settle)
  socket.once('close', settle)
  incoming.resume()
}

/** Lets the loop take in what the kernel has for us already. The first wait only ends the turn that we are in. */
async function loopTurn(): Promise<void> {
  await setImmediate()
  await setImmediate()
}

/** Answers what was no request, and closes. */
function refuse(socket: Socket, status: number, bounds: ServerBounds): void {
  const body = JSON.stringify({ type: 'about:blank', title: 'This is not a request that can be read.', status })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const timer = setTimeout(() => socket.destroy(), bounds.linger)
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
}

function listening(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(explained(error, host, port))
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new CannotListen('port_in_use', `Port ${port} is taken: stop what uses it, or choose another.`, cause)
    case 'EACCES':
      return new CannotListen('not_allowed', `Port ${port} is not allowed: choose one above 1023.`, cause)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CannotListen('no_such_address', `This machine has no address ${host}.`, cause)
    default:
      return error
  }
}
