// What happened to an account, in plain words and the page's language, newest first.

import { html } from 'hono/html'
import { type Happening, lookAtActivity } from '#actions/account/activity.ts'
import { describeActivity } from '#core/account/activity.ts'
import type { AccountEvent } from '#core/account/change.ts'
import type { Language } from '../language.ts'
import type { Html } from '../layout.ts'
import { underHome } from './entries.ts'
import type { Route } from './route.ts'
import { activityInArabic } from './texts/activity-ar.ts'
import { isRefusal, noSuchPage, refused, type SignedVisit, show } from './visit.ts'

const path = '/account/activity'
const perPage = 40

const words: Readonly<Record<Language, (event: AccountEvent) => string>> = {
  en: event => capitalised(describeActivity(event)),
  ar: activityInArabic,
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

// What came of a guess follows in the next event.
const isSpent = ({ kind }: Happening): boolean => kind.endsWith('.guess_spent')

async function activity(visit: SignedVisit): Promise<Response> {
  const { t, c, world, at } = visit
  const asked = c.req.query('before')
  if (asked !== undefined && !/^[1-9]\d{0,14}$/.test(asked)) return noSuchPage(visit)
  const before = asked === undefined ? undefined : Number(asked)
  const ending = await lookAtActivity(world, at, { before, limit: perPage })
  if (isRefusal(ending)) return refused(visit, ending, path)
  const shown = ending.happenings.filter(each => !isSpent(each))
  const title = t.plain('activity.title')
  return show(visit, {
    title,
    path: before === undefined ? path : `${path}?before=${before}`,
    width: 'wide',
    heading: underHome(visit, title),
    body: html`<p class="soft">${t.say('activity.lead')}</p>
      <section class="card">
        ${shown.length === 0 ? html`<p class="soft">${t.say('activity.none')}</p>` : list(visit, shown)}
      </section>
      ${pages(visit, before, ending.next)}
      <p class="soft">${t.say('activity.strange')}</p>`,
  })
}

const list = ({ t, at }: SignedVisit, shown: readonly Happening[]): Html => html`<ol class="history">
  ${shown.map(
    each => html`<li>
      <p class="when">${t.moment(each.at)}<span aria-hidden="true">·</span><span>${t.ago(each.at, at.now)}</span></p>
      <p>${words[t.language](each.event)}</p>
    </li>`,
  )}
</ol>`

const pages = ({ t }: SignedVisit, before: number | undefined, next: number | undefined): Html =>
  before === undefined && next === undefined
    ? html``
    : html`<nav class="pages" aria-label="${t.plain('activity.pages')}">
        ${before === undefined ? html`<span></span>` : html`<a href="${path}">${t.say('activity.newest')}</a>`}
        ${next === undefined ? '' : html`<a href="${path}?before=${String(next)}">${t.say('activity.older')}</a>`}
      </nav>`

export const activityRoutes: readonly Route[] = [{ method: 'GET', path, who: 'signed_in', answer: activity }]
