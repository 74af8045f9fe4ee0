// What the forms of the set-up do: each is one verb of actions/account/enrolment.ts, and leads back to the one address that
// shows where the account is then (set-up-pages.ts).

import { html } from 'hono/html'
import {
  abandonTwoStep,
  beginTwoStep,
  checkEnrolmentCode,
  type EnrolDeviceEnding,
  enableTwoStep,
  endDevices,
  retypeEnrolmentKey,
  sendEnrolmentCode,
  showEnrolmentKey,
} from '#actions/account/enrolment.ts'
import type { AskedDevice } from '#actions/account/new-device.ts'
import { codeLeft } from '#core/account/challenge.ts'
import { enrolmentSlot } from '#core/account/enrolment.ts'
import { calendarFile } from './calendar.ts'
import { triesLeft } from './code-tries.ts'
import { keepHere, nameOfBrowser } from './device-here.ts'
import {
  codeOf,
  codesPaused,
  codeWrong,
  isCodeRefusal,
  noDeviceWrong,
  requiredProblems,
  tooManyCodes,
  type Wrong,
} from './fields.ts'
import { nameOf } from './names.ts'
import type { Route } from './route.ts'
import { setUpPath } from './set-up-frame.ts'
import { setUpPage } from './set-up-pages.ts'
import { donePage, keyShownPage } from './set-up-steps.ts'
import { type Answer, isRefusal, leadTo, noSuchPage, refused, type SignedVisit, secretOf, typed } from './visit.ts'

const post = (name: string, answer: (visit: SignedVisit) => Answer): Route => ({
  ...{ method: 'POST', path: `${setUpPath}/${name}`, page: setUpPath, who: 'signed_in', answer },
})

type Ending = { readonly kind: string }

const again = (visit: SignedVisit, { problem, status }: Wrong): Answer =>
  setUpPage(visit, { problems: [problem], status })

// Another window was quicker, or the time to finish ran out: the page says where the account is.
const elsewhere = (visit: SignedVisit): Response => leadTo(visit, setUpPath, 'step_gone')

/** What every step of the wizard may end with, besides what it is for. */
const turnedAway = (visit: SignedVisit, ending: Ending): Response | undefined => {
  if (isRefusal(ending)) return refused(visit, ending, setUpPath)
  return ending.kind === 'wrong_step' ? elsewhere(visit) : undefined
}

async function begin(visit: SignedVisit): Promise<Response> {
  const ending = await beginTwoStep(visit.world, visit.call, visit.at)
  return turnedAway(visit, ending) ?? leadTo(visit, setUpPath)
}

// ——— devices

async function enrolNumber(visit: SignedVisit): Promise<Response> {
  const empty = requiredProblems(visit, { number: visit.t.say('number.label') })
  const name = nameOf(visit, 'number-name')
  const problems = name === undefined ? [...empty, { field: 'number-name', text: visit.t.say('name.wrong') }] : empty
  if (name === undefined || problems.length > 0) return setUpPage(visit, { problems })
  return enrol(visit, { kind: 'number', number: typed(visit, 'number'), name })
}

const enrolBrowser = (visit: SignedVisit): Promise<Response> =>
  enrol(visit, { kind: 'device', name: nameOf(visit) ?? nameOfBrowser(visit), app: true })

/** The code once more, to the number or browser that waits for it. */
async function sendAgain(visit: SignedVisit): Promise<Response> {
  const { at, world } = visit
  const draft = codeLeft(at.account, enrolmentSlot(at.account), at.now, world.limits)?.challenge.draft
  if (draft === undefined) return leadTo(visit, setUpPath)
  const { name } = draft
  return enrol(
    visit,
    draft.kind === 'number' ? { kind: 'number', number: draft.number, name } : { kind: 'device', name, app: true },
  )
}

async function enrol(visit: SignedVisit, device: AskedDevice): Promise<Response> {
  const { world, call, at, presenting } = visit
  const ending = await sendEnrolmentCode(world, call, at, { device, from: presenting.from })
  if (ending.kind === 'sent') {
    if (ending.credentials !== undefined) keepHere(visit, ending.credentials)
    return leadTo(visit, setUpPath)
  }
  return turnedAway(visit, ending) ?? setUpRefused(visit, ending)
}

