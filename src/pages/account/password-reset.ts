// A forgotten password, with two-step verification on.
//
//     /recovery-key ──▶ /device ──▶ /code ──▶ /password ──▶ sign in, with both steps
//
// The Recovery Key comes first, so that a stranger makes no phone ring. A reset under way lies in a cookie of its own.

import { html } from 'hono/html'
import {
  beginReset,
  checkResetCode,
  type ResetSeen,
  resetOfToken,
  resetPassword,
  sendResetCode,
} from '#actions/account/password-reset.ts'
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
  newPasswordFields,
  newPasswordProblems,
  requiredProblems,
  weakPassword,
  withLeft,
} from './fields.ts'
import { mailPath } from './forgotten.ts'
import type { Route } from './route.ts'
import { codeNotSent, codePage, deviceChoices, stepOf } from './second-step.ts'
import { keyWait } from './sign-in.ts'
import {
  type Answer,
  drop,
  keep,
  leadTo,
  type Status,
  secretOf,
  show,
  shown,
  token,
  typed,
  type Visit,
} from './visit.ts'

const path = '/account/forgotten'
const keyPath = `${path}/recovery-key`
const devicePath = `${path}/device`
const codePath = `${path}/code`
const passwordPath = `${path}/password`
const steps = 4

// ——— the Recovery Key

function keyPage(visit: Visit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t } = visit
  const title = t.plain('forgotten.key.title')
  return show(visit, {
    title,
    heading: stepOf(visit, 1, steps, title),
    path: keyPath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('forgotten.key.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${keyPath}">
          ${token(visit)} ${emailField(visit, problems)} ${keyField(visit, problems)}
          <button>${t.say('signIn.key.button')}</button>
        </form>
      </div>
      <p class="soft">${t.say('forgotten.key.noKey', { link: byMail(visit) })}</p>`,
  })
}

const byMail = ({ t }: Visit): Html => html`<a href="${mailPath}">${t.say('forgotten.key.noKeyLink')}</a>`

async function begin(visit: Visit): Promise<Response> {
  const { t, world, call, presenting } = visit
  const labels = { email: t.say('signIn.email'), 'recovery-key': t.say('signIn.key.label') }
  const empty = requiredProblems(visit, labels)
  if (empty.length > 0) return keyPage(visit, empty)
  const identifier = typed(visit, 'email').slice(0, 254)
  const ending = await beginReset(world, call, { identifier, key: secretOf(visit, 'recovery-key'), presenting })
  switch (ending.kind) {
    case 'begun':
      keep(visit, 'reset', `${ending.reset}|${ending.token.reveal()}`)
      return leadTo(visit, devicePath)
    case 'wrong_key':
      return keyPage(visit, [{ field: 'recovery-key', text: t.say('forgotten.key.wrong') }])
    case 'key_too_soon':
      return keyPage(visit, [keyWait(visit, ending)], 429)
  }
}

// ——— a reset under way

type OnReset = Visit & { readonly on: ResetSeen }

/** Does something with the reset that this visitor has begun, once its code is right or before; leads to where it is. */
const onReset =
  (step: 'code' | 'password', answer: (visit: OnReset) => Answer) =>
  async (visit: Visit): Promise<Response> => {
    const [id = '', secret = ''] = (shown(visit, 'reset') ?? '').split('|')
    const on = secret === '' ? undefined : await resetOfToken(visit.world, id, Secret.of(secret))
    if (on === undefined) return over(visit)
    if (on.codeRight !== (step === 'password')) return leadTo(visit, on.codeRight ? passwordPath : devicePath)
    return answer({ ...visit, on })
  }

function over(visit: Visit): Response {
  drop(visit, 'reset')
  return leadTo(visit, keyPath, 'reset_over')
}

function devicePage(visit: OnReset, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, on } = visit
  const title = t.plain('signIn.device.title')
  return show(visit, {
    title,
    heading: stepOf(visit, 2, steps, title),
    path: devicePath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('forgotten.device.lead')}</p>
      ${deviceChoices(visit, on.devices, devicePath)}`,
  })
}

