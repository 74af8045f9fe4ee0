// The set-up of two-step verification as a person sees it. One address, which always shows the step the account is at: so it
// can be left anywhere and gone on with on another browser, and going back or reloading finds the same as everybody else.
//
//   why ──▶ (wait for a date) ──▶ number ──▶ more devices ──▶ Recovery Key ──▶ "I understand" ──▶ done

import { html } from 'hono/html'
import { staleProofs } from '#core/account/session.ts'
import { stateAt, type TwoStep } from '#core/account/two-step.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import type { Html } from '../layout.ts'
import { stepUpFor } from './confirmation.ts'
import { framed, nothing, setUpPath, type Wrongs } from './set-up-frame.ts'
import { stepPage } from './set-up-steps.ts'
import { type Answer, leadTo, type SignedVisit, token } from './visit.ts'

/** The page of the step the account is at. */
export async function setUpPage(visit: SignedVisit, wrong: Wrongs = nothing): Promise<Response> {
  const { at } = visit
  const state = stateAt(at.account.twoStep, at.now)
  switch (state.kind) {
    case 'on':
      return leadTo(visit, '/account')
    case 'waiting':
      return waitPage(visit, state)
    case 'off':
    case 'ready':
      return whyPage(visit, state, wrong)
    case 'enrolling':
      return mustProve(visit) ? leadTo(visit, stepUpFor(setUpPath)) : stepPage(visit, state, wrong)
  }
}

const mustProve = ({ at, world }: SignedVisit): boolean =>
  staleProofs(at.account, at.session, at.now, world.limits).length > 0

// ——— why

function whyPage(visit: SignedVisit, state: TwoStep, wrong: Wrongs): Answer {
  const { t, at } = visit
  const until = waitsUntil(visit, state)
  const mayBegin = at.account.addresses.some(each => each.confirmedAt !== undefined)
  return framed(visit, {
    ...wrong,
    step: 'begin',
    title: 'setUp.why.title',
    body: html`<p class="lead">${t.say('setUp.why.text')}</p>
      <section class="card" aria-labelledby="three">
        <h2 id="three">${t.say('setUp.why.three')}</h2>
        <ul class="three">
          ${(['password', 'device', 'key'] as const).map(
            each => html`<li><strong>${t.say(`setUp.why.${each}`)}</strong> ${t.say(`setUp.why.${each}.text`)}</li>`,
          )}
        </ul>
      </section>
      <section class="card" aria-labelledby="lose">
        <h2 id="lose">${t.say('setUp.why.lose')}</h2>
        <p>${t.say('setUp.why.loseOne')}</p>
        <p><strong>${t.say('setUp.why.loseTwo')}</strong></p>
      </section>
      ${mayBegin ? begin(visit, until) : noAddress(visit)}`,
  })
}

const begin = (visit: SignedVisit, until: Instant | undefined): Html => {
  const { t } = visit
  return html`<p class="soft">${t.say('setUp.why.need')}</p>
    ${until === undefined ? '' : html`<p class="notice wait">${t.say('setUp.why.waits', { date: t.moment(until) })}</p>`}
    <form method="post" action="${setUpPath}/begin">
      ${token(visit)}
      <div class="actions">
        <button>${t.say(until === undefined ? 'setUp.why.button' : 'setUp.why.startWait')}</button>
        <a class="button second" href="/account">${t.say('setUp.why.later')}</a>
      </div>
    </form>`
}

const noAddress = ({ t }: SignedVisit): Html => html`<div class="notice wait">
  <h2>${t.say('setUp.noAddress.title')}</h2>
  <p>${t.say('setUp.noAddress.text')}</p>
  <p><a href="/account/addresses">${t.say('setUp.noAddress.button')}</a></p>
</div>`

/** Until when beginning now would have to wait. Only said: what beginning does, the rules decide. */
function waitsUntil({ at, world }: SignedVisit, state: TwoStep): Instant | undefined {
  const { period } = world.limits.account.waiting
  if (state.kind === 'ready') return at.now < state.deadline ? undefined : after(at.now, period)
  const { changedAt } = at.account
  const until = changedAt === undefined ? at.now : after(changedAt, period)
  return until > at.now ? until : undefined
}

function waitPage(visit: SignedVisit, state: TwoStep & { readonly kind: 'waiting' }): Answer {
  const { t, at } = visit
  return framed(visit, {
    ...nothing,
    step: 'begin',
    title: 'setUp.wait.title',
    body: html`<section class="card date" aria-labelledby="from">
        <p class="soft" id="from">${t.say('setUp.wait.from')}</p>
        <p class="large">${t.moment(state.until)}</p>
        <p>${t.say('setUp.wait.left', { wait: t.wait(state.until, at.now) })}</p>
        <p class="actions screen-only"><a class="button" href="${setUpPath}/calendar.ics" download="two-step-verification.ics"
          >${t.say('setUp.wait.calendar')}</a></p>
        <p class="soft small screen-only">${t.say('setUp.wait.calendar.hint')}</p>
      </section>
      <p>${t.say('setUp.wait.text')}</p>
      <p>${t.say('setUp.wait.meanwhile', { deadline: t.moment(state.deadline) })}</p>
      <p class="soft">${t.say('setUp.wait.mail')}</p>
      <p><a href="/account">${t.say('setUp.done.home')}</a></p>`,
  })
}
