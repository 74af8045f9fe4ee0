// What stands around every page about one number: where it belongs, what it is, and its tabs.

import { html } from 'hono/html'
import { formatNumber } from '#numbering/display.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { statusBadge, twoStepBadge, twoStepOf } from './badges.ts'
import { businessPath, numberPath } from './businesses.ts'
import { type NumberVisit, type Shown, show } from './visit.ts'

const tabs = [
  { name: 'overview', text: 'tab.overview', path: '' },
  { name: 'twoStep', text: 'tab.twoStep', path: '/two-step' },
  { name: 'history', text: 'tab.history', path: '/history' },
] as const

export type Tab = (typeof tabs)[number]['name']

/** The number as its own people read it: left to right in every language. */
export const spokenNumber = ({ number }: NumberVisit): Html =>
  html`<bdi class="number" dir="ltr">${formatNumber(number.number)}</bdi>`

/** A page under one of the tabs. */
export function numberPage(
  visit: NumberVisit,
  tab: Tab,
  body: Html,
  problems: readonly FormProblem[] = [],
  status?: Shown['status'],
): Response | Promise<Response> {
  const { t, number, claim, document, business, verifiedName } = visit
  const path = numberPath(claim.id)
  const on = { number, claim: claim.id }
  // Its own tab says it at length; of a number that is not theirs nobody is told.
  const saysTwoStep = tab !== 'twoStep' && twoStepOf(on) !== 'unknown'
  const current = tabs.find(({ name }) => name === tab) ?? tabs[0]
  return show(visit, {
    title: `${t.plain(current.text)} · ${formatNumber(number.number)}`,
    path: path + current.path,
    problems,
    ...(status === undefined ? {} : { status }),
    heading: html`<div class="heading">
        <div>
          <p class="trail"><a href="${businessPath(business)}"><bdi>${document.name}</bdi></a></p>
          <h1>${spokenNumber(visit)}</h1>
          <p class="soft"><bdi>${verifiedName}</bdi></p>
        </div>
        <p class="badges">${statusBadge(t, on)} ${saysTwoStep ? twoStepBadge(t, on, 'alone') : ''}</p>
      </div>
      <nav class="tabs" aria-label="${t.plain('tabs')}">
        <ul>
          ${tabs.map(
            each =>
              html`<li>
                <a href="${path}${each.path}" ${each.name === tab ? html`aria-current="page"` : ''}>${t.say(each.text)}</a>
              </li>`,
          )}
        </ul>
      </nav>`,
    body,
  })
}
