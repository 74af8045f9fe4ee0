// The tab "Two-step verification": set the PIN, change it, turn it off by a mailed link.

import { html } from 'hono/html'
import { changePin as changePinAction } from '#actions/change-pin.ts'
import { enableTwoStep } from '#actions/enable-two-step.ts'
import { turnOffMail } from '#actions/look-at-numbers.ts'
import { requestTurnOff } from '#actions/mailed-links.ts'
import { Broken } from '#core/kernel/outcome.ts'
import { isKeeper } from '#core/registration-lock/phone-number.ts'
import { Secret } from '#secrets/secret.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { numberPath } from './businesses.ts'
import { numberPage, spokenNumber } from './number-frame.ts'
import { pinField, readNewPin, readPin, weakPinWords, wrongPinWords } from './pin-words.ts'
import { callOf, leadTo, type NumberVisit, type Shown, token } from './visit.ts'

const pathOf = ({ claim }: NumberVisit): string => `${numberPath(claim.id)}/two-step`

export const twoStep = (visit: NumberVisit): Promise<Response> => twoStepPage(visit, [])

async function twoStepPage(
  visit: NumberVisit,
  problems: readonly FormProblem[],
  status?: Shown['status'],
): Promise<Response> {
  const { number, claim } = visit
  const own = isKeeper(number, claim.id)
  const on = number.lock.kind === 'set'
  const body = !own ? notYours(visit) : on ? await whenOn(visit, problems) : whenOff(visit, problems)
  return numberPage(visit, 'twoStep', body, problems, status)
}

const notYours = ({ t, claim }: NumberVisit): Html => html`<div class="empty">
  <p>${t.say('pin.notKeeper')}</p>
  <p><a class="button second" href="${numberPath(claim.id)}">${t.say('pin.toRegister')}</a></p>
</div>`

function whenOff(visit: NumberVisit, problems: readonly FormProblem[]): Html {
  const { t, role } = visit
  return html`<section class="card" aria-labelledby="state">
    <h2 id="state">${t.say('pin.off')}</h2>
    <p>${t.say('pin.off.text', { number: spokenNumber(visit) })}</p>
    ${
      role === 'admin'
        ? html`<form class="stack" method="post" action="${pathOf(visit)}/pin">
            ${token(visit)}
            ${pinField(visit, 'pin', t.plain('pin.first'), problems, { isNew: true, hint: t.say('pin.hint') })}
            ${pinField(visit, 'pin-again', t.plain('pin.firstAgain'), problems, { isNew: true })}
            <div class="actions"><button>${t.say('pin.set.button')}</button></div>
          </form>`
        : html`<p class="soft">${t.say('pin.member.off')}</p>`
    }
  </section>`
}

async function whenOn(visit: NumberVisit, problems: readonly FormProblem[]): Promise<Html> {
  const { t, role } = visit
  return html`
    ${contest(visit)}
    <section class="card" aria-labelledby="state">
      <h2 id="state">${t.say('pin.on')}</h2>
      <p>${t.say('pin.on.text', { number: spokenNumber(visit) })}</p>
      ${role === 'admin' ? '' : html`<p class="soft">${t.say('pin.member.on')}</p>`}
    </section>
    ${role === 'admin' ? html`${changing(visit, problems)}${await turningOff(visit)}` : ''}
  `
}

function contest({ t, number, now }: NumberVisit): Html {
  const since = number.lock.kind === 'set' ? number.lock.contest?.since : undefined
  if (since === undefined) return html``
  return html`<section class="notice bad" aria-labelledby="contest">
    <h2 id="contest">${t.say('pin.contested')}</h2>
    <p>${t.say('pin.contested.text', { when: html`${t.ago(since, now)} (${t.moment(since)})` })}</p>
  </section>`
}

const changing = (visit: NumberVisit, problems: readonly FormProblem[]): Html => {
  const { t } = visit
  return html`<section class="card doing" aria-labelledby="change">
    <h2 id="change">${t.say('pin.change.title')}</h2>
    <form class="stack" method="post" action="${pathOf(visit)}/pin/change">
      ${token(visit)}
      ${pinField(visit, 'current', t.plain('pin.current'), problems, { isNew: false })}
      ${pinField(visit, 'pin', t.plain('pin.new'), problems, { isNew: true, hint: t.say('pin.hint') })}
      ${pinField(visit, 'pin-again', t.plain('pin.again'), problems, { isNew: true })}
      <div class="actions"><button>${t.say('pin.change.button')}</button></div>
    </form>
  </section>`
}

