// The account pages: every path, who may ask for it, and what answers. A form is taken by POST only, from our own pages only,
// and carries what a cookie of the visitor's says; what it did is shown by the page it leads to.
//
//     from our pages? ──▶ not too many? ──▶ signed in? ──▶ with two proofs of three? ──▶ answer
//     403                 429               303 sign in    303 the one thing a limited session may do
//
// What a session may do is said by the rules, whatever page asks: here is only where a person is led.

import { type Context, Hono } from 'hono'
import { type AtSession, accountOfSession } from '#actions/account/account.ts'
import { forOneRequest, Overdue, type World } from '#actions/world.ts'
import { minute } from '#core/kernel/instant.ts'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { equalText } from '#secrets/equal.ts'
import { Secret } from '#secrets/secret.ts'
import { createFence } from '../fence.ts'
import { pageHeaders } from '../headers.ts'
import { ownPostsOnly } from '../own-posts.ts'
import { activityRoutes } from './activity.ts'
import { addressRoutes } from './addresses.ts'
import { appPasswordRoutes } from './app-passwords.ts'
import { browserRoutes } from './browsers.ts'
import { deviceRoutes } from './device.ts'
import { trustedDeviceRoutes } from './devices.ts'
import { forgottenRoutes } from './forgotten.ts'
import { homeRoutes } from './home.ts'
import { leavingRoutes } from './leaving.ts'
import { nameRoutes } from './names.ts'
import { newDeviceRoutes } from './new-device.ts'
import { newPasswordRoutes } from './new-password.ts'
import { passwordResetRoutes } from './password-reset.ts'
import { recoveryKeyRoutes } from './recovery-key.ts'
import type { Route } from './route.ts'
import { securityQuestionRoutes } from './security-questions.ts'
import { setUpRoutes } from './set-up.ts'
import { signInRoutes } from './sign-in.ts'
import { signUpRoutes } from './sign-up.ts'
import { stepUpRoutes } from './step-up.ts'
import {
  type AccountOptions,
  type Answer,
  away,
  broken,
  forged,
  keep,
  leadTo,
  newDevicePath,
  noSuchPage,
  type SignedVisit,
  shown,
  signInFirst,
  tooMany,
  type Visit,
  type VisitOptions,
  visitOf,
} from './visit.ts'

/** Every route. The table is walked by a test: nothing of an account is shown to a stranger or a limited session. */
export const accountPageRoutes: readonly Route[] = [
  ...signUpRoutes,
  ...signInRoutes,
  ...newDeviceRoutes,
  ...forgottenRoutes,
  ...passwordResetRoutes,
  ...deviceRoutes,
  ...homeRoutes,
  ...stepUpRoutes,
  ...setUpRoutes,
  ...trustedDeviceRoutes,
  ...recoveryKeyRoutes,
  ...appPasswordRoutes,
  ...browserRoutes,
  ...nameRoutes,
  ...newPasswordRoutes,
  ...addressRoutes,
  ...activityRoutes,
  ...securityQuestionRoutes,
  ...leavingRoutes,
]

/** Mounted at the root. */
export function accountPages(world: World, given: AccountOptions): Hono<Exchange> {
  const limit = given.accountCallsPerMinute
  const options = { ...given, fence: createFence({ limit, span: minute, apart: 0 }) }
  const app = new Hono<Exchange>({ strict: false })
  for (const under of ['/account', '/account/*']) {
    app.use(under, async (c, next) => {
      c.set('door', 'account')
      await next()
    })
    app.use(under, pageHeaders(options.https))
    app.use(
      under,
      ownPostsOnly(options.ownOrigin, c => forged(plainVisit(c, world, options))),
    )
  }
  for (const route of accountPageRoutes) app.on(route.method, route.path, c => meet(c, world, options, route))
  // Going back to a refused form asks for its address by GET: it leads to the page that has the form.
  for (const { path, page } of formsWithoutPage()) app.get(path, c => c.redirect(page, 303))
  app.get('/account/*', c => noSuchPage(plainVisit(c, world, options)))
  app.onError((error, c) => {
    const visit = plainVisit(c, world, options)
    if (error instanceof Overdue) return away(visit)
    options.report(error, c.get('requestId'))
    return error.name === 'StoreAway' ? away(visit) : broken(visit)
  })
  return app
}

/** The 503 of a request that took too long, as a page. */
export const accountIsLate = (c: Context<Exchange>, world: World, given: AccountOptions): Answer =>
  away(plainVisit(c, world, { ...given, fence: () => true }))

const formsWithoutPage = () =>
  accountPageRoutes
    .filter(({ method }) => method === 'POST')
    .filter(({ path }) => !accountPageRoutes.some(each => each.method === 'GET' && each.path === path))
    .map(({ path, page }) => ({ path, page: page ?? path.replace(/\/[^/]+$/, '') }))

const plainVisit = (c: Context<Exchange>, world: World, options: VisitOptions): Visit =>
  visitOf(c, world, options, { form: {}, formToken: '' })

async function meet(c: Context<Exchange>, shared: World, options: VisitOptions, route: Route): Promise<Response> {
  const world = forOneRequest(shared)
  const form = await formOf(c)
  if (form === undefined) return forged(plainVisit(c, world, options))
  const visit = visitOf(c, world, options, { form, formToken: formTokenOf(c, world, options, route) })
  if (route.who === 'anybody') {
    if (!route.unsigned && !isOurs(visit)) return leadBack(visit, route)
    const { network } = visit.presenting
    return c.req.method !== 'POST' || options.fence(network, visit.now) ? route.answer(visit) : tooMany(visit)
  }
  const at = await whoAsks(visit)
  if (at === undefined) return signInFirst(visit)
  const signed: SignedVisit = { ...visit, at, call: { ...visit.call, party: at.id } }
  if (route.who === 'signed_in' && at.session.level === 'limited') return leadTo(visit, newDevicePath)
  return isOurs(visit) ? route.answer(signed) : leadBack(visit, route)
}

// The page was open since long ago, or cookies are off: the page again, which says so, with a form that fits.
const leadBack = (visit: Visit, { page }: Route): Response => leadTo(visit, page ?? visit.c.req.path, 'old_form')

async function whoAsks(visit: Visit): Promise<AtSession | undefined> {
  const cookie = shown(visit, 'session')
  return cookie === undefined ? undefined : accountOfSession(visit.world, visit.call, Secret.of(cookie))
}

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

// A cookie that no other site can set or read is matched with the form: a second lock beside the word of the browser about
// where a post comes from. Without it another site could sign a person in to an account of its own choosing, and watch.
function formTokenOf(c: Context<Exchange>, world: World, options: VisitOptions, route: Route): string {
  const had = shown({ c, options }, 'form')
  if (had !== undefined && /^[0-9A-Za-z]{32}$/.test(had)) return had
  if (c.req.method === 'POST' || route.bare === true) return ''
  const made = world.secrets.newAlphanumeric(32).reveal()
  keep({ c, world, options }, 'form', made)
  return made
}
