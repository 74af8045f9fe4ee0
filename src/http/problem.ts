// Refusals as `application/problem+json` (RFC 9457), and the two every app needs: no such page, and our own bug.

import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Exchange } from '#http/exchange.ts'

/** One refusal. */
export type Problem = {
  /** HTTP status, 400 to 599; repeated in the body (RFC 9457 §3.1.2). */
  readonly status: ContentfulStatusCode
  /** What kind of refusal: a stable word in snake case that programs branch on. Never changes. */
  readonly kind: string
  /** The same for every refusal of this kind, for people (RFC 9457 §3.1.3). */
  readonly title: string
  /** What is special about this one and what to do about it. Never what the client must not learn. */
  readonly detail?: string
  /** Whole seconds until it makes sense to ask again; sent as `Retry-After` too (RFC 9110 §10.2.3). */
  readonly retryAfter?: number
  /** What to show instead: the value of `WWW-Authenticate` (RFC 9110 §11.6.1). */
  readonly challenge?: string
  /** What the person needs next (`guesses_left`, …): extension members (RFC 9457 §3.2), in snake case. */
  readonly members?: Readonly<Record<string, unknown>>
}

const mediaType = 'application/problem+json'

/** The body of a refusal: `type` names its kind as a URN, `instance` the request (a URN of its id). */
export function problemBody(problem: Problem, requestId: string | undefined): Record<string, unknown> {
  return {
    // Members first, so that none of them can pose as one of the standard's own.
    ...problem.members,
    type: `urn:twostep:problem:${problem.kind}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    kind: problem.kind,
    ...(problem.retryAfter === undefined ? {} : { retry_after: wholeSeconds(problem.retryAfter) }),
  }
}

/** Answers a refusal. */
export function problem(c: Context<Exchange>, what: Problem): Response {
  if (what.retryAfter !== undefined) c.header('Retry-After', String(wholeSeconds(what.retryAfter)))
  if (what.challenge !== undefined) c.header('WWW-Authenticate', what.challenge)
  c.header('Content-Type', mediaType)
  return c.body(JSON.stringify(problemBody(what, c.get('requestId'))), what.status)
}

/** For `app.notFound`: says the same of every path, so that none can be told from a hidden one. */
export const answerNotFound: NotFoundHandler<Exchange> = c =>
  problem(c, { status: 404, kind: 'not_found', title: 'There is nothing here.' })

/**
 * For `app.onError`: what was thrown goes to `report`, never into the answer; an exception's text may hold anything.
 * `translate` may name the few broken wires that deserve an answer of their own (the store is away: 503).
 */
export function answerErrors(
  report: (error: Error, c: Context<Exchange>) => void,
  translate: (error: Error) => Problem | undefined = () => undefined,
): ErrorHandler<Exchange> {
  return (error, c) => {
    report(error, c)
    return problem(c, translate(error) ?? { status: 500, kind: 'internal', title: 'Something broke on our side.' })
  }
}

const wholeSeconds = (seconds: number): number => Math.max(0, Math.ceil(seconds))
