// The manager pages: every path, who may ask for it, and what answers. A form is taken by POST only, from our own pages
// only, and carries a token of the session; what it did is shown by the page it leads to.
//
//     from our pages? ──▶ signed in? ──▶ their business account? ──▶ admin, where it changes something? ──▶ answer
//     403                 303 sign in    404, as if it were not there     403

import { type Context, Hono } from 'hono'
import { numberOfClaim } from '#actions/number.ts'
import { type SignedIn, signedIn } from '#actions/sign-in.ts'
import { forOneRequest, Overdue, type World } from '#actions/world.ts'
import type { Role } from '#core/business/admin.ts'
import { claimOf } from '#core/registration-lock/phone-number.ts'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { equalText } from '#secrets/equal.ts'
import { Secret } from '#secrets/secret.ts'
import { createFence } from '../fence.ts'
import { pageHeaders } from '../headers.ts'
import { ownPostsOnly } from '../own-posts.ts'
import { addNumber, askForNumber } from './add-number.ts'
import { businesses, numbers, search } from './businesses.ts'
import { askToDelete, deleteNumber } from './deletion.ts'
import { history } from './history.ts'
import { checkCode, overview, register, sendCode } from './overview.ts'
import { askForChange, changePassword } from './password.ts'
import { askForPassword, askToSignIn, choosePassword, signIn, signInFirst, signOut } from './sign-in.ts'
import { changePin, setPin, turnOff, twoStep } from './two-step.ts'
import {
  adminsOnly,
  away,
  type BusinessVisit,
  broken,
  forged,
  keepCookie,
  leadTo,
  type ManagerOptions,
  type NumberVisit,
  noSuchPage,
  readCookie,
  roleOf,
  type SignedVisit,
  type Visit,
  type VisitOptions,
  visitOf,
} from './visit.ts'

type Answer = Response | Promise<Response>
type Method = 'GET' | 'POST'

type Route = { readonly method: Method; readonly path: string } & (
  | { readonly who: 'anybody'; readonly answer: (visit: Visit) => Answer }
  | { readonly who: 'signed_in'; readonly answer: (visit: SignedVisit) => Answer }
  /** Of the business account that the path names. */
  | { readonly who: Role; readonly on: 'business'; readonly answer: (visit: BusinessVisit) => Answer }
  /** Of the business account whose number the path names. */
  | { readonly who: Role; readonly on: 'number'; readonly answer: (visit: NumberVisit) => Answer }
)

const business = '/manager/businesses/:business{[0-9]+}'
const number = '/manager/numbers/:claim{[0-9]+}'
const invitation = '/manager/invitation/:token{[0-9A-Za-z_]+}'

/** Every route. The table is walked by a test: nothing that changes a number is open to a member or a stranger. */
export const managerRoutes: readonly Route[] = [
  { method: 'GET', path: '/manager/sign-in', who: 'anybody', answer: askToSignIn },
  { method: 'POST', path: '/manager/sign-in', who: 'anybody', answer: signIn },
  { method: 'GET', path: invitation, who: 'anybody', answer: askForPassword },
  { method: 'POST', path: invitation, who: 'anybody', answer: choosePassword },
  { method: 'GET', path: '/manager', who: 'signed_in', answer: businesses },
  { method: 'POST', path: '/manager/sign-out', who: 'signed_in', answer: signOut },
  { method: 'GET', path: '/manager/password', who: 'signed_in', answer: askForChange },
  { method: 'POST', path: '/manager/password', who: 'signed_in', answer: changePassword },
  { method: 'GET', path: business, who: 'member', on: 'business', answer: numbers },
  { method: 'POST', path: `${business}/search`, who: 'member', on: 'business', answer: search },
  { method: 'GET', path: `${business}/numbers/new`, who: 'admin', on: 'business', answer: askForNumber },
  { method: 'POST', path: `${business}/numbers/new`, who: 'admin', on: 'business', answer: addNumber },
  { method: 'GET', path: number, who: 'member', on: 'number', answer: overview },
  { method: 'POST', path: `${number}/code`, who: 'admin', on: 'number', answer: sendCode },
  { method: 'POST', path: `${number}/code/check`, who: 'admin', on: 'number', answer: checkCode },
  { method: 'POST', path: `${number}/registration`, who: 'admin', on: 'number', answer: register },
  { method: 'GET', path: `${number}/two-step`, who: 'member', on: 'number', answer: twoStep },
  { method: 'POST', path: `${number}/two-step/pin`, who: 'admin', on: 'number', answer: setPin },
  { method: 'POST', path: `${number}/two-step/pin/change`, who: 'admin', on: 'number', answer: changePin },
  { method: 'POST', path: `${number}/two-step/closure`, who: 'admin', on: 'number', answer: turnOff },
  { method: 'GET', path: `${number}/history`, who: 'member', on: 'number', answer: history },
  { method: 'GET', path: `${number}/deletion`, who: 'admin', on: 'number', answer: askToDelete },
  { method: 'POST', path: `${number}/deletion`, who: 'admin', on: 'number', answer: deleteNumber },
]

