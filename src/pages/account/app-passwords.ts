// App-specific passwords: made for a service and shown once, listed, revoked.

import { html } from 'hono/html'
import { newAppPassword, revokeAccountAppPasswords } from '#actions/account/app-passwords.ts'
import type { AppPassword } from '#core/account/app-password.ts'
import { type FormProblem, field } from '../form.ts'
import { confirmation, fresh } from './confirmation.ts'
import { comesWithTwoStep } from './devices.ts'
import { type Entry, entries, originWords, under, underHome } from './entries.ts'
import { secretScripts, shownSecret } from './key-sheet.ts'
import { nameOf } from './names.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  isRefusal,
  leadTo,
  noSuchPage,
  refused,
  type SignedVisit,
  type Status,
  show,
  token,
  typed,
} from './visit.ts'

const path = '/account/app-passwords'
const newPath = `${path}/new`
const revocation = `${path}/:id{[0-9]+}/revocation`
const revocationOfAll = `${path}/revocation`

const idOf = ({ c }: SignedVisit): string => c.req.param('id') ?? ''
const above = ({ t }: SignedVisit) => ({ href: path, text: t.say('appPasswords.title') })

function appPasswords(visit: SignedVisit): Answer {
  const { t, at } = visit
  const title = t.plain('appPasswords.title')
  const heading = underHome(visit, title)
  if (at.account.twoStep.kind !== 'on') {
    return show(visit, { title, path, heading, body: comesWithTwoStep(visit, t.say('appPasswords.off.text')) })
  }
  const list = at.account.appPasswords.toReversed()
  return show(visit, {
    title,
    path,
    width: 'wide',
    heading,
    body: html`<p class="soft">${t.say('appPasswords.lead')}</p>
      <section class="card">
        ${
          list.length === 0
            ? html`<p class="soft">${t.say('appPasswords.none')}</p>`
            : entries(
                visit,
                list.map(each => entry(visit, each)),
              )
        }
      </section>
      <p class="actions">
        <a class="button" href="${newPath}">${t.say('appPasswords.new')}</a>
        ${list.length < 2 ? '' : html`<a class="button second" href="${revocationOfAll}">${t.say('appPasswords.revokeAll')}</a>`}
      </p>`,
  })
}

function entry({ t }: SignedVisit, { id, label, service, createdAt, lastUsed }: AppPassword): Entry {
  return {
    name: label,
    called: label,
    facts: [
      ['appPasswords.service', html`<bdi>${service}</bdi>`],
      ['list.made', t.moment(createdAt)],
      ['list.used', lastUsed === undefined ? t.say('list.never') : t.moment(lastUsed.at)],
      ...(lastUsed === undefined ? [] : ([['list.from', originWords(lastUsed.from)]] as const)),
    ],
    links: [{ href: `${path}/${id}/revocation`, text: 'appPasswords.revoke' }],
  }
}

// ——— making one

function newPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, form, at } = visit
  if (at.account.twoStep.kind !== 'on') return leadTo(visit, path)
  const title = t.plain('appPasswords.new.title')
  const words = { autocomplete: 'off', longest: 64 } as const
  const label = { id: 'name', label: t.say('appPasswords.label'), hint: t.say('appPasswords.label.hint') }
  const service = {
    ...{ id: 'service', label: t.say('appPasswords.service.label') },
    hint: t.say('appPasswords.service.hint'),
  }
  return show(visit, {
    title,
    path: newPath,
    heading: under(above(visit), title),
    problems,
    status,
    body: html`<div class="card">
      <p>${t.say('appPasswords.new.text')}</p>
      <form class="stack" method="post" action="${newPath}">
        ${token(visit)}
        ${field({ ...words, ...label, value: form.name }, problems)}
        ${field({ ...words, ...service, shape: 'ltr', value: form.service }, problems)}
        <div class="actions">
          <button>${t.say('appPasswords.new.button')}</button>
          <a class="button second" href="${path}">${t.say('cancel')}</a>
        </div>
      </form>
    </div>`,
  })
}

