// An answer before it is on the wire: as data, so that it can be kept under an idempotency key and given again to the byte.

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { KeptAnswer } from '#core/idempotency/reservation.ts'
import type { Exchange } from '#http/exchange.ts'
import { type Problem, problemBody } from '#http/problem.ts'

export type Answer =
  | { readonly kind: 'done'; readonly status: 200 | 201 | 202; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly problem: Problem }

export const done = (body: Readonly<Record<string, unknown>>, status: 200 | 201 | 202 = 200): Answer => ({
  kind: 'done',
  status,
  body,
})

export const refused = (problem: Problem): Answer => ({ kind: 'refused', problem })

/** An answer as it goes out. A challenge (RFC 9110 §11.6.1) is kept under no key: who meets it comes again with more. */
export type Written = KeptAnswer & { readonly challenge?: string | undefined }

/** The answer as it goes out. */
export function written(answer: Answer, requestId: string): Written {
  if (answer.kind === 'done') {
    const { status, body } = answer
    return { status, mediaType: 'application/json', body: JSON.stringify(body), retryAfter: undefined }
  }
  const { problem } = answer
  const body = problemBody(problem, requestId)
  const retryAfter = problem.retryAfter === undefined ? undefined : Math.max(0, Math.ceil(problem.retryAfter))
  const { status, challenge } = problem
  return { status, mediaType: 'application/problem+json', body: JSON.stringify(body), retryAfter, challenge }
}

/** Puts it on the wire. */
export function send(c: Context<Exchange>, { status, mediaType, body, retryAfter, challenge }: Written): Response {
  if (challenge !== undefined) c.header('WWW-Authenticate', challenge)
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  c.header('Content-Type', mediaType)
  return c.body(body, status as ContentfulStatusCode)
}
