// Looking after an account, as a person does it in a browser: every page is looked at, and every change asks, proves, says what
// it did, and mails.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { costOf, fits, looksWell, openBrowser, picture } from '../browser.ts'
import { at, fill, notice, openPages, send } from './door.ts'

const pages = await openPages()
const browser = await openBrowser()
after(async () => {
  await browser.close()
  await pages[Symbol.asyncDispose]()
})

const click = (page: Page, text: string) => page.click(`main >> text="${text}"`)

test('what changes who can get in asks for fresh proofs, and leads back to where one was', async () => {
  const owner = await pages.turnedOn()
  await pages.advance('PT11M')
  await using page = await pages.signedIn(browser, owner)
  await page.goto('/account/recovery-key')
  await looksWell(page, '200-recovery-key')
  await click(page, 'Take a new key')
  assert.equal(at(page), '/account/step-up')
  await fill(page, { password: 'not the password' })
  await send(page)
  assert.match(await notice(page), /This password is not right/)
  await looksWell(page, '201-step-up-password', 'dark')
  await fill(page, { password: owner.password })
  await send(page)
  await looksWell(page, '202-step-up-device')
  await page.click('button.choice')
  const code = await pages.newestCode(owner.number)
  await fill(page, { code: code === '0000' ? '0001' : '0000' })
  await send(page)
  assert.match(await notice(page), /not right.* 2 tries left/)
  await looksWell(page, '203-step-up-code')
  await page.reload()
  await fill(page, { code })
  await send(page)
  assert.equal(at(page), '/account/recovery-key/new')
  assert.match(await notice(page), /Go on where you were/)
  await looksWell(page, '204-replace-key')

  await click(page, 'Show my Recovery Key')
  const key = (await page.textContent('.secret-text'))?.trim() ?? ''
  await looksWell(page, '205-new-key')
  await click(page, 'I have it on paper')
  await fill(page, { 'recovery-key': owner.recoveryKey })
  await send(page)
  assert.match(await notice(page), /not the key that was shown/)
  await looksWell(page, '206-retype-wrong')
  await fill(page, { 'recovery-key': key })
  await send(page)
  assert.match(await notice(page), /The new Recovery Key counts/)
  assert.ok((await pages.mails(owner.email)).some(({ subject }) => /You have a new Recovery Key/.test(subject ?? '')))

  await fill(page, { 'recovery-key': owner.recoveryKey })
  await send(page)
  assert.match(await notice(page), /This is not your Recovery Key/)
  await fill(page, { 'recovery-key': key })
  await send(page)
  assert.match(await notice(page), /we ask again in a year/)
})

test('devices, programs, browsers and sessions are listed, named and taken away', async () => {
  const owner = await pages.turnedOn()
  await pages.advance('PT1M')
  await pages.freshen(owner)
  await using page = await pages.signedIn(browser, owner)
  await page.goto('/account/devices')
  await looksWell(page, '210-devices')
  await page.click('text=Rename')
  await fill(page, { name: 'My red phone' })
  await looksWell(page, '211-rename')
  await send(page)
  assert.match((await page.textContent('.entry-top')) ?? '', /My red phone/)
  await page.click('text=Take away')
  await send(page)
  assert.match(await notice(page), /This is your last number/)
  await looksWell(page, '212-last-number')
  await page.goto('/account/devices')
  await click(page, 'Add a device or number')
  await click(page, 'Use this browser')
  await fill(page, { code: ((await page.textContent('.code-large .unseen')) ?? '').replaceAll(' ', '') })
  await page.click('main button:has-text("Check code")')
  await page.goto('/account/devices')
  await looksWell(page, '213-two-devices', 'dark')
  await page.click('section:has-text("Devices") >> text=Take away >> nth=-1')
  await looksWell(page, '214-take-away')
  await send(page)
  assert.match(await notice(page), /no trusted device any more/)

  await page.goto('/account/app-passwords')
  await looksWell(page, '215-no-app-passwords')
  await click(page, 'Make one')
  await fill(page, { name: 'Mail on my laptop', service: 'My Mail!' })
  await send(page)
  await looksWell(page, '216-app-password-wrong')
  await fill(page, { service: 'Mail' })
  await send(page)
  const made = (await page.textContent('.secret-text'))?.trim() ?? ''
  assert.match(made, /^[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}$/)
  await looksWell(page, '217-app-password')
  const basic = await pages.api('GET', '/app-passwords/basic?service=mail', {
    headers: { authorization: `Basic ${Buffer.from(`${owner.email}:${made}`).toString('base64')}` },
  })
  assert.equal(basic.status, 204)
  await click(page, 'Done: it is in the program')
  await looksWell(page, '218-app-passwords')
  await page.click('text=Revoke')
  await send(page)
  assert.match(await notice(page), /opens nothing any more/)

  await page.goto('/account/browsers')
  await looksWell(page, '219-browsers')
  await page.goto('/account/sessions')
  await looksWell(page, '220-sessions')
  await page.goto('/account')
  await looksWell(page, '221-home', 'dark')
  await page.goto('/account/activity')
  await looksWell(page, '222-activity')
  assert.doesNotMatch((await page.textContent('main')) ?? '', /was tried|was counted/)
  await page.goto('/account/two-step/off')
  await fill(page, { 'question-1': 'First pet?', 'answer-1': 'Rex', 'question-2': 'First school?', 'answer-2': 'Hill' })
  await fill(page, { 'question-3': 'First street?', 'answer-3': 'Elm', 'birth-date': '23.4.1990' })
  await page.click('main button.danger')
  assert.match(await notice(page), /Write it as year, month, day/)
  await looksWell(page, '223-turn-off')
})