async function make(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const contract = await import('#contract/account-app-passwords.ts')
  const [label, service] = [nameOf(visit), contract.service.safeParse(typed(visit, 'service').toLowerCase())]
  const problems: FormProblem[] = []
  if (label === undefined) problems.push({ field: 'name', text: t.say('appPasswords.label.wrong') })
  if (!service.success) problems.push({ field: 'service', text: t.say('appPasswords.service.wrong') })
  if (label === undefined || !service.success) return newPage(visit, problems)
  const ending = await newAppPassword(world, call, at, { label, service: service.data })
  if (isRefusal(ending)) return refused(visit, ending, newPath)
  switch (ending.kind) {
    case 'made':
      return madePage(visit, ending, label, service.data)
    case 'not_on':
      return leadTo(visit, path)
    case 'label_needed':
      return newPage(visit, [{ field: 'name', text: t.say('appPasswords.label.wrong') }])
    case 'too_many_app_passwords': {
      const most = world.limits.account.appPasswords
      return newPage(visit, [{ text: t.say('appPasswords.tooMany', { most }) }], 409)
    }
  }
}

type Made = Extract<Awaited<ReturnType<typeof newAppPassword>>, { readonly kind: 'made' }>

function madePage(visit: SignedVisit, { appPassword }: Made, label: string, service: string): Answer {
  const { t } = visit
  const title = t.plain('appPasswords.made.title')
  const made = { label: html`<bdi>${label}</bdi>`, service: html`<bdi>${service}</bdi>` }
  return show(visit, {
    title,
    path,
    heading: under(above(visit), title),
    scripts: secretScripts,
    body: html`<section class="card">
        ${shownSecret(visit, appPassword, t.say('appPasswords.made.for', made))}
        <p>${t.say('appPasswords.made.text')}</p>
      </section>
      <p><a class="button" href="${path}">${t.say('appPasswords.made.next')}</a></p>`,
  })
}

// ——— revoking

function askToRevoke(visit: SignedVisit): Answer {
  const { t, at } = visit
  const found = at.account.appPasswords.find(each => each.id === idOf(visit))
  if (found === undefined) return noSuchPage(visit)
  return confirmation(visit, {
    title: t.plain('appPasswords.revoke.title', { name: found.label }),
    happens: [t.say('appPasswords.revoke.text')],
    button: t.say('appPasswords.revoke.button'),
    danger: true,
    above: above(visit),
    path: `${path}/${found.id}/revocation`,
  })
}

const askToRevokeAll = (visit: SignedVisit): Answer =>
  confirmation(visit, {
    title: visit.t.plain('appPasswords.revokeAll.title'),
    happens: [visit.t.say('appPasswords.revokeAll.text')],
    button: visit.t.say('appPasswords.revokeAll'),
    danger: true,
    above: above(visit),
    path: revocationOfAll,
  })

async function revoke(visit: SignedVisit, which: { readonly id: string } | 'all'): Promise<Response> {
  const ending = await revokeAccountAppPasswords(visit.world, visit.call, visit.at, which)
  if (isRefusal(ending)) return refused(visit, ending, path)
  if (which === 'all') return leadTo(visit, path, 'app_passwords_revoked')
  return ending.count === 0 ? noSuchPage(visit) : leadTo(visit, path, 'app_password_revoked')
}

export const appPasswordRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: appPasswords },
  { method: 'GET', path: newPath, who: 'signed_in', answer: fresh(visit => newPage(visit, [])) },
  { method: 'POST', path: newPath, who: 'signed_in', answer: make },
  { method: 'GET', path: revocationOfAll, who: 'signed_in', answer: askToRevokeAll },
  { method: 'POST', path: revocationOfAll, who: 'signed_in', answer: visit => revoke(visit, 'all') },
  { method: 'GET', path: revocation, who: 'signed_in', answer: askToRevoke },
  { method: 'POST', path: revocation, who: 'signed_in', answer: visit => revoke(visit, { id: idOf(visit) }) },
]
