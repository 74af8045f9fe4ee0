// One exchange with a server: a JSON request, its deadline, and an answer whose body was read. What may be sent again, and
// when, is decided here and nowhere else.
//
//     read     GET                                again when the connection broke or the server is away, twice at most
//     keyed    a change under an idempotency key  likewise when the connection broke: the server does it once
//     never    everything else                    sent once, whatever comes back: a repeated registration costs one of ten
//
// No redirect is followed: it would take the token and the PIN to wherever it points.

import { ConnectionError } from './connection-error.ts'
import { pause } from './machine.ts'

/** What may be said of each call. */
export interface CallOptions {
  /** Gives the call up; it rejects with the signal's reason. What was sent may be done all the same. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the call, or each try of one that is repeated, is given up. By default the client's. */
  readonly timeoutMs?: number | undefined
}

/** How a client reaches its server. */
export type Wire = {
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

export type Asked = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly repeats: 'read' | 'keyed' | 'never'
  readonly options: CallOptions | undefined
}

/** An answer. `body`: its JSON, or `undefined` where it had none. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

const mostTries = 3
const longestPauseMs = 5_000

/** Asks, and reads the answer, whatever its status. Throws a `ConnectionError`, or the reason of a signal. */
export async function ask(wire: Wire, asked: Asked): Promise<Answer> {
  const given = [wire.signal, asked.options?.signal].filter(signal => signal !== undefined)
  for (let tries = 1; ; tries += 1) {
    const last = tries === mostTries || asked.repeats === 'never'
    // A quarter of a second, then a whole one.
    let wait = 250 * 4 ** (tries - 1)
    try {
      const answer = await once(wire, asked, given)
      const named = secondsToWait(answer.headers)
      if (last || !isRepeated(asked, answer, named)) return answer
      if (named !== undefined) wait = named * 1_000
    } catch (error) {
      if (last || !(error instanceof ConnectionError) || error.trouble !== 'unreachable') throw error
    }
    await pause(wait, AbortSignal.any(given))
  }
}

function isRepeated({ repeats }: Asked, { status, body }: Answer, wait: number | undefined): boolean {
  if (wait !== undefined && wait * 1_000 > longestPauseMs) return false
  if (repeats === 'read') return [500, 502, 503, 504].includes(status) || (status === 429 && wait !== undefined)
  // Our own first try is still being done: its answer is what is waited for.
  return status === 409 && (body as { kind?: unknown } | undefined)?.kind === 'request_under_way'
}

/** Whole seconds of a `Retry-After` header. */
export function secondsToWait(headers: Headers): number | undefined {
  const given = headers.get('retry-after')
  return given !== null && /^[0-9]{1,8}$/.test(given) ? Number(given) : undefined
}

async function once(wire: Wire, asked: Asked, given: readonly AbortSignal[]): Promise<Answer> {
  const { method, url, headers, body, options } = asked
  const deadline = AbortSignal.timeout(options?.timeoutMs ?? wire.timeoutMs)
  // Not the path: it names a number or a registration, and messages are logged.
  const what = `${url.origin} (${method})`
  let response: Response
  let text: string
  try {
    response = await wire.fetch(url.href, {
      method,
      headers: { ...headers, accept: 'application/json', ...(body === undefined ? {} : json) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([deadline, ...given]),
    })
    text = await response.text()
  } catch (cause) {
    for (const signal of given) signal.throwIfAborted()
    throw new ConnectionError(deadline.aborted ? 'timed_out' : 'unreachable', what, { cause })
  }
  const { status } = response
  // In browsers a redirect that is not followed has no status.
  if (status === 0 || (status >= 300 && status < 400)) throw new ConnectionError('redirected', what)
  try {
    return { status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  } catch {
    if (asked.repeats === 'read' && status >= 500) return { status, headers: response.headers, body: undefined }
    // What came is left out: it may hold anything.
    throw new ConnectionError('unreadable', what, { status })
  }
}

const json = { 'content-type': 'application/json' }
