// A Graph server with one number, as small as the wire allows, for what a real one cannot be made to do at will: to lose a
// request before or after it was done, and to break in the middle. Errors have the codes and shapes of Meta's documents.

/** What becomes of a request. `lost`: it never came. `unheard`: done, and its answer was lost. */
export type Fate = 'answered' | 'lost' | 'unheard' | 'broken' | 'slowed' | 'token_void'

export type Asked = { readonly method: string; readonly edge: string; readonly pin: string | undefined }

export type TinyGraph = {
  readonly fetch: typeof globalThis.fetch
  /** The PIN in force. */
  pin: string | undefined
  status: string
  isOnPhone: boolean
  /** Of the requests to come; after the last, all are answered. */
  fates: Fate[]
  readonly asked: Asked[]
  /** Is called before a change is looked at, and when it was made. */
  onStep: () => void
}

/** Whether PINs of numbers that are not registered can be set is nowhere said of Meta's: both are tried. */
export function tinyGraph(of: {
  readonly pin?: string
  readonly setsOffline?: boolean
  readonly date?: () => string
}): TinyGraph {
  const server: TinyGraph = {
    pin: of.pin,
    status: of.pin === undefined ? 'PENDING' : 'CONNECTED',
    isOnPhone: false,
    fates: [],
    asked: [],
    onStep() {},
    async fetch(input, init) {
      const url = new URL(String(input))
      const edge = url.pathname.split('/').slice(3).join('/')
      const { pin } = JSON.parse(String(init?.body ?? '{}')) as { pin?: string }
      const method = init?.method ?? 'GET'
      // Reads change nothing on either side: whoever ends there ended before.
      if (method !== 'GET') server.onStep()
      const fate = server.fates.shift() ?? 'answered'
      if (fate === 'lost') throw new TypeError('fetch failed')
      if (fate === 'slowed') return refusal(80007, 429)
      if (fate === 'token_void') return refusal(190, 401)
      server.asked.push({ method, edge, pin })
      const done = method === 'GET' ? look() : edge === 'register' ? register(pin) : set(pin)
      if (method !== 'GET') server.onStep()
      if (fate === 'unheard') throw new TypeError('fetch failed')
      return fate === 'broken' ? refusal(131000, 500) : done
    },
  }
  const answer = (status: number, body: object): Response =>
    Response.json(body, { status, headers: of.date === undefined ? {} : { date: of.date() } })
  const refusal = (code: number, status = 400): Response =>
    answer(status, { error: { message: `(#${code}) Refused`, type: 'OAuthException', code, fbtrace_id: 'A' } })
  const look = (): Response =>
    answer(200, {
      id: '106540352242922',
      display_phone_number: '+44 7700 900123',
      status: server.status,
      is_pin_enabled: server.pin !== undefined,
      is_on_biz_app: server.isOnPhone,
    })
  const set = (pin: string | undefined): Response => {
    if (server.status !== 'CONNECTED' && of.setsOffline !== true) return refusal(133010)
    server.pin = pin
    return answer(200, { success: true })
  }
  const register = (pin: string | undefined): Response => {
    if (server.pin !== undefined && pin !== server.pin) return refusal(133005)
    server.pin = pin
    server.status = 'CONNECTED'
    return answer(200, { success: true })
  }
  return server
}
