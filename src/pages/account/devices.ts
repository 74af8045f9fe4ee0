// Trusted devices and numbers: where codes go, what is wrong with one, and taking one away.

import { html } from 'hono/html'
import { removeTrustedDevice, turnDevicesOnAgain } from '#actions/account/trusted-devices.ts'
import { type Side, sides } from '#core/account/caller.ts'
import { deviceOf, devicesOf, isOff, type TrustedDevice } from '#core/account/trusted-device.ts'
import { maskNumber } from '#numbering/display.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { confirmation, fresh, stepUpFor } from './confirmation.ts'
import { badge, type Entry, entries, underHome } from './entries.ts'
import type { Route } from './route.ts'
import { setUpPath } from './set-up-frame.ts'
import { type Answer, isRefusal, leadTo, newDevicePath, noSuchPage, refused, type SignedVisit, show } from './visit.ts'

const path = '/account/devices'
const removal = `${path}/:id{[0-9]+}/removal`
const onAgain = `${path}/on-again`

function devices(visit: SignedVisit): Answer {
  const { t, at } = visit
  const title = t.plain('devices.title')
  const heading = underHome(visit, title)
  if (at.account.twoStep.kind !== 'on') {
    return show(visit, { title, path, heading, body: comesWithTwoStep(visit, t.say('devices.off.text')) })
  }
  const all = devicesOf(at.account)
  const [numbers, others] = [all.filter(each => each.kind === 'number'), all.filter(each => each.kind === 'device')]
  const list = (some: readonly TrustedDevice[]) =>
    entries(
      visit,
      some.map(each => entry(visit, each)),
      'h2',
    )
  return show(visit, {
    title,
    path,
    width: 'wide',
    heading,
    body: html`<p class="soft">${t.say('devices.lead')}</p>
      <section class="card"><h2>${t.say('devices.numbers')}</h2>${list(numbers)}</section>
      <section class="card">
        <h2>${t.say('devices.devices')}</h2>
        ${others.length === 0 ? html`<p class="soft">${t.say('devices.noDevices')}</p>` : list(others)}
      </section>
      <p><a class="button" href="${stepUpFor(newDevicePath)}">${t.say('devices.add')}</a></p>`,
  })
}

/** What a page says while there is none of what it is about. */
export const comesWithTwoStep = ({ t }: SignedVisit, text: Html): Html => html`<div class="card">
  <p>${text}</p>
  <p><a class="button" href="${setUpPath}">${t.say('home.twoStep.off.button')}</a></p>
</div>`

const offBecause = {
  known: 'devices.off.known',
  stranger: 'devices.off.stranger',
  keyholder: 'devices.off.keyholder',
} as const satisfies Readonly<Record<Side, string>>

function entry({ t, world }: SignedVisit, device: TrustedDevice): Entry {
  const { id, name, model, addedAt, lastUsedAt, unreachable } = device
  const off = sides.filter(side => isOff(device, side, world.limits))
  const again = html`<a href="${onAgain}">${t.say('devices.on.link')}</a>`
  return {
    name,
    called: name,
    badges: [
      ...(off.length > 0 ? [badge('wait', t.say('devices.off'))] : []),
      ...(unreachable ? [badge('wait', t.say('devices.unreachable'))] : []),
    ],
    facts: [
      ...(device.kind === 'number' ? ([['number.label', number(device)]] as const) : []),
      ...(model === undefined ? [] : ([['list.from', html`<bdi>${model}</bdi>`]] as const)),
      ['list.added', t.moment(addedAt)],
      ['list.used', t.moment(lastUsedAt)],
    ],
    notes: [
      ...off.map(side => html`${t.say(offBecause[side])} ${again}`),
      ...(unreachable ? [t.say('warning.device_unreachable')] : []),
    ],
    links: [
      { href: `${path}/${id}/name`, text: 'list.rename' },
      { href: `${path}/${id}/removal`, text: 'devices.remove' },
    ],
  }
}

// Masked for its owner too: whoever finds the page open need not learn it.
const number = (device: TrustedDevice & { readonly kind: 'number' }): Html =>
  html`<bdi class="number" dir="ltr">${maskNumber(device.number)}</bdi>`

// ——— taking one away

const above = ({ t }: SignedVisit) => ({ href: path, text: t.say('devices.title') })

function askToRemove(visit: SignedVisit, problems: readonly FormProblem[]): Answer {
  const { t, at, c } = visit
  const { account } = at
  const device = account.twoStep.kind === 'on' ? deviceOf(account, c.req.param('id') ?? '') : undefined
  if (device === undefined) return noSuchPage(visit)
  const last = devicesOf(account).length === 2
  return confirmation(visit, {
    title: t.plain('devices.remove.title', { name: device.name }),
    happens: [t.say('devices.remove.text'), ...(last ? [t.say('devices.remove.last')] : [])],
    button: t.say('devices.remove.button'),
    danger: true,
    above: above(visit),
    path: `${path}/${device.id}/removal`,
    problems,
    status: problems.length === 0 ? undefined : 409,
  })
}

async function remove(visit: SignedVisit): Promise<Response> {
  const { world, call, at, c, t } = visit
  const ending = await removeTrustedDevice(world, call, at, c.req.param('id') ?? '')
  if (isRefusal(ending)) return refused(visit, ending, c.req.path)
  switch (ending.kind) {
    case 'removed':
      return leadTo(visit, path, 'device_removed')
    case 'last_number':
      return askToRemove(visit, [{ text: t.say('devices.lastNumber') }])
    case 'no_device':
      return noSuchPage(visit)
  }
}

// ——— on again

const askToTurnOn = (visit: SignedVisit): Answer =>
  confirmation(visit, {
    title: visit.t.plain('devices.on.title'),
    happens: [visit.t.say('devices.on.text')],
    button: visit.t.say('devices.on.button'),
    above: above(visit),
    path: onAgain,
  })

async function turnOn(visit: SignedVisit): Promise<Response> {
  const ending = await turnDevicesOnAgain(visit.world, visit.call, visit.at)
  return isRefusal(ending) ? refused(visit, ending, onAgain) : leadTo(visit, path, 'devices_on')
}

export const trustedDeviceRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: devices },
  { method: 'GET', path: onAgain, who: 'signed_in', answer: fresh(askToTurnOn) },
  { method: 'POST', path: onAgain, who: 'signed_in', answer: turnOn },
  { method: 'GET', path: removal, who: 'signed_in', answer: fresh(visit => askToRemove(visit, [])) },
  { method: 'POST', path: removal, who: 'signed_in', answer: remove },
]
