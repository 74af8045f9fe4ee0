// The page of a trusted device in a real Chromium: codes as they come, with who asks, "not me", and notifications that its
// service worker shows, out of what this server encrypted for it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { openPushEndpoint } from '#test/delivery/push-endpoint.ts'
import type { TurnedOn } from '../../faces/account/door.ts'
import { costOf, looksWell, looksWellFromEverySide, openBrowser } from '../browser.ts'
import { at, fill, notice, openPages, send } from './door.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const door = await openPages()
after(() => door[Symbol.asyncDispose]())

const code = (page: Page): Promise<string | null> => page.textContent('.code-large > [aria-hidden]')

/** Makes a browser one of somebody's trusted devices; its page is open then. */
async function trusts(page: Page, of: TurnedOn): Promise<void> {
  // Two text messages to one number are a minute apart.
  await door.advance('PT1M')
  await door.freshen(of)
  await page.goto('/account/new-device')
  await fill(page, { name: 'Kitchen tablet' })
  await page.click('text=Use this browser')
  await fill(page, { code: (await code(page)) ?? '' })
  await send(page)
  assert.equal(at(page), '/account/device')
  assert.match(await notice(page), /The device is trusted now/)
}

/** Somebody else with the password, who has a code sent to that device. */
async function asks(of: TurnedOn): Promise<Page & AsyncDisposable> {
  const page = await door.comes(browser)
  await page.goto('/account/sign-in')
  await door.password(page, of)
  await page.click('button.choice:has-text("Kitchen tablet")')
  await page.waitForURL(/code$/)
  return page
}

test('a device shows a code as it comes, and with "not me" ends what asked for it', async () => {
  const of = await door.turnedOn()
  await using page = await door.signedIn(browser, of)
  await page.goto('/account/device')
  await looksWellFromEverySide(page, '140-device-none')
  await trusts(page, of)
  await looksWellFromEverySide(page, '141-device-nothing-asked')
  {
    await using other = await asks(of)
    await page.waitForSelector('.code-large')
    assert.match(
      (await page.innerText('#waiting')) ?? '',
      /Somebody with your password is signing in.*on Linux.*127\.0\.0\.1/s,
    )
    assert.match((await page.textContent('#waiting time')) ?? '', /^in (?:5:00|4:5\d)$/)
    await looksWellFromEverySide(page, '142-device-code')
    await fill(other, { code: (await code(page)) ?? '' })
    await send(other)
    assert.equal(at(other), '/account')
    await page.waitForSelector('.empty')
  }
  await using thief = await asks(of)
  await page.waitForSelector('.code-large')
  await page.click('text=This is not me')
  assert.match(await notice(page), /has been ended/)
  await looksWell(page, '143-device-denied')
  await fill(thief, { code: '0000' })
  await send(thief)
  assert.equal(at(thief), '/account/sign-in')
  assert.match(await notice(thief), /was ended/)
  assert.ok((await door.mails(of.email)).some(({ subject }) => /not you|“not me”|denied|not me/i.test(subject ?? '')))
})

test('without scripts a device shows its codes when it is loaded, and says "not me" by a form', async () => {
  const of = await door.turnedOn()
  await using page = await door.signedIn(browser, of, { scripts: false })
  await trusts(page, of)
  assert.equal(await page.locator('#push:visible').count(), 0, 'no button that could do nothing')
  await using thief = await asks(of)
  await page.click('text=Look again')
  assert.equal((await code(page))?.length, 4)
  await page.click('text=This is not me')
  assert.match(await notice(page), /has been ended/)
  await thief.reload()
  assert.equal(at(thief), '/account/sign-in')
})

/** What Chromium's push service would do: it hands the worker a message. */
async function pushes(context: BrowserContext, page: Page) {
  const session: CDPSession = await context.newCDPSession(page)
  const registered = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first !== undefined) resolve(first.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  return async (data: string) =>
    session.send('ServiceWorker.deliverPushMessage', { origin: door.url, registrationId: await registered, data })
}

test('notifications are turned on, show the code while the page is closed, and are turned off', async () => {
  await using endpoint = await openPushEndpoint()
  const of = await door.turnedOn()
  await using page = await door.signedIn(browser, of)
  const context = page.context()
  await context.grantPermissions(['notifications'], { origin: door.url })
  // Chromium would ask Google for an address, and without windows it says "denied" of what was granted. The rest is its own.
  await page.addInitScript(`Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => ({
    toJSON: () => (${JSON.stringify(endpoint.subscription)}),
    asked: applicationServerKey,
  })`)
  await trusts(page, of)
  const push = await pushes(context, page)
  await page.click('text=Turn on notifications')
  await page.waitForURL(/done=push_on/)
  await looksWell(page, '144-device-notifications', 'dark')
  const { bytes, shift } = await costOf(page, '/account/device')
  assert.ok(bytes < 60_000, String(bytes))
  assert.equal(shift, 0)
  await page.goto('/account/new-device')
  assert.match((await page.textContent('main')) ?? '', /It is one of your trusted devices/)

  await page.goto('about:blank')
  await using thief = await asks(of)
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
  await thief.reload()
  assert.equal(at(thief), '/account/sign-in')

  await page.click('text=Turn off notifications')
  assert.match(await notice(page), /Notifications are off/)
})
