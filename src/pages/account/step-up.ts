// Fresh proofs in a session, before something that changes who can get in: the password once more, and a code once more.
//
//   ?next=/account/… ──▶ password, where it is old ──▶ device ──▶ code, where it is old ──▶ next
//
// Where it leads back to is in the address: a page of ours, which names nothing but pages.

import { html } from 'hono/html'
import { checkStepUpCode, sendStepUpCode, stepUpByPassword } from '#actions/account/step-up.ts'
import { codeLeft } from '#core/account/challenge.ts'
import { staleProofs } from '#core/account/session.ts'
import { stepUpSlot } from '#core/account/step-up.ts'
import { deviceOf, devicesOf, isOff, masked } from '#core/account/trusted-device.ts'
import { minute } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import { triesLeft } from './code-tries.ts'
import { stepUpFor } from './confirmation.ts'
import {
  busy,
  codeOf,
  codesPaused,
  codeWrong,
  passwordField,
  requiredProblems,
  tooManyCodes,
  type Wrong,
} from './fields.ts'
import type { Route } from './route.ts'
import { codePage, deviceChoices } from './second-step.ts'
import {
  type Answer,
  isRefusal,
  leadTo,
  nextOf,
  refused,
  type SignedVisit,
  type Status,
  secretOf,
  show,
  token,
  typed,
} from './visit.ts'

const path = '/account/step-up'
const passwordPath = `${path}/password`
const devicePath = `${path}/device`
const codePath = `${path}/code`

const nextIn = ({ c }: SignedVisit): string => nextOf(c.req.query('next'))
/** One of our paths, with where to go on. */
const withNext = (visit: SignedVisit, to: string): string => `${to}?${new URLSearchParams({ next: nextIn(visit) })}`
const chooses = ({ c }: SignedVisit): boolean => c.req.query('choose') !== undefined

function stepUpPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { at, world } = visit
  const missing = staleProofs(at.account, at.session, at.now, world.limits)
  if (missing.length === 0) return leadTo(visit, nextIn(visit))
  if (missing.includes('P')) return passwordPage(visit, problems, missing.length > 1, status)
  const code = codeLeft(at.account, stepUpSlot(at.session.id), at.now, world.limits)
  return code === undefined || chooses(visit) ? choicePage(visit, problems, status) : enterCode(visit, problems, status)
}

// ——— the password

function passwordPage(visit: SignedVisit, problems: readonly FormProblem[], both: boolean, status?: Status): Answer {
  const { t, at, world } = visit
  const title = t.plain('stepUp.title')
  const minutes = world.limits.account.freshProof / minute
  if (at.account.password === undefined) {
    return show(visit, { title, body: html`<p>${t.say('stepUp.password.none')}</p>` })
  }
  const password = { id: 'password', label: t.plain('stepUp.password'), autocomplete: 'current-password' } as const
  return show(visit, {
    title,
    path: withNext(visit, path),
    problems,
    status,
    body: html`<p class="lead soft">${t.say('stepUp.text', { minutes })} ${both ? t.say('stepUp.first') : ''}</p>
      <div class="card">
        <form class="stack" method="post" action="${withNext(visit, passwordPath)}">
          ${token(visit)}
          <input type="hidden" name="username" autocomplete="username" value="${at.account.addresses[0]?.address ?? ''}" />
          ${passwordField(visit, password, problems)}
          <div class="actions">
            <button>${t.say('stepUp.password.button')}</button>
            <a class="button second" href="/account">${t.say('stepUp.cancel')}</a>
          </div>
        </form>
      </div>`,
  })
}

