// Asking a running server on this machine, through the operator's door.

import { X509Certificate } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import type { Config } from '#config'
import { urlOf } from '#http/server.ts'
import type { Secret } from '#secrets/secret.ts'
import { CannotRun } from './ending.ts'

const rotationPath = '/api/v1/operator/keys/rotation'

/** What the server says of its rotation; see actions/key-rotation.ts. */
export type RotationAnswer =
  | { readonly state: 'idle'; readonly active: string }
  | { readonly state: 'rotating'; readonly stage: string; readonly done: number; readonly total: number }
  | { readonly state: 'broken'; readonly active: string; readonly unreadable?: string }

/** A server that may listen where the settings say. */
export type Server = { readonly url: string; readonly tls: Config['tls'] }

/** Where a server with these settings is reached from its own machine. */
export const serverOf = (config: Config): Server => ({
  url: urlOf(config.host, config.port, config.tls !== undefined),
  tls: config.tls,
})

/** Whether a Twostep server answers. It is sent no token: another program may have taken the port. */
export async function answers(server: Server): Promise<boolean> {
  try {
    const { body } = await ask(server, 'GET', rotationPath, undefined)
    return 'kind' in body && body.kind === 'operator_token_needed'
  } catch (error) {
    if (error instanceof Unreachable) return false
    throw error
  }
}

/** How the server's rotation stands; `begin` starts one unless one is under way. Throws {@link CannotRun}. */
export async function askRotation(server: Server, token: Secret, begin: boolean): Promise<RotationAnswer> {
  const { status, body } = await ask(server, begin ? 'POST' : 'GET', rotationPath, token)
  if (status === 401) throw notTaken(server)
  if ((status === 200 || status === 202) && isRotation(body)) return body
  throw new CannotRun(
    `What answers at ${server.url} is not this Twostep (HTTP ${status}).`,
    'Check TWOSTEP_HOST and TWOSTEP_PORT, and that the server is of this version.',
  )
}

const notTaken = ({ url }: Server) =>
  new CannotRun(
    `The server at ${url} does not take this operator token.`,
    'Set TWOSTEP_OPERATOR_TOKEN (or its _FILE) as for the server. In the sandbox, npm start prints it.',
  )

function isRotation(body: object): body is RotationAnswer {
  const state = 'state' in body ? body.state : undefined
  return state === 'idle' || state === 'rotating' || state === 'broken'
}

/** Asks the operator's door of a running server. Throws {@link CannotRun} when it is not there, or takes no such token. */
export async function askOperator(
  server: Server,
  method: 'GET' | 'POST',
  path: string,
  token: Secret,
): Promise<{ readonly status: number; readonly body: object }> {
  // With no server running, whoever took its port would be handed the token.
  if (!(await answers(server))) throw new Unreachable(`No Twostep answers at ${server.url}.`, startIt)
  const reply = await ask(server, method, path, token)
  if (reply.status === 401) throw notTaken(server)
  return reply
}

const startIt = 'Start the server first; or check TWOSTEP_HOST and TWOSTEP_PORT.'

/** Nobody answers. */
export class Unreachable extends CannotRun {}

const patience = 10_000
const largestAnswer = 65_536

function ask(
  server: Server,
  method: 'GET' | 'POST',
  path: string,
  token: Secret | undefined,
): Promise<{ readonly status: number; readonly body: object }> {
  const url = new URL(path, server.url)
  const headers = token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }
  const options = { method, headers, timeout: patience, agent: false as const }
  return new Promise((resolve, reject) => {
    const lost = (error: NodeJS.ErrnoException): void => reject(lostTo(server, error))
    const take = (reply: IncomingMessage): void => {
      let text = ''
      reply.setEncoding('utf8')
      reply.on('data', (chunk: string) => {
        if (text.length < largestAnswer) text += chunk
      })
      reply.on('error', lost)
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: objectIn(text) }))
    }
    const asking =
      server.tls === undefined
        ? httpRequest(url, options, take)
        : httpsRequest(url, { ...options, ...pinned(server.tls.cert) }, take)
    asking.on('error', lost)
    asking.on('timeout', () => asking.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
    asking.end()
  })
}

// The certificate is the one in the settings, whatever names are in it: it was made for those who come from outside.
function pinned(cert: string): RequestOptions {
  const expected = new X509Certificate(cert).raw
  return {
    ca: cert,
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { raw }) => (raw.equals(expected) ? undefined : new Error('another certificate')),
  }
}

function lostTo({ url }: Server, { code, message }: NodeJS.ErrnoException): CannotRun {
  const hint = 'Check TWOSTEP_HOST and TWOSTEP_PORT, and whether the server is still starting or stopping.'
  if (code === 'ECONNREFUSED') return new Unreachable(`Nobody answers at ${url}.`, hint)
  return new CannotRun(`The server at ${url} could not be asked (${code ?? message}).`, hint)
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
