// The trusted device that this browser is, or is to become: how it is remembered, and the codes that wait for it.
//
// Its token and the secret of its installation lie in one cookie, which no script reads and no backup of a page takes along.

import { html } from 'hono/html'
import type { Notification } from '#actions/account/codes.ts'
import { type AtDevice, deviceOfShown, notificationsOf } from '#actions/account/device.ts'
import type { DeviceCredentials } from '#actions/account/new-device.ts'
import { instantAt } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import type { Html } from '../layout.ts'
import { keep, shown, token, type Visit } from './visit.ts'

/** Remembers that this browser is the device which these were handed out for. */
export const keepHere = (visit: Visit, { token, installation }: DeviceCredentials): void =>
  keep(visit, 'device', `${token.reveal()}|${installation.reveal()}`)

/** What this browser shows of the device that it is; `undefined` when it is none. */
export function shownHere(visit: Pick<Visit, 'c' | 'options'>) {
  const [name = '', installation = ''] = (shown(visit, 'device') ?? '').split('|')
  if (name === '' || installation === '') return undefined
  return { token: Secret.of(name), installation: Secret.of(installation) }
}

/** The device that this browser is. `not_a_device`: never, or not any more. */
export async function deviceHere(visit: Visit): Promise<AtDevice | undefined> {
  const credentials = shownHere(visit)
  const at = credentials && (await deviceOfShown(visit.world, visit.call, credentials))
  return at?.kind === 'device' ? at : undefined
}

/** Whether this browser is that device. */
export const isHere = async (visit: Visit, device: string): Promise<boolean> =>
  (await deviceHere(visit))?.device.id === device

/** As a browser is called unless its owner calls it something. */
export const nameOfBrowser = ({ presenting, t }: Visit): string => presenting.from.agent || t.plain('newDevice.browser')

// ——— what waits

/** The codes that wait for the device that this browser is. Nothing, where it is none. */
export async function codesHere(visit: Visit): Promise<Html> {
  const at = await deviceHere(visit)
  return at === undefined ? html`` : waitingCodes(visit, notificationsOf(visit.world, at), at.trusted)
}

/** Each code large, with who asks for it and what for, newest first. `mayDeny`: with "not me" below. */
export const waitingCodes = (visit: Visit, codes: readonly Notification[], mayDeny: boolean): Html =>
  html`${codes.toReversed().map(each => waitingCode(visit, each, mayDeny))}`

function waitingCode(
  visit: Visit,
  { id, code, purpose, agent, place, challenge, expires_at }: Notification,
  mayDeny: boolean,
) {
  const { t, now } = visit
  // Read out digit by digit, and copied as one.
  const digits = [...code].map(digit => html`<span>${digit}</span>`)
  return html`<article class="card code-card" aria-labelledby="for-${id}">
    <h2 id="for-${id}">${t.say(`device.purpose.${purpose}`)}</h2>
    <p class="code-large" dir="ltr">
      <span class="unseen">${[...code].join(' ')}</span><span aria-hidden="true">${digits}</span>
    </p>
    <dl class="facts">
      <dt>${t.say('device.from')}</dt><dd><bdi>${agent === '' ? t.say('device.unknown') : agent}</bdi></dd>
      <dt>${t.say('device.place')}</dt><dd><bdi>${place === '' ? t.say('device.unknown') : place}</bdi></dd>
      <dt>${t.say('device.ends')}</dt><dd>${t.wait(instantAt(Date.parse(expires_at)), now)}</dd>
    </dl>
    ${mayDeny ? notMe(visit, challenge) : ''}
  </article>`
}

const notMe = (visit: Visit, challenge: string): Html =>
  html`<form method="post" action="/account/device/denial" class="stack">
    ${token(visit)}<input type="hidden" name="challenge" value="${challenge}" />
    <p class="soft small" id="not-me-${challenge}">${visit.t.say('device.notMe.text')}</p>
    <button class="danger" aria-describedby="not-me-${challenge}">${visit.t.say('device.notMe')}</button>
  </form>`
