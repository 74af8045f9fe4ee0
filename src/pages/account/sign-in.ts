// Signing in and out.
//
//     /sign-in ──password right──┬──▶ session
//                                └──▶ /sign-in/device ──chosen──▶ /sign-in/code ──right──▶ session
//                                              └──▶ /sign-in/recovery-key ──right──▶ limited session, /new-device
//
// A sign-in that has begun lies in a cookie of its own, so that a reload loses nothing; which step comes next says the server.

import { html } from 'hono/html'
import { endSessions } from '#actions/account/sessions.ts'
import {
  checkSignInCode,
  type Opened,
  type SignInSeen,
  sendSignInCode,
  signIn as signInAction,
  signInByKey,
  signInOfToken,
} from '#actions/account/sign-in.ts'
import { day } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import {
  busy,
  codeOf,
  codeWrong,
  emailField,
  isCodeRefusal,
  keyField,
  passwordField,
  requiredProblems,
  withLeft,
} from './fields.ts'
import type { Route } from './route.ts'
import { codeNotSent, codePage, deviceChoices, stepOf } from './second-step.ts'
import {
  type Answer,
  drop,
  keep,
  leadTo,
  newDevicePath,
  nextOf,
  type SignedVisit,
  type Status,
  secretOf,
  show,
  shown,
  token,
  typed,
  type Visit,
} from './visit.ts'

const path = '/account/sign-in'
const devicePath = `${path}/device`
const codePath = `${path}/code`
const keyPath = `${path}/recovery-key`

// ——— the password

const askToSignIn = (visit: Visit): Answer => signInPage(visit, [])

function signInPage(visit: Visit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, c, form } = visit
  const next = nextOf(form.next ?? c.req.query('next'))
  const password = { id: 'password', label: t.plain('signIn.password'), autocomplete: 'current-password' } as const
  return show(visit, {
    title: t.plain('signIn.title'),
    path: next === '/account' ? path : `${path}?next=${next}`,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('signIn.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${path}">
          ${token(visit)}<input type="hidden" name="next" value="${next}" />
          ${emailField(visit, problems)} ${passwordField(visit, password, problems)}
          <button>${t.say('signIn.button')}</button>
        </form>
        <p><a href="/account/forgotten">${t.say('signIn.forgotten')}</a></p>
      </div>
      <p class="soft">${t.say('signIn.noAccount', { link: toSignUp(visit) })}</p>`,
  })
}

const toSignUp = ({ t }: Visit): Html => html`<a href="/account/sign-up">${t.say('signIn.noAccountLink')}</a>`

async function signIn(visit: Visit): Promise<Response> {
  const { t, world, call, presenting, form } = visit
  const empty = requiredProblems(visit, { email: t.say('signIn.email'), password: t.say('signIn.password') })
  if (empty.length > 0) return signInPage(visit, empty)
  const command = { identifier: typed(visit, 'email').slice(0, 254), password: secretOf(visit, 'password') }
  const ending = await signInAction(world, call, { ...command, presenting, trust: false })
  switch (ending.kind) {
    case 'signed_in':
      return enter(visit, ending, nextOf(form.next))
    case 'second_step_needed':
      keep(visit, 'sign-in', `${ending.token.reveal()}|${nextOf(form.next)}`)
      return leadTo(visit, devicePath)
    case 'refused':
      return signInPage(visit, [{ text: t.say('signIn.refused') }])
    case 'guess_too_soon':
      return signInPage(visit, [{ text: t.say('signIn.wait', { wait: t.wait(ending.retryAt, ending.now) }) }], 429)
    case 'overloaded': {
      const { problem, status } = busy(visit, ending)
      return signInPage(visit, [problem], status)
    }
  }
}

/** The session begins: its cookie, the browser's, and another token for every form from here on. */
export function enter(visit: Visit, { token, browser }: Opened, next: string): Response {
  keep(visit, 'session', token.reveal())
  if (browser !== undefined) keep(visit, 'browser', browser.reveal())
  drop(visit, 'sign-in')
  drop(visit, 'form')
  return leadTo(visit, next)
}

// ——— a sign-in under way

type OnSignIn = Visit & { readonly on: SignInSeen; readonly next: string }

/** Does something with the sign-in that this visitor has begun; leads to the beginning where there is none. */
const onSignIn =
  (answer: (visit: OnSignIn) => Answer) =>
  async (visit: Visit): Promise<Response> => {
    const [secret = '', next] = (shown(visit, 'sign-in') ?? '').split('|')
    const on = secret === '' ? undefined : await signInOfToken(visit.world, Secret.of(secret))
    if (on !== undefined) return answer({ ...visit, on, next: nextOf(next) })
    return over(visit)
  }

function over(visit: Visit): Response {
  drop(visit, 'sign-in')
  return leadTo(visit, path, 'over')
}

function devicePage(visit: OnSignIn, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, on } = visit
  const title = t.plain('signIn.device.title')
  return show(visit, {
    title,
    heading: stepOf(visit, 2, 3, title),
    path: devicePath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('signIn.device.lead')}</p>
      ${deviceChoices(visit, on.devices, devicePath)}
      <h2>${t.say('signIn.device.none')}</h2>
      <p><a href="${keyPath}">${t.say('signIn.device.key')}</a></p>`,
  })
}

