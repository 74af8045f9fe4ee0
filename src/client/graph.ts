// A call to the Graph API: where it goes, as whom, and what comes of it.

import { ConnectionError } from './connection-error.ts'
import { ask, type CallOptions, type Wire } from './exchange.ts'
import { now, type Warning } from './machine.ts'
import { weakPin } from './pin.ts'
import { readRefusal } from './whatsapp-error.ts'

/** What a call answers. */
export interface WhatsAppResponse<Data> {
  /** The answer's JSON, with Graph's own names. */
  readonly data: Data
  /** HTTP status. */
  readonly status: number
  readonly headers: Headers
}

/** What is known when a call is made. Names of ids and tokens are the configuration's. */
export type Graph = {
  readonly base: URL
  readonly wire: Wire
  readonly version: string
  readonly accessToken: string
  readonly phoneNumberId: string | undefined
  readonly businessAccountId: string | undefined
  readonly onWarning: (warning: Warning) => void
}

export type GraphCall = {
  /** The path below the version: `<id>/register`. */
  readonly path: string
  /** Sent as JSON; without one the call reads. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly options: CallOptions | undefined
}

/** Calls, and answers what came; throws a `WhatsAppError` for a refusal. Only reads are ever sent again. */
export async function callGraph<Data>(graph: Graph, call: GraphCall): Promise<WhatsAppResponse<Data>> {
  const { base, wire, version, accessToken, onWarning } = graph
  const url = new URL(`${version}/${call.path}`, base)
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  const reads = call.body === undefined
  const answer = await ask(wire, {
    method: reads ? 'GET' : 'POST',
    url,
    headers: { authorization: `Bearer ${accessToken}` },
    body: call.body,
    repeats: reads ? 'read' : 'never',
    options: call.options,
  })
  const { status, headers, body } = answer
  const weak = headers.get('x-twostep-weak-pin')
  // What these rules know was said before it was sent.
  if (weak !== null && weakPin(String(call.body?.pin)) === undefined) {
    onWarning({ kind: 'weak_pin', message: weakPinMessage(`the server knows it: ${weak}`) })
  }
  const refusal = readRefusal(answer, now())
  if (refusal !== undefined) throw refusal
  if (status >= 400 || body === undefined) throw new ConnectionError('unreadable', url.origin, { status })
  return { data: body as Data, status, headers }
}

export const weakPinMessage = (why: string): string =>
  `This PIN is among the first that anyone would try (${why}). Choose another, and keep it where you find it again.`

/** The path of an id that the configuration should have. */
export function idOf(graph: Graph, name: 'phoneNumberId' | 'businessAccountId'): string {
  const id = graph[name]
  if (id !== undefined) return id
  const environment = name === 'phoneNumberId' ? 'WA_PHONE_NUMBER_ID' : 'WA_BUSINESS_ACCOUNT_ID'
  throw new TypeError(`${name} is missing: give it, or set ${environment}.`)
}
