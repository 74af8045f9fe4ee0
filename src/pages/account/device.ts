// The page of a trusted device: it can be installed, is told of codes by notification, and shows those that wait.
//
//     /device           the codes that wait, with "not me"; reloaded by hand, or by itself where scripts run
//     /device/events    says that what waits is not what it was
//     /device/push      where notifications go from now on
//     /device/denial    "not me", said on the page          /device/not-me    the same, said on a notification
//
// The page asks for no session: it is the device's own, and can end what was asked for, and begin nothing.

import { html } from 'hono/html'
import {
  type AtDevice,
  denyByToken,
  denyFromDevice,
  deviceOfShown,
  moveDevice,
  notificationsOf,
} from '#actions/account/device.ts'
import { eventFrame, stillHere, streamed } from '#http/event-stream.ts'
import { Secret } from '#secrets/secret.ts'
import { assetUrl } from '../assets.ts'
import type { FormProblem } from '../form.ts'
import { languages } from '../language.ts'
import type { Html } from '../layout.ts'
import { deviceHere, shownHere, waitingCodes } from './device-here.ts'
import type { Route } from './route.ts'
import { type Answer, leadTo, newDevicePath, type Status, show, token, typed, type Visit } from './visit.ts'

const path = '/account/device'
const pushPath = `${path}/push`
const manifestPath = `${path}/manifest.webmanifest`

async function devicePage(visit: Visit, problems: readonly FormProblem[] = [], status?: Status): Promise<Response> {
  const { t, world } = visit
  const at = await deviceHere(visit)
  if (at === undefined) return notADevice(visit)
  const codes = notificationsOf(world, at)
  const none = html`<div class="empty">
    <h2>${t.say('device.none.title')}</h2>
    <p>${t.say('device.none.text')}</p>
    <a class="button second" href="${path}">${t.say('device.none.reload')}</a>
  </div>`
  return show(visit, {
    title: t.plain('device.title'),
    path,
    problems,
    status,
    manifest: manifestPath,
    scripts: ['device.js'],
    body: html`<p class="soft"><bdi>${at.device.name}</bdi></p>
      <div id="waiting" class="stack" aria-live="polite" data-events="${path}/events"
        data-shown="${codes.map(each => each.id).join(' ')}">
        ${codes.length === 0 ? none : waitingCodes(visit, codes, at.trusted)}
      </div>
      ${at.trusted ? notifications(visit, at) : html`<p class="soft">${t.say('device.waits')}</p>`}`,
  })
}

const notADevice = (visit: Visit): Answer =>
  show(visit, {
    title: visit.t.plain('device.not.title'),
    path,
    manifest: manifestPath,
    body: html`<p>${visit.t.say('device.not.text')}</p>
      <p><a class="button" href="${newDevicePath}">${visit.t.say('device.not.button')}</a></p>`,
  })

// ——— notifications

// Without scripts there are none: the style sheet hides it where they are off. Where they run it stands there from the first
// moment, or the page would jump, and its button waits for the script that makes it work.
function notifications(visit: Visit, { device, unreachable }: AtDevice): Html {
  const { t, world } = visit
  const on = device.address.startsWith('push:')
  const turnedOn = on && !unreachable
  const key = world.secrets.vapidKeys().publicKey
  return html`<section class="card scripted" id="push" data-key="${key}" data-worker="${path}/worker.js" data-scope="${path}"
    data-language="${t.language}" data-on="${turnedOn ? 'yes' : 'no'}" aria-labelledby="push-title">
    <h2 id="push-title">${t.say('device.push.title')}</h2>
    ${unreachable ? html`<p class="notice wait">${t.say('device.push.unreachable')}</p>` : ''}
    <p class="notice bad" role="alert" data-says="denied" hidden>${t.say('device.push.denied')}</p>
    <p class="notice bad" role="alert" data-says="failed" hidden>${t.say('device.push.failed')}</p>
    <form method="post" action="${pushPath}" data-turns="on" class="stack" ${turnedOn ? 'hidden' : ''}>
      ${token(visit)}
      ${['endpoint', 'p256dh', 'auth', 'key'].map(name => html`<input type="hidden" name="${name}" value="" />`)}
      <p>${t.say('device.push.text')} ${t.say('device.push.install')}</p>
      <button disabled>${t.say('device.push.button')}</button>
    </form>
    <form method="post" action="${pushPath}" data-turns="off" class="stack" ${turnedOn ? '' : 'hidden'}>
      ${token(visit)}
      <p>${t.say('device.push.on')}</p>
      <button class="second" disabled>${t.say('device.push.off')}</button>
    </form>
  </section>`
}