async function provePassword(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t, presenting } = visit
  const again = ({ problem, status }: Wrong) => stepUpPage(visit, [problem], status)
  const [empty] = requiredProblems(visit, { password: t.say('stepUp.password') })
  if (empty !== undefined) return again({ problem: empty })
  const ending = await stepUpByPassword(world, call, at, { password: secretOf(visit, 'password'), presenting })
  if (isRefusal(ending)) return refused(visit, ending, nextIn(visit))
  switch (ending.kind) {
    case 'stepped_up':
      return leadTo(visit, withNext(visit, path))
    case 'wrong_password':
      return again({ problem: { field: 'password', text: t.say('stepUp.password.wrong') } })
    case 'password_too_soon': {
      const wait = t.wait(ending.retryAt, ending.now)
      return again({ problem: { field: 'password', text: t.say('stepUp.password.wait', { wait }) }, status: 429 })
    }
    case 'no_password':
      return leadTo(visit, stepUpFor(nextIn(visit)))
    case 'overloaded':
      return again(busy(visit, ending))
  }
}

// ——— the code

function choicePage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const all = devicesOf(at.account)
  const open = all.filter(each => !isOff(each, 'known', world.limits))
  const title = t.plain('stepUp.choose.title')
  return show(visit, {
    title,
    path: withNext(visit, path),
    problems,
    status,
    body: html`<p class="lead soft">${t.say('stepUp.choose.text')} ${t.say('stepUp.text.other')}</p>
      ${deviceChoices(visit, (open.length === 0 ? all : open).map(masked), withNext(visit, devicePath))}
      <p class="soft small">${t.say('stepUp.choose.none')}</p>
      <p><a href="/account">${t.say('stepUp.cancel')}</a></p>`,
  })
}

async function sendCode(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t, presenting } = visit
  const device = typed(visit, 'device')
  const ending = await sendStepUpCode(world, call, at, { device, from: presenting.from })
  if (isRefusal(ending)) return refused(visit, ending, nextIn(visit))
  switch (ending.kind) {
    case 'sent':
      return leadTo(visit, withNext(visit, path))
    case 'too_many_codes': {
      const { problem, status } = tooManyCodes(visit, ending)
      return stepUpPage(visit, [problem], status)
    }
    case 'codes_paused': {
      const { problem, status } = codesPaused(visit, ending)
      return choicePage(visit, [problem], status)
    }
    case 'device_off':
      return choicePage(visit, [{ text: t.say('code.off') }], 409)
    case 'no_device':
      return choicePage(visit, [{ text: t.say('device.gone') }])
  }
}

function enterCode(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const code = codeLeft(at.account, stepUpSlot(at.session.id), at.now, world.limits)
  const device = code && deviceOf(at.account, code.challenge.device)
  if (code === undefined || device === undefined) return choicePage(visit, problems, status)
  const asked = {
    ...{ device: masked(device), ends: code.ends, button: t.say('next') },
    ...{ action: withNext(visit, codePath), again: withNext(visit, devicePath) },
    others: html`<a href="${withNext(visit, path)}&amp;choose=1">${t.say('stepUp.code.other')}</a>`,
  }
  return show(visit, {
    title: t.plain('setUp.code.title'),
    path: withNext(visit, path),
    problems,
    status,
    scripts: ['one-time-code.js'],
    body: codePage(visit, asked, problems),
  })
}

async function proveCode(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const [empty] = requiredProblems(visit, { code: t.say('code.label') })
  if (empty !== undefined) return enterCode(visit, [empty])
  const ending = await checkStepUpCode(world, call, at, codeOf(visit))
  if (isRefusal(ending)) return refused(visit, ending, nextIn(visit))
  if (ending.kind === 'stepped_up') return leadTo(visit, nextIn(visit), 'stepped_up')
  const { problem, status } = codeWrong(visit, ending)
  if (ending.kind !== 'wrong_code') return enterCode(visit, [problem], status)
  const left = await triesLeft(visit, stepUpSlot(at.session.id))
  return enterCode(visit, [{ ...problem, text: html`${problem.text} ${left}` }])
}

export const stepUpRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: visit => stepUpPage(visit, []) },
  { method: 'POST', path: passwordPath, who: 'signed_in', answer: provePassword },
  { method: 'POST', path: devicePath, who: 'signed_in', answer: sendCode },
  { method: 'POST', path: codePath, who: 'signed_in', answer: proveCode },
]
