// Adding a trusted device: the one thing that a limited session may do, and one that any session with fresh proofs may. While
// two-step verification is being set up, this browser may become one of its devices here as well.
//
//     a number, or this browser ──▶ its own code goes there ──▶ code right ──▶ trusted; a limited session is a full one

import { html } from 'hono/html'
import { type EnrolDeviceEnding, sendEnrolmentCode } from '#actions/account/enrolment.ts'
import type { AskedDevice } from '#actions/account/new-device.ts'
import { type AddDeviceEnding, addTrustedDevice, checkNewDevice } from '#actions/account/trusted-devices.ts'
import { isOn } from '#core/account/account.ts'
import { type Challenge, codePolicy } from '#core/account/challenge.ts'
import { newDeviceSlot } from '#core/account/new-device.ts'
import { after } from '#core/kernel/instant.ts'
import { formatNumber } from '#numbering/display.ts'
import { type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import { triesLeft } from './code-tries.ts'
import { codesHere, deviceHere, isHere, keepHere, nameOfBrowser } from './device-here.ts'
import {
  codeField,
  codeOf,
  codesPaused,
  codeWrong,
  isCodeRefusal,
  noDeviceWrong,
  numberField,
  requiredProblems,
  tooManyCodes,
  type Wrong,
} from './fields.ts'
import type { Route } from './route.ts'
import {
  isRefusal,
  leadTo,
  newDevicePath,
  refused,
  type SignedVisit,
  type Status,
  show,
  token,
  typed,
} from './visit.ts'

const setUpPath = '/account/set-up'
const codePath = `${newDevicePath}/code`
const browserPath = `${newDevicePath}/browser`

// The code that is out for a device of this session, if one is.
const asked = ({ at }: SignedVisit): Challenge | undefined =>
  at.account.challenges.find(({ purpose, of }) => purpose === 'add-device' && of === at.session.id)

async function choicePage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Promise<Response> {
  const { t, at } = visit
  const title = t.plain('newDevice.title')
  if (at.account.twoStep.kind === 'enrolling') return enrolPage(visit, problems, status)
  if (!isOn(at.account)) return show(visit, { title, body: html`<p>${t.say('newDevice.off')}</p>` })
  const lead = at.session.level === 'limited' ? 'newDevice.limited' : 'newDevice.full'
  return show(visit, {
    title,
    path: newDevicePath,
    problems,
    status,
    body: html`<p class="lead soft">${t.say(lead)}</p>
      <section class="card" aria-labelledby="by-number">
        <h2 id="by-number">${t.say('newDevice.number')}</h2>
        <form class="stack" method="post" action="${newDevicePath}">
          ${token(visit)} ${numberField(visit, problems)}
          <button>${t.say('newDevice.number.button')}</button>
        </form>
      </section>
      ${await thisBrowser(visit, problems)}`,
  })
}

async function thisBrowser(visit: SignedVisit, problems: readonly FormProblem[]): Promise<Html> {
  const { t, at } = visit
  const here = await deviceHere(visit)
  const heading = html`<h2 id="by-browser">${t.say('newDevice.browser')}</h2>`
  if (here?.trusted && here.id === at.id) {
    return html`<section class="card" aria-labelledby="by-browser">
        ${heading}
        <p>${t.say('newDevice.browser.already')}</p>
        <p><a href="/account/device">${t.say('device.title')}</a></p>
      </section>`
  }
  return html`<section class="card" aria-labelledby="by-browser">
        ${heading}
        <p>${t.say('newDevice.browser.text')}</p>
        <form class="stack" method="post" action="${browserPath}">
          ${token(visit)} ${browserNameField(visit, problems)}
          <button class="second">${t.say('newDevice.browser.button')}</button>
        </form>
      </section>`
}

// Numbers and all else of setting up is asked for by the wizard.
const enrolPage = async (visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Promise<Response> =>
  show(visit, {
    title: visit.t.plain('newDevice.title'),
    path: newDevicePath,
    problems,
    status,
    body: html`${await thisBrowser(visit, problems)}
      <p><a href="${setUpPath}">${visit.t.say('back')}</a></p>`,
  })

/** What a browser that becomes a trusted device is called: as it says itself, unless its owner says otherwise. */
export const browserNameField = (visit: SignedVisit, problems: readonly FormProblem[]): Html =>
  field(
    {
      ...{ id: 'name', label: visit.t.say('newDevice.browser.name'), autocomplete: 'off', longest: 60 },
      value: visit.form.name ?? nameOfBrowser(visit),
    },
    problems,
  )

async function addNumber(visit: SignedVisit): Promise<Response> {
  const empty = requiredProblems(visit, { number: visit.t.say('number.label') })
  if (empty.length > 0) return choicePage(visit, empty)
  return add(visit, { kind: 'number', number: typed(visit, 'number') })
}

async function addThisBrowser(visit: SignedVisit): Promise<Response> {
  const name = typed(visit, 'name').slice(0, 60) || nameOfBrowser(visit)
  const device = { kind: 'device', name, app: true } as const
  return visit.at.account.twoStep.kind === 'enrolling' ? enrol(visit, device) : add(visit, device)
}

async function add(visit: SignedVisit, device: AskedDevice): Promise<Response> {
  const { world, call, at, presenting } = visit
  const ending = await addTrustedDevice(world, call, at, { device, from: presenting.from })
  if (ending.kind === 'sent') {
    if (ending.credentials !== undefined) keepHere(visit, ending.credentials)
    return leadTo(visit, codePath)
  }
  if (isRefusal(ending)) return refused(visit, ending, newDevicePath)
  const { problem, status } = addWrong(visit, ending)
  return choicePage(visit, [problem], status)
}

async function enrol(visit: SignedVisit, device: AskedDevice): Promise<Response> {
  const { world, call, at, presenting } = visit
  const ending = await sendEnrolmentCode(world, call, at, { device, from: presenting.from })
  if (ending.kind === 'sent') {
    if (ending.credentials !== undefined) keepHere(visit, ending.credentials)
    return leadTo(visit, setUpPath)
  }
  if (isRefusal(ending)) return refused(visit, ending, setUpPath)
  // The step was taken meanwhile: the wizard says where it is.
  if (ending.kind === 'wrong_step') return leadTo(visit, setUpPath)
  const { problem, status } = addWrong(visit, ending)
  return choicePage(visit, [problem], status)
}

type NotAdded = Exclude<
  AddDeviceEnding | EnrolDeviceEnding,
  { readonly kind: 'sent' | 'no_session' | 'limited_session' | 'step_up' | 'wrong_step' }
>

function addWrong(visit: SignedVisit, ending: NotAdded): Wrong {
  const { t } = visit
  switch (ending.kind) {
    case 'too_many_codes':
      return tooManyCodes(visit, ending)
    case 'codes_paused':
      return codesPaused(visit, ending, true)
    case 'device_off':
      return { problem: { text: t.say('code.off') }, status: 409 }
    case 'not_on':
      return { problem: { text: t.say('newDevice.off') }, status: 409 }
    case 'number_first':
      return { problem: { text: t.say('newDevice.numberFirst') }, status: 409 }
    case 'already_trusted':
      return { problem: { text: t.say('device.already') }, status: 409 }
    case 'too_many_devices':
      return { problem: { text: t.say('device.tooMany') }, status: 409 }
    case 'not_a_number':
    case 'no_codes':
    case 'not_a_subscription':
      return noDeviceWrong(visit, ending)
  }
}

// ——— its own code

async function codePage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Promise<Response> {
  const { t, world, now } = visit
  const challenge = asked(visit)
  const draft = challenge?.draft
  if (challenge === undefined || draft === undefined) return leadTo(visit, newDevicePath)
  const { digits, life } = codePolicy('add-device', draft.kind, world.limits)
  const where =
    draft.kind === 'number'
      ? t.say('newDevice.code.sms', { number: html`<bdi class="number" dir="ltr">${formatNumber(draft.number)}</bdi>` })
      : t.say('newDevice.code.device')
  return show(visit, {
    title: t.plain('newDevice.code.title'),
    path: codePath,
    problems,
    status,
    scripts: ['one-time-code.js'],
    body: html`<p class="lead soft">${where}</p>
      ${draft.kind === 'device' ? await codesHere(visit) : ''}
      <div class="card">
        <form class="stack" method="post" action="${codePath}">
          ${token(visit)} ${codeField(visit, digits, problems)}
          <button>${t.say('newDevice.code.button')}</button>
        </form>
        <p class="soft small">${t.say('code.lasts', { wait: t.wait(after(challenge.lastSentAt, life), now) })}</p>
      </div>
      <p><a href="${newDevicePath}">${t.say('newDevice.code.other')}</a></p>`,
  })
}

async function checkCode(visit: SignedVisit): Promise<Response> {
  const { t, world, call, at } = visit
  const empty = requiredProblems(visit, { code: t.say('code.label') })
  if (empty.length > 0) return codePage(visit, empty)
  const draft = asked(visit)?.draft
  const limited = at.session.level === 'limited'
  const ending = await checkNewDevice(world, call, at, codeOf(visit))
  if (ending.kind === 'verified') {
    // A browser that is a device from now on has more to offer on its own page.
    const here = draft?.kind === 'device' && (await isHere(visit, draft.id))
    return leadTo(visit, here ? '/account/device' : limited ? '/account' : '/account/devices', 'device_added')
  }
  if (isRefusal(ending)) return refused(visit, ending, newDevicePath)
  if (!isCodeRefusal(ending)) return leadTo(visit, newDevicePath)
  const { problem, status } = codeWrong(visit, ending)
  const left = ending.kind === 'wrong_code' ? await triesLeft(visit, newDeviceSlot(at.session.id)) : html``
  return codePage(visit, [{ ...problem, text: html`${problem.text} ${left}` }], status)
}

export const newDeviceRoutes: readonly Route[] = [
  { method: 'GET', path: newDevicePath, who: 'in_session', answer: visit => choicePage(visit, []) },
  { method: 'POST', path: newDevicePath, who: 'in_session', answer: addNumber },
  { method: 'POST', path: browserPath, page: newDevicePath, who: 'in_session', answer: addThisBrowser },
  { method: 'GET', path: codePath, who: 'in_session', answer: visit => codePage(visit, []) },
  { method: 'POST', path: codePath, who: 'in_session', answer: checkCode },
]
