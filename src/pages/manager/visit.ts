// One request to the manager pages: in which language, by whom, with what form; and how its page is written.

import type { Context } from 'hono'
import { html } from 'hono/html'
import type { SignedIn } from '#actions/sign-in.ts'
import type { Call, World } from '#actions/world.ts'
import { type Role, roleIn } from '#core/business/admin.ts'
import type { Business } from '#core/business/business.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Claim, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { TrustedProxies } from '#http/client-address.ts'
import type { Exchange } from '#http/exchange.ts'
import { Secret } from '#secrets/secret.ts'
import * as cookies from '../cookies.ts'
import type { Fence } from '../fence.ts'
import { type FormProblem, summary } from '../form.ts'
import { languageOf } from '../language.ts'
import { type Html, page } from '../layout.ts'
import type { ManagerText } from './texts/texts.ts'
import { type ManagerSpeaker, managerSpeaker } from './texts/texts.ts'

export type ManagerOptions = {
  /** Whether people reach us by https. */
  readonly https: boolean
  /** Where they do: an origin. */
  readonly ownOrigin: () => string
  readonly proxies: TrustedProxies
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
}

/** The same, with what is made once for all requests. */
export type VisitOptions = ManagerOptions & { readonly fence: Fence }

/** A request by anybody. */
export type Visit = {
  readonly c: Context<Exchange>
  readonly world: World
  readonly options: VisitOptions
  readonly t: ManagerSpeaker
  /** What was posted: texts only. */
  readonly form: Readonly<Record<string, string>>
  /** What every form of this visitor carries. */
  readonly formToken: string
  readonly now: Instant
}

/** A request by somebody who has signed in. */
export type SignedVisit = Visit & { readonly who: SignedIn }

/** A request about a business account, by somebody who looks after it. */
export type BusinessVisit = SignedVisit & {
  readonly business: string
  readonly document: Business
  readonly role: Role
}

/** A request about a number of such a business account. */
export type NumberVisit = BusinessVisit & {
  readonly subject: string
  readonly number: PhoneNumber
  readonly claim: Claim
  readonly verifiedName: string
}

export const visitOf = (
  c: Context<Exchange>,
  world: World,
  options: VisitOptions,
  of: { readonly form: Visit['form']; readonly formToken: string },
): Visit => ({ c, world, options, t: managerSpeaker(languageOf(c)), now: world.clock.now(), ...of })

/** The call that actions are handed. `party`: who must not stand in another's way. */
export const callOf = ({ c }: Pick<Visit, 'c'>, party: string): Call => ({
  door: 'manager',
  requestId: c.get('requestId'),
  party,
  signal: c.get('deadline'),
})

/** A secret out of a form. */
export const secretOf = (visit: Visit, name: string): Secret => Secret.of(visit.form[name] ?? '')

export const roleOf = (who: SignedIn, business: string): Role | undefined => roleIn(who.admin, business)

// ——— cookies

export type CookieName = 'session' | 'browser' | 'form'

// Apart from those of accounts: who looks after a business may have an account of their own.
const named = (name: CookieName): string => `manager-${name}`

export const readCookie = (c: Context<Exchange>, { https }: ManagerOptions, name: CookieName): string | undefined =>
  cookies.readCookie(c, https, named(name))

export function keepCookie(
  { c, options }: Pick<Visit, 'c' | 'options'>,
  name: CookieName,
  value: string,
  seconds: number | undefined,
): void {
  const lasting = seconds === undefined ? {} : { seconds }
  cookies.keepCookie(c, options.https, { name: named(name), ...lasting }, value)
}

export const dropCookie = ({ c, options }: Visit, name: CookieName): void =>
  cookies.dropCookie(c, options.https, named(name))

// ——— answers

export type Shown = {
  readonly title: string
  /** The page's own path, which a GET shows. */
  readonly path: string
  readonly body: Html
  readonly problems?: readonly FormProblem[]
  readonly status?: 200 | 400 | 403 | 404 | 409 | 422 | 429 | 500 | 503
  readonly width?: 'narrow' | 'wide'
  readonly heading?: Html
}

