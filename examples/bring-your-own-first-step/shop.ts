// A shop with users and passwords of its own, which leaves the second step to Twostep. Plain node:http, no dependency.
//
//     name and password ──wrong──▶ the form again
//            │ right: assert
//            ▼
//     second step needed? ──no──▶ signed in
//            │ yes: the person chooses a device: challenge ──▶ types the code: verify ──▶ signed in
//
// Everything it knows is in memory: it is here to be read. The parts about Twostep stand in `twostep` and `secondStep`.

import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export type ShopOptions = {
  /** Where Twostep is, as `http://127.0.0.1:8022`. */
  readonly twostep: string
  /** The API key of this application. It stays on this server. */
  readonly apiKey: string
  /** Names and passwords. */
  readonly users: Readonly<Record<string, string>>
}

type Device = { readonly id: string; readonly label: string }
type Visit =
  /** The password was right; Twostep waits for the second step. */
  | { readonly kind: 'half_way'; readonly user: string; readonly signIn: string; readonly devices: readonly Device[] }
  | { readonly kind: 'signed_in'; readonly user: string; readonly acr: string }

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
type Page = { readonly status?: number; readonly html: string; readonly cookies?: readonly string[] }

/** The shop, not listening yet. */
export function shop({ twostep: url, apiKey, users }: ShopOptions): Server {
  const accounts = new Map(Object.entries(users).map(([name, password]) => [name, stored(password)]))
  const nobody = stored(randomBytes(16).toString('hex'))
  const visits = new Map<string, Visit>()

  // ——— the three calls

  async function twostep(user: string, path: string, body: object): Promise<Answer> {
    const reply = await fetch(`${url}/api/v1/users/${encodeURIComponent(user)}/sign-ins${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: reply.status, body: (await reply.json()) as Answer['body'] }
  }

  const secondStep = {
    /** "My user has passed the first step." */
    assert: (user: string, from: object, browser: string | undefined, email: string) =>
      twostep(user, '', { from, email, ...(browser === undefined ? {} : { browser }) }),
    /** "Send a code to this device." */
    challenge: (user: string, signIn: string, device: string) => twostep(user, `/${signIn}/code`, { device }),
    /** "This is the code." */
    verify: (user: string, signIn: string, code: string, from: object, trust: boolean) =>
      twostep(user, `/${signIn}/code/check`, { code, from, trust_browser: trust }),
  }

  // ——— the steps of signing in

  async function signIn(request: IncomingMessage, form: URLSearchParams): Promise<Page> {
    const user = form.get('name') ?? ''
    // An unknown name takes as long as a wrong password.
    const known = accounts.get(user)
    const right = matches(known ?? nobody, form.get('password') ?? '')
    if (known === undefined || !right)
      return { status: 422, html: signInForm('The name or the password is not right.') }
    const browser = cookieOf(request, 'browser')
    const answer = await secondStep.assert(user, fromOf(request), browser, `${user}@shop.example`)
    if (answer.status >= 400) return broken(answer)
    if (answer.body.kind === 'signed_in') return arrived(user, answer)
    const devices = answer.body.devices as readonly Device[]
    const half: Visit = { kind: 'half_way', user, signIn: String(answer.body.id), devices }
    return { html: devicesForm(devices), cookies: [begin(half)] }
  }

  async function choose(visit: Visit, form: URLSearchParams): Promise<Page> {
    if (visit.kind !== 'half_way') return { html: signInForm() }
    const answer = await secondStep.challenge(visit.user, visit.signIn, form.get('device') ?? '')
    if (answer.status >= 400)
      return { status: answer.status, html: devicesForm(visit.devices, String(answer.body.title)) }
    return { html: codeForm() }
  }

  async function check(request: IncomingMessage, visit: Visit, form: URLSearchParams): Promise<Page> {
    if (visit.kind !== 'half_way') return { html: signInForm() }
    const { user, signIn } = visit
    const trust = form.get('trust') === 'yes'
    const answer = await secondStep.verify(user, signIn, form.get('code') ?? '', fromOf(request), trust)
    if (answer.status >= 400) return { status: answer.status, html: codeForm(String(answer.body.title)) }
    visits.delete(cookieOf(request, 'visit') ?? '')
    return arrived(user, answer)
  }

  // A new visit at each step: whoever knew the old cookie is not signed in by it.
  function begin(visit: Visit): string {
    const id = randomBytes(24).toString('base64url')
    visits.set(id, visit)
    return cookie('visit', id)
  }

  function arrived(user: string, { body }: Answer): Page {
    const visit = begin({ kind: 'signed_in', user, acr: String(body.acr) })
    const browser = typeof body.browser === 'string' ? [cookie('browser', body.browser)] : []
    return { html: welcome(user), cookies: [visit, ...browser] }
  }

  async function answer(request: IncomingMessage): Promise<Page> {
    const visit = visits.get(cookieOf(request, 'visit') ?? '')
    const path = request.url ?? '/'
    if (request.method !== 'POST') {
      if (path !== '/') return { status: 404, html: text('There is nothing here.') }
      return { html: visit?.kind === 'signed_in' ? welcome(visit.user) : signInForm() }
    }
    const form = new URLSearchParams(await bodyOf(request))
    if (path === '/sign-in') return signIn(request, form)
    if (visit !== undefined && path === '/device') return choose(visit, form)
    if (visit !== undefined && path === '/code') return check(request, visit, form)
    return { status: 404, html: text('There is nothing here.') }
  }

  return createServer((request, response) => {
    answer(request).then(
      page => send(response, page),
      () => send(response, { status: 502, html: text('Signing in is not possible right now.') }),
    )
  })
}

// ——— passwords: the shop's own

type Stored = { readonly salt: Buffer; readonly hash: Buffer }

function stored(password: string): Stored {
  const salt = randomBytes(16)
  return { salt, hash: scryptSync(password, salt, 32) }
}

const matches = ({ salt, hash }: Stored, password: string): boolean =>
  timingSafeEqual(hash, scryptSync(password, salt, 32))

// ——— pages

const escaped = (value: string): string => value.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
const text = (words: string): string => `<p>${escaped(words)}</p>`
const problem = (words: string | undefined): string =>
  words === undefined ? '' : `<p role="alert">${escaped(words)}</p>`

const signInForm = (wrong?: string): string => `<h1>Sign in to the shop</h1>${problem(wrong)}
<form method="post" action="/sign-in">
  <label>Name <input name="name" autocomplete="username" required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Sign in</button>
</form>`

const devicesForm = (
  devices: readonly Device[],
  wrong?: string,
): string => `<h1>Where shall the code go?</h1>${problem(wrong)}
<form method="post" action="/device">
  ${devices.map(({ id, label }) => `<button name="device" value="${escaped(id)}">${escaped(label)}</button>`).join('\n  ')}
</form>`

const codeForm = (wrong?: string): string => `<h1>Type the code</h1>${problem(wrong)}
<form method="post" action="/code">
  <label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>
  <label><input type="checkbox" name="trust" value="yes"> Trust this browser</label>
  <button>Continue</button>
</form>`

const welcome = (user: string): string => `<h1>Welcome, ${escaped(user)}</h1>`

function broken({ body }: Answer): Page {
  return { status: 502, html: text(`Signing in is not possible right now: ${String(body.title)}`) }
}

// ——— HTTP

/** What Twostep shows the person of who asks. Behind a proxy of your own, take the address from what that proxy wrote. */
const fromOf = (request: IncomingMessage): object => ({
  ip: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  user_agent: (request.headers['user-agent'] ?? '').slice(0, 1_000),
})

const cookie = (name: string, value: string): string => `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`

const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  (request.headers.cookie ?? '')
    .split(/;\s*/)
    .find(each => each.startsWith(`${name}=`))
    ?.slice(name.length + 1)

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > 8_192) throw new Error('the form is too long')
  }
  return body
}

function send(response: ServerResponse, { status = 200, html, cookies = [] }: Page): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action 'self'",
    'cache-control': 'no-store',
    'set-cookie': [...cookies],
  })
  response.end(`<!doctype html><html lang="en"><title>The shop</title>${html}</html>`)
}

// ——— as a program

if (import.meta.main) {
  const { TWOSTEP_URL: twostep = 'http://127.0.0.1:8022', TWOSTEP_API_KEY: apiKey = '', PORT = '8080' } = process.env
  const users = { ada: 'difference engine', grace: 'nanosecond wire' }
  shop({ twostep, apiKey, users }).listen(Number(PORT), '127.0.0.1', () => {
    process.stdout.write(`The shop is open: http://127.0.0.1:${PORT}, for ${Object.keys(users).join(' and ')}.\n`)
  })
}
