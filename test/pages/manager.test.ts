// The manager pages as people meet them: a real Chromium, with scripts and without, by keyboard, from right to left, in the
// dark and in a narrow window. Every page and state is looked at by axe, and has its picture taken.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { minute } from '#core/kernel/instant.ts'
import { call, newestCode } from '../faces/sandbox.ts'
import { pass } from '../still-time.ts'
import { fits, focusLeadsTo, looksWell, openBrowser, person, picture } from './browser.ts'
import { type Manager, openManager, password } from './sandbox-with-people.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const manager = await openManager()
after(() => manager[Symbol.asyncDispose]())
const { url } = manager
const bakery = await manager.business('Corner Bakery')

const send = (page: Page) => page.click('main form button:not([type=button])')
const notice = async (page: Page) => (await page.textContent('.notice'))?.trim().replace(/\s+/g, ' ') ?? ''

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/manager')
  await page.fill('#email', email)
  await page.fill('#password', password)
  await send(page)
  await page.waitForURL(/businesses|\/manager$/)
}

/** Somebody who signed in before: only the tests that are about signing in do it by the page. */
async function comeIn(page: Page, waba: string): Promise<string> {
  const { cookies, email } = await manager.signedIn(waba)
  await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url })))
  return email
}

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, text] of Object.entries(fields)) await page.fill(`#${id}`, text)
}

test('an admin is invited, signs in, and takes a number from added to registered', async () => {
  await using page = await person(browser, url)
  const link = await manager.invited(bakery.waba, 'anna@bakery.example')
  await page.goto(link)
  await fill(page, { new: password, again: 'something else' })
  await send(page)
  await looksWell(page, '01-invitation')
  await fill(page, { new: password, again: password })
  await send(page)
  await picture(page, '02-sign-in')
  await fill(page, { email: 'anna@bakery.example', password: 'not the password' })
  await send(page)
  await looksWell(page, '03-sign-in-refused', 'dark')
  await page.goto(link)
  await picture(page, '04-invitation-gone')

  await signIn(page, 'anna@bakery.example')
  await looksWell(page, '05-no-numbers')
  await page.click('text=Add a number')
  await fill(page, { number: '07700 900123' })
  await send(page)
  await looksWell(page, '06-add-number-wrong')
  await fill(page, { number: '+44 7700 900123' })
  await send(page)
  assert.equal(await notice(page), 'The number was added. Now prove that it is yours.')
  await looksWell(page, '07-added')
  await page.click('text=Send a code')
  await fill(page, { code: '000000' })
  await page.click('text=Check code')
  await looksWell(page, '08-code-wrong')
  await fill(page, { code: await newestCode(url, '+447700900123') })
  await page.click('text=Check code')
  await looksWell(page, '09-proved')
  await fill(page, { pin: '010190', 'pin-again': '010190' })
  await page.click('button:has-text("Register number")')
  assert.match(await notice(page), /can be read as a date/)
  await fill(page, { pin: '837465', 'pin-again': '837465' })
  await page.click('button:has-text("Register number")')
  await looksWell(page, '10-registered', 'dark')
  await page.click('text=Delete this number >> nth=-1')
  await looksWell(page, '11-delete')
  await page.goto('/manager/password')
  await looksWell(page, '12-password')
  await page.click('text=Sign out')
  assert.equal(await notice(page), 'You have signed out.')
})

