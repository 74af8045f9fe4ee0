// A forgotten password: which way leads to a new one, and the way by mail, for an account without two-step verification.
//
//     two-step on:   /recovery-key ──▶ password-reset.ts
//     two-step off:  /mail ──▶ a link is mailed; the rest is its page

import { html } from 'hono/html'
import { mailReset } from '#actions/account/mailed-links.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { emailField, requiredProblems } from './fields.ts'
import type { Route } from './route.ts'
import type { AccountText } from './texts/texts.ts'
import { type Answer, leadTo, show, token, typed, type Visit } from './visit.ts'

const path = '/account/forgotten'
export const mailPath = `${path}/mail`
const mailedPath = `${path}/mailed`

const choice = (visit: Visit): Answer => {
  const { t } = visit
  return show(visit, {
    title: t.plain('forgotten.title'),
    path,
    body: html`<p class="lead soft">${t.say('forgotten.lead')}</p>
      <div class="choices">
        ${way(visit, `${path}/recovery-key`, 'forgotten.on', 'forgotten.onText')}
        ${way(visit, mailPath, 'forgotten.off', 'forgotten.offText')}
      </div>
      <p><a href="/account/sign-in">${t.say('back')}</a></p>`,
  })
}

const way = ({ t }: Visit, to: string, name: AccountText, text: AccountText): Html =>
  html`<a class="choice" href="${to}"><span>${t.say(name)}</span><span class="soft small">${t.say(text)}</span></a>`

// ——— by mail

function mailPage(visit: Visit, problems: readonly FormProblem[]): Answer {
  const { t } = visit
  return show(visit, {
    title: t.plain('forgotten.mail.title'),
    path: mailPath,
    problems,
    body: html`<p class="lead soft">${t.say('forgotten.mail.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${mailPath}">
          ${token(visit)} ${emailField(visit, problems)}
          <button>${t.say('forgotten.mail.button')}</button>
        </form>
      </div>
      <p><a href="${path}">${t.say('back')}</a></p>`,
  })
}

async function mail(visit: Visit): Promise<Response> {
  const empty = requiredProblems(visit, { email: visit.t.say('signIn.email') })
  if (empty.length > 0) return mailPage(visit, empty)
  await mailReset(visit.world, visit.call, { identifier: typed(visit, 'email').slice(0, 254) })
  return leadTo(visit, mailedPath)
}

// Whether there is such an account, and what it has turned on: this page says the same to everybody.
const mailed = (visit: Visit): Answer =>
  show(visit, {
    title: visit.t.plain('forgotten.mailed.title'),
    path: mailedPath,
    body: html`<div class="notice good"><p>${visit.t.say('forgotten.mailed.text')}</p></div>
      <p class="soft">${visit.t.say('forgotten.mailed.none')}</p>
      <p><a class="button second" href="/account/sign-in">${visit.t.say('signIn.title')}</a></p>`,
  })

export const forgottenRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'anybody', answer: choice, bare: true },
  { method: 'GET', path: mailPath, who: 'anybody', answer: visit => mailPage(visit, []) },
  { method: 'POST', path: mailPath, who: 'anybody', answer: mail },
  { method: 'GET', path: mailedPath, who: 'anybody', answer: mailed, bare: true },
]
