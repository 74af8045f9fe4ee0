// Changing one's own password.

import { html } from 'hono/html'
import { changePassword as changePasswordAction } from '#actions/sign-in.ts'
import type { FormProblem } from '../form.ts'
import { newPasswordFields, newPasswordProblems, passwordField, weakWords } from './sign-in.ts'
import { callOf, leadTo, type SignedVisit, secretOf, show, token } from './visit.ts'

const path = '/manager/password'

export const askForChange = (visit: SignedVisit): Response | Promise<Response> => passwordPage(visit, [])

function passwordPage(visit: SignedVisit, problems: readonly FormProblem[], status?: 429 | 503) {
  const { t, who } = visit
  return show(visit, {
    title: t.plain('password.title'),
    path,
    width: 'narrow',
    problems,
    ...(status === undefined ? {} : { status }),
    body: html`<p class="soft">${t.say('password.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${path}">
          ${token(visit)}
          <input type="hidden" name="username" autocomplete="username" value="${who.admin.email}" />
          ${passwordField(visit, 'current', t.plain('password.current'), 'current-password', problems)}
          ${newPasswordFields(visit, problems)}
          <button>${t.say('password.button')}</button>
        </form>
      </div>`,
  })
}

export async function changePassword(visit: SignedVisit): Promise<Response> {
  const { t, c, world, who, form } = visit
  const missing =
    (form.current ?? '') === ''
      ? [{ field: 'current', label: t.plain('password.current'), text: t.say('problem.required') }]
      : []
  const wrong = [...missing, ...newPasswordProblems(visit)]
  if (wrong.length > 0) return passwordPage(visit, wrong)
  const secrets = { current: secretOf(visit, 'current'), next: secretOf(visit, 'new') }
  const ending = await changePasswordAction(world, callOf(visit, who.id), who, secrets)
  switch (ending.kind) {
    case 'changed':
      return leadTo(visit, path, 'password_changed')
    case 'wrong_password':
      return passwordPage(visit, [{ field: 'current', text: t.say('password.wrong') }])
    case 'guess_too_soon':
      return passwordPage(visit, [{ text: t.say('password.wait', { wait: t.wait(ending.retryAt, ending.now) }) }], 429)
    case 'weak_password':
      return passwordPage(visit, [{ field: 'new', text: weakWords(visit, ending.weakness) }])
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return passwordPage(visit, [{ text: t.say('problem.busy') }], 503)
  }
}
