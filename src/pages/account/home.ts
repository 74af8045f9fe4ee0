// The first page of an account: whether two-step verification is on, what should be looked after, and the way to everything.

import { html } from 'hono/html'
import { keyOf } from '#core/account/recovery-key.ts'
import { isTrusted } from '#core/account/trusted-browser.ts'
import { devicesOf, type Warning, warningsOf } from '#core/account/trusted-device.ts'
import { stateAt } from '#core/account/two-step.ts'
import type { Html } from '../layout.ts'
import { stepUpFor } from './confirmation.ts'
import type { Route } from './route.ts'
import { setUpPath, stepsLeft } from './set-up-frame.ts'
import { type Answer, newDevicePath, type SignedVisit, show } from './visit.ts'

function home(visit: SignedVisit): Answer {
  const { t } = visit
  return show(visit, {
    title: t.plain('home.title'),
    path: '/account',
    width: 'wide',
    body: html`${twoStep(visit)} ${warnings(visit)}
      <div class="columns">
        ${group(t.say('home.ways'), ways(visit))} ${group(t.say('home.places'), places(visit))}
        ${group(t.say('home.data'), data(visit))} ${group(t.say('home.end'), ends(visit))}
      </div>`,
  })
}

// ——— two-step verification

function twoStep(visit: SignedVisit): Html {
  const { t, at } = visit
  const state = stateAt(at.account.twoStep, at.now)
  const card = (title: Html, text: Html, button?: Html, tone?: 'good' | 'wait') => html`<section
    class="card state ${tone ?? ''}"
    aria-labelledby="two-step"
  >
    <h2 id="two-step">${title}</h2>
    <p>${text}</p>
    ${button === undefined ? '' : html`<p><a class="button" href="${setUpPath}">${button}</a></p>`}
  </section>`
  switch (state.kind) {
    case 'off':
      return card(t.say('home.twoStep.off'), t.say('home.twoStep.off.text'), t.say('home.twoStep.off.button'))
    case 'waiting': {
      const text = t.say('home.twoStep.waiting.text', { wait: t.wait(state.until, at.now) })
      return card(t.say('home.twoStep.waiting'), text, t.say('home.twoStep.waiting.button'), 'wait')
    }
    case 'ready': {
      // Who may no longer finish in time waits again: the next page says it.
      const text =
        at.now < state.deadline
          ? t.say('home.twoStep.ready.text', { date: t.moment(state.deadline) })
          : t.say('home.twoStep.off.text')
      return card(
        t.say(at.now < state.deadline ? 'home.twoStep.ready' : 'home.twoStep.off'),
        text,
        t.say('home.twoStep.off.button'),
      )
    }
    case 'enrolling': {
      const values = { count: stepsLeft(state.step), date: t.moment(state.deadline) }
      const text = t.say('home.twoStep.enrolling.text', values)
      return card(t.say('home.twoStep.enrolling'), text, t.say('home.twoStep.enrolling.button'), 'wait')
    }
    case 'on':
      return card(
        t.say('home.twoStep.on'),
        t.say('home.twoStep.on.text', { date: t.moment(state.since) }),
        undefined,
        'good',
      )
  }
}

// ——— what should be looked after

const wayOut: Readonly<Record<Warning | 'weak_password', string>> = {
  one_device_left: stepUpFor(newDevicePath),
  device_off: '/account/devices',
  device_unreachable: '/account/devices',
  no_recovery_key: '/account/recovery-key/new',
  recovery_key_at_hand: '/account/recovery-key',
  weak_password: '/account/password',
}

function warnings({ t, at, world }: SignedVisit): Html {
  const found: (Warning | 'weak_password')[] = [...warningsOf(at.account, at.now, world.limits)]
  if (at.account.password?.weak === true) found.push('weak_password')
  return html`${found.map(
    each => html`<div class="notice wait with-link">
      <p class="grow">${t.say(`warning.${each}`)}</p>
      <p><a href="${wayOut[each]}">${t.say(`warning.button.${each}`)}</a></p>
    </div>`,
  )}`
}

// ——— the way to everything

type Row = { readonly href: string; readonly text: Html; readonly detail: Html | string }

const group = (title: Html, rows: readonly Row[]): Html => html`<section class="card rows">
  <h2>${title}</h2>
  <ul class="rows">
    ${rows.map(
      ({ href, text, detail }) =>
        html`<li class="row"><a class="row-link" href="${href}"><span class="row-name">${text}</span><span class="soft">${detail}</span></a></li>`,
    )}
  </ul>
</section>`

function ways({ t, at, world }: SignedVisit): readonly Row[] {
  const { account } = at
  const devices = devicesOf(account)
  const numbers = devices.filter(each => each.kind === 'number').length
  const others = devices.length - numbers
  const on = account.twoStep.kind === 'on'
  const key = keyOf(account)
  const counted = [
    t.plain('home.row.numbers', { count: numbers }),
    ...(others === 0 ? [] : [t.plain('home.row.devices', { count: others })]),
  ]
  const rows: Row[] = [
    {
      href: '/account/password',
      text: t.say('signIn.password'),
      detail:
        account.password === undefined ? '' : t.say('home.row.password', { date: t.moment(account.password.setAt) }),
    },
  ]
  if (on) {
    rows.push(
      { href: '/account/devices', text: t.say('devices.title'), detail: counted.join(' · ') },
      {
        href: '/account/recovery-key',
        text: t.say('recoveryKey.title'),
        detail: key === undefined ? t.say('home.row.noKey') : t.say('home.row.key', { date: t.moment(key.since) }),
      },
      {
        href: '/account/app-passwords',
        text: t.say('appPasswords.title'),
        detail: t.say('home.row.active', { count: account.appPasswords.length }),
      },
    )
  } else if (world.limits.account.securityQuestions) {
    const set = account.identity.questions.length > 0
    rows.push({
      href: '/account/security-questions',
      text: t.say('questions.title'),
      detail: t.say(set ? 'home.row.questions.set' : 'home.row.questions.none'),
    })
  }
  return rows
}

function places({ t, at }: SignedVisit): readonly Row[] {
  const { account, now } = at
  const trusted = account.browsers.filter(each => isTrusted(each, now)).length
  const known = t.plain('home.row.known', { count: account.browsers.length })
  return [
    {
      href: '/account/sessions',
      text: t.say('sessions.title'),
      detail: t.say('home.row.signedIn', { count: account.sessions.length }),
    },
    {
      href: '/account/browsers',
      text: t.say('browsers.title'),
      detail: trusted === 0 ? known : `${known} · ${t.plain('home.row.trusted', { count: trusted })}`,
    },
    { href: '/account/activity', text: t.say('activity.title'), detail: '' },
  ]
}

const data = ({ t, at }: SignedVisit): readonly Row[] => [
  {
    href: '/account/addresses',
    text: t.say('addresses.title'),
    detail: t.say('home.row.addresses', { count: at.account.addresses.length }),
  },
  { href: '/account/export', text: t.say('export.row'), detail: '' },
]

function ends({ t, at }: SignedVisit): readonly Row[] {
  const closing = { href: '/account/closing', text: t.say('closing.title'), detail: '' }
  if (at.account.twoStep.kind !== 'on') return [closing]
  return [{ href: '/account/two-step/off', text: t.say('off.title'), detail: '' }, closing]
}

export const homeRoutes: readonly Route[] = [{ method: 'GET', path: '/account', who: 'signed_in', answer: home }]