test('the PIN is changed, a wait is counted down, the mail turns it off, the history tells all of it', async () => {
  await using page = await person(browser, url)
  const phone = await manager.held(bakery, '837465')
  await comeIn(page, bakery.waba)
  await page.goto(`${phone.path}/two-step`)
  await page.click('button[data-shows="current"]')
  assert.equal(await page.getAttribute('#current', 'type'), 'text')
  await page.click('button[data-shows="current"]')
  for (let guess = 0; guess < 6; guess++) {
    await fill(page, { current: '111111', pin: '902847', 'pin-again': '902847' })
    await page.click('button:has-text("Change PIN")')
    if (guess === 0) await looksWell(page, '20-wrong-pin')
  }
  assert.match(await notice(page), /You can try again in (?:1:00|0:59)\./)
  await looksWell(page, '21-wait')
  pass(minute)
  await fill(page, { current: '837465', pin: '902847', 'pin-again': '902847' })
  await page.click('button:has-text("Change PIN")')
  assert.match(await notice(page), /The PIN was changed/)
  await page.click('text=Send the e-mail')
  await page.waitForSelector('text=An e-mail with a link went to')
  await looksWell(page, '22-mailed', 'dark')
  const [mail] = (await manager.mails('owner@bakery.example')).filter(({ link }) => link !== undefined)
  await page.goto(mail?.link ?? '')
  await looksWell(page, '23-link')
  await send(page)
  await page.goto(`${phone.path}/two-step`)
  await looksWell(page, '24-off')
  await fill(page, { pin: '605172', 'pin-again': '605172' })
  await send(page)
  assert.match(await notice(page), /Two-step verification is on/)
  await page.click('.tabs >> text=History')
  await looksWell(page, '25-history')
})

test('lists: many numbers, a search, several businesses, a member, a page that is not there', async () => {
  const many = await manager.business('Many Bakeries')
  for (let at = 0; at < 27; at++) await manager.listed(many)
  await using page = await person(browser, url)
  const email = await comeIn(page, many.waba)
  await page.goto('/manager')
  await page.click('text=Older')
  assert.equal(await page.locator('tbody tr').count(), 2)
  await page.click('text=Newer')
  await looksWell(page, '30-list', 'dark')
  await page.fill('#sought', 'test')
  await page.click('text=Find >> nth=-1')
  await picture(page, '31-found')
  await page.fill('#sought', 'elsewhere')
  await page.click('text=Find >> nth=-1')
  await looksWell(page, '32-nothing-found')
  await page.goto('/manager/nowhere')
  await looksWell(page, '33-nothing-here')

  await manager.operate('POST', `businesses/${bakery.waba}/admins`, { email, role: 'member' })
  await page.goto('/manager')
  await looksWell(page, '34-businesses')
  const phone = await manager.held(bakery, '837465')
  await page.goto(`${phone.path}/two-step`)
  await looksWell(page, '35-member')
  assert.equal(await page.locator('main form').count(), 0)
})

test('everything works without scripts', async () => {
  await using page = await person(browser, url, { scripts: false })
  await signIn(page, await manager.admin(bakery.waba))
  await page.click('text=Add a number')
  await fill(page, { number: '+44 7700 900321' })
  await send(page)
  await page.click('text=Send a code')
  await fill(page, { code: await newestCode(url, '+447700900321') })
  await page.click('text=Check code')
  await fill(page, { pin: '837465', 'pin-again': '837465' })
  await page.click('button:has-text("Register number")')
  await page.click('.tabs >> text=Two-step')
  assert.equal(await page.locator('button[data-shows]:visible').count(), 0, 'no button that could do nothing')
  await fill(page, { current: '111111', pin: '902847', 'pin-again': '902847' })
  await page.click('button:has-text("Change PIN")')
  assert.match(await notice(page), /This PIN is not right. 4 more tries/)
  await fill(page, { current: '837465', pin: '902847', 'pin-again': '902847' })
  await page.click('button:has-text("Change PIN")')
  assert.match(await notice(page), /The PIN was changed/)
  await page.click('text=Send the e-mail')
  assert.match(await notice(page), /An e-mail with a link went to/)
  await page.goto('/manager')
  await page.fill('#sought', '07700 900321')
  await page.click('text=Find >> nth=-1')
  await page.click('text=Delete this number >> nth=-1')
  await fill(page, { pin: '902847' })
  await send(page)
  assert.equal(await notice(page), 'The number was deleted.')
})

test('the keyboard alone is enough, and the focus goes to what is wrong', async () => {
  await using page = await person(browser, url)
  const email = await manager.admin(bakery.waba)
  const phone = await manager.held(bakery, '837465')
  const type = async (text: string) => page.keyboard.type(text)
  const tabTo = async (selector: string) => {
    for (let at = 0; at < 30; at++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
    }
    assert.fail(`the keyboard does not reach ${selector}`)
  }
  await page.goto(`${phone.path}/two-step`)
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content')
  await page.keyboard.press('Enter')
  await tabTo('#email')
  await type(email)
  await tabTo('#password')
  await type(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/two-step$/)
  await tabTo('#current')
  await type('111111')
  await tabTo('#pin')
  await type('902847')
  await tabTo('#pin-again')
  await type('902847')
  await page.keyboard.press('Enter')
  await focusLeadsTo(page, 'current')
  await type('837465')
  await tabTo('#pin')
  await type('902847')
  await tabTo('#pin-again')
  await type('902847')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=The PIN was changed')
})