async function turningOff(visit: NumberVisit): Promise<Html> {
  const { t, world, number, claim } = visit
  const mail = await turnOffMail(world, number, claim.id)
  return html`<section class="card danger doing" aria-labelledby="off">
    <h2 id="off">${t.say('off.title')}</h2>
    ${
      mail === undefined
        ? html`<p class="soft">${t.say('off.text')}</p>`
        : html`<div class="notice wait" role="status"><p>${t.say('off.mailed', {
            address: html`<bdi>${mail.toMasked}</bdi>`,
            until: t.moment(mail.expires),
          })}</p></div>`
    }
    <form method="post" action="${pathOf(visit)}/closure" data-confirm="${t.plain('off.confirm')}">
      ${token(visit)}<button class="danger">${t.say(mail === undefined ? 'off.button' : 'off.again')}</button>
    </form>
  </section>`
}

// ——— what is done

const target = ({ subject, claim }: NumberVisit) => ({ number: subject, claim: claim.id })

export async function setPin(visit: NumberVisit): Promise<Response> {
  const { t, c, world, business } = visit
  const read = readNewPin(visit, 'pin', t.plain('pin.first'))
  if ('problem' in read) return twoStepPage(visit, [read.problem])
  const pin = Secret.of(read.pin)
  const ending = await enableTwoStep(world, callOf(visit, business), { ...target(visit), pin, address: undefined })
  switch (ending.kind) {
    case 'enabled':
      return leadTo(visit, pathOf(visit), 'pin_set')
    // A PIN that is there is changed with the PIN: a form that was open since before does not go past it.
    case 'on_already':
      return twoStepPage(visit, [{ text: t.say('pin.already') }], 409)
    case 'not_registered':
      return twoStepPage(visit, [{ text: t.say('pin.notKeeper') }], 409)
    case 'weak_pin':
      return twoStepPage(visit, [{ field: 'pin', text: weakPinWords(visit, ending.weakness) }])
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return twoStepPage(visit, [{ text: t.say('problem.busy') }], 503)
    case 'not_an_address':
    case 'too_many_mails':
      throw new Broken('no address was given here')
  }
}

export async function changePin(visit: NumberVisit): Promise<Response> {
  const { t, c, world, business } = visit
  const [current, next] = [
    readPin(visit, 'current', t.plain('pin.current')),
    readNewPin(visit, 'pin', t.plain('pin.new')),
  ]
  if ('problem' in current || 'problem' in next) {
    return twoStepPage(
      visit,
      [current, next].flatMap(read => ('problem' in read ? [read.problem] : [])),
    )
  }
  const ending = await changePinAction(world, callOf(visit, business), {
    ...target(visit),
    current: Secret.of(current.pin),
    next: Secret.of(next.pin),
  })
  const wrong = (text: Html, status?: Shown['status']) => twoStepPage(visit, [{ field: 'current', text }], status)
  switch (ending.kind) {
    case 'changed':
      return leadTo(visit, pathOf(visit), 'pin_changed')
    case 'no_lock':
      return leadTo(visit, pathOf(visit))
    case 'not_proved':
    case 'not_keeper':
      return twoStepPage(visit, [{ text: t.say('pin.notKeeper') }], 409)
    case 'same_pin':
      return twoStepPage(visit, [{ field: 'pin', text: t.say('pin.same') }])
    case 'weak_pin':
      return twoStepPage(visit, [{ field: 'pin', text: weakPinWords(visit, ending.weakness) }])
    case 'wrong_pin':
      return wrong(wrongPinWords(visit, ending.notice, ending.now))
    case 'guess_too_soon':
      return wrong(t.say('pin.soon', { wait: t.wait(ending.retryAt, ending.now) }), 429)
    case 'pin_closed':
      return wrong(t.say('pin.closed'))
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return twoStepPage(visit, [{ text: t.say('problem.busy') }], 503)
  }
}

/** Mails the link that turns two-step verification off; the page then says where it went. */
export async function turnOff(visit: NumberVisit): Promise<Response> {
  const { t, world, business, who } = visit
  const ending = await requestTurnOff(world, callOf(visit, business), { ...target(visit), requester: who.id })
  switch (ending.kind) {
    case 'mailed':
      return leadTo(visit, `${pathOf(visit)}#off`)
    case 'too_many_mails':
      return twoStepPage(visit, [{ text: t.say('off.tooMany', { wait: t.wait(ending.retryAt, ending.now) }) }], 429)
    case 'no_lock':
      return twoStepPage(visit, [{ text: t.say('off.noLock') }], 409)
    case 'not_keeper':
      return twoStepPage(visit, [{ text: t.say('pin.notKeeper') }], 409)
  }
}
