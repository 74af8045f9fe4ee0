// Signing up: an address is written, and a link goes there. Everything after that is the page of the link.

import { html } from 'hono/html'
import { askToSignUp } from '#actions/account/sign-up.ts'
import type { FormProblem } from '../form.ts'
import { emailField, requiredProblems } from './fields.ts'
import type { Route } from './route.ts'
import { type Answer, leadTo, type Status, show, token, typed, type Visit } from './visit.ts'

const path = '/account/sign-up'
const mailedPath = `${path}/mailed`

function signUpPage(visit: Visit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t } = visit
  return show(visit, {
    title: t.plain('signUp.title'),
    path,
    problems,
    status,
    body: html`<p class="lead soft">${t.say('signUp.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${path}">
          ${token(visit)} ${emailField(visit, problems)}
          <button>${t.say('signUp.button')}</button>
        </form>
      </div>
      <p class="soft">${t.say('signUp.have', { link: html`<a href="/account/sign-in">${t.say('signUp.haveLink')}</a>` })}</p>`,
  })
}

async function ask(visit: Visit): Promise<Response> {
  const { t, world, call, presenting } = visit
  const empty = requiredProblems(visit, { email: t.say('signIn.email') })
  if (empty.length > 0) return signUpPage(visit, empty)
  const asked = { email: typed(visit, 'email'), language: t.language, network: presenting.network }
  const ending = await askToSignUp(world, call, asked)
  switch (ending.kind) {
    case 'accepted':
      return leadTo(visit, mailedPath)
    case 'not_an_address':
      return signUpPage(visit, [{ field: 'email', text: t.say('signUp.wrong') }])
    case 'too_many_sign_ups': {
      const wait = t.wait(ending.retryAt, ending.now)
      return signUpPage(visit, [{ text: t.say('signUp.tooMany', { wait }) }], 429)
    }
  }
}

// Whatever was mailed, or nothing: this page says the same to everybody.
const mailed = (visit: Visit): Answer =>
  show(visit, {
    title: visit.t.plain('signUp.mailed.title'),
    path: mailedPath,
    body: html`<div class="notice good"><p>${visit.t.say('signUp.mailed.text')}</p></div>
      <p class="soft">${visit.t.say('signUp.mailed.none')}</p>
      <p><a class="button second" href="${path}">${visit.t.say('signUp.mailed.again')}</a></p>`,
  })

export const signUpRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'anybody', answer: visit => signUpPage(visit, []) },
  { method: 'POST', path, who: 'anybody', answer: ask },
  { method: 'GET', path: mailedPath, who: 'anybody', answer: mailed, bare: true },
]
