// Another password, by whoever has just proved the old one.

import { html } from 'hono/html'
import { changePassword } from '#actions/account/change-password.ts'
import { isOn } from '#core/account/account.ts'
import { day } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import { fresh } from './confirmation.ts'
import { underHome } from './entries.ts'
import { busy, newPasswordFields, newPasswordProblems, weakPassword } from './fields.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  isRefusal,
  leadTo,
  refused,
  type SignedVisit,
  type Status,
  secretOf,
  show,
  token,
} from './visit.ts'

const path = '/account/password'

function passwordPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const { account } = at
  const title = t.plain('newPassword.title')
  const heading = underHome(visit, title)
  if (account.password === undefined) {
    return show(visit, { title, path, heading, body: html`<p>${t.say('newPassword.none')}</p>` })
  }
  const on = isOn(account)
  const days = world.limits.account.waiting.period / day
  return show(visit, {
    title,
    path,
    heading,
    problems,
    status,
    body: html`<div class="card">
      <p>${t.say(on ? 'newPassword.text.on' : 'newPassword.text')}</p>
      ${on ? '' : html`<p class="soft">${t.say('newPassword.waits', { days })}</p>`}
      <form class="stack" method="post" action="${path}">
        ${token(visit)}
        <input type="hidden" name="username" autocomplete="username" value="${account.addresses[0]?.address ?? ''}" />
        ${newPasswordFields(visit, problems)}
        <div class="actions"><button>${t.say('newPassword.button')}</button></div>
      </form>
    </div>`,
  })
}

async function change(visit: SignedVisit): Promise<Response> {
  const { world, call, at } = visit
  const missing = newPasswordProblems(visit)
  if (missing.length > 0) return passwordPage(visit, missing)
  const ending = await changePassword(world, call, at, secretOf(visit, 'new'))
  if (isRefusal(ending)) return refused(visit, ending, path)
  switch (ending.kind) {
    case 'changed':
      return leadTo(visit, '/account', 'password_changed')
    case 'no_password':
      return leadTo(visit, path)
    case 'weak_password':
      return passwordPage(visit, [weakPassword(visit, ending).problem])
    case 'overloaded': {
      const { problem, status } = busy(visit, ending)
      return passwordPage(visit, [problem], status)
    }
  }
}

export const newPasswordRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: fresh(visit => passwordPage(visit, [])) },
  { method: 'POST', path, who: 'signed_in', answer: change },
]
