// The pages of the set-up's steps, from the number to "I understand".

import { html } from 'hono/html'
import { codeLeft } from '#core/account/challenge.ts'
import { enrolmentSlot } from '#core/account/enrolment.ts'
import { devicesOf } from '#core/account/trusted-device.ts'
import type { Enrolling } from '#core/account/two-step.ts'
import { formatNumber, maskNumber } from '#numbering/display.ts'
import type { Html } from '../layout.ts'
import { stepUpFor } from './confirmation.ts'
import { codesHere, deviceHere } from './device-here.ts'
import { codeField, keyField, numberField } from './fields.ts'
import { keySheet, secretScripts } from './key-sheet.ts'
import { tick } from './leaving.ts'
import { nameField } from './names.ts'
import { browserNameField } from './new-device.ts'
import { form, framed, nothing, setUpPath, stepOf, type Wrongs } from './set-up-frame.ts'
import type { AccountText } from './texts/texts.ts'
import { type Answer, leadTo, newDevicePath, type SignedVisit, show, token } from './visit.ts'

/** The page of an enrolment's step. */
export async function stepPage(visit: SignedVisit, state: Enrolling, wrong: Wrongs): Promise<Response> {
  const code = codeLeft(visit.at.account, enrolmentSlot(visit.at.account), visit.at.now, visit.world.limits)
  // A number that was just refused is mended in its own form, though a code may be out for another.
  const refused = wrong.problems.some(({ field }) => field === 'number' || field === 'number-name')
  const wantsOther = refused || visit.c.req.query('other') !== undefined
  const { step } = state
  if ((step === 'phone' || step === 'devices') && code?.challenge.draft !== undefined && !wantsOther) {
    return codePage(visit, state, wrong)
  }
  switch (step) {
    case 'phone':
      return numberPage(visit, state, wrong)
    case 'devices':
      return devicesPage(visit, state, wrong)
    case 'key':
      return state.key === undefined ? beforeKeyPage(visit, state, wrong) : retypePage(visit, state, wrong)
    case 'confirm':
      return confirmPage(visit, state, wrong)
  }
}

// Not `name`, which is the field of the browser's name on the same page.
const named = { id: 'number-name', label: 'number.name', hint: 'number.name.hint' } as const

const numberFields = (
  visit: SignedVisit,
  { problems }: Wrongs,
  name: AccountText,
): Html => html`${numberField(visit, problems)}
  ${nameField(visit, { ...named, value: visit.t.plain(name) }, problems)}`

const numberPage = (visit: SignedVisit, { deadline }: Enrolling, wrong: Wrongs): Answer =>
  framed(visit, {
    ...{ ...wrong, deadline },
    step: 'number',
    title: 'setUp.number.title',
    body: html`<p>${visit.t.say('setUp.number.text')}</p>
      <div class="card">
        ${form(visit, 'number', numberFields(visit, wrong, 'number.name.first'), visit.t.say('setUp.number.button'))}
      </div>`,
  })

async function codePage(visit: SignedVisit, { deadline, step }: Enrolling, wrong: Wrongs): Promise<Response> {
  const { t, at, world } = visit
  const slot = enrolmentSlot(at.account)
  const code = codeLeft(at.account, slot, at.now, world.limits)
  const draft = code?.challenge.draft
  if (code === undefined || draft === undefined) return leadTo(visit, setUpPath)
  const { digits } = draft.kind === 'number' ? world.limits.ownershipCode : world.limits.account.deviceCode
  const where =
    draft.kind === 'number'
      ? t.say('setUp.code.sms', {
          digits,
          number: html`<bdi class="number" dir="ltr">${formatNumber(draft.number)}</bdi>`,
        })
      : t.say('setUp.code.notification', { digits, name: html`<bdi>${draft.name}</bdi>` })
  return framed(visit, {
    ...{ ...wrong, deadline },
    step: stepOf[step],
    title: 'setUp.code.title',
    scripts: ['one-time-code.js'],
    body: html`<p>${where}</p>
      ${draft.kind === 'device' ? await codesHere(visit) : ''}
      <div class="card">
        ${form(visit, 'code', codeField(visit, digits, wrong.problems), t.say('setUp.code.button'))}
        <p class="soft small">${t.say('code.lasts', { wait: t.wait(code.ends, at.now) })}</p>
      </div>
      <div class="actions">
        <form method="post" action="${setUpPath}/again">
          ${token(visit)}<button class="second">${t.say('code.again')}</button>
        </form>
        <a href="${setUpPath}?other=1">${t.say(step === 'phone' ? 'setUp.code.other' : 'back')}</a>
      </div>`,
  })
}