async function setPush(visit: Visit): Promise<Response> {
  const { t, world, call, form } = visit
  const at = await deviceHere(visit)
  if (at === undefined) return leadTo(visit, path)
  const { endpoint = '', p256dh = '', auth = '', key = '' } = form
  const on = endpoint !== ''
  const push = { endpoint, keys: { p256dh, auth }, ...(key === '' ? {} : { application_server_key: key }) }
  const ending = await moveDevice(world, call, at, on ? { push } : { app: true })
  switch (ending.kind) {
    case 'moved':
      return leadTo(visit, path, on ? 'push_on' : 'push_off')
    case 'not_a_subscription':
      return devicePage(visit, [{ text: t.say('device.push.refused') }])
    case 'not_a_device':
      return leadTo(visit, path)
  }
}

// ——— "not me"

async function deny(visit: Visit): Promise<Response> {
  const at = await deviceHere(visit)
  if (at === undefined) return leadTo(visit, path)
  const ending = await denyFromDevice(visit.world, visit.call, at, typed(visit, 'challenge'))
  return leadTo(visit, path, ending.kind === 'ended' ? 'denied' : 'nothing_open')
}

// What the notification carries is the proof: it can end that one request, whoever sends it.
async function denyFromNotification({ c, world, call, form }: Visit): Promise<Response> {
  const ending = await denyByToken(world, call, Secret.of(form.not_me ?? ''))
  return c.body(null, ending.kind === 'ended' ? 204 : 410)
}

// ——— what waits, as it comes

// What came by another node is found by looking: a bounded pace, whatever happens.
const lookEvery = 2_000
// Proxies close what is silent for a minute.
const looksOfSilence = 8

async function events(visit: Visit): Promise<Response> {
  const { c, options } = visit
  const at = await deviceHere(visit)
  // 204 is what an event source takes for "do not come back" (WHATWG HTML §9.2.3).
  if (at === undefined) return c.body(null, 204)
  const leave = options.arrivals.enter(at.device.id)
  if (leave === undefined) return c.body(null, 503, { 'Retry-After': '5' })
  c.get('deadline').addEventListener('abort', leave, { once: true })
  return streamed(c, 'text/event-stream; charset=utf-8', changes(visit, at, leave))
}

/** Says each time that what waits is not what it was; the page then looks for itself. */
async function* changes(visit: Visit, { id }: AtDevice, leave: () => void): AsyncGenerator<string> {
  const { c, options } = visit
  const signal = c.get('deadline')
  try {
    yield `retry: ${lookEvery}\n\n`
    let told: string | undefined
    let silence = 0
    for (;;) {
      const waits = await waitingNow(visit)
      if (waits === undefined) return
      silence = waits === told ? silence + 1 : 0
      if (waits !== told) yield eventFrame('waiting', waits, waits === '' ? 0 : waits.split(' ').length)
      told = waits
      if (silence >= looksOfSilence) {
        silence = 0
        yield stillHere
      }
      if (options.arrivals.closed() || signal.aborted) return
      await options.arrivals.wait(id, lookEvery, signal)
    }
  } finally {
    leave()
  }
}

/** The ids of what waits; `undefined` once this browser is no device any more. */
async function waitingNow(visit: Visit): Promise<string | undefined> {
  const credentials = shownHere(visit)
  if (credentials === undefined) return undefined
  const at = await deviceOfShown(visit.world, { ...visit.call, signal: undefined }, credentials)
  if (at.kind !== 'device') return undefined
  return notificationsOf(visit.world, at)
    .map(each => each.id)
    .join(' ')
}

// ——— what makes it installable

function manifest({ c, t, world }: Visit): Response {
  const { product, brand } = world.policy
  const icon = brand?.icon ?? assetUrl('icon.svg')
  const { tag: lang, direction: dir } = languages[t.language]
  const says = {
    ...{ id: path, name: `${product}: ${t.plain('device.title')}`, short_name: product, lang, dir },
    ...{ start_url: path, scope: path, display: 'standalone', background_color: '#f4f6f8', theme_color: '#f4f6f8' },
    icons: [{ src: icon, sizes: 'any', purpose: 'any' }],
  }
  return c.body(JSON.stringify(says), 200, { 'Content-Type': 'application/manifest+json; charset=utf-8' })
}

// Its address stays, for by it the browser looks for a newer one; the file's own has a version.
const worker = ({ c }: Visit): Response =>
  c.body(`importScripts('${assetUrl('device-worker.js')}')\n`, 200, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Service-Worker-Allowed': path,
  })

export const deviceRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'anybody', answer: visit => devicePage(visit) },
  { method: 'GET', path: `${path}/events`, who: 'anybody', answer: events, bare: true },
  { method: 'GET', path: manifestPath, who: 'anybody', answer: manifest, bare: true },
  { method: 'GET', path: `${path}/worker.js`, who: 'anybody', answer: worker, bare: true },
  { method: 'POST', path: pushPath, who: 'anybody', answer: setPush },
  { method: 'POST', path: `${path}/denial`, who: 'anybody', answer: deny },
  { method: 'POST', path: `${path}/not-me`, who: 'anybody', answer: denyFromNotification, unsigned: true },
]
