// The business accounts somebody looks after, the numbers of one, and searching them.

import { html } from 'hono/html'
import {
  findNumber,
  type ListedNumber,
  type ListPlace,
  listNumbers,
  type NumberFilter,
} from '#actions/look-at-numbers.ts'
import { formatNumber } from '#numbering/display.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { qualityBadge, statusBadge, twoStepBadge } from './badges.ts'
import { type BusinessVisit, leadTo, type SignedVisit, show, token } from './visit.ts'

export const businessPath = (business: string): string => `/manager/businesses/${business}`
export const numberPath = (claim: string): string => `/manager/numbers/${claim}`

/** The business accounts; straight to the one, where there is but one. */
export async function businesses(visit: SignedVisit): Promise<Response> {
  const { t, world, who, c } = visit
  const { memberships } = who.admin
  const [only] = memberships
  if (only !== undefined && memberships.length === 1) {
    const did = c.req.query('done')
    return c.redirect(
      did === 'password_changed' ? `${businessPath(only.business)}?done=${did}` : businessPath(only.business),
      303,
    )
  }
  const known = await Promise.all(
    memberships.map(async ({ business, role }) => {
      const name = (await world.records.load('business', business))?.document.name ?? business
      return { business, role, name }
    }),
  )
  const sorted = known.toSorted((one, other) => one.name.localeCompare(other.name, t.language))
  return show(visit, {
    title: t.plain('businesses.title'),
    path: '/manager',
    width: 'narrow',
    body:
      known.length === 0
        ? html`<div class="empty"><h2>${t.say('businesses.none.title')}</h2><p>${t.say('businesses.none.text')}</p></div>`
        : html`<ul class="choices">
            ${sorted.map(
              ({ business, role, name }) =>
                html`<li><a class="choice" href="${businessPath(business)}"><bdi>${name}</bdi>
                  <span class="badge">${t.say(`role.${role}`)}</span></a></li>`,
            )}
          </ul>`,
  })
}

// ——— the list

/** The numbers of a business account, a page of them; by its last digits or words of a name, where those are given. */
export function numbers(visit: BusinessVisit): Promise<Response> {
  const { c } = visit
  const [end, words] = [c.req.query('end'), c.req.query('words')]
  const filter: NumberFilter =
    end !== undefined
      ? { kind: 'end', text: end.slice(0, 6) }
      : words === undefined
        ? undefined
        : { kind: 'words', text: words.slice(0, 100) }
  return listPage(
    visit,
    filter,
    { after: placeOf(c.req.query('after')), before: placeOf(c.req.query('before')) },
    undefined,
  )
}

/** What was sought. A number that is in the list is opened; a whole number is never put into an address. */
export async function search(visit: BusinessVisit): Promise<Response> {
  const { t, c, world, business, form } = visit
  const sought = (form.sought ?? '').trim().slice(0, 100)
  const path = businessPath(business)
  if (sought === '') return leadTo(visit, path)
  const ending = await findNumber(world, business, sought)
  switch (ending.kind) {
    case 'found':
      return leadTo(visit, numberPath(ending.claim))
    case 'look_up': {
      const { kind, text } = ending.filter
      if (kind === 'words') return c.redirect(`${path}?words=${encodeURIComponent(text)}`, 303)
      if (text.length <= 6) return c.redirect(`${path}?end=${text}`, 303)
      // Nearly a whole number: when it is one number's, that one is meant.
      const list = await listNumbers(world, business, ending.filter, {})
      const [only] = list.numbers
      if (only !== undefined && list.numbers.length === 1 && list.older === undefined)
        return leadTo(visit, numberPath(only.claim))
      return page(visit, list, sought, [], '')
    }
    case 'not_found':
      return page(visit, { numbers: [], newer: undefined, older: undefined }, sought, [], '')
    case 'too_little':
      return listPage(visit, undefined, {}, sought, [{ field: 'sought', text: t.say('search.short') }])
  }
}

type From = { readonly after?: ListPlace | undefined; readonly before?: ListPlace | undefined }

async function listPage(
  visit: BusinessVisit,
  filter: NumberFilter,
  from: From,
  sought: string | undefined,
  problems: readonly FormProblem[] = [],
): Promise<Response> {
  const list = await listNumbers(visit.world, visit.business, filter, from)
  const query = filter === undefined ? '' : `${filter.kind}=${encodeURIComponent(filter.text)}&`
  return page(visit, list, sought ?? filter?.text, problems, query)
}

type List = Awaited<ReturnType<typeof listNumbers>>