async function devicesPage(visit: SignedVisit, { deadline }: Enrolling, wrong: Wrongs): Promise<Response> {
  const { t, at } = visit
  const here = await deviceHere(visit)
  const isTrustedHere = here !== undefined && here.id === at.id && here.trusted
  return framed(visit, {
    ...{ ...wrong, deadline },
    step: 'devices',
    title: 'setUp.devices.title',
    body: html`<p>${t.say('setUp.devices.text')}</p>
      <section class="card" aria-labelledby="sofar">
        <h2 id="sofar">${t.say('setUp.devices.sofar')}</h2>
        <ul class="ticks">
          ${devicesOf(at.account).map(
            each =>
              html`<li class="ticked"><bdi>${each.name}</bdi> ${
                each.kind === 'number' ? html`<bdi class="number soft" dir="ltr">${maskNumber(each.number)}</bdi>` : ''
              }</li>`,
          )}
        </ul>
        <form method="post" action="${setUpPath}/skip">
          ${token(visit)}
          <div class="actions"><button>${t.say('setUp.devices.skip')}</button></div>
        </form>
        <p class="soft small">${t.say('setUp.devices.later')}</p>
      </section>
      <section class="card" aria-labelledby="another">
        <h2 id="another">${t.say('setUp.devices.number')}</h2>
        ${form(visit, 'number', numberFields(visit, wrong, 'number.name.another'), t.say('setUp.number.button'), 'second')}
      </section>
      ${isTrustedHere ? '' : thisBrowser(visit, wrong)}`,
  })
}

const thisBrowser = (
  visit: SignedVisit,
  { problems }: Wrongs,
): Html => html`<section class="card" aria-labelledby="browser">
  <h2 id="browser">${visit.t.say('setUp.devices.browser')}</h2>
  <p>${visit.t.say('newDevice.browser.text')}</p>
  ${form(visit, 'browser', browserNameField(visit, problems), visit.t.say('newDevice.browser.button'), 'second')}
</section>`

// ——— the Recovery Key

const beforeKeyPage = (visit: SignedVisit, { deadline }: Enrolling, wrong: Wrongs): Answer =>
  framed(visit, {
    ...{ ...wrong, deadline },
    step: 'key',
    title: 'setUp.key.title',
    body: html`<div class="card">
      <p>${visit.t.say('setUp.key.text')}</p>
      <p>${visit.t.say('setUp.key.ready')}</p>
      ${form(visit, 'key', html``, visit.t.say('setUp.key.button'))}
    </div>`,
  })

/** The answer to the POST that made the key; see key-sheet.ts. */
export const keyShownPage = (visit: SignedVisit, key: Parameters<typeof keySheet>[1]): Answer =>
  framed(visit, {
    ...nothing,
    step: 'key',
    title: 'key.shown.title',
    scripts: secretScripts,
    body: html`${keySheet(visit, key)}
      <p class="screen-only"><a class="button" href="${setUpPath}">${visit.t.say('key.shown.next')}</a></p>`,
  })

const retypePage = (visit: SignedVisit, { deadline }: Enrolling, wrong: Wrongs): Answer =>
  framed(visit, {
    ...{ ...wrong, deadline },
    step: 'key',
    title: 'setUp.retype.title',
    body: html`<div class="card">
        <p>${visit.t.say('setUp.retype.text')}</p>
        ${form(visit, 'retype', keyField(visit, wrong.problems), visit.t.say('setUp.retype.button'))}
      </div>
      <form method="post" action="${setUpPath}/key">
        ${token(visit)}<button class="plain">${visit.t.say('setUp.retype.another')}</button>
        <span class="soft small">${visit.t.say('setUp.retype.another.text')}</span>
      </form>`,
  })

// ——— "I understand"

function confirmPage(visit: SignedVisit, { deadline }: Enrolling, wrong: Wrongs): Answer {
  const { t, at } = visit
  const untick = wrong.problems.some(each => each.field === 'understood') ? t.say('setUp.confirm.tick') : undefined
  const questions = at.account.identity.questions.length > 0
  return framed(visit, {
    ...{ ...wrong, deadline },
    step: 'confirm',
    title: 'setUp.confirm.title',
    body: html`<section class="card">
        <ul class="plain">
          <li>${t.say('setUp.confirm.one')}</li>
          <li>${t.say('setUp.confirm.two')}</li>
          <li><strong>${t.say('setUp.confirm.three')}</strong></li>
        </ul>
        <h2>${t.say('setUp.confirm.happens')}</h2>
        <ul class="plain">
          <li>${t.say('setUp.confirm.sessions')}</li>
          ${questions ? html`<li>${t.say('setUp.confirm.questions')}</li>` : ''}
          <li>${t.say('setUp.confirm.mail')}</li>
        </ul>
        ${form(visit, 'confirm', tick(t.say('setUp.confirm.understood'), untick), t.say('setUp.confirm.button'))}
      </section>`,
  })
}

/** Once it is on. */
export function donePage(visit: SignedVisit): Answer {
  const { t, at } = visit
  if (at.account.twoStep.kind !== 'on') return leadTo(visit, setUpPath)
  const one = devicesOf(at.account).length === 1
  return show(visit, {
    title: t.plain('setUp.done.title'),
    path: `${setUpPath}/done`,
    heading: html`<p class="done-mark" aria-hidden="true"></p><h1>${t.say('setUp.done.title')}</h1>`,
    body: html`<p>${t.say('setUp.done.text')}</p>
      <p>${t.say('setUp.done.key')}</p>
      ${one ? html`<p class="notice wait">${t.say('setUp.done.oneDevice')}</p>` : ''}
      <p class="actions">
        <a class="button" href="/account">${t.say('setUp.done.home')}</a>
        ${one ? html`<a class="button second" href="${stepUpFor(newDevicePath)}">${t.say('setUp.done.addDevice')}</a>` : ''}
      </p>`,
  })
}
