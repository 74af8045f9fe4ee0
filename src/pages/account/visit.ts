// One request to the account pages: in which language, from where, by whom, with what form; and how its page is written.

import type { Context } from 'hono'
import { html } from 'hono/html'
import type { AtSession, Presenting } from '#actions/account/account.ts'
import type { Call, World } from '#actions/world.ts'
import type { Refusal } from '#core/account/session.ts'
import { type Instant, second } from '#core/kernel/instant.ts'
import type { Arrivals } from '#http/arrivals.ts'
import { callerOfRequest, type TrustedProxies } from '#http/client-address.ts'
import type { Exchange } from '#http/exchange.ts'
import { agentOf } from '#http/user-agent.ts'
import { Secret } from '#secrets/secret.ts'
import { type Cookie, dropCookie, keepCookie, readCookie } from '../cookies.ts'
import type { Fence } from '../fence.ts'
import { type FormProblem, summary } from '../form.ts'
import { languageOf } from '../language.ts'
import { type Html, page } from '../layout.ts'
import { type AccountSpeaker, type AccountText, accountSpeaker, type Done, doings } from './texts/texts.ts'

export type AccountOptions = {
  /** Whether people reach us by https. */
  readonly https: boolean
  /** Where they do: an origin. */
  readonly ownOrigin: () => string
  readonly proxies: TrustedProxies
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
  /** How many forms one network of people who are not signed in may send in a minute; 0 is no limit. */
  readonly accountCallsPerMinute: number
  /** Where devices wait for notifications. */
  readonly arrivals: Arrivals
}

/** The same, with what is made once for all requests. */
export type VisitOptions = AccountOptions & { readonly fence: Fence }

/** A request by anybody. */
export type Visit = {
  readonly c: Context<Exchange>
  readonly world: World
  readonly options: VisitOptions
  readonly t: AccountSpeaker
  /** What was posted: texts only. */
  readonly form: Readonly<Record<string, string>>
  /** What every form of this visitor carries. */
  readonly formToken: string
  readonly now: Instant
  /** What actions are handed. */
  readonly call: Call
  /** Where the request comes from, and which browser shows itself. */
  readonly presenting: Presenting
}

/** A request in a session. Whether it is a full one, the route says. */
export type SignedVisit = Visit & { readonly at: AtSession }

export function visitOf(
  c: Context<Exchange>,
  world: World,
  options: VisitOptions,
  of: { readonly form: Visit['form']; readonly formToken: string },
): Visit {
  const { address, group } = callerOfRequest(c, options.proxies)
  const browser = readCookie(c, options.https, 'browser')
  return {
    ...{ c, world, options, t: accountSpeaker(languageOf(c)), now: world.clock.now(), ...of },
    call: { door: 'rest', requestId: c.get('requestId'), party: `network/${group}`, signal: c.get('deadline') },
    presenting: {
      network: group,
      from: { place: address === 'unknown' ? '' : address, agent: agentOf(c.req.header('user-agent')) },
      browser: browser === undefined || browser === '' ? undefined : Secret.of(browser),
    },
  }
}

/** What was typed into a field. */
export const typed = ({ form }: Visit, name: string): string => (form[name] ?? '').trim()

/** A secret out of a form, as it was typed. */
export const secretOf = ({ form }: Visit, name: string): Secret => Secret.of(form[name] ?? '')

/** The names of fields that were left empty. */
export const missing = (visit: Visit, ...names: readonly string[]): readonly string[] =>
  names.filter(name => (visit.form[name] ?? '').trim() === '')

// ——— cookies

export type AccountCookie =
  /** The token of the session. */
  | 'session'
  /** What a known browser is known by: long-lived, and another one at each sign-in. */
  | 'browser'
  /** A sign-in whose first step is done, and where it leads. */
  | 'sign-in'
  /** A password reset that the Recovery Key began. */
  | 'reset'
  /** Of the trusted device that this browser is: its token and the secret of its installation. */
  | 'device'
  /** What every form of this visitor carries. */
  | 'form'

// As long as browsers keep one at all (RFC 6265bis §5.5): how long it counts is written in the account.
const longest = 400 * 86_400

const lasting = (world: World): Readonly<Record<AccountCookie, Cookie<AccountCookie>>> => {
  const { session, signIn, passwordReset } = world.limits.account
  return {
    session: { name: 'session', seconds: session.life / second },
    browser: { name: 'browser', seconds: longest, sameSite: 'Strict' },
    'sign-in': { name: 'sign-in', seconds: signIn.life / second },
    reset: { name: 'reset', seconds: passwordReset.life / second },
    device: { name: 'device', seconds: longest },
    form: { name: 'form' },
  }
}

type WithCookies = Pick<Visit, 'c' | 'world' | 'options'>

export const shown = ({ c, options }: Pick<Visit, 'c' | 'options'>, name: AccountCookie): string | undefined =>
  readCookie(c, options.https, name)

export const keep = ({ c, world, options }: WithCookies, name: AccountCookie, value: string): void =>
  keepCookie(c, options.https, lasting(world)[name], value)

export const drop = ({ c, options }: Pick<Visit, 'c' | 'options'>, name: AccountCookie): void =>
  dropCookie(c, options.https, name)

// ——— answers

export type Answer = Response | Promise<Response>

export type Status = 200 | 400 | 403 | 404 | 409 | 410 | 422 | 429 | 500 | 503

