// What the HTTP tests share: a server on a free port, a client that writes raw bytes, a certificate made on the spot.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type App, type Listening, type ListenOptions, listen, type Tls } from '#http/server.ts'
import { Secret } from '#secrets/secret.ts'

/** A server that is gone when the test is. */
export async function serving(t: TestContext, app: App, options: Partial<ListenOptions> = {}): Promise<Listening> {
  const server = await listen({ app, host: '127.0.0.1', port: 0, ...options })
  t.after(() => server.close(0))
  return server
}

/** A raw connection: what came so far, and a wait until it holds something or has ended. */
export type Wire = {
  readonly socket: Socket
  readonly received: () => string
  readonly until: (found: string) => Promise<string>
  readonly ended: Promise<string>
}

export async function wireTo(t: TestContext, port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  let text = ''
  socket.setEncoding('latin1').on('data', chunk => {
    text += chunk
  })
  socket.on('error', () => {})
  const ended = new Promise<string>(resolve => socket.once('close', () => resolve(text)))
  await new Promise(resolve => socket.once('connect', resolve))
  const until = (found: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (text.includes(found)) resolve(text)
      }
      socket.on('data', look)
      socket.once('close', () => (text.includes(found) ? resolve(text) : reject(new Error(`ended with: ${text}`))))
      look()
    })
  return { socket, received: () => text, until, ended }
}

/** A self-signed certificate for `localhost`. */
export function certificate(): Tls {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-tls-'))
  try {
    const [cert, key] = [join(folder, 'crt'), join(folder, 'key')]
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
    const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    execFileSync('openssl', [...request, ...named, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { cert: readFileSync(cert, 'utf8'), key: Secret.of(readFileSync(key, 'utf8')) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