test('a device that strangers turned off is said to be off, why, and what to do', async () => {
  const owner = await pages.turnedOn()
  for (let request = 0; request < 10; request++) {
    await pages.advance('PT6H')
    const sign = await pages.begun(owner)
    const right = await sign.code()
    for (let guess = 0; guess < 3; guess++) await sign.step('code/check', { code: right === '0000' ? '0001' : '0000' })
  }
  await pages.freshen(owner)
  await using page = await pages.signedIn(browser, owner)
  await page.goto('/account')
  assert.match((await page.textContent('main')) ?? '', /A trusted device gets no codes from some places/)
  await click(page, 'See your devices')
  await looksWell(page, '224-device-off', 'dark')
  await click(page, 'Turn all devices on again')
  await looksWell(page, '225-on-again')
  await send(page)
  assert.match(await notice(page), /All trusted devices get codes again/)
  assert.doesNotMatch((await page.textContent('main')) ?? '', /No codes for now/)
})

test('password, addresses, a copy of everything, and the end', async () => {
  const owner = await pages.owner()
  await using page = await pages.signedIn(browser, owner)
  await page.goto('/account/password')
  await fill(page, { new: 'short', again: 'short' })
  await send(page)
  await looksWell(page, '230-password-weak')
  await fill(page, { new: 'Amber-Sextant-77-Meadows', again: 'Amber-Sextant-77-Meadows' })
  await send(page)
  assert.match(await notice(page), /Your password was changed/)

  await page.goto('/account/addresses/new')
  await fill(page, { email: 'second@home.example' })
  await looksWell(page, '231-add-address')
  await send(page)
  await looksWell(page, '232-addresses-awaited')
  await page.goto(`/links/${await pages.mailedToken('second@home.example')}`)
  await send(page)
  await page.goto('/account/addresses')
  await looksWell(page, '233-addresses')
  await page.click('.entry:has-text("second@home.example") >> text=Take away')
  await looksWell(page, '234-take-address-away')
  await send(page)
  assert.match(await notice(page), /The address was taken away/)

  await page.goto('/account/security-questions')
  await looksWell(page, '235-questions')
  await page.goto('/account/export')
  await looksWell(page, '236-export')
  const [download] = await Promise.all([page.waitForEvent('download'), click(page, 'Download the copy')])
  assert.equal(download.suggestedFilename(), 'account.json')
  await page.goto('/account/closing')
  await looksWell(page, '237-closing', 'dark')
  await page.check('#understood')
  await page.click('main button:has-text("Close the account")')
  await picture(page, '238-closed')
  assert.equal((await page.textContent('h1'))?.trim(), 'Your account is closed')
  await page.goto('/account')
  assert.equal(at(page), '/account/sign-in')
})

test('a page costs under 60 kB and few requests, and nothing on it moves while it comes', async () => {
  const owner = await pages.owner()
  await using page = await pages.signedIn(browser, owner)
  for (const path of ['', '/set-up', '/activity', '/security-questions', '/addresses']) {
    // As whoever comes for the first time: nothing is there yet.
    await page
      .context()
      .newCDPSession(page)
      .then(line => line.send('Network.clearBrowserCache'))
    const { bytes, requests, shift } = await costOf(page, `/account${path}`)
    assert.ok(bytes > 20_000 && bytes < 60_000, `${path} has ${bytes} bytes`)
    assert.ok(requests <= 7, `${path} asks ${requests} times`)
    assert.equal(shift, 0, path)
  }
})

test('from right to left, in Arabic, in a window of 320 pixels', async () => {
  const owner = await pages.turnedOn()
  await pages.advance('PT1M')
  await pages.freshen(owner)
  await using page = await pages.signedIn(browser, owner, { language: 'ar-EG', width: 320 })
  const paths = [
    '',
    '/devices',
    '/recovery-key',
    '/recovery-key/new',
    '/app-passwords',
    '/app-passwords/new',
    '/browsers',
  ]
  const more = [
    '/sessions',
    '/password',
    '/addresses',
    '/addresses/new',
    '/activity',
    '/two-step/off',
    '/export',
    '/closing',
  ]
  for (const path of [...paths, ...more]) {
    await page.goto(`/account${path}`)
    await fits(page)
    const text = (await page.evaluate('document.querySelector("main").innerText')) as string
    const latin = text
      .replace(/UTC|JSON|Phone|(?:ada-\d+@home|127)[\w.]*|Safari on Linux|\bDone\b/g, '')
      .match(/[A-Za-z]{3,}/g)
    assert.equal(latin, null, `${path}: ${latin}`)
    await picture(page, `240-arabic${path.replaceAll('/', '-')}`)
  }
})
