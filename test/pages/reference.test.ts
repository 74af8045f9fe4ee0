// The API reference as people meet it: read without scripts, searched, and each call tried in the sandbox.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { operatorToken, startSandbox } from '../faces/sandbox.ts'
import { looksWell, openBrowser, person } from './browser.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const { url } = sandbox

test('the reference shuts nobody out: by light, in the dark, in a narrow window, and from right to left', async () => {
  await using page = await person(browser, url)
  await page.goto('/docs')
  await looksWell(page, 'docs-start', 'dark')
  await page.fill('#q', 'wrong_pin')
  await page.click('form.search button')
  await looksWell(page, 'docs-search')
  await page.click('.calls a >> nth=0')
  await page.click('.call details >> nth=0')
  await looksWell(page, 'docs-group', 'dark')
  await page.context().addCookies([{ name: 'twostep-language', value: 'ar', url }])
  await page.reload()
  assert.equal(await page.evaluate('getComputedStyle(document.querySelector(".reference")).direction'), 'ltr')
})

test('a call is tried with the key that was typed, and what is answered is shown as text', async () => {
  await using page = await person(browser, url)
  await page.goto('/docs/operator')
  await page.fill('#createApplication-operatorToken', operatorToken)
  await page.fill('#createApplication-json', '{"name":"<img src=x onerror=alert(1)>"}')
  const form = page.locator('section[aria-labelledby=createApplication] form.try')
  await form.locator('button').click()
  await form.locator('.status:has-text("201")').waitFor()
  assert.match((await form.locator('output code').textContent()) ?? '', /"api_key": "twk_/)
  // The token is there for the next call of this page, and none of it is in the address.
  assert.equal(await page.inputValue('#createBusiness-operatorToken'), operatorToken)
  assert.doesNotMatch(page.url(), /operator-token/)
  await page.fill('#createBusiness-operatorToken', 'wrong')
  const other = page.locator('section[aria-labelledby=createBusiness] form.try')
  await other.locator('button').click()
  await other.locator('.status:has-text("401")').waitFor()
  await looksWell(page, 'docs-tried')
})

test('without scripts the whole reference is there, and no form that could not work', async () => {
  await using page = await person(browser, url, { scripts: false, width: 320 })
  await page.goto('/docs/registrations#completeRegistration')
  assert.equal(await page.isVisible('form.try'), false)
  assert.match((await page.textContent('section[aria-labelledby=completeRegistration]')) ?? '', /accept_reset/)
})
