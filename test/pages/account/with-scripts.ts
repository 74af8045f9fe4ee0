// What scripts add to forms and waits: a code that is pasted or read out of a text message, a secret field that is shown, a wait
// that is counted by the clock; and a look of the operator's own, which has to be readable in any colour.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { costOf, looksWell, mostShift } from '../browser.ts'
import { at, fill, notice, openPages, type Pages, send } from './door.ts'

/** As far as the code, which is answered. */
async function toTheCode(pages: Pages, page: Page): Promise<string> {
  const of = await pages.turnedOn()
  await page.context().clearCookies()
  await page.goto('/account/sign-in')
  await pages.password(page, of)
  await page.click('button.choice')
  return pages.newestCode(of.number)
}

export async function codeIsPasted(pages: Pages, page: Page): Promise<void> {
  const code = await toTheCode(pages, page)
  await page.click('main form[action="/account/sign-in/device"] button')
  assert.match(await notice(page), /You can have one sent in (?:1:00|0:59)\./)
  const { autocomplete, inputMode } = (await page.evaluate(`(() => {
    const { autocomplete, inputMode } = document.getElementById('code')
    return { autocomplete, inputMode }
  })()`)) as { autocomplete: string; inputMode: string }
  assert.deepEqual([autocomplete, inputMode], ['one-time-code', 'numeric'])
  // As a messaging app copies it.
  await page.evaluate(`(() => {
    const data = new DataTransfer()
    data.setData('text', 'Your code: ${code.slice(0, 2)}-${code.slice(2)} ')
    const pasted = { clipboardData: data, bubbles: true, cancelable: true }
    document.getElementById('code').dispatchEvent(new ClipboardEvent('paste', pasted))
  })()`)
  assert.equal(await page.inputValue('#code'), code)
  await send(page)
  assert.equal(at(page), '/account')
}

export async function codeIsReadOutOfTheMessage(pages: Pages, page: Page): Promise<void> {
  // No phone is at hand: what the browser would read, the test says.
  await page.addInitScript(`
    window.OTPCredential = class {}
    navigator.credentials.get = ({ otp }) =>
      new Promise(resolve => { window.arrives = code => resolve({ code, asked: otp.transport }) })
  `)
  const code = await toTheCode(pages, page)
  await page.evaluate(`arrives('${code}')`)
  await page.waitForURL(/\/account$/)
}

export async function passwordIsShown(_: Pages, page: Page): Promise<void> {
  await page.context().clearCookies()
  await page.goto('/account/sign-in')
  await fill(page, { password: 'seven quiet rivers' })
  await page.click('button[data-shows="password"]')
  assert.equal(await page.getAttribute('#password', 'type'), 'text')
  await page.click('button[data-shows="password"]')
  assert.equal(await page.getAttribute('#password', 'type'), 'password')
}

export async function laptopSlept(pages: Pages, page: Page): Promise<void> {
  await page.clock.install()
  await toTheCode(pages, page)
  const left = () => page.textContent('time[data-until]')
  await page.clock.runFor(1_000)
  assert.match((await left()) ?? '', /^in 4:5\d$/)
  await page.clock.fastForward('03:00')
  assert.match((await left()) ?? '', /^in 1:5\d$/)
  await page.clock.fastForward('10:00')
  assert.equal(await left(), 'now')
}

export async function ownLook(_: Pages, page: Page): Promise<void> {
  await using own = await openPages({
    TWOSTEP_PRODUCT_NAME: 'Acme',
    TWOSTEP_ACCENT: '#ffd166',
    TWOSTEP_LOGO: 'src/pages/static/icon.svg',
  })
  await page.goto(`${own.url}/account/sign-in`)
  const { shift, elsewhere } = await costOf(page)
  assert.ok(shift < mostShift, `the logo moves things by ${shift}`)
  assert.deepEqual(elsewhere, [])
  await looksWell(page, '150-own-look', 'dark')
  // A stream of this page would keep the sandbox from ending.
  await page.goto('about:blank')
}
