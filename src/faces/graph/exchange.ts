// One exchange on the Graph wire: who asks, about what, with which parameters; and how answers and refusals are written.

import type { Context } from 'hono'
import { authorize } from '#actions/authorize.ts'
import type { Call, World } from '#actions/world.ts'
import type { Permission } from '#core/business/business.ts'
import { readAuthorization } from '#http/bearer.ts'
import type { Parameters, ReadParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { answerWith, type Head } from '#http/head.ts'
import { Secret } from '#secrets/secret.ts'
import * as errors from './errors.ts'
import { envelope, type GraphError } from './errors.ts'

export type Caller = { readonly business: string; readonly permissions: readonly Permission[] }

/** Answers with JSON exactly as Graph does. */
export function answer(c: Context<Exchange>, body: Record<string, unknown>): Response {
  return answerWith(c, 200, JSON.stringify(body), jsonType)
}

/** Answers with an error in Graph's envelope. */
export function refuse(c: Context<Exchange>, error: GraphError): Response {
  const head: Head = {
    ...jsonType,
    ...(error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }),
    ...(error.challenge === undefined ? {} : { 'WWW-Authenticate': error.challenge }),
  }
  return answerWith(c, error.status, JSON.stringify(envelope(error, traceOf(c))), head)
}

const jsonType = { 'Content-Type': 'application/json; charset=UTF-8' }

/** The id that Graph prints as `fbtrace_id`: the request's own, so that a log line is found by it. */
export const traceOf = (c: Context<Exchange>): string => `A${c.get('requestId').replaceAll('-', '').slice(0, 22)}`

/** The call that actions are handed. */
export const callOf = (c: Context<Exchange>, business: string): Call => ({
  door: 'graph',
  requestId: c.get('requestId'),
  party: business,
  signal: c.get('deadline'),
})

/** Who asks: the token from the header, the query or the body, in this order. */
export async function callerOf(
  c: Context<Exchange>,
  world: World,
  read: ReadParameters,
): Promise<
  { readonly kind: 'caller'; readonly caller: Caller } | { readonly kind: 'refused'; readonly error: GraphError }
> {
  const token = tokenOf(c, read)
  if (token === 'absent') return { kind: 'refused', error: errors.noToken }
  if (token === 'malformed') return { kind: 'refused', error: errors.badToken }
  const authorized = await authorize(world, token)
  switch (authorized.kind) {
    case 'authorized':
      return { kind: 'caller', caller: authorized }
    case 'no_such_token':
      return { kind: 'refused', error: errors.badToken }
    case 'expired':
      return { kind: 'refused', error: errors.expiredToken(new Date(authorized.at), new Date(authorized.now)) }
  }
}

function tokenOf(c: Context<Exchange>, read: ReadParameters): Secret | 'absent' | 'malformed' {
  const header = readAuthorization(c.req.header('authorization'), ['bearer', 'oauth'])
  if (header.kind === 'bearer') return header.token
  if (header.kind !== 'absent') return 'malformed'
  const given = read.kind === 'read' ? read.parameters.access_token : c.req.query('access_token')
  if (given === undefined || given === '') return 'absent'
  return typeof given === 'string' ? Secret.of(given) : 'malformed'
}

/** What a request that could not be read is told. */
export function unreadable(read: Exclude<ReadParameters, { kind: 'read' }>): GraphError {
  return errors.unreadableRequest(read.kind === 'too_large' ? 'the request body is too large' : words[read.reason])
}

const words: Readonly<Record<Extract<ReadParameters, { kind: 'malformed' }>['reason'], string>> = {
  bad_json: 'the request body is not valid JSON',
  not_an_object: 'the request body must be a JSON object',
  bad_utf8: 'the request body is not valid UTF-8',
  bad_multipart: 'the request body is not valid multipart/form-data',
  file_refused: 'files are not accepted here',
  unknown_media_type: 'send application/json, application/x-www-form-urlencoded or multipart/form-data',
  content_encoding: 'send the request body without compression',
  too_deep: 'the request body is nested too deeply',
  too_many_fields: 'the request has too many fields',
  cut_short: 'the request body ended too early',
}

/** No parameters: what a request that could not be read brings to a decoder. */
export const nothing: Parameters = Object.create(null)
