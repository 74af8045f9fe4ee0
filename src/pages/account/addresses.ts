// E-mail addresses: where mails about the account go, and with which one signs in.

import { html } from 'hono/html'
import { addAddress, lookAtAddresses, removeAddress } from '#actions/account/addresses.ts'
import { isOn } from '#core/account/account.ts'
import { day } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import { confirmation, fresh } from './confirmation.ts'
import { badge, type Entry, entries, under, underHome } from './entries.ts'
import { emailField, requiredProblems } from './fields.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  inSession,
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

const path = '/account/addresses'
const newPath = `${path}/new`
const again = `${path}/again`
const removal = `${path}/:id{[0-9a-f]+}/removal`

const above = ({ t }: SignedVisit) => ({ href: path, text: t.say('addresses.title') })

function addresses(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, world, at } = visit
  const seen = lookAtAddresses(world, at)
  if (isRefusal(seen)) return refused(visit, seen, path)
  const title = t.plain('addresses.title')
  const { awaited } = seen
  const one = seen.addresses.length === 1
  const list = seen.addresses.map(
    ({ id, address, confirmedAt }): Entry => ({
      name: address,
      called: address,
      badges: confirmedAt === undefined ? [badge('wait', t.say('addresses.unconfirmed'))] : [],
      facts: confirmedAt === undefined ? [] : [['addresses.confirmed', t.moment(confirmedAt)]],
      links: one ? [] : [{ href: `${path}/${id}/removal`, text: 'addresses.remove' }],
    }),
  )
  return show(visit, {
    title,
    path,
    width: 'wide',
    heading: underHome(visit, title),
    problems,
    status,
    body: html`<p class="soft">${t.say('addresses.lead')}</p>
      ${
        awaited === undefined
          ? ''
          : html`<div class="notice wait">
              <p>${t.say('addresses.awaited', {
                address: html`<bdi>${awaited.address}</bdi>`,
                date: t.moment(awaited.expires),
              })}</p>
              <form method="post" action="${again}">
                ${token(visit)}<button class="plain">${t.say('addresses.again')}</button>
              </form>
            </div>`
      }
      <section class="card">${entries(visit, list)}</section>
      <p><a class="button" href="${newPath}">${t.say('addresses.new')}</a></p>`,
  })
}

// ——— one more

function newPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const title = t.plain('addresses.new.title')
  const days = world.limits.account.waiting.period / day
  return show(visit, {
    title,
    path: newPath,
    heading: under(above(visit), title),
    problems,
    status,
    body: html`<div class="card">
      <p>${t.say('addresses.new.text')}</p>
      ${isOn(at.account) ? '' : html`<p class="soft">${t.say('addresses.waits', { days })}</p>`}
      <form class="stack" method="post" action="${newPath}">
        ${token(visit)} ${emailField(visit, problems)}
        <div class="actions">
          <button>${t.say('addresses.new.button')}</button>
          <a class="button second" href="${path}">${t.say('cancel')}</a>
        </div>
      </form>
    </div>`,
  })
}

type Added = Awaited<ReturnType<typeof addAddress>>

async function add(visit: SignedVisit): Promise<Response> {
  const { t } = visit
  const missing = requiredProblems(visit, { email: t.say('addresses.new.label') })
  if (missing.length > 0) return newPage(visit, missing)
  const address = typed(visit, 'email')
  const ending = await addAddress(visit.world, visit.call, { at: visit.at, address })
  if (isRefusal(ending)) return refused(visit, ending, newPath)
  if (ending.kind === 'mailed') return leadTo(visit, path, 'address_mailed')
  const { problem, status } = wrongWords(visit, ending)
  return newPage(visit, [problem], status)
}

function wrongWords({ t, world }: SignedVisit, ending: Exclude<Added, { readonly kind: 'mailed' }>) {
  const field = 'email'
  switch (ending.kind) {
    case 'not_an_address':
      return { problem: { field, text: t.say('addresses.wrong') } }
    case 'known_already':
      return { problem: { field, text: t.say('addresses.known') } }
    case 'too_many_addresses':
      return {
        problem: { text: t.say('addresses.tooMany', { most: world.limits.account.addresses }) },
        status: 409,
      } as const
    case 'too_many_mails': {
      const wait = t.wait(ending.retryAt, ending.now)
      return { problem: { text: t.say('addresses.tooManyMails', { wait }) }, status: 429 } as const
    }
    default:
      return { problem: { text: t.say('problem.away.title') } }
  }
}

/** The link once more, to the address that waits for it. */
async function mailAgain(visit: SignedVisit): Promise<Response> {
  const { awaited } = visit.at.account
  if (awaited === undefined) return leadTo(visit, path)
  const ending = await addAddress(visit.world, visit.call, { at: visit.at, address: awaited.address })
  if (isRefusal(ending)) return refused(visit, ending, path)
  if (ending.kind === 'mailed') return leadTo(visit, path, 'address_mailed')
  const { problem, status } = wrongWords(visit, ending)
  return addresses(visit, [{ text: problem.text }], status)
}

// ——— one less

function askToRemove(visit: SignedVisit, problems: readonly FormProblem[]): Answer {
  const { t, world, at, c } = visit
  const seen = lookAtAddresses(world, at)
  if (isRefusal(seen)) return refused(visit, seen, path)
  const found = seen.addresses.find(each => each.id === c.req.param('id'))
  if (found === undefined) return noSuchPage(visit)
  const days = world.limits.account.waiting.period / day
  return confirmation(visit, {
    title: t.plain('addresses.remove.title', { name: found.address }),
    happens: [t.say('addresses.remove.text'), ...(isOn(at.account) ? [] : [t.say('addresses.waits', { days })])],
    button: t.say('addresses.remove.button'),
    danger: true,
    above: above(visit),
    path: `${path}/${found.id}/removal`,
    problems,
    status: problems.length === 0 ? undefined : 409,
  })
}

async function remove(visit: SignedVisit): Promise<Response> {
  const { world, call, c, t } = visit
  const ending = await removeAddress(world, call, { ...inSession(visit), address: c.req.param('id') ?? '' })
  if (isRefusal(ending)) return refused(visit, ending, c.req.path)
  switch (ending.kind) {
    case 'removed':
      return leadTo(visit, path, 'address_removed')
    case 'last_address':
      return askToRemove(visit, [{ text: t.say('addresses.last') }])
    case 'no_address':
      return noSuchPage(visit)
    default:
      return noSuchPage(visit)
  }
}

export const addressRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: visit => addresses(visit, []) },
  { method: 'GET', path: newPath, who: 'signed_in', answer: fresh(visit => newPage(visit, [])) },
  { method: 'POST', path: newPath, who: 'signed_in', answer: add },
  { method: 'POST', path: again, who: 'signed_in', answer: mailAgain },
  { method: 'GET', path: removal, who: 'signed_in', answer: fresh(visit => askToRemove(visit, [])) },
  { method: 'POST', path: removal, who: 'signed_in', answer: remove },
]
