// The headers that an answer gets from all who had a part in it, from the request's id to the door's own.
//
// They are gathered as plain text and put together once. A `Headers` object checks, sorts and copies at every step, which
// for the sixteen headers of a small answer took a tenth of all the time that HTTP takes.

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Exchange } from '#http/exchange.ts'

/** Names as they are written, one spelling for each. */
export type Head = Readonly<Record<string, string>>

/** What is gathered for one answer. `whole`: the answer that has it all. */
export type Gathered = { head: Record<string, string>; whole: Response | undefined }

function gatheredFor(c: Context<Exchange>): Gathered {
  const before = c.get('gathered')
  if (before !== undefined) return before
  const gathered = { head: {}, whole: undefined }
  c.set('gathered', gathered)
  return gathered
}

/** Adds headers to the answer, whoever makes it. What is added later stands; what a handler sets itself stands over all. */
export function carry(c: Context<Exchange>, head: Head): void {
  Object.assign(gatheredFor(c).head, head)
}

/** Makes an answer with all that was gathered, and `own` over it. Nothing set by `c.header` is in it. */
export function answerWith(c: Context<Exchange>, status: ContentfulStatusCode, body: string, own: Head): Response {
  const gathered = gatheredFor(c)
  gathered.whole = new Response(body, { status, headers: { ...gathered.head, ...own } })
  return gathered.whole
}

/** For whoever called {@link carry}, once there is an answer: sees to it that all of it is there, however it was made. */
export function complete(c: Context<Exchange>): void {
  const gathered = gatheredFor(c)
  if (c.res === gathered.whole) return
  const sent = c.res.headers
  for (const name of Object.keys(gathered.head)) if (!sent.has(name)) sent.set(name, gathered.head[name] ?? '')
  gathered.whole = c.res
}
