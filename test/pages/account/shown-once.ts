// The Recovery Key and app-specific passwords are shown once: copied and printed by then, and gone with the page. Nothing keeps
// the answer that has them, the address does not lead to it, and going back finds nothing.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { picture } from '../browser.ts'
import { at, fill, type Pages, signInAs } from './door.ts'

/** What `press` makes the page show; its answer is one that nothing keeps. */
async function shownBy(page: Page, press: () => Promise<void>): Promise<string> {
  const [reply] = await Promise.all([page.waitForResponse(each => each.request().method() === 'POST'), press()])
  assert.equal(reply.headers()['cache-control'], 'no-store')
  const secret = ((await page.textContent('.secret-text')) ?? '').trim()
  assert.ok(secret.length > 10)
  assert.ok(!page.url().includes(secret))
  return secret
}

/** Away to the next page and back: the browser has nothing to show, and would have to send the form again. */
async function backShowsNothing(page: Page, leave: string): Promise<void> {
  await page.click(`main a[href="${leave}"]`)
  await assert.rejects(page.goBack(), /ERR_CACHE_MISS/)
  await page.waitForURL('chrome-error://chromewebdata/')
}

async function toTheKey(pages: Pages, page: Page, number: string): Promise<string> {
  const press = (path: string) => page.click(`main form[action="/account/set-up/${path}"] button`)
  await page.goto('/account/set-up')
  await press('begin')
  await fill(page, { number })
  await press('number')
  await fill(page, { code: await pages.newestCode(number) })
  await press('code')
  await press('skip')
  return shownBy(page, () => press('key'))
}

/** With scripts: it is copied, printed on one sheet, and a browser that would keep the page keeps it without the key. */
export async function keyIsShownOnce(pages: Pages, page: Page): Promise<void> {
  await signInAs(page, pages, await pages.owner())
  const key = await toTheKey(pages, page, '+16315550701')
  await page.emulateMedia({ media: 'print' })
  await picture(page, '170-the-key-printed')
  await page.emulateMedia({ media: 'screen' })
  const pdf = await page.pdf({ format: 'A4' })
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1, 'the sheet is one sheet')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.click('[data-copies]')
  await page.waitForSelector('text="Copied"')
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), key)
  await page.evaluate('dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))')
  assert.doesNotMatch(await page.content(), new RegExp(key))
  await backShowsNothing(page, '/account/set-up')
  await page.goto('/account/set-up')
  assert.doesNotMatch(await page.content(), new RegExp(key))
}

/** Without scripts nothing takes it off the page, and still nothing brings it back; it goes on in another browser. */
export async function keyIsShownOnceWithoutScripts(pages: Pages, page: Page): Promise<void> {
  const owner = await pages.owner()
  await signInAs(page, pages, owner)
  const key = await toTheKey(pages, page, '+16315550702')
  await backShowsNothing(page, '/account/set-up')
  await page.context().clearCookies()
  await page.goto('/account/set-up')
  await pages.password(page, owner)
  assert.equal(at(page), '/account/set-up')
  await fill(page, { 'recovery-key': key })
  await page.click('main form[action$="/retype"] button')
  assert.equal(await page.locator('#understood').count(), 1, 'the step after it, in another browser')
}

export async function appPasswordIsShownOnce(pages: Pages, page: Page): Promise<void> {
  const of = await pages.turnedOn()
  await pages.advance('PT1M')
  await pages.freshen(of)
  await signInAs(page, pages, of)
  await page.goto('/account/app-passwords/new')
  await fill(page, { name: 'Mail', service: 'mail' })
  const made = await shownBy(page, () => page.click('main form button'))
  await backShowsNothing(page, '/account/app-passwords')
  await page.goto('/account/app-passwords')
  assert.doesNotMatch(await page.content(), new RegExp(made))
}