test('from right to left, in Arabic; and nothing is scrolled sideways in a window of 320 pixels', async () => {
  await using page = await person(browser, url, { language: 'ar-EG', width: 320 })
  const phone = await manager.held(bakery, '837465')
  await page.goto('/manager')
  assert.deepEqual(await page.evaluate('[document.documentElement.lang, document.dir]'), ['ar', 'rtl'])
  await fits(page)
  await comeIn(page, bakery.waba)
  await page.goto('/manager')
  await looksWell(page, '40-list-arabic-narrow')
  for (const path of [
    phone.path,
    `${phone.path}/two-step`,
    `${phone.path}/history`,
    `${phone.path}/deletion`,
    '/manager/password',
  ]) {
    await page.goto(path)
    await fits(page)
    // Latin words are names, addresses and the terms that Arabic writes so.
    const text = (await page.evaluate('document.querySelector("main").innerText')) as string
    const latin = text.replace(/PIN|Corner Bakery|Test Bakery|Graph|API|UTC|SMS/g, '').match(/[A-Za-z]{3,}/g)
    assert.equal(latin, null, `${path}: ${latin}`)
  }
  await page.setViewportSize({ width: 1100, height: 800 })
  await page.goto(`${phone.path}/two-step`)
  await fill(page, { current: '111111', pin: '902847', 'pin-again': '902847' })
  await page.click('main form button:not([type=button]) >> nth=0')
  await looksWell(page, '41-wrong-pin-arabic')
  await page.goto(`${phone.path}/history`)
  await looksWell(page, '42-history-arabic')
  await page.setViewportSize({ width: 320, height: 800 })
  await page.click('text=English')
  assert.equal(await page.evaluate('document.dir'), 'ltr')
  assert.match(page.url(), /history$/)
  await looksWell(page, '43-history-narrow')
})

/** Somebody's app locks a number and gives an address; somebody else proves the number. Answers the links that were mailed. */
async function mailedLinks(of: Manager): Promise<readonly string[]> {
  const { api_key } = (await of.operate('POST', 'applications', { name: 'App' })).body
  const rest = async (method: string, path: string, body: object) =>
    (await call(of.url, method, `/api/v1/registrations${path}`, { token: String(api_key), body })).body
  const proved = async (): Promise<string> => {
    const { id } = await rest('POST', '', { number: '+447700900777' })
    await rest('POST', `/${id}/code/check`, { code: await newestCode(of.url, '+447700900777') })
    return `/${id}`
  }
  const email = 'holder@mail.example'
  const holder = await proved()
  await rest('POST', `${holder}/complete`, {})
  await rest('PUT', `${holder}/two-step`, { pin: '837465', email, email_repeat: email })
  pass(minute)
  await rest('POST', `${await proved()}/recovery-mail`, {})
  return (await of.mails(email)).flatMap(({ link }) => link ?? [])
}

test('the pages of mailed links: what confirming would do, that it was done, that the link is gone', async () => {
  await using page = await person(browser, url)
  const [recovery = ''] = await mailedLinks(manager)
  await page.goto(recovery)
  await looksWell(page, '50-recovery', 'dark')
  await page.click('text=العربية')
  assert.equal(page.url(), recovery)
  await looksWell(page, '51-recovery-arabic')
  await send(page)
  await looksWell(page, '52-recovery-done-arabic')
  await page.goto(recovery)
  await looksWell(page, '53-gone-arabic')
  await page.click('text=English')
  assert.match((await page.textContent('main')) ?? '', /does not work any more/)

  await using strict = await openManager({ TWOSTEP_PROFILE: 'strict' })
  const [address = ''] = await mailedLinks(strict)
  await page.goto(address)
  await looksWell(page, '54-address')
  await send(page)
  await picture(page, '55-address-done')
})
