// Reading a REST request by its schema of the contract.

import type { Context } from 'hono'
import type { z } from 'zod'
import { type ReadParameters, readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'

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
  const schema = await load()
  const parsed = schema.safeParse({ ...read.parameters })
  if (parsed.success) return { kind: 'decoded', value: parsed.data }
  const errors = parsed.error.issues.map(issue => ({ field: issue.path.join('.'), problem: issue.message }))
  const reply = problem(c, {
    status: 400,
    kind: 'invalid_request',
    title: 'The request is not valid.',
    detail: errors.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`)).join('; '),
    members: { errors },
  })
  return { kind: 'refused', reply }
}

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
