// A copy of everything that is kept, and the end of an account.

import { html } from 'hono/html'
import { closeAccount } from '#actions/account/closing.ts'
import { exportAccount, exportText } from '#actions/account/export.ts'
import type { FormProblem } from '../form.ts'
import { confirmation, fresh } from './confirmation.ts'
import { underHome } from './entries.ts'
import type { Route } from './route.ts'
import { type Answer, drop, isRefusal, leadTo, refused, type SignedVisit, show, type Visit } from './visit.ts'

const exportPath = '/account/export'
const closingPath = '/account/closing'
const closedPath = '/account/closed'

function exportPage(visit: SignedVisit): Answer {
  const { t } = visit
  const title = t.plain('export.title')
  return show(visit, {
    title,
    path: exportPath,
    heading: underHome(visit, title),
    body: html`<div class="card">
      <p>${t.say('export.text')}</p>
      <p class="soft">${t.say('export.keep')}</p>
      <p><a class="button" href="${exportPath}/account.json" download="account.json">${t.say('export.button')}</a></p>
    </div>`,
  })
}

async function download(visit: SignedVisit): Promise<Response> {
  const { c, world, at } = visit
  const ending = await exportAccount(world, at)
  if (isRefusal(ending)) return refused(visit, ending, exportPath)
  c.header('Content-Type', 'application/json')
  c.header('Content-Disposition', 'attachment; filename="account.json"')
  return c.body(exportText(ending))
}

// ——— the end

function closingPage(visit: SignedVisit, problems: readonly FormProblem[]): Answer {
  const { t } = visit
  const wrong = problems.some(each => each.field === 'understood')
  return confirmation(visit, {
    title: t.plain('closing.title'),
    happens: [
      t.say('closing.text'),
      t.say('closing.sessions'),
      html`<a href="${exportPath}">${t.say('closing.export')}</a>`,
    ],
    button: t.say('closing.button'),
    danger: true,
    above: { href: '/account', text: t.say('home.toHome') },
    path: closingPath,
    problems,
    fields: tick(t.say('closing.understood'), wrong ? t.say('closing.tick') : undefined),
  })
}

/** A box to tick, `understood`. */
export const tick = (
  label: ReturnType<typeof html>,
  wrong: ReturnType<typeof html> | undefined,
) => html`<div class="field">
  ${wrong === undefined ? '' : html`<p class="wrong" id="understood-wrong">${wrong}</p>`}
  <label class="check"><input type="checkbox" id="understood" name="understood" value="yes" required
    ${wrong === undefined ? '' : html`aria-invalid="true" aria-describedby="understood-wrong"`} /> <span>${label}</span></label>
</div>`

async function close(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t, form } = visit
  if (form.understood !== 'yes') return closingPage(visit, [{ field: 'understood', text: t.say('closing.tick') }])
  const ending = await closeAccount(world, call, { account: at.id, session: at.session.id })
  if (isRefusal(ending)) return refused(visit, ending, closingPath)
  for (const cookie of ['session', 'browser', 'device'] as const) drop(visit, cookie)
  return leadTo(visit, closedPath)
}

const closedPage = (visit: Visit): Answer =>
  show(visit, {
    title: visit.t.plain('closed.title'),
    path: closedPath,
    body: html`<p>${visit.t.say('closed.text')}</p>`,
  })

export const leavingRoutes: readonly Route[] = [
  { method: 'GET', path: exportPath, who: 'signed_in', answer: fresh(exportPage) },
  { method: 'GET', path: `${exportPath}/account.json`, who: 'signed_in', answer: download },
  { method: 'GET', path: closingPath, who: 'signed_in', answer: fresh(visit => closingPage(visit, [])) },
  { method: 'POST', path: closingPath, who: 'signed_in', answer: close },
  { method: 'GET', path: closedPath, who: 'anybody', bare: true, answer: closedPage },
]