async function sendCode(visit: OnSignIn): Promise<Response> {
  const { world, call, on } = visit
  const ending = await sendSignInCode(world, call, { ...on, device: typed(visit, 'device') })
  if (ending.kind === 'sent') return leadTo(visit, codePath)
  if (ending.kind === 'no_sign_in') return over(visit)
  const { problem, status } = codeNotSent(visit, ending, on.code !== undefined, 'signIn.off')
  // The code that is out still counts: its field stays.
  const stays = ending.kind === 'too_many_codes' && on.code !== undefined
  return stays ? codeStep(visit, [problem], status) : devicePage(visit, [problem], status)
}

function codeStep(visit: OnSignIn, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, on } = visit
  const device = on.devices.find(each => each.id === on.code?.device)
  if (on.code === undefined || device === undefined) return leadTo(visit, devicePath)
  const title = t.plain('signIn.code.title')
  const asked = {
    ...{ device, ends: on.code.ends, action: codePath, again: devicePath },
    button: t.say('signIn.code.button'),
    more: trustBox(visit),
    others: html`<a href="${devicePath}">${t.say('signIn.code.other')}</a>
      <a href="${keyPath}">${t.say('signIn.device.key')}</a>`,
  }
  return show(visit, {
    title,
    heading: stepOf(visit, 3, 3, title),
    path: codePath,
    problems,
    status,
    scripts: ['one-time-code.js'],
    body: codePage(visit, asked, problems),
  })
}

const trustBox = ({ t, world, form }: Visit): Html => {
  const count = Math.round(world.limits.account.browser.trust / day)
  return html`<div class="field">
    <label class="check"
      ><input type="checkbox" name="trust" value="yes" aria-describedby="trust-hint" ${form.trust === 'yes' ? 'checked' : ''} />
      <span>${t.say('signIn.code.trust', { count })}</span></label
    >
    <p class="hint" id="trust-hint">${t.say('signIn.code.trustHint')}</p>
  </div>`
}

async function checkCode(visit: OnSignIn): Promise<Response> {
  const { t, world, call, presenting, form, on, next } = visit
  const empty = requiredProblems(visit, { code: t.say('code.label') })
  if (empty.length > 0) return codeStep(visit, empty)
  const trust = form.trust === 'yes'
  const ending = await checkSignInCode(world, call, { ...on, code: codeOf(visit), presenting, trust })
  if (ending.kind === 'signed_in') return enter(visit, ending, next)
  if (!isCodeRefusal(ending)) return over(visit)
  // As it is after the check, which was paid for.
  return onSignIn(after => {
    const { problem, status } = codeWrong(after, ending)
    if (ending.kind === 'device_off') return devicePage(after, [problem], status)
    return codeStep(after, [withLeft(after, ending, problem, after.on.code)], status)
  })(visit)
}

// ——— the Recovery Key

function keyPage(visit: Visit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t } = visit
  return show(visit, {
    title: t.plain('signIn.key.title'),
    path: keyPath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('signIn.key.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${keyPath}">
          ${token(visit)} ${keyField(visit, problems)}
          <button>${t.say('signIn.key.button')}</button>
        </form>
      </div>
      <p><a href="${devicePath}">${t.say('signIn.key.back')}</a></p>
      <p class="soft small">${t.say('signIn.key.lost')}</p>`,
  })
}

async function useKey(visit: OnSignIn): Promise<Response> {
  const { t, world, call, presenting, on } = visit
  const empty = requiredProblems(visit, { 'recovery-key': t.say('signIn.key.label') })
  if (empty.length > 0) return keyPage(visit, empty)
  const ending = await signInByKey(world, call, { ...on, key: secretOf(visit, 'recovery-key'), presenting })
  switch (ending.kind) {
    case 'limited':
      return enter(visit, ending, newDevicePath)
    case 'wrong_key':
      return keyPage(visit, [{ field: 'recovery-key', text: t.say('signIn.key.wrong') }])
    case 'key_too_soon':
      return keyPage(visit, [keyWait(visit, ending)], 429)
    case 'no_sign_in':
      return over(visit)
  }
}

/** Too many wrong Recovery Keys, in words. */
export const keyWait = (
  { t }: Visit,
  { retryAt, now }: Pick<Extract<Awaited<ReturnType<typeof signInByKey>>, { kind: 'key_too_soon' }>, 'retryAt' | 'now'>,
): FormProblem => ({ field: 'recovery-key', text: t.say('signIn.key.wait', { wait: t.wait(retryAt, now) }) })

// ——— out

async function signOut(visit: SignedVisit): Promise<Response> {
  const { world, call, at } = visit
  await endSessions(world, call, { account: at.id, session: at.session.id, which: { id: at.session.id } })
  drop(visit, 'session')
  drop(visit, 'form')
  return leadTo(visit, path, 'signed_out')
}

export const signInRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'anybody', answer: askToSignIn },
  { method: 'POST', path, who: 'anybody', answer: signIn },
  { method: 'GET', path: devicePath, who: 'anybody', answer: onSignIn(visit => devicePage(visit, [])) },
  { method: 'POST', path: devicePath, who: 'anybody', answer: onSignIn(sendCode) },
  { method: 'GET', path: codePath, who: 'anybody', answer: onSignIn(visit => codeStep(visit, [])) },
  { method: 'POST', path: codePath, who: 'anybody', answer: onSignIn(checkCode) },
  { method: 'GET', path: keyPath, who: 'anybody', answer: onSignIn(visit => keyPage(visit, [])) },
  { method: 'POST', path: keyPath, who: 'anybody', answer: onSignIn(useKey) },
  { method: 'POST', path: '/account/sign-out', page: '/account', who: 'in_session', answer: signOut },
]