const scripts = ['forms.js', 'countdown.js']

/** Answers with a page: its heading, what is wrong, what was just done, and its body. */
export function show(visit: Visit | SignedVisit, shown: Shown): Response | Promise<Response> {
  const { c, t, world, now } = visit
  const problems = shown.problems ?? []
  const title = problems.length === 0 ? shown.title : `${t.plain('problem.title')}: ${shown.title}`
  const body = html`
    ${shown.heading ?? html`<h1>${shown.title}</h1>`}
    ${summary(t.plain('problem.title'), problems)}
    ${problems.length === 0 ? done(visit) : ''}
    <div class="stack" data-now="${String(now)}">${shown.body}</div>
  `
  return c.html(
    page({
      title,
      language: t.language,
      product: world.policy.product,
      brand: world.policy.brand,
      path: shown.path,
      home: '/manager',
      header: 'who' in visit ? session(visit) : undefined,
      width: shown.width ?? 'wide',
      scripts,
      body,
    }),
    shown.status ?? (problems.length === 0 ? 200 : 422),
  )
}

const session = (visit: SignedVisit): Html => html`<nav class="session" aria-label="${visit.t.plain('session')}">
  <span class="who"><bdi>${visit.who.admin.email}</bdi></span>
  <a href="/manager/password">${visit.t.say('password.link')}</a>
  <form method="post" action="/manager/sign-out">${token(visit)}<button class="plain">${visit.t.say('signOut')}</button></form>
</nav>`

/** What every form carries. */
export const token = ({ formToken }: Visit): Html => html`<input type="hidden" name="form" value="${formToken}" />`

// ——— what was just done: said by the page that a form leads to

const doings = [
  ...['signed_out', 'password_chosen', 'expired', 'password_changed', 'added', 'code_sent', 'proved', 'registered'],
  ...['pin_set', 'pin_changed', 'deleted', 'old_form'],
] as const
export type Done = (typeof doings)[number]

const done = ({ c, t }: Visit): Html => {
  const named = c.req.method === 'GET' ? doings.find(each => each === c.req.query('done')) : undefined
  if (named === undefined) return html``
  const kind = named === 'expired' || named === 'old_form' ? 'wait' : 'good'
  return html`<div class="notice ${kind}" role="status"><p>${t.say(`done.${named}`)}</p></div>`
}

/** Leads on to a page after a form was taken (post, redirect, get). */
export const leadTo = ({ c }: Pick<Visit, 'c'>, path: string, did?: Done): Response =>
  c.redirect(did === undefined ? path : `${path}?done=${did}`, 303)

// ——— pages that say no

export const noSuchPage = (visit: Visit): Response | Promise<Response> =>
  refusal(visit, 'problem.notFound.title', 'problem.notFound.text', 404)

export const adminsOnly = (visit: Visit): Response | Promise<Response> =>
  refusal(visit, 'problem.forbidden.title', 'problem.forbidden.text', 403)

export const forged = (visit: Visit): Response | Promise<Response> =>
  refusal(visit, 'problem.forged.title', 'problem.forged.text', 403)

export const away = (visit: Visit): Response | Promise<Response> =>
  refusal(visit, 'problem.away.title', 'problem.away.text', 503)

export const broken = (visit: Visit): Response | Promise<Response> =>
  show(visit, {
    title: visit.t.plain('problem.broken.title'),
    path: '/manager',
    status: 500,
    width: 'narrow',
    body: html`<p>${visit.t.say('problem.broken.text', { id: html`<code>${visit.c.get('requestId')}</code>` })}</p>
      ${toStart(visit)}`,
  })

const refusal = (visit: Visit, title: ManagerText, text: ManagerText, status: 403 | 404 | 503) =>
  show(visit, {
    title: visit.t.plain(title),
    path: '/manager',
    status,
    width: 'narrow',
    body: html`<p>${visit.t.say(text)}</p>${toStart(visit)}`,
  })

const toStart = ({ t }: Visit): Html => html`<p><a class="button second" href="/manager">${t.say('home')}</a></p>`