function page(
  visit: BusinessVisit,
  list: List,
  sought: string | undefined,
  problems: readonly FormProblem[],
  query: string,
): Response | Promise<Response> {
  const { t, document, business, role } = visit
  const path = businessPath(business)
  const searched = sought !== undefined && problems.length === 0
  const empty = list.numbers.length === 0 && list.newer === undefined && list.older === undefined
  const nothingYet = empty && sought === undefined
  const add = html`<a class="button" href="${path}/numbers/new">${t.say('numbers.add')}</a>`
  return show(visit, {
    title: `${t.plain('numbers.title')} · ${document.name}`,
    path,
    problems,
    heading: html`<div class="heading">
      <div>
        ${trail(visit)}
        <h1><bdi>${document.name}</bdi></h1>
        <p class="soft">${t.say('numbers.title')}</p>
      </div>
      ${role === 'admin' && !nothingYet ? add : ''}
    </div>`,
    body: html`
      ${nothingYet ? '' : searchForm(visit, sought, problems)}
      ${searched && !empty ? html`<h2>${t.say('search.results', { sought: html`<bdi>${sought}</bdi>` })}</h2>` : ''}
      ${list.numbers.length > 0 ? table(visit, list.numbers) : ''}
      ${nothingYet ? none(visit, add) : ''}
      ${searched && empty ? notFound(visit, sought) : ''}
      ${list.numbers.length === 0 && !empty ? perhapsLater(visit, sought ?? '') : ''}
      ${pager(visit, list, `${path}?${query}`)}
    `,
  })
}

const trail = ({ t, who }: SignedVisit): Html =>
  who.admin.memberships.length < 2 ? html`` : html`<p class="trail"><a href="/manager">${t.say('home')}</a></p>`

const searchForm = (visit: BusinessVisit, sought: string | undefined, problems: readonly FormProblem[]): Html => {
  const { t, business } = visit
  const wrong = problems.some(({ field }) => field === 'sought')
  return html`<search>
    <form class="search" method="post" action="${businessPath(business)}/search">
      ${token(visit)}
      <label for="sought">${t.say('search.label')}</label>
      <p class="hint" id="sought-hint">${t.say('search.hint')}</p>
      <div class="line">
        <input id="sought" name="sought" type="search" dir="auto" autocomplete="off" maxlength="100" value="${sought ?? ''}"
          aria-describedby="sought-hint" ${wrong ? html`aria-invalid="true"` : ''} />
        <button class="second">${t.say('search.button')}</button>
        ${sought === undefined ? '' : html`<a class="button second" href="${businessPath(business)}">${t.say('search.all')}</a>`}
      </div>
    </form>
  </search>`
}

const none = ({ t, role }: BusinessVisit, add: Html): Html => html`<div class="empty">
  <h2>${t.say('numbers.none.title')}</h2>
  <p>${t.say(role === 'admin' ? 'numbers.none.admin' : 'numbers.none.member')}</p>
  ${role === 'admin' ? add : ''}
</div>`

const perhapsLater = ({ t }: BusinessVisit, sought: string): Html =>
  html`<p class="soft">${t.say('search.noMore', { sought: html`<bdi>${sought}</bdi>` })}</p>`

const notFound = ({ t }: BusinessVisit, sought: string): Html => html`<div class="empty">
  <h2>${t.say('search.none.title')}</h2>
  <p>${t.say('search.none.text', { sought: html`<bdi>${sought}</bdi>` })}</p>
</div>`

const table = (visit: BusinessVisit, listed: readonly ListedNumber[]): Html => {
  const { t, document } = visit
  return html`<div class="table">
    <table>
      <caption class="unseen">${t.say('numbers.caption', { business: document.name })}</caption>
      <thead>
        <tr>
          ${(['number', 'numbers.name', 'numbers.status', 'numbers.quality', 'numbers.twoStep'] as const).map(
            key => html`<th scope="col">${t.say(key)}</th>`,
          )}
        </tr>
      </thead>
      <tbody>${listed.map(each => row(visit, each))}</tbody>
    </table>
  </div>`
}

const row = ({ t }: BusinessVisit, listed: ListedNumber): Html => html`<tr>
  <th scope="row">
    <a href="${numberPath(listed.claim)}"><bdi class="number" dir="ltr">${formatNumber(listed.number.number)}</bdi></a>
  </th>
  <td data-name="${t.plain('numbers.name')}"><bdi>${listed.verifiedName}</bdi></td>
  <td data-name="${t.plain('numbers.status')}">${statusBadge(t, listed)}</td>
  <td data-name="${t.plain('numbers.quality')}">${qualityBadge(t, listed)}</td>
  <td data-name="${t.plain('numbers.twoStep')}">${twoStepBadge(t, listed)}</td>
</tr>`

const pager = ({ t }: BusinessVisit, { newer, older }: List, path: string): Html => {
  if (newer === undefined && older === undefined) return html``
  const link = (place: ListPlace | undefined, way: 'before' | 'after', words: Html) =>
    place === undefined
      ? html`<span></span>`
      : html`<a class="button second" href="${path}${way}=${place.position}-${place.member}">${words}</a>`
  return html`<nav class="pages" aria-label="${t.plain('numbers.pages')}">
    ${link(newer, 'before', t.say('numbers.newer'))}${link(older, 'after', t.say('numbers.older'))}
  </nav>`
}

function placeOf(text: string | undefined): ListPlace | undefined {
  const [, position, member] = /^([0-9]{15})-([0-9]{1,20})$/.exec(text ?? '') ?? []
  return position === undefined || member === undefined ? undefined : { position, member }
}
