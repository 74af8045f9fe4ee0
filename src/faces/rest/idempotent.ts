// The Idempotency-Key header: a request that comes twice under one key is done once and answered alike
// (draft-ietf-httpapi-idempotency-key-header).

import type { Context } from 'hono'
import { type Place, reserve, settleReservation } from '#actions/idempotency.ts'
import type { Call, World } from '#actions/world.ts'
import type { Settled } from '#core/idempotency/reservation.ts'
import type { Exchange } from '#http/exchange.ts'
import type { Problem } from '#http/problem.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, refused, send, written } from './answer.ts'

export type ReadKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly key: Secret }
  | { readonly kind: 'malformed' }

const quoted = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/
const bare = /^[!#-+\--~]{1,255}$/

/** Reads the header: a quoted string as the draft writes it, or bare as many clients do. Both spell one key. */
export function readKey(header: string | undefined): ReadKey {
  if (header === undefined) return { kind: 'none' }
  const text = header.trim()
  const inside = quoted.exec(text)?.[1]?.replace(/\\(.)/g, '$1')
  const key = inside ?? (bare.test(text) ? text : undefined)
  return key === undefined ? { kind: 'malformed' } : { kind: 'key', key: Secret.of(key) }
}

export type Keyed = {
  readonly application: string
  readonly key: Secret | undefined
  /** The request as its answer depends on it, canonical. */
  readonly body: unknown
  /** Whether doing it twice under the same ids does it once. */
  readonly repeats: boolean
  /** `nothing`: what is answered holds a secret that is shown once. A repetition is told that it was done. */
  readonly kept?: 'answer' | 'nothing'
}

/** Does a request once for its key, and answers. Without a key it is done each time it comes. */
export async function onceFor(
  c: Context<Exchange>,
  world: World,
  call: Call,
  { application, key, body, repeats, kept = 'answer' }: Keyed,
  act: (place: Place | undefined) => Promise<Answer>,
): Promise<Response> {
  if (key === undefined) return send(c, written(await act(undefined), c.get('requestId')))
  const request = requestText(c.req.method, c.req.path, body)
  const reserved = await reserve(world, call, { application, key, request, repeats })
  switch (reserved.kind) {
    case 'reserved':
      return send(c, await answered(c, world, call, { ...reserved, kept }, act))
    case 'answered':
      c.header('Idempotency-Replayed', 'true')
      return send(c, reserved.answer)
    case 'under_way':
      return send(c, written(refused(underWay(reserved.retryAfter)), c.get('requestId')))
    case 'other_request':
      return send(c, written(refused(otherRequest), c.get('requestId')))
    case 'left':
      return send(c, written(refused(unknownOutcome), c.get('requestId')))
  }
}

async function answered(
  c: Context<Exchange>,
  world: World,
  call: Call,
  place: Place & { readonly kept: 'answer' | 'nothing' },
  act: (place: Place) => Promise<Answer>,
) {
  // What breaks leaves the key: how far it got is not known here, and who repeats it is told so or does it again.
  let how: Settled = { kind: 'left' }
  try {
    const answer = await act(place)
    const kept = written(answer, c.get('requestId'))
    const secret = place.kept === 'nothing' && answer.kind === 'done'
    // Refused for now, with nothing done: the same request under the same key is welcome later.
    const later = kept.status === 401 || kept.status === 429 || kept.status === 503
    const told = secret ? written(refused(shownOnce), c.get('requestId')) : kept
    how = later ? { kind: 'released' } : { kind: 'answered', answer: told }
    return kept
  } finally {
    await settleReservation(world, call, place, how)
  }
}

/** One text for all spellings of the same request. */
export const requestText = (method: string, path: string, body: unknown): string =>
  JSON.stringify([method, path.replace(/\/+$/, ''), sorted(body)])

/** One value for all spellings of the same JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)]
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return ['object', ...fields.map(([name, each]) => [name, sorted(each)])]
}

export const malformedKey: Problem = {
  status: 400,
  kind: 'malformed_idempotency_key',
  title: 'The Idempotency-Key header cannot be read.',
  detail: 'Send one key of 1 to 255 printable ASCII characters, such as a random UUID, quoted or not.',
}

const underWay = (retryAfter: number): Problem => ({
  status: 409,
  kind: 'request_under_way',
  title: 'The first request under this Idempotency-Key is still under way.',
  detail: 'Send it again after the wait: the answer will be the one of the first request.',
  retryAfter,
})

const otherRequest: Problem = {
  status: 422,
  kind: 'idempotency_key_reused',
  title: 'This Idempotency-Key was used for another request.',
  detail: 'Use a new key for each request, and the same key only to send the same request again.',
}

const shownOnce: Problem = {
  status: 409,
  kind: 'shown_once',
  title: 'The first request under this Idempotency-Key was done, and its answer is kept nowhere.',
  detail: 'It held a secret that is shown once. Take away what it made, then make another under a new key.',
}

const unknownOutcome: Problem = {
  status: 409,
  kind: 'outcome_unknown',
  title: 'The first request under this Idempotency-Key was cut off.',
  detail: 'It may have been done or not. Look with GET, then go on under a new key.',
}