async function sendCode(visit: OnReset): Promise<Response> {
  const { world, call, on } = visit
  const ending = await sendResetCode(world, call, { ...on, device: typed(visit, 'device') })
  if (ending.kind === 'sent') return leadTo(visit, codePath)
  if (ending.kind === 'no_reset') return over(visit)
  const { problem, status } = codeNotSent(visit, ending, on.code !== undefined, 'code.off')
  // The code that is out still counts: its field stays.
  const stays = ending.kind === 'too_many_codes' && on.code !== undefined
  return stays ? codeStep(visit, [problem], status) : devicePage(visit, [problem], status)
}

function codeStep(visit: OnReset, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, on } = visit
  const device = on.devices.find(each => each.id === on.code?.device)
  if (on.code === undefined || device === undefined) return leadTo(visit, devicePath)
  const title = t.plain('signIn.code.title')
  const asked = {
    ...{ device, ends: on.code.ends, action: codePath, again: devicePath },
    button: t.say('forgotten.code.button'),
    others: html`<a href="${devicePath}">${t.say('signIn.code.other')}</a>`,
  }
  return show(visit, {
    title,
    heading: stepOf(visit, 3, steps, title),
    path: codePath,
    problems,
    status,
    scripts: ['one-time-code.js'],
    body: codePage(visit, asked, problems),
  })
}

async function checkCode(visit: OnReset): Promise<Response> {
  const { t, world, call, on } = visit
  const empty = requiredProblems(visit, { code: t.say('code.label') })
  if (empty.length > 0) return codeStep(visit, empty)
  const ending = await checkResetCode(world, call, { ...on, code: codeOf(visit) })
  if (ending.kind === 'proved') return leadTo(visit, passwordPath)
  if (!isCodeRefusal(ending)) return over(visit)
  // As it is after the check, which was paid for.
  return onReset('code', after => {
    const { problem, status } = codeWrong(after, ending)
    if (ending.kind === 'device_off') return devicePage(after, [problem], status)
    return codeStep(after, [withLeft(after, ending, problem, after.on.code)], status)
  })(visit)
}

function passwordPage(visit: OnReset, problems: readonly FormProblem[], status?: Status): Answer {
  const { t } = visit
  const title = t.plain('forgotten.password.title')
  return show(visit, {
    title,
    heading: stepOf(visit, 4, steps, title),
    path: passwordPath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('forgotten.password.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${passwordPath}">
          ${token(visit)} ${newPasswordFields(visit, problems)}
          <button>${t.say('forgotten.password.button')}</button>
        </form>
      </div>`,
  })
}

async function setPassword(visit: OnReset): Promise<Response> {
  const { world, call, on } = visit
  const wrong = newPasswordProblems(visit)
  if (wrong.length > 0) return passwordPage(visit, wrong)
  const ending = await resetPassword(world, call, { ...on, password: secretOf(visit, 'new') })
  switch (ending.kind) {
    case 'reset':
      drop(visit, 'reset')
      drop(visit, 'session')
      return leadTo(visit, '/account/sign-in', 'password_reset')
    case 'weak_password':
      return passwordPage(visit, [weakPassword(visit, ending).problem])
    case 'overloaded': {
      const { problem, status } = busy(visit, ending)
      return passwordPage(visit, [problem], status)
    }
    case 'code_needed':
      return leadTo(visit, devicePath)
    case 'no_reset':
      return over(visit)
  }
}

export const passwordResetRoutes: readonly Route[] = [
  { method: 'GET', path: keyPath, who: 'anybody', answer: visit => keyPage(visit, []) },
  { method: 'POST', path: keyPath, who: 'anybody', answer: begin },
  { method: 'GET', path: devicePath, who: 'anybody', answer: onReset('code', visit => devicePage(visit, [])) },
  { method: 'POST', path: devicePath, who: 'anybody', answer: onReset('code', sendCode) },
  { method: 'GET', path: codePath, who: 'anybody', answer: onReset('code', visit => codeStep(visit, [])) },
  { method: 'POST', path: codePath, who: 'anybody', answer: onReset('code', checkCode) },
  { method: 'GET', path: passwordPath, who: 'anybody', answer: onReset('password', visit => passwordPage(visit, [])) },
  { method: 'POST', path: passwordPath, who: 'anybody', answer: onReset('password', setPassword) },
]
