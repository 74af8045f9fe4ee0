// The page of a trusted device where scripts run: codes as they come, "not me", and notifications that its service worker shows,
// out of what this server encrypted for it.

import assert from 'node:assert/strict'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { openPushEndpoint } from '#test/delivery/push-endpoint.ts'
import type { TurnedOn } from '../../faces/account/door.ts'
import { at, fill, notice, type Pages, send, signInAs } from './door.ts'

const codeOn = (page: Page): Promise<string | null> => page.textContent('.code-large > [aria-hidden]')

/** Makes a browser one of somebody's trusted devices; its page is open then. */
async function trusts(pages: Pages, page: Page): Promise<TurnedOn> {
  const of = await pages.turnedOn()
  await signInAs(page, pages, of)
  // Two text messages to one number are a minute apart.
  await pages.advance('PT1M')
  await pages.freshen(of)
  await page.goto('/account/new-device')
  await fill(page, { name: 'Kitchen tablet' })
  await page.click('main form[action="/account/new-device/browser"] button')
  await fill(page, { code: (await codeOn(page)) ?? '' })
  await send(page)
  assert.equal(at(page), '/account/device')
  return of
}

/** Somebody else with the password, by the pages and in another browser, who has a code sent to that device. */
async function asks(pages: Pages, of: TurnedOn) {
  const them = pages.visit()
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const type = 'application/x-www-form-urlencoded'
  const headers = { 'user-agent': agent, origin: pages.url, 'content-type': type }
  const post = (path: string, fields: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams({ form: them.token(), ...fields }).toString()
    return them.send('POST', `/account/sign-in${path}`, { body, headers })
  }
  await them.get('/account/sign-in')
  await post('', { email: of.email, password: of.password })
  const { text } = await them.get('/account/sign-in/device')
  const [, device = ''] = [...text.matchAll(/name="device" value="([^"]*)"/g)].at(-1) ?? []
  assert.equal((await post('/device', { device })).to, '/account/sign-in/code')
  return { enters: async (code: string | null) => (await post('/code', { code: code ?? '' })).to }
}

export async function codesComeByThemselves(pages: Pages, page: Page): Promise<void> {
  const of = await trusts(pages, page)
  const owner = await asks(pages, of)
  await page.waitForSelector('.code-large')
  assert.match(
    (await page.innerText('#waiting')) ?? '',
    /Somebody with your password is signing in.*Firefox on Linux.*127\.0\.0\.1/s,
  )
  assert.match((await page.textContent('#waiting time')) ?? '', /^in (?:5:00|4:5\d)$/)
  assert.equal(await owner.enters(await codeOn(page)), '/account')
  await page.waitForSelector('.empty')
  const thief = await asks(pages, of)
  await page.waitForSelector('.code-large')
  await page.click('form[action="/account/device/denial"] button')
  assert.match(await notice(page), /has been stopped/)
  assert.equal(await thief.enters('0000'), '/account/sign-in?done=over')
  assert.ok((await pages.mails(of.email)).some(({ subject }) => /not you|“not me”|denied|not me/i.test(subject ?? '')))
}

/** What Chromium's push service would do: it hands the worker a message. */
async function pushes(context: BrowserContext, page: Page, origin: string) {
  const session: CDPSession = await context.newCDPSession(page)
  const registered = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first !== undefined) resolve(first.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  return async (data: string) =>
    session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
}

export async function notificationsShowCodes(pages: Pages, page: Page): Promise<void> {
  await using endpoint = await openPushEndpoint()
  const context = page.context()
  await context.grantPermissions(['notifications'], { origin: pages.url })
  // Chromium would ask Google for an address, and without windows it says "denied" of what was granted. The rest is its own.
  await page.addInitScript(`Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => ({
    toJSON: () => (${JSON.stringify(endpoint.subscription)}),
    asked: applicationServerKey,
  })`)
  const of = await trusts(pages, page)
  const push = await pushes(context, page, pages.url)
  await page.click('#push form[data-turns="on"] button')
  await page.waitForURL(/done=push_on/)
  await page.goto('/account/new-device')
  assert.match((await page.textContent('main')) ?? '', /It is one of your trusted devices/)

  await page.goto('about:blank')
  const thief = await asks(pages, of)
  const [pushed] = await endpoint.has(1)
  await page.goto('/account/device/manifest.webmanifest')
  // A browser without windows has nowhere to show one: it is looked at where the worker hands it over.
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  await worker.evaluate(`void (globalThis.handedOver = new Promise(resolve => {
    registration.showNotification = async (title, { body }) => resolve({ title, body })
  }))`)
  await push(JSON.stringify(pushed?.payload))
  const shown = (await worker.evaluate('handedOver')) as { title: string; body: string }
  assert.match(shown.title, new RegExp(`^${pushed?.payload.code} is your Twostep code$`))
  assert.match(shown.body, /Somebody with your password is signing in/)
  await page.goto('/account/device')

  // What its button sends, for nobody can press one here: the proof is what the notification carries.
  const said = await page.evaluate(`fetch('/account/device/not-me', {
    method: 'POST', credentials: 'omit', body: new URLSearchParams({ not_me: ${JSON.stringify(pushed?.payload.not_me)} }),
  }).then(reply => reply.status)`)
  assert.equal(said, 204)
  assert.equal(await thief.enters('0000'), '/account/sign-in?done=over')

  await page.click('#push form[data-turns="off"] button')
  assert.match(await notice(page), /Notifications are off/)
}
