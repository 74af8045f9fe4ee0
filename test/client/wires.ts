// Wires for clients under test: one that answers as it is told, and one that leads to a real server and can be watched or cut.

/** One request as the client sent it. */
export type SentRequest = {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
}

/** A reply, or something to be thrown where there is none. */
export type Told =
  | { readonly status?: number; readonly json?: unknown; readonly headers?: Record<string, string> }
  | Error

const read = (input: unknown, init: RequestInit = {}): SentRequest => ({
  method: init.method ?? 'GET',
  url: new URL(String(input)),
  headers: new Headers(init.headers),
  body: String(init.body ?? ''),
})

/** A `fetch` that answers what it is told, the last over and over, and keeps what was sent. */
export function toldFetch(...told: readonly Told[]) {
  const sent: SentRequest[] = []
  const answering = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const next = told[Math.min(sent.length, told.length - 1)] ?? {}
    sent.push(read(input, init))
    if (next instanceof Error) throw next
    const { status = 200, json = { success: true }, headers = {} } = next
    return new Response(JSON.stringify(json), { status, headers })
  }
  return { fetch: answering as typeof fetch, sent }
}

/** The real `fetch`, watched. `cuts` says of each request, counted from 1, whether its answer is lost. */
export function watchedFetch(cuts: (count: number) => boolean = () => false) {
  const sent: SentRequest[] = []
  const watching = async (input: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(read(input, init))
    const count = sent.length
    const response = await fetch(String(input), init)
    if (!cuts(count)) return response
    await response.arrayBuffer()
    throw new TypeError('fetch failed')
  }
  return { fetch: watching as typeof fetch, sent }
}

/** An error in Graph's envelope. */
export const graphError = (code: number, more: object = {}) => ({
  error: {
    message: `(#${code}) Some title`,
    type: 'OAuthException',
    code,
    fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
    ...more,
  },
})
