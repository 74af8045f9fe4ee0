// Browsers that are known, and sessions: where somebody is signed in, and how to end it.

import { html } from 'hono/html'
import { endSessions, removeBrowsers } from '#actions/account/sessions.ts'
import type { Session } from '#core/account/session.ts'
import { isTrusted, type TrustedBrowser } from '#core/account/trusted-browser.ts'
import { confirmation } from './confirmation.ts'
import { badge, calledOr, type Entry, entries, originWords, underHome } from './entries.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  drop,
  inSession,
  isRefusal,
  leadTo,
  noSuchPage,
  refused,
  type SignedVisit,
  show,
} from './visit.ts'

const browsersPath = '/account/browsers'
const sessionsPath = '/account/sessions'
const removal = `${browsersPath}/:id{[0-9]+}/removal`
const removalOfAll = `${browsersPath}/removal`
const end = `${sessionsPath}/:id{[0-9]+}/end`
const endOfOthers = `${sessionsPath}/end-others`

const idOf = ({ c }: SignedVisit): string => c.req.param('id') ?? ''

// ——— browsers

function browsers(visit: SignedVisit): Answer {
  const { t, at } = visit
  const list = at.account.browsers.toSorted((one, other) => other.lastUsedAt - one.lastUsedAt)
  return show(visit, {
    title: t.plain('browsers.title'),
    path: browsersPath,
    width: 'wide',
    heading: underHome(visit, t.plain('browsers.title')),
    body: html`<p class="soft">${t.say('browsers.lead')}</p>
      <section class="card">
        ${
          list.length === 0
            ? html`<p>${t.say('browsers.none')}</p>`
            : entries(
                visit,
                list.map(each => browserEntry(visit, each)),
              )
        }
      </section>
      ${
        list.length === 0
          ? ''
          : html`<p><a class="button second" href="${removalOfAll}">${t.say('browsers.removeAll')}</a></p>`
      }`,
  })
}

function browserEntry(visit: SignedVisit, browser: TrustedBrowser): Entry {
  const { t, at } = visit
  const name = calledOr(visit, browser.name)
  const { id, from, addedAt, lastUsedAt, trustedUntil } = browser
  const trusted = isTrusted(browser, at.now) && trustedUntil !== undefined
  return {
    name,
    called: name,
    badges: [
      ...(id === at.session.browser ? [badge('plain', t.say('list.this'))] : []),
      ...(trusted ? [badge('good', t.say('browsers.trusted'))] : []),
    ],
    facts: [
      ['list.from', originWords(from)],
      ['list.added', t.moment(addedAt)],
      ['list.used', t.moment(lastUsedAt)],
      ...(trusted ? ([['browsers.trustedUntil', t.moment(trustedUntil)]] as const) : []),
    ],
    links: [
      { href: `${browsersPath}/${id}/name`, text: 'list.rename' },
      { href: `${browsersPath}/${id}/removal`, text: 'browsers.remove' },
    ],
  }
}

const aboveBrowsers = ({ t }: SignedVisit) => ({ href: browsersPath, text: t.say('browsers.title') })

function askToForget(visit: SignedVisit): Answer {
  const { t, at } = visit
  const found = at.account.browsers.find(each => each.id === idOf(visit))
  if (found === undefined) return noSuchPage(visit)
  return confirmation(visit, {
    title: t.plain('browsers.remove.title', { name: calledOr(visit, found.name) }),
    happens: [t.say('browsers.remove.text')],
    button: t.say('browsers.remove.button'),
    danger: true,
    above: aboveBrowsers(visit),
    path: `${browsersPath}/${found.id}/removal`,
  })
}

const askToForgetAll = (visit: SignedVisit): Answer =>
  confirmation(visit, {
    title: visit.t.plain('browsers.removeAll.title'),
    happens: [visit.t.say('browsers.removeAll.text')],
    button: visit.t.say('browsers.removeAll'),
    danger: true,
    above: aboveBrowsers(visit),
    path: removalOfAll,
  })

async function forget(visit: SignedVisit): Promise<Response> {
  const ending = await removeBrowsers(visit.world, visit.call, { ...inSession(visit), browser: idOf(visit) })
  if (isRefusal(ending)) return refused(visit, ending, browsersPath)
  return ending.kind === 'removed' ? leadTo(visit, browsersPath, 'browser_removed') : noSuchPage(visit)
}

async function forgetAll(visit: SignedVisit): Promise<Response> {
  const ending = await removeBrowsers(visit.world, visit.call, { ...inSession(visit), browser: undefined })
  if (isRefusal(ending)) return refused(visit, ending, browsersPath)
  return leadTo(visit, browsersPath, 'browsers_removed')
}

