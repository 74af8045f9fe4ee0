// One exchange on the On-Premises wire: how answers and refusals are written, and what a call is to the actions.

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Call } from '#actions/world.ts'
import type { Parameters, ReadParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { envelope, meta, type OnPremisesError, statusOf, unreadableRequest } from './errors.ts'

const json = { 'Content-Type': 'application/json; charset=UTF-8' }

/** A payload, and `meta` after it. */
export const answer = (
  c: Context<Exchange>,
  payload: Record<string, unknown>,
  status: ContentfulStatusCode = 200,
): Response => bare(c, { ...payload, meta }, status)

/** Exactly this. The documents have `null` or `{}` for the settings calls: `{}`, which any reader of an object can read. */
export const bare = (
  c: Context<Exchange>,
  payload: Record<string, unknown>,
  status: ContentfulStatusCode = 200,
): Response => c.body(JSON.stringify(payload), status, json)

/** Answers with an error in the door's envelope. */
export function refuse(c: Context<Exchange>, error: OnPremisesError): Response {
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (error.challenge !== undefined) c.header('WWW-Authenticate', error.challenge)
  return c.body(JSON.stringify(envelope(error)), statusOf(error), json)
}

/** The call that actions are handed. `party`: in whose way nobody else may stand. */
export const callOf = (c: Context<Exchange>, party: string): Call => ({
  door: 'on-premises',
  requestId: c.get('requestId'),
  party,
  signal: c.get('deadline'),
})

/** What a request that could not be read is told. */
export const unreadable = (read: Exclude<ReadParameters, { kind: 'read' }>): OnPremisesError =>
  unreadableRequest(read.kind === 'too_large' ? 'The request body is too large.' : words[read.reason])

const words: Readonly<Record<Extract<ReadParameters, { kind: 'malformed' }>['reason'], string>> = {
  bad_json: 'The request body is not valid JSON.',
  not_an_object: 'The request body must be a JSON object.',
  bad_utf8: 'The request is not valid UTF-8.',
  bad_multipart: 'The request body is not valid multipart/form-data.',
  file_refused: 'Files are not accepted here.',
  unknown_media_type: 'Send application/json, application/x-www-form-urlencoded or multipart/form-data.',
  content_encoding: 'Send the request body without compression.',
  too_deep: 'The request body is nested too deeply.',
  too_many_fields: 'The request has too many fields.',
  cut_short: 'The request body ended too early.',
}

/** No parameters: what a request that could not be read brings to a decoder. */
export const nothing: Parameters = Object.create(null)
