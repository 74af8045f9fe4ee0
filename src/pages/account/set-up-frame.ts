// What stands around every step of the set-up: where one is, what is left, and how to stop.

import { html } from 'hono/html'
import type { Enrolling } from '#core/account/two-step.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import type { AccountText } from './texts/texts.ts'
import { type Answer, type SignedVisit, type Status, show, token } from './visit.ts'

export const setUpPath = '/account/set-up'

type Step = 'begin' | 'number' | 'devices' | 'key' | 'confirm'
const steps: readonly Step[] = ['begin', 'number', 'devices', 'key', 'confirm']
export const stepOf = { phone: 'number', devices: 'devices', key: 'key', confirm: 'confirm' } as const

/** How many steps an enrolment still has, the one it is at included. */
export const stepsLeft = (at: Enrolling['step']): number => steps.length - steps.indexOf(stepOf[at])

export type Wrongs = { readonly problems: readonly FormProblem[]; readonly status?: Status | undefined }
export const nothing: Wrongs = { problems: [] }

type Framed = Wrongs & {
  readonly step: Step
  readonly title: AccountText
  readonly body: Html
  readonly scripts?: readonly string[]
  /** Until when there is time, once the set-up has begun. */
  readonly deadline?: Instant
}

/** A page of the set-up. */
export function framed(visit: SignedVisit, { step, title, body, deadline, ...rest }: Framed): Answer {
  const { t } = visit
  return show(visit, {
    ...rest,
    title: t.plain(title),
    path: setUpPath,
    heading: html`${progress(visit, step)}<h1>${t.say(title)}</h1>`,
    body: html`${body} ${deadline === undefined ? '' : pause(visit, deadline)}`,
  })
}

function progress({ t }: SignedVisit, step: Step): Html {
  const at = steps.indexOf(step)
  const left = steps.length - at - 1
  return html`<nav class="progress" aria-label="${t.plain('setUp.progress')}">
    <p class="small soft">${t.say('setUp.title')}</p>
    <ol>
      ${steps.map((each, place) => {
        const state = place < at ? 'past' : place === at ? 'now' : 'next'
        return html`<li class="${state}" ${state === 'now' ? html`aria-current="step"` : ''}>
          <span>${t.say(`setUp.step.${each}`)}</span>${
            state === 'past' ? html`<span class="unseen"> (${t.say('setUp.step.done')})</span>` : ''
          }
        </li>`
      })}
    </ol>
    <p class="small">${t.say('setUp.at', { step: at + 1, steps: steps.length })}
      ${left === 0 ? t.say('setUp.last') : t.say('setUp.left', { count: left })}</p>
  </nav>`
}

const pause = (visit: SignedVisit, deadline: Instant): Html => html`<div class="soft small pause">
  <p>${visit.t.say('setUp.pause', { date: visit.t.moment(deadline) })}</p>
  <form method="post" action="${setUpPath}/abandon" data-confirm="${visit.t.plain('setUp.abandon.confirm')}">
    ${token(visit)}<button class="plain">${visit.t.say('setUp.abandon')}</button>
  </form>
</div>`

/** A form of the wizard: fields, and one button. */
export const form = (
  visit: SignedVisit,
  to: string,
  fields: Html,
  button: Html,
  look = '',
): Html => html`<form class="stack"
  method="post"
  action="${setUpPath}/${to}"
>
  ${token(visit)} ${fields}
  <div class="actions"><button class="${look}">${button}</button></div>
</form>`
