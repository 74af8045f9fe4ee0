// Reading a REST request by its schema of the contract.

import type { Context } from 'hono'
import type { z } from 'zod'
import { type Parameters, type ReadParameters, readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { type Problem, problem } from '#http/problem.ts'

export type Decoded<T> =
  | { readonly kind: 'decoded'; readonly value: T }
  | { readonly kind: 'refused'; readonly reply: Response }

/**
 * Reads the query and body by a schema. A refusal names every field that is wrong and what to write instead. The schema is
 * loaded when it is first asked for: it would be a tenth of a start.
 */
export async function decodeBy<T>(c: Context<Exchange>, load: () => Promise<z.ZodType<T>>): Promise<Decoded<T>> {
  const read = await readParameters(c, { limit: 65_536 })
  if (read.kind !== 'read') return { kind: 'refused', reply: unreadable(c, read) }
  const parsed = (await load()).safeParse({ ...read.parameters })
  return parsed.success
    ? { kind: 'decoded', value: parsed.data }
    : { kind: 'refused', reply: invalid(c, parsed.error.issues.map(named)) }
}

/** Reads the body alone by a schema. What stands in a URL is refused: URLs are logged along the way, and carry no PIN. */
export async function decodeBody<T>(
  c: Context<Exchange>,
  load: () => Promise<z.ZodType<T>>,
): Promise<Decoded<T> & { readonly body?: Parameters }> {
  const read = await readParameters(c, { limit: 65_536 })
  if (read.kind !== 'read') return { kind: 'refused', reply: unreadable(c, read) }
  const inUrl = Object.keys(read.query)
  if (inUrl.length > 0) {
    const says = 'send this in the body, not in the URL'
    return {
      kind: 'refused',
      reply: invalid(
        c,
        inUrl.map(field => ({ field, problem: says })),
      ),
    }
  }
  const parsed = (await load()).safeParse({ ...read.body })
  return parsed.success
    ? { kind: 'decoded', value: parsed.data, body: read.body }
    : { kind: 'refused', reply: invalid(c, parsed.error.issues.map(named)) }
}

/** A field that is wrong, and what to write instead. */
export type FieldProblem = { readonly field: string; readonly problem: string }

const named = (issue: z.core.$ZodIssue): FieldProblem => {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  if (unknown === undefined) return { field: issue.path.join('.'), problem: issue.message }
  return { field: [...issue.path, unknown].join('.'), problem: 'there is no such field' }
}

/** The refusal of a request in which fields are wrong. */
export const invalidRequest = (errors: readonly FieldProblem[]): Problem => ({
  status: 400,
  kind: 'invalid_request',
  title: 'The request is not valid.',
  detail: errors.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`)).join('; '),
  members: { errors },
})

const invalid = (c: Context<Exchange>, errors: readonly FieldProblem[]): Response => problem(c, invalidRequest(errors))

function unreadable(c: Context<Exchange>, read: Exclude<ReadParameters, { kind: 'read' }>): Response {
  if (read.kind === 'too_large') {
    return problem(c, {
      status: 413,
      kind: 'too_large',
      title: 'The request body is too large.',
      detail: 'Send at most 64 KiB.',
    })
  }
  const detail = `The request could not be read: ${read.reason.replaceAll('_', ' ')}. Send a JSON object.`
  return problem(c, { status: 400, kind: 'malformed_request', title: 'The request could not be read.', detail })
}
