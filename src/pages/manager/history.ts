// The tab "History": the journal of a number in words, as far as its business may know.

import { html } from 'hono/html'
import { historyOf, type PastEvent } from '#actions/look-at-numbers.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import type { Html } from '../layout.ts'
import { numberPath } from './businesses.ts'
import { numberPage } from './number-frame.ts'
import type { ManagerText } from './texts/texts.ts'
import { type NumberVisit, noSuchPage } from './visit.ts'

// A new kind of event stops this compiling until it has words, or is left out on purpose.
type WordsFor = {
  readonly [K in NumberEvent['kind']]:
    | ManagerText
    | ((event: NumberEvent & { readonly kind: K }) => ManagerText)
    | 'left out'
}

const words: WordsFor = {
  'number.claimed': 'event.added',
  'number.deleted': 'event.deleted',
  'number.evicted': 'event.evicted',
  'code.sent': ({ method }) => `event.code.${method}`,
  'code.guess_spent': 'left out',
  'code.right': 'event.code.right',
  'code.wrong': 'event.code.wrong',
  'pin.set': 'event.pin.set',
  'pin.changed': 'event.pin.changed',
  'pin.removed': 'event.pin.removed',
  'pin.weak': 'event.pin.weak',
  'pin.guess_spent': 'left out',
  'pin.right': event => `event.pin.right.${event.for}`,
  'pin.wrong': event => `event.pin.wrong.${event.for}`,
  'registration.attempted': 'left out',
  'registration.completed': 'event.registered',
  'registration.ended': ({ why }) => `event.ended.${why}`,
  'registration.contested': 'event.contested',
  'registration.uncontested': 'event.uncontested',
  'registration.reset': ({ effect }) => `event.reset.${effect}`,
  'recovery.address_changed': 'event.address.changed',
  'recovery.address_confirmed': 'event.address.confirmed',
  'recovery.mail_sent': 'event.mail.recovery',
  'turn_off.mail_sent': 'event.mail.turnOff',
  'reminder.answered': ({ right }) => (right ? 'event.reminder.right' : 'event.reminder.wrong'),
}

/** What is said of an event; `undefined` where nothing is, and for one that a newer version wrote. */
function wordsOf(event: NumberEvent): ManagerText | undefined {
  const found = words[event.kind] as ManagerText | 'left out' | ((event: NumberEvent) => ManagerText) | undefined
  const said = typeof found === 'function' ? found(event) : found
  return said === 'left out' ? undefined : said
}

export async function history(visit: NumberVisit): Promise<Response> {
  const { t, c, world, subject, claim } = visit
  const before = c.req.query('before')
  if (before !== undefined && !/^[1-9][0-9]{0,14}$/.test(before)) return noSuchPage(visit)
  const read = await world.records.load('number', subject)
  if (read === undefined) return noSuchPage(visit)
  const { events, older } = await historyOf(world, read, claim.id, before === undefined ? undefined : Number(before))
  const shown = events.filter(({ event }) => wordsOf(event) !== undefined)
  const more = older !== undefined || before !== undefined
  const body = html`<section class="card" aria-labelledby="history">
      <h2 id="history">${t.say('history.title')}</h2>
      <p class="soft">${t.say('history.lead')}</p>
      ${shown.length > 0 ? html`<ol class="history">${shown.map(past => entry(visit, past))}</ol>` : nothing(visit, more)}
    </section>
    ${more ? pager(visit, before, older) : ''}`
  return numberPage(visit, 'history', body)
}

function pager({ t, claim }: NumberVisit, before: string | undefined, older: number | undefined): Html {
  const path = `${numberPath(claim.id)}/history`
  const link = (to: string, words: Html) => html`<a class="button second" href="${to}">${words}</a>`
  return html`<nav class="pages" aria-label="${t.plain('numbers.pages')}">
    ${before === undefined ? html`<span></span>` : link(path, t.say('history.newest'))}
    ${older === undefined ? '' : link(`${path}?before=${older}`, t.say('history.older'))}
  </nav>`
}

const nothing = ({ t }: NumberVisit, more: boolean): Html =>
  more
    ? html`<p class="soft">${t.say('history.nothingHere')}</p>`
    : html`<div class="empty"><h3>${t.say('history.none.title')}</h3><p>${t.say('history.none.text')}</p></div>`

function entry({ t, now }: NumberVisit, { at, door, event, own }: PastEvent): Html {
  const said = wordsOf(event)
  const through = html`<bdi>${t.say(`door.${door}`)}</bdi>`
  return html`<li>
    <p>${said === undefined ? '' : t.say(said)}</p>
    <p class="when">
      <span>${t.say(own ? 'who.you' : 'who.other')}${t.say('history.by', { door: through })}</span>
      <span aria-hidden="true">·</span>
      <span>${t.ago(at, now)}</span>
      <span aria-hidden="true">·</span>
      ${t.moment(at)}
    </p>
  </li>`
}
