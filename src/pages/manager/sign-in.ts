// Signing in and out, and the page of an invitation, where a password is chosen.

import { html } from 'hono/html'
import { acceptInvitation, lookAtInvitation } from '#actions/admins.ts'
import { signIn as signInAction, signOut as signOutAction } from '#actions/sign-in.ts'
import { longestPassword, type WeakPassword } from '#core/business/password.ts'
import { second } from '#core/kernel/instant.ts'
import { callerOfRequest } from '#http/client-address.ts'
import { Secret } from '#secrets/secret.ts'
import { type Field, type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import {
  callOf,
  dropCookie,
  keepCookie,
  leadTo,
  readCookie,
  type SignedVisit,
  secretOf,
  show,
  token,
  type Visit,
} from './visit.ts'

type Answer = Response | Promise<Response>

const signInPath = '/manager/sign-in'

// Where to go on after signing in: a page of ours, which holds ids only.
const nextOf = (text: string | undefined): string =>
  text !== undefined && /^\/manager(?:\/[0-9a-z-]{1,40})*$/.test(text) && !text.startsWith(signInPath)
    ? text
    : '/manager'

/** Leads whoever has not signed in to where they can. */
export function signInFirst({ c, options }: Visit): Response {
  const next = c.req.method === 'GET' ? nextOf(c.req.path) : '/manager'
  const query = new URLSearchParams()
  if (next !== '/manager') query.set('next', next)
  if (readCookie(c, options, 'session') !== undefined) query.set('done', 'expired')
  return c.redirect(query.size === 0 ? signInPath : `${signInPath}?${query}`, 303)
}

export const askToSignIn = (visit: Visit): Answer => signInPage(visit, [])

function signInPage(visit: Visit, problems: readonly FormProblem[], status?: 429 | 503): Answer {
  const { t, c, form } = visit
  const next = nextOf(form.next ?? c.req.query('next'))
  const email: Field = {
    ...{ id: 'email', label: t.say('signIn.email'), value: form.email, type: 'email' },
    ...{ autocomplete: 'username', shape: 'ltr', longest: 254 },
  }
  return show(visit, {
    title: t.plain('signIn.title'),
    path: signInPath,
    width: 'narrow',
    problems,
    ...(status === undefined ? {} : { status }),
    body: html`<p class="lead soft">${t.say('signIn.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${signInPath}">
          ${token(visit)}<input type="hidden" name="next" value="${next}" />
          ${field(email, problems)}
          ${passwordField(visit, 'password', t.plain('signIn.password'), 'current-password', problems)}
          <button>${t.say('signIn.button')}</button>
        </form>
      </div>
      <p class="soft small">${t.say('signIn.noAccount')}</p>`,
  })
}

export async function signIn(visit: Visit): Promise<Response> {
  const { t, c, world, form, now } = visit
  const caller = callerOfRequest(c, visit.options.proxies).group
  if (!visit.options.fence(caller, now)) return signInPage(visit, [{ text: t.say('signIn.tooMany') }], 429)
  const email = (form.email ?? '').trim()
  const missing = [email === '' ? 'email' : '', (form.password ?? '') === '' ? 'password' : ''].filter(Boolean)
  if (missing.length > 0)
    return signInPage(
      visit,
      missing.map(field => ({
        field,
        label: t.plain(field === 'email' ? 'signIn.email' : 'signIn.password'),
        text: t.say('problem.required'),
      })),
    )

  const browser = readCookie(c, visit.options, 'browser')
  const ending = await signInAction(world, callOf(visit, caller), {
    // Longer ones are nobody's, and take no longer to refuse.
    email: email.slice(0, 254),
    password: Secret.of((form.password ?? '').slice(0, 4 * longestPassword)),
    browser: browser === undefined ? undefined : Secret.of(browser),
  })
  switch (ending.kind) {
    case 'signed_in': {
      keepCookie(visit, 'session', ending.session.reveal(), world.limits.session.life / second)
      // As long as browsers keep anything.
      if (ending.browser !== undefined) keepCookie(visit, 'browser', ending.browser.reveal(), 400 * 86_400)
      dropCookie(visit, 'form')
      return leadTo(visit, nextOf(form.next))
    }
    case 'refused':
      return ending.retryAt === undefined
        ? signInPage(visit, [{ text: t.say('signIn.refused') }])
        : signInPage(visit, [{ text: t.say('signIn.wait', { wait: t.wait(ending.retryAt, ending.now) }) }], 429)
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return signInPage(visit, [{ text: t.say('problem.busy') }], 503)
  }
}

export async function signOut(visit: SignedVisit): Promise<Response> {
  await signOutAction(visit.world, callOf(visit, visit.who.id), visit.who)
  dropCookie(visit, 'session')
  return leadTo(visit, signInPath, 'signed_out')
}

// ——— the invitation

export async function askForPassword(visit: Visit): Promise<Response> {
  const secret = Secret.of(visit.c.req.param('token') ?? '')
  const invitation = await lookAtInvitation(visit.world, secret)
  return invitation === undefined ? gone(visit) : invitationPage(visit, invitation.email, [])
}

function invitationPage(visit: Visit, email: string, problems: readonly FormProblem[], status?: 503): Answer {
  const { t, c } = visit
  return show(visit, {
    title: t.plain('invitation.title'),
    path: c.req.path,
    width: 'narrow',
    problems,
    ...(status === undefined ? {} : { status }),
    body: html`<p class="lead soft">${t.say('invitation.lead', { email: html`<bdi>${email}</bdi>` })}</p>
      <div class="card">
        <form class="stack" method="post" action="${c.req.path}">
          ${token(visit)}
          <input type="hidden" name="username" autocomplete="username" value="${email}" />
          ${newPasswordFields(visit, problems)}
          <button>${t.say('invitation.button')}</button>
        </form>
      </div>`,
  })
}

const gone = (visit: Visit): Answer =>
  show(visit, {
    title: visit.t.plain('invitation.gone.title'),
    path: signInPath,
    width: 'narrow',
    status: 404,
    body: html`<p>${visit.t.say('invitation.gone.text')}</p>
      <p><a class="button" href="${signInPath}">${visit.t.say('invitation.toSignIn')}</a></p>`,
  })

export async function choosePassword(visit: Visit): Promise<Response> {
  const { t, c, world } = visit
  const secret = Secret.of(c.req.param('token') ?? '')
  const invitation = await lookAtInvitation(world, secret)
  if (invitation === undefined) return gone(visit)
  const wrong = newPasswordProblems(visit)
  if (wrong.length > 0) return invitationPage(visit, invitation.email, wrong)
  const ending = await acceptInvitation(world, callOf(visit, invitation.admin), {
    token: secret,
    password: secretOf(visit, 'new'),
  })
  switch (ending.kind) {
    case 'chosen':
      return leadTo(visit, signInPath, 'password_chosen')
    case 'gone':
      return gone(visit)
    case 'weak_password':
      return invitationPage(visit, invitation.email, [{ field: 'new', text: weakWords(visit, ending.weakness) }])
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return invitationPage(visit, invitation.email, [{ text: t.say('problem.busy') }], 503)
  }
}

// ——— password fields

export const passwordField = (
  { t }: Visit,
  id: string,
  label: string,
  autocomplete: 'current-password' | 'new-password',
  problems: readonly FormProblem[],
  hint?: Html,
): Html =>
  field(
    {
      id,
      label,
      hint,
      type: 'password',
      autocomplete,
      reveal: { show: t.plain('show'), hide: t.plain('hide'), label },
    },
    problems,
  )

/** A new password, twice. */
export function newPasswordFields(visit: Visit, problems: readonly FormProblem[]): Html {
  const { t, world } = visit
  const hint = t.say('password.hint', { least: world.limits.passwordLength })
  return html`${passwordField(visit, 'new', t.plain('password.new'), 'new-password', problems, hint)}
  ${passwordField(visit, 'again', t.plain('password.again'), 'new-password', problems)}`
}

export function newPasswordProblems({ t, form }: Visit): readonly FormProblem[] {
  if ((form.new ?? '') === '')
    return [{ field: 'new', label: t.plain('password.new'), text: t.say('problem.required') }]
  return form.new === form.again ? [] : [{ field: 'again', text: t.say('password.differ') }]
}

export const weakWords = ({ t, world }: Visit, weakness: WeakPassword | 'same'): Html =>
  t.say(`password.${weakness}`, { least: world.limits.passwordLength, most: longestPassword })
