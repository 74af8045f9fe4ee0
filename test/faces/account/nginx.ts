// A real nginx before a service that knows no passwords: it asks for app-specific ones (see scripts/nginx).

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'

export type Proxied = {
  readonly status: number
  readonly challenge: string | undefined
  /** What the service behind answered: whom it was told is there. */
  readonly text: string
}

/** A service behind nginx, which asks `ours` (host and port) about everybody, as the guide says. */
export async function openNginx(ours: string) {
  const service = createServer((incoming, reply) => {
    incoming.resume()
    reply.end(`${incoming.method} for ${String(incoming.headers['remote-account'])}`)
  })
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve))
  const behind = (service.address() as AddressInfo).port
  const folder = mkdtempSync(join(tmpdir(), 'twostep-nginx-'))
  const executable = execFileSync('scripts/nginx', { encoding: 'utf8' }).trim()
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), configuration({ port, behind, ours }))
  const child = spawn(executable, ['-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const ended = once(child, 'exit')
  // However this process ends, nginx ends with it.
  process.once('exit', () => child.kill())
  let over = false
  void ended.then(() => {
    over = true
  })
  // It listens before it says anything: the first connection that is taken is the sign.
  for (;;) {
    assert.ok(!over, `nginx ended: ${said}`)
    const reached = await ask(port, 'GET', '/open', undefined).catch(() => undefined)
    if (reached !== undefined) break
  }
  return {
    ask: (credentials: string | undefined, method = 'GET') => ask(port, method, '/mail/', credentials),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      service.closeAllConnections()
      service.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Ports = { readonly port: number; readonly behind: number; readonly ours: string }

/** What operators are told to write. */
const guide = readFileSync('docs/guide/accounts.md', 'utf8')
const [, printed = ''] = /```nginx\n(.*?)```/s.exec(guide) ?? []

// The guide's lines with what else they need to run beside other servers, as anybody.
function configuration({ port, behind, ours }: Ports): string {
  const lines = printed.replace('127.0.0.1:8022', ours).replace('127.0.0.1:8080', `127.0.0.1:${behind}`)
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr error;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location = /open { return 204; }
    ${lines}
  }
}
`
}

function ask(port: number, method: string, path: string, credentials: string | undefined): Promise<Proxied> {
  const body = method === 'POST' ? 'a message' : ''
  const headers = {
    // Whoever says where they come from is not believed.
    'x-forwarded-for': '203.0.113.9',
    ...(credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    ...(body === '' ? {} : { 'content-length': body.length }),
  }
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, reply => {
      let text = ''
      reply.on('data', chunk => {
        text += chunk
      })
      reply.once('error', reject)
      reply.once('end', () => {
        resolve({ status: reply.statusCode ?? 0, challenge: reply.headers['www-authenticate'], text })
      })
    })
    asking.once('error', reject)
    asking.end(body)
  })
}
