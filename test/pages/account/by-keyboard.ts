// The keyboard alone is enough: signing in, and the whole set-up. The focus goes to what is wrong, and from there to the field.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { otherThan } from '../../other-code.ts'
import { focusLeadsTo } from '../browser.ts'
import { at, type Pages, signInAs } from './door.ts'

/** Presses Tab until something that fits has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  assert.fail(`the keyboard does not reach ${selector}`)
}

/** Tabs there, types, and presses Enter. */
async function go(page: Page, selector: string, text = ''): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.type(text)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

export async function signsInByKeyboard(pages: Pages, page: Page): Promise<void> {
  const of = await pages.turnedOn()
  await page.context().clearCookies()
  await page.goto('/account/sign-in')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.className'), 'skip', 'the way past what every page has')
  await page.keyboard.press('Enter')
  await tabTo(page, '#email')
  await page.keyboard.type(of.email)
  await go(page, '#password', of.password)
  await go(page, 'button.choice')
  const code = await pages.newestCode(of.number)
  await go(page, '#code', otherThan(code))
  await focusLeadsTo(page, 'code')
  await page.keyboard.type(code)
  await tabTo(page, 'input[name=trust]')
  await page.keyboard.press('Space')
  await go(page, 'main form button')
  assert.equal(at(page), '/account')
}

export async function setsUpByKeyboard(pages: Pages, page: Page): Promise<void> {
  await signInAs(page, pages, await pages.owner())
  await page.goto('/account')
  await go(page, 'a[href="/account/set-up"]')
  await go(page, 'main button')
  await go(page, '#number', '12')
  await focusLeadsTo(page, 'number')
  await page.keyboard.press('ControlOrMeta+a')
  const number = '+16315550703'
  await page.keyboard.type(number)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  await go(page, '#code', await pages.newestCode(number))
  await go(page, 'form[action$="/skip"] button')
  await go(page, 'main form[action$="/key"] button')
  const key = ((await page.textContent('.secret-text')) ?? '').trim()
  await go(page, 'main a[href="/account/set-up"]')
  await go(page, '#recovery-key', key)
  await tabTo(page, '#understood')
  await page.keyboard.press('Space')
  await go(page, 'main form[action$="/confirm"] button')
  assert.equal(at(page), '/account/set-up/done')
}