/** Mounted at the root. */
export function managerPages(world: World, given: ManagerOptions): Hono<Exchange> {
  const options = { ...given, fence: createFence() }
  const app = new Hono<Exchange>({ strict: false })
  for (const under of ['/manager', '/manager/*']) {
    app.use(under, async (c, next) => {
      c.set('door', 'manager')
      await next()
    })
    app.use(under, pageHeaders(options.https))
    app.use(
      under,
      ownPostsOnly(options.ownOrigin, c => forged(plainVisit(c, world, options))),
    )
  }
  for (const route of managerRoutes) app.on(route.method, route.path, c => meet(c, world, options, route))
  // Going back to a refused form asks for its address by GET: it leads to the page that has the form.
  for (const path of formsWithoutPage) app.get(path, c => c.redirect(pageAbove(c.req.path), 303))
  app.get('/manager/*', c => noSuchPage(plainVisit(c, world, options)))
  app.onError((error, c) => {
    const visit = plainVisit(c, world, options)
    if (error instanceof Overdue) return away(visit)
    options.report(error, c.get('requestId'))
    return error.name === 'StoreAway' ? away(visit) : broken(visit)
  })
  return app
}

/** The 503 of a request that took too long, as a page. */
export const managerIsLate = (c: Context<Exchange>, world: World, given: ManagerOptions): Answer =>
  away(plainVisit(c, world, { ...given, fence: () => true }))

const formsWithoutPage = managerRoutes
  .filter(
    ({ method, path }) => method === 'POST' && !managerRoutes.some(each => each.method === 'GET' && each.path === path),
  )
  .map(({ path }) => path)

const pageAbove = (path: string): string =>
  path.replace(/\/(?:pin|pin\/change|closure|code|code\/check|registration|search|sign-out)$/, '')

const plainVisit = (c: Context<Exchange>, world: World, options: VisitOptions): Visit =>
  visitOf(c, world, options, { form: {}, formToken: '' })

async function meet(c: Context<Exchange>, shared: World, options: VisitOptions, route: Route): Promise<Response> {
  const world = forOneRequest(shared)
  const form = await formOf(c)
  if (form === undefined) return forged(plainVisit(c, world, options))
  const who = await whoAsks(c, world, options)
  const formToken = who?.session.formToken ?? strangersToken(c, world, options)
  const visit = visitOf(c, world, options, { form, formToken })
  // The page was open since long ago, or cookies are off: the page again, which says so, with a token that fits.
  if (route.who === 'anybody') return isOurs(visit) ? route.answer(visit) : leadTo(visit, c.req.path, 'old_form')
  if (who === undefined) return signInFirst(visit)
  const signed: SignedVisit = { ...visit, who }
  if (!isOurs(visit)) return forged(signed)
  if (route.who === 'signed_in') return route.answer(signed)
  if (route.on === 'business') {
    const found = await businessVisit(signed, c.req.param('business') ?? '')
    if (found === undefined) return noSuchPage(signed)
    return mayDo(found.role, route.who) ? route.answer(found) : adminsOnly(signed)
  }
  const found = await numberVisit(signed, c.req.param('claim') ?? '')
  if (found === undefined) return noSuchPage(signed)
  return mayDo(found.role, route.who) ? route.answer(found) : adminsOnly(signed)
}

const mayDo = (role: Role, needed: Role): boolean => role === 'admin' || needed === 'member'

// ——— the form

async function formOf(c: Context<Exchange>): Promise<Visit['form'] | undefined> {
  if (c.req.method !== 'POST') return {}
  const read = await readParameters(c, { limit: 16_384, fields: 32 })
  if (read.kind !== 'read') return undefined
  return Object.fromEntries(
    Object.entries(read.body).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}

/** Whether a posted form carries the token of this visitor. */
const isOurs = ({ c, form, formToken }: Visit): boolean =>
  c.req.method !== 'POST' || (formToken !== '' && equalText(form.form ?? '', formToken))

// Before anybody has signed in, a cookie that no other site can set or read is matched with the form. Without it another
// site could sign a person in to an account of its own choosing, and watch what they do there.
function strangersToken(c: Context<Exchange>, world: World, options: VisitOptions): string {
  const had = readCookie(c, options, 'form')
  if (had !== undefined && /^[0-9A-Za-z]{32}$/.test(had)) return had
  if (c.req.method === 'POST') return ''
  const made = world.secrets.newAlphanumeric(32).reveal()
  keepCookie({ c, options }, 'form', made, undefined)
  return made
}

// ——— who asks, about what

async function whoAsks(c: Context<Exchange>, world: World, options: VisitOptions): Promise<SignedIn | undefined> {
  const cookie = readCookie(c, options, 'session')
  if (cookie === undefined) return undefined
  const call = { door: 'manager', requestId: c.get('requestId'), party: 'session', signal: c.get('deadline') } as const
  return signedIn(world, call, Secret.of(cookie))
}

async function businessVisit(visit: SignedVisit, business: string): Promise<BusinessVisit | undefined> {
  const role = roleOf(visit.who, business)
  const document = role === undefined ? undefined : (await visit.world.records.load('business', business))?.document
  return role === undefined || document === undefined ? undefined : { ...visit, business, document, role }
}

// What is another business's looks exactly like what is not there.
async function numberVisit(visit: SignedVisit, id: string): Promise<NumberVisit | undefined> {
  const subject = await visit.world.records.find('number', { purpose: 'claim', value: id })
  const by = subject === undefined ? undefined : claimOf(subject.document, id)?.by
  if (by?.kind !== 'business') return undefined
  const found = await businessVisit(visit, by.business)
  const now = found === undefined ? undefined : await numberOfClaim(visit.world, by.business, id)
  const claim = now === undefined ? undefined : claimOf(now.document, id)
  if (found === undefined || now === undefined || claim === undefined) return undefined
  return { ...found, subject: now.id, number: now.document, claim, verifiedName: by.verifiedName }
}