// ——— sessions

function sessions(visit: SignedVisit): Answer {
  const { t, at } = visit
  const own = (each: Session) => (each.id === at.session.id ? 1 : 0)
  const list = at.account.sessions.toSorted((one, other) => own(other) - own(one) || other.lastUsedAt - one.lastUsedAt)
  return show(visit, {
    title: t.plain('sessions.title'),
    path: sessionsPath,
    width: 'wide',
    heading: underHome(visit, t.plain('sessions.title')),
    body: html`<p class="soft">${t.say('sessions.lead')}</p>
      <section class="card">${entries(
        visit,
        list.map(each => sessionEntry(visit, each)),
      )}</section>
      ${
        list.length < 2
          ? ''
          : html`<p><a class="button second" href="${endOfOthers}">${t.say('sessions.endOthers')}</a></p>`
      }`,
  })
}

function sessionEntry(visit: SignedVisit, session: Session): Entry {
  const { t, at } = visit
  const name = calledOr(visit, session.name)
  const { id, from, beganAt, lastUsedAt, level } = session
  return {
    name,
    called: name,
    badges: [
      ...(id === at.session.id ? [badge('good', t.say('list.this'))] : []),
      ...(level === 'limited' ? [badge('wait', t.say('sessions.limited'))] : []),
    ],
    facts: [
      ['list.from', originWords(from)],
      ['sessions.began', t.moment(beganAt)],
      ['list.used', t.moment(lastUsedAt)],
    ],
    links: [
      { href: `${sessionsPath}/${id}/name`, text: 'list.rename' },
      { href: `${sessionsPath}/${id}/end`, text: 'sessions.end' },
    ],
  }
}

const aboveSessions = ({ t }: SignedVisit) => ({ href: sessionsPath, text: t.say('sessions.title') })

function askToEnd(visit: SignedVisit): Answer {
  const { t, at } = visit
  const found = at.account.sessions.find(each => each.id === idOf(visit))
  if (found === undefined) return noSuchPage(visit)
  return confirmation(visit, {
    title: t.plain('sessions.end.title', { name: calledOr(visit, found.name) }),
    happens: [t.say(found.id === at.session.id ? 'sessions.end.own' : 'sessions.end.text')],
    button: t.say('sessions.end.button'),
    danger: true,
    above: aboveSessions(visit),
    path: `${sessionsPath}/${found.id}/end`,
  })
}

async function endOne(visit: SignedVisit): Promise<Response> {
  const id = idOf(visit)
  const ending = await endSessions(visit.world, visit.call, { ...inSession(visit), which: { id } })
  if (isRefusal(ending)) return refused(visit, ending, sessionsPath)
  if (ending.kind !== 'ended') return noSuchPage(visit)
  if (id !== visit.at.session.id) return leadTo(visit, sessionsPath, 'session_ended')
  drop(visit, 'session')
  return leadTo(visit, '/account/sign-in', 'signed_out')
}

const askToEndOthers = (visit: SignedVisit): Answer =>
  confirmation(visit, {
    title: visit.t.plain('sessions.endOthers.title'),
    happens: [visit.t.say('sessions.endOthers.text')],
    button: visit.t.say('sessions.endOthers.button'),
    danger: true,
    above: aboveSessions(visit),
    path: endOfOthers,
  })

async function endOthers(visit: SignedVisit): Promise<Response> {
  const ending = await endSessions(visit.world, visit.call, { ...inSession(visit), which: 'others' })
  if (isRefusal(ending)) return refused(visit, ending, sessionsPath)
  return leadTo(visit, sessionsPath, 'sessions_ended')
}

export const browserRoutes: readonly Route[] = [
  { method: 'GET', path: browsersPath, who: 'signed_in', answer: browsers },
  { method: 'GET', path: removalOfAll, who: 'signed_in', answer: askToForgetAll },
  { method: 'POST', path: removalOfAll, who: 'signed_in', answer: forgetAll },
  { method: 'GET', path: removal, who: 'signed_in', answer: askToForget },
  { method: 'POST', path: removal, who: 'signed_in', answer: forget },
  { method: 'GET', path: sessionsPath, who: 'signed_in', answer: sessions },
  { method: 'GET', path: endOfOthers, who: 'signed_in', answer: askToEndOthers },
  { method: 'POST', path: endOfOthers, who: 'signed_in', answer: endOthers },
  { method: 'GET', path: end, who: 'signed_in', answer: askToEnd },
  { method: 'POST', path: end, who: 'signed_in', answer: endOne },
]