function setUpRefused(visit: SignedVisit, ending: Exclude<EnrolDeviceEnding, { readonly kind: 'sent' }>): Answer {
  const { t } = visit
  switch (ending.kind) {
    case 'not_a_number':
    case 'no_codes':
    case 'not_a_subscription':
      return again(visit, noDeviceWrong(visit, ending))
    case 'too_many_codes':
      return again(visit, tooManyCodes(visit, ending))
    case 'codes_paused':
      return again(visit, codesPaused(visit, ending, true))
    case 'device_off':
      return again(visit, { problem: { text: t.say('code.off') }, status: 409 })
    case 'already_trusted':
      return again(visit, { problem: { text: t.say('device.already') }, status: 409 })
    case 'too_many_devices':
      return again(visit, { problem: { text: t.say('device.tooMany') }, status: 409 })
    default:
      return elsewhere(visit)
  }
}

async function checkCode(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const [empty] = requiredProblems(visit, { code: t.say('code.label') })
  if (empty !== undefined) return again(visit, { problem: empty })
  const ending = await checkEnrolmentCode(world, call, at, codeOf(visit))
  if (ending.kind === 'verified') return leadTo(visit, setUpPath, 'verified')
  if (!isCodeRefusal(ending)) return turnedAway(visit, ending) ?? elsewhere(visit)
  const { problem, ...rest } = codeWrong(visit, ending)
  if (ending.kind !== 'wrong_code') return again(visit, { problem, ...rest })
  const left = await triesLeft(visit, enrolmentSlot(at.account))
  return again(visit, { problem: { ...problem, text: html`${problem.text} ${left}` } })
}

async function skip(visit: SignedVisit): Promise<Response> {
  const ending = await endDevices(visit.world, visit.call, visit.at)
  return turnedAway(visit, ending) ?? leadTo(visit, setUpPath)
}

// ——— the Recovery Key, and on

async function showKey(visit: SignedVisit): Promise<Response> {
  const ending = await showEnrolmentKey(visit.world, visit.call, visit.at)
  if (ending.kind === 'shown') return keyShownPage(visit, ending.key)
  return turnedAway(visit, ending) ?? elsewhere(visit)
}

async function retype(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const [empty] = requiredProblems(visit, { 'recovery-key': t.say('signIn.key.label') })
  if (empty !== undefined) return again(visit, { problem: empty })
  const ending = await retypeEnrolmentKey(world, call, at, secretOf(visit, 'recovery-key'))
  switch (ending.kind) {
    case 'retyped':
      return leadTo(visit, setUpPath)
    case 'wrong_key':
      return again(visit, { problem: { field: 'recovery-key', text: t.say('key.wrong') } })
    case 'not_shown':
      return leadTo(visit, setUpPath, 'key_not_shown')
    default:
      return turnedAway(visit, ending) ?? elsewhere(visit)
  }
}

async function confirm(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t, form } = visit
  if (form.understood !== 'yes') {
    return again(visit, { problem: { field: 'understood', text: t.say('setUp.confirm.tick') } })
  }
  const ending = await enableTwoStep(world, call, at)
  return turnedAway(visit, ending) ?? leadTo(visit, `${setUpPath}/done`)
}

async function abandon(visit: SignedVisit): Promise<Response> {
  const ending = await abandonTwoStep(visit.world, visit.call, visit.at)
  return turnedAway(visit, ending) ?? leadTo(visit, '/account', 'set_up_left')
}

// ——— the date, for a calendar

function calendar(visit: SignedVisit): Answer {
  const { t, c, at, world } = visit
  const { twoStep } = at.account
  if (twoStep.kind !== 'waiting') return noSuchPage(visit)
  const url = `${world.publicUrl()}${setUpPath}`
  const deadline = `${new Date(twoStep.deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const file = calendarFile({
    ...{ at: twoStep.until, now: at.now, url },
    summary: t.plain('calendar.summary', { product: world.policy.product }),
    text: t.plain('calendar.text', { deadline, url }),
  })
  c.header('Content-Type', 'text/calendar; charset=utf-8')
  c.header('Content-Disposition', 'attachment; filename="two-step-verification.ics"')
  return c.body(file)
}

export const setUpRoutes: readonly Route[] = [
  { method: 'GET', path: setUpPath, who: 'signed_in', answer: visit => setUpPage(visit) },
  { method: 'GET', path: `${setUpPath}/calendar.ics`, who: 'signed_in', bare: true, answer: calendar },
  { method: 'GET', path: `${setUpPath}/done`, who: 'signed_in', answer: donePage },
  post('begin', begin),
  post('number', enrolNumber),
  post('browser', enrolBrowser),
  post('again', sendAgain),
  post('code', checkCode),
  post('skip', skip),
  post('key', showKey),
  post('retype', retype),
  post('confirm', confirm),
  post('abandon', abandon),
]
