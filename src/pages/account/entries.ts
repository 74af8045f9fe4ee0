// Lists of things that a person looks after (devices, browsers, sessions, passwords of programs), and what stands around a
// page about one of them.

import { html } from 'hono/html'
import type { Origin } from '#core/account/caller.ts'
import type { Html } from '../layout.ts'
import type { AccountText } from './texts/texts.ts'
import type { Visit } from './visit.ts'

export type Entry = {
  readonly name: Html | string
  /** What its links are read out with, in plain text. */
  readonly called: string
  readonly badges?: readonly Html[]
  readonly facts: readonly (readonly [AccountText, Html | string])[]
  /** What should be said of it, below. */
  readonly notes?: readonly Html[]
  readonly links: readonly { readonly href: string; readonly text: AccountText }[]
}

/** One after the other, each with its facts and what can be done about it. `below`: the heading they stand under. */
export const entries = ({ t }: Visit, list: readonly Entry[], below: 'h1' | 'h2' = 'h1'): Html =>
  html`<ul class="entries">${list.map(
    each =>
      html`<li class="entry">
        <div class="entry-top">
          ${heading(below, html`<bdi>${each.name}</bdi>`)}
          ${each.badges === undefined || each.badges.length === 0 ? '' : html`<p class="badges">${each.badges}</p>`}
        </div>
        <dl class="facts">${each.facts.map(([label, value]) => html`<dt>${t.say(label)}</dt><dd>${value}</dd>`)}</dl>
        ${(each.notes ?? []).map(note => html`<p class="notice wait">${note}</p>`)}
        <p class="links">${each.links.map(
          link =>
            html`<a class="link" href="${link.href}">${t.say(link.text)}<span class="unseen"> ${each.called}</span></a>`,
        )}</p>
      </li>`,
  )}</ul>`

const heading = (below: 'h1' | 'h2', name: Html): Html =>
  below === 'h1' ? html`<h2>${name}</h2>` : html`<h3>${name}</h3>`

export const badge = (tone: 'good' | 'wait' | 'bad' | 'plain', words: Html | string): Html =>
  html`<span class="badge ${tone}">${words}</span>`

/** Where somebody was, as far as is known: browser and address, each a word of its own in any direction of writing. */
export const originWords = ({ agent, place }: Origin): Html => {
  const parts = [agent, place].filter(each => each !== '')
  if (parts.length === 0) return html`–`
  return html`${parts.map((part, at) => html`${at === 0 ? '' : html`<span aria-hidden="true"> · </span> `}<bdi>${part}</bdi>`)}`
}

/** What a thing is called, where its owner or its browser called it anything. */
export const calledOr = ({ t }: Visit, name: string): string => (name === '' ? t.plain('list.unnamed') : name)

/** A heading below the page that it belongs to. */
export const under = (above: { readonly href: string; readonly text: Html }, title: Html | string): Html =>
  html`<div class="heading"><div>
    <p class="trail"><a href="${above.href}">${above.text}</a></p>
    <h1>${title}</h1>
  </div></div>`

/** The same, below the first page. */
export const underHome = ({ t }: Visit, title: Html | string): Html =>
  under({ href: '/account', text: t.say('home.toHome') }, title)
