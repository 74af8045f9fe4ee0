// The door for providers of texts and calls: receipts, and keys that were pressed. What is not signed changes nothing.

import { type Context, Hono } from 'hono'
import { readBodyText } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'

type Asked = {
  readonly kind: 'receipts' | 'calls'
  readonly id: string
  readonly rest: string
  readonly method: string
  readonly url: string
  readonly headers: (name: string) => string | undefined
  readonly body: string
}
type Answered = {
  readonly status: 200 | 204 | 403 | 404 | 503
  readonly mediaType?: string
  readonly body?: string
}

/** No provider writes more about one message. */
const mostBytes = 16_384

/** Mounted at the root. `desk` answers; `address` is where we are reached, which is what providers sign. */
export function providersDoor(
  desk: (provider: string, asked: Asked) => Promise<Answered>,
  address: () => string,
): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const serve = (kind: Asked['kind']) => async (c: Context<Exchange>) => {
    c.set('door', 'providers')
    const body = await readBodyText(c, mostBytes)
    if (body.kind !== 'text') return problem(c, body.kind === 'too_large' ? tooLarge : unreadable)
    const { pathname, search } = new URL(c.req.url)
    const answer = await desk(c.req.param('provider') ?? '', {
      kind,
      id: c.req.param('id') ?? '',
      rest: c.req.param('proof') ?? '',
      method: c.req.method,
      url: `${address()}${pathname}${search}`,
      headers: name => c.req.header(name),
      body: body.text,
    })
    if (answer.status === 200)
      return c.body(answer.body ?? '', 200, { 'Content-Type': answer.mediaType ?? 'text/plain' })
    if (answer.status === 204) return c.body(null, 204)
    return problem(c, problems[answer.status])
  }
  // Vonage and many a template report by GET. A receipt says the same whoever follows its address, and how often.
  app.on(['GET', 'POST'], '/delivery/:provider/receipts/:id', serve('receipts'))
  app.on(['GET', 'POST'], '/delivery/:provider/receipts/:id/:proof', serve('receipts'))
  app.post('/delivery/:provider/calls/:id', serve('calls'))
  return app
}

const tooLarge = { status: 413, kind: 'too_large', title: 'This is too large for a receipt.' } as const
const unreadable = { status: 400, kind: 'malformed', title: 'The body cannot be read.' } as const
const problems = {
  403: { status: 403, kind: 'not_signed', title: 'This was not signed by the provider.' },
  404: { status: 404, kind: 'not_found', title: 'There is nothing here.' },
  503: { status: 503, kind: 'unavailable', title: 'Too many receipts at once.', retryAfter: 5 },
} as const