export type Shown = {
  readonly title: string
  /** A path that a GET shows: the switch of languages leads back to it. The one that was asked for, unless told. */
  readonly path?: string
  readonly body: Html
  readonly problems?: readonly FormProblem[]
  readonly status?: Status | undefined
  /** `narrow` (the default) suits a form or a few words. */
  readonly width?: 'narrow' | 'wide'
  /** In place of the title as heading. */
  readonly heading?: Html
  /** Modules beside those that every page has. */
  readonly scripts?: readonly string[]
  /** Addresses for the page's head: an installable page's manifest. */
  readonly manifest?: string
  /** False where nobody is to be led away: a wizard's step still has "sign out". */
  readonly navigation?: boolean
}

const scripts = ['forms.js', 'countdown.js']

/** Whose account it is, and in which of its sessions: what actions are told. */
export const inSession = ({ at }: SignedVisit) => ({ account: at.id, session: at.session.id })

/** Answers with a page: its heading, what is wrong, what was just done, and its body. */
export function show(visit: Visit | SignedVisit, shown: Shown): Answer {
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
      path: shown.path ?? c.req.path,
      home: '/account',
      header: 'at' in visit && shown.navigation !== false ? session(visit) : undefined,
      width: shown.width ?? 'narrow',
      scripts: [...scripts, ...(shown.scripts ?? [])],
      manifest: shown.manifest,
      body,
    }),
    shown.status ?? (problems.length === 0 ? 200 : 422),
  )
}

function session(visit: SignedVisit): Html {
  const { t, at } = visit
  const [address] = at.account.addresses
  const who = address === undefined ? '' : html`<span class="who"><bdi>${address.address}</bdi></span>`
  const link = at.session.level === 'full' ? html`<a href="/account">${t.say('nav.security')}</a>` : ''
  return html`<nav class="session" aria-label="${t.plain('nav.session')}">
    ${who}${link}
    <form method="post" action="/account/sign-out">${token(visit)}<button class="plain">${t.say('nav.signOut')}</button></form>
  </nav>`
}

/** What every form carries. */
export const token = ({ formToken }: Visit): Html => html`<input type="hidden" name="form" value="${formToken}" />`

// ——— what was just done: said by the page that a form leads to

const waiting: readonly Done[] = ['expired', 'old_form', 'over', 'step_gone', 'key_not_shown', 'is_off']

const done = ({ c, t }: Visit): Html => {
  const named = c.req.method === 'GET' ? doings.find(each => each === c.req.query('done')) : undefined
  if (named === undefined) return html``
  const kind = waiting.includes(named) ? 'wait' : 'good'
  return html`<div class="notice ${kind}" role="status"><p>${t.say(`done.${named}`)}</p></div>`
}

/** Leads on to a page after a form was taken (post, redirect, get). */
export const leadTo = ({ c }: Pick<Visit, 'c'>, path: string, did?: Done): Response => {
  if (did === undefined) return c.redirect(path, 303)
  const [page = '', place] = path.split('#')
  const query = `${page.includes('?') ? '&' : '?'}done=${did}`
  return c.redirect(`${page}${query}${place === undefined ? '' : `#${place}`}`, 303)
}

// ——— who may not

const signInPath = '/account/sign-in'

/** Where to go on: a page of ours, which names nothing but pages. */
export const nextOf = (text: string | undefined): string =>
  text !== undefined && /^\/account(?:\/[0-9a-z-]{1,40})*$/.test(text) && !/^\/account\/(?:sign|forgotten)/.test(text)
    ? text
    : '/account'

/** Leads whoever has not signed in to where they can. */
export function signInFirst(visit: Visit): Response {
  const { c } = visit
  const next = c.req.method === 'GET' ? nextOf(c.req.path) : '/account'
  const query = new URLSearchParams()
  if (next !== '/account') query.set('next', next)
  if (shown(visit, 'session') !== undefined) query.set('done', 'expired')
  return c.redirect(query.size === 0 ? signInPath : `${signInPath}?${query}`, 303)
}

/** The one thing that a limited session may do. */
export const newDevicePath = '/account/new-device'

/**
 * Answers what the core refuses a session: leads to where it can be mended, and back to the page that asked. A form that was
 * refused for want of fresh proofs is filled in again: nothing that somebody typed is kept.
 */
export function refused(visit: SignedVisit, refusal: Refusal, back: string): Response {
  switch (refusal.kind) {
    case 'no_session':
      return signInFirst(visit)
    case 'limited_session':
      return leadTo(visit, newDevicePath)
    case 'step_up':
      return visit.c.redirect(`/account/step-up?${new URLSearchParams({ next: nextOf(back) })}`, 303)
  }
}

export const isRefusal = (ending: { readonly kind: string }): ending is Refusal =>
  ending.kind === 'no_session' || ending.kind === 'limited_session' || ending.kind === 'step_up'

// ——— pages that say no

export const noSuchPage = (visit: Visit): Answer => refusal(visit, 'problem.notFound', 404)

export const forged = (visit: Visit): Answer => refusal(visit, 'problem.forged', 403)

export const tooMany = (visit: Visit): Answer => {
  visit.c.header('Retry-After', '60')
  return refusal(visit, 'problem.tooMany', 429)
}

export const away = (visit: Visit): Answer => {
  visit.c.header('Retry-After', '5')
  return refusal(visit, 'problem.away', 503)
}

export const broken = (visit: Visit): Answer => refusal(visit, 'problem.broken', 500)

type Refused = AccountText extends infer Key
  ? Key extends `problem.${infer Name}.title`
    ? `problem.${Name}`
    : never
  : never

function refusal(visit: Visit, what: Refused, status: Status): Answer {
  const { t, c } = visit
  return show(visit, {
    title: t.plain(`${what}.title`),
    path: '/account',
    status,
    body: html`<p>${t.say(`${what}.text`, { id: html`<code>${c.get('requestId')}</code>` })}</p>
      <p><a class="button second" href="/account">${t.say('nav.home')}</a></p>`,
  })
}
